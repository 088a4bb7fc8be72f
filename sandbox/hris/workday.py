"""A pretend Workday: two custom reports as web services, one of workers and one of organisations.

As there, everything is a text, empty columns are left out, yes and no are 1 and 0, names of organisations
hold the name of their manager, and a report comes whole or not at all.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from .records import HrPerson, HrRow, HrUnit
from .server import Handler, HrServer, Reply, Request

DAY = timedelta(days=1)
OWNER = "ISU_Sightline"
WORKERS, ORGANISATIONS = f"{OWNER}/Sightline_Workers", f"{OWNER}/Sightline_Organizations"
AS_OF = "Effective_as_of_Date"
NOT_FILLED = "<?xml version='1.0'?><wd:Report_Data xmlns:wd='urn:com.workday.report/Sightline'/>"


class WorkdayServer(HrServer):
    """Serves `/ccx/service/customreport2/nordwind/…`, as of today or of the day that the prompt names."""

    kind = "workday"
    prefix = "/ccx/service/customreport2/nordwind"
    user = "ISU_Sightline@nordwind"

    def routes(self) -> Mapping[str, Handler]:
        return {f"GET /{WORKERS}": self.workers, f"GET /{ORGANISATIONS}": self.organisations}

    def conventions(self) -> str:
        return (
            f'people.reports = {{workers = "{WORKERS}", organisations = "{ORGANISATIONS}",'
            f' as_of = "{AS_OF}"}}\n'
            'people.fields = {specialisation = "Specialisation"}\n'
        )

    def workers(self, request: Request) -> Reply:
        """One row for each worker who has begun by the day."""
        today = self._day(request)
        people = (each for each in self.records.people.values() if each.start_date <= today)
        return _report(request, (self.worker(each, self._row(each, today), today) for each in people))

    def organisations(self, request: Request) -> Reply:
        """One row for each unit, the inactive ones among them."""
        return _report(request, (self.organisation(each) for each in self.records.units.values()))

    def worker(self, person: HrPerson, row: HrRow, today: date) -> dict[str, Any]:
        """A row of the workers report."""
        gone = person.status == "ended" or (person.end_date is not None and person.end_date <= today)
        unit = next((each for each in self.records.units.values() if each.slug == row.team), None)
        return _filled(
            Employee_ID=person.id,
            Worker_Type=person.worker_type,
            Preferred_Name=person.name,
            Work_Email=person.email,
            Active_Status="0" if gone else "1",
            On_Leave="1" if person.status == "leave" else "0",
            Hire_Date=person.start_date.isoformat(),
            Termination_Date=(person.end_date - DAY).isoformat() if person.end_date else "",
            Effective_Date=row.since.isoformat(),
            Business_Title=row.title,
            Supervisory_Organization=self._shown(unit) if unit else "",
            Supervisory_Organization_ID=unit.id if unit else "",
            Manager=self._name(row.manager_id) and f"{self._name(row.manager_id)} ({row.manager_id})",
            Manager_Employee_ID=row.manager_id,
            Team=row.team,
            Department=row.department,
            Specialisation=row.specialisation,
            Time_Zone=person.time_zone,
        )

    def organisation(self, unit: HrUnit) -> dict[str, Any]:
        """A row of the organisations report."""
        return _filled(
            Organization_ID=unit.id,
            Organization_Name=self._shown(unit),
            Organization_Type="Supervisory",
            Organization_Subtype=unit.kind.replace("_", " ").title(),
            Superior_Organization_ID=unit.parent_id,
            Manager_Employee_ID=unit.lead_id,
            Availability_Date=unit.active_from.isoformat() if unit.active_from else "",
            Inactive="0" if unit.active else "1",
            Inactive_Date=unit.active_to.isoformat() if unit.active_to else "",
            Last_Updated="2026-09-14T03:11:02.881-07:00",
        )

    def _day(self, request: Request) -> date:
        named = request.query.get(AS_OF)
        return date.fromisoformat(named) if named else self.records.now().date()

    def _row(self, person: HrPerson, today: date) -> HrRow:
        rows = self.records.rows_of(person)
        return next((each for each in reversed(rows) if each.since <= today), rows[0])

    def _name(self, person: str) -> str:
        found = self.records.people.get(person)
        return found.name if found else ""

    def _shown(self, unit: HrUnit) -> str:
        lead = self._name(unit.lead_id)
        return f"{unit.name} ({lead})" if lead else unit.name


def _filled(**columns: str) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if value}


def _report(request: Request, rows: Iterable[dict[str, Any]]) -> Reply:
    if request.query.get("format") != "json":
        return Reply(NOT_FILLED, kind="text/xml;charset=UTF-8")
    return Reply({"Report_Entry": list(rows)})
