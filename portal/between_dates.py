"""Any page between two dates (?since=, and ?until= or ?at=): what came, what went, what is different."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.urls import reverse

from orgmodel.queries.moments import BadMoment, Moment, parse_moment
from orgmodel.queries.people import NotFound

from .difference import Cells, Difference, Line, differ
from .listings import Listing
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
        raise BadMoment(f"{since.at:%Y-%m-%d} is after {until.at:%Y-%m-%d}; give the earlier date first.")
    return shown_as(request, Span(since, until))


def shown_as(request: HttpRequest, span: Span) -> Span:
    """Lets the frame of the page say between which dates it tells."""
    cast(Any, request).span = span
    return span


def two_dates(
    about: Callable[..., str],
    listed: Callable[..., Listing[Any]] | None = None,
    feed: str = "",
    compared: Callable[..., Difference] | None = None,
) -> Callable[[View], View]:
    """The page also answers to two dates, by its own listing at both.

    `about`: where things changed, from the request and the arguments of its address. `listed`: the listing
    from the request, a moment and the arguments. `feed`: how the changes are narrowed to the page, with
    {key}. `compared`: the difference of tables that are too dear to be made whole, from the request, the
    span and the arguments.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page_or_difference(request: HttpRequest, form: str = "", **kwargs: Any) -> HttpResponseBase:
            span = span_of(request)
            if span is None:
                return view(request, form=form, **kwargs)
            if compared:
                found = compared(request, span, **kwargs)
            else:
                found = _difference(partial(cast(Any, listed), request, **kwargs), span)
            narrowed = {**QueryDict(feed.format(key=kwargs.get("key", ""))).dict(), **_days(span)}
            context = shown(found, span) | {
                "title": f"What has changed {about(request, **kwargs)}?",
                "crumbs": [{"label": "As it is today", "url": request.path}],
                "feed": f"{reverse('changes')}?{urlencode(narrowed)}" if feed else "",
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


def shown(found: Difference, span: Span) -> dict[str, Any]:
    """The difference as the page shows it: at most so many rows of each part, each with its link."""

    def linked(row: Line, at: Moment) -> tuple[str, Cells]:
        return _at(row.page, at), tuple(map(_brief, row.cells))

    def labelled(row: Line, at: Moment) -> tuple[str, list[tuple[str, str]]]:
        url, cells = linked(row, at)
        return url, list(zip(found.columns, cells, strict=True))

    parts = (("came", "New", found.came, span.until), ("went", "Gone", found.went, span.since))
    return {
        "found": found,
        "parts": [
            {
                "id": name,
                "title": title,
                "rows": [labelled(row, at) for row in rows[:SHOWN]],
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


def _difference(listed: Callable[[Moment], Listing[Any]], span: Span) -> Difference:
    """Raises NotFound for what is at neither of the dates."""
    tables: list[tuple[Cells, list[Line]]] = []
    missing: NotFound | None = None
    for at in (span.since, span.until):
        try:
            listing = listed(at)
            tables.append((listing.columns, list(listing.lines())))
        except NotFound as error:
            missing = error
            tables.append(((), []))
    columns = tables[0][0] or tables[1][0]
    if missing and not columns:
        raise missing
    return differ(columns, tables[0][1], tables[1][1])


def _brief(cell: str) -> str:
    """A moment by its day, as the other pages write it."""
    return f"{(at := datetime.fromisoformat(cell)).day} {at:%B %Y}" if MOMENT.fullmatch(cell) else cell


def _at(page: str, at: Moment) -> str:
    """The page at a date; no page has none."""
    return page if at.live or not page else f"{page}?{urlencode({'at': at.at.isoformat()})}"


def _days(span: Span) -> dict[str, str]:
    return {"since": f"{span.since.at:%Y-%m-%d}", "until": f"{span.until.at:%Y-%m-%d}"}
