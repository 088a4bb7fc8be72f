"""Saved rehearsals: the list, and what one of them foresaw."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from orgmodel.models import Forecast, Foreseen, Person, Rehearsal
from orgmodel.queries.pages.lists import PAGE, ListRequest
from orgmodel.queries.pages.lists import Page as Listed
from orgmodel.queries.people import NotFound
from orgmodel.sources.registry import direction
from orgmodel.why.levels import instead

SHOWN = {"raised": "raised", "lowered": "lowered", "other": "other level"}


@dataclass(frozen=True)
class RehearsalRow:
    """A rehearsal with what its latest forecast says."""

    key: UUID
    name: str
    due: date | None
    made: datetime
    maker: str
    at: datetime
    people: int
    changed: int

    def as_json(self) -> dict[str, Any]:
        return {
            "key": str(self.key),
            "name": self.name,
            "due": self.due.isoformat() if self.due else None,
            "made": self.made.isoformat(),
            "maker": self.maker,
            "rehearsed": self.at.isoformat(),
            "people": self.people,
            "changed": self.changed,
        }


@dataclass(frozen=True)
class ForeseenRow:
    """What one person would gain and lose: id, app, native_id, level, cause, group, through, rules."""

    pk: int
    key: str
    name: str
    values: Mapping[str, Any]
    gains: tuple[Mapping[str, Any], ...]
    loses: tuple[Mapping[str, Any], ...]
    level_changed: tuple[Mapping[str, Any], ...]
    """Also level_before and direction, and both in words: shown, instead."""
    keeps: int
    comes: tuple[str, ...]
    goes: tuple[str, ...]
    unknown: tuple[Mapping[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "person": self.name,
            "key": self.key,
            "set": dict(self.values),
            "gains": [dict(each) for each in self.gains],
            "loses": [dict(each) for each in self.loses],
            "level_changed": [
                {name: value for name, value in each.items() if name not in {"shown", "instead"}}
                for each in self.level_changed
            ],
            "keeps": self.keeps,
            "groups_gained": list(self.comes),
            "groups_lost": list(self.goes),
            "unknown": [dict(each) for each in self.unknown],
        }


@dataclass(frozen=True)
class RehearsalPage:
    """One forecast of a rehearsal. `answer`: all that `rehearse` says but the people; `others`: when else."""

    row: RehearsalRow
    changes: str
    chart: str
    forecast: int
    answer: Mapping[str, Any]
    people: Listed
    others: tuple[tuple[int, datetime], ...]

    def as_json(self) -> dict[str, Any]:
        return {
            **self.row.as_json(),
            **self.answer,
            "per_person": [each.as_json() for each in self.people.rows],
        }


def list_rehearsals() -> tuple[RehearsalRow, ...]:
    """All of them, the newest first; one query."""
    latest = Forecast.objects.select_related("rehearsal__maker").order_by("rehearsal_id", "-at")
    rows = [_row(each.rehearsal, each) for each in latest.distinct("rehearsal_id")]
    return tuple(sorted(rows, key=lambda row: row.made, reverse=True))


def rehearsal_page(key: UUID, criteria: ListRequest, forecast: int | None = None) -> RehearsalPage:
    """One rehearsal by its latest forecast, or the one asked for; four queries. Raises NotFound."""
    rehearsal, forecasts, chosen = _chosen(key, forecast)
    text = Q(person__name__icontains=criteria.text) if criteria.text else Q()
    found = Foreseen.objects.filter(text, forecast=chosen).select_related("person")
    total = found.count()
    first = (
        0 if criteria.everything or (criteria.number - 1) * PAGE >= total else (criteria.number - 1) * PAGE
    )
    rows = found.order_by("person__name", "person_id")[first : None if criteria.everything else first + PAGE]
    return RehearsalPage(
        row=_row(rehearsal, chosen),
        changes=rehearsal.changes,
        chart=rehearsal.chart,
        forecast=chosen.pk,
        answer=chosen.answer,
        people=Listed(tuple(map(_foreseen, rows)), total, first // PAGE + 1),
        others=tuple((each.pk, each.at) for each in forecasts if each != chosen),
    )


def one_forecast(key: UUID, forecast: int | None = None) -> tuple[RehearsalRow, int]:
    """What was rehearsed without its people, and the forecast's id; two queries. Raises NotFound."""
    rehearsal, _, chosen = _chosen(key, forecast)
    return _row(rehearsal, chosen), chosen.pk


def _chosen(key: UUID, forecast: int | None) -> tuple[Rehearsal, list[Forecast], Forecast]:
    rehearsal = Rehearsal.objects.select_related("maker").filter(key=key).first()
    forecasts = list(rehearsal.forecasts.order_by("-at")) if rehearsal else []
    chosen = next((each for each in forecasts if forecast in {None, each.pk}), None)
    if rehearsal is None or chosen is None:
        raise NotFound("rehearsal", str(key))
    return rehearsal, forecasts, chosen


def _row(rehearsal: Rehearsal, forecast: Forecast) -> RehearsalRow:
    maker: Person | None = rehearsal.maker
    return RehearsalRow(
        rehearsal.key,
        rehearsal.name,
        rehearsal.due,
        rehearsal.made,
        maker.name if maker else "",
        forecast.at,
        forecast.people,
        forecast.changed,
    )


def _foreseen(each: Foreseen) -> ForeseenRow:
    """An app at another level is kept on both sides: as it would be and as it is."""
    had, then = {app["id"]: app for app in each.loses}, {app["id"] for app in each.gains}
    return ForeseenRow(
        each.person_id,
        each.person.key,
        each.person.name,
        each.values,
        tuple(app for app in each.gains if app["id"] not in had),
        tuple(app for app in each.loses if app["id"] not in then),
        tuple(_level(had[app["id"]], app) for app in each.gains if app["id"] in had),
        each.keeps,
        tuple(each.comes),
        tuple(each.goes),
        tuple(each.unknown),
    )


def _level(was: Mapping[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    way = direction(then.get("source", ""), was["level"], then["level"])
    instead_text = instead(was["level"], then["level"])
    return {
        **then,
        "level_before": was["level"],
        "direction": way,
        "shown": SHOWN[way],
        "instead": instead_text,
    }
