"""One person of HiBob: record, work rows and lifecycle rows become a Worker and its status."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.facts import Value
from orgmodel.sources.hr_records import Stretch, Worker, status_of, today_in
from orgmodel.sources.record_problems import BadRecord
from orgmodel.sources.values import NAME, clean, day

from .fields import ID, MANAGER, Fields, found, id_of, label
from .labels import Labels, Unresolved
from .tables import Stage, word_on

HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class Person:
    """One person as HiBob has them, and what the status word means on this day."""

    worker: Worker
    status: str
    today: date


@dataclass(frozen=True)
class People:
    """Makes persons of records. `now`: the moment of the read."""

    fields: Fields
    labels: Labels
    conventions: Conventions
    now: datetime

    def person(
        self, record: Mapping[str, Any], stretches: Sequence[Stretch], stages: Sequence[Stage]
    ) -> Person:
        """Raises BadRecord."""
        native_id = id_of(found(record, ID)[1])
        if not native_id:
            raise BadRecord(f"{ID} is no id")
        zone = self._text(record, "time_zone")
        today = today_in(zone, self.now, self.conventions.notify.time_zone)
        start, end = period(stages, self._day(record, "start_date"), self._day(record, "end_date"))
        email = self._text(record, "email")
        manager = id_of(found(record, self.fields.by_name[MANAGER])[1])
        worker = Worker(
            native_id=native_id,
            name=self._text(record, "name") or email or native_id,
            email=email,
            employee_number=self._text(record, "employee_number"),
            worker_type=self._label(record, "worker_type"),
            start=start,
            end=end,
            zone=zone,
            attributes={name: self._value(record, name) for name in self.fields.attributes},
            manager="" if manager == native_id else manager,
            stretches=[_without_self(each, native_id) for each in stretches],
        )
        counting = until_last_day(stages, end, today)
        return Person(worker, self._status(record, counting, start, today), today)

    def _status(
        self, record: Mapping[str, Any], stages: Sequence[Stage], start: date | None, today: date
    ) -> str:
        word = word_on(stages, today) or self._text(record, "status")
        if not word:
            raise BadRecord("HiBob gives no lifecycle status")
        status = status_of(HUMP.sub(" ", word), self.conventions.csv.status_words)
        if status is None:
            raise BadRecord("the lifecycle status is no known word; csv.status_words can say what it means")
        # Who comes back on a later day is no leaver any more.
        return "pending" if status == "ended" and start is not None and start > today else status

    def _raw(self, record: Mapping[str, Any], name: str) -> Any:
        path = self.fields.by_name.get(name)
        return found(record, path)[1] if path else None

    def _text(self, record: Mapping[str, Any], name: str) -> str:
        raw = self._raw(record, name)
        return "" if isinstance(raw, bool) else clean(raw, NAME).strip()

    def _day(self, record: Mapping[str, Any], name: str) -> date | None:
        raw = self._raw(record, name)
        made = day(raw)
        if made is None and isinstance(raw, str) and raw.strip() and not _no_day(raw):
            raise BadRecord(f"{self.fields.by_name[name]} is no day such as 2026-03-01")
        return made

    def _label(self, record: Mapping[str, Any], name: str) -> str:
        value = self._value(record, name) if name in self.fields.by_name else ""
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    def _value(self, record: Mapping[str, Any], name: str) -> Value:
        path = self.fields.by_name[name]
        try:
            return self.labels.value(path, found(record, path)[1], label(record, path))
        except Unresolved:
            raise BadRecord(f"{path} holds an id that is no item of its list") from None


def period(
    stages: Sequence[Stage], start: date | None, last_day: date | None
) -> tuple[date | None, date | None]:
    """First day of the last employment, and the first day on which it is over (None: open).

    A row that ends nothing after one that ended is a return. An end before the beginning is history.
    """
    left: date | None = None
    ended = False
    for each in stages:
        ended = _ends(each)
        if ended:
            left = each.since
        elif left is not None and (start is None or start <= left):
            start = each.since
    end = last_day + timedelta(days=1) if last_day else left if ended else None
    return start, None if end and start and end <= start else end


def until_last_day(stages: Sequence[Stage], end: date | None, today: date) -> Sequence[Stage]:
    """On the last day the rows before the one that ends employment on that day: it still counts."""
    if end is None or end - timedelta(days=1) != today:
        return stages
    return [each for each in stages if each.since != today or not _ends(each)]


def _ends(stage: Stage) -> bool:
    return status_of(HUMP.sub(" ", stage.word), {}) == "ended"


def _without_self(stretch: Stretch, native_id: str) -> Stretch:
    """Nobody reports to themselves."""
    if stretch.manager != native_id:
        return stretch
    return Stretch(stretch.since, stretch.until, stretch.attributes, "")


def _no_day(text: str) -> bool:
    """Whether a year stands there that means *no end* or *no date*."""
    return text.strip().startswith(("9999-", "0000-", "0001-", "1753-", "1899-", "1900-"))
