"""What about a rule made a membership begin or end: the rule itself, an attribute or a group. Pure.

The account is looked at as it was at every moment when something about it or the rule changed. Only what
turned the rule’s answer from one to the other may be the cause; what merely changed at the time may not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from orgmodel.rules.evaluate import Subject, fits
from orgmodel.rules.mistakes import BadExpression
from orgmodel.rules.parse import parse
from orgmodel.rules.tree import Node, attributes_of, group_calls_of
from orgmodel.rules.values import Unknown

STATUS = "status"
"""The state of the account stands among its attributes, and no rule reads it as one."""


@dataclass(frozen=True)
class RuleState:
    """What a rule said."""

    status: str
    expression: str
    targets: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AccountState:
    """An account as rules saw it. `groups`: native id → name of those it was in; None where not known."""

    profile: Mapping[str, Any] = field(default_factory=dict)
    groups: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Instant:
    """A rule and an account from a moment on; a rule that is not there is None."""

    at: datetime
    rule: RuleState | None
    account: AccountState


@dataclass(frozen=True)
class Known:
    """What does not change: the account, the group, and the attributes that exist and are stored."""

    account: str
    group: str
    schema: frozenset[str] | None = None
    kept: frozenset[str] | None = None


@dataclass(frozen=True)
class Blame:
    """What turned the rule’s answer. `kind`:

    attribute, group (a membership that the rule asks for), edited, made, deleted, active (the rule became
    active), excluded (the account was put on the rule’s list of exceptions, or taken off it), rule (the
    rule, and nothing more is known) or against (the rule’s answer is the opposite of what happened).
    """

    kind: str
    name: str = ""
    """The attribute, or the native id of the group."""
    before: Any = None
    after: Any = None
    """Values, or whether the account was and is in the group."""
    at: datetime | None = None

    @property
    def reversed(self) -> "Blame":
        return replace(self, before=self.after, after=self.before)


RULE, AGAINST = Blame("rule"), Blame("against")


def blame(joined: bool, instants: Sequence[Instant], known: Known) -> Blame:
    """Why the membership began (`joined`) or ended, as far as this rule goes; `instants`: oldest first."""
    answers = _answers(joined, instants, known)
    if answers[-1] is (not joined):
        return AGAINST
    for newer in range(len(answers) - 1, 0, -1):
        if answers[newer] is None or answers[newer - 1] is None:
            break
        if answers[newer - 1] is not joined:
            return _turned(joined, instants[newer - 1], instants[newer], known)
    return RULE


def _answers(joined: bool, instants: Sequence[Instant], known: Known) -> list[bool | None]:
    """What the rule said at each moment; while it is not active its last answer stands."""
    answers: list[bool | None] = []
    last: bool | None = not joined
    for instant in instants:
        last = _takes(instant, known, last)
        answers.append(last)
    return answers


def _takes(instant: Instant, known: Known, otherwise: bool | None) -> bool | None:
    """Whether the rule puts the account into the group; `otherwise` where it is not active."""
    rule, account = instant.rule, instant.account
    if rule is None:
        return False
    if rule.status != "active":
        return otherwise
    node = _tree(rule.expression)
    if node is None or known.group not in rule.targets or known.account in rule.excluded:
        return False
    groups = account.groups
    subject = Subject(
        profile={name: value for name, value in account.profile.items() if name != STATUS},
        schema=known.schema,
        kept=known.kept,
        group_ids=None if groups is None else frozenset(groups),
        group_names=None if groups is None else frozenset(groups.values()),
        native_id=known.account,
        status=str(account.profile.get(STATUS) or ""),
    )
    answer = fits(node, subject)
    return None if isinstance(answer, Unknown) else answer


def _turned(joined: bool, was: Instant, now: Instant, known: Known) -> Blame:
    """What of all that changed between two moments turned the answer: alone, or else as a needed part."""
    alone = [found for found, made in _parts(was, now) if _takes(made, known, not joined) is joined] or [
        found.reversed for found, made in _parts(now, was) if _takes(made, known, joined) is (not joined)
    ]
    of_rule = [found for found in alone if found.kind == "rule"]
    if not alone or (of_rule and len(alone) > 1):
        return RULE
    if of_rule:
        return replace(Blame(_edit(was.rule, now.rule, known)), at=now.at)
    return replace(alone[0], at=now.at)


def _parts(was: Instant, now: Instant) -> list[tuple[Blame, Instant]]:
    """Each thing that changed, and the first moment with that thing alone as it is at the second."""
    parts = [(RULE, replace(was, rule=now.rule))] if was.rule != now.rule else []
    old, new = was.account, now.account
    for name in _attributes_read(was.rule, now.rule):
        before, after = old.profile.get(name), new.profile.get(name)
        if before != after:
            made = replace(old, profile={**old.profile, name: after})
            parts.append((Blame("attribute", name, before, after), replace(was, account=made)))
    for native in sorted((old.groups or {}).keys() ^ (new.groups or {}).keys()):
        groups = {key: name for key, name in (old.groups or {}).items() if key != native}
        there = native in (new.groups or {})
        if there:
            groups[native] = (new.groups or {})[native]
        found = Blame("group", native, not there, there)
        parts.append((found, replace(was, account=replace(old, groups=groups))))
    return parts


def _attributes_read(*rules: RuleState | None) -> tuple[str, ...]:
    """The attributes that the rules ask for, in the order in which they do."""
    nodes = [_tree(rule.expression) for rule in rules if rule]
    return tuple(dict.fromkeys([*(name for node in nodes if node for name in attributes_of(node)), STATUS]))


def _edit(was: RuleState | None, now: RuleState | None, known: Known) -> str:
    """In which way the rule itself changed."""
    if was is None or now is None:
        return "made" if was is None else "deleted"
    if (known.account in was.excluded) != (known.account in now.excluded):
        return "excluded"
    return "active" if was.status != now.status else "edited"


def asks_for_groups(expression: str) -> bool:
    """Whether the expression asks for groups of the account."""
    node = _tree(expression)
    return bool(node and group_calls_of(node))


def _tree(expression: str) -> Node | None:
    try:
        return parse(expression)
    except BadExpression:
        return None
