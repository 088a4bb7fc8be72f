"""A few people of a pretend HiBob on loopback, and one read of them."""

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from orgmodel.conventions import Conventions, parse_conventions
from orgmodel.sources.hibob import HiBobReader, HiBobSettings
from sandbox.hris.hibob import HiBobServer
from sandbox.hris.records import HrPerson, HrRow, Records

from .hr_reads import Read

NOW = datetime(2026, 9, 14, 10, tzinfo=UTC)
INES, BO, MEI = "3332883884017713901", "3332883884017713777", "3332883884017713555"
TEAM = "work.customColumns.column_1712065102576"


def row(since: date, until: date | None = None, **values: str) -> HrRow:
    """A work row of an engineer in Payments Core who reports to Bo."""
    known: dict[str, Any] = {
        "title": "Platform Engineer",
        "team": "Payments Core",
        "department": "Engineering",
        "specialisation": "Backend",
        "manager_id": BO,
    }
    return HrRow(since, until, **(known | values))


def person(native_id: str, name: str, first: HrRow, **values: Any) -> HrPerson:
    """A record as its row says."""
    known: dict[str, Any] = {
        "email": f"{name.split(maxsplit=1)[0].lower()}@nordwind.example",
        "worker_type": "Employee",
        "employee_number": native_id[-4:],
        "start_date": first.since,
        "title": first.title,
        "team": first.team,
        "department": first.department,
        "specialisation": first.specialisation,
        "manager_id": first.manager_id,
    }
    return HrPerson(id=native_id, name=name, **(known | values))


def company(*more: HrPerson) -> Records:
    """Inès with past, present and planned rows, her manager Bo, and Mei, whom she will report to."""
    records = Records(now=lambda: NOW)
    old = row(date(2024, 3, 18), date(2026, 3, 1), team="Ledger", manager_id=MEI)
    now = row(date(2026, 3, 1), date(2026, 11, 1))
    records.add(
        person(INES, "Inès Ørsted", now, start_date=date(2024, 3, 18)),
        old,
        now,
        row(date(2026, 11, 1), team="Ledger", manager_id=MEI),
    )
    records.add(person(BO, "Bo Lind", row(date(2020, 1, 1), manager_id="")))
    records.add(person(MEI, "Mei Tan", row(date(2021, 6, 1), manager_id="", team="Ledger")))
    for each in more:
        records.add(each)
    return records


def conventions(server: HiBobServer, more: str = "") -> Conventions:
    """What sightline.toml says at this company."""
    return parse_conventions(tomllib.loads(server.conventions() + more))


@dataclass
class Waits:
    """A sleep that takes no time and keeps how long it would have been."""

    seconds: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def read(server: HiBobServer, given: Conventions | None = None, **options: Any) -> Read:
    """One read as a sync does it, without waiting."""
    settings = HiBobSettings(
        url=server.url, user=options.pop("user", server.user), token=options.pop("token", server.token)
    )
    chosen: dict[str, Any] = {"now": NOW, "sleep": Waits(), "jitter": 0.0, **options}
    return Read(HiBobReader(settings, given or conventions(server), **chosen))
