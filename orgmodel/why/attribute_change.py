"""The clause of a rule that turned true or false when an attribute changed, in words. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from orgmodel.rules.confidential import Secrets
from orgmodel.rules.evaluate import Subject
from orgmodel.rules.explain import Clause, explain
from orgmodel.rules.mistakes import BadExpression
from orgmodel.rules.parse import parse
from orgmodel.rules.spoken import AS_WRITTEN, Spoken
from orgmodel.rules.words import Names

from .causes import Cause, flip, merger
from .paths import quoted
from .voice import NOBODY, Voice

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Version:
    """What a rule said from a moment on. `status` is deleted where the rule is gone."""

    began: datetime
    name: str
    status: str
    expression: str

    def redacted(self, secrets: Secrets) -> "Version":
        """The version as shown to somebody who may not know these secrets."""
        return replace(self, name=secrets.label(self.name), expression=secrets.expression(self.expression))


def flipped(
    expression: str, cause: Cause, names: Names | None = None, spoken: Spoken = AS_WRITTEN
) -> tuple[Clause, ...]:
    """The clauses that hold since what the cause names changed and did not before, or the other way."""
    try:
        node = parse(expression)
    except BadExpression:
        return ()
    before, after = (explain(expression, node, side, names, spoken).clauses for side in _sides(cause))
    return tuple(
        now
        for was, now in zip(before, after, strict=True)
        if None not in {was.holds, now.holds} and was.holds != now.holds
    )


def _sides(cause: Cause) -> tuple[Subject, Subject]:
    """Somebody of whom only what changed is known, before and after."""
    if cause.membership:
        ids, names = frozenset({cause.membership_id}), frozenset({cause.membership})
        inside, outside = Subject(group_ids=ids, group_names=names), Subject(group_ids=NONE, group_names=NONE)
        return (outside, inside) if cause.joined else (inside, outside)
    return Subject({cause.attribute: cause.before}), Subject({cause.attribute: cause.after})


def flip_sentence(
    cause: Cause,
    clauses: tuple[Clause, ...],
    versions: tuple[Version, ...] = (),
    voice: Voice = NOBODY,
    source: str = "",
) -> str:
    """Why a rule took somebody, or let them go; empty where the cause itself says all that is known.

    `versions`: what the rule said then and before, newest first. `source`: what people call the system in
    which the attribute changed.

    >>> cause = Cause("rule", rule="0pr1", rule_name="Red", attribute="team", before="red", after="blue")
    >>> flip_sentence(cause, (Clause('user.team == "red"', "blue", False, "team is red"),))
    'The rule “Red” requires that team is red, which is no longer true: their team changed from red to blue.'
    """
    if cause.kind != "rule":
        return ""
    rule = quoted(cause.rule_name)
    if cause.rule_now:
        rule = f"{quoted(cause.rule_now)}, then called {rule},"
    if cause.how == "edited" and len(versions) > 1 and versions[0].expression != versions[1].expression:
        now, was = (each.expression for each in versions[:2])
        return f"The rule {rule} was changed: it required {was} and now requires {now}."
    change = _change(cause, voice, source)
    if not (change and clauses):
        return ""
    conditions = " and ".join(clause.words for clause in clauses)
    holds = "is now true" if clauses[0].holds else "is no longer true"
    return f"The rule {rule} requires that {conditions}, which {holds}: {change}.{merger(cause, voice)}"


def _change(cause: Cause, voice: Voice, source: str) -> str:
    """The attribute that changed, when, and in which source."""
    when = f" on {day(datetime.fromisoformat(cause.attribute_at))}" if cause.attribute_at else ""
    where = f" in {source}" if source else ""
    return f"{flip(cause, voice)}{when}{where}" if cause.attribute else ""


def day(moment: datetime) -> str:
    """The day as people write it: 3 March 2026."""
    return f"{moment.day} {moment:%B %Y}"
