"""One CSV file, row by row, with every bad row reported by file, line and reason."""

import csv
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO, TypeVar

from orgmodel.facts import Problem, SourceFailed

from .cells import BadRow

T = TypeVar("T")
BATCH = 2000
LONGEST = 10_000
MOST_PROBLEMS = 1000
"""Bad rows that are told one by one; of further ones only the number is told."""
SHORT = 64
MOST_BYTES = 256 * 1024 * 1024
MOST_ROWS = 1_000_000
"""Ten times the largest company that is built for; a line holds at most LONGEST_LINE characters."""
LONGEST_LINE = 1_000_000


def read(
    path: Path,
    required: Sequence[str],
    row: Callable[[Mapping[str, str]], T],
    problems: list[Problem],
    key: str = "id",
) -> Iterator[list[T]]:
    """Batches of parsed rows. Raises SourceFailed when the file, or any row of it, cannot be used.

    The bad rows are then in `problems`; batches given before that must not be applied.
    """
    bad = 0
    batch: list[T] = []
    for line, record, given in _rows(path, required, row, key):
        if isinstance(given, BadRow):
            bad += 1
            if bad <= MOST_PROBLEMS:
                problems.append(Problem(f"{path.name} line {line}", record, str(given)))
        else:
            batch.append(given)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if bad:
        many = "1 bad row" if bad == 1 else f"{bad} bad rows"
        raise SourceFailed(
            f"{path.name} has {many}; nothing of it is applied. The problems name line and reason."
        )
    if batch:
        yield batch


def _rows(
    path: Path, required: Sequence[str], row: Callable[[Mapping[str, str]], T], key: str
) -> Iterator[tuple[int, str, T | BadRow]]:
    """Line, record and what became of it. Raises SourceFailed when the file as a whole cannot be used."""
    before = _identity(path)
    line = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(_bounded(path, lines), strict=True)
            _check_header(path, table.fieldnames or [], required)
            for number, cells in enumerate(table, 1):
                line = table.line_num
                if number > MOST_ROWS:
                    raise SourceFailed(f"{path.name} has more than {MOST_ROWS:,} rows; refused.")
                yield (line, _record(cells, key), _parsed(cells, required, row))
    except UnicodeDecodeError:
        raise SourceFailed(
            f"{path.name} is not UTF-8 text (after line {line}); save it as CSV in UTF-8."
        ) from None
    except csv.Error as error:
        raise SourceFailed(f"{path.name} cannot be read as CSV after line {line} ({error}).") from None
    except OSError as error:
        raise SourceFailed(f"{path.name} cannot be opened ({error.strerror}).") from None
    if _identity(path) != before:
        raise SourceFailed(
            f"{path.name} was changed while it was read; write it under another name, then rename it."
        )


def _bounded(path: Path, lines: TextIO) -> Iterator[str]:
    while text := lines.readline(LONGEST_LINE + 1):
        if len(text) > LONGEST_LINE:
            raise SourceFailed(f"{path.name} has a line of more than {LONGEST_LINE:,} characters; refused.")
        yield text


Cells = Mapping[str | None, str | list[str] | None]


def _parsed(cells: Cells, required: Sequence[str], row: Callable[[Mapping[str, str]], T]) -> T | BadRow:
    try:
        return row(_clean(cells, required))
    except BadRow as why:
        return why


def _record(cells: Cells, key: str) -> str:
    """The id as far as it can be told, fit for a line of a table."""
    found = next((value for name, value in cells.items() if name and name.strip() == key), None)
    return found.replace("\x00", "").strip()[:SHORT] if isinstance(found, str) else ""


def _clean(cells: Cells, required: Sequence[str]) -> dict[str, str]:
    if None in cells:
        raise BadRow("more cells than the header has columns")
    if any(value is None for value in cells.values()):
        raise BadRow("fewer cells than the header has columns")
    known = {str(name).strip(): str(value).replace("\x00", "").strip() for name, value in cells.items()}
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
            hint = " Its columns must be parted by commas." if len(names) == 1 and ";" in names[0] else ""
            raise SourceFailed(f"{path.name} has no column {name}; it needs {', '.join(required)}.{hint}")
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
    if not stat.S_ISREG(found.st_mode):
        raise SourceFailed(f"{path.name} is not a plain file.")
    if found.st_size > MOST_BYTES:
        raise SourceFailed(f"{path.name} is larger than {MOST_BYTES >> 20} MB; refused.")
    return (found.st_ino, found.st_size, found.st_mtime_ns)
