"""Persons with their employments as workers, and as members of org units."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact, AssignmentFact, PlannedFact, Value
from orgmodel.reports import Reference, Report
from orgmodel.sources.hr_records import MANAGER, Stretch, Worker, facts_of, status_of, today_in
from orgmodel.sources.json_records import Record, key, parts, text
from orgmodel.sources.record_problems import BadRecord
from orgmodel.sources.values import NAME, clean

from .employments import Employment, Employments, employment, standing
from .fields import OF_A_WORKER, CustomFields
from .units import MOST_UNKNOWN, OrgUnits, native_id

PATH = "/v2/persons"
TITLE = "title"


@dataclass(frozen=True, slots=True)
class Person:
    """What one person comes to."""

    facts: Sequence[AccountFact | PlannedFact]
    assignments: Sequence[AssignmentFact]
    late: bool
    """Called active although the last day is over: the days count."""
    hidden: frozenset[str]
    """Kinds of which something about this person is not shown: attribute, manager, assignment."""


class People:
    """Makes facts of persons. Personio gives no time zones: the one of the settings counts otherwise."""

    def __init__(
        self, conventions: Conventions, units: OrgUnits, fields: CustomFields, report: Report, now: datetime
    ) -> None:
        self._words, self._zone = conventions.csv.status_words, conventions.notify.time_zone
        self._units, self._fields, self._report, self._now = units, fields, report, now

    def person(self, found: Record, rows: Sequence[object]) -> Person:
        """One person. `rows`: the employments as their list has them. Raises BadRecord."""
        own = _required(found)
        custom = self._fields.values(found)
        special = {name: _plain(custom.pop(name, "")) for name in OF_A_WORKER}
        today = today_in(special["time_zone"], self._now, self._zone)
        if not rows:
            return self._without_employment(found, custom, special, today)
        stands = standing([employment(each, self._words) for each in rows], today)
        main = stands.main
        worker = Worker(
            native_id=own,
            name=_name(found),
            email=key(found, "email"),
            employee_number=special["employee_number"],
            worker_type=special["worker_type"],
            zone=special["time_zone"],
            start=main.start,
            end=stands.end,
            attributes={**self._attributes(own, main), **custom},
            manager=_other_than(own, special["manager"] or (self._supervisor(main) or "")),
            stretches=[self._stretch(own, each) for each in stands.later],
        )
        status = main.status_on(today)
        return Person(
            list(facts_of(worker, status, today)),
            list(self._assignments(own, stands)),
            late=status in {"active", "leave", "garden_leave"} and main in stands.past,
            hidden=frozenset(self._hidden(main)),
        )

    def _hidden(self, main: Employment) -> Iterator[str]:
        types = self._units.types.kinds
        if self._supervisor(main) is None and MANAGER not in self._fields.fields:
            yield "manager"
        if (main.title is None and TITLE not in self._fields.fields) or (
            types and (main.units is None or not self._units.visible)
        ):
            yield "attribute"
        if main.units is None:
            yield "assignment"
        unnamed = (not self._units.name(*each) for each in main.units or () if each[0] in types)
        if any(unnamed):
            yield "attribute"

    def _without_employment(
        self, found: Record, custom: dict[str, Value], special: dict[str, str], today: date
    ) -> Person:
        if parts(found, "employments"):
            raise BadRecord("names employments, and their list holds none")
        word = text(found, "status")
        status = status_of(word, self._words) if word else None
        if status is None:
            raise BadRecord("has no employment, and no status that is known")
        worker = Worker(
            native_id=key(found, "id"),
            name=_name(found),
            email=key(found, "email"),
            employee_number=special["employee_number"],
            worker_type=special["worker_type"],
            zone=special["time_zone"],
            attributes=custom,
            manager=_other_than(key(found, "id"), special["manager"]),
        )
        return Person(list(facts_of(worker, status, today)), [], late=False, hidden=frozenset())

    def _supervisor(self, each: Employment) -> str | None:
        """The supervisor, unless a custom attribute names the manager; None: not shown, or not wanted."""
        return None if MANAGER in self._fields.fields else each.supervisor

    def _attributes(self, person: str, each: Employment) -> dict[str, Value]:
        found: dict[str, Value] = {}
        if each.title is not None and TITLE not in self._fields.fields:
            found[TITLE] = each.title
        if each.units is None or not self._units.visible:
            return found
        for type_, attribute in self._units.types.attributes.items():
            names = [*self._names(person, each, type_)]
            if all(names):
                found[attribute] = "" if not names else names[0] if len(names) == 1 else [*names]
        return found

    def _names(self, person: str, each: Employment, type_: str) -> Iterator[str]:
        for of_type, unit in each.units or ():
            if of_type != type_:
                continue
            name = self._units.name(type_, unit)
            if not name and len(self._report.unknown) < MOST_UNKNOWN:
                self._report.unknown.append(
                    Reference(PATH, person, "org_units", "unit", native_id(type_, unit))
                )
            yield name

    def _stretch(self, person: str, each: Employment) -> Stretch:
        supervisor = self._supervisor(each)
        manager = None if supervisor is None else _other_than(person, supervisor)
        return Stretch(each.start, each.end, self._attributes(person, each), manager)

    def _assignments(self, person: str, stands: Employments) -> Iterator[AssignmentFact]:
        """No day since when: that of the employment is not that of the team."""
        given = set[str]()
        if not self._units.visible:
            return
        for each in (*(stands.current or stands.coming[:1]), *stands.later):
            since = each.start if each in stands.later else None
            kind = "primary" if each is stands.main or each in stands.later else "secondary"
            for type_, unit in each.units or ():
                named = native_id(type_, unit)
                if type_ in self._units.types.kinds and (since is not None or named not in given):
                    given.add(named)
                    yield AssignmentFact(person, named, kind, since, each.end)


def _required(found: Record) -> str:
    own = key(found, "id")
    if not own:
        raise BadRecord("has no id")
    if not _name(found):
        raise BadRecord("has neither a name nor an e-mail address")
    return own


def _name(found: Record) -> str:
    """A preferred name of several words is a whole name; of one word it stands for the first names."""
    first, last = text(found, "first_name", NAME), text(found, "last_name", NAME)
    preferred = text(found, "preferred_name", NAME)
    if len(preferred.split()) > 1:
        return preferred
    return " ".join(filter(None, (preferred or first, last)))[:NAME] or text(found, "email", NAME)


def _other_than(person: str, manager: str) -> str:
    """Who is their own supervisor has none."""
    return "" if manager == person else manager


def _plain(value: Value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else clean(value, NAME)
