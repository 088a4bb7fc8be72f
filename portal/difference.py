"""The rows of one table as they were at two dates: which came, which went, which are different. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Cells = tuple[str, ...]
IDENTITY = ("Native id", "Address", "E-mail", "Value", "Unit", "Person", "Name", "App")
"""Columns that say which thing a row is about; the first that has a value counts."""


@dataclass(frozen=True)
class RowChange:
    """One row at both dates. `cells`: column, before and after of those that differ."""

    before: Cells
    after: Cells
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Difference:
    """What a table has at the second date and not at the first, and the other way round."""

    columns: Cells
    came: tuple[Cells, ...]
    went: tuple[Cells, ...]
    changed: tuple[RowChange, ...]

    @property
    def nothing(self) -> bool:
        return not (self.came or self.went or self.changed)

    def as_json(self) -> dict[str, Any]:
        def named(row: Cells) -> dict[str, str]:
            return dict(zip(self.columns, row, strict=True))

        return {
            "came": [named(row) for row in self.came],
            "went": [named(row) for row in self.went],
            "changed": [{"before": named(each.before), "after": named(each.after)} for each in self.changed],
        }

    def rows(self) -> Iterable[tuple[str, ...]]:
        """For CSV: what happened to the row, then the row; a different one stands twice."""
        yield from (("came", *row) for row in self.came)
        yield from (("went", *row) for row in self.went)
        for each in self.changed:
            yield ("was", *each.before)
            yield ("is", *each.after)


def differ(columns: Sequence[str], before: Iterable[Cells], after: Iterable[Cells]) -> Difference:
    """Rows that are the same are left out; of the others one on each side with one identity is a change.

    >>> differ(["Name", "People"], [("a", "1"), ("b", "2")], [("b", "3"), ("c", "1")]).went
    (('a', '1'),)
    """
    had, has = Counter(before), Counter(after)
    gone, new = _by_identity(columns, had - has), _by_identity(columns, has - had)
    came, went, changed = [], [], []
    for key in dict.fromkeys((*new, *gone)):
        one, other = gone.get(key, []), new.get(key, [])
        if len(one) == len(other) == 1:
            changed.append(change(columns, one[0], other[0]))
        else:
            went.extend(one)
            came.extend(other)
    return Difference(tuple(columns), tuple(came), tuple(went), tuple(changed))


def change(columns: Sequence[str], before: Cells, after: Cells) -> RowChange:
    """The row at both dates, and where it differs."""
    cells = (each for each in zip(columns, before, after, strict=True) if each[1] != each[2])
    return RowChange(before, after, tuple(cells))


def _by_identity(columns: Sequence[str], rows: Counter[Cells]) -> dict[str, list[Cells]]:
    places = [columns.index(name) for name in IDENTITY if name in columns]
    found: dict[str, list[Cells]] = {}
    for row in rows.elements():
        key = next((row[place] for place in places if row[place]), "")
        found.setdefault(key, []).append(row)
    return found
