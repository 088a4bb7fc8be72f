"""From when to when somebody is employed, and as what: the rows of the table employmentStatus. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from orgmodel.sources.hr_records import status_of

ENDED = "ended"
AWAY = frozenset({"leave", "garden_leave", "suspended"})
"""What a row may say of somebody who is employed; any other word says of which sort the employment is."""


@dataclass(frozen=True)
class Employment:
    """One employment, from its first day until the first day on which it no longer holds."""

    start: date
    end: date | None
    first: bool
    """There was none before it."""


def employment(rows: Sequence[tuple[date, str]], today: date, more: Mapping[str, str]) -> Employment | None:
    """The employment that counts today: the one that holds, else the next one, else the last one.

    `rows`: the day since which a row holds, and its word. `more`: the tenant's own words for a status.
    """
    periods = _periods(rows, more)
    begun = [each for each in periods if each.start <= today]
    coming = [each for each in periods if each.start > today]
    if begun and (begun[-1].end is None or begun[-1].end > today):
        return begun[-1]
    return coming[0] if coming else begun[-1] if begun else None


def word_of(rows: Sequence[tuple[date, str]], today: date) -> str:
    """The word of the row that holds today; empty: none."""
    return next((word for day, word in sorted(rows, key=_day, reverse=True) if day <= today), "")


def _periods(rows: Sequence[tuple[date, str]], more: Mapping[str, str]) -> list[Employment]:
    found: list[Employment] = []
    since: date | None = None
    for day, word in sorted(rows, key=_day):
        if status_of(word, more) == ENDED:
            if since is not None and since < day:
                found.append(Employment(since, day, not found))
            since = None
        elif since is None:
            since = day
    if since is not None:
        found.append(Employment(since, None, not found))
    return found


def _day(row: tuple[date, str]) -> date:
    return row[0]
