"""A full read of Workday: workers as of today, as of a later day where that can be asked, organisations."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact, AssignmentFact, Fact, PlannedFact, UnitFact
from orgmodel.marks import Covered, Unreadable
from orgmodel.reports import Problem, Reference, Report, SourceFailed
from orgmodel.sources.basic_login import BasicLogin
from orgmodel.sources.hr_records import facts_of, today_in
from orgmodel.sources.json_api import NotVisible
from orgmodel.sources.json_records import record
from orgmodel.sources.record_problems import MOST_SHOWN, BadRecord, RecordProblems
from orgmodel.sources.references import Register

from .columns import WorkerColumns, organisation_columns
from .organisations import Organisations
from .reports import ORGANISATIONS, WORKERS, ReportPlaces, Reports
from .workers import Person, Workers

WORKERS_REPORT, ORGANISATIONS_REPORT = "the workers report", "the organisations report"
BATCH = 2000


class WorkdayReader:
    """One read. `units`: there is no control plane, so the organisations are units.

    Further arguments (`sleep`, `jitter`, `transport` …) go to the HttpClient.
    """

    source = "hris"

    def __init__(
        self, login: BasicLogin, conventions: Conventions, now: datetime, *, units: bool, **client: Any
    ) -> None:
        self.report = Report()
        self._login, self._client = login, client
        self._conventions, self._now, self._units = conventions, now, units
        self._columns = WorkerColumns.by(conventions)
        self._problems = RecordProblems(self.report, WORKERS_REPORT)
        self._workers = Workers(self._columns, conventions.csv.status_words, self._today)
        self._known_units: dict[str, str] = {}
        """Organisation → the attribute whose kind of unit it is."""
        self._managers = Register("manager", "manager")
        self._managers_seen = True

    def batches(self) -> Iterator[Sequence[Fact]]:
        """Units, accounts, what is planned, assignments. Raises SourceFailed."""
        places = ReportPlaces.by(self._conventions.people_fields.reports)
        reports = Reports(self._login, self._client)
        try:
            self._read_workers(reports, places)
            read_units = self._units and places.organisations
            units = self._read_organisations(reports, places.organisations) if read_units else []
        finally:
            self.report.calls = reports.calls
            reports.close()
        yield units
        yield from self._people(assigned=bool(read_units))
        covered = ["account", "assignment", "planned"]
        if "unit" not in self.report.not_visible:
            covered.append("unit")
        yield [Covered(kind) for kind in covered]
        # What could not be read is marked for every kind of fact that the record speaks for.
        yield self._problems.marks()
        yield self._hidden_managers()
        yield [Unreadable("unit", each.record) for each in self.report.problems if each.kind == "unit"]

    def _today(self, zone: str) -> date:
        return today_in(zone, self._now, self._conventions.notify.time_zone)

    def _read_workers(self, reports: Reports, places: ReportPlaces) -> None:
        today = self._today("")
        try:
            rows = reports.rows(WORKERS, places.workers, places.as_of, today)
            later = today + timedelta(days=places.days_ahead)
            coming = reports.rows(WORKERS, places.workers, places.as_of, later) if places.as_of else []
        except NotVisible as why:
            raise SourceFailed(
                f"The workers report cannot be read; nothing was applied. {why} Give the security group of"
                " that user the domains of the columns, too."
            ) from why
        if not rows:
            raise SourceFailed(
                "The workers report has no rows; check its data source and filters, and that the user of"
                " HRIS_USER may see the workers."
            )
        self._require_columns(rows)
        self._take(rows, coming=False)
        self._problems.require_few(len(self._workers))
        self._take(coming, coming=True)

    def _require_columns(self, rows: list[Any]) -> None:
        """An alias that no row has is a column that is not there, or that the user may not see."""
        seen = {name for row in rows if isinstance(row, dict) for name in row}
        for name, column in self._columns.required.items():
            if column.split("/")[0] not in seen:
                raise SourceFailed(
                    f"The workers report has no column {column} in any row; add it, let its security group"
                    f" see it, or say in people.fields.{name} which column it is."
                )
        self._managers_seen = self._columns.of["manager"].split("/")[0] in seen

    def _take(self, rows: Iterable[Any], *, coming: bool) -> None:
        for row in rows:
            person = ""
            try:
                person = self._workers.id_of(record(row))
                if coming:
                    self._workers.add_coming(row)
                else:
                    self._workers.add(row)
            except BadRecord as why:
                self._problems.odd(person, str(why))
                self._workers.drop(person)

    def _read_organisations(self, reports: Reports, place: str) -> list[UnitFact]:
        try:
            rows = reports.rows(ORGANISATIONS, place)
        except NotVisible as why:
            self.report.not_visible["unit"] = str(why)
            return []
        if not rows:
            self.report.not_visible["unit"] = "The organisations report has no rows; check its filters."
            return []
        kinds = [each.kind for each in self._conventions.unit_kinds]
        columns = organisation_columns(self._conventions)
        made = Organisations(columns, kinds, self._workers.numbers(), self._workers.names)
        found: dict[UnitFact, None] = {}
        for row in rows:
            unit = self._unit(made, row)
            if unit is not None:
                found[unit] = None
        for unit in found:
            kind = self._conventions.unit_kind(unit.kind)
            self._known_units[unit.native_id] = (kind.attribute if kind else None) or unit.kind
        odd = sum(each.kind == "unit" for each in self.report.problems)
        if odd == len(rows) or odd > max(len(rows) * 0.1, 1):
            raise SourceFailed(
                f"{ORGANISATIONS_REPORT}: {odd} of {len(rows)} rows cannot be read, more than a tenth;"
                " nothing was applied. The problems name record and reason: correct them, then sync again."
            )
        self._refer(found)
        return list(found)

    def _unit(self, made: Organisations, row: Any) -> UnitFact | None:
        native = ""
        try:
            native = made.id_of(record(row))
            unit = made.unit(row)
        except BadRecord as why:
            self.report.problems.append(Problem(ORGANISATIONS_REPORT, native, str(why), "unit"))
            return None
        if len(made.leads(row)) > 1:
            reason = "has several leads; the first one counts"
            self.report.problems.append(Problem(ORGANISATIONS_REPORT, native, reason))
        return unit

    def _hidden_managers(self) -> list[Unreadable]:
        """Without the column nobody is known to have no manager."""
        if self._managers_seen:
            return []
        column = self._columns.of["manager"]
        self.report.not_visible["manager"] = f"The workers report has no column {column} in any row."
        return [Unreadable("manager", person) for person in self._workers]

    def _refer(self, units: Iterable[UnitFact]) -> None:
        """Parents and leads that nobody in these reports is, and parents that lead back to themselves."""
        parents = Register("parent", "unit")
        for unit in units:
            parents.add(ORGANISATIONS_REPORT, unit.native_id, unit.parent)
        self.report.problems += parents.problems()
        self.report.unknown += parents.unknown()
        for unit in units:
            if unit.lead and unit.lead not in self._workers:
                self._unknown(ORGANISATIONS_REPORT, unit.native_id, "lead", "lead", unit.lead)

    def _unknown(self, where: str, record: str, column: str, kind: Any, named: str) -> None:
        if len(self.report.unknown) < MOST_SHOWN:
            self.report.unknown.append(Reference(where, record, column, kind, named))

    def _people(self, *, assigned: bool) -> Iterator[Sequence[Fact]]:
        accounts: list[AccountFact] = []
        planned: list[PlannedFact] = []
        places: list[AssignmentFact] = []
        for person in self._workers.people():
            if person.worker.native_id in self._problems:
                continue
            self._check(person)
            # Where the record places somebody, what it plans is a later assignment.
            placed = {self._known_units.get(each.organisation, "") for each in person.belongings}
            for fact in facts_of(person.worker, person.status, self._today(person.worker.zone)):
                if isinstance(fact, AccountFact):
                    accounts.append(fact)
                    self._managers.add(
                        WORKERS_REPORT,
                        fact.native_id,
                        fact.manager_ref,
                        number=fact.employee_number,
                        email=fact.email,
                    )
                elif fact.attribute not in placed:
                    planned.append(fact)
            if assigned:
                places += self._assignments(person)
        self.report.problems += self._managers.problems()
        self.report.unknown += self._managers.unknown()
        for facts in (accounts, planned, places):
            for first in range(0, len(facts), BATCH):
                yield facts[first : first + BATCH]

    def _check(self, person: Person) -> None:
        worker = person.worker
        if person.status == "active" and worker.end and worker.end <= self._today(worker.zone):
            self._problems.remark(worker.native_id, "is active though the last day is over; the day counts")

    def _assignments(self, person: Person) -> Iterator[AssignmentFact]:
        native = person.worker.native_id
        for each in person.belongings:
            if self._known_units and each.organisation not in self._known_units:
                self._unknown(WORKERS_REPORT, native, "organisation", "unit", each.organisation)
            yield AssignmentFact(native, each.organisation, each.kind, each.since, each.until)
