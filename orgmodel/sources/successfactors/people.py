"""People of their employments, and each employment of its dated jobs.

A person who comes back, or who has two contracts, has several employments with a user id each.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from orgmodel.facts import AssignmentFact, Value
from orgmodel.sources.hr_records import Stretch, Worker, status_of
from orgmodel.sources.job_timeline import Job, timeline
from orgmodel.sources.record_problems import BadRecord
from orgmodel.sources.values import NAME as LONGEST_NAME

from . import fields as names
from .fields import Fields
from .wire import Row, day, first_day_out, key, text, value

NO_MANAGER = "NO_MANAGER"
STATUSES: Mapping[str, str] = {
    "a": "active",
    "u": "leave",
    "p": "leave",
    "f": "leave",
    "s": "suspended",
    "t": "ended",
    "r": "ended",
    "o": "ended",
}
"""External codes of the standard picklist: unpaid and paid leave, furlough, retired, discarded."""


CONTINGENT = {"true": "Contingent Worker", "false": "Employee"}


@dataclass(frozen=True, slots=True)
class JobRow:
    """One dated row of an employment."""

    since: date
    until: date | None
    sequence: int
    attributes: Mapping[str, Value]
    manager: str
    """A user id; empty: nobody."""
    status: str | None
    """In our words; None: the word is not known."""
    worker_type: str


@dataclass(slots=True)
class Employment:
    """One employment of a person, from its first day until the first day that is none of it."""

    user: str
    start: date | None
    end: date | None
    name: str
    email: str
    number: str
    zone: str
    worker_type: str
    rows: list[JobRow] = field(default_factory=list)

    def on(self, today: date) -> JobRow | None:
        """The row that holds on a day."""
        found = (row for row in self.rows if row.since <= today < (row.until or date.max))
        return next(found, None)

    def holds(self, today: date) -> bool:
        """Whether the employment has begun and is not over."""
        return (self.start or date.min) <= today < (self.end or date.max)


def employment_of(row: Row, fields: Fields) -> Employment:
    """Raises BadRecord."""
    of = fields.of_employment
    user = key(row, names.USER)
    if not user:
        raise BadRecord(f"{names.USER} is missing")
    first, last = (text(row, path, LONGEST_NAME) for path in names.NAMES[1:])
    start, end = day(row, names.FIRST), first_day_out(day(row, names.LAST))
    if start and end and end <= start:
        raise BadRecord(f"{names.LAST} is before {names.FIRST}")
    contingent = value(row, names.CONTINGENT)
    return Employment(
        user=user,
        start=start,
        end=end,
        name=text(row, of["name"], LONGEST_NAME) or f"{first} {last}".strip(),
        email=text(row, of["email"]),
        number=key(row, of["employee_number"]) if of["employee_number"] else "",
        zone=text(row, of["time_zone"], LONGEST_NAME),
        worker_type=CONTINGENT.get(str(contingent).casefold(), ""),
    )


def job_of(row: Row, fields: Fields, words: Mapping[str, str]) -> JobRow:
    """Raises BadRecord. `words`: the tenant's own for a status."""
    since, until = day(row, names.FIRST), first_day_out(day(row, names.LAST))
    if since is None:
        raise BadRecord(f"{names.FIRST} is missing")
    if until and until <= since:
        raise BadRecord(f"{names.LAST} is before {names.FIRST}")
    sequence = text(row, names.SEQUENCE) or "1"
    if not sequence.isdecimal():
        raise BadRecord(f"{names.SEQUENCE} is no number")
    manager = key(row, names.MANAGER)
    attributes: dict[str, Value] = {name: text(row, path) for name, path in fields.of_job.items()}
    return JobRow(
        since=since,
        until=until,
        sequence=int(sequence),
        worker_type=str(attributes.pop(names.WORKER_TYPE, "")),
        attributes=attributes,
        manager="" if manager == NO_MANAGER else manager,
        status=_status(row, words),
    )


def _status(row: Row, words: Mapping[str, str]) -> str | None:
    """The code of the picklist is the same in every tenant; the id of its option is only the tenant's own."""
    code, option = text(row, names.STATUS_CODE).casefold(), text(row, names.STATUS)
    if not code and not option:
        return "active"
    if code and code not in words:
        return STATUSES.get(code) or (status_of(code, words) if len(code) > 1 else None)
    return words.get(code) or words.get(option.casefold())


def in_order(rows: Iterable[JobRow]) -> list[JobRow]:
    """Oldest first; of several on one day the last one counts, and each ends where the next one begins."""
    by_day: dict[date, JobRow] = {}
    for row in sorted(rows, key=lambda row: (row.since, row.sequence)):
        by_day[row.since] = row
    ordered = list(by_day.values())
    for at, following in enumerate(ordered[1:]):
        until = ordered[at].until
        ordered[at] = replace(ordered[at], until=min(until or following.since, following.since))
    return ordered


@dataclass(frozen=True, slots=True)
class Person:
    """One person with all employments: how they stand today, and where they belong."""

    worker: Worker
    status: str
    places: Sequence[AssignmentFact]


class People:
    """Makes people. `labels`: attribute → code → the name of the unit; `today`: in a time zone by name."""

    def __init__(
        self,
        fields: Fields,
        labels: Mapping[str, Mapping[str, str]],
        person_of: Mapping[str, str],
        today: Callable[[str], date],
    ) -> None:
        self._fields, self._labels, self._person_of, self._today = fields, labels, person_of, today

    def person(self, native: str, employments: Sequence[Employment]) -> Person:
        """Raises BadRecord where it cannot be told how the person stands."""
        today = self._today(employments[0].zone)
        ordered = sorted(employments, key=lambda each: _rank(each, today))
        primary = ordered[0]
        if not primary.name:
            raise BadRecord("has no name; the login may not see the fields of userNav")
        holding = [each for each in ordered if each.holds(today)] or [primary]
        row = primary.on(today)
        ends = [each.end for each in holding]
        worker = Worker(
            native_id=native,
            name=primary.name,
            email=primary.email,
            employee_number=primary.number,
            worker_type=(row.worker_type if row else "") or primary.worker_type,
            start=min((each.start for each in holding if each.start), default=None),
            end=None if None in ends else max(filter(None, ends)),
            zone=primary.zone,
            stretches=timeline([*self._jobs(ordered)], self._fields.of_units),
        )
        return Person(worker, _standing(primary, row, today), [*self._places(native, ordered)])

    def _jobs(self, ordered: Sequence[Employment]) -> Iterator[Job]:
        for over in (False, True):
            for each in ordered:
                rows = [part for row in each.rows for part, gone in _parts(each, row) if gone is over]
                if rows:
                    yield Job([self._stretch(row) for row in rows], over)

    def _stretch(self, row: JobRow) -> Stretch:
        attributes: dict[str, Value] = {}
        for name, code in row.attributes.items():
            attributes[name] = self._labels.get(name, {}).get(str(code), code)
        return Stretch(row.since, row.until, attributes, self._person_of.get(row.manager, row.manager))

    def _places(self, native: str, ordered: Sequence[Employment]) -> Iterator[AssignmentFact]:
        """The units of every employment, each from the day on which the first of its rows begins there."""
        taken: set[tuple[str, date, date | None]] = set()
        for nth, employment in enumerate(ordered):
            rows = [part for row in employment.rows for part, over in _parts(employment, row) if not over]
            for kind, attribute in self._fields.attributes.items():
                for code, since, until in _held(rows, attribute):
                    unit = unit_id(self._fields.units[kind], code)
                    if (unit, since, until) not in taken:
                        taken.add((unit, since, until))
                        yield AssignmentFact(native, unit, "secondary" if nth else "primary", since, until)


def unit_id(entity: str, code: str) -> str:
    """Codes are unique within one foundation object only."""
    return f"{entity}:{code}"


def _parts(employment: Employment, row: JobRow) -> Iterator[tuple[JobRow, bool]]:
    """The row within the employment, and what of it lies behind the last day (or says that it is over)."""
    if row.status == "ended":
        yield row, True
        return
    end = employment.end
    if end is None or (row.until is not None and row.until <= end):
        yield row, False
    elif row.since >= end:
        yield row, True
    else:
        yield replace(row, until=end), False
        yield replace(row, since=end), True


def _held(rows: Sequence[JobRow], attribute: str) -> list[tuple[str, date, date | None]]:
    found: list[tuple[str, date, date | None]] = []
    for row in rows:
        code = str(row.attributes.get(attribute, ""))
        if code and found and found[-1][0] == code and found[-1][2] == row.since:
            found[-1] = (code, found[-1][1], row.until)
        elif code:
            found.append((code, row.since, row.until))
    return found


def _rank(employment: Employment, today: date) -> tuple[int, int, str]:
    """What holds comes before what is to come, that before what is over; the oldest that holds is primary."""
    start, end = employment.start or date.min, employment.end or date.max
    if employment.holds(today):
        row = employment.on(today)
        return (1 if row and row.status == "ended" else 0, start.toordinal(), employment.user)
    if start > today:
        return 2, start.toordinal(), employment.user
    return 3, -end.toordinal(), employment.user


def _standing(primary: Employment, row: JobRow | None, today: date) -> str:
    if (primary.start or date.min) > today:
        return "pending"
    if not primary.holds(today):
        return "ended"
    if row is None:
        raise BadRecord("has no job today, though the employment goes on; the list of jobs may have shifted")
    if row.status is None:
        raise BadRecord("emplStatus is no known word; csv.status_words can say what it means")
    return row.status
