"""What made a change happen, in one sentence. A cause is the mapping that stands in `Change.cause`.

Keys: kind (hr, rule, request, import, admin, automation, system, unknown), rule, rule_name, actor,
attribute, before, after.
"""

from collections.abc import Mapping
from typing import Any

from .paths import quoted

NOT_KNOWN = "What made it happen is not known."
ON_REQUEST = {"began": "Given", "ended": "Taken back"}


def cause_sentence(cause: Mapping[str, Any], verb: str) -> str:
    """The cause of a change that began, ended or changed something.

    >>> cause_sentence({"kind": "rule", "rule_name": "Cucumber team", "attribute": "team",
    ...                 "before": "radish", "after": "cucumber"}, "began")
    'Because team changed from radish to cucumber (rule “Cucumber team”).'
    """
    kind = cause.get("kind", "")
    actor = str(cause.get("actor") or "")
    if cause.get("rule"):
        rule = quoted(str(cause.get("rule_name") or cause["rule"]))
        if "attribute" in cause:
            return f"Because {flip(cause)} (rule {rule})."
        return f"Because of the rule {rule}."
    done = {"began": "Added", "ended": "Removed"}.get(verb, "Changed")
    if kind == "admin":
        return f"{done} by hand by {actor}." if actor else f"{done} by hand."
    if kind == "automation":
        return f"{done} by the automation {actor}." if actor else f"{done} by an automation."
    told = {
        "request": f"{ON_REQUEST.get(verb, 'Changed')} on request.",
        "import": f"{done} by an import.",
        "hr": "The HR record says so.",
        "system": f"{done} by Okta itself.",
    }
    return told.get(kind, NOT_KNOWN)


def flip(cause: Mapping[str, Any]) -> str:
    """The attribute that changed, from what to what."""
    name, before, after = str(cause["attribute"]), cause.get("before"), cause.get("after")
    if before is None:
        return f"{name} became {shown(after)}"
    if after is None:
        return f"{name} is no longer {shown(before)}"
    return f"{name} changed from {shown(before)} to {shown(after)}"


def shown(value: Any) -> str:
    """An attribute value as text: lists joined, truth as yes and no, nothing as a dash."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value)
    return str(value)
