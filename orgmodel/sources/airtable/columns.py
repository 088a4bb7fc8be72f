"""Which columns of a table hold what Sightline reads, by the base's own schema: found by id or by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orgmodel.reports import SourceFailed
from orgmodel.sources.values import clean

DEFAULTS: Mapping[str, str] = {
    "name": "Name",
    "kind": "Kind",
    "slug": "Slug",
    "parent": "Parent",
    "lead": "Lead",
    "active": "Active",
    "active_from": "Active from",
    "active_to": "Active to",
    "merged_into": "Merged into",
}
"""What is read of a unit → the column that holds it where `[units] fields` names no other."""
BY_NAME_ALONE = ("id", "person")
"""id: of the unit, in place of the record's; person: in the table that leads are linked to, whom it is."""
PERSON = "Email"
SHOWN = 80
LINKS = "multipleRecordLinks"


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a table."""

    id: str
    name: str
    type: str
    """Airtable's word: singleLineText, multipleRecordLinks, checkbox …"""
    linked: str = ""
    """The id of the table that it links to."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table with its columns."""

    id: str
    name: str
    columns: Sequence[Column] = field(default_factory=tuple)

    def column(self, wanted: str) -> Column | None:
        """The column of this id or name; of a name also in other capitals, if none is exactly so."""
        bare = wanted.strip().casefold()
        if not bare:
            return None
        exact = (each for each in self.columns if wanted in {each.id, each.name})
        similar = (each for each in self.columns if each.name.strip().casefold() == bare)
        return next(exact, next(similar, None))


def tables_of(raw: Sequence[Any]) -> list[Table]:
    """The tables of a base's schema; what is none is left out."""
    return [
        Table(each["id"], _text(each, "name"), tuple(_columns(each.get("fields"))))
        for each in raw
        if isinstance(each, dict) and isinstance(each.get("id"), str)
    ]


def table_of(tables: Sequence[Table], wanted: str, setting: str) -> Table:
    """The table of this id or name. Raises SourceFailed."""
    found = next((each for each in tables if wanted in {each.id, each.name}), None)
    if found is None:
        raise SourceFailed(f"Airtable's base has no table {wanted[:SHOWN]}; check {setting}.")
    return found


def refuse_unknown(names: Mapping[str, str]) -> None:
    """Raises SourceFailed for `[units] fields` of which nothing is read."""
    known = sorted({*DEFAULTS, *BY_NAME_ALONE})
    for name in names:
        if name not in known:
            raise SourceFailed(
                f"units.fields.{name[:SHOWN]} is nothing that is read from Airtable; it may be one of"
                f" {', '.join(known)}."
            )


def columns_of(table: Table, names: Mapping[str, str], *, kind: str) -> dict[str, Column]:
    """Our name → the column of the table. `kind`: of all its records; empty: a column says it.

    Raises SourceFailed where the name is missing, or what says the kind.
    """
    found = {}
    for name, usual in {**DEFAULTS, "id": ""}.items():
        column = table.column(names.get(name, usual)) or table.column(usual)
        if column is not None and not (kind and name == "kind"):
            found[name] = column
    for name in ("name",) if kind else ("name", "kind"):
        if name not in found:
            raise SourceFailed(missing(table, names.get(name, DEFAULTS[name]), f"units.fields.{name}"))
    return found


def refuse_missing(tables: Sequence[Table], names: Mapping[str, str]) -> None:
    """Raises SourceFailed for a column that is named and that none of the tables has."""
    for name, wanted in names.items():
        if name != "person" and not any(table.column(wanted) for table in tables):
            raise SourceFailed(missing(tables[0], wanted, f"units.fields.{name}"))


def missing(table: Table, wanted: str, setting: str) -> str:
    """What to do about a column that is not there, or no longer under this name."""
    return (
        f"Airtable's table {table.name} has no column {wanted[:SHOWN]}; if it has another name, set {setting}"
        " to that, or to its id (fld…), which stays when it is renamed. Nothing was applied."
    )


def _columns(raw: Any) -> list[Column]:
    return [
        Column(each["id"], _text(each, "name"), _text(each, "type"), _linked(each.get("options")))
        for each in (raw if isinstance(raw, list) else [])
        if isinstance(each, dict) and isinstance(each.get("id"), str)
    ]


def _linked(options: Any) -> str:
    found = options.get("linkedTableId") if isinstance(options, dict) else None
    return found if isinstance(found, str) else ""


def _text(raw: Mapping[str, Any], key: str) -> str:
    return clean(raw.get(key), SHOWN)
