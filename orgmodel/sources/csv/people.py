"""people.csv and assignments.csv: HR records, and the units they state by themselves."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from orgmodel.facts import AccountFact, AssignmentFact, Fact
from orgmodel.marks import Covered
from orgmodel.reports import Reference, Report
from orgmodel.sources.references import MOST, Register
from orgmodel.sources.values import NAME, TEXT

from .cells import Unique, Writing, address, day, end, in_order, key, named, status
from .header import Columns
from .table import read
from .units import UnitsReader

PEOPLE = Columns(
    required=("id", "email", "name"),
    known=frozenset(
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
    ),
    deciding=frozenset({"status", "start_date", "end_date"}),
)
_NO_ATTRIBUTES = PEOPLE.known - {"title"}
ASSIGNMENTS = Columns(
    required=("person_id", "unit_id"),
    known=frozenset({"person_id", "unit_id", "kind", "valid_from", "valid_to"}),
    deciding=frozenset({"valid_from", "valid_to"}),
    key="person_id",
)


class PeopleReader:
    """One read of the HR files; every column that is not one of the known ones is an attribute.

    `units`: there is no control plane, so a units.csv beside it is the HRIS's own.
    """

    source = "hris"

    def __init__(self, folder: Path, writing: Writing | None = None, *, units: bool = False) -> None:
        self.report = Report()
        self._folder = folder
        self._writing = writing or Writing()
        self._csv_as = (self._writing.feed.encoding, self._writing.feed.delimiter)
        self._people = Register("manager_id", "manager")
        self._units = (
            UnitsReader(folder, "hris", self._writing) if units and (folder / "units.csv").exists() else None
        )

    def batches(self) -> Iterator[Sequence[Fact]]:
        """Units, accounts, then assignments. Raises SourceFailed."""
        if self._units is not None:
            self._units.report = self.report
            yield from self._units.facts()
        columns = Columns(PEOPLE.required, PEOPLE.known, PEOPLE.deciding, self._writing.tracked, others=True)
        path = self._folder / "people.csv"
        yield from read(path, columns, self._account, self.report, "account", csv_as=self._csv_as)
        self.report.problems += self._people.problems()
        self.report.unknown += self._people.unknown()
        yield from self._assignments()
        # A file that is not there says, too, that nothing is recorded.
        yield [*map(Covered, ("unit", "account", "assignment", "planned"))]
        if unreadable := self.report.unreadable():
            yield unreadable

    def _account(self, values: Mapping[str, str], line: int) -> AccountFact:
        found = _account(values, self._writing)
        where, number = f"people.csv line {line}", found.employee_number
        self._people.add(where, found.native_id, found.manager_ref, number=number, email=found.email)
        return found

    def _assignments(self) -> Iterator[Sequence[Fact]]:
        path = self._folder / "assignments.csv"
        if not path.exists():
            return
        rows = Unique("the same person, unit and first day appear twice, with different values")

        def assignment(values: Mapping[str, str], line: int) -> AssignmentFact:
            found = _assignment(values, self._writing)
            rows.add((found.person, found.unit, found.valid_from), found)
            self._refer(f"{path.name} line {line}", found)
            return found

        yield from read(path, ASSIGNMENTS, assignment, self.report, "assignment", csv_as=self._csv_as)

    def _refer(self, where: str, found: AssignmentFact) -> None:
        if len(self.report.unknown) < MOST:
            if found.person not in self._people:
                self.report.unknown.append(
                    Reference(where, found.person, "person_id", "person", found.person)
                )
            if self._units is None or found.unit not in self._units:
                self.report.unknown.append(Reference(where, found.person, "unit_id", "unit", found.unit))


def _account(values: Mapping[str, str], writing: Writing) -> AccountFact:
    start, last = day(values, "start_date", writing), end(values, "end_date", writing)
    if start and last and last <= start:
        last = None  # Who comes back has a new first day; the old end is history.
    word = status(values, writing)
    return AccountFact(
        native_id=key(values, "id"),
        login="",
        email=address(values, "email"),
        name=values["name"][:NAME],
        status=word,
        title=values.get("title", "")[:NAME],
        worker_type=values.get("worker_type", "")[:NAME],
        manager_ref=named(values, "manager_id"),
        employee_number=key(values, "employee_number"),
        start_date=start,
        end_date=last,
        time_zone=values.get("time_zone", "")[:NAME],
        attributes={
            name[:NAME]: value[:TEXT]
            for name, value in values.items()
            if value and name and name not in _NO_ATTRIBUTES
        },
        created=None,
        updated=None,
        state=word,
    )


def _assignment(values: Mapping[str, str], writing: Writing) -> AssignmentFact:
    start, last = day(values, "valid_from", writing), end(values, "valid_to", writing)
    in_order(start, last, "valid_from, valid_to")
    return AssignmentFact(
        key(values, "person_id"), key(values, "unit_id"), values.get("kind", "")[:NAME], start, last
    )
