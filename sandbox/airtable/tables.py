"""A base with two tables: units that link to each other, and the people who lead them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sandbox.hris.records import HrPerson, HrUnit, Records

UNITS, PEOPLE = "tblUnits000000000", "tblPeople00000000"
LINK, BOX = "multipleRecordLinks", "checkbox"
Cells = dict[str, Any]


@dataclass
class Field:
    """A column. `type` and `options` are Airtable's own."""

    name: str
    type: str = "singleLineText"
    options: dict[str, Any] | None = None
    id: str = ""

    def __post_init__(self) -> None:
        letters = "".join(each for each in self.name.title() if each.isalnum())
        self.id = self.id or f"fld{letters:0<14.14}"

    def described(self) -> dict[str, Any]:
        """The column as the schema tells of it."""
        found = {"id": self.id, "name": self.name, "type": self.type}
        return found if self.options is None else {**found, "options": self.options}


def _linked(name: str, table: str) -> Field:
    return Field(name, LINK, {"linkedTableId": table, "isReversed": False, "prefersSingleRecordLink": True})


@dataclass
class Table:
    """Columns by our word for what they hold. `odd`: (record, our word) → the cell as it is instead."""

    id: str
    name: str
    fields: dict[str, Field]
    odd: dict[tuple[str, str], Any] = field(default_factory=dict)
    more: dict[str, Cells] = field(default_factory=dict)
    """Further records, by our words."""
    hidden: set[str] = field(default_factory=set)
    """Records that were deleted here though the company still has them."""

    def described(self) -> dict[str, Any]:
        """The table as the schema tells of it."""
        fields = [each.described() for each in self.fields.values()]
        return {"id": self.id, "name": self.name, "primaryFieldId": fields[0]["id"], "fields": fields}


def units_table() -> Table:
    """What Sightline reads by default, and two columns that are nobody else's affair."""
    kinds = [{"id": f"sel{name}", "name": name} for name in ("team", "team_group", "department")]
    return Table(
        UNITS,
        "Units",
        {
            "name": Field("Name"),
            "kind": Field("Kind", "singleSelect", {"choices": kinds}),
            "slug": Field("Slug"),
            "parent": _linked("Parent", UNITS),
            "lead": _linked("Lead", PEOPLE),
            "active": Field("Active", BOX, {"icon": "check", "color": "greenBright"}),
            "active_from": Field("Active from", "date"),
            "active_to": Field("Active to", "date"),
            "merged_into": _linked("Merged into", UNITS),
            "notes": Field("Notes", "multilineText"),
            "members": Field("Members", "count", {"isValid": True}),
        },
    )


def people_table() -> Table:
    """The people whom leads are linked to, with what nobody should ask for."""
    return Table(
        PEOPLE,
        "People",
        {
            "name": Field("Name"),
            "email": Field("Email", "email"),
            "id": Field("HR id"),
            "salary": Field("Salary", "currency"),
        },
    )


def person_record(person: str) -> str:
    """The id of a person's record."""
    return f"recP{person:0>13.13}"


def unit_cells(unit: HrUnit) -> Cells:
    """What stands in the record of a unit."""
    last = unit.active_to - timedelta(days=1) if unit.active_to else None
    if last and unit.active_from:
        last = max(last, unit.active_from)
    return {
        "name": unit.name,
        "kind": unit.kind,
        "slug": unit.slug,
        "parent": [unit.parent_id] if unit.parent_id else [],
        "lead": [person_record(unit.lead_id)] if unit.lead_id else [],
        "active": unit.active,
        "active_from": unit.active_from and unit.active_from.isoformat(),
        "active_to": last and last.isoformat(),
        "merged_into": [unit.merged_into] if unit.merged_into else [],
        "notes": "Do not read this aloud.",
        "members": 4,
    }


def _person_cells(person: HrPerson) -> Cells:
    return {"name": person.name, "email": person.email, "id": person.id, "salary": 4200}


def records_of(table: Table, records: Records) -> Mapping[str, Cells]:
    """Record → its cells by our words, in the order of the table."""
    found: dict[str, Cells] = {}
    if table.id == UNITS:
        found = {unit.id: unit_cells(unit) for unit in records.units.values()}
    elif table.id == PEOPLE:
        found = {person_record(each.id): _person_cells(each) for each in records.people.values()}
    found |= table.more
    for (record, word), cell in table.odd.items():
        found[record] = {**found.get(record, {}), word: cell}
    return {record: cells for record, cells in found.items() if record not in table.hidden}


def shown(table: Table, cells: Cells, wanted: set[str], *, by_id: bool) -> Iterator[tuple[str, Any]]:
    """The cells as the API gives them: empty ones, and boxes without a tick, are left out."""
    for word, column in table.fields.items():
        cell = cells.get(word)
        empty = cell is None or cell is False or cell in ("", [])
        if empty or (wanted and not wanted & {column.id, column.name}):
            continue
        yield (column.id if by_id else column.name), cell
