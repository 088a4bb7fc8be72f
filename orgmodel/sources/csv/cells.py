"""What single cells may hold: dates, truth, ids. A cell that cannot be used makes its row a bad one."""

import re
from collections.abc import Mapping
from datetime import date

NAME, TEXT = 500, 2000
LONGEST_KEY = 320
"""Ids and e-mail addresses stand in indexes; no real one is longer."""
NO_END = 9999
"""The year by which many HR systems say that something has no end."""
TRUE = frozenset({"true", "1", "yes", "y", "active"})
FALSE = frozenset({"false", "0", "no", "n", "inactive"})
ROUNDED = re.compile(r"[0-9]+[.,]?[0-9]*[eE]\+[0-9]+")


class BadRow(ValueError):
    """Why one row cannot be used; the text names the column, never the value."""


def day(values: Mapping[str, str], column: str) -> date | None:
    """An ISO date, or nothing where it is empty or stands for no end. Raises BadRow."""
    text = values.get(column, "")
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise BadRow(f"{column} is not a date such as 2026-03-01") from None
    return found if found.year < NO_END else None


def truth(values: Mapping[str, str], column: str, default: bool) -> bool:
    """true or false in the usual spellings; empty is the default. Raises BadRow."""
    text = values.get(column, "").casefold()
    if not text:
        return default
    if text not in TRUE | FALSE:
        raise BadRow(f"{column} is neither true nor false")
    return text in TRUE


def key(values: Mapping[str, str], column: str) -> str:
    """An id or address as it stands, leading zeros and all. Raises BadRow."""
    text = values.get(column, "")
    if len(text) > LONGEST_KEY:
        raise BadRow(f"{column} is longer than {LONGEST_KEY} characters")
    if ROUNDED.fullmatch(text):
        raise BadRow(f"{column} was rounded by a spreadsheet (such as 3.33E+18); format the column as text")
    return text


def in_order(start: date | None, end: date | None, columns: str) -> None:
    """Raises BadRow when the end is not after the start (half-open: the end is the first day out)."""
    if start and end and end <= start:
        raise BadRow(f"{columns}: the end is not after the beginning")


class Unique:
    """Refuses a second row with the same key that says something else; the same row again is harmless."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._seen: dict[tuple[object, ...], int] = {}

    def add(self, key: tuple[object, ...], row: object) -> None:
        """Note a row. Raises BadRow when another row before had its key."""
        if self._seen.setdefault(key, hash(row)) != hash(row):
            raise BadRow(f"{self._what} stands there twice, with different values")
