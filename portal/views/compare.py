"""Two people, two teams, one of each, or one of them at two dates: side by side."""

from collections.abc import Iterator, Sequence
from datetime import time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from orgmodel.queries.access.team import TeamApp
from orgmodel.queries.history.compare import Comparison, Had, Row, compare
from orgmodel.queries.history.compare_subjects import ComparedSubject
from orgmodel.queries.moments import BadMoment, Moment, now, parse_moment
from orgmodel.queries.people import Ambiguous, NotFound, PersonRef, person
from orgmodel.queries.visibility import Viewer
from portal.between_dates import Span, shown_as
from portal.choices import SEVERAL, choices
from portal.form_errors import FieldError
from portal.leaver_words import left_behind
from portal.requests import answer, employee, machine, moment, viewer_of
from portal.templatetags.addresses import address, because, level_shown, why_address
from portal.templatetags.sightline import clip, plural

COLUMNS = ("App", "Native id", "Where", "Level A", "Level B", "Why A", "Why B", "What it would take")
PAGE = "compare/compare.html"
WHERE = {"a": "only A", "b": "only B", "both": "both", "few": "few people of a team"}
MONTH = timedelta(days=30)
SHORT = 40
"""Characters of a name in a heading."""


@employee
def compare_page(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """What only one has, and what both have."""
    viewer, subjects, dated = viewer_of(request), subjects_in(request), bool(request.GET.get("at"))
    try:
        at, until = moments_of(request, subjects)
        dates_of(request, at, until)
        found = compare(subjects["a"], subjects["b"], at, until, viewer) if all(subjects.values()) else None
    except (NotFound, BadMoment) as error:
        if machine(request, form):
            raise
        return refused(request, asking(request, subjects), error)
    comparison = found if found and not found.empty else None
    context = asking(request, subjects, found)
    context |= about(comparison, dated) if comparison else no_difference(viewer, found)
    data, table = (comparison.as_json() if comparison else subjects), (COLUMNS, rows(comparison))
    return answer(request, PAGE, context, data=lambda: data, table=table, form=form)


def asking(request: HttpRequest, subjects: dict[str, str], found: Comparison | None = None) -> dict[str, Any]:
    """The form, as it was filled in; who came by a link is called by their address."""
    first, second = request.GET.get("a", ""), subjects["b"]
    return {
        "subjects": {**subjects, "b": found.b.as_typed(second) if found else second},
        "first": found.a.as_typed(first or found.a.ref.name) if found else first,
        "at_day": request.GET.get("at", "").strip()[: len("2026-03-01")],
        "until_day": request.GET.get("until", ""),
    }


def no_difference(viewer: Viewer, found: Comparison | None) -> dict[str, Any]:
    """What to compare; and that both are the same, where two were."""
    return {"ideas": ideas(viewer.person), "same": found is not None}


def refused(request: HttpRequest, context: dict[str, Any], error: NotFound | BadMoment) -> HttpResponse:
    """That a name means nothing, or a date cannot be; the form stays as filled in."""
    if isinstance(error, Ambiguous):
        context |= {"sentence": error.sentence, "choices": choices(request, error)}
        return render(request, PAGE, context, status=SEVERAL)
    if isinstance(error, BadMoment):
        field, status = "compare-until" if understood(request.GET.get("at", "")) else "compare-at", 400
    else:
        named_first = error.text == context["subjects"]["a"]
        field, status = "compare-a" if named_first else "compare-b", 404
    return render(request, PAGE, context | {"errors": [FieldError(field, str(error))]}, status=status)


def understood(day: str) -> bool:
    """Whether the date can be asked about."""
    try:
        parse_moment(day)
    except BadMoment:
        return False
    return True


def subjects_in(request: HttpRequest) -> dict[str, str]:
    """A and B as they stand in the address; who is not named is the reader, or with a date A again."""
    a, b = (request.GET.get(name, "").strip() for name in ("a", "b"))
    with_date = request.GET.get("at") or request.GET.get("until")
    return {"a": a or (viewer_of(request).key if b else ""), "b": b or (a if with_date else "")}


def moments_of(request: HttpRequest, subjects: dict[str, str]) -> tuple[Moment, Moment]:
    """When A and when B: the same moment, but for one thing of the past and today. Raises BadMoment."""
    at, until = moment(request), request.GET.get("until", "").strip()
    if until:
        return at, parse_moment(until)
    return at, now() if subjects["a"].casefold() == subjects["b"].casefold() and not at.live else at


def dates_of(request: HttpRequest, at: Moment, until: Moment) -> None:
    """Two dates are named above the page, the earlier one first."""
    if at != until and not (at.live and until.live):
        shown_as(request, Span(*sorted((at, until), key=lambda one: one.at)))


def day_of(at: Moment) -> str:
    """The day as a field for dates takes it; nothing for today."""
    return "" if at.live else at.at.date().isoformat()


def ideas(own: int | None) -> list[dict[str, str]]:
    """What the reader may want to compare first."""
    if own is None:
        return []
    me = person(own, now())
    ago = (now().at - MONTH).date().isoformat()
    pairs = [(f"{unit.name} and I", {"a": me.key, "b": unit.address}) for unit in me.units[:2]]
    if me.manager_key:
        pairs.append((f"{me.manager_name} and I", {"a": me.key, "b": me.manager_key}))
    pairs.append(("My access a month ago and today", {"a": me.key, "at": ago}))
    page = reverse("compare")
    return [{"label": clip(label, SHORT), "url": f"{page}?{urlencode(query)}"} for label, query in pairs]


def about(found: Comparison, dated: bool) -> dict[str, Any]:
    """The page of an answer. `dated`: links say their date even when it is today's."""
    sides = (found.a, found.b)
    labels = (label(found.a, found), label(found.b, found))
    only = [
        {
            "id": f"only-{which}",
            "title": f"Only {labels[at]}",
            "rows": [entry(row, sides[at], sides[1 - at], found, dated) for row in found.of(which)],
            "people": found.people[at],
            "none": "Nothing: all of it is there on the other day too."
            if found.a.same(found.b)
            else f"Nothing that {labels[1 - at]} does not have too.",
        }
        for at, which in enumerate("ab")
    ]
    return {
        "found": found,
        "question": question(found, *labels),
        "headline": headline(found, *labels),
        "meta": [fact(side, dated) for side in sides],
        "only": only,
        "labels": labels,
        "on_both": "On both days" if found.a.same(found.b) else "Both",
        "both": [pair(row, sides, dated) for row in found.of("both")],
        "few": [entry(row, found.a if row.a else found.b, None, found, dated) for row in found.of("few")],
    }


def day(at: Moment) -> str:
    """The day of a side in words."""
    return "today" if at.live else f"on {at.at.day} {at.at:%B %Y}"


def label(side: ComparedSubject, found: Comparison) -> str:
    """What a side is called: by its name, and by its day where the two differ."""
    if found.a.same(found.b):
        return day(side.moment)
    name = clip(side.ref.name, SHORT)
    return name if found.a.moment == found.b.moment else f"{name} {day(side.moment)}"


def question(found: Comparison, a: str, b: str) -> str:
    """The heading."""
    if found.a.same(found.b):
        newer = max((found.a, found.b), key=lambda side: side.moment.at)
        return f"What has changed for {clip(newer.ref.name, SHORT)}?"
    return f"How do {a} and {b} differ?"


def headline(found: Comparison, a: str, b: str) -> str:
    """The answer in one sentence."""
    one, other, both = (apps(len(found.of(where))) for where in ("a", "b", "both"))
    levels = sum(row.differs for row in found.of("both"))
    both += f", {levels} of them at another level" if levels else ""
    if found.a.same(found.b):
        members = people_of(found, a, b)
        return f"Only {a}: {one}. Only {b}: {other}. On both days: {both}.{members}"
    both += "".join(f". {clip(name, SHORT)} has left: {left_behind(held)}" for name, held in found.leavers)
    return f"{a} has {one} that {b} does not have. {b} has {other} that {a} does not have. Both have {both}."


def people_of(found: Comparison, a: str, b: str) -> str:
    """How many people of one unit were in it on one of the days only; nothing of a person."""
    one, other = (plural(len(refs), "person,people") if refs else "" for refs in found.people)
    counts = [f"{count} only {day}" for count, day in ((one, a), (other, b)) if count]
    return f" In the team: {', '.join(counts)}." if counts else ""


def apps(count: int) -> str:
    """How many apps, as one says it."""
    return plural(count, "app") if count else "no app"


def fact(side: ComparedSubject, dated: bool) -> dict[str, str]:
    """Who or what a side is, under the heading."""
    units = ", ".join(unit.name for unit in side.ref.units) if isinstance(side.ref, PersonRef) else ""
    label = clip(side.ref.name, SHORT) + (f" ({clip(units, SHORT)})" if units else "")
    return {
        "value": label if side.moment.live else f"{label} {day(side.moment)}",
        "url": on_day(address(side.ref), side.moment, dated),
    }


def on_day(url: str, at: Moment, dated: bool) -> str:
    """The address at the moment of a side."""
    if at.live:
        return f"{url}?at={at.at.date().isoformat()}" if dated else url
    whole_day = at.at.time() == time.max
    return f"{url}?{urlencode({'at': day_of(at) if whole_day else at.at.isoformat()})}"


def entry(
    row: Row, side: ComparedSubject, other: ComparedSubject | None, found: Comparison, dated: bool
) -> dict[str, Any]:
    """An app that one side has; `other`: the one that has it not."""
    had, some = (row.a, row.b) if side is found.a else (row.b, row.a)
    lacks = other.ref if other and isinstance(other.ref, PersonRef) else None
    cell = {
        "app": row.app,
        "url": on_day(place(side, row), side.moment, dated),
        "level": level_shown(had.level) if had else "",
        "why": why(had),
        "ratio": had if isinstance(had, TeamApp) and had.of else None,
        "some": some if isinstance(some, TeamApp) else None,
        "would_take": row.would_take,
    }
    if lacks and other:
        name = clip(lacks.name, SHORT)
        cell["lacks"] = f"Why not {day(other.moment)}" if found.a.same(found.b) else f"Why {name} does not"
        cell["why_not"] = on_day(why_address(lacks, row.app), other.moment, dated)
    return cell


def place(side: ComparedSubject, row: Row) -> str:
    """Where more is told: why the person has the app, or who has it."""
    return why_address(side.ref, row.app) if isinstance(side.ref, PersonRef) else address(row.app)


def pair(row: Row, sides: Sequence[ComparedSubject], dated: bool) -> dict[str, Any]:
    """An app that both have."""
    cells = [
        {
            "level": level_shown(had.level) if had else "",
            "why": brief(had),
            "url": on_day(place(side, row), side.moment, dated),
        }
        for side, had in zip(sides, (row.a, row.b), strict=True)
    ]
    return {"app": row.app, "differs": row.differs, "cells": cells}


def why(had: Had | None) -> str:
    """Why a side has an app, in a sentence."""
    if isinstance(had, TeamApp):
        return f"{brief(had)[0].upper()}{brief(had)[1:]}."
    if had is None:
        return ""
    more = len(had.paths) - 1
    return had.paths[0].sentence + (f" And {plural(more, 'more way')}." if more else "")


def brief(had: Had | None) -> str:
    """The same in half a sentence."""
    if had is None:
        return ""
    if not isinstance(had, TeamApp):
        return because(had)
    words = {
        "unit": "comes with " + ", ".join(group.name for group in had.through),
        "ancestor": f"comes from {had.from_unit.name if had.from_unit else 'above'}",
        "everyone": f"{'nearly everyone' if had.nearly else 'everyone'} at the company has it",
    }
    return words.get(had.source, "held by some, not through the unit")


def rows(found: Comparison | None) -> Iterator[tuple[object, ...]]:
    """The answer for CSV."""
    for row in found.rows if found else ():
        levels = [had.level if had else "" for had in (row.a, row.b)]
        whys = [reason_with_count(had) for had in (row.a, row.b)]
        yield (row.app.name, row.app.native_id, WHERE[row.where], *levels, *whys, row.would_take)


def reason_with_count(had: Had | None) -> str:
    """Why, and of a unit how many of its people."""
    if isinstance(had, TeamApp):
        return f"{why(had)} {had.held_by} of {had.of} have it."
    return why(had)
