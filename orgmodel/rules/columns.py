"""Many people as columns of values: a rule is evaluated once per distinct value, not per person."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from . import tree
from .anchors import Anchor
from .evaluate import SubjectLike
from .values import UNSET, Truth, Unknown, Value


@dataclass(frozen=True)
class Column:
    """The values of all people in one attribute, each distinct value once. `codes`: one per person."""

    values: tuple[Value, ...]
    codes: Sequence[int]

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Text → code."""
        return {value: code for code, value in enumerate(self.values) if isinstance(value, str)}

    @cached_property
    def ordered(self) -> Sequence[str]:
        return sorted(self.index)

    @cached_property
    def open(self) -> tuple[int, ...]:
        """Codes of values of which an anchor says nothing: no texts."""
        return tuple(
            code for code, each in enumerate(self.values) if not isinstance(each, str) and each is not UNSET
        )

    @cached_property
    def unset(self) -> tuple[int, ...]:
        return tuple(code for code, each in enumerate(self.values) if each is UNSET)

    def candidates(self, anchor: Anchor) -> list[int]:
        """The codes for which a rule with this anchor can be anything but false."""
        if not anchor.prefix:
            found = [self.index[text] for text in anchor.texts if text in self.index]
            return [*found, *self.open]
        codes = dict.fromkeys(code for text in anchor.texts for code in self._beginning(text))
        return [*codes, *self.open, *self.unset]

    def _beginning(self, text: str) -> Iterable[int]:
        for place in range(bisect_left(self.ordered, text), len(self.ordered)):
            if not self.ordered[place].startswith(text):
                return
            yield self.index[self.ordered[place]]


def column(values: Iterable[Any]) -> Column:
    """A column of raw values; None is an attribute without one. Lists are taken as they are."""
    codes: list[int] = []
    known: dict[object, int] = {}
    kept: list[Value] = []
    for value in values:
        # 1, 1.0 and True are one key of a mapping, but not one value.
        key = value if isinstance(value, str) or value is None else (type(value), repr(value))
        if key not in known:
            known[key] = len(kept)
            kept.append(UNSET if value is None else value)
        codes.append(known[key])
    return Column(tuple(kept), codes)


@dataclass(frozen=True)
class Grouping:
    """The people by what they have in some columns: one entry per distinct combination of codes."""

    names: tuple[object, ...]
    people: Mapping[tuple[int, ...], Sequence[int]]

    def having(self, name: object, codes: Iterable[int]) -> Iterable[tuple[int, ...]]:
        """The combinations with one of these codes in one column."""
        index = self._by_code[self.names.index(name)]
        return (combination for code in codes for combination in index.get(code, ()))

    @cached_property
    def _by_code(self) -> list[dict[int, list[tuple[int, ...]]]]:
        found: list[dict[int, list[tuple[int, ...]]]] = [{} for _ in self.names]
        for combination in self.people:
            for place, code in enumerate(combination):
                found[place].setdefault(code, []).append(combination)
        return found


def grouping(names: tuple[object, ...], columns: Sequence[Column], size: int) -> Grouping:
    """Everybody by these columns; without a column all are alike."""
    if not columns:
        return Grouping((), {(): range(size)})
    people: dict[tuple[int, ...], list[int]] = {}
    for person, combination in enumerate(zip(*(each.codes for each in columns), strict=True)):
        people.setdefault(combination, []).append(person)
    return Grouping(names, people)


@dataclass(frozen=True)
class Row(SubjectLike):
    """One combination of values, as an expression asks for it."""

    attributes: Mapping[str, Value]
    memberships: Mapping[tree.Call, Truth]
    properties: Mapping[str, Value]

    def attribute(self, name: str) -> Value:
        return self.attributes[name]

    def member(self, call: tree.Call, values: list[str]) -> Truth:
        known = self.memberships.get(call)
        return Unknown("the group asked for depends on the person") if known is None else known

    def internal(self, name: str) -> Value:
        return self.properties.get(name) or Unknown(f"the internal property {name} is not known")
