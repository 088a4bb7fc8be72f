"""A table: what the rows of a page, its CSV, its JSON and the difference of two dates are made of."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from .difference import Line

Row = TypeVar("Row")


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """`cells`: a row under the columns. `key`: which thing it is about, the same at every date.

    `page`: the address where more is told of that thing. `json`: a row for machines, where the listing is
    the whole answer. `rows` may be an iterator, which is gone through once.
    """

    columns: tuple[str, ...]
    rows: Iterable[Row]
    cells: Callable[[Row], Sequence[object]]
    key: Callable[[Row], str]
    page: Callable[[Row], str] | None = None
    json: Callable[[Row], Any] | None = None

    def table(self) -> tuple[tuple[str, ...], Iterator[Sequence[object]]]:
        """For CSV: the columns, and the rows while they are read."""
        return self.columns, map(self.cells, self.rows)

    def data(self) -> Any:
        """For JSON: a list; of an iterator another one."""
        rows = map(cast(Any, self.json), self.rows)
        return rows if isinstance(self.rows, Iterator) else list(rows)

    def lines(self) -> Iterator[Line]:
        """For the difference: each row as text, with what it is about."""
        return map(self.line, self.rows)

    def line(self, row: Row) -> Line:
        """One row as text."""
        texts = ("" if cell is None else str(cell) for cell in self.cells(row))
        return Line(self.key(row), tuple(texts), self.page(row) if self.page else "")


def choice(name: str, label: str, known: Iterable[tuple[str, str]], chosen: str) -> dict[str, Any]:
    """One choice of the bar above a list. `known`: each value of the address and its words."""
    options = [{"value": value, "label": words, "chosen": value == chosen} for value, words in known]
    return {"name": name, "label": label, "options": options}
