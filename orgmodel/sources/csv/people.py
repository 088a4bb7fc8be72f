"""people.csv and assignments.csv: HR records, and the units they state by themselves."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from orgmodel.facts import AccountFact, AssignmentFact, Fact, Report

from .table import Unique, day, in_order, read
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
STATUS = {"": "active", "inactive": "ended", "terminated": "ended", "ended": "ended"}


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
        ids = Unique("id")

        def person(values: Mapping[str, str]) -> AccountFact:
            ids.add(values["id"])
            return _account(values)

        if self._units is not None:
            self._units.report = self.report
            yield from self._units.batches()
        yield from read(self._folder / "people.csv", ("id", "email", "name"), person, self.report.problems)
        stated = self._folder / "assignments.csv"
        if stated.exists():
            yield from read(
                stated, ("person_id", "unit_id"), _assignment, self.report.problems, key="person_id"
            )


def _account(values: Mapping[str, str]) -> AccountFact:
    start, end = day(values, "start_date"), day(values, "end_date")
    in_order(start, end, "start_date, end_date")
    status = values.get("status", "").casefold()
    return AccountFact(
        native_id=values["id"],
        login="",
        email=values["email"],
        name=values["name"],
        status=STATUS.get(status, status),
        title=values.get("title", ""),
        worker_type=values.get("worker_type", ""),
        manager_ref=values.get("manager_id", ""),
        employee_number=values.get("employee_number", ""),
        start_date=start,
        end_date=end,
        time_zone=values.get("time_zone", ""),
        attributes={name: value for name, value in values.items() if name and name not in KNOWN and value},
        created=None,
        updated=None,
    )


def _assignment(values: Mapping[str, str]) -> AssignmentFact:
    start, end = day(values, "valid_from"), day(values, "valid_to")
    in_order(start, end, "valid_from, valid_to")
    return AssignmentFact(values["person_id"], values["unit_id"], values.get("kind", ""), start, end)
