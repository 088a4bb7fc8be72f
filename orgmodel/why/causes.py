"""What made a change happen, as a value; the words are made at the edge, in the reader’s voice. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from .identity import DECIDED, decided
from .paths import quoted, the_rule
from .relations import RELATIONS
from .voice import NOBODY, Voice, opened

NOT_KNOWN = "what made it happen is not known"
DONE = {"began": "added", "ended": "removed"}
HOW = {"made": "is new", "edited": "was changed", "deleted": "was deleted", "active": "became active"}
TAKES_ALONG = frozenset({"group_deleted", "app_deleted", "app_inactive", "deactivated", "account_deleted"})
STORED = (
    *("kind", "actor", "actor_id", "event", "rule", "rule_name"),
    *("attribute", "before", "after", "attribute_at", "attribute_source"),
    *("membership", "membership_id", "joined", "how", "by", "group", "app", "source_app", "reason"),
)
"""What stands in `Change.cause`."""


@dataclass(frozen=True)
class Cause:
    """What made something begin, end or change (`verb`).

    Recorded kinds (`Change.cause`): hr, rule, request, certification, governance, import, admin, automation,
    system, unknown, linked, unlinked, undone; and what took other things along, with who did it in `by` and
    `actor`: group_deleted, app_deleted, app_inactive, deactivated and account_deleted. Kinds that an answer
    finds: app_active, reactivated, before (there before Sightline began), path (a way to it ended), level
    (held at `level` now), listed (the list of `app` says `level`), order (another of its groups comes first),
    will_come (of `rules` that Okta has not applied yet), would_come, would_go and would_level (of a what-if;
    `rules`, `values`), and "" where there is nothing to say.
    """

    kind: str = "unknown"
    verb: str = "began"
    actor: str = ""
    actor_id: str = ""
    event: str = ""
    """Id of the line of the log that says it."""
    rule: str = ""
    """Native id."""
    rule_name: str = ""
    attribute: str = ""
    """The attribute that changed the rule’s mind, its value before and after, when, and in which source."""
    before: Any = None
    after: Any = None
    attribute_at: str = ""
    attribute_source: str = ""
    membership: str = ""
    """By name: the group that the rule asks for, which the person was put into (`joined`) or taken out of."""
    membership_id: str = ""
    joined: bool | None = None
    how: str = ""
    """What about the rule changed: made, edited, deleted, active, excluded (by name, or no longer)."""
    by: str = ""
    """Whose act it was: admin, automation, import, system …; of kinds that name what was done."""
    group: str = ""
    """By name: the group that was deleted, whose edge to `app` began or ended, or that would be left."""
    app: str = ""
    relation: str = "opens"
    """What the edge between `group` and `app` is: a key of `why.relations`."""
    system: str = "Okta"
    """What people call the system that `app` belongs to."""
    reason: str = ""
    source_app: str = ""
    """The app that an imported group comes from."""
    level: str = ""
    rule_now: str = ""
    """What the rule is called today, where that is another name than then."""
    rules: tuple[str, ...] = ()
    """By name, of a what-if."""
    values: tuple[tuple[str, Any], ...] = ()
    """Attributes of a what-if that these rules read, with the values they would have."""
    waits: str = ""
    """What Okta says of the delivery that is still to come."""
    seen: datetime | None = field(default=None, compare=False)
    """When Sightline saw it, of what ended or came to count between two moments."""

    @classmethod
    def read(cls, stored: Mapping[str, Any], verb: str = "began") -> "Cause":
        """The cause as a change keeps it; an empty mapping is an unknown cause."""
        known = {name: _frozen(stored[name]) for name in STORED if stored.get(name) is not None}
        return cls(**{**known, "kind": known.get("kind") or "unknown", "verb": verb})

    @property
    def known(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.rule) or self.kind not in {"", "unknown"}

    @property
    def named(self) -> bool:
        """Something names it: a rule, or somebody."""
        return bool(self.rule or self.actor)

    @property
    def turned(self) -> bool:
        """It is known what about the person turned the rule’s answer."""
        return self.kind == "rule" and bool(self.attribute or self.membership)

    def renamed(self, today: str) -> "Cause":
        """The cause, with what its rule is called today."""
        now = today if today and self.rule_name and today != self.rule_name else ""
        return self if now == self.rule_now else replace(self, rule_now=now)

    def taking_along(self, kind: str, verb: str = "ended") -> "Cause":
        """This act, said of what it took along: who did it stays, what was done is now `kind`."""
        return replace(self, kind=kind, verb=verb, by=self.kind if self.known else "")

    def stored(self) -> dict[str, Any]:
        """What of it stands in `Change.cause`, without what is empty."""
        named = {each.name: getattr(self, each.name) for each in fields(self) if each.name in STORED}
        return {name: value for name, value in named.items() if value not in (None, "")}

    def sentence(self, voice: Voice = NOBODY) -> str:
        """The cause as one sentence, or two; empty where there is nothing to say.

        >>> Cause("rule", rule_name="Cucumber team", rule="0pr1", attribute="team",
        ...       before="radish", after="cucumber").sentence()
        'Because their team changed from radish to cucumber (rule “Cucumber team”).'
        """
        sentence = self._bare(voice)
        sentence = f"{opened(sentence)}.{merger(self, voice)}" if sentence else ""
        if self.of_edge:
            sentence = (
                f"{self._opening()}: {sentence}" if self.verb == "began" else f"{self._opening()}. {sentence}"
            )
        return f"{sentence} Not delivered yet: Okta says {self.waits}." if self.waits else sentence

    def phrase(self, voice: Voice = NOBODY) -> str:
        """The cause inside a line: no capital, no full stop; empty where there is nothing to say."""
        phrase = self._bare(voice)
        if self.of_edge:
            phrase = f"{self._opening()}: {phrase}"
        return f"{phrase}; not delivered yet: Okta says {self.waits}" if self.waits else phrase

    def __str__(self) -> str:
        return self.sentence()

    @property
    def of_edge(self) -> bool:
        """The one began, or ceased, to lead to the other."""
        return bool(self.group and self.app) and self.kind not in TAKES_ALONG

    def _opening(self) -> str:
        words = RELATIONS[self.relation]
        if self.verb == "began":
            return f"{self.group} {words.holds} {self.app}"
        return f"{self.group} {words.ended} {'it' if self.relation == 'opens' else self.app}"

    def _bare(self, voice: Voice) -> str:
        if self.kind == "rule":
            return _of_rule(self, voice)
        return _PHRASES.get(self.kind, _unknown)(self, voice)


def _of_rule(cause: Cause, voice: Voice) -> str:
    rule = the_rule(cause.rule_name)
    if cause.rule_now:
        rule = f"the rule {quoted(cause.rule_now)}, then called {quoted(cause.rule_name)}"
    if cause.attribute:
        return f"because {flip(cause, voice)} ({rule.removeprefix('the ')})"
    if cause.membership:
        where = f"{'now' if cause.joined else 'no longer'} in {cause.membership}"
        return f"because {voice.does('is', 'are')} {where} ({rule.removeprefix('the ')})"
    if cause.how == "excluded":
        still = "is now" if cause.verb == "ended" else "is no longer"
        return f"because {voice.does(still, still.replace('is', 'are'))} excluded from {rule} by name"
    return f"because {rule} {HOW[cause.how]}" if cause.how in HOW else f"because of {rule}"


def flip(cause: Cause, voice: Voice = NOBODY) -> str:
    """The attribute that changed, from what to what, without a capital and a full stop."""
    name = voice.theirs(voice.spoken.attribute(cause.attribute))
    before, after = (voice.spoken.value(cause.attribute, each) for each in (cause.before, cause.after))
    if cause.before is None:
        return f"{name} became {after}"
    if cause.after is None:
        return f"{name} is no longer {before}"
    return f"{name} changed from {before} to {after}"


def merger(cause: Cause, voice: Voice = NOBODY) -> str:
    """That the unit that was the value is part of the one that is, as a sentence to go on with."""
    spoken, change = voice.spoken, (cause.attribute, cause.before, cause.after)
    if not spoken.merged(*change, cause.attribute_at):
        return ""
    before, after = (spoken.value(cause.attribute, each) for each in change[1:])
    return f" {before} was merged into {after}."


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _done(cause: Cause) -> str:
    return DONE.get(cause.verb, "changed")


def _by(cause: Cause) -> str:
    """Whose act it was, where that is known."""
    if cause.by == "admin" and cause.actor:
        return f" by {cause.actor}"
    return f" by {_automaton(cause)}" if cause.by == "automation" else ""


def _automaton(cause: Cause) -> str:
    return f"the automation {cause.actor}" if cause.actor else "an automation"


def _account(voice: Voice) -> str:
    thing = "Okta account"
    return voice.whose(thing) if voice != NOBODY else f"the {thing}"


def _unknown(cause: Cause, voice: Voice) -> str:
    if cause.rule and cause.verb == "ended":
        return f"{the_rule(cause.rule_name)} had given it; what ended it is not known"
    return NOT_KNOWN


def _request(cause: Cause, voice: Voice) -> str:
    return {"began": "given", "ended": "taken back"}.get(cause.verb, "changed") + " on request"


def _import(cause: Cause, voice: Voice) -> str:
    return f"{_done(cause)} by an import" + (f" from {cause.source_app}" if cause.source_app else "")


def _would_come(cause: Cause, voice: Voice) -> str:
    named = _rules(cause)
    return f"because {_values(cause, voice)} ({named})" if cause.values else f"because {named} would match"


def _listed(cause: Cause) -> str:
    """The list of an app; empty of a level where the person no longer stands on it."""
    says = f"says {cause.level}" if cause.level else "no longer names a level"
    return f"because the app’s own list in Okta now {says}{_changed_by(cause)}"


def _changed_by(cause: Cause) -> str:
    return f" (changed{by})" if (by := _by(cause)) else ""


def _will_come(cause: Cause, voice: Voice) -> str:
    return f"because of the {_rules(cause)}, which Okta has not applied yet"


def _would_go(cause: Cause, voice: Voice) -> str:
    head = f"it comes with {cause.group}, and the {_rules(cause)}"
    if not cause.values:
        return f"{head} does not match even now"
    return f"{head} would no longer match: {_values(cause, voice)}"


def _rules(cause: Cause) -> str:
    return ("rule " if len(cause.rules) == 1 else "rules ") + " and ".join(map(quoted, cause.rules))


def _values(cause: Cause, voice: Voice) -> str:
    of, value_of = voice.spoken.attribute, voice.spoken.value
    return voice.theirs(
        " and ".join(f"{of(each)} would be {value_of(each, to)}" for each, to in cause.values)
    )


_PHRASES: dict[str, Callable[[Cause, Voice], str]] = {
    "": lambda cause, voice: "",
    "unknown": _unknown,
    "hr": lambda cause, voice: "the HR record says so",
    "admin": lambda cause, voice: f"{_done(cause)} by hand" + (f" by {cause.actor}" if cause.actor else ""),
    "automation": lambda cause, voice: f"{_done(cause)} by {_automaton(cause)}",
    "request": _request,
    "certification": lambda cause, voice: f"{_done(cause)} in an access review",
    "governance": lambda cause, voice: f"{_done(cause)} by access governance",
    "import": _import,
    "system": lambda cause, voice: f"{_done(cause)} by Okta itself",
    "group_deleted": lambda cause, voice: f"because the group {cause.group} was deleted{_by(cause)}",
    "app_deleted": lambda cause, voice: f"because {cause.app} was deleted from {cause.system}{_by(cause)}",
    "app_inactive": lambda cause, voice: (
        f"because {cause.app} was made inactive in {cause.system}{_by(cause)}"
    ),
    "app_active": lambda cause, voice: f"because {cause.app} became active in {cause.system}",
    "deactivated": lambda cause, voice: f"because {_account(voice)} was deactivated{_by(cause)}",
    "reactivated": lambda cause, voice: f"because {_account(voice)} was activated again{_by(cause)}",
    "account_deleted": lambda cause, voice: f"because {_account(voice)} was deleted{_by(cause)}",
    "before": lambda cause, voice: "since before Sightline began",
    "path": lambda cause, voice: "the way to it ended",
    "level": lambda cause, voice: f"it is held as {cause.level} now",
    "listed": lambda cause, voice: _listed(cause),
    "order": lambda cause, voice: f"because the order of groups in {cause.app} was changed{_by(cause)}",
    **dict.fromkeys(DECIDED, lambda cause, voice: decided(cause.kind, cause.actor, cause.reason)),
    "will_come": _will_come,
    "would_come": _would_come,
    "would_go": _would_go,
    "would_level": lambda cause, voice: "it would be held at another level",
}
