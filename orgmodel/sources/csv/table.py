"""One CSV file, row by row, with every bad row reported by file, line and reason."""

import csv
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO, TypeVar

from orgmodel.facts import composed
from orgmodel.reports import Problem, Report, SourceFailed

from .cells import BROKEN, LONGEST_KEY, NOTHING, BadRow, rounded
from .header import Columns, names_of

T = TypeVar("T")
Row = Callable[[Mapping[str, str], int], T]
"""Makes a fact of the cells by name and the number of the line. Raises BadRow."""
BATCH = 2000
LONGEST = 10_000
MOST_PROBLEMS = 1000
"""Bad rows that are reported one by one; of further ones only the number."""
MOST_BAD = 0.1
"""A file with a larger share of bad rows is not believed; a single one is only that row's problem."""
SHORT = 64
MOST_BYTES = 256 * 1024 * 1024
MOST_ROWS = 1_000_000
"""Ten times the largest company that is built for; a line holds at most LONGEST_LINE characters."""
LONGEST_LINE = 1_000_000
_SEPARATOR = re.compile(r"\ufeff?\"?sep=(.)\"?[\r\n]*")
"""The first line by which a spreadsheet is told what stands between the cells."""
_ODD = {0: None, 0xA0: " ", 0x202F: " ", 0x2007: " ", 0x200B: None, 0x2060: None, 0xFEFF: None}
"""No name of ours holds a NUL; blanks that do not break are blanks, and what nobody sees is not there."""
_WORDED = frozenset({"status"})
"""Columns of which every word is looked up."""


def read(
    path: Path, columns: Columns, row: Row[T], report: Report, kind: str, *, csv_as: tuple[str, str]
) -> Iterator[list[T]]:
    """Batches of parsed rows. Raises SourceFailed when the file cannot be used, or too much of it is bad.

    Each bad row is then in the problems of `report`, as a record of this `kind` of fact whose old row stays;
    batches given before a SourceFailed must not be applied. `csv_as`: encoding and delimiter.
    """
    bad = rows = 0
    batch: list[T] = []
    for line, record, outcome in _rows(path, columns, row, report, csv_as):
        rows += 1
        if isinstance(outcome, BadRow):
            bad += 1
            if bad <= MOST_PROBLEMS:
                report.problems.append(Problem(f"{path.name} line {line}", record, str(outcome), kind))
        else:
            batch.append(outcome)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if bad == rows > 0 or bad > max(MOST_BAD * rows, 1):
        raise SourceFailed(
            f"{path.name}: {bad} of {rows} rows are bad, more than a tenth; nothing of it is applied."
            " The problems name line and reason."
        )
    if bad > MOST_PROBLEMS:
        report.problems.append(Problem(path.name, "", f"{bad - MOST_PROBLEMS} more rows are bad", kind))
    if batch:
        yield batch


def _rows(
    path: Path, columns: Columns, row: Row[T], report: Report, csv_as: tuple[str, str]
) -> Iterator[tuple[int, str, T | BadRow]]:
    """Line, record and what became of it. Raises SourceFailed when the file as a whole cannot be used."""
    before = _identity(path)
    encoding, delimiter = csv_as
    line = 0
    try:
        with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as lines:
            marker_lines, marked = _separator_marker(lines)
            table = csv.reader(_bounded(path, lines), strict=True, delimiter=marked or delimiter)
            header = next((cells for cells in table if any(map(str.strip, cells))), [])
            names = names_of(path.name, header, columns, report)
            key, again = names.index(columns.key), _folded(header)
            number = 0
            for cells in table:
                repeated = _folded(cells[:1]) == again[:1] and _folded(cells) == again
                if repeated or not any(map(str.strip, cells)):
                    continue  # An empty line, or the header of a second file pasted below the first.
                number += 1
                line = table.line_num + marker_lines
                if number > MOST_ROWS:
                    raise SourceFailed(f"{path.name} has more than {MOST_ROWS:,} rows; refused.")
                found = _parsed(cells, names, columns.required, row, line)
                # In a row of another length nobody knows which cell is the id.
                whole = isinstance(found, BadRow) and len(cells) == len(names)
                record = _record(cells, key) if whole else ""
                yield line, record, found
    except UnicodeError:
        raise SourceFailed(
            f"{path.name} is not {encoding.upper()} text (after line {line});"
            " save it as CSV in UTF-8, or set csv.encoding."
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
    """The lines, their letters composed, without characters that nobody sees."""
    while text := lines.readline(LONGEST_LINE + 1):
        if len(text) > LONGEST_LINE:
            raise SourceFailed(f"{path.name} has a line of more than {LONGEST_LINE:,} characters; refused.")
        plain = text.isascii() and "\x00" not in text
        yield text if plain else composed(text.translate(_ODD))


def _separator_marker(lines: TextIO) -> tuple[int, str]:
    """How many lines say what stands between the cells (one, or none), and what does."""
    if found := _SEPARATOR.fullmatch(lines.readline(LONGEST_LINE + 1)):
        return 1, found[1]
    lines.seek(0)
    return 0, ""


def _folded(cells: Sequence[str]) -> list[str]:
    return [cell.strip().casefold() for cell in cells]


def _parsed(
    cells: Sequence[str], names: Sequence[str], required: Sequence[str], row: Row[T], line: int
) -> T | BadRow:
    try:
        return row(_clean(cells, names, required), line)
    except BadRow as why:
        return why


def _record(cells: Sequence[str], key: int) -> str:
    """The id, or nothing where it cannot be told: then the row may be about anybody."""
    found = cells[key].strip()
    untold = len(found) > LONGEST_KEY or rounded(found) or found in NOTHING | BROKEN
    return "" if untold else found


def _clean(cells: Sequence[str], names: Sequence[str], required: Sequence[str]) -> dict[str, str]:
    if len(cells) != len(names):
        more = "more" if len(cells) > len(names) else "fewer"
        raise BadRow(f"{more} cells than the header has columns")
    known = {name: value.strip() for name, value in zip(names, cells, strict=True)}
    if any(value.strip() for name, value in zip(names, cells, strict=True) if not name):
        raise BadRow("a value in a column without a name")
    for name, value in known.items():
        if len(value) > LONGEST:
            raise BadRow(f"{name} is longer than {LONGEST} characters")
        if value in BROKEN:
            raise BadRow(f"{name} holds the error of a spreadsheet")
        if value in NOTHING and name not in _WORDED:
            known[name] = ""
    for name in required:
        if not known.get(name):
            raise BadRow(f"{name} is missing")
    return known


def _identity(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        raise SourceFailed(
            f"{path.name} is not in the folder that HRIS_CSV_DIR names; check the setting and the export."
        ) from None
    except OSError as error:
        raise SourceFailed(f"{path.name} cannot be opened ({error.strerror}).") from None
    if not stat.S_ISREG(found.st_mode):
        raise SourceFailed(f"{path.name} is not a plain file; export it again.")
    if found.st_size > MOST_BYTES:
        raise SourceFailed(f"{path.name} is larger than {MOST_BYTES >> 20} MB; refused.")
    return (found.st_ino, found.st_size, found.st_mtime_ns)
