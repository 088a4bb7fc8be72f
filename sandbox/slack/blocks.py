"""Block Kit as Slack checks it: limits, allowed types and unique ids of the blocks of one message."""

from collections.abc import Callable, Iterator
from typing import Any

from .elements import Problem, check_element, check_text, within
from .rich_text import check_rich_text

MOST_BLOCKS = 50
MOST_CHARACTERS = 13_000

KEYS: dict[str, frozenset[str]] = {
    "header": frozenset({"text", "level"}),
    "section": frozenset({"text", "fields", "accessory", "expand"}),
    "context": frozenset({"elements"}),
    "actions": frozenset({"elements"}),
    "divider": frozenset(),
    "image": frozenset({"image_url", "alt_text", "title", "slack_file"}),
    "rich_text": frozenset({"elements"}),
}


def problems(blocks: Any) -> list[str]:
    """What Slack would say is wrong with these blocks, each with its JSON pointer; empty when good."""
    if not isinstance(blocks, list):
        return ["must be an array [json-pointer:/blocks]"]
    found: list[Problem] = []
    found += within(len(blocks), 0, MOST_BLOCKS, "items", "/blocks")
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        found += _block(block, f"/blocks/{number}", seen)
    return [f"[ERROR] {problem.text} [json-pointer:{problem.pointer}]" for problem in found]


def characters(value: Any) -> int:
    """How many characters of text the blocks hold together."""
    if isinstance(value, dict):
        return sum(
            len(part) if key == "text" and isinstance(part, str) else characters(part)
            for key, part in value.items()
        )
    if isinstance(value, list):
        return sum(characters(part) for part in value)
    return 0


def _block(block: Any, at: str, seen: set[str]) -> Iterator[Problem]:
    if not isinstance(block, dict):
        yield Problem("must be an object", at)
        return
    kind = block.get("type")
    if kind not in KEYS:
        yield Problem(f"unsupported type: {kind}", f"{at}/type")
        return
    for key in block.keys() - KEYS[kind] - {"type", "block_id"}:
        yield Problem(f"invalid additional property: {key}", at)
    yield from _block_id(block, at, seen)
    yield from CHECKS[kind](block, at)


def _block_id(block: dict[str, Any], at: str, seen: set[str]) -> Iterator[Problem]:
    block_id = block.get("block_id")
    if block_id is None:
        return
    yield from within(len(str(block_id)), 1, 255, "characters", f"{at}/block_id")
    if block_id in seen:
        yield Problem(f"`block_id` {block_id} already exists", f"{at}/block_id")
    seen.add(block_id)


def _header(block: dict[str, Any], at: str) -> Iterator[Problem]:
    yield from check_text(block.get("text"), f"{at}/text", 150, plain_only=True)


def _section(block: dict[str, Any], at: str) -> Iterator[Problem]:
    fields = block.get("fields")
    if "text" not in block and fields is None:
        yield Problem("missing required field: text", at)
    if "text" in block:
        yield from check_text(block["text"], f"{at}/text", 3000)
    if fields is not None:
        if not isinstance(fields, list):
            yield Problem("must be an array", f"{at}/fields")
            return
        yield from within(len(fields), 1, 10, "items", f"{at}/fields")
        for number, field in enumerate(fields):
            yield from check_text(field, f"{at}/fields/{number}", 2000)
    if "accessory" in block:
        yield from check_element(block["accessory"], f"{at}/accessory")


def _context(block: dict[str, Any], at: str) -> Iterator[Problem]:
    elements = block.get("elements")
    if not isinstance(elements, list):
        yield Problem("missing required field: elements", at)
        return
    yield from within(len(elements), 1, 10, "items", f"{at}/elements")
    for number, element in enumerate(elements):
        place = f"{at}/elements/{number}"
        if isinstance(element, dict) and element.get("type") == "image":
            yield from check_element(element, place)
        else:
            yield from check_text(element, place, 3000)


def _actions(block: dict[str, Any], at: str) -> Iterator[Problem]:
    elements = block.get("elements")
    if not isinstance(elements, list):
        yield Problem("missing required field: elements", at)
        return
    yield from within(len(elements), 1, 25, "items", f"{at}/elements")
    seen: set[str] = set()
    for number, element in enumerate(elements):
        place = f"{at}/elements/{number}"
        yield from check_element(element, place)
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if action_id is not None and action_id in seen:
            yield Problem(f"`action_id` {action_id} already exists", f"{place}/action_id")
        seen.add(str(action_id))


def _image(block: dict[str, Any], at: str) -> Iterator[Problem]:
    yield from check_element({k: v for k, v in block.items() if k not in {"block_id", "title"}}, at)
    if "title" in block:
        yield from check_text(block["title"], f"{at}/title", 2000, plain_only=True)


def _divider(_block: dict[str, Any], _at: str) -> Iterator[Problem]:
    return iter(())


CHECKS: dict[str, Callable[[dict[str, Any], str], Iterator[Problem]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "divider": _divider,
    "image": _image,
    "rich_text": check_rich_text,
}
