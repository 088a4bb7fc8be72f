"""Records of Airtable as org units: what each says, and what cannot be taken from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from orgmodel.conventions import Conventions
from orgmodel.facts import UnitFact
from orgmodel.recognition import slugify
from orgmodel.reports import Problem, Reference, Report, SourceFailed
from orgmodel.sources.references import MOST, Register
from orgmodel.sources.values import NAME, undressed

from .cells import BadCell, Cells, Unfinished
from .columns import LINKS

MOST_PROBLEMS = 1000
"""Bad records that are reported one by one; of further ones only the number."""
MOST_BAD = 0.1
"""Where a larger share of the records is bad, none is believed; one is only that record's problem."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record that stands in a table of units."""

    where: str
    record: str
    kind: str
    """Of all records of its table; empty: a cell says it."""
    cells: Cells


class Units:
    """Makes facts of all records of a read. `people`: record that a lead links to → how HR knows them."""

    def __init__(self, conventions: Conventions, report: Report, people: Mapping[str, str]) -> None:
        self._kinds = {kind.kind.casefold(): kind.kind for kind in conventions.unit_kinds}
        self._report, self._people = report, people
        self._ids: dict[str, str] = {}
        """Record → the unit's id, where a column holds one."""
        self._doubles: set[str] = set()
        self._named: list[Reference] = []
        self._rows = self._bad = 0

    def facts(self, rows: Sequence[Row]) -> Iterator[UnitFact]:
        """The units. Raises SourceFailed where too many records are bad."""
        self._rows = len(rows)
        self._find_ids(rows)
        column = rows[0].cells.called("parent") if rows else ""
        parents = Register(column, "unit")
        for row in rows:
            try:
                found = self._unit(row)
            except BadCell as why:
                self._refuse(row, why)
                continue
            parents.add(row.where, found.native_id, found.parent)
            self._note(row, found)
            yield found
        self._refuse_mostly_bad()
        self._report.problems += parents.problems()
        self._report.unknown += parents.unknown()
        self._report.unknown += [
            each for each in self._named if each.kind != "unit" or each.named not in parents
        ][:MOST]

    def _find_ids(self, rows: Sequence[Row]) -> None:
        seen: set[str] = set()
        for row in rows:
            if "id" not in row.cells.columns:
                continue
            try:
                found = row.cells.key("id")
            except BadCell:
                continue  # It is that record's problem once its turn comes.
            if found in seen:
                self._doubles.add(found)
            if found:
                seen.add(found)
                self._ids[row.record] = found

    def _unit(self, row: Row) -> UnitFact:
        cells, native = row.cells, self._native(row)
        start, end = cells.day("active_from"), cells.end("active_to")
        if start and end and end <= start:
            columns = f"{cells.called('active_from')}, {cells.called('active_to')}"
            raise BadCell(f"{columns}: the end is not after the beginning")
        name = cells.text("name", NAME)
        if not name:
            raise Unfinished(f"{cells.called('name')} is missing")
        kind = row.kind or cells.key("kind")
        if not kind:
            raise Unfinished(f"{cells.called('kind')} is missing")
        parents, heirs = self._links(cells, "parent", native), self._links(cells, "merged_into", native)
        if len(parents) > 1:
            raise BadCell(f"{cells.called('parent')} holds {len(parents)} units; a unit has one parent")
        return UnitFact(
            kind=self._kinds.get(kind.casefold(), kind),
            native_id=native,
            name=name,
            slug=cells.key("slug") or slugify(name)[:NAME],
            parent="".join(parents),
            lead=self._lead(row, native),
            active=cells.truth("active", default=True),
            active_from=start,
            active_to=end,
            merged_into=self._only(
                row, native, "merged_into", heirs, "unit is named as the one it went into"
            ),
        )

    def _native(self, row: Row) -> str:
        if "id" not in row.cells.columns:
            return row.record
        found = row.cells.key("id")
        if not found:
            raise Unfinished(f"{row.cells.called('id')} is missing")
        if found in self._doubles:
            raise BadCell(f"{row.cells.called('id')} is that of another record as well")
        return found

    def _links(self, cells: Cells, name: str, native: str) -> list[str]:
        """The ids of the units that a cell links to; not the unit itself. Raises BadCell."""
        found = list(dict.fromkeys(self._ids.get(each, each) for each in cells.each(name)))
        if native in found:
            raise BadCell(f"{cells.called(name)} is the unit itself")
        return found

    def _lead(self, row: Row, native: str) -> str:
        cells = row.cells
        found = list(dict.fromkeys(map(undressed, cells.each("lead"))))
        if found and cells.columns["lead"].type == LINKS:
            known = [self._people.get(each, "") for each in found]
            if not all(known):
                self._remark(
                    row, native, f"{cells.called('lead')} links to somebody without an address or id"
                )
            found = list(dict.fromkeys(filter(None, known)))
        return self._only(row, native, "lead", found, "person leads a unit")

    def _only(self, row: Row, native: str, name: str, found: Sequence[str], rule: str) -> str:
        """The one that is named. Of several none is guessed: the unit is taken without."""
        if len(found) > 1:
            self._remark(row, native, f"{row.cells.called(name)} holds {len(found)}, and only one {rule}")
            return ""
        return "".join(found)

    def _note(self, row: Row, found: UnitFact) -> None:
        """What others must know: a lead, and the unit that it went into."""
        if found.lead:
            column = row.cells.called("lead")
            self._named.append(Reference(row.where, found.native_id, column, "lead", found.lead))
        if found.merged_into:
            column = row.cells.called("merged_into")
            self._named.append(Reference(row.where, found.native_id, column, "unit", found.merged_into))

    def _remark(self, row: Row, native: str, reason: str) -> None:
        """Something of a unit that was not taken; the unit itself was."""
        if len(self._report.problems) < MOST_PROBLEMS:
            self._report.problems.append(Problem(row.where, native, reason))

    def _refuse(self, row: Row, why: BadCell) -> None:
        self._bad += not isinstance(why, Unfinished)
        record = self._ids.get(row.record, "" if "id" in row.cells.columns else row.record)
        if len(self._report.problems) < MOST_PROBLEMS:
            self._report.problems.append(Problem(row.where, record, str(why), "unit"))
        elif all(each.record or not each.kind for each in self._report.problems):
            self._report.problems.append(Problem(row.where, "", "more records are bad", "unit"))

    def _refuse_mostly_bad(self) -> None:
        if self._bad == self._rows > 0 or self._bad > max(MOST_BAD * self._rows, 1):
            raise SourceFailed(
                f"Airtable: {self._bad} of {self._rows} records are bad, more than a tenth; nothing of them"
                " is applied. The problems name record and reason."
            )
