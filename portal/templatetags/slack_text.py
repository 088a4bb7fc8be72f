"""Slack's own markup as HTML, so that the outbox shows a message as its reader will see it."""

import html
import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

REFERENCE = re.compile(r"<([^<>]+)>")
STYLES = (
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
    (re.compile(r"(?<![\w*])\*(?!\s)([^*\n]+?)(?<!\s)\*(?![\w*])"), r"<b>\1</b>"),
    (re.compile(r"(?<![\w_])_(?!\s)([^_\n]+?)(?<!\s)_(?![\w_])"), r"<em>\1</em>"),
    (re.compile(r"(?<![\w~])~(?!\s)([^~\n]+?)(?<!\s)~(?![\w~])"), r"<s>\1</s>"),
)
OPENS = ("https://", "http://", "mailto:")


@register.filter
def mrkdwn(text: object) -> SafeString:
    """Slack `mrkdwn` (already escaped the Slack way) as safe HTML: bold, italics, links, mentions, lines."""
    parts: list[str] = []
    last = 0
    source = "" if text is None else str(text)
    for found in REFERENCE.finditer(source):
        parts.extend((_styled(source[last : found.start()]), _reference(found.group(1))))
        last = found.end()
    parts.append(_styled(source[last:]))
    return mark_safe("".join(parts).replace("\n", "<br>"))  # noqa: S308 - every part went through the escaper


def _escaped(text: str) -> str:
    return str(conditional_escape(html.unescape(text)))


def _styled(text: str) -> str:
    styled = _escaped(text)
    for pattern, shape in STYLES:
        styled = pattern.sub(shape, styled)
    return styled


def _reference(inner: str) -> str:
    target, _, label = inner.partition("|")
    if target.startswith(OPENS):
        return format_html('<a href="{}">{}</a>', html.unescape(target), html.unescape(label or target))
    return format_html('<span class="mention">{}</span>', html.unescape(label or target))


@register.filter
def slack_headline(text: object) -> str:
    """The first line of a message, plain."""
    return slack_plain(str(text).partition("\n")[0])


@register.filter
def slack_plain(text: object) -> str:
    """Slack `mrkdwn` as plain words on a lock screen: links by their label, nothing escaped."""
    source = "" if text is None else str(text)
    return html.unescape(REFERENCE.sub(lambda found: found.group(1).rpartition("|")[2], source))
