"""The rows of one table as they were at two dates: which came, which went, which are different. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One row as text. `key`: which thing it is about; `page`: the address where more is told of it."""

    key: str
    cells: Cells
    page: str = field(default="", compare=False)


@dataclass(frozen=True)
class RowChange:
    """One row at both dates. `cells`: column, before and after of those that differ."""

    before: Line
    after: Line
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Difference:
    """What a table has at the second date and not at the first, and the other way round."""

    columns: Cells
    came: tuple[Line, ...]
    went: tuple[Line, ...]
    changed: tuple[RowChange, ...]

    @property
    def nothing(self) -> bool:
        return not (self.came or self.went or self.changed)

    def as_json(self) -> dict[str, Any]:
        def named(row: Line) -> dict[str, str]:
            return dict(zip(self.columns, row.cells, strict=True))

        return {
            "came": [named(row) for row in self.came],
            "went": [named(row) for row in self.went],
            "changed": [{"before": named(each.before), "after": named(each.after)} for each in self.changed],
        }

    def rows(self) -> Iterable[tuple[str, ...]]:
        """For CSV: what happened to the row, then the row; a different one stands twice."""
        yield from (("came", *row.cells) for row in self.came)
        yield from (("went", *row.cells) for row in self.went)
        for each in self.changed:
            yield ("was", *each.before.cells)
            yield ("is", *each.after.cells)


def differ(columns: Sequence[str], before: Iterable[Line], after: Iterable[Line]) -> Difference:
    """Rows that are the same are left out; of the others one on each side with one key is a change.

    >>> old, new = [Line("a", ("a", "1")), Line("b", ("b", "2"))], [Line("b", ("b", "3"))]
    >>> [row.cells for row in differ(["Name", "People"], old, new).went]
    [('a', '1')]
    """
    had, has = Counter(before), Counter(after)
    gone, new = _by_key(had - has), _by_key(has - had)
    came, went, changed = [], [], []
    for key in dict.fromkeys((*new, *gone)):
        one, other = gone.get(key, []), new.get(key, [])
        if len(one) == len(other) == 1:
            changed.append(change(columns, one[0], other[0]))
        else:
            went.extend(one)
            came.extend(other)
    return Difference(tuple(columns), tuple(came), tuple(went), tuple(changed))


def change(columns: Sequence[str], before: Line, after: Line) -> RowChange:
    """The row at both dates, and where it differs."""
    cells = (each for each in zip(columns, before.cells, after.cells, strict=True) if each[1] != each[2])
    return RowChange(before, after, tuple(cells))


def _by_key(rows: Counter[Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for row in rows.elements():
        found.setdefault(row.key, []).append(row)
    return found
