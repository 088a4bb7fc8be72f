"""One person of Humaans, with job roles and custom values, as a worker. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from orgmodel.facts import Scalar, Value
from orgmodel.sources.hr_records import Stretch, Worker, status_of, today_in
from orgmodel.sources.json_records import key, key_of
from orgmodel.sources.record_problems import BadRecord
from orgmodel.sources.source import Reading
from orgmodel.sources.values import NAME, SHORT, clean, day, kept_value

from .fields import TEAMS, Fields, tags_of

Row = Mapping[str, Any]
STARTS, ENDS = "employmentStartDate", "employmentEndDate"
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass
class Person:
    """What the answers hold of one person; job roles in any order."""

    listed: Row
    roles: list[Row] = field(default_factory=list)
    custom: dict[str, Any] = field(default_factory=dict)
    """Attribute → the value of its custom field."""

    @property
    def native_id(self) -> str:
        return key_of(self.listed)

    @property
    def zone(self) -> str:
        """The time zone where the person works."""
        return self.text("remoteTimezone") or self.text("timezone")

    @property
    def tagged(self) -> bool:
        """The teams can be seen: a person in none has an empty list."""
        return isinstance(self.listed.get(TEAMS), list)

    def text(self, name: str) -> str:
        """A field as text; null and absent are empty."""
        return clean(self.listed.get(name), NAME).strip()


def worker_of(person: Person, fields: Fields, reading: Reading) -> tuple[Worker, str, date]:
    """The worker, their status today, and the day that it is where they are. Raises BadRecord."""
    conventions = reading.conventions
    today = today_in(person.zone, reading.now, conventions.notify.time_zone)
    first = person.text("preferredName") or person.text("firstName")
    name = " ".join(filter(None, (first, person.text("lastName"))))[:NAME]
    if not name:
        raise BadRecord("has no name")
    start, last = _day(person.listed, STARTS), _day(person.listed, ENDS)
    # Who comes back has a new first day; the old end is history.
    end = None if last is None or (start and last < start) else last + timedelta(days=1)
    status = _status(person.text("status"), conventions.csv.status_words)
    worker = Worker(
        native_id=person.native_id,
        name=name,
        email=person.text("email"),
        employee_number=person.text("employeeId"),
        worker_type=person.text("contractType"),
        status=status,
        start=start,
        end=end,
        zone=person.zone,
        attributes=_attributes(person, fields),
        stretches=_stretches(person, fields, end),
    )
    return worker, "pending" if start and start > today and status == "active" else status, today


def unplaced(row: Row) -> bool:
    """Whether a job role has a first day that cannot be read; one without any holds from the first."""
    return row.get("effectiveDate") is not None and day(row.get("effectiveDate")) is None


def _status(word: str, more: Mapping[str, str]) -> str:
    """`newHire` and `new hire` are the same word; an unknown one never means *employed*."""
    found = status_of(word, more) or status_of(_HUMP.sub(" ", word), more) if word else None
    if found is None:
        raise BadRecord("status is no known word; csv.status_words can say what it means")
    return found


def _day(row: Row, name: str) -> date | None:
    """A day, or nothing where none is given or it stands for no end. Raises BadRecord."""
    raw = row.get(name)
    if raw in (None, ""):
        return None
    try:
        date.fromisoformat(str(raw).strip()[:10])
    except ValueError:
        raise BadRecord(f"{name} is not a date such as 2026-03-01") from None
    return day(raw)


def _attributes(person: Person, fields: Fields) -> dict[str, Value]:
    found: dict[str, Value | None] = {
        name: kept_value(person.listed.get(each)) for name, each in fields.people.items()
    }
    for name, value in person.custom.items():
        kept = kept_value(value)
        found[name] = _few(kept) if isinstance(kept, list) else kept
    found |= {name: _few(tags) for name, tags in tags_of(_tags(person), fields.tags).items()}
    return {name: value for name, value in found.items() if value is not None}


def _tags(person: Person) -> list[str]:
    raw = person.listed.get(TEAMS)
    rows = raw if isinstance(raw, list) else []
    tags = (clean(each.get("name") if isinstance(each, dict) else each, SHORT).strip() for each in rows)
    return list(dict.fromkeys(filter(None, tags)))


def _few(tags: Sequence[Scalar]) -> Value | None:
    """Of one tag its name, as a value of an attribute usually is; several are a list."""
    return tags[0] if len(tags) == 1 else list(tags) or None


def _stretches(person: Person, fields: Fields, end: date | None) -> list[Stretch]:
    """Job roles with their ends; what ends with the employment itself ends nothing of its own."""
    found = []
    for row in sorted(person.roles, key=_written):
        last = day(row.get("endDate"))
        until = last + timedelta(days=1) if last else None
        if until and end and until >= end:
            until = None
        found.append(Stretch(day(row.get("effectiveDate")), until, _of_role(row, fields), _manager(row)))
    return found


def _of_role(row: Row, fields: Fields) -> dict[str, Value]:
    found = {name: clean(row[each], NAME).strip() for name, each in fields.roles.items() if each in row}
    if "jobTitle" in row:
        found["title"] = clean(row["jobTitle"], NAME).strip()
    return dict(found)


def _manager(row: Row) -> str | None:
    return key(row, "reportingTo") if "reportingTo" in row else None


def _written(row: Row) -> tuple[str, str]:
    """Of two roles of one day the one that was written later counts."""
    return clean(row.get("createdAt"), SHORT), key_of(row)
