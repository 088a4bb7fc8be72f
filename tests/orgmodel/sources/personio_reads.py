"""Reads of a pretend Personio whose company is two people, their team and its department."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from orgmodel.sources.personio import PersonioReader, PersonioSettings
from sandbox.hris.personio import PersonioServer
from sandbox.hris.records import HrUnit, Records
from sandbox.hris.server import Reply

from .hr_reads import NOW, QUICK, Read, reading, someone

FIELDS = 'people.fields = {employee_number = "Personnel number", specialisation = "dynamic_102"}'

PERSONS, EMPLOYMENTS, TOKEN = (
    "GET /v2/persons",
    "GET /v2/persons/{id}/employments",
    "POST /v2/auth/token",
)


def nordwind() -> Records:
    """Inès Ørsted, who reports to Bo Lind; both are in Radish."""
    records = Records(now=lambda: NOW)
    records.units["7712"] = HrUnit("7712", "team", "Radish", "radish", parent_id="310")
    records.units["310"] = HrUnit("310", "department", "Engineering", "engineering")
    records.add(someone("4001", "Bo Lind"))
    records.add(
        someone(
            "5005",
            "Inès Ørsted",
            manager_id="4001",
            department="engineering",
            employee_number="007066",
            specialisation="Backend",
        )
    )
    return records


def read(server: PersonioServer, settings: str = "", **more: Any) -> Read:
    given = PersonioSettings(url=server.url, client_id=server.user, secret=server.token)
    return Read(PersonioReader(given, reading(settings, **more), **QUICK))


def job(status: str = "ACTIVE", since: str | None = "2024-03-18", **values: Any) -> dict[str, Any]:
    """An employment as its list has it."""
    blank: dict[str, Any] = {
        "id": f"e-{since}",
        "supervisor": None,
        "position": None,
        "org_units": [],
        "termination": None,
    }
    return blank | {"status": status, "employment_start_date": since} | values


def jobs(server: PersonioServer, *rows: dict[str, Any], settings: str = "") -> Read:
    """A read in which Inès has these employments."""
    server.employments["5005"] = list(rows)
    return read(server, settings)


def persons(change: Callable[[list[Any]], list[Any]]) -> Callable[[Reply], Reply]:
    """A change of the list of persons; other answers go as they are."""

    def changed(reply: Reply) -> Reply:
        rows = reply.body.get("_data")
        mine = bool(rows) and "employments" in rows[0]
        return replace(reply, body={**reply.body, "_data": change(rows)}) if mine else reply

    return changed
