"""What single cells of Airtable may contain. A cell that cannot be used makes its record a bad one.

The API gives a cell in several forms: a link as the id of its record or as `{id, name}`, a choice as its name
or as `{id, name, color}`, a person as `{id, email, name}`, a lookup as a list, and the error of a formula as
`{error}` or `{specialValue}`. Empty cells and boxes without a tick are not there at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from orgmodel.sources.hr_records import status_of
from orgmodel.sources.values import clean, unless_endless

from .columns import LINKS, SHOWN, Column

LONGEST_KEY = 320
"""Ids, slugs and e-mail addresses stand in indexes; no real one is longer."""
CHECKBOX = "checkbox"
MOST = 1000
TRUE, FALSE = frozenset({"true", "1", "yes", "y", "x", "checked"}), frozenset({"false", "0", "no", "n"})
_SPREADSHEET_ERROR = "#ERROR"


class BadCell(ValueError):
    """Why a record cannot be used; the text names the column, never the value."""


class Unfinished(BadCell):
    """Somebody is still writing: the record counts as no unit yet, and not as a mistake."""


@dataclass(frozen=True)
class Cells:
    """The cells of one record, by our own names. `zone`: in which a moment has its day."""

    values: Mapping[str, Any]
    """By the id of the field, as Airtable gives them."""
    columns: Mapping[str, Column]
    zone: tzinfo
    last_day: bool = True
    """The day named as an end still counts."""
    status_words: Mapping[str, str] = field(default_factory=dict)
    """Further words for a status, as the settings have them."""

    @property
    def blank(self) -> bool:
        """Nothing that is read stands in the record: somebody has made a line and not begun to write."""
        return not any(self.values.get(column.id) for column in self.columns.values())

    def has(self, name: str) -> bool:
        """Whether there is such a column, and something in it."""
        return name in self.columns and self.values.get(self.columns[name].id) not in (None, "", [])

    def called(self, name: str) -> str:
        """What Airtable calls the column."""
        return self.columns[name].name[:SHOWN] if name in self.columns else name

    def text(self, name: str, longest: int) -> str:
        """Text, a number, a choice, or a lookup of one; empty where there is nothing. Raises BadCell."""
        found = self.each(name, longest)
        if len(found) > 1:
            raise BadCell(f"{self.called(name)} holds several values where one is meant")
        return found[0] if found else ""

    def key(self, name: str) -> str:
        """An id, a slug or an address as it stands. Raises BadCell."""
        found = self.text(name, LONGEST_KEY + 1)
        if len(found) > LONGEST_KEY:
            raise BadCell(f"{self.called(name)} is longer than {LONGEST_KEY} characters")
        return found

    def each(self, name: str, longest: int = LONGEST_KEY) -> list[str]:
        """All that stands in the cell, each once: of links the records' ids, of people their addresses.

        Raises BadCell.
        """
        column = self.columns.get(name)
        if column is None:
            return []
        texts = (_text(each, column, longest) for each in _flat(self.values.get(column.id), column))
        return list(dict.fromkeys(filter(None, texts)))[:MOST]

    def truth(self, name: str, default: bool) -> bool:
        """Whether it is so: a box, 1 or 0, or a word for a status. Raises BadCell.

        A box without a tick is not there, and false; of all else that is not there the default holds.
        """
        column = self.columns.get(name)
        if column is None:
            return default
        raw = list(_flat(self.values.get(column.id), column))
        if not raw:
            return default if column.type != CHECKBOX else False
        if all(isinstance(each, bool) for each in raw) and len(set(raw)) == 1:
            return bool(raw[0])
        word = self.text(name, LONGEST_KEY).casefold()
        if word in TRUE | FALSE:
            return word in TRUE
        meant = status_of(word, self.status_words) if word else None
        if meant == "pending":
            raise Unfinished(f"{self.called(name)} does not call it active yet")
        if meant not in {"active", "ended"}:
            raise BadCell(
                f"{self.called(name)} is neither true nor false, nor a word such as active or retired"
            )
        return meant == "active"

    def day(self, name: str) -> date | None:
        """A day; of a moment the one that it is in the zone. Raises BadCell."""
        text = self.text(name, LONGEST_KEY)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
            found = (moment.astimezone(self.zone) if moment.tzinfo else moment).date()
        except (ValueError, OverflowError):
            raise BadCell(f"{self.called(name)} is not a date such as 2026-03-01") from None
        return unless_endless(found)

    def end(self, name: str) -> date | None:
        """The first day on which something no longer holds. Raises BadCell."""
        found = self.day(name)
        return found + timedelta(days=1) if found and self.last_day else found


def _flat(raw: Any, column: Column) -> Iterator[Any]:
    """The values of a cell, also of a lookup through several links. Raises BadCell."""
    if isinstance(raw, list):
        for each in raw[:MOST]:
            yield from each[:MOST] if isinstance(each, list) else (each,)
    elif isinstance(raw, dict) and isinstance(raw.get("valuesByLinkedRecordId"), dict):
        for each in list(raw["valuesByLinkedRecordId"].values())[:MOST]:
            yield from _flat(each, column)
    elif raw is not None:
        yield raw


def _text(raw: Any, column: Column, longest: int) -> str:
    if isinstance(raw, dict):
        if "error" in raw or "specialValue" in raw:
            raise BadCell(f"{column.name[:SHOWN]} holds the error of a formula")
        key = next((key for key in _spoken(column) if isinstance(raw.get(key), str) and raw[key].strip()), "")
        if not key:
            raise BadCell(f"{column.name[:SHOWN]} holds nothing that can be read as text")
        raw = raw[key]
    if isinstance(raw, list | bool):
        raise BadCell(f"{column.name[:SHOWN]} holds nothing that can be read as text")
    text = clean(raw, longest * 2).strip()[:longest]
    if text.startswith(_SPREADSHEET_ERROR):
        raise BadCell(f"{column.name[:SHOWN]} holds the error of a formula")
    return text


def _spoken(column: Column) -> tuple[str, ...]:
    """By which key an object is called: links by their record, people by their address, choices by name,
    and what was generated or scanned by its text.
    """
    return ("id",) if column.type == LINKS else ("email", "name", "value", "text")
