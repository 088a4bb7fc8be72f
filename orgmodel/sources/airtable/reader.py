"""One read of the base: its schema, then all records of the tables that keep units."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.marks import Covered
from orgmodel.reports import Problem, Report, SourceFailed
from orgmodel.sources.values import clean

from . import columns
from .cells import LONGEST_KEY, BadCell, Cells
from .client import AirtableClient
from .columns import Column, Table
from .settings import AirtableSettings
from .units import Row, Units

BATCH = 2000


@dataclass(frozen=True, slots=True)
class _Kept:
    """A table that is read. `kind`: of all its records; empty: a column says it."""

    table: Table
    kind: str
    columns: Mapping[str, Column]

    @property
    def where(self) -> str:
        return f"Airtable {self.table.name}"


class AirtableReader:
    """One read. Further arguments (`sleep`, `clock`, `jitter`, `transport`) go to the AirtableClient."""

    source = "control"

    def __init__(
        self, settings: AirtableSettings, conventions: Conventions | None = None, **client: Any
    ) -> None:
        self.report = Report()
        self._settings = settings
        self._conventions = conventions or Conventions()
        self._names = self._conventions.unit_fields
        self._client = AirtableClient(settings, **client)

    def batches(self) -> Iterator[Sequence[Fact]]:
        """Units, and that they are all. Raises SourceFailed."""
        try:
            rows, people = self._read()
        finally:
            self.report.calls = self._client.calls
            self._client.close()
        facts = list(Units(self._conventions, self.report, people).facts(rows))
        for start in range(0, len(facts), BATCH):
            yield facts[start : start + BATCH]
        yield [Covered("unit")]
        if unreadable := self.report.unreadable():
            yield unreadable

    def _read(self) -> tuple[list[Row], dict[str, str]]:
        """All records of units, and whom leads are linked to."""
        columns.refuse_unknown(self._names.fields, self._names.reports)
        tables = self._client.tables()
        kept = self._kept(tables)
        linked = self._linked(kept, tables)
        rows = [row for each in kept for row in self._rows(each)]
        people: dict[str, str] = {}
        for table, column in linked.items():
            people |= self._people(table, column)
        return rows, people

    def _kept(self, tables: Sequence[Table]) -> list[_Kept]:
        """The tables of units, the one that AIRTABLE_TABLE names first. Raises SourceFailed."""
        first = columns.table_of(tables, self._settings.table, "AIRTABLE_TABLE")
        found = {first.id: (first, "")}
        for kind, name in self._names.reports.items():
            table = columns.table_of(tables, name, f"units.reports.{kind}")
            if table.id in found and found[table.id][1]:
                raise SourceFailed(f"units.reports names the table {table.name} twice; it holds one kind.")
            found[table.id] = (table, kind)
        columns.refuse_missing([table for table, _ in found.values()], self._names.fields)
        kept = [
            _Kept(table, kind, columns.columns_of(table, self._names.fields, kind=kind))
            for table, kind in found.values()
        ]
        for each in kept:
            columns.refuse_links_elsewhere(each.table, each.columns, [other.table.id for other in kept])
        return kept

    def _linked(self, kept: Sequence[_Kept], tables: Sequence[Table]) -> dict[Table, Column]:
        """Tables to which leads are linked, each with the column by which HR knows people."""
        fields = self._names.fields
        found = {}
        for each in kept:
            wanted = fields.get(f"{each.kind}.person") or fields.get("person", columns.PERSON)
            lead = each.columns.get("lead")
            if lead is None or lead.type != columns.LINKS:
                continue
            table = columns.table_of(tables, lead.linked, f"what its column {lead.name} links to")
            column = table.column(wanted)
            if column is None:
                raise SourceFailed(columns.missing(table, wanted, "units.fields.person"))
            found[table] = column
        return found

    def _rows(self, kept: _Kept) -> list[Row]:
        """The records of a table; those in which nothing stands are none.

        One that is given twice is there twice if the two differ: neither is sure.
        """
        zone = self._conventions.notify.time_zone
        feed = self._conventions.csv
        found: list[Row] = []
        given: dict[str, list[Mapping[str, Any]]] = {}
        for raw in self._client.records(kept.table, _ids(kept.columns)):
            record, values = _record(raw)
            if values in given.setdefault(record, []):
                continue
            if values is None:
                reason = "the record is none that can be read"
                self.report.problems.append(Problem(kept.where, record, reason, "unit"))
                continue
            cells = Cells(values, kept.columns, zone, feed.end_dates == "last_day", feed.status_words)
            given[record].append(values)
            found.append(Row(kept.where, record, kept.kind, cells))
        return [row for row in found if not row.cells.blank]

    def _people(self, table: Table, column: Column) -> dict[str, str]:
        """Record of a person → what the column holds; empty where that is nothing usable."""
        found = {}
        for raw in self._client.records(table, [column.id]):
            record, values = _record(raw)
            try:
                cells = Cells(values or {}, {"person": column}, self._conventions.notify.time_zone)
                found[record] = cells.key("person")
            except BadCell:
                found[record] = ""
        return found


def _ids(wanted: Mapping[str, Column]) -> list[str]:
    return list(dict.fromkeys(column.id for column in wanted.values()))


def _record(raw: Any) -> tuple[str, Mapping[str, Any] | None]:
    """Id and cells of a record; None where it is none."""
    record = raw.get("id") if isinstance(raw, dict) else None
    if not isinstance(record, str) or not 0 < len(record) <= LONGEST_KEY:
        return "", None
    values = raw.get("fields")
    return clean(record, LONGEST_KEY), values if isinstance(values, dict) else None
