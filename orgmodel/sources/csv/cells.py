"""What single cells may contain: dates, booleans, ids. A cell that cannot be used makes its row a bad one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from orgmodel.csv_feed import STATUS_WORDS, CsvFeed, folded_word
from orgmodel.sources.values import NO_END, undressed, unless_endless

LONGEST_KEY = 320
"""Ids and e-mail addresses stand in indexes; no real one is longer."""
TRUE = frozenset({"true", "t", "1", "yes", "y", "on", "x"})
FALSE = frozenset({"false", "f", "0", "no", "n", "off"})
NOTHING = frozenset(
    form
    for word in ("n/a", "null", "none", "nil", "(null)", "(none)", "nan", "-", "--", "–", "—")
    for form in (word, word.upper(), word.title(), word.capitalize())
) | {"NaN"}
"""What systems write where there is no value."""
BROKEN = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
"""What a spreadsheet writes where its formula failed: what the value is, nobody knows."""
ROUNDED = re.compile(r"[0-9]+[.,]?[0-9]*[eE]\+[0-9]+")
_ISO = re.compile(r"[0-9]{4}-")
_NUMBERS = re.compile(r"([0-9]{1,4})[./-]([0-9]{1,2})[./-]([0-9]{1,4})(?:[ T].*)?")
_NO_DAY = re.compile(r"[0./-]+(?:[ T][0:.]*Z?)?")
_COMPACT = re.compile(r"(?:19|20)[0-9]{6}")
_YEAR_DIGITS = 4
UNIX_ZERO = date(1970, 1, 1)
"""A day on which somebody may have begun; as an end it is a zero that was written as a date."""


@dataclass(frozen=True)
class Writing:
    """How a feed is written: the settings, and what of the conventions its cells are held against."""

    feed: CsvFeed = field(default_factory=CsvFeed)
    zone: tzinfo = UTC
    """In which a moment has its day."""
    tracked: tuple[str, ...] = ()
    """Attributes that units and moves need: their columns are found whatever their case."""
    kinds: tuple[str, ...] = ()
    """Kinds of units: found whatever their case."""

    def kind(self, text: str) -> str:
        """The kind of units that is meant; one that is not configured stands as it is written."""
        return next((kind for kind in self.kinds if kind.casefold() == text.casefold()), text)


class BadRow(ValueError):
    """Why one row cannot be used; the text names the column, never the value."""


def day(values: Mapping[str, str], column: str, writing: Writing) -> date | None:
    """A day, or nothing where it is empty or stands for no day. Raises BadRow.

    A moment with a zone has the day that it is in the zone of the settings.
    """
    text = values.get(column, "")
    if not text:
        return None
    if len(text) == len("2026-03-01") and (usual := _usual(text)):
        return unless_endless(usual)
    if _NO_DAY.fullmatch(text):
        return None
    try:
        whole = _ISO.match(text) or _COMPACT.fullmatch(text)
        found = _iso(text, writing) if whole else _numbers(text, writing.feed.date_order)
    except (ValueError, OverflowError):
        raise BadRow(f"{column} is not a date such as 2026-03-01") from None
    if found is None:
        raise BadRow(f"{column} is not a date such as 2026-03-01; for other orders set csv.date_order")
    return unless_endless(found)


def end(values: Mapping[str, str], column: str, writing: Writing) -> date | None:
    """The first day on which something no longer holds, or nothing. Raises BadRow."""
    found = day(values, column, writing)
    if found == UNIX_ZERO:
        return None
    if found is None or writing.feed.end_dates == "first_day_after":
        return found
    return found + timedelta(days=1)


@lru_cache(maxsize=10_000)
def _usual(text: str) -> date | None:
    """A plain ISO date; None for anything else. Thousands of rows share few days."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _iso(text: str, writing: Writing) -> date:
    moment = datetime.fromisoformat(text)
    return (moment.astimezone(writing.zone) if moment.tzinfo else moment).date()


def _numbers(text: str, order: str) -> date | None:
    """A day in numbers: with the year first, or as the settings say; None where nothing says how."""
    found = _NUMBERS.fullmatch(text)
    if found is None:
        raise ValueError(text)
    parts = found.groups()
    if len(parts[0]) == _YEAR_DIGITS:
        return date(*map(int, parts))
    if parts[2] == str(NO_END):  # Whichever stands first: it is no day.
        return date.max
    if order not in {"dmy", "mdy"} or len(parts[2]) != _YEAR_DIGITS:
        return None
    numbers = dict(zip(order, map(int, parts), strict=True))
    return date(numbers["y"], numbers["m"], numbers["d"])


def status(values: Mapping[str, str], writing: Writing) -> str:
    """What the status word means; an unknown one never means *employed*. Raises BadRow."""
    text = values.get("status", "")
    word = _folded(text)
    found = writing.feed.status_words.get(word) or STATUS_WORDS.get(word)
    if found is None or (text and not word):
        raise BadRow("status is no known word; csv.status_words can say what it means")
    return found


_folded = lru_cache(maxsize=1000)(folded_word)


def truth(values: Mapping[str, str], column: str, default: bool) -> bool:
    """true or false in the usual spellings, or as words of a status; empty is the default. Raises BadRow."""
    text = values.get(column, "").casefold()
    if not text:
        return default
    if text in TRUE | FALSE:
        return text in TRUE
    meant = STATUS_WORDS.get(_folded(text))
    if meant not in {"active", "ended"}:
        raise BadRow(f"{column} is neither true nor false")
    return meant == "active"


def rounded(text: str) -> bool:
    """Whether a spreadsheet made a number of it: the id is lost."""
    return "+" in text and ROUNDED.fullmatch(text) is not None


def key(values: Mapping[str, str], column: str) -> str:
    """An id or address as it stands, leading zeros and all. Raises BadRow."""
    text = values.get(column, "")
    if len(text) > LONGEST_KEY:
        raise BadRow(f"{column} is longer than {LONGEST_KEY} characters")
    if rounded(text):
        raise BadRow(f"{column} was rounded by a spreadsheet (such as 3.33E+18); format the column as text")
    return text


def address(values: Mapping[str, str], column: str) -> str:
    """One e-mail address, or a login that is none. Raises BadRow."""
    text = named(values, column)
    if re.search(r"[\s<>,;]", text):
        raise BadRow(f"{column} is not one e-mail address")
    return text


def named(values: Mapping[str, str], column: str) -> str:
    """Somebody by an id, a number or an address, that one without the name that it is dressed in: of
    `Nadia Brandt <nadia@nordwind.example>` what is between the brackets. Raises BadRow.
    """
    text = key(values, column)
    return undressed(text)


def in_order(start: date | None, end: date | None, columns: str) -> None:
    """Raises BadRow when the end is not after the start (half-open: the end is the first day out)."""
    if start and end and end <= start:
        raise BadRow(f"{columns}: the end is not after the beginning")


class Unique:
    """Refuses a second row with the same key that says something else; the same row again is harmless."""

    def __init__(self, problem: str) -> None:
        self._problem = problem
        self._seen: dict[tuple[object, ...], int] = {}

    def add(self, key: tuple[object, ...], row: object) -> None:
        """Note a row. Raises BadRow when another row before had its key."""
        if self._seen.setdefault(key, hash(row)) != hash(row):
            raise BadRow(self._problem)
