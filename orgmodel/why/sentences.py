"""A change as a sentence about its subject: what a feed and a history say. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from orgmodel.rules.spoken import shown

from .causes import Cause
from .relations import PART, RELATIONS
from .voice import NOBODY, Voice

Change = Mapping[str, Any]
Wording = tuple[str, str]
STATES = {
    "active": ("is active", "are active"),
    "pending": ("has not started yet", "have not started yet"),
    "leave": ("is on leave", "are on leave"),
    "suspended": ("is suspended", "are suspended"),
    "ended": ("has left the company", "have left the company"),
}
"""What the status of a person says: of them, and to them."""


@dataclass(frozen=True)
class ChangeSentence:
    """What happened, in words. `kind`: gained, lost, changed, moved, renamed, joined or left."""

    kind: str
    sentence: str
    cause: Cause | None = None


def say(kind: str, verb: str, change: Change, voice: Voice = NOBODY) -> ChangeSentence:
    """The sentence goes on after its subject: "Nadia Brandt" + "is now in team-cucumber.", "You" + "are …".

    `change` holds: what (of an attribute: what people call its source), level, attribute, before, after (of a
    unit's parent or lead their names), and cause as `Cause.read` takes it.
    """
    mark, sentence = _WORDINGS.get(kind, _other)(verb, change, voice)
    cause = Cause.read(change["cause"], verb)
    return ChangeSentence(mark, sentence, cause if cause.known else None)


def _grant(verb: str, change: Change, voice: Voice) -> Wording:
    what, now = change["what"], voice.form("is", "are")
    mark = "gained" if verb == "began" else "lost"
    if change["level"] == "member":
        if verb == "changed":
            return "changed", f"{now} still in {what}, for a different reason."
        return mark, f"{now} {'now' if verb == 'began' else 'no longer'} in {what}."
    phrase = voice.form("was", "were") if verb == "began" else f"{now} no longer"
    return mark, f"{phrase} assigned {what}{_as(change)} directly."


def _edge(verb: str, change: Change, voice: Voice) -> Wording:
    relation = change.get("relation") or "opens"
    words, level = RELATIONS[relation], "" if relation in {PART, "mirrors"} else _as(change)
    thing = f"{change['what']}{level}"
    if verb == "changed":
        return "changed", f"{words.began} {thing} with a different priority."
    return ("gained", f"{words.began} {thing}.") if verb == "began" else ("lost", f"{words.ended} {thing}.")


def _assignment(verb: str, change: Change, voice: Voice) -> Wording:
    unit = f"{change['attribute'].replace('_', ' ')} {change['what']}"
    if verb == "changed":
        now = f"{shown(change['after'])} instead of {shown(change['before'])}"
        return "changed", f"{voice.form('is', 'are')} still in the {unit}, now {now}."
    return "moved", f"{'joined' if verb == 'began' else 'left'} the {unit}."


def state_words(attribute: str, value: Any) -> Any:
    """The status of an account without the capitals and underscores of its source; other values as they are.

    >>> state_words("status", "ON_HOLD"), state_words("team", "R_D")
    ('on hold', 'R_D')
    """
    plain = attribute == "status" and isinstance(value, str)
    return value.lower().replace("_", " ") if plain else value


def _attribute(verb: str, change: Change, voice: Voice) -> Wording:
    spoken, source = voice.spoken, change["what"]
    name, has = spoken.attribute(change["attribute"]), voice.form("has", "have")
    before, after = (
        spoken.value(change["attribute"], state_words(change["attribute"], change[side]))
        for side in ("before", "after")
    )
    if verb == "ended":
        return "changed", f"no longer {has} a value for {name} in {source}; it was {before}."
    instead = f" instead of {before}" if verb == "changed" else ""
    return "changed", f"now {has} {name} {after}{instead} in {source}."


def _manager(verb: str, change: Change, voice: Voice) -> Wording:
    if verb == "ended":
        return "changed", f"no longer {voice.form('has', 'have')} a manager on record."
    now = "now " if verb == "changed" else ""
    return "changed", f"{now}{voice.form('reports', 'report')} to {change['what']}."


def _person(verb: str, change: Change, voice: Voice) -> Wording:
    if verb == "began":
        return "joined", "appeared in the records."
    known = change["after"] if isinstance(change["after"], dict) else {}
    after = known.get("status", "")
    if "into" in known:
        return "changed", f"{voice.form('is', 'are')} the same person as {known['into']}."
    return (
        "left" if after == "ended" else "changed",
        f"{voice.form(*STATES.get(after, ('changed', 'changed')))}.",
    )


def _handover(verb: str, change: Change, voice: Voice) -> Wording:
    has = voice.form("has", "have")
    return "changed", f"{f'now {has}' if verb == 'began' else f'no longer {has}'} the {change['what']}."


def _unit(verb: str, change: Change, voice: Voice) -> Wording:
    name, after = change["attribute"], change["after"]
    if name == "name":
        if verb == "changed":
            return "renamed", f"was renamed from {shown(change['before'])}."
        return "changed", "was created." if verb == "began" else "no longer exists."
    if name == "active":
        retired = "was retired." if verb == "changed" else "is not active."
        return "changed", "is active again." if after is True else retired
    words = {"parent": "part of", "lead": "led by"}
    if name not in words:
        return "changed", "changed."
    if verb == "ended":
        return "changed", f"is no longer {words[name]} {shown(change['before'])}."
    instead = f" instead of {shown(change['before'])}" if verb == "changed" else ""
    return "changed", f"is now {words[name]} {shown(after)}{instead}."


def _rule(verb: str, change: Change, voice: Voice) -> Wording:
    if verb != "changed":
        return "changed", "was created." if verb == "began" else "was deleted."
    before, after = change["before"] or {}, change["after"] or {}
    names = ("name", "status", "expression", "targets", "excluded")
    parts = [name for name in names if before.get(name) != after.get(name)]
    if parts == ["status"]:
        return "changed", f"is now {str(after.get('status', '')).lower()}."
    return "changed", f"was changed: {', '.join(parts)}."


def _resource(verb: str, change: Change, voice: Voice) -> Wording:
    if verb != "changed":
        return "changed", "was created." if verb == "began" else "was deleted."
    before, after = change["before"] or {}, change["after"] or {}
    parts = []
    if before.get("name") != after.get("name"):
        parts.append(f"was renamed from {shown(before.get('name'))}")
    if before.get("status") != after.get("status"):
        parts.append(f"is now {str(after.get('status', '')).lower()}")
    if before.get("description") != after.get("description"):
        parts.append("has a new description")
    mark = "renamed" if before.get("name") != after.get("name") else "changed"
    # Of a group what its profile says besides; of an app what it can do.
    return mark, f"{' and '.join(parts) or 'has different details'}."


def _link(verb: str, change: Change, voice: Voice) -> Wording:
    return "changed", f"{'is no longer' if verb == 'ended' else 'is now'} linked to {change['what']}."


def _seat(verb: str, change: Change, voice: Voice) -> Wording:
    """A line of an app's own list, which follows what gives the app: by itself it is no gain and no loss."""
    what, now = change["what"], voice.form("is", "are")
    words = {
        "began": f"{now} now on the list of people assigned to {what}.",
        "ended": f"{now} no longer on the list of people assigned to {what}.",
    }
    return "changed", words.get(
        verb, f"{now} still on the list of people assigned to {what}, with other details."
    )


def _other(verb: str, change: Change, voice: Voice) -> Wording:
    return "changed", f"changed: {change['what']}."


def _as(change: Change) -> str:
    return "" if change["level"] == "assigned" else f" as {change['level']}"


_WORDINGS: dict[str, Callable[[str, Change, Voice], Wording]] = {
    "grant": _grant,
    "edge": _edge,
    "assignment": _assignment,
    "attribute": _attribute,
    "manager": _manager,
    "person": _person,
    "handover": _handover,
    "unit": _unit,
    "rule": _rule,
    "resource": _resource,
    "link": _link,
    "seat": _seat,
}
