"""A change as a sentence about its subject: what a feed and a history say. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .causes import Cause, shown


@dataclass(frozen=True)
class Said:
    """What happened, in words. `kind`: gained, lost, changed, moved, renamed, joined or left."""

    kind: str
    sentence: str
    cause: Cause | None = None


def say(kind: str, verb: str, change: Mapping[str, Any]) -> Said:
    """The sentence goes on after the subject's name: "Nadia Brandt" + "is now in team-cucumber."

    `change` holds: what, level, attribute, before, after, and cause as `Cause.read` takes it.
    """
    teller = _TELLERS.get(kind, _other)
    mark, sentence = teller(verb, change)
    cause = Cause.read(change["cause"], verb)
    return Said(mark, sentence, cause if cause.known else None)


def _grant(verb: str, change: Mapping[str, Any]) -> tuple[str, str]:
    what = change["what"]
    if change["level"] == "member":
        if verb == "changed":
            return "changed", f"is in {what} for another reason than before."
        return ("gained", f"is now in {what}.") if verb == "began" else ("lost", f"is no longer in {what}.")
    level = "" if change["level"] == "assigned" else f" as {change['level']}"
    if verb == "began":
        return "gained", f"was given {what}{level} directly."
    return "lost", f"no longer has {what}{level} directly."


def _edge(verb: str, change: Mapping[str, Any]) -> tuple[str, str]:
    level = "" if change["level"] == "assigned" else f" as {change['level']}"
    if verb == "changed":
        return "changed", f"opens {change['what']}{level} with another priority."
    return (
        ("gained", f"now opens {change['what']}{level}.")
        if verb == "began"
        else (
            "lost",
            f"no longer opens {change['what']}{level}.",
        )
    )


def _assignment(verb: str, change: Mapping[str, Any]) -> tuple[str, str]:
    unit = f"{change['attribute'].replace('_', ' ')} {change['what']}"
    return ("moved", f"joined the {unit}.") if verb == "began" else ("moved", f"left the {unit}.")


def _attribute(verb: str, change: Mapping[str, Any]) -> tuple[str, str]:
    name, source = change["attribute"], {"okta": "Okta", "hris": "HR"}.get(change["what"], change["what"])
    before, after = shown(change["before"]), shown(change["after"])
    if verb == "began":
        return "changed", f"has {name} {after} in {source}."
    if verb == "ended":
        return "changed", f"has no {name} in {source} any more; it was {before}."
    return "changed", f"has {name} {after} in {source}, was {before}."


def _manager(verb: str, change: Mapping[str, Any]) -> tuple[str, str]:
    if verb == "ended":
        return "changed", "has no manager on record any more."
    return "changed", f"reports to {change['what']}."


def _person(verb: str, change: Mapping[str, Any]) -> tuple[str, str]:
    after = (change["after"] or {}).get("status", "") if isinstance(change["after"], dict) else ""
    if verb == "began":
        return "joined", "appeared in the records."
    if after == "ended":
        return "left", "left the company."
    return "changed", f"is now {after}."


def _unit(verb: str, change: Mapping[str, Any]) -> tuple[str, str]:
    name, after = change["attribute"], change["after"]
    if name == "name":
        if verb == "changed":
            return "renamed", f"was renamed from {shown(change['before'])}. Nobody’s access changed by that."
        return "changed", "was created." if verb == "began" else "came to its end."
    if name == "active":
        return "changed", "is active again." if after is True else "was retired."
    words = {"parent": "stands under another unit now.", "lead": "has another lead."}
    return "changed", words.get(name, "changed.")


def _rule(verb: str, change: Mapping[str, Any]) -> tuple[str, str]:
    if verb == "began":
        return "changed", "was made."
    if verb == "ended":
        return "changed", "was deleted."
    before, after = change["before"] or {}, change["after"] or {}
    parts = [
        name
        for name in ("name", "status", "expression", "targets", "excluded")
        if before.get(name) != after.get(name)
    ]
    if parts == ["status"]:
        return "changed", f"is now {str(after.get('status', '')).lower()}."
    return "changed", f"was changed: {', '.join(parts)}."


def _resource(verb: str, change: Mapping[str, Any]) -> tuple[str, str]:
    if verb == "began":
        return "changed", "was created."
    if verb == "ended":
        return "changed", "was deleted."
    before, after = change["before"] or {}, change["after"] or {}
    if before.get("name") != after.get("name"):
        return "renamed", f"was renamed from {shown(before.get('name'))}."
    if before.get("status") != after.get("status"):
        return "changed", f"is now {str(after.get('status', '')).lower()}."
    return "changed", "has another description."


def _link(verb: str, change: Mapping[str, Any]) -> tuple[str, str]:
    stands = "stands for" if verb != "ended" else "no longer stands for"
    return "changed", f"{stands} {change['what']}."


def _other(verb: str, change: Mapping[str, Any]) -> tuple[str, str]:
    return "changed", f"changed: {change['what']}."


_TELLERS = {
    "grant": _grant,
    "edge": _edge,
    "assignment": _assignment,
    "attribute": _attribute,
    "manager": _manager,
    "person": _person,
    "unit": _unit,
    "rule": _rule,
    "resource": _resource,
    "link": _link,
}
