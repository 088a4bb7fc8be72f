"""One read of a pretend SuccessFactors, by rows as a test writes them."""

from datetime import UTC, date, datetime
from typing import Any

from orgmodel.conventions import Conventions, parse_conventions
from orgmodel.sources.basic_login import BasicLogin
from orgmodel.sources.successfactors import SuccessFactorsReader
from sandbox.hris.records import Records
from sandbox.hris.server import Reply, Request
from sandbox.hris.successfactors import SuccessFactorsServer, odata

from . import hr_reads
from .hr_reads import Read

NOW = datetime(2026, 9, 14, 10, tzinfo=UTC)
NEVER = "/Date(253402214400000)/"


def on(day: str) -> str:
    """A day as it stands on the wire."""
    return odata(date.fromisoformat(day))


def employment(person: str = "P1", user: str = "106231", **fields: Any) -> dict[str, Any]:
    return {
        "personIdExternal": person,
        "userId": user,
        "startDate": on("2024-03-18"),
        "endDate": None,
        "isContingentWorker": False,
        "userNav": {
            "email": f"{user}@northwind.example",
            "defaultFullName": f"Worker {person}",
            "timeZone": "Europe/Lisbon",
        },
    } | fields


def job(user: str = "106231", **fields: Any) -> dict[str, Any]:
    return {
        "userId": user,
        "seqNumber": "1",
        "startDate": on("2024-03-18"),
        "endDate": NEVER,
        "managerId": "106050",
        "department": "5000001",
        "division": "MONEY",
        "emplStatus": "6021",
        "emplStatusNav": {"externalCode": "A"},
        "jobTitle": "Engineer",
    } | fields


def department(code: str = "5000001", **fields: Any) -> dict[str, Any]:
    return {
        "externalCode": code,
        "startDate": on("2016-01-01"),
        "endDate": NEVER,
        "name": "Payments",
        "parent": None,
        "headOfUnit": "106050",
        "status": "A",
    } | fields


BOSS, BOSS_JOB = employment("P0", "106050"), job("106050", managerId="NO_MANAGER")
MONEY = department("MONEY", name="Money", headOfUnit=None)


def conventions(fields: dict[str, str] | None = None, **tables: Any) -> Conventions:
    people = {"fields": fields or {}, "reports": tables.pop("reports", {})}
    return parse_conventions({"people": people, **tables})


class Watched(SuccessFactorsServer):
    """Keeps the last question about each entity."""

    def __init__(self, records: Records) -> None:
        self.queries: dict[str, dict[str, str]] = {}
        super().__init__(records)

    def entity(self, request: Request) -> Reply:
        self.queries[request.parts["entity"]] = dict(request.query)
        return super().entity(request)


def served(
    employments: list[Any] | None = None,
    jobs: list[Any] | None = None,
    departments: list[Any] | None = None,
    divisions: list[Any] | None = None,
) -> Watched:
    """A pretend SuccessFactors with these rows, and the boss with them; to be used with `with`."""
    server = Watched(Records(now=lambda: NOW))
    server.tables = {
        "EmpEmployment": [BOSS, *([employment()] if employments is None else employments)],
        "EmpJob": [BOSS_JOB, *([job()] if jobs is None else jobs)],
        "FODepartment": [department()] if departments is None else departments,
        "FODivision": [MONEY] if divisions is None else divisions,
    }
    return server


def reader(
    server: SuccessFactorsServer, found: Conventions | None = None, *, units: bool = True, **client: Any
) -> SuccessFactorsReader:
    login = BasicLogin(server.url, server.user, server.token)
    waits = {"sleep": lambda _: None, "jitter": 0.0, **client}
    return SuccessFactorsReader(login, found or conventions(), NOW, units=units, **waits)


def read(
    employments: list[Any] | None = None,
    jobs: list[Any] | None = None,
    departments: list[Any] | None = None,
    divisions: list[Any] | None = None,
    *,
    found: Conventions | None = None,
    units: bool = True,
) -> Read:
    """One read of these rows."""
    with served(employments, jobs, departments, divisions) as server:
        return Read(reader(server, found, units=units))


def failure(server: SuccessFactorsServer, found: Conventions | None = None, **client: Any) -> str:
    """Why a read was given up."""
    return hr_reads.failure(reader(server, found, **client))
