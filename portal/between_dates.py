"""Any page between two dates (?since=, and ?until= or ?at=): what came, what went, what is different."""

import csv
import re
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, cast
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse

from orgmodel.management.spreadsheet import plain
from orgmodel.queries.moments import BadMoment, Moment, parse_moment
from orgmodel.queries.people import NotFound

from .difference import IDENTITY, Cells, Difference, differ
from .requests import View, answer, moment

SHOWN = 200
"""Rows of each part that the page shows; the rest is in the CSV."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00")


@dataclass(frozen=True)
class Span:
    """Two moments, the earlier one first."""

    since: Moment
    until: Moment

    def as_json(self) -> dict[str, str]:
        return {"since": self.since.at.isoformat(), "until": self.until.at.isoformat()}


def span_of(request: HttpRequest) -> Span | None:
    """The two dates of the address, if it names an earlier one; the page then ends at the later one.

    Raises BadMoment.
    """
    if not request.GET.get("since", "").strip():
        return None
    since = parse_moment(request.GET["since"])
    until = parse_moment(request.GET.get("until", "")) if request.GET.get("until") else moment(request)
    if since.at > until.at:
        raise BadMoment(
            f"{since.at:%Y-%m-%d} lies after {until.at:%Y-%m-%d}; give the earlier date as the first."
        )
    return shown_as(request, Span(since, until))


def shown_as(request: HttpRequest, span: Span) -> Span:
    """Lets the frame of the page say between which dates it tells."""
    cast(Any, request).span = span
    return span


def two_dates(
    about: Callable[..., str],
    links: str = "",
    feed: str = "",
    compared: Callable[..., Difference] | None = None,
) -> Callable[[View], View]:
    """The page also answers to two dates, by its own table at both.

    `about`: where things changed, from the request and the arguments of its address. `links`: where the
    identity of a row leads. `feed`: how the changes are narrowed to the page, with {key}. `compared`: the
    difference of tables that are too dear to be made whole, from the request, the span and the arguments.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page_or_difference(request: HttpRequest, form: str = "", **kwargs: Any) -> HttpResponseBase:
            span = span_of(request)
            if span is None:
                return view(request, form=form, **kwargs)
            found = (
                compared(request, span, **kwargs) if compared else _difference(view, request, span, kwargs)
            )
            key = quote(str(kwargs.get("key", "")), safe="")
            context = shown(found, span, links) | {
                "title": f"What has changed {about(request, **kwargs)}?",
                "crumbs": [{"label": "As it is today", "url": request.path}],
                "feed": f"/changes/?{feed.format(key=key)}&{_days(span)}" if feed else "",
            }
            table = (("Change", *found.columns), found.rows())
            data = {**span.as_json(), **found.as_json()}
            return answer(request, "changes/between.html", context, data=lambda: data, table=table, form=form)

        return knows_two_dates(page_or_difference)

    return decorate


def knows_two_dates(view: View) -> View:
    """Marks a view that answers to two dates, so that its page offers them."""
    cast(Any, view).two_dates = True
    return view


def shown(found: Difference, span: Span, links: str) -> dict[str, Any]:
    """The difference as the page shows it: at most so many rows of each part, each with its link."""

    def linked(row: Cells, at: Moment) -> tuple[str, tuple[str, ...]]:
        return _link(found.columns, row, links, at), tuple(map(_brief, row))

    parts = (("came", "New", found.came, span.until), ("went", "Gone", found.went, span.since))
    return {
        "found": found,
        "parts": [
            {
                "id": name,
                "title": title,
                "rows": [linked(row, at) for row in rows[:SHOWN]],
                "count": len(rows),
                "more": max(0, len(rows) - SHOWN),
            }
            for name, title, rows, at in parts
        ],
        "changed": [
            (
                *linked(each.after, span.until),
                [(name, _brief(before), _brief(after)) for name, before, after in each.cells],
            )
            for each in found.changed[:SHOWN]
        ],
        "more": max(0, len(found.changed) - SHOWN),
    }


def _difference(view: View, request: HttpRequest, span: Span, kwargs: dict[str, Any]) -> Difference:
    """Raises NotFound for what is at neither of the dates."""
    tables: list[tuple[list[str], list[Cells]]] = []
    missing: NotFound | None = None
    for at in (span.since, span.until):
        try:
            tables.append(_table(view(_at(request, at), form="csv", **kwargs)))
        except NotFound as error:
            missing = error
            tables.append(([], []))
    columns = tables[0][0] or tables[1][0]
    if missing and not columns:
        raise missing
    return differ(columns, tables[0][1], tables[1][1])


def _at(request: HttpRequest, at: Moment) -> HttpRequest:
    """The same request for the page at one moment."""
    then = copy(request)
    query = request.GET.copy()
    for name in ("since", "until", "at", "format", "page"):
        query.pop(name, None)
    if not at.live:
        query["at"] = at.at.isoformat()
    then.GET = query  # type: ignore[assignment]  # a QueryDict as before, only not yet frozen
    return then


def _table(response: HttpResponseBase) -> tuple[list[str], list[Cells]]:
    """Columns and rows of a page's CSV, as they were before a spreadsheet was protected from them."""
    if not isinstance(response, StreamingHttpResponse):
        raise Http404
    lines = csv.reader(line.decode().removeprefix("\ufeff") for line in response)
    columns = next(lines)
    return columns, [tuple(plain(cell) for cell in row) for row in lines]


def _brief(cell: str) -> str:
    """A moment by its day, as the other pages write it."""
    return f"{(at := datetime.fromisoformat(cell)).day} {at:%B %Y}" if MOMENT.fullmatch(cell) else cell


def _link(columns: Cells, row: Cells, links: str, at: Moment) -> str:
    """The page of what a row is about, at its date."""
    named = dict(zip(columns, row, strict=True))
    key = next((named[name] for name in IDENTITY if named.get(name)), "")
    if not links or not key:
        return ""
    return f"{links}{quote(key, safe='')}/" + ("" if at.live else f"?{urlencode({'at': at.at.isoformat()})}")


def _days(span: Span) -> str:
    return urlencode({"since": f"{span.since.at:%Y-%m-%d}", "until": f"{span.until.at:%Y-%m-%d}"})
