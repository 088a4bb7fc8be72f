"""What a read of an HR system came to, sorted by kind; and records for pretend systems to serve."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from orgmodel.conventions import parse_conventions
from orgmodel.facts import AccountFact, AssignmentFact, PlannedFact, UnitFact
from orgmodel.marks import Covered, Unreadable
from orgmodel.reports import Reader, Report
from orgmodel.sources.source import Reading
from sandbox.hris.records import HrPerson

NOW = datetime(2026, 9, 14, 12, tzinfo=UTC)
QUICK: dict[str, Any] = {"sleep": lambda seconds: None, "jitter": 0.0}
"""No test waits."""


@dataclass
class HrRead:
    """The facts by kind; accounts by their ids, of several with the same id the last one."""

    report: Report
    accounts: dict[str, AccountFact] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)
    """The id of every account that was given, in order."""
    units: dict[str, UnitFact] = field(default_factory=dict)
    assignments: list[AssignmentFact] = field(default_factory=list)
    planned: list[PlannedFact] = field(default_factory=list)
    covered: set[str] = field(default_factory=set)
    unreadable: list[Unreadable] = field(default_factory=list)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Record and reason of each problem."""
        return [(each.record, each.reason) for each in self.report.problems]


def conducted(reader: Reader) -> HrRead:
    """One read to its end. Raises SourceFailed."""
    found = HrRead(reader.report)
    for batch in reader.batches():
        assert len({type(each) for each in batch}) <= 1
        for each in batch:
            if isinstance(each, AccountFact):
                found.accounts[each.native_id] = each
                found.given.append(each.native_id)
            elif isinstance(each, UnitFact):
                found.units[each.native_id] = each
            elif isinstance(each, AssignmentFact):
                found.assignments.append(each)
            elif isinstance(each, PlannedFact):
                found.planned.append(each)
            elif isinstance(each, Covered):
                found.covered.add(each.kind)
            elif isinstance(each, Unreadable):
                found.unreadable.append(each)
    return found


def reading(
    settings: str = "", *, units: bool = False, cursors: Mapping[str, str] | None = None, now: datetime = NOW
) -> Reading:
    """A read under these lines of sightline.toml. `units`: another source keeps the org units."""
    conventions = parse_conventions(tomllib.loads(settings))
    return Reading(conventions, now, cursors or {}, frozenset({"units"} if units else ()))


def someone(own: str, name: str = "", **values: object) -> HrPerson:
    """An employee of Nordwind since 2024."""
    known: dict[str, object] = {
        "id": own,
        "email": f"{own}@nordwind.example",
        "name": name or f"Person {own}",
        "title": "Engineer",
        "worker_type": "Employee",
        "employee_number": "",
        "start_date": date(2024, 3, 18),
        "manager_id": "",
        "team": "radish",
        "department": "",
        "specialisation": "",
        "time_zone": "",
    }
    return HrPerson(**(known | values))  # type: ignore[arg-type]  # values of every kind
