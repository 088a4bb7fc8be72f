"""What a read of a source gave, sorted by kind; and records for pretend systems to serve."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from orgmodel.conventions import parse_conventions
from orgmodel.facts import AccountFact, AssignmentFact, Fact, PlannedFact, UnitFact
from orgmodel.marks import Covered, Unreadable
from orgmodel.reports import Reader, Report, SourceFailed
from orgmodel.sources.source import Reading
from sandbox.hris.records import HrPerson

NOW = datetime(2026, 9, 14, 12, tzinfo=UTC)
QUICK: dict[str, Any] = {"sleep": lambda seconds: None, "jitter": 0.0}
"""No test waits."""


class Read:
    """What one read gave, sorted by kind. Raises SourceFailed."""

    def __init__(self, reader: Reader) -> None:
        self.facts: list[Fact] = []
        for batch in reader.batches():
            assert len({type(each) for each in batch}) <= 1
            self.facts += batch
        self.report: Report = reader.report

    def of(self, kind: type[Any]) -> list[Any]:
        """The facts of one kind, in order."""
        return [each for each in self.facts if isinstance(each, kind)]

    @property
    def given(self) -> list[str]:
        """The id of every account that was given, in order."""
        return [each.native_id for each in self.of(AccountFact)]

    @property
    def accounts(self) -> dict[str, AccountFact]:
        """By id; of several with the same id the last one."""
        return {each.native_id: each for each in self.of(AccountFact)}

    @property
    def units(self) -> dict[str, UnitFact]:
        return {each.native_id: each for each in self.of(UnitFact)}

    @property
    def assignments(self) -> list[AssignmentFact]:
        return self.of(AssignmentFact)

    @property
    def places(self) -> list[tuple[str, str, str, str, str]]:
        """Assignments with their days as text."""
        return [(each[0], each[1], each[2], str(each[3]), str(each[4])) for each in self.assignments]

    @property
    def planned(self) -> list[tuple[str, str, str, str]]:
        """Account, attribute, value, day as text."""
        return [(each[0], each[1], each[2], str(each[3])) for each in self.of(PlannedFact)]

    @property
    def covered(self) -> set[str]:
        """Kinds of which everything was seen."""
        return {each.kind for each in self.of(Covered) if not each.owner}

    @property
    def unreadable(self) -> set[Unreadable]:
        """Kind and id of each record of which what was known stays."""
        return {*self.of(Unreadable)}

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Record and reason of each problem."""
        return [(each.record, each.reason) for each in self.report.problems]


def failure(reader: Reader) -> str:
    """Why a read was given up."""
    with pytest.raises(SourceFailed) as caught:
        Read(reader)
    return str(caught.value)


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
