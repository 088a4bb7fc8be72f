"""Whom a rule narrowly misses: one clause of several, or a value close to the required one."""

from collections.abc import Iterable
from dataclasses import dataclass

from .batch_index import Combination
from .explain import Explanation, explain, near_value
from .tree import Call, Compare
from .words import Names

MOST = 2_000
"""Combinations of values that are looked at; beyond that the rest is not searched."""


@dataclass(frozen=True)
class Near:
    """People, by place, with one explanation why the rule misses them."""

    people: tuple[int, ...]
    explanation: Explanation


def near_misses(
    expression: str, combinations: Iterable[Combination], names: Names | None = None
) -> list[Near]:
    """The combinations that miss by little: nearly equal values first, then the fewest people."""
    found = []
    for number, each in enumerate(combinations):
        if number >= MOST:
            break
        # A rule of one clause is missed by little only where the value is nearly the one it asks for.
        if isinstance(each.node, Compare | Call) and not near_value(each.node, each.row):
            continue
        explanation = explain(expression, each.node, each.row, names)
        close = any(clause.near for clause in explanation.missing)
        if (
            explanation.value is False
            and len(explanation.missing) == 1
            and (close or len(explanation.clauses) > 1)
        ):
            found.append(((not close, len(each.people)), Near(tuple(each.people), explanation)))
    return [near for _, near in sorted(found, key=lambda item: item[0])]
