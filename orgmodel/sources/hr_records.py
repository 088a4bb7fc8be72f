"""One form for what HR systems say of people, whatever they call it: stretches of time and their values.

A connector makes a Worker of each person; `facts_of` says what holds today, since when, and what is to come.
Days are calendar days where the person is; a stretch holds from its first day until the first day on which it
no longer does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from orgmodel.csv_feed import STATUS_WORDS, folded_word
from orgmodel.facts import AccountFact, PlannedFact, Value

MANAGER, STATUS = "manager", "status"
MOST_PLANNED = 100
"""What one record may plan; more is a mistake of the system, and the nearest count."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a record says from a day (None: from the first) until the day on which it no longer holds."""

    since: date | None
    until: date | None
    attributes: Mapping[str, Value] = field(default_factory=dict)
    """Tracked attributes, `title` among them; those that this table does not keep are left out."""
    manager: str | None = None
    """Whom the person reports to, as the system names them; empty: nobody; None: not kept here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """One person of an HR system."""

    native_id: str
    name: str
    email: str = ""
    employee_number: str = ""
    worker_type: str = ""
    status: str = ""
    """The system's word; `status_of` knows most. Empty: it follows from the days."""
    start: date | None = None
    end: date | None = None
    """The first day on which the person is no longer there."""
    zone: str = ""
    attributes: Mapping[str, Value] = field(default_factory=dict)
    """What has no history of its own."""
    manager: str = ""
    stretches: Sequence[Stretch] = ()
    """In any order. Of two that hold on the same day the one that began later counts."""
    updated: datetime | None = None


def status_of(word: str, more: Mapping[str, str]) -> str | None:
    """One of the words that Sightline uses; None: the word is not known. `more`: the tenant's own."""
    folded = folded_word(word)
    return more.get(folded) or STATUS_WORDS.get(folded)


def today_in(zone: str, now: datetime, otherwise: tzinfo) -> date:
    """The day that it is where the person is."""
    try:
        return now.astimezone(ZoneInfo(zone) if zone else otherwise).date()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return now.astimezone(otherwise).date()


def facts_of(worker: Worker, status: str, today: date) -> Iterator[AccountFact | PlannedFact]:
    """What holds today, and what is planned. `status`: as `status_of` found it, for today."""
    holding = [each for each in worker.stretches if _holds(each, today)]
    holding.sort(key=lambda each: each.since or date.min)
    attributes, manager, dated = dict(worker.attributes), worker.manager, dict[str, str]()
    for each in holding:
        attributes |= each.attributes
        manager = manager if each.manager is None else each.manager
        names = [*each.attributes, *([] if each.manager is None else [MANAGER])]
        if each.since:
            dated |= dict.fromkeys(names, each.since.isoformat())
    kept = {name: value for name, value in attributes.items() if value not in ("", None, [])}
    yield AccountFact(
        native_id=worker.native_id,
        login="",
        email=worker.email,
        name=worker.name,
        status=status,
        title=str(kept.get("title", "")),
        worker_type=worker.worker_type,
        manager_ref=manager,
        employee_number=worker.employee_number,
        start_date=worker.start,
        end_date=worker.end,
        time_zone=worker.zone,
        attributes=kept,
        created=None,
        updated=worker.updated,
        state=status,
        dated=_first_days(worker, kept, manager, dated, today),
    )
    yield from sorted(_planned(worker, attributes, manager, today), key=_when)[:MOST_PLANNED]


def _holds(stretch: Stretch, day: date) -> bool:
    return (stretch.since or date.min) <= day < (stretch.until or date.max)


def _first_days(
    worker: Worker, kept: Mapping[str, Value], manager: str, dated: Mapping[str, str], today: date
) -> dict[str, str]:
    """Since when each value has been so: a new row that says the same again begins nothing."""
    earlier = sorted(
        (each for each in worker.stretches if each.since and each.since <= today),
        key=lambda each: each.since or date.min,
        reverse=True,
    )
    found = {name: day for name, day in dated.items() if name == MANAGER or name in kept}
    for name in found:
        now = manager if name == MANAGER else kept[name]
        for each in earlier:
            value = each.manager if name == MANAGER else each.attributes.get(name)
            if value != now:
                break
            found[name] = (each.since or today).isoformat()
    return found


def _planned(
    worker: Worker, attributes: Mapping[str, Value], manager: str, today: date
) -> Iterator[PlannedFact]:
    latest: dict[str, Value] = {**attributes, MANAGER: manager}
    coming = (each for each in worker.stretches if each.since and each.since > today)
    by_day: dict[date, dict[str, Value]] = {}
    for each in sorted(coming, key=lambda each: each.since or date.max):
        values = by_day.setdefault(each.since or date.max, {})
        values |= each.attributes
        if each.manager is not None:
            values[MANAGER] = each.manager
    for day, values in by_day.items():
        for name, value in values.items():
            if value != latest.get(name, ""):
                latest[name] = value
                yield PlannedFact(worker.native_id, name, _text(value), day)
    if worker.start and worker.start > today:
        yield PlannedFact(worker.native_id, STATUS, "active", worker.start)
    if worker.end and worker.end > today:
        yield PlannedFact(worker.native_id, STATUS, "ended", worker.end)


def _text(value: Value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _when(planned: PlannedFact) -> tuple[date, str]:
    return planned.valid_from, planned.attribute
