"""units.csv: the org units as their control plane keeps them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from orgmodel.facts import Fact, UnitFact
from orgmodel.marks import Covered
from orgmodel.recognition import slugify
from orgmodel.reports import Reference, Report
from orgmodel.sources.references import MOST, Register
from orgmodel.sources.values import NAME

from .cells import BadRow, Unique, Writing, day, end, in_order, key, named, truth
from .header import Columns
from .table import read

UNITS = Columns(
    required=("id", "kind", "name"),
    known=frozenset(
        {
            "id",
            "kind",
            "name",
            "slug",
            "parent_id",
            "lead_id",
            "active",
            "active_from",
            "active_to",
            "merged_into",
        }
    ),
    deciding=frozenset({"active", "active_from", "active_to"}),
)


class UnitsReader:
    """One read of units.csv, as `control`, or as part of the HRIS where there is no control plane."""

    def __init__(self, folder: Path, source: str = "control", writing: Writing | None = None) -> None:
        self.source = source
        self.report = Report()
        self._folder = folder
        self._writing = writing or Writing()
        self._parents = Register("parent_id", "unit")
        self._kinds = Unique("id stands for a unit of another kind as well")
        self._others: list[Reference] = []

    def __contains__(self, unit: str) -> bool:
        return unit in self._parents

    def batches(self) -> Iterator[Sequence[Fact]]:
        """Units, and that they are all. Raises SourceFailed."""
        yield from self.facts()
        yield [Covered("unit")]
        if unreadable := self.report.unreadable():
            yield unreadable

    def facts(self) -> Iterator[Sequence[Fact]]:
        """Units. Raises SourceFailed."""
        csv_as = (self._writing.feed.encoding, self._writing.feed.delimiter)
        path = self._folder / "units.csv"
        yield from read(path, UNITS, self._unit, self.report, "unit", csv_as=csv_as)
        self.report.problems += self._parents.problems()
        self.report.unknown += self._parents.unknown()
        self.report.unknown += [
            each for each in self._others if each.kind != "unit" or each.named not in self._parents
        ][:MOST]

    def _unit(self, values: Mapping[str, str], line: int) -> UnitFact:
        found = _unit(values, self._writing)
        self._kinds.add((found.native_id,), found.kind)
        where = f"units.csv line {line}"
        self._parents.add(where, found.native_id, found.parent)
        if found.lead:
            self._others.append(Reference(where, found.native_id, "lead_id", "lead", found.lead))
        if found.merged_into:
            self._others.append(Reference(where, found.native_id, "merged_into", "unit", found.merged_into))
        return found


def _unit(values: Mapping[str, str], writing: Writing) -> UnitFact:
    start, last = day(values, "active_from", writing), end(values, "active_to", writing)
    in_order(start, last, "active_from, active_to")
    for column in ("parent_id", "merged_into"):
        if values.get(column) == values["id"]:
            raise BadRow(f"{column} is the unit itself")
    return UnitFact(
        kind=writing.kind(key(values, "kind")),
        native_id=key(values, "id"),
        name=values["name"][:NAME],
        slug=key(values, "slug") or slugify(values["name"][:NAME])[:NAME],
        parent=key(values, "parent_id"),
        lead=named(values, "lead_id"),
        active=truth(values, "active", default=True),
        active_from=start,
        active_to=last,
        merged_into=key(values, "merged_into"),
    )
