"""people.csv and assignments.csv: HR records, and the units they state by themselves."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from orgmodel.facts import AccountFact, AssignmentFact, Fact, Report

from .cells import NAME, TEXT, Unique, day, in_order, key
from .table import read
from .units import UnitsReader

KNOWN = frozenset(
    {
        "id",
        "email",
        "name",
        "title",
        "worker_type",
        "status",
        "start_date",
        "end_date",
        "manager_id",
        "time_zone",
        "employee_number",
    }
)
STATUS = {"": "active", "inactive": "ended", "terminated": "ended"}
"""Other words for what we name; everything else is kept in small letters."""


class PeopleReader:
    """One read of the HR files; every column that is not one of the known ones is an attribute.

    `units`: there is no control plane, so a units.csv beside it is the HRIS's own.
    """

    source = "hris"

    def __init__(self, folder: Path, *, units: bool = False) -> None:
        self.report = Report()
        self._folder = folder
        self._units = UnitsReader(folder, "hris") if units and (folder / "units.csv").exists() else None

    def batches(self) -> Iterator[Sequence[Fact]]:
        """Accounts, then assignments. Raises SourceFailed."""
        if self._units is not None:
            self._units.report = self.report
            yield from self._units.batches()
        yield from read(self._folder / "people.csv", ("id", "email", "name"), _account, self.report.problems)
        yield from self._assignments()

    def _assignments(self) -> Iterator[Sequence[Fact]]:
        path = self._folder / "assignments.csv"
        if not path.exists():
            return
        rows = Unique("the same person, unit and first day")

        def assignment(values: Mapping[str, str]) -> AssignmentFact:
            found = _assignment(values)
            rows.add((found.person, found.unit, found.valid_from), found)
            return found

        yield from read(path, ("person_id", "unit_id"), assignment, self.report.problems, key="person_id")


def _account(values: Mapping[str, str]) -> AccountFact:
    start, end = day(values, "start_date"), day(values, "end_date")
    in_order(start, end, "start_date, end_date")
    status = values.get("status", "").casefold()
    return AccountFact(
        native_id=key(values, "id"),
        login="",
        email=key(values, "email"),
        name=values["name"][:NAME],
        status=STATUS.get(status, status)[:NAME],
        title=values.get("title", "")[:NAME],
        worker_type=values.get("worker_type", "")[:NAME],
        manager_ref=key(values, "manager_id"),
        employee_number=key(values, "employee_number"),
        start_date=start,
        end_date=end,
        time_zone=values.get("time_zone", "")[:NAME],
        attributes={
            name[:NAME]: value[:TEXT]
            for name, value in values.items()
            if value and (name == "title" or (name and name not in KNOWN))
        },
        created=None,
        updated=None,
    )


def _assignment(values: Mapping[str, str]) -> AssignmentFact:
    start, end = day(values, "valid_from"), day(values, "valid_to")
    in_order(start, end, "valid_from, valid_to")
    return AssignmentFact(
        key(values, "person_id"), key(values, "unit_id"), values.get("kind", "")[:NAME], start, end
    )
