"""HR records with their dated rows, units, and the CSV feed of the contract."""

import csv
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path


@dataclass
class HrPerson:
    """One HR record. `okta`: the id of the Okta user it is imported into."""

    id: str
    email: str
    name: str
    title: str
    worker_type: str
    employee_number: str
    start_date: date
    manager_id: str
    team: str
    department: str
    specialisation: str
    status: str = "active"
    """active, leave, garden_leave, pending (has not started) or ended."""
    time_zone: str = "Europe/Berlin"
    end_date: date | None = None
    okta: str = ""


@dataclass
class HrUnit:
    """One record of the control plane."""

    id: str
    kind: str
    name: str
    slug: str
    parent_id: str = ""
    lead_id: str = ""
    active: bool = True
    active_from: date | None = None
    active_to: date | None = None
    merged_into: str = ""


@dataclass(slots=True)
class HrAssignment:
    """Somebody belongs to a unit from a day until the first day it no longer holds."""

    person_id: str
    unit_id: str
    valid_from: date
    valid_to: date | None = None
    kind: str = "primary"


@dataclass(frozen=True, slots=True)
class HrRow:
    """What HR keeps with dates: from a day until the first day on which it no longer holds (None: open)."""

    since: date
    until: date | None
    title: str
    team: str
    department: str
    specialisation: str
    manager_id: str


def row_of(person: HrPerson, since: date, **values: str) -> HrRow:
    """The record as it stands as an open row from this day, or with other values."""
    row = HrRow(
        since, None, person.title, person.team, person.department, person.specialisation, person.manager_id
    )
    return replace(row, **values)  # type: ignore[arg-type]  # all that are given are texts


def add_row(held: list[HrRow], row: HrRow) -> None:
    """Write a row behind those of one person, oldest first; what it takes the place of ends with it.

    On the same day the later word counts; a row that says nothing new is not kept.
    """
    while held and held[-1].since >= row.since:
        held.pop()
    if held and replace(held[-1], since=row.since, until=None) == row:
        held[-1] = replace(held[-1], until=None)
        return
    if held:
        held[-1] = replace(held[-1], until=row.since)
    held.append(row)


@dataclass
class Records:
    """All that a pretend HR system serves: the very objects that a company, or a test, goes on changing."""

    people: dict[str, HrPerson] = field(default_factory=dict)
    units: dict[str, HrUnit] = field(default_factory=dict)
    assignments: dict[str, list[HrAssignment]] = field(default_factory=dict)
    rows: dict[str, list[HrRow]] = field(default_factory=dict)
    """Person → past, current and future rows, oldest first."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    lock: AbstractContextManager[object] = field(default_factory=threading.RLock)

    def add(self, person: HrPerson, *rows: HrRow) -> HrPerson:
        """A record, with its rows if it has more than the one since its first day."""
        self.people[person.id] = person
        if rows:
            self.rows[person.id] = list(rows)
        return person

    def rows_of(self, person: HrPerson) -> list[HrRow]:
        """The dated rows of a record, oldest first; at least one."""
        return self.rows.get(person.id) or [row_of(person, person.start_date)]

    def current(self, person: HrPerson) -> HrRow:
        """The row that holds today; before the first day the first one."""
        today = self.now().date()
        rows = self.rows_of(person)
        return next((each for each in reversed(rows) if each.since <= today), rows[0])


PEOPLE = (
    "id",
    "email",
    "name",
    "title",
    "worker_type",
    "status",
    "start_date",
    "end_date",
    "manager_id",
    "time_zone",
    "employee_number",
    "team",
    "department",
    "specialisation",
)
UNITS = (
    "id",
    "kind",
    "name",
    "slug",
    "parent_id",
    "lead_id",
    "active",
    "active_from",
    "active_to",
    "merged_into",
)
ASSIGNMENTS = ("person_id", "unit_id", "kind", "valid_from", "valid_to")


def reassign(held: list[HrAssignment], person_id: str, unit_id: str, day: date) -> None:
    """Somebody belongs to another unit from this day on; `held` are their assignments, oldest first.

    An assignment that would last no day is not kept, one that ended today goes on, and what was to begin
    on a later day is corrected from that day.
    """
    if held and held[-1].unit_id == unit_id:
        return
    if held and held[-1].valid_from >= day:
        day = held.pop().valid_from
    elif held:
        held[-1].valid_to = day
    if held and held[-1].unit_id == unit_id and held[-1].valid_to == day:
        held[-1].valid_to = None
    else:
        held.append(HrAssignment(person_id, unit_id, day))


def write_feed(
    folder: Path,
    people: Iterable[HrPerson],
    units: Iterable[HrUnit],
    assignments: Iterable[HrAssignment] = (),
) -> None:
    """people.csv, units.csv and assignments.csv, each replaced in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "people.csv", PEOPLE, people)
    _write(folder / "units.csv", UNITS, units)
    _write(folder / "assignments.csv", ASSIGNMENTS, assignments)


def _write(path: Path, columns: Sequence[str], records: Iterable[object]) -> None:
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines)
        table.writerow(columns)
        for record in records:
            table.writerow(_cell(_last_day(record, column)) for column in columns)
        lines.flush()
        os.fsync(lines.fileno())
    draft.replace(path)


_ENDS = {"end_date": "start_date", "active_to": "active_from", "valid_to": "valid_from"}


def _last_day(record: object, column: str) -> object:
    """The value; a feed names the last day that counts, the records the first that does not."""
    value = getattr(record, column)
    if column not in _ENDS or value is None:
        return value
    first = getattr(record, _ENDS[column])
    last = value - timedelta(days=1)
    return max(first, last) if first else last


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
