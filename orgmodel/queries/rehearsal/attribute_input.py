"""Attribute values as people type them, turned into what Okta's profile would hold."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db import connection

from orgmodel.queries.nearest import nearest
from orgmodel.queries.people import NotFound, find_person
from orgmodel.queries.quoting import quoted
from orgmodel.queries.rules.unit_values import UnitValues
from orgmodel.rules.accepted import accepts, named_values
from orgmodel.rules.confidential import CONFIDENTIAL
from orgmodel.rules.evaluate import Subject
from orgmodel.rules.parse import parse
from orgmodel.rules.population import Rule
from orgmodel.sources.roles import IS_DIRECTORY

from .copy_colleague import OWN
from .move_facts import Boss, MoveFacts, Unit, boss
from .whole_move import described

MOST_VALUES = 300
TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class BadValue(ValueError):
    """Nothing is called so; `near` holds the nearest names."""

    def __init__(self, sentence: str, near: Iterable[str] = ()) -> None:
        self.near = tuple(near)
        super().__init__(f"{sentence} Nearest: {', '.join(self.near)}." if self.near else sentence)


def known_values(names: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The most frequent values of these attributes, for whoever has to choose one."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT name, value FROM (
                SELECT t.name, t.value #>> '{{}}' AS value,
                       row_number() OVER (PARTITION BY t.name ORDER BY count(*) DESC) AS place
                FROM orgmodel_attribute t JOIN orgmodel_account a ON a.id = t.account_id
                WHERE a.source {IS_DIRECTORY} AND t.ended IS NULL AND t.name = ANY(%s) GROUP BY 1, 2
            ) counted WHERE place <= %s AND value <> '' ORDER BY name, value""",
            [list(names), MOST_VALUES],
        )
        found: dict[str, tuple[str, ...]] = {}
        for name, value in cursor.fetchall():
            found[name] = (*found.get(name, ()), value)
        return found


@dataclass(frozen=True)
class Words:
    """Everything that an attribute's value may be called by.

    `types`: attribute → type, empty where the schema is not known. `new`: attribute → what a plan adds.
    """

    facts: MoveFacts
    written: UnitValues
    rules: Collection[Rule]
    types: Mapping[str, str]
    manager: str
    new: Mapping[str, frozenset[str]]

    def value(self, name: str, text: str, there: Any = None, subject: Subject | None = None) -> Any:
        """What Okta's profile would hold; None for an empty text. Raises BadValue.

        `there`: the value that the person has now. `subject`: the person, as rules see them.
        """
        kind = self.types.get(name, "")
        if text == "":
            return None
        if kind == "boolean" or isinstance(there, bool):
            return _truth(name, text)
        if kind in {"number", "integer"} or (isinstance(there, int | float) and not kind):
            return _number(name, text)
        if kind == "array" or isinstance(there, list):
            parts = (part.strip() for part in text.split(","))
            return [self._text(name, part, subject) for part in parts if part]
        return self._text(name, text, subject)

    def read(self, name: str) -> bool:
        """Whether any rule in force reads the attribute."""
        return any(name in rule.reads for rule in self.rules)

    def _text(self, name: str, text: str, subject: Subject | None) -> str:
        literals = self._literals(name)
        if text in literals:
            return text
        if unit := self.unit(name, text):
            return self.written.value(unit)
        people = self.facts.values.get(name, {})
        if text in people or text in self.new.get(name, ()) or self._accepted(name, text, subject):
            return text
        if name == self.manager:
            return self._manager(text) or text
        if not self.read(name) and not self._units(name):
            return text
        raise BadValue(
            f"No person, rule or unit has the {name} {quoted(text)}.",
            nearest(text, self._names(name, people, literals)),
        )

    def unit(self, name: str, text: str) -> Unit | None:
        """The unit that a value of this attribute means. Raises BadValue where it may be several."""
        folded = text.strip().casefold()
        units = self._units(name)
        found = [unit for unit in units if text == unit.native_id]
        found = found or [unit for unit in units if folded in unit.names and unit.active]
        found = found or [unit for unit in units if folded in unit.names]
        if len({self.written.value(unit) for unit in found}) > 1:
            several = "; ".join(f"{unit.native_id} for {described(unit, self.facts)}" for unit in found)
            raise BadValue(f"{quoted(text)} means several units. Write {several}.")
        return found[0] if found else None

    def meant(self, name: str, value: Any) -> list[Unit]:
        """The units that a value of the profile means; a name that several have means none."""
        found = []
        for text in value if isinstance(value, list) else [value]:
            try:
                found.append(self.unit(name, text) if isinstance(text, str) else None)
            except BadValue:
                continue
        return [unit for unit in found if unit]

    def _units(self, name: str) -> list[Unit]:
        kind = self.written.kinds.get(name)
        return [unit for unit in self.facts.units.values() if unit.kind == kind]

    def _literals(self, name: str) -> frozenset[str]:
        texts = (_named(rule.expression, name) for rule in self.rules if name in rule.reads)
        return frozenset().union(*texts) - {CONFIDENTIAL}

    def _accepted(self, name: str, text: str, subject: Subject | None) -> bool:
        supposed = subject or Subject()
        supposed = replace(supposed, profile={**supposed.profile, name: text})
        return any(
            accepts(rule.node, name, supposed) for rule in self.rules if rule.node and name in rule.reads
        )

    def _manager(self, text: str) -> str:
        """How profiles name the person who is called so; empty where that is not known. Raises BadValue."""
        try:
            found = _boss(find_person(text))
        except NotFound as error:
            raise BadValue(str(error)) from error
        return self.written.reference(found) if found else ""

    def _names(self, name: str, people: Iterable[str], literals: Iterable[str]) -> list[tuple[str, str]]:
        """What may have been meant. What tells who somebody is stays untold."""
        texts = [*literals, *(people if name not in OWN and name != self.manager else ())]
        units = [(texts, unit.name) for unit in self._units(name) for texts in (unit.name, unit.slug)]
        return [*units, *((each, each) for each in sorted(texts))]


@lru_cache(maxsize=8192)
def _named(expression: str, attribute: str) -> frozenset[str]:
    """The texts that the expression of a rule names beside the attribute, looked for once."""
    return named_values(parse(expression), attribute)


def _truth(name: str, text: str) -> bool:
    if text.strip().casefold() not in TRUTHS:
        raise BadValue(f"{name} is true or false, not {quoted(text)}.")
    return TRUTHS[text.strip().casefold()]


def _number(name: str, text: str) -> float:
    try:
        number = float(text) if "." in text else int(text)
    except ValueError as error:
        raise BadValue(f"{name} is a number, not {quoted(text)}.") from error
    if not math.isfinite(number):
        raise BadValue(f"{name} is a number, not {quoted(text)}.")
    return number


def _boss(person: int) -> Boss | None:
    """The person as a profile may name them; None without an Okta account."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT p.id, p.name, p.key, p.email, true,
                   a.native_id, a.employee_number, a.email, a.login, p.name
            FROM orgmodel_person p JOIN orgmodel_account a ON a.person_id = p.id AND a.source {IS_DIRECTORY}
             AND a.ended IS NULL AND a.state <> 'ended' WHERE p.id = %s ORDER BY a.id LIMIT 1""",
            [person],
        )
        row = cursor.fetchone()
        return boss(row) if row else None
