"""One CSV file, row by row, with every bad row reported by file, line and reason."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from orgmodel.facts import Problem, SourceFailed

T = TypeVar("T")
BATCH = 2000
LONGEST = 10_000
TRUE = frozenset({"true", "1", "yes", "y", "active"})
FALSE = frozenset({"false", "0", "no", "n", "inactive"})


class BadRow(ValueError):
    """Why one row cannot be used; the text names the column, never the value."""


def read(
    path: Path,
    required: Sequence[str],
    row: Callable[[Mapping[str, str]], T],
    problems: list[Problem],
    key: str = "id",
) -> Iterator[list[T]]:
    """Batches of parsed rows. Raises SourceFailed when the file, or any row of it, cannot be used."""
    before = _identity(path)
    bad = 0
    batch: list[T] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines, strict=True)
            _check_header(path, table.fieldnames or [], required)
            for values in table:
                try:
                    batch.append(row(_clean(values, required)))
                except BadRow as why:
                    bad += 1
                    record = str(values.get(key) or "")[:64]
                    problems.append(Problem(f"{path.name} line {table.line_num}", record, str(why)))
                if len(batch) >= BATCH:
                    yield batch
                    batch = []
    except UnicodeDecodeError as error:
        raise SourceFailed(f"{path.name} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from None
    except csv.Error as error:
        raise SourceFailed(f"{path.name} cannot be read as CSV ({error}).") from None
    if _identity(path) != before:
        raise SourceFailed(
            f"{path.name} was changed while it was read; write it under another name, then rename it."
        )
    if bad:
        rows = "1 bad row" if bad == 1 else f"{bad} bad rows"
        raise SourceFailed(
            f"{path.name} has {rows}; nothing of it is applied. The problems name line and reason."
        )
    if batch:
        yield batch


def day(values: Mapping[str, str], column: str) -> date | None:
    """An ISO date or nothing. Raises BadRow."""
    text = values.get(column, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRow(f"{column} is not a date such as 2026-03-01") from None


def truth(values: Mapping[str, str], column: str, default: bool) -> bool:
    """true or false in the usual spellings; empty is the default. Raises BadRow."""
    text = values.get(column, "").casefold()
    if text in TRUE or (not text and default):
        return True
    if text in FALSE or not text:
        return False
    raise BadRow(f"{column} is neither true nor false")


def in_order(start: date | None, end: date | None, columns: str) -> None:
    """Raises BadRow when the end is not after the start (half-open: the end is the first day out)."""
    if start and end and end <= start:
        raise BadRow(f"{columns}: the end is not after the beginning")


class Unique:
    """Refuses a second row with the same key."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._seen: set[tuple[str, ...]] = set()

    def add(self, *key: str) -> None:
        if key in self._seen:
            raise BadRow(f"{self._what} stands there twice")
        self._seen.add(key)


def _clean(values: Mapping[str | None, str | list[str] | None], required: Sequence[str]) -> dict[str, str]:
    if None in values:
        raise BadRow("more cells than the header has columns")
    cells = {str(name).strip(): value for name, value in values.items()}
    if any(value is None for value in cells.values()):
        raise BadRow("fewer cells than the header has columns")
    known = {name: str(value).replace("\x00", "").strip() for name, value in cells.items()}
    for name, value in known.items():
        if len(value) > LONGEST:
            raise BadRow(f"{name} is longer than {LONGEST} characters")
    for name in required:
        if not known.get(name):
            raise BadRow(f"{name} is missing")
    return known


def _check_header(path: Path, names: Sequence[str], required: Sequence[str]) -> None:
    stripped = [name.strip() for name in names]
    for name in required:
        if name not in stripped:
            raise SourceFailed(f"{path.name} has no column {name}; it needs {', '.join(required)}.")
    for name in stripped:
        if stripped.count(name) > 1:
            raise SourceFailed(f"{path.name} has the column {name or '(empty)'} twice.")


def _identity(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        raise SourceFailed(f"{path.name} is not in the folder HRIS_CSV_DIR names.") from None
    except OSError as error:
        raise SourceFailed(f"{path.name} cannot be opened ({error.strerror}).") from None
    return (found.st_ino, found.st_size, found.st_mtime_ns)
