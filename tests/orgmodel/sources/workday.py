"""One read of a pretend Workday, by rows as a test writes them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from orgmodel.conventions import Conventions, parse_conventions
from orgmodel.sources.basic_login import BasicLogin
from orgmodel.sources.workday import WorkdayReader
from sandbox.hris.records import Records
from sandbox.hris.server import Reply, Request
from sandbox.hris.workday import AS_OF, ORGANISATIONS, WORKERS, WorkdayServer

from . import hr_reads
from .hr_reads import Read

NOW = datetime(2026, 9, 14, 10, tzinfo=UTC)
MARIA = {
    "Employee_ID": "007066",
    "Worker_Type": "Employee",
    "Preferred_Name": "María José Ñáñez",
    "Work_Email": "mj@northwind.example",
    "Active_Status": "1",
    "On_Leave": "0",
    "Hire_Date": "2024-03-19",
    "Business_Title": "Platform Engineer",
    "Supervisory_Organization_ID": "SUPERVISORY_Payments_Core",
    "Manager_Employee_ID": "000687",
}
BO = {"Employee_ID": "000687", "Preferred_Name": "Bo Lind", "Active_Status": "1"}
PAYMENTS = {
    "Organization_ID": "SUPERVISORY_Payments_Core",
    "Organization_Name": "Payments Core (Bo Lind)",
    "Organization_Type": "Supervisory",
    "Organization_Subtype": "Team",
    "Superior_Organization_ID": "SUPERVISORY_Money_Tribe",
    "Manager_Employee_ID": "000687",
    "Availability_Date": "2023-06-01",
    "Inactive": "0",
}
MONEY = {
    "Organization_ID": "SUPERVISORY_Money_Tribe",
    "Organization_Name": "Money Tribe",
    "Organization_Type": "Supervisory",
    "Organization_Subtype": "Division",
    "Inactive": "0",
}


def conventions(
    fields: dict[str, str] | None = None,
    *,
    reports: dict[str, str] | None = None,
    **tables: Any,
) -> Conventions:
    people = {
        "fields": fields or {},
        "reports": {"workers": WORKERS, "organisations": ORGANISATIONS, **(reports or {})},
    }
    return parse_conventions({"people": people, **tables})


class Reports(WorkdayServer):
    """A pretend Workday whose reports have the rows of a test. `coming`: as of a later day."""

    def __init__(self, workers: Sequence[Any], organisations: Sequence[Any], coming: Sequence[Any]) -> None:
        super().__init__(Records(now=lambda: NOW))
        self.given, self.units, self.coming = workers, organisations, coming
        self.queries: list[dict[str, str]] = []

    def workers(self, request: Request) -> Reply:
        self.queries.append(dict(request.query))
        later = request.query.get(AS_OF, "") > NOW.date().isoformat()
        return Reply({"Report_Entry": list(self.coming if later else self.given)})

    def organisations(self, request: Request) -> Reply:
        return Reply({"Report_Entry": list(self.units)})


def served(
    workers: Sequence[Any] = (MARIA, BO),
    organisations: Sequence[Any] = (MONEY, PAYMENTS),
    coming: Sequence[Any] = (),
) -> Reports:
    """To be used with `with`."""
    return Reports(workers, organisations, coming)


def reader(
    server: WorkdayServer, found: Conventions | None = None, *, units: bool = True, **client: Any
) -> WorkdayReader:
    login = BasicLogin(server.url, server.user, server.token)
    waits = {"sleep": lambda _: None, "jitter": 0.0, **client}
    return WorkdayReader(login, found or conventions(), NOW, units=units, **waits)


def read(
    workers: Sequence[Any] = (MARIA, BO),
    organisations: Sequence[Any] = (MONEY, PAYMENTS),
    *,
    coming: Sequence[Any] = (),
    found: Conventions | None = None,
    units: bool = True,
) -> Read:
    """One read of reports with these rows."""
    with served(workers, organisations, coming) as server:
        return Read(reader(server, found, units=units))


def failure(server: WorkdayServer, found: Conventions | None = None, **client: Any) -> str:
    """Why a read was given up."""
    return hr_reads.failure(reader(server, found, **client))
