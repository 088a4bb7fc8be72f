"""A proposed reorganisation: a CSV of people who move and units that change, read as attribute values.

A row without `action` is a person: `person` (e-mail or id) and one column per attribute, an empty cell
leaving it as it is; or the columns `person,attribute,value`. With `action`: `move` does the same for people;
`create` (kind, name), `rename` (unit, name), `merge` (unit, into), `split` (unit, into: new names with ;
between) and `retire` (unit) change units, and with them what their members' attribute says.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import connection

from orgmodel.conventions import UnitKind
from orgmodel.recognition import slugify

from .nearest import nearest
from .people import UnitRef

WHO = ("person", "email", "e-mail", "id")
OTHERS = frozenset({"action", "attribute", "value", "kind", "unit", "name", "into"})
TAKEN_AWAY = "-"
"""A cell that takes an attribute away; an empty one leaves it."""
MOST_ROWS = 200_000
MOST_TOLD = 50


class BadProposal(ValueError):
    """The file cannot be used: `problems` are its bad rows, each with line and reason."""

    def __init__(self, problems: Sequence[str]) -> None:
        more = f" … and {len(problems) - MOST_TOLD} more." if len(problems) > MOST_TOLD else ""
        super().__init__("\n".join(problems[:MOST_TOLD]) + more)
        self.problems = tuple(problems)


@dataclass
class Proposal:
    """What is proposed. `values`: person → attribute → new value, None for none."""

    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    created: list[tuple[str, str]] = field(default_factory=list)
    """Kind and name of units that do not exist yet."""
    ended: list[UnitRef] = field(default_factory=list)
    """Units that are merged, split or retired."""
    notes: list[str] = field(default_factory=list)
    """What of the file was not taken, and why."""


def read_proposal(lines: Iterable[str], kinds: Sequence[UnitKind]) -> Proposal:
    """The proposal in these lines of CSV. Raises BadProposal with every bad row; then nothing is taken."""
    header, rows = read_rows(lines)
    if not set(header) & {*WHO, "action"}:
        raise BadProposal(["line 1: a column person, email or id is missing, or a column action."])
    return _Reader(kinds, header).read(rows)


def read_rows(lines: Iterable[str]) -> tuple[list[str], list[tuple[int, dict[str, Any]]]]:
    """The header and the rows of a CSV, each with its line. Raises BadProposal."""
    reader = csv.DictReader(lines, strict=True)
    try:
        header = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = header
        rows = [(reader.line_num, row) for row in islice(reader, MOST_ROWS + 1)]
    except csv.Error as error:
        raise BadProposal([f"line {reader.line_num}: this is no CSV ({error})."]) from error
    if len(rows) > MOST_ROWS:
        raise BadProposal([f"There are more than {MOST_ROWS} rows."])
    return header, rows


def strange(names: Iterable[str]) -> dict[str, str]:
    """Names that no attribute of the profile has, with what is nearest; none where no schema is known."""
    known = profile_attributes()
    odd = [name for name in names if known and name not in known]
    return {name: ", ".join(nearest(name, [(each, each) for each in known])) for name in odd}


class _Reader:
    def __init__(self, kinds: Sequence[UnitKind], header: Sequence[str]) -> None:
        self._attribute = {kind.kind: kind.attribute for kind in kinds if kind.attribute}
        self._columns = [name for name in header if name and name not in {*WHO, *OTHERS}]
        self._known = profile_attributes()
        self._people = known_people()
        self._units = _units()
        self._proposal = Proposal()

    def read(self, rows: Iterable[tuple[int, dict[str, Any]]]) -> Proposal:
        problems = [
            f"line 1: the Okta profile has no attribute {name[:80]!r}.{f' Nearest: {near}.' if near else ''}"
            for name, near in strange(self._columns).items()
        ]
        for line, row in rows:
            cells = {name: value.strip() for name, value in row.items() if isinstance(value, str)}
            if None in row:
                problems.append(f"line {line}: there are more cells than columns.")
            elif any(cells.values()) and (reason := self._take(cells)):
                problems.append(f"line {line}: {reason}")
        if problems:
            raise BadProposal(problems)
        return self._proposal

    def _take(self, cells: Mapping[str, str]) -> str:
        """Take one row; why it cannot be taken, or nothing."""
        action = cells.get("action", "").casefold() or "move"
        takers = {
            "move": self._move,
            "create": self._create,
            "rename": self._rename,
            "merge": self._merge,
            "split": self._split,
            "retire": self._retire,
        }
        if action not in takers:
            return f"{action[:40]!r} is no action; there are {', '.join(takers)}."
        return takers[action](cells)

    def _move(self, cells: Mapping[str, str]) -> str:
        said = next((cells[name] for name in WHO if cells.get(name)), "")
        person = self._people.get(said.casefold())
        if person is None:
            return f"no person is known as {said[:80]!r}." if said else "nobody is named."
        given = dict(self._given(cells))
        if self._known and (name := cells.get("attribute", "")) and name not in self._known:
            return f"the Okta profile has no attribute {name[:80]!r}."
        if not given:
            return "nothing is changed."
        self._proposal.values.setdefault(person, {}).update(given)
        return ""

    def _given(self, cells: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
        if cells.get("attribute"):
            yield cells["attribute"], cells.get("value") or None
        for name in self._columns:
            if cells.get(name):
                yield name, None if cells[name] == TAKEN_AWAY else cells[name]

    def _create(self, cells: Mapping[str, str]) -> str:
        kind, name = cells.get("kind") or next(iter(self._attribute), ""), cells.get("name", "")
        if not name:
            return "a new unit needs a name."
        self._proposal.created.append((kind, name))
        return ""

    def _rename(self, cells: Mapping[str, str]) -> str:
        unit, name = self._unit(cells.get("unit", "")), cells.get("name", "")
        if isinstance(unit, str):
            return unit
        if not name:
            return "the new name is missing."
        self._give(unit, lambda value: name if value == unit.name else slugify(name))
        return ""

    def _merge(self, cells: Mapping[str, str]) -> str:
        unit, into = self._unit(cells.get("unit", "")), self._unit(cells.get("into", ""))
        if isinstance(unit, str):
            return unit
        if isinstance(into, str):
            return into
        self._give(unit, lambda value: into.name if value == unit.name else into.slug)
        self._proposal.ended.append(unit)
        return ""

    def _split(self, cells: Mapping[str, str]) -> str:
        unit, names = self._unit(cells.get("unit", "")), cells.get("into", "").split(";")
        if isinstance(unit, str):
            return unit
        wanted = [name.strip() for name in names if name.strip()]
        if not wanted:
            return "the new units are missing: write their names into the column into, with ; between."
        self._proposal.created.extend((unit.kind, name) for name in wanted)
        self._proposal.ended.append(unit)
        return ""

    def _retire(self, cells: Mapping[str, str]) -> str:
        unit = self._unit(cells.get("unit", ""))
        if isinstance(unit, str):
            return unit
        self._give(unit, lambda _: None)
        self._proposal.ended.append(unit)
        return ""

    def _unit(self, said: str) -> UnitRef | str:
        """The unit, or why there is none."""
        if not said:
            return "a unit is missing."
        return self._units.get(said.casefold()) or f"no unit is known as {said[:80]!r}."

    def _give(self, unit: UnitRef, new: Any) -> None:
        """What the members' attribute will say; whoever the file moves by name is left to that row."""
        name = self._attribute.get(unit.kind)
        for person, value in _members(unit, name) if name else ():
            given = self._proposal.values.setdefault(person, {})
            given.setdefault(str(name), new(value))


def profile_attributes() -> frozenset[str]:
    """The attributes that Okta profiles have; none where that was not read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM orgmodel_profileattribute WHERE source = 'okta' AND ended IS NULL ORDER BY name"
        )
        return frozenset(row[0] for row in cursor.fetchall())


def known_people() -> dict[str, int]:
    """What people are known by, in small letters; what means several means nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT said, min(id) FROM (
                SELECT lower(key) AS said, id FROM orgmodel_person
                UNION SELECT lower(email), id FROM orgmodel_person WHERE ended IS NULL
                UNION SELECT lower(native_id), person_id FROM orgmodel_account WHERE person_id IS NOT NULL
                UNION SELECT lower(login), person_id FROM orgmodel_account
                      WHERE person_id IS NOT NULL AND ended IS NULL
            ) known WHERE said <> '' GROUP BY said HAVING count(DISTINCT id) = 1"""
        )
        return dict(cursor.fetchall())


def _units() -> dict[str, UnitRef]:
    """Slug, name, id, address → unit; the first of these that fits, teams before other kinds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, native_id, kind, name, slug, address FROM orgmodel_orgunit WHERE ended IS NULL"
            " ORDER BY kind = 'team' DESC, id"
        )
        units = [UnitRef(*row) for row in cursor.fetchall()]
    found: dict[str, UnitRef] = {}
    for unit in units:
        for said in (unit.address, unit.native_id, unit.slug, unit.name, f"{unit.kind}:{unit.slug}"):
            found.setdefault(said.casefold(), unit)
    return found


def _members(unit: UnitRef, attribute: str) -> list[tuple[int, str]]:
    """The people in a unit, each with what their Okta profile says of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT a.person_id, t.value #>> '{}' FROM orgmodel_assignment s
            JOIN orgmodel_account a ON a.person_id = s.person_id AND a.source = 'okta' AND a.ended IS NULL
            JOIN orgmodel_attribute t ON t.account_id = a.id AND t.name = %s AND t.ended IS NULL
            WHERE s.unit_id = %s AND s.ended IS NULL""",
            [attribute, unit.pk],
        )
        return list(cursor.fetchall())
