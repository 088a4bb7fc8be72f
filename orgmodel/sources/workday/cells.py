"""What the cells of a report hold: texts, days, yes and no, ids behind names, and several values at once.

Everything is a text, an empty column is left out, and several values stand in one text or in a nested list.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from orgmodel.sources.json_records import LONGEST_KEY
from orgmodel.sources.record_problems import BadRecord
from orgmodel.sources.values import TEXT, clean, day, unless_endless

Row = Mapping[str, Any]
SEVERAL = "; "
TRUE, FALSE = frozenset({"1", "true", "yes", "y"}), frozenset({"0", "false", "no", "n"})
BEHIND = re.compile(r".*\(([^()]+)\)", re.DOTALL)
"""`Alex Manager (000687)`: a name with the id behind it."""
NO_DAY = re.compile(r"[0./-]+(?:[ T][0:.]*Z?)?")
DAY = len("2026-03-01")


def texts(row: Row, column: str) -> list[str]:
    """All values of a column; `a/b` is the column b within the nested list a."""
    return [text for value in _values(row, column.split("/")) if (text := _text(value, column))]


def _values(value: Any, path: list[str]) -> Iterator[Any]:
    if isinstance(value, list):
        for each in value:
            yield from _values(each, path)
    elif path and isinstance(value, Mapping):
        yield from _values(value.get(path[0]), path[1:])
    elif not path:
        yield value


def _text(value: Any, column: str) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        raise BadRecord(f"{column} holds a number that is not whole")
    return clean(value, TEXT).strip()


def text(row: Row, column: str, longest: int = TEXT) -> str:
    """The value of a column, or of several the first; empty where there is none."""
    return next(iter(texts(row, column)), "")[:longest]


def several(row: Row, column: str) -> list[str]:
    """The values of a column that may hold many, each once."""
    parts = (part.strip() for each in texts(row, column) for part in each.split(SEVERAL))
    return list(dict.fromkeys(part for part in parts if part))


def key(row: Row, column: str) -> str:
    """An id to the letter. Raises BadRecord where it is none."""
    found = text(row, column)
    if len(found) > LONGEST_KEY:
        raise BadRecord(f"{column} is longer than {LONGEST_KEY} characters")
    return found


def truth(row: Row, column: str) -> bool | None:
    """Yes, no, or nothing. Raises BadRecord for any other word."""
    word = text(row, column).casefold()
    if not word:
        return None
    if word not in TRUE | FALSE:
        raise BadRecord(f"{column} is neither 1 nor 0")
    return word in TRUE


def date_of(row: Row, column: str) -> date | None:
    """A calendar day as it is written, never moved to another zone. Raises BadRecord where it is none."""
    found = text(row, column)
    if not found or NO_DAY.fullmatch(found):
        return None
    try:
        date.fromisoformat(found[:DAY])
    except ValueError:
        raise BadRecord(f"{column} is not a date such as 2026-03-01") from None
    whole = day(found)
    return unless_endless(whole) if whole else None


def id_among(found: str, known: Iterable[str]) -> str:
    """The id that a cell means: as it stands, or the one behind a name, if that is known."""
    if found and found not in known and (behind := BEHIND.fullmatch(found)) and behind[1] in known:
        return behind[1]
    return found
