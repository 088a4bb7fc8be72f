"""Which columns of a table hold what Sightline reads, by the base's own schema: found by id or by name."""

from collections.abc import Collection, Mapping, Sequence
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
LINKED = frozenset({"parent", "lead", "merged_into"})
"""What may be a link to another record; of anything else a link would give the record's id for the value."""


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


def refuse_unknown(names: Mapping[str, str], kinds: Collection[str]) -> None:
    """Raises SourceFailed for `[units] fields` of which nothing is read. `kinds`: those of `reports`."""
    known = sorted({*DEFAULTS, *BY_NAME_ALONE})
    for key in names:
        kind, _, name = key.rpartition(".")
        if name not in known or (kind and kind not in kinds):
            raise SourceFailed(
                f"units.fields.{key[:SHOWN]} is nothing that is read from Airtable; it may be one of"
                f" {', '.join(known)}, for a table of units.reports with its kind before it, as in"
                " team.parent."
            )


def columns_of(table: Table, names: Mapping[str, str], *, kind: str) -> dict[str, Column]:
    """Our name → the column of the table. `kind`: of all its records; empty: a column says it.

    Raises SourceFailed where the name is missing, or what says the kind, or a column that is named for this
    kind alone.
    """
    found = {}
    for name, usual in {**DEFAULTS, "id": ""}.items():
        own = names.get(f"{kind}.{name}", "")
        column = table.column(own) if own else table.column(names.get(name, "")) or table.column(usual)
        if own and column is None:
            raise SourceFailed(missing(table, own, f"units.fields.{kind}.{name}"))
        if column is None or (kind and name == "kind"):
            continue
        if column.type == LINKS and name not in LINKED:
            raise SourceFailed(
                f"Airtable's column {column.name} of {table.name} links to records, whose names it does not"
                f" hold; add a lookup and name that as units.fields.{name}. Nothing was applied."
            )
        found[name] = column
    for name in ("name",) if kind else ("name", "kind"):
        if name not in found:
            raise SourceFailed(missing(table, names.get(name, DEFAULTS[name]), f"units.fields.{name}"))
    return found


def refuse_missing(tables: Sequence[Table], names: Mapping[str, str]) -> None:
    """Raises SourceFailed for a column that is named and that none of the tables has."""
    for name, wanted in names.items():
        if "." in name or name == "person":
            continue
        if not any(table.column(wanted) for table in tables):
            raise SourceFailed(missing(tables[0], wanted, f"units.fields.{name}"))


def refuse_links_elsewhere(table: Table, found: Mapping[str, Column], tables: Collection[str]) -> None:
    """Raises SourceFailed for links to a table that keeps no units. `tables`: ids of those that do."""
    for name in ("parent", "merged_into"):
        column = found.get(name)
        if column is not None and column.linked and column.linked not in tables:
            raise SourceFailed(
                f"Airtable's column {column.name} of {table.name} links to a table that is not read; name"
                f" that table in units.reports, or another column as units.fields.{name}."
                " Nothing was applied."
            )


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
