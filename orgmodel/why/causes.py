"""What made a change happen, as a value; words are made of it at the edge, in the reader’s voice. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from .paths import quoted
from .voice import NOBODY, Voice, opened

NOT_KNOWN = "what made it happen is not known"
DONE = {"began": "added", "ended": "removed"}
ON_REQUEST = {"began": "given", "ended": "taken back"}
STORED = (
    *("kind", "actor", "actor_id", "event", "rule", "rule_name"),
    *("attribute", "before", "after", "attribute_at", "attribute_source"),
)
"""What stands in `Change.cause`."""


@dataclass(frozen=True)
class Cause:
    """What made something begin, end or change (`verb`).

    Recorded kinds (`Change.cause`): hr, rule, request, import, admin, automation, system, unknown.
    Kinds that an answer finds: before (there before Sightline began), path (a way to it ended), level (it is
    held at the level `level`), will_come (of `rules` that Okta has not applied yet), would_come, would_go and
    would_level (of a what-if; `rules`, `values`), and "" where there is nothing to say.
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
    group: str = ""
    """By name: the group whose edge to `app` began or ended, or with which something would go."""
    app: str = ""
    level: str = ""
    rules: tuple[str, ...] = ()
    """By name, of a what-if."""
    values: tuple[tuple[str, Any], ...] = ()
    """Attributes of a what-if that these rules read, with the values they would have."""
    waits: str = ""
    """What Okta says of the delivery that is still to come."""

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
        """Something names it: a rule, somebody, an attribute."""
        return bool(self.rule or self.actor or self.attribute)

    @property
    def flipped(self) -> bool:
        """An attribute is known that changed the rule’s mind."""
        return bool(self.rule and self.attribute)

    def stored(self) -> dict[str, Any]:
        """What of it stands in `Change.cause`, without what is empty."""
        named = {each.name: getattr(self, each.name) for each in fields(self) if each.name in STORED}
        return {name: value for name, value in named.items() if value not in (None, "")}

    def sentence(self, voice: Voice = NOBODY) -> str:
        """The cause as one sentence, or two; empty where there is nothing to say.

        >>> Cause("rule", rule_name="Cucumber team", rule="0pr1", attribute="team",
        ...       before="radish", after="cucumber").sentence()
        'Because team changed from radish to cucumber (rule “Cucumber team”).'
        """
        said = self._bare(voice)
        said = f"{opened(said)}." if said else ""
        if self.app:
            said = f"{self._opening()}: {said}" if self.verb == "began" else f"{self._opening()}. {said}"
        return f"{said} Not delivered yet: Okta says {self.waits}." if self.waits else said

    def phrase(self, voice: Voice = NOBODY) -> str:
        """The cause inside a line: no capital, no full stop; empty where there is nothing to say."""
        said = self._bare(voice)
        if self.app:
            said = f"{self._opening()}: {said}"
        return f"{said}; not delivered yet: Okta says {self.waits}" if self.waits else said

    def __str__(self) -> str:
        return self.sentence()

    def _opening(self) -> str:
        return (
            f"{self.group} opens {self.app}" if self.verb == "began" else f"{self.group} no longer opens it"
        )

    def _bare(self, voice: Voice) -> str:
        if self.rule:
            rule = quoted(self.rule_name or self.rule)
            return (
                f"because {flip(self, voice)} (rule {rule})"
                if self.flipped
                else f"because of the rule {rule}"
            )
        return _SAID.get(self.kind, _unknown)(self, voice)


def flip(cause: Cause, voice: Voice = NOBODY) -> str:
    """The attribute that changed, from what to what, without a capital and a full stop."""
    name = voice.whose(cause.attribute)
    if cause.before is None:
        return f"{name} became {shown(cause.after)}"
    if cause.after is None:
        return f"{name} is no longer {shown(cause.before)}"
    return f"{name} changed from {shown(cause.before)} to {shown(cause.after)}"


def shown(value: Any) -> str:
    """An attribute value as text: lists joined, truth as yes and no, nothing as a word."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(shown(item) for item in value)
    return str(value)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _unknown(cause: Cause, voice: Voice) -> str:
    return NOT_KNOWN


def _nothing(cause: Cause, voice: Voice) -> str:
    return ""


def _by_hand(cause: Cause, voice: Voice) -> str:
    return f"{_done(cause)} by hand" + (f" by {cause.actor}" if cause.actor else "")


def _automation(cause: Cause, voice: Voice) -> str:
    by = f"the automation {cause.actor}" if cause.actor else "an automation"
    return f"{_done(cause)} by {by}"


def _request(cause: Cause, voice: Voice) -> str:
    return f"{ON_REQUEST.get(cause.verb, 'changed')} on request"


def _import(cause: Cause, voice: Voice) -> str:
    return f"{_done(cause)} by an import"


def _hr(cause: Cause, voice: Voice) -> str:
    return "the HR record says so"


def _system(cause: Cause, voice: Voice) -> str:
    return f"{_done(cause)} by Okta itself"


def _before(cause: Cause, voice: Voice) -> str:
    return "since before Sightline began to look"


def _path(cause: Cause, voice: Voice) -> str:
    return "the way to it ended"


def _level(cause: Cause, voice: Voice) -> str:
    return f"it is held as {cause.level} now"


def _would_come(cause: Cause, voice: Voice) -> str:
    named = _rules(cause)
    return f"because {_values(cause)} ({named})" if cause.values else f"because {named} would fit"


def _will_come(cause: Cause, voice: Voice) -> str:
    return f"because of the {_rules(cause)}, which Okta has not applied yet"


def _would_go(cause: Cause, voice: Voice) -> str:
    head = f"it comes with {cause.group}, and the {_rules(cause)}"
    if not cause.values:
        return f"{head} does not fit even now"
    return f"{head} would not fit any more: {_values(cause)}"


def _would_level(cause: Cause, voice: Voice) -> str:
    return "it would be held at another level"


def _done(cause: Cause) -> str:
    return DONE.get(cause.verb, "changed")


def _rules(cause: Cause) -> str:
    return ("rule " if len(cause.rules) == 1 else "rules ") + " and ".join(map(quoted, cause.rules))


def _values(cause: Cause) -> str:
    return " and ".join(f"{name} would be {shown(value)}" for name, value in cause.values)


_SAID = {
    "": _nothing,
    "admin": _by_hand,
    "automation": _automation,
    "request": _request,
    "import": _import,
    "hr": _hr,
    "system": _system,
    "before": _before,
    "path": _path,
    "level": _level,
    "will_come": _will_come,
    "would_come": _would_come,
    "would_go": _would_go,
    "would_level": _would_level,
}
