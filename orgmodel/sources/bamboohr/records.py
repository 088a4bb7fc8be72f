"""One employee of BambooHR, with their rows of the tables, as a worker. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.sources.hr_records import Stretch, Worker, status_of
from orgmodel.sources.json_records import key, key_of
from orgmodel.sources.record_problems import BadRecord
from orgmodel.sources.values import NAME, clean, day, kept_value

from . import fields
from .employment import AWAY, ENDED, employment, word_of
from .fields import Field

Row = Mapping[str, Any]
NO_DAYS = frozenset({"", "0000-00-00"})
"""How BambooHR writes that there is no date."""


@dataclass
class Employee:
    """What the answers hold of one employee; rows of the tables in any order."""

    listed: Row
    jobs: list[Row] = field(default_factory=list)
    employments: list[tuple[date, str]] = field(default_factory=list)

    @property
    def native_id(self) -> str:
        """BambooHR's own id, not the number that the company gives."""
        return key_of(self.listed, fields.ID)

    @property
    def restricted(self) -> frozenset[str]:
        """The fields that the key may not see of this employee."""
        found = self.listed.get(fields.RESTRICTED)
        return (
            frozenset(each for each in found if isinstance(each, str)) if isinstance(found, list) else NOTHING
        )

    @property
    def names(self) -> frozenset[str]:
        """How the table of jobs may call them."""
        first, preferred, last = (self.text(each) for each in (fields.FIRST, fields.PREFERRED, fields.LAST))
        return frozenset(_joined(each, last) for each in (first, preferred) if each)

    def text(self, name: str) -> str:
        """A field as text; null and absent are empty."""
        return clean(self.listed.get(name), NAME).strip()


NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reading:
    """What every employee is read by."""

    conventions: Conventions
    tracked: Mapping[str, Field]
    today: date
    named: Mapping[str, str]
    """Name → the id of the only employee who is called so."""


def date_row(row: Row) -> date | None:
    """The day since which a row of a table holds; None: it has none that can be read."""
    return day(row.get("date"))


def worker_of(employee: Employee, reading: Reading) -> tuple[Worker, str, str]:
    """The worker, their status today, and what contradicts itself in the record (empty: nothing).

    Raises BadRecord.
    """
    hidden = sorted(employee.restricted.intersection(fields.DECIDING))
    if hidden:
        raise BadRecord(f"the key may not see {', '.join(hidden)} of this employee")
    name = _joined(employee.text(fields.PREFERRED) or employee.text(fields.FIRST), employee.text(fields.LAST))
    if not name:
        raise BadRecord("has no name")
    start, end, employed_before = _days(employee, reading)
    status = _status(employee, reading, start, employed_before=employed_before)
    more = reading.conventions.csv.status_words
    kinds = [(since, word) for since, word in employee.employments if not status_of(word, more)]
    worker = Worker(
        native_id=employee.native_id,
        name=name,
        email=employee.text(fields.EMAIL),
        employee_number=employee.text(fields.NUMBER),
        worker_type=word_of(kinds, reading.today),
        start=start,
        end=end,
        attributes=_listed_attributes(employee, reading.tracked),
        manager=key(employee.listed, fields.MANAGER),
        stretches=_stretches(employee, reading),
    )
    over = status != ENDED and end is not None and end <= reading.today
    return (
        worker,
        status,
        "status says employed, and the employment has ended: the dates count" if over else "",
    )


def hidden_attributes(
    employee: Employee, tracked: Mapping[str, Field], columns: Collection[str]
) -> list[str]:
    """Attributes of this employee that the key cannot see. `columns`: all that the table of jobs shows."""
    own = {column for row in employee.jobs for column in row}
    restricted = employee.restricted
    found = [
        name
        for name, each in tracked.items()
        if each.column not in own
        and (each.listed in restricted or (each.listed not in employee.listed and each.column not in columns))
    ]
    return [*found, "title"] if fields.TITLE in restricted and fields.COLUMN_TITLE not in own else found


def _days(employee: Employee, reading: Reading) -> tuple[date | None, date | None, bool]:
    """First day, first day no longer there, and whether somebody was employed before that first day."""
    hired, left = (_deciding_day(employee, each) for each in (fields.HIRED, fields.LEFT))
    found = employment(employee.employments, reading.today, reading.conventions.csv.status_words)
    if found is None:
        return hired, None if hired and left and left <= hired else left, False
    start = hired or found.start if found.first else found.start
    # Who comes back has a new first day; the old end is history.
    return start, None if found.end and found.end <= start else found.end, not found.first


def _deciding_day(employee: Employee, name: str) -> date | None:
    raw = employee.listed.get(name)
    found = day(raw)
    if found is None and employee.text(name) not in NO_DAYS and day_is_odd(raw):
        raise BadRecord(f"{name} is not a date such as 2026-03-01")
    return found


def day_is_odd(raw: Any) -> bool:
    """Whether something stands where a day should, and it is none: not even one that means *no end*."""
    try:
        date.fromisoformat(str(raw).strip()[:10])
    except ValueError:
        return True
    return False


def _status(employee: Employee, reading: Reading, start: date | None, *, employed_before: bool) -> str:
    more = reading.conventions.csv.status_words
    word = employee.text(fields.STATUS)
    found = status_of(word, more) if word else None
    if found is None:
        raise BadRecord("status is no known word; csv.status_words can say what it means")
    if start and start > reading.today and not employed_before:
        return "pending"
    now = status_of(word_of(employee.employments, reading.today), more)
    return now if found == "active" and now in AWAY else found


def _listed_attributes(employee: Employee, tracked: Mapping[str, Field]) -> dict[str, Any]:
    found = {name: kept_value(employee.listed.get(each.listed)) for name, each in tracked.items()}
    found["title"] = employee.text(fields.TITLE)
    return {name: value for name, value in found.items() if value is not None}


def _stretches(employee: Employee, reading: Reading) -> list[Stretch]:
    """The rows of the table of jobs; of two of one day the one that was written later counts."""
    by_day: dict[date, Row] = {}
    for row in sorted(employee.jobs, key=_written):
        if (since := date_row(row)) is not None:
            by_day[since] = row
    days = sorted(by_day)
    now = max((each for each in days if each <= reading.today), default=None)
    label_now = _label(by_day[now]) if now else ""
    return [
        _stretch(by_day[since], since, until, employee, reading, label_now)
        for since, until in zip(days, [*days[1:], None], strict=False)
    ]


def _stretch(
    row: Row, since: date, until: date | None, employee: Employee, reading: Reading, label_now: str
) -> Stretch:
    attributes = {
        name: kept_value(row[each.column]) or ""
        for name, each in reading.tracked.items()
        if each.column in row
    }
    if fields.COLUMN_TITLE in row:
        attributes["title"] = clean(row[fields.COLUMN_TITLE], NAME)
    return Stretch(since, until, attributes, _manager(row, employee, reading, label_now))


def _manager(row: Row, employee: Employee, reading: Reading, label_now: str) -> str | None:
    """Whom a row means: it names people and gives no id, so only a name that one employee has counts."""
    if fields.MANAGER in employee.restricted or fields.COLUMN_MANAGER not in row:
        return None
    label = _label(row)
    if label == label_now:
        return key(employee.listed, fields.MANAGER)
    return reading.named.get(label) if label else ""


def _label(row: Row) -> str:
    return folded(clean(row.get(fields.COLUMN_MANAGER), NAME))


def folded(name: str) -> str:
    """A name as names are compared."""
    return " ".join(name.casefold().split())


def _joined(first: str, last: str) -> str:
    return " ".join(filter(None, (first, last)))[:NAME]


def _written(row: Row) -> tuple[int, str]:
    """Rows have rising numbers for ids."""
    found = key_of(row)
    return len(found), found


def only_names(employees: Sequence[Employee]) -> dict[str, str]:
    """Name → the id of the employee, for names that nobody else has."""
    found: dict[str, set[str]] = {}
    for each in employees:
        for name in each.names:
            found.setdefault(folded(name), set()).add(each.native_id)
    return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1}
