"""Each person's direct messages with the bot, as a page that looks as Slack would show them."""

from collections import Counter
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from .markup import mrkdwn, rich_text, text_object
from .workspace import Post, SlackPerson, Workspace

STYLE = files(__package__).joinpath("dms.css").read_text(encoding="utf-8")


def list_page(space: Workspace) -> str:
    """Everybody with messages; nobody chosen yet."""
    empty = '<p class="quiet">Choose a person to see what the bot told them.</p>'
    if not space.posts:
        empty = '<p class="quiet">No message has been sent yet.</p>'
    return _page(space, None, "Direct messages", empty)


def person_page(space: Workspace, person: SlackPerson) -> str:
    """One person's direct messages, oldest first."""
    posts = space.dm(space.dm_of(person.user_id))
    messages = "".join(_message(post, person) for post in posts)
    return _page(
        space, person, person.name, messages or '<p class="quiet">Nothing was sent to this person.</p>'
    )


def _page(space: Workspace, chosen: SlackPerson | None, title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Slack of Nordwind</title>"
        '<link rel="stylesheet" href="/dms/style.css"></head><body>'
        f'<nav aria-label="People"><p class="team">Nordwind</p>{_people(space, chosen)}</nav>'
        f"<main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def _people(space: Workspace, chosen: SlackPerson | None) -> str:
    counts = Counter(post.user_id for post in space.posts)
    known = sorted(space.people(), key=lambda p: (-counts[p.user_id], p.name.casefold()))
    rows = [
        _person(p, counts[p.user_id], here=chosen is not None and p.user_id == chosen.user_id) for p in known
    ]
    return f"<ul>{''.join(rows)}</ul>"


def _person(person: SlackPerson, count: int, *, here: bool) -> str:
    current = ' aria-current="page"' if here else ""
    badge = f'<span class="count">{count}</span>' if count else ""
    gone = ' <span class="gone">deactivated</span>' if person.deleted else ""
    return (
        f'<li><a href="/dms/{quote(person.user_id)}/"{current}>'
        f'<span class="name">{escape(person.name)}{gone}</span>{badge}</a></li>'
    )


def _message(post: Post, person: SlackPerson) -> str:
    zone = ZoneInfo(person.tz) if person.tz else UTC
    moment = datetime.fromtimestamp(post.at, zone)
    body = "".join(_block(block) for block in post.blocks) or f"<p>{mrkdwn(post.text)}</p>"
    unseen = "" if post.reached else '<p class="quiet">Accepted by Slack, but the account is deactivated.</p>'
    return (
        f'<article><header><b>Sightline</b> <span class="app">APP</span> '
        f'<time datetime="{moment.isoformat()}">{moment:%-d %B, %H:%M}</time></header>{body}{unseen}'
        f"<details><summary>Notification text</summary><p>{escape(post.text)}</p></details></article>"
    )


def _block(block: dict[str, Any]) -> str:
    kind = block.get("type")
    if kind == "header":
        return f"<h2>{text_object(block['text'])}</h2>"
    if kind == "divider":
        return "<hr>"
    if kind == "rich_text":
        return f'<div class="rich">{rich_text(block)}</div>'
    if kind == "section":
        return _section(block)
    if kind == "context":
        parts = "".join(f"<span>{_context(element)}</span>" for element in block["elements"])
        return f'<div class="context">{parts}</div>'
    if kind == "actions":
        return f'<div class="actions">{"".join(_element(e) for e in block["elements"])}</div>'
    # Pictures would come from another host; their description is shown instead.
    return f'<p class="quiet">{escape(str(block.get("alt_text", "")))}</p>'


def _section(block: dict[str, Any]) -> str:
    html = f"<p>{text_object(block['text'])}</p>" if "text" in block else ""
    if "fields" in block:
        html += f'<div class="fields">{"".join(f"<p>{text_object(f)}</p>" for f in block["fields"])}</div>'
    if "accessory" in block:
        html += f'<div class="actions">{_element(block["accessory"])}</div>'
    return html


def _context(element: dict[str, Any]) -> str:
    return escape(str(element["alt_text"])) if element.get("type") == "image" else text_object(element)


def _element(element: dict[str, Any]) -> str:
    if element.get("type") == "overflow":
        options = "".join(f"<li>{_target(option, 'option')}</li>" for option in element["options"])
        return f'<details class="more"><summary aria-label="More">⋯</summary><ul>{options}</ul></details>'
    if element.get("type") == "button":
        return _target(element, f"button {element.get('style', '')}".strip())
    return _context(element)


def _target(holder: dict[str, Any], style: str) -> str:
    label = text_object(holder["text"])
    url = str(holder.get("url", ""))
    if not url.startswith(("https://", "http://")):
        return f'<button class="{escape(style)}" disabled>{label}</button>'
    return f'<a class="{escape(style)}" href="{escape(url)}" rel="noreferrer">{label}</a>'
