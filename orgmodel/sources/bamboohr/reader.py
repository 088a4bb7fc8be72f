"""One read of BambooHR: all employees, page by page, and the two tables that give their records a history."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import httpx

from orgmodel.facts import AccountFact, Fact, PlannedFact
from orgmodel.marks import Covered, Unreadable
from orgmodel.reports import Report, SourceFailed
from orgmodel.sources.hr_records import facts_of, today_in
from orgmodel.sources.http import Host
from orgmodel.sources.json_api import HIDDEN, JsonApi
from orgmodel.sources.json_records import key_of, listed
from orgmodel.sources.list_end import ListEnd
from orgmodel.sources.record_problems import BadRecord, RecordProblems
from orgmodel.sources.references import Register
from orgmodel.sources.source import Reading
from orgmodel.sources.values import NAME, clean

from . import fields
from .lists import LISTS, Lists, listed_kinds
from .records import (
    Employee,
    Row,
    date_row,
    hidden_attributes,
    only_names,
    worker_of,
)
from .records import Reading as ReadBy
from .settings import BambooSettings

LABEL = "BambooHR"
EMPLOYEES = "/api/v1/employees"
TABLE = "/api/v1/employees/all/tables/{}"
JOBS, EMPLOYMENTS = "jobInfo", "employmentStatus"
PAGE, BATCH, LONGEST_CURSOR = "500", 1000, 4000
PLACE = "BambooHR employees"
RIGHTS = "let the access level of its user show it, see docs/sources/bamboohr.md"
CROWDED = frozenset({httpx.codes.SERVICE_UNAVAILABLE.value})
"""Too many calls are answered with 503 more often than with 429."""


def api(settings: BambooSettings, **client: Any) -> JsonApi:
    """The API: the key is the user, and any password does."""
    host = Host(settings.url, LABEL, "HRIS_URL")
    return JsonApi(host, httpx.BasicAuth(settings.token, "x"), RIGHTS, crowded=CROWDED, **client)


class BambooReader:
    """One read. Further arguments are those of the HttpClient."""

    source = "hris"

    def __init__(self, settings: BambooSettings, reading: Reading, **client: Any) -> None:
        self.report = Report()
        self._problems = RecordProblems(self.report, EMPLOYEES)
        self._api = api(settings, **client)
        self._conventions = reading.conventions
        self._tracked = fields.tracked(reading.conventions)
        self._today = today_in("", reading.now, reading.conventions.notify.time_zone)
        self._hidden: dict[str, Counter[str]] = {"attribute": Counter(), "manager": Counter()}
        self._marks: list[Unreadable] = []
        self._nameless = 0
        kept = "units" in reading.beside
        self._listed = {} if kept else listed_kinds(reading.conventions, self._tracked)
        self._managers = Register(fields.MANAGER, "manager")

    def batches(self) -> Iterator[Sequence[Fact]]:
        """Accounts, what is planned, then the marks. Raises SourceFailed."""
        try:
            employees = self._employees()
            jobs = self._table(JOBS)
            employments = self._table(EMPLOYMENTS)
            lists = self._lists()
        finally:
            self._api.close()
            self.report.calls = self._api.calls
        self._place(jobs or (), employments or (), employees)
        self._require_known_fields(employees.values())
        accounts, planned = self._facts(list(employees.values()))
        self._problems.require_few(len(accounts))
        if lists:
            yield from _in_batches(lists.units(accounts))
            yield [Covered("unit")]
        yield from _in_batches(accounts)
        yield from _in_batches(planned)
        yield [Covered("account"), *([Covered("planned")] if jobs is not None else [])]
        self._report_hidden(len(employees))
        self.report.problems += self._managers.problems()
        self.report.unknown += self._managers.unknown()
        units = [each for each in self.report.unreadable() if each.kind == "unit"]
        if marks := [*self._problems.marks(), *units, *self._marks]:
            yield marks

    def _employees(self) -> dict[str, Employee]:
        wanted = dict.fromkeys([*fields.OWN, *(each.listed for each in self._tracked.values())])
        params = {"fields": ",".join(wanted), "page[limit]": PAGE}
        found: dict[str, Employee] = {}
        end = ListEnd(EMPLOYEES, LABEL)
        while True:
            end.expect(EMPLOYEES, params)
            try:
                answer, body = self._api.get(EMPLOYEES, params)
            except HIDDEN as why:
                raise SourceFailed(
                    f"BambooHR's employees cannot be read; nothing was applied. {why}"
                ) from why
            for raw in listed(answer, "data", EMPLOYEES, LABEL):
                self._add(found, raw)
            meta = _part(answer, "meta")
            following = clean(_part(meta, "page").get("nextCursor"), LONGEST_CURSOR)
            if not following:
                return self._whole(found, meta.get("total"))
            end.given(body)
            params = {**params, "page[after]": following}

    def _add(self, found: dict[str, Employee], raw: Any) -> None:
        native = key_of(raw, fields.ID)
        if not native:
            self._nameless += 1
            self._problems.odd("", "has no employeeId")
        elif native not in found:
            found[native] = Employee(raw)
        elif found[native].listed != raw:
            self._problems.odd(native, "appears twice, and the two differ; what was known of it stays")

    def _whole(self, found: dict[str, Employee], total: Any) -> dict[str, Employee]:
        """All of them. Raises SourceFailed for a list that shifted while it was paged: it misses somebody."""
        if not found:
            raise SourceFailed(
                "BambooHR gives no employees at all; nothing was applied."
                " Check what the user of the API key may see."
            )
        if isinstance(total, int) and len(found) + self._nameless < total:
            raise SourceFailed(
                f"BambooHR counts {total} employees and gave {len(found)}; nothing was applied,"
                " sync again later."
            )
        return found

    def _table(self, name: str) -> list[Row] | None:
        """The rows of all employees; None where the key may not see the table."""
        path = TABLE.format(name)
        try:
            answer, _ = self._api.get(path)
        except HIDDEN as why:
            if name == JOBS:
                self.report.not_visible["planned"] = f"No history, and nothing that is to come. {why}"
            else:
                self._problems.remark("", f"the days of employment are those of the record alone: {why}")
            return None
        rows = listed({"rows": answer}, "rows", path, LABEL)
        return [each for each in rows if isinstance(each, dict)]

    def _lists(self) -> Lists | None:
        """The lists that are units; None where a control plane keeps them, or where none can be seen."""
        if not self._listed:
            return None
        try:
            answer, _ = self._api.get(LISTS)
        except HIDDEN as why:
            self.report.not_visible["unit"] = str(why)
            return None
        found = Lists(answer, self._listed, self.report)
        if not found.options:
            self.report.not_visible["unit"] = f"BambooHR shows no list {', '.join(self._listed)}."
        return found if found.options else None

    def _place(
        self, jobs: Iterable[Row], employments: Iterable[Row], employees: Mapping[str, Employee]
    ) -> None:
        """Give each employee their rows. A row of nobody who is listed says nothing."""
        for name, rows in ((JOBS, jobs), (EMPLOYMENTS, employments)):
            for row in rows:
                employee = employees.get(key_of(row, fields.ID))
                if employee is None:
                    continue
                since = date_row(row)
                if since is None:
                    self._problems.remark(employee.native_id, f"a row of {name} has no date that can be read")
                    self._marks.append(Unreadable("planned", employee.native_id))
                elif name == JOBS:
                    employee.jobs.append(row)
                else:
                    employee.employments.append((since, clean(row.get(EMPLOYMENTS), NAME)))

    def _require_known_fields(self, employees: Iterable[Employee]) -> None:
        """Raises SourceFailed for a field of sightline.toml that BambooHR does not know: it says nothing."""
        everybody = list(employees)
        if not everybody:
            return
        known = {key for each in everybody for row in (each.listed, *each.jobs) for key in row}
        for name, each in self._tracked.items():
            if each.given and each.listed not in known:
                raise SourceFailed(
                    f"BambooHR has no field {each.listed}, which people.fields.{name} in sightline.toml"
                    " names; nothing was applied. Take its API name from the list of fields."
                )
        for name in (fields.STATUS, fields.EMAIL, fields.HIRED):
            if all(name in each.restricted for each in everybody):
                raise SourceFailed(
                    f"The API key may not see {name} of anybody; nothing was applied."
                    " Let its user see it, see docs/sources/bamboohr.md."
                )

    def _facts(self, employees: list[Employee]) -> tuple[list[AccountFact], list[PlannedFact]]:
        accounts: list[AccountFact] = []
        planned: list[PlannedFact] = []
        columns = {key for each in employees for row in each.jobs for key in row}
        by = ReadBy(self._conventions, self._tracked, self._today, only_names(employees))
        for employee in employees:
            if employee.native_id in self._problems:
                continue
            try:
                worker, status, contradiction = worker_of(employee, by)
            except BadRecord as why:
                self._problems.odd(employee.native_id, str(why))
                continue
            if contradiction:
                self._problems.remark(employee.native_id, contradiction)
            self._note_hidden(employee, columns)
            for fact in facts_of(worker, status, self._today):
                if isinstance(fact, AccountFact):
                    accounts.append(fact)
                    self._managers.add(
                        PLACE, fact.native_id, fact.manager_ref, number=fact.employee_number, email=fact.email
                    )
                else:
                    planned.append(fact)
        return accounts, planned

    def _note_hidden(self, employee: Employee, columns: set[str]) -> None:
        hidden = {"attribute": hidden_attributes(employee, self._tracked, columns)}
        hidden["manager"] = [fields.MANAGER] if fields.MANAGER in employee.restricted else []
        for kind, names in hidden.items():
            if names:
                self._marks.append(Unreadable(kind, employee.native_id))
                self._hidden[kind].update(names)
        if any(hidden.values()):
            self._marks.append(Unreadable("planned", employee.native_id))

    def _report_hidden(self, everybody: int) -> None:
        for kind, names in self._hidden.items():
            if names:
                parts = ", ".join(f"{name} of {count}" for name, count in sorted(names.items()))
                self.report.not_visible[kind] = (
                    f"BambooHR hides from this key {parts} of {everybody} employees: what was known stays."
                )


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = whole.get(name)
    return found if isinstance(found, dict) else {}


def _in_batches(facts: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for at in range(0, len(facts), BATCH):
        yield facts[at : at + BATCH]
