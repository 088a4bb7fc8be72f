"""Rules evaluated over a population: once per distinct combination of the values that a rule reads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from . import tree
from .columns import Column, Grouping, Row, column, grouping
from .evaluate import UNREAD, fits, may_be_in, member_of
from .population import DEACTIVATED, Fit, Population, Rule
from .values import Truth, Unknown, Value

MAYBE_MEMBER = "whether the person is in a group it asks for is not known"


@dataclass(frozen=True)
class Combination:
    """A rule's tree, the values that some people share, and these people, by place."""

    node: tree.Node
    row: Row
    people: Sequence[int]


@dataclass(frozen=True)
class Memberships:
    """Who is in which group, by rules as far as they are known and otherwise."""

    population: Population
    feeding: Mapping[str, Sequence[str]]
    """Group → the rules that aim at it."""
    found: Mapping[str, Fit]

    def column(self, call: tree.Call) -> Column | None:
        """The answers to one question for everybody; None when the question differs from person to person."""
        literals = [each.value for each in call.arguments if isinstance(each, tree.Literal)]
        texts = [value for value in literals if isinstance(value, str)]
        if len(texts) < len(call.arguments):
            return None
        size = len(self.population.natives)
        if not self.population.complete:
            answer = member_of(call.name, texts, None, None)
            return Column((answer,), [0] * size)
        yes, maybe = self._people(call, texts)
        otherwise = 3 if may_be_in(call, texts, self.population.unread) else 0
        return Column(
            (False, True, Unknown(MAYBE_MEMBER), Unknown(UNREAD)),
            [1 if person in yes else 2 if person in maybe else otherwise for person in range(size)],
        )

    def _people(self, call: tree.Call, texts: list[str]) -> tuple[set[int], set[int]]:
        yes: set[int] = set()
        maybe: set[int] = set()
        for group in {*self.population.members, *self.feeding}:
            name = self.population.names.get(group, group)
            match = member_of(call.name, texts, frozenset({group}), frozenset({name}))
            if match is False:
                continue
            there = yes if match is True else maybe
            if group not in self.population.unread:
                there.update(self.population.members.get(group, ()))
            for native in self.feeding.get(group, ()):
                if fit := self.found.get(native):
                    there.update(fit.people)
                    maybe.update(fit.unknown)
        return yes, maybe


class Look:
    """One look of rules at a population: columns and groupings are made once and used by many rules."""

    def __init__(self, population: Population) -> None:
        self.population = population
        self.memberships = Memberships(population, {}, {})
        self._columns: dict[object, Column] = {}
        self._groupings: dict[tuple[object, ...], Grouping] = {}
        self._gone = {person for person, state in enumerate(population.states) if state == DEACTIVATED}
        self._places = {native: person for person, native in enumerate(population.natives)}

    def fit(self, rule: Rule) -> Fit:
        """Whom the rule takes."""
        people: set[int] = set()
        unknown: dict[int, str] = {}
        for each in self.combinations(rule):
            value = fits(each.node, each.row)
            if value is True:
                people.update(each.people)
            elif isinstance(value, Unknown):
                unknown.update(dict.fromkeys(each.people, value.reason))
        out = self._gone | {self._places[native] for native in rule.excluded if native in self._places}
        return Fit(
            frozenset(people - out), {person: why for person, why in unknown.items() if person not in out}
        )

    def combinations(self, rule: Rule, *, all_of_them: bool = False) -> Iterator[Combination]:
        """The values that the rule looks at, for which it can be anything but false; or all of them."""
        if rule.node is None:
            return
        calls = {call: made for call in rule.calls if (made := self.memberships.column(call))}
        names: tuple[object, ...] = (*rule.reads, *(f"@{each}" for each in rule.properties), *calls)
        columns = [calls[name] if isinstance(name, tree.Call) else self._column(name) for name in names]
        groups = self._grouping(names, columns, keep=not calls)
        for codes in groups.people if all_of_them else self._open(rule, groups):
            values = [each.values[code] for each, code in zip(columns, codes, strict=True)]
            yield Combination(rule.node, _row(dict(zip(names, values, strict=True))), groups.people[codes])

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
