"""Slack's text shown as safe HTML: mrkdwn, plain text and the pieces of rich_text."""

import re
from collections.abc import Callable
from html import escape
from typing import Any

SPECIAL = re.compile(r"<([^<>]*)>")
BARE_LINK = re.compile(r"https?://[^\s<>|\x00]+")
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
STYLED = (
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), "strong"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), "em"),
    (re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])"), "s"),
    (re.compile(r"`([^`\n]+)`"), "code"),
)
RICH_STYLES = (("bold", "strong"), ("italic", "em"), ("strike", "s"), ("code", "code"))


def mrkdwn(text: str, *, verbatim: bool = False) -> str:
    """Markup as Slack reads it; with `verbatim`, addresses in plain text stay plain."""
    kept: list[str] = []

    def keep(html: str) -> str:
        # A NUL pair stands for finished HTML while the rest of the text is styled.
        kept.append(html)
        return f"\x00{len(kept) - 1}\x00"

    text = SPECIAL.sub(lambda match: keep(_special(match[1])), text.replace("\x00", ""))
    if not verbatim:
        text = BARE_LINK.sub(lambda match: keep(link(match[0], match[0])), text)
    html = escape(decoded(text))
    for pattern, tag in STYLED:
        html = pattern.sub(rf"<{tag}>\1</{tag}>", html)
    html = re.sub(r"\x00(\d+)\x00", lambda match: kept[int(match[1])], html)
    return html.replace("\n", "<br>")


def plain(text: str) -> str:
    """A plain_text object: nothing in it means anything, except line ends."""
    return escape(text).replace("\n", "<br>")


def decoded(text: str) -> str:
    """The three entities Slack knows, as the characters they stand for."""
    for entity, character in ENTITIES:
        text = text.replace(entity, character)
    return text


def link(url: str, label: str) -> str:
    """An anchor, or only its label where the address is not a web address."""
    if not url.startswith(("https://", "http://", "mailto:")):
        return escape(label)
    return f'<a href="{escape(url)}" rel="noreferrer">{escape(label)}</a>'


def text_object(text: dict[str, Any]) -> str:
    """A text object of a block."""
    content = str(text.get("text", ""))
    if text.get("type") == "mrkdwn":
        return mrkdwn(content, verbatim=bool(text.get("verbatim")))
    return plain(content)


def rich_text(block: dict[str, Any]) -> str:
    """A rich_text block."""
    return "".join(_branch(branch) for branch in block.get("elements", []))


def _branch(branch: dict[str, Any]) -> str:
    elements = branch.get("elements", [])
    kind = branch.get("type")
    if kind == "rich_text_list":
        tag = "ol" if branch.get("style") == "ordered" else "ul"
        items = "".join(f"<li>{''.join(map(_leaf, e.get('elements', [])))}</li>" for e in elements)
        return f"<{tag}>{items}</{tag}>"
    tag = {"rich_text_quote": "blockquote", "rich_text_preformatted": "pre"}.get(str(kind), "p")
    return f"<{tag}>{''.join(map(_leaf, elements))}</{tag}>"


def _leaf(leaf: dict[str, Any]) -> str:
    show = LEAVES.get(str(leaf.get("type")))
    html = show(leaf) if show else ""
    for style, tag in RICH_STYLES:
        if leaf.get("style", {}).get(style):
            html = f"<{tag}>{html}</{tag}>"
    return html


LEAVES: dict[str, Callable[[dict[str, Any]], str]] = {
    "text": lambda leaf: plain(str(leaf["text"])),
    "link": lambda leaf: link(str(leaf["url"]), str(leaf.get("text") or leaf["url"])),
    "emoji": lambda leaf: escape(f":{leaf['name']}:"),
    "user": lambda leaf: _mention("@" + str(leaf["user_id"])),
    "broadcast": lambda leaf: _mention("@" + str(leaf["range"])),
    "date": lambda leaf: escape(str(leaf.get("fallback", ""))),
}


def _special(inside: str) -> str:
    target, _bar, label = inside.partition("|")
    label = decoded(label)
    if target.startswith("!date^"):
        return escape(label)
    if target.startswith("!"):
        return _mention("@" + target[1:].partition("^")[0])
    if target.startswith(("@", "#")):
        return _mention(target[0] + (label or target[1:]))
    return link(decoded(target), label or decoded(target))


def _mention(text: str) -> str:
    return f'<span class="mention">{escape(text)}</span>'
