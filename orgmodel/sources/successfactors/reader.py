"""A full read of SuccessFactors: employments, all rows of their jobs, and the units that they name."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact, AssignmentFact, Fact, PlannedFact, UnitFact
from orgmodel.marks import Covered, Unreadable
from orgmodel.reports import Problem, Reference, Report, SourceFailed
from orgmodel.sources.basic_login import BasicLogin
from orgmodel.sources.hr_records import facts_of, today_in
from orgmodel.sources.json_api import HIDDEN, Gone, NotVisible
from orgmodel.sources.json_records import record
from orgmodel.sources.record_problems import MOST_ODD, MOST_SHOWN, BadRecord, RecordProblems
from orgmodel.sources.references import Register

from . import fields as names
from .employments import Employments, Filled
from .entities import Entities
from .fields import UNITS, Fields
from .people import People, Person, unit_id
from .units import UnitRow, unit_of, unit_row
from .wire import key

WHERE = "the list of employments"
BATCH = 2000


class SuccessFactorsReader:
    """One read. `units`: there is no control plane, so departments and divisions are units.

    Further arguments (`sleep`, `jitter`, `transport` …) go to the HttpClient.
    """

    source = "hris"

    def __init__(
        self, login: BasicLogin, conventions: Conventions, now: datetime, *, units: bool, **client: Any
    ) -> None:
        self.report = Report()
        self._login, self._client = login, client
        self._conventions, self._now, self._units = conventions, now, units
        self._problems = RecordProblems(self.report, WHERE)
        self._rows: dict[str, dict[str, list[UnitRow]]] = {}
        """Kind of unit → code → dated rows."""

    def batches(self) -> Iterator[Sequence[Fact]]:
        """Units, accounts, what is planned, assignments. Raises SourceFailed."""
        fields = Fields.by(self._conventions)
        entities = Entities(self._login, **self._client)
        employments = Employments(fields, self._conventions.csv.status_words, self._problems)
        try:
            self._read_people(entities, fields, employments)
            for kind in fields.units:
                self._rows[kind] = self._read_units(entities, fields, kind)
        finally:
            self.report.calls = entities.calls
            entities.close()
        if self._units:
            yield list(self._unit_facts(fields, employments))
        yield from self._people(fields, employments)
        seen = "unit" not in self.report.not_visible
        yield [Covered(kind) for kind in ("account", "assignment", "planned", *(["unit"] if seen else []))]
        yield self._problems.marks()
        yield [Unreadable("unit", each.record) for each in self.report.problems if each.kind == "unit"]

    def _today(self, zone: str) -> date:
        return today_in(zone, self._now, self._conventions.notify.time_zone)

    def _read_people(self, entities: Entities, fields: Fields, employments: Employments) -> None:
        of_employments = Filled(fields.employments(), [names.FIRST], fields.given.values())
        of_jobs = Filled(fields.jobs(), [names.MANAGER, names.STATUS], fields.given.values())
        try:
            employments.take(of_employments.seen(entities))
            employments.take_jobs(of_jobs.seen(entities))
        except HIDDEN as why:
            raise SourceFailed(
                f"The employments cannot be read; nothing was applied. {why} Check HRIS_URL, and that the"
                " role covers Employee Central and the people whom Sightline is to see."
            ) from why
        of_employments.require()
        of_jobs.require()

    def _read_units(self, entities: Entities, fields: Fields, kind: str) -> dict[str, list[UnitRow]]:
        entity = fields.units[kind]
        try:
            rows = list(entities.rows(fields.unit_rows(kind)))
        except NotVisible as why:
            self.report.not_visible["unit"] = str(why)
            return {}
        except Gone as why:
            if UNITS.get(kind) != entity:
                raise SourceFailed(
                    f"{why} Check people.reports.{kind} in sightline.toml, too; nothing was applied."
                ) from why
            return {}  # A tenant without divisions has no such foundation object.
        found: dict[str, dict[UnitRow, None]] = {}
        odd: set[str] = set()
        for row in rows:
            code = ""
            try:
                code = key(record(row), names.CODE)
                found.setdefault(code, {})[unit_row(row)] = None
            except BadRecord as why:
                native = unit_id(entity, code) if code else ""
                self.report.problems.append(Problem(f"the list {entity}", native, str(why), "unit"))
                odd.add(native)
        if len(odd) > max(len(found) * MOST_ODD, 1):
            raise SourceFailed(
                f"{entity}: {len(odd)} units cannot be read, more than a tenth; nothing of it is applied. The"
                " problems name record and reason."
            )
        return {code: list(same) for code, same in found.items() if unit_id(entity, code) not in odd and same}

    def _unit_facts(self, fields: Fields, employments: Employments) -> Iterator[UnitFact]:
        today = self._today("")
        for kind, codes in self._rows.items():
            entity = fields.units[kind]
            where, parents = f"the list {entity}", Register("parent", "unit")
            for rows in codes.values():
                unit = unit_of(kind, entity, rows, employments.person_of, today)
                parents.add(where, unit.native_id, unit.parent)
                if unit.lead and unit.lead not in employments.of:
                    self._unknown(where, unit.native_id, "headOfUnit", "lead", unit.lead)
                yield unit
            self.report.problems += parents.problems()
            self.report.unknown += parents.unknown()

    def _labels(self, fields: Fields) -> dict[str, dict[str, str]]:
        """Attribute → code → what the unit is called today."""
        today = self._today("")
        return {
            fields.attributes[kind]: {
                code: unit_of(kind, fields.units[kind], rows, {}, today).name for code, rows in codes.items()
            }
            for kind, codes in self._rows.items()
        }

    def _people(self, fields: Fields, employments: Employments) -> Iterator[Sequence[Fact]]:
        accounts: list[AccountFact] = []
        planned: list[PlannedFact] = []
        places: list[AssignmentFact] = []
        # Where the record places people, what it plans is a later assignment.
        placed = {*fields.attributes.values()} if self._units else set()
        people = People(fields, self._labels(fields), employments.person_of, self._today)
        managers = Register(names.MANAGER, "manager")
        for native, held in employments.of.items():
            person = self._person(people, native, held)
            if person is None:
                continue
            for fact in facts_of(person.worker, person.status, self._today(person.worker.zone)):
                if isinstance(fact, AccountFact):
                    accounts.append(fact)
                    managers.add(WHERE, native, fact.manager_ref)
                elif fact.attribute not in placed:
                    planned.append(fact)
            if self._units:
                places += person.places
        self.report.problems += managers.problems()
        self.report.unknown += managers.unknown()
        self._problems.require_few(len(accounts))
        self._require_seen(fields, places)
        for facts in (accounts, planned, places):
            for first in range(0, len(facts), BATCH):
                yield facts[first : first + BATCH]

    def _person(self, people: People, native: str, held: dict[str, Any]) -> Person | None:
        if native in self._problems:
            return None
        try:
            return people.person(native, list(held.values()))
        except BadRecord as why:
            self._problems.odd(native, str(why))
            return None

    def _require_seen(self, fields: Fields, places: list[AssignmentFact]) -> None:
        """Units that jobs name and of which the list has none at all are not visible, rather than gone."""
        known = {unit_id(fields.units[kind], code) for kind, codes in self._rows.items() for code in codes}
        for place in places:
            entity = place.unit.partition(":")[0]
            kind = next(kind for kind, name in fields.units.items() if name == entity)
            if not self._rows[kind]:
                reason = (
                    f"{entity}: jobs name some, and the list is empty; let the role of HRIS_USER see them."
                )
                self.report.not_visible.setdefault("unit", reason)
            elif place.unit not in known:
                self._unknown(WHERE, place.person, kind, "unit", place.unit)

    def _unknown(self, where: str, record_: str, column: str, kind: Any, named: str) -> None:
        if len(self.report.unknown) < MOST_SHOWN:
            self.report.unknown.append(Reference(where, record_, column, kind, named))
