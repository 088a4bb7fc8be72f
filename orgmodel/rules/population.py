"""All rules against all people at once: who fits, who may fit, and the groups that follow.

Rules are looked at once per distinct combination of the values they read, and only for combinations that
their anchor leaves open. Rules that ask for groups are looked at again until the groups no longer change.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from . import tree
from .anchors import Anchor, anchor_of
from .columns import Column, Grouping, Row, column, grouping
from .evaluate import fits, member_of
from .mistakes import BadExpression
from .parse import parse
from .values import Truth, Unknown, Value

ROUNDS = 12
"""How often rules that ask for groups are looked at; chains of rules longer than that are not resolved."""
PROPERTIES = ("status", "id")
MAYBE_MEMBER = "whether the person is in a group it asks for is not known"
CIRCLE = "the rules depend on each other in a circle or a chain that is too long"


@dataclass(frozen=True)
class Rule:
    """A rule that is in force: whoever fits is put into the target groups, but for those left out."""

    native_id: str
    expression: str
    targets: tuple[str, ...]
    excluded: frozenset[str] = frozenset()
    """Native ids of accounts."""

    @cached_property
    def node(self) -> tree.Node | None:
        """None for what is no expression."""
        try:
            return parse(self.expression)
        except BadExpression:
            return None

    @cached_property
    def reads(self) -> tuple[str, ...]:
        return tree.attributes_of(self.node) if self.node else ()

    @cached_property
    def calls(self) -> tuple[tree.Call, ...]:
        return tree.group_calls_of(self.node) if self.node else ()

    @cached_property
    def anchor(self) -> Anchor | None:
        return anchor_of(self.node) if self.node else None

    @cached_property
    def properties(self) -> tuple[str, ...]:
        return PROPERTIES if self.node and "getInternalProperty" in repr(self.node) else ()


@dataclass(frozen=True)
class Population:
    """People as rules see them, all in the same order.

    `attributes`: values by name, None for an attribute without one. `members`: group → people in it by other
    ways than the rules in question. `schema`: the attributes that exist; None when that is not known.
    `complete`: all groups of everybody are known.
    """

    natives: Sequence[str]
    statuses: Sequence[str]
    attributes: Mapping[str, Sequence[Any]]
    members: Mapping[str, AbstractSet[int]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """Native id of a group → its name."""
    schema: frozenset[str] | None = None
    complete: bool = True


@dataclass(frozen=True)
class Fit:
    """Whom one rule takes, and of whom it cannot be known. People are places in the population."""

    people: frozenset[int]
    unknown: Mapping[int, str] = field(default_factory=dict)
    """Person → reason."""


@dataclass(frozen=True)
class Expected:
    """What the rules come to: by rule, and the groups that follow from them."""

    fits: Mapping[str, Fit]
    """Native id of the rule → whom it takes; a rule that cannot be read is missing."""
    groups: Mapping[str, frozenset[int]]
    """Group → people whom a rule puts there."""
    unknown: Mapping[str, frozenset[int]]
    """Group → people of whom it cannot be known."""


def expected(rules: Sequence[Rule], population: Population) -> Expected:
    """Whom each rule takes and what groups follow."""
    look = _Look(population)
    readable = [rule for rule in rules if rule.node is not None]
    found = {rule.native_id: look.fit(rule) for rule in readable if not rule.calls}
    asking = [rule for rule in readable if rule.calls]
    feeding: dict[str, list[str]] = {}
    for rule in readable if asking else ():
        for target in rule.targets:
            feeding.setdefault(target, []).append(rule.native_id)
    for _ in range(ROUNDS if asking else 0):
        look.memberships = _Memberships(population, feeding, found)
        before = {rule.native_id: found.get(rule.native_id) for rule in asking}
        found = found | {rule.native_id: look.fit(rule) for rule in asking}
        if all(found[native] == fit for native, fit in before.items()):
            break
    else:
        nobody = Fit(frozenset(), dict.fromkeys(range(len(population.natives)), CIRCLE))
        found = found | {rule.native_id: nobody for rule in asking}
    groups, unknown = _groups(readable, found)
    return Expected(found, groups, unknown)


Groups = dict[str, frozenset[int]]


def _groups(rules: Iterable[Rule], found: Mapping[str, Fit]) -> tuple[Groups, Groups]:
    """Group → people who are put there, and people of whom it cannot be known."""
    feeding: dict[str, list[Fit]] = {}
    for rule in rules:
        for target in rule.targets:
            feeding.setdefault(target, []).append(found[rule.native_id])
    sure = {group: _all(fit.people for fit in fits) for group, fits in feeding.items()}
    maybe = {group: _all(fit.unknown.keys() for fit in fits) for group, fits in feeding.items()}
    return sure, {group: people - sure[group] if people else people for group, people in maybe.items()}


def _all(sets: Iterable[AbstractSet[int]]) -> frozenset[int]:
    """Their union; a single one is taken as it is."""
    given = list(sets)
    return frozenset(given[0]) if len(given) == 1 else frozenset().union(*given)


@dataclass(frozen=True)
class _Memberships:
    """Who is in which group, by rules as far as they are known and otherwise."""

    population: Population
    feeding: Mapping[str, Sequence[str]]
    """Group → the rules that aim at it."""
    found: Mapping[str, Fit]

    def column(self, call: tree.Call) -> Column | None:
        """The answers to one question for everybody; None when the question differs from person to person."""
        asked = [each.value for each in call.arguments if isinstance(each, tree.Literal)]
        texts = [value for value in asked if isinstance(value, str)]
        if len(texts) < len(call.arguments):
            return None
        size = len(self.population.natives)
        if not self.population.complete:
            answer = member_of(call.name, texts, None, None)
            return Column((answer,), [0] * size)
        yes, maybe = self._people(call, texts)
        reason = Unknown(MAYBE_MEMBER)
        return Column(
            (False, True, reason),
            [1 if person in yes else 2 if person in maybe else 0 for person in range(size)],
        )

    def _people(self, call: tree.Call, texts: list[str]) -> tuple[set[int], set[int]]:
        yes: set[int] = set()
        maybe: set[int] = set()
        for group in {*self.population.members, *self.feeding}:
            name = self.population.names.get(group, group)
            asked = member_of(call.name, texts, frozenset({group}), frozenset({name}))
            if asked is False:
                continue
            there = yes if asked is True else maybe
            there.update(self.population.members.get(group, ()))
            for native in self.feeding.get(group, ()):
                if fit := self.found.get(native):
                    there.update(fit.people)
                    maybe.update(fit.unknown)
        return yes, maybe


class _Look:
    """One look of rules at a population: columns and groupings are made once and used by many rules."""

    def __init__(self, population: Population) -> None:
        self.population = population
        self.memberships = _Memberships(population, {}, {})
        self._columns: dict[object, Column] = {}
        self._groupings: dict[tuple[object, ...], Grouping] = {}
        self._gone = {
            person for person, status in enumerate(population.statuses) if status == "DEPROVISIONED"
        }
        self._places = {native: person for person, native in enumerate(population.natives)}

    def fit(self, rule: Rule) -> Fit:
        """Whom the rule takes."""
        calls = {call: made for call in rule.calls if (made := self.memberships.column(call))}
        names: tuple[object, ...] = (*rule.reads, *(f"@{each}" for each in rule.properties), *calls)
        columns = [calls[name] if isinstance(name, tree.Call) else self._column(name) for name in names]
        groups = self._grouping(names, columns, keep=not calls)
        people: set[int] = set()
        unknown: dict[int, str] = {}
        for combination in self._open(rule, groups):
            row = dict(
                zip(
                    names, (c.values[code] for c, code in zip(columns, combination, strict=True)), strict=True
                )
            )
            value = fits(rule.node, _row(row)) if rule.node else False
            if value is True:
                people.update(groups.people[combination])
            elif isinstance(value, Unknown):
                unknown.update(dict.fromkeys(groups.people[combination], value.reason))
        out = self._gone | {self._places[native] for native in rule.excluded if native in self._places}
        return Fit(
            frozenset(people - out), {person: why for person, why in unknown.items() if person not in out}
        )

    def _open(self, rule: Rule, groups: Grouping) -> Iterator[tuple[int, ...]]:
        """The combinations for which the rule can be anything but false."""
        if rule.anchor is None:
            yield from groups.people
        else:
            codes = self._column(rule.anchor.attribute).candidates(rule.anchor)
            yield from groups.having(rule.anchor.attribute, codes)

    def _grouping(self, names: tuple[object, ...], columns: Sequence[Column], *, keep: bool) -> Grouping:
        if names not in self._groupings:
            made = grouping(names, columns, len(self.population.natives))
            if not keep:
                return made
            self._groupings[names] = made
        return self._groupings[names]

    def _column(self, name: object) -> Column:
        if name not in self._columns:
            self._columns[name] = self._made(str(name))
        return self._columns[name]

    def _made(self, name: str) -> Column:
        population = self.population
        size = len(population.natives)
        if name.startswith("@"):
            return column(population.statuses if name == "@status" else population.natives)
        if name in population.attributes:
            return column(population.attributes[name])
        if population.schema is not None and name not in population.schema:
            return Column((Unknown(f"the Okta profile has no attribute {name}"),), [0] * size)
        return column([None] * size)


def _row(values: dict[object, Value]) -> Row:
    attributes = {name: each for name, each in values.items() if isinstance(name, str) and name[0] != "@"}
    memberships: dict[tree.Call, Truth] = {
        call: each
        for call, each in values.items()
        if isinstance(call, tree.Call) and isinstance(each, bool | Unknown)
    }
    properties = {name[1:]: each for name, each in values.items() if isinstance(name, str) and name[0] == "@"}
    return Row(attributes, memberships, properties)
