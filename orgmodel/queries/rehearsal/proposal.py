"""A proposed reorganisation: a CSV of people who move and units that change, read as attribute values.

A row without `action` is a person: `person` (e-mail or id) and one column per attribute, an empty cell
leaving it as it is; or the columns `person,attribute,value`. A column `move_to` names a unit: the whole move,
with the units above and the lead; the other columns come on top. With `action`: `move` does the same;
`create` (kind, name), `rename` (unit, name), `merge` (unit, into), `split` (unit, into: new names with ;
between) and `retire` (unit) change units, and with them what their members' attribute says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from orgmodel.conventions import Conventions
from orgmodel.queries.people import NotFound, UnitRef
from orgmodel.queries.quoting import quoted
from orgmodel.recognition import slugify
from orgmodel.sources.roles import IS_DIRECTORY

from .attribute_input import BadValue, Words
from .move_facts import MoveFacts, Unit
from .plan_rows import (
    WHO,
    BadProposal,
    cells_of,
    columns_found,
    people_named,
    plan_words,
    read_rows,
    strange,
    who_in,
)
from .whole_move import Brought, NoWayIn, brought, unit_called

OTHERS = frozenset({"action", "move_to", "attribute", "value", "kind", "unit", "name", "into"})
UNIT_CELLS = frozenset({"move_to", "unit", "into"})
Rows = Sequence[tuple[int, dict[str, Any]]]
TAKEN_AWAY = "-"
"""A cell that takes an attribute away; an empty one leaves it."""


class Misplaced(ValueError):
    """A cell that means nothing; `column` is its."""

    def __init__(self, sentence: str, column: str) -> None:
        super().__init__(sentence)
        self.column = column


@dataclass
class Proposal:
    """What is proposed. `values`: person → attribute → new value, None for none."""

    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    moves: dict[int, Brought] = field(default_factory=dict)
    """Person → the move that some of the values follow from."""
    created: list[tuple[str, str]] = field(default_factory=list)
    """Kind and name of units that do not exist yet."""
    ended: list[UnitRef] = field(default_factory=list)
    """Units that are merged, split or retired."""
    notes: list[str] = field(default_factory=list)
    """What of the file was not taken, and why."""
    facts: MoveFacts = field(default_factory=MoveFacts)


def read_proposal(lines: Iterable[str], conventions: Conventions) -> Proposal:
    """The proposal in these lines of CSV. Raises BadProposal with every bad row; then nothing is taken."""
    header, rows = read_rows(lines)
    if not set(header) & {*WHO, "action"}:
        missing = "line 1: a column person, email or id is missing, or a column action."
        raise BadProposal([f"{missing} {columns_found(header)}"], "a column is missing")
    return _Reader(conventions, header, rows).read()


class _Reader:
    def __init__(self, conventions: Conventions, header: Sequence[str], rows: Rows) -> None:
        kinds = conventions.unit_kinds
        self._attribute = {kind.kind: kind.attribute for kind in kinds if kind.attribute}
        self._columns = [name for name in header if name and name not in {*WHO, *OTHERS}]
        self._rows = [(line, row, cells_of(row)) for line, row in rows]
        self._people = people_named(who_in(cells) for _, _, cells in self._rows)
        self._brought: dict[tuple[int, int], Brought] = {}
        self._line = 0
        self._written: dict[tuple[int, str], tuple[int, Any]] = {}
        """Person and attribute → the line that names them, and the value."""
        self._words = self._read_words(conventions)
        self._known = self._words.types
        self._proposal = Proposal(facts=self._words.facts)

    def read(self) -> Proposal:
        problems = [
            f"line 1: the Okta profile has no attribute {quoted(name)}.{f' Nearest: {near}.' if near else ''}"
            for name, near in strange(self._columns).items()
        ]
        strangers = len(problems)
        for line, row, cells in self._rows:
            self._line = line
            if None in row:
                problems.append(f"line {line}: there are more cells than columns.")
            elif any(cells.values()) and (reason := self._reason(cells)):
                problems.append(f"line {line}{reason}")
        if problems:
            unknown = "a column is no attribute of the Okta profile"
            raise BadProposal(problems, unknown, bad_rows=len(problems) - strangers)
        return self._proposal

    def _read_words(self, conventions: Conventions) -> Words:
        named = {*UNIT_CELLS, "value", *self._attribute.values()}
        texts: set[str] = set()
        names = {*self._columns}
        for _, _, cells in self._rows:
            texts |= {text for name, text in cells.items() if name in named}
            names |= {cells.get("attribute", "")}
        who = {each for each in self._people.values() if isinstance(each, int)}
        return plan_words(names, texts, who, conventions, self._new())

    def _new(self) -> dict[str, frozenset[str]]:
        """Attribute → what the units that the plan makes will be called in profiles."""
        found: dict[str, set[str]] = {}
        for _, _, cells in self._rows:
            action = cells.get("action", "").casefold()
            if action in {"create", "rename", "split"}:
                names = cells.get("into" if action == "split" else "name", "").split(";")
                kind = cells.get("kind", "")
                for attribute in (
                    [self._attribute[kind]] if kind in self._attribute else self._attribute.values()
                ):
                    found.setdefault(attribute, set()).update(
                        form for name in names for form in (name.strip(), slugify(name))
                    )
        return {attribute: frozenset(names) for attribute, names in found.items()}

    def _reason(self, cells: Mapping[str, str]) -> str:
        """Take one row; what its problem says after the line, or nothing."""
        try:
            reason = self._take(cells)
        except Misplaced as error:
            return f", column {error.column}: {error}"
        except (NotFound, NoWayIn) as error:
            return f": {error}"
        return f": {reason}" if reason else ""

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
            return f"{quoted(action, 40)} is no action; there are {', '.join(takers)}."
        return takers[action](cells)

    def _move(self, cells: Mapping[str, str]) -> str:
        person = self._people[who_in(cells)]
        if isinstance(person, str):
            return person
        if self._known and (name := cells.get("attribute", "")) and name not in self._known:
            return f"the Okta profile has no attribute {quoted(name)}."
        cell_values = dict(self._given(cells))
        move = self._moved(person, cells.get("move_to") or cells.get("unit", ""))
        if not cell_values and not move:
            return "nothing is changed."
        values: dict[str, Any] = {}
        if move:
            values = {each.attribute: self._shaped(each.attribute, each.value) for each in move.follows}
            values[move.attribute] = self._shaped(move.attribute, move.value)
        values |= cell_values
        if contradiction := self._contradiction(person, values):
            return contradiction
        if move:
            self._proposal.moves[person] = move
        self._proposal.values.setdefault(person, {}).update(values)
        return ""

    def _contradiction(self, person: int, values: Mapping[str, Any]) -> str:
        """What an earlier row says otherwise of the person; empty where the two go together."""
        for name, value in values.items():
            line, before = self._written.setdefault((person, name), (self._line, value))
            if before != value:
                return f"line {line} gives this person another {name}; keep one of the two."
        return ""

    def _moved(self, person: int, unit_text: str) -> Brought | None:
        if not unit_text:
            return None
        unit = unit_called(unit_text, self._proposal.facts)
        key = (unit.pk, person if person in self._proposal.facts.bosses else 0)
        if key not in self._brought:
            self._brought[key] = brought(
                unit, self._words.facts, self._words.written, self._words.manager, person
            )
        return self._brought[key]

    def _shaped(self, name: str, value: str) -> Any:
        return [value] if self._known.get(name) == "array" else value

    def _given(self, cells: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
        if cells.get("attribute"):
            yield cells["attribute"], self._value(cells["attribute"], cells.get("value", ""), "value")
        for name in self._columns:
            if cells.get(name):
                text = "" if cells[name] == TAKEN_AWAY else cells[name]
                yield name, self._value(name, text, name)

    def _value(self, name: str, text: str, column: str) -> Any:
        try:
            return self._words.value(name, text)
        except BadValue as error:
            raise Misplaced(str(error), column) from error

    def _create(self, cells: Mapping[str, str]) -> str:
        kind, name = cells.get("kind") or next(iter(self._attribute), ""), cells.get("name", "")
        if not name:
            return "a new unit needs a name."
        self._proposal.created.append((kind, name))
        return ""

    def _rename(self, cells: Mapping[str, str]) -> str:
        unit, name = self._unit(cells, "unit"), cells.get("name", "")
        if not name:
            return "the new name is missing."
        self._give(unit, lambda value: name if value == unit.name else slugify(name))
        return ""

    def _merge(self, cells: Mapping[str, str]) -> str:
        unit, into = self._unit(cells, "unit"), self._unit(cells, "into")
        self._give(unit, lambda value: into.name if value == unit.name else into.slug)
        self._proposal.ended.append(_ref(unit))
        return ""

    def _split(self, cells: Mapping[str, str]) -> str:
        unit, names = self._unit(cells, "unit"), cells.get("into", "").split(";")
        stripped = [name.strip() for name in names if name.strip()]
        if not stripped:
            return "the new units are missing: write their names into the column into, with ; between."
        self._proposal.created.extend((unit.kind, name) for name in stripped)
        self._proposal.ended.append(_ref(unit))
        return ""

    def _retire(self, cells: Mapping[str, str]) -> str:
        unit = self._unit(cells, "unit")
        self._give(unit, lambda _: None)
        self._proposal.ended.append(_ref(unit))
        return ""

    def _unit(self, cells: Mapping[str, str], column: str) -> Unit:
        """The unit that the cell means. Raises Misplaced."""
        try:
            if cells.get(column):
                return unit_called(cells[column], self._proposal.facts)
        except NotFound as error:
            raise Misplaced(str(error), column) from error
        raise Misplaced("a unit is missing.", column)

    def _give(self, unit: Unit, new: Any) -> None:
        """What the members' attribute will say; whoever the file moves by name is left to that row."""
        name = self._attribute.get(unit.kind)
        for person, value in _members(unit, name) if name else ():
            values = self._proposal.values.setdefault(person, {})
            values.setdefault(str(name), new(value))


def _ref(unit: Unit) -> UnitRef:
    return UnitRef(unit.pk, unit.native_id, unit.kind, unit.name, unit.slug, unit.address)


def _members(unit: Unit, attribute: str) -> list[tuple[int, str]]:
    """The people in a unit, each with what their Okta profile says of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT DISTINCT a.person_id, t.value #>> '{{}}' FROM orgmodel_assignment s
            JOIN orgmodel_account a ON a.person_id = s.person_id
              AND a.source {IS_DIRECTORY} AND a.ended IS NULL
            JOIN orgmodel_attribute t ON t.account_id = a.id AND t.name = %s AND t.ended IS NULL
            WHERE s.unit_id = %s AND s.ended IS NULL""",
            [attribute, unit.pk],
        )
        return list(cursor.fetchall())
