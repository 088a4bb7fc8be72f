"""Rehearsals: proposed reorganisations, kept with what they would do, and set against what came."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from orgmodel.queries.rehearsal.kept import (
    ForeseenRow,
    RehearsalPage,
    RehearsalRow,
    list_rehearsals,
    one_forecast,
    rehearsal_page,
)
from orgmodel.queries.rehearsal.outcome import Difference, PersonOutcome, RehearsalOutcome, outcome
from orgmodel.queries.rehearsal.plan_rows import BadProposal
from orgmodel.sync.rehearsals import forget, keep, rehearse_again
from portal.door.counters import HAND_IN, limited
from portal.form_errors import BadForm
from portal.listings import Listing
from portal.rehearsal_form import errors_of, read_form, shown_again
from portal.requests import DIGITS, admin, answer, list_options, self_of, viewer_of
from portal.templatetags.addresses import person_address
from portal.templatetags.sightline import plural

SHOWN = 4000
"""Characters of a plan that its page repeats."""
COLUMNS = ("Rehearsal", "Holds from", "Rehearsed", "By", "People", "Changed")
PEOPLE = ("Person", "Gains", "Loses", "Other level", "Keeps", "Groups gained", "Groups lost", "Not known")
DIFFERENT = ("Person", "As planned", "App", "Native id", "What", "Why")
OVERSIGHTS = (
    ("units_without_group", "Units for which no group stands"),
    ("groups_without_rule", "Groups of these units that no rule feeds"),
    ("rules_without_people", "Rules that would match nobody"),
    ("groups_to_retire", "Groups of units that would end"),
)


@admin
def rehearsal_list(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """Every rehearsal that was kept, and the form for a new one."""
    rows = list_rehearsals()
    context = {"rows": rows, "may": viewer_of(request).admin}
    return answer(request, "rehearsals/rehearsals.html", context, listing=listed(rows), form=form)


@limited(HAND_IN)
@admin
@require_POST
def hand_in(request: HttpRequest) -> HttpResponseBase:
    """Rehearse a plan and keep it; a bad form is shown again with what is wrong with it."""
    try:
        plan = read_form(request, self_of(request))
        key = keep(plan, settings.SIGHTLINE.conventions, timezone.now())
    except (BadForm, BadProposal) as error:
        context = {"rows": list_rehearsals(), "may": True, "given": shown_again(request)}
        context |= errors_of(request, error)
        return render(request, "rehearsals/rehearsals.html", context, status=400)
    messages.success(request, "Rehearsed and kept. Nothing was changed anywhere.")
    return HttpResponseRedirect(reverse("rehearsal", args=[key]))


@admin
def rehearsal_detail(request: HttpRequest, key: UUID, form: str = "") -> HttpResponseBase:
    """What one plan would do: per app, per unit, per person, and what it forgets."""
    found = rehearsal_page(key, list_options(request, form), forecast_of(request))
    viewer = viewer_of(request)
    context = about(found) | {"may": viewer.admin, "spoken": viewer.spoken}
    return answer(
        request,
        "rehearsals/rehearsal.html",
        context,
        data=found.as_json,
        listing=people_listed(found.people.rows),
        form=form,
    )


@admin
def rehearsal_outcome(request: HttpRequest, key: UUID, form: str = "") -> HttpResponseBase:
    """The plan against what came."""
    row, forecast = one_forecast(key, forecast_of(request))
    found = outcome(forecast, viewer_of(request).spoken)
    context = place(row, forecast) | against(found)
    return answer(
        request,
        "rehearsals/outcome.html",
        context,
        data=found.as_json,
        listing=differences_listed(found),
        form=form,
    )


@limited(HAND_IN)
@admin
@require_POST
def again(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Rehearse a kept plan as things stand now."""
    try:
        rehearse_again(key, settings.SIGHTLINE.conventions, timezone.now())
        messages.success(request, "Rehearsed as things stand now; what was said before is kept beside it.")
    except BadProposal as error:
        messages.error(request, f"The plan no longer matches what is known: {error.problems[0]}")
    return HttpResponseRedirect(reverse("rehearsal", args=[key]))


@admin
@require_POST
def remove(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Forget a rehearsal."""
    forget(key)
    messages.success(request, "The rehearsal is gone.")
    return HttpResponseRedirect(reverse("rehearsals"))


def forecast_of(request: HttpRequest) -> int | None:
    """?forecast=: which of what a plan said at several times; None: the latest."""
    number = request.GET.get("forecast", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) <= DIGITS else None


def place(row: RehearsalRow, forecast: int) -> dict[str, Any]:
    """Which rehearsal the page is about."""
    crumbs = [
        {"label": "Rehearsals", "url": reverse("rehearsals")},
        {"label": row.name, "url": reverse("rehearsal", args=[row.key])},
    ]
    return {"row": row, "forecast": forecast, "crumbs": crumbs}


def about(found: RehearsalPage) -> dict[str, Any]:
    """The page of one forecast."""
    row, answer_ = found.row, found.answer
    machines = {
        form: f"{reverse(f'rehearsal.{form}', args=[row.key])}?forecast={found.forecast}"
        for form in ("csv", "json")
    }
    return place(row, found.forecast) | {
        "found": found,
        "apps": answer_["per_app"],
        "changes": found.changes[:SHOWN],
        "chart": found.chart[:SHOWN],
        "crumbs": [{"label": "Rehearsals", "url": reverse("rehearsals")}],
        "headline": headline(row),
        "oversights": [(title, answer_[name]) for name, title in OVERSIGHTS if answer_[name]],
        "count": plural(found.people.total, "person,people"),
        "machines": machines,
        "kept": [{"name": "forecast", "value": found.forecast}],
    }


def headline(row: RehearsalRow) -> str:
    """The answer in one sentence."""
    moves = plural(row.people, "person is moved,people are moved")
    if not row.changed:
        return f"{moves}; nobody gains or loses anything."
    return f"{moves}; {plural(row.changed, 'person gains or loses something,people gain or lose something')}."


def against(found: RehearsalOutcome) -> dict[str, Any]:
    """The plan against what came, in one sentence and person by person."""
    differing = found.differing
    came = plural(found.as_planned, "app came or went as planned,apps came or went as planned")
    other = plural(len(differing), "person has it otherwise,people have it otherwise")
    return {
        "outcome": found,
        "differing": differing[:100],
        "hidden": max(0, len(differing) - 100),
        "verdict": f"{came}; {other}." if differing else f"{came}; nothing came otherwise.",
    }


def listed(rows: Iterable[RehearsalRow]) -> Listing[RehearsalRow]:
    """Rehearsals as a table."""
    return Listing(
        COLUMNS,
        rows,
        lambda row: (row.name, row.due or "", row.at.isoformat(), row.maker, row.people, row.changed),
        key=lambda row: str(row.key),
        page=lambda row: reverse("rehearsal", args=[row.key]),
        json=lambda row: row.as_json(),
    )


def people_listed(rows: Iterable[ForeseenRow]) -> Listing[ForeseenRow]:
    """The people of a forecast as a table."""
    return Listing(PEOPLE, rows, cells, key=lambda row: row.key, page=lambda row: person_address(row.key))


def cells(row: ForeseenRow) -> tuple[object, ...]:
    """What one person would gain and lose, under the columns."""
    apps = ("; ".join(app["app"] for app in some) for some in (row.gains, row.loses))
    rules = "; ".join(one["rule"] or one.get("group", "") for one in row.unknown)
    levels = "; ".join(f"{one['app']}: {one['instead']}" for one in row.level_changed)
    return (row.name, *apps, levels, row.keeps, "; ".join(row.comes), "; ".join(row.goes), rules)


def differences_listed(found: RehearsalOutcome) -> Listing[tuple[PersonOutcome, Difference]]:
    """What came otherwise as a table: one row per person and app."""
    return Listing(
        DIFFERENT,
        [(each, one) for each in found.differing for one in each.differences],
        lambda row: (row[0].name, row[0].as_planned, row[1].name, row[1].native_id, row[1].what, row[1].why),
        key=lambda row: f"{row[0].key} {row[1].app}",
        page=lambda row: person_address(row[0].key),
    )
