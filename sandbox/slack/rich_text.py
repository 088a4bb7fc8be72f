"""The rich_text block: nested lists of styled pieces, checked piece by piece."""

from collections.abc import Iterator
from typing import Any

from .elements import Problem, within

BRANCHES = {
    "rich_text_section": {"type", "elements"},
    "rich_text_list": {"type", "elements", "style", "indent", "offset", "border"},
    "rich_text_quote": {"type", "elements", "border"},
    "rich_text_preformatted": {"type", "elements", "border", "language"},
}
LEAVES = {
    "text": ("text",),
    "link": ("url",),
    "emoji": ("name",),
    "user": ("user_id",),
    "channel": ("channel_id",),
    "usergroup": ("usergroup_id",),
    "broadcast": ("range",),
    "date": ("timestamp", "format"),
}
STYLES = {"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"}


def check_rich_text(block: dict[str, Any], at: str) -> Iterator[Problem]:
    """A rich_text block with at least one branch."""
    elements = block.get("elements")
    if not isinstance(elements, list):
        yield Problem("missing required field: elements", at)
        return
    yield from within(len(elements), 1, 1000, "items", f"{at}/elements")
    for number, element in enumerate(elements):
        yield from _branch(element, f"{at}/elements/{number}")


def _branch(branch: Any, at: str) -> Iterator[Problem]:
    kind = branch.get("type") if isinstance(branch, dict) else None
    if kind not in BRANCHES:
        yield Problem(f"unsupported type: {kind}", f"{at}/type")
        return
    for key in branch.keys() - BRANCHES[kind]:
        yield Problem(f"invalid additional property: {key}", at)
    elements = branch.get("elements")
    if not isinstance(elements, list):
        yield Problem("missing required field: elements", at)
        return
    if kind == "rich_text_list" and branch.get("style") not in {"bullet", "ordered"}:
        yield Problem("must be one of bullet, ordered", f"{at}/style")
    for number, element in enumerate(elements):
        place = f"{at}/elements/{number}"
        if kind != "rich_text_list":
            yield from _leaf(element, place)
        elif isinstance(element, dict) and element.get("type") == "rich_text_section":
            yield from _branch(element, place)
        else:
            yield Problem("must be a rich_text_section", place)


def _leaf(leaf: Any, at: str) -> Iterator[Problem]:
    kind = leaf.get("type") if isinstance(leaf, dict) else None
    if kind not in LEAVES:
        yield Problem(f"unsupported type: {kind}", f"{at}/type")
        return
    for key in LEAVES[kind]:
        if leaf.get(key) in {None, ""}:
            yield Problem("must be more than 0 characters", f"{at}/{key}")
    style = leaf.get("style", {})
    if not isinstance(style, dict) or not style.keys() <= STYLES:
        yield Problem("invalid style", f"{at}/style")
