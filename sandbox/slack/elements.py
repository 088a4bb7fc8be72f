"""Text objects and interactive elements of Block Kit with their limits, as Slack checks them."""

from collections.abc import Iterator
from typing import Any, NamedTuple


class Problem(NamedTuple):
    """One complaint and the JSON pointer it is about."""

    text: str
    pointer: str


ELEMENT_KEYS: dict[str, frozenset[str]] = {
    "button": frozenset({"text", "action_id", "url", "value", "style", "confirm", "accessibility_label"}),
    "overflow": frozenset({"options", "action_id", "confirm"}),
    "image": frozenset({"image_url", "alt_text", "slack_file"}),
}


def within(size: int, least: int, most: int, what: str, at: str) -> Iterator[Problem]:
    """Complain unless `size` lies within the limits."""
    if size < least:
        yield Problem(f"must be more than {least - 1} {what}", at)
    if size > most:
        yield Problem(f"must be less than {most + 1} {what}", at)


def check_text(text: Any, at: str, most: int, *, plain_only: bool = False) -> Iterator[Problem]:
    """A text object: its type, its keys, and 1 to `most` characters."""
    if not isinstance(text, dict):
        yield Problem("missing required field: text", at)
        return
    kind = text.get("type")
    allowed = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}
    if kind not in allowed or (plain_only and kind != "plain_text"):
        yield Problem(f"unsupported type: {kind}", f"{at}/type")
        return
    for key in text.keys() - allowed[kind]:
        yield Problem(f"invalid additional property: {key}", at)
    content = text.get("text")
    if not isinstance(content, str):
        yield Problem("must be a string", f"{at}/text")
        return
    yield from within(len(content), 1, most, "characters", f"{at}/text")


def check_element(element: Any, at: str) -> Iterator[Problem]:
    """A button, an overflow menu or an image."""
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in ELEMENT_KEYS:
        yield Problem(f"unsupported type: {kind}", f"{at}/type")
        return
    for key in element.keys() - ELEMENT_KEYS[kind] - {"type"}:
        yield Problem(f"invalid additional property: {key}", at)
    if "action_id" in element:
        yield from within(len(str(element["action_id"])), 1, 255, "characters", f"{at}/action_id")
    if kind == "button":
        yield from _button(element, at)
    elif kind == "overflow":
        yield from _overflow(element, at)
    else:
        yield from _picture(element, at)
    if "confirm" in element:
        yield from _confirm(element["confirm"], f"{at}/confirm")


def _button(element: dict[str, Any], at: str) -> Iterator[Problem]:
    yield from check_text(element.get("text"), f"{at}/text", 75, plain_only=True)
    for key, most in (("value", 2000), ("url", 3000), ("accessibility_label", 75)):
        if key in element:
            yield from within(len(str(element[key])), 1, most, "characters", f"{at}/{key}")
    yield from _url(element, at)
    if element.get("style", "primary") not in {"primary", "danger"}:
        yield Problem("must be one of primary, danger", f"{at}/style")


def _overflow(element: dict[str, Any], at: str) -> Iterator[Problem]:
    options = element.get("options")
    if not isinstance(options, list):
        yield Problem("missing required field: options", at)
        return
    yield from within(len(options), 1, 5, "items", f"{at}/options")
    for number, option in enumerate(options):
        place = f"{at}/options/{number}"
        if not isinstance(option, dict):
            yield Problem("must be an object", place)
            continue
        yield from check_text(option.get("text"), f"{place}/text", 75, plain_only=True)
        yield from within(len(str(option.get("value", ""))), 1, 150, "characters", f"{place}/value")
        yield from _url(option, place)


def _url(holder: dict[str, Any], at: str) -> Iterator[Problem]:
    if "url" in holder and not str(holder["url"]).startswith(("https://", "http://")):
        yield Problem("must be a valid URL", f"{at}/url")


def _picture(element: dict[str, Any], at: str) -> Iterator[Problem]:
    if "alt_text" not in element:
        yield Problem("missing required field: alt_text", at)
    for key, most in (("image_url", 3000), ("alt_text", 2000)):
        if key in element:
            yield from within(len(str(element[key])), 1, most, "characters", f"{at}/{key}")


def _confirm(confirm: Any, at: str) -> Iterator[Problem]:
    if not isinstance(confirm, dict):
        yield Problem("must be an object", at)
        return
    for key, most in (("title", 100), ("confirm", 30), ("deny", 30)):
        yield from check_text(confirm.get(key), f"{at}/{key}", most, plain_only=True)
    yield from check_text(confirm.get("text"), f"{at}/text", 300)
