"""Dates, names, numbers, icons and links as templates write them, safe for hostile text."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

from django import template
from django.http import HttpRequest, QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from orgmodel.queries.history.lately import listed
from orgmodel.queries.quoting import one_line
from orgmodel.rules.spoken import Spoken
from portal.page_address import page_address

register = template.Library()

HUES = 12
NAME_LIMIT = 160
SENTENCE_LIMIT = 700
SQUARES = 10
ONE_EACH = 20
"""So many squares can be told apart."""
STEPS = ((60, "second"), (60, "minute"), (24, "hour"), (30, "day"), (12, "month"))


@register.filter
def name(text: object) -> SafeString:
    """The name of a person, unit, group or app: one line, isolated, at most 160 characters."""
    plain = "" if text is None else one_line(text, NAME_LIMIT)
    return format_html('<bdi class="name">{}</bdi>', plain or "(no name)")


@register.filter
def in_words(values: Mapping[str, Any], spoken: Spoken) -> list[tuple[str, str]]:
    """Attributes and their values as people call them; an empty value is “nothing”."""
    return [
        (spoken.attribute(name), "nothing" if value is None else spoken.value(name, value))
        for name, value in values.items()
    ]


@register.filter
def unit_words(kind: str) -> str:
    """A kind of unit as people say it: team group."""
    return str(kind).replace("_", " ")


@register.filter
def clip(text: object, limit: int = SENTENCE_LIMIT) -> str:
    """`text` on one line, shortened to `limit` characters, safe in an attribute or a sentence."""
    return "" if text is None else one_line(text, limit)


@register.filter
def initial(text: object) -> str:
    """The first letter or digit of a name in capitals; "·" when there is none."""
    return next((c.upper() for c in one_line(text or "", NAME_LIMIT) if c.isalnum()), "·")


@register.filter
def initials(text: object) -> str:
    """The first letters of the first and the last word of a name."""
    words = [w for w in one_line(text or "", NAME_LIMIT).split(" ") if w[:1].isalnum()]
    return "".join(w[0].upper() for w in (words if len(words) < 2 else [words[0], words[-1]])) or "·"  # noqa: PLR2004


@register.filter
def hue(text: object) -> int:
    """A colour number from 0 to 11, always the same for the same native id."""
    return crc32(str(text).encode("utf-8", "replace")) % HUES


def _aware(moment: date | datetime) -> datetime:
    if isinstance(moment, datetime):
        return timezone.localtime(moment)
    return datetime.combine(moment, time(), tzinfo=UTC)


def day_in_words(moment: date | datetime) -> str:
    """The day as "3 March 2026"."""
    day = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return f"{day.day} {day:%B} {day.year}"


def _exact(moment: datetime) -> str:
    return f"{day_in_words(moment)}, {_aware(moment):%H:%M %Z}"


@register.filter
def since(moment: date | datetime | None) -> SafeString:
    """The day as "3 March 2026" in a `time` element; nothing for None."""
    if moment is None:
        return mark_safe("")
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), day_in_words(moment))


@register.filter
def day_only(moment: datetime) -> SafeString:
    """The day as "3 March", with the year where it is another than this one, in a `time` element."""
    local = timezone.localtime(moment)
    year = "" if local.year == timezone.localtime().year else f" {local.year}"
    return format_html(
        '<time datetime="{}">{} {}{}</time>', moment.isoformat(), local.day, f"{local:%B}", year
    )


@register.filter
def some_of(names: Sequence[str]) -> str:
    """Names in a sentence: "A, B and C"; of many the first, and how many more there are, never only one."""
    return listed([one_line(each, NAME_LIMIT) for each in names])


@register.filter
def exact(moment: datetime | None) -> SafeString:
    """Day and time as "3 March 2026, 05:30 UTC" in a `time` element; nothing for None."""
    if moment is None:
        return mark_safe("")
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), _exact(moment))


@register.filter
def ago(moment: datetime | None, now: datetime) -> SafeString:
    """The distance from `now` as "2 minutes ago" or "in 3 days", the exact time as its title."""
    if moment is None:
        return mark_safe("")
    seconds = (now - moment).total_seconds()
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', moment.isoformat(), _exact(moment), _distance(seconds)
    )


def _distance(seconds: float) -> str:
    count, unit = int(abs(seconds)), "year"
    if count < 60:  # noqa: PLR2004
        return "just now"
    for size, step in STEPS:
        if count < size:
            unit = step
            break
        count //= size
    words = plural(count, unit)
    return f"{words} ago" if seconds > 0 else f"in {words}"


@register.filter
def plural(count: int, words: str) -> str:
    """The number and its noun: `1|plural:"app"` is "1 app", `2|plural:"person,people"` "2 people"."""
    one, _, many = words.partition(",")
    return f"{count:,} {one if count == 1 else many or one + 's'}"


@register.filter
def squares(held: int, of: int) -> Sequence[bool]:
    """One square for each of up to twenty; of more, ten, of which as many are filled as the share begins.

    So neither one holder looks like none, nor one missing like nobody missing.
    """
    if of <= ONE_EACH:
        return [n < held for n in range(of)]
    filled = -(-held * SQUARES // of)
    return [n < (filled if held == of else min(filled, SQUARES - 1)) for n in range(SQUARES)]


@register.simple_tag
def icon(symbol: str, label: str = "") -> SafeString:
    """A drawing from the sprite; without a label it is decoration and hidden from readers."""
    return _drawn(f"{static('portal/icons.svg')}#{symbol}", label)


@lru_cache(maxsize=1000)
def _drawn(address: str, label: str) -> SafeString:
    """A page draws the same few a hundred times."""
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


def _request(context: Context) -> HttpRequest | None:
    # Inside `include … only` the variable is gone, yet the context itself still knows its request.
    request = getattr(context, "request", None) or context.get("request")
    return request if isinstance(request, HttpRequest) else None


def _query(context: Context) -> QueryDict:
    request = _request(context)
    return request.GET if request else QueryDict()


@register.simple_tag(takes_context=True)
def at_url(context: Context, url: str) -> str:
    """`url` with the date of this page (`?at=`) kept, so that a reader stays in the same past."""
    at = _query(context).get("at", "")
    if not at or "at=" in url:
        return url
    kept = QueryDict(mutable=True)
    kept["at"] = at
    path, mark, anchor = url.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{kept.urlencode()}{mark}{anchor}"


@register.simple_tag(takes_context=True)
def at(context: Context, page: str, *about: str, **query: str) -> str:
    """The page of this name with the date of this one kept; `about`: what stands in its address."""
    parameters = f"?{urlencode(query)}" if query else ""
    return at_url(context, f"{page_address(page, *about)}{parameters}")


@register.simple_tag(takes_context=True)
def hidden_query(context: Context, *but: str) -> SafeString:
    """Hidden inputs for every query parameter of this page except those named in `but`."""
    kept = [(k, v) for k, values in _query(context).lists() if k not in but for v in values]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', kept)


@register.simple_tag(takes_context=True)
def column(context: Context, key: str, label: str, kind: str = "") -> SafeString:
    """A table header; with a `key` a real link that sorts by it and turns round when asked again.

    `kind` "num" sets the column to the right.
    """
    side = mark_safe(' class="num"') if kind == "num" else ""
    if not key:
        return format_html('<th scope="col"{}>{}</th>', side, label)
    query = _query(context).copy()
    sort = query.get("sort", "")
    down = sort == key
    query["sort"] = f"-{key}" if down else key
    query.pop("page", None)
    drawn = icon("sort-up" if down else "sort-down") if sort.lstrip("-") == key else ""
    order = "ascending" if down else "descending"
    sorted_by = format_html(' aria-sort="{}"', order) if drawn else ""
    return format_html(
        '<th scope="col"{}{}><a href="?{}">{} {}</a></th>', side, sorted_by, query.urlencode(), label, drawn
    )


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """The theme the reader chose: "light", "dark", or nothing to follow the system."""
    request = _request(context)
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in {"light", "dark"} else ""


@register.simple_tag
def choices_of(places: Sequence[tuple[str, str]]) -> SafeString:
    """The options of a list that a field offers: what to write, and what it is."""
    return _options(tuple(places))


@lru_cache(maxsize=8)
def _options(places: tuple[tuple[str, str], ...]) -> SafeString:
    """Kept, since a company has hundreds of units and they seldom change."""
    shown = ((written, clip(described, 120)) for written, described in places)
    return format_html_join("\n", '<option value="{}">{}</option>', shown)
