"""Since when somebody has something, in words. Pure."""

from datetime import date, datetime

from .days import day
from .voice import Voice


def since(at: datetime, *, before: bool, today: date) -> str:
    """When something began. `before`: it was there when Sightline first read.

    >>> since(datetime(2025, 11, 28), before=True, today=date(2026, 1, 1))
    'since before Sightline began (28 November 2025)'
    """
    text = day(at, today)
    return f"since before Sightline began ({text})" if before else f"since {text}"


def held_since(
    person: Voice,
    level: str,
    at: tuple[datetime, bool],
    had: tuple[datetime, bool],
    today: date,
) -> str:
    """Since when at the level, and since when at all, where that is longer.

    `at`, `had`: the moment, and whether it is that of the first read; `level`: empty where it says nothing.

    >>> told = (datetime(2026, 11, 20), False), (datetime(2025, 11, 28), True)
    >>> held_since(Voice("Nadia"), "Editor", *told, date(2026, 12, 1))
    'Editor since 20 November; has had it since before Sightline began, 28 November 2025'
    """
    head = f"{level} " if level else ""
    first = f"{head}{since(at[0], before=at[1], today=today)}"
    if had[0] >= at[0]:
        return first
    have = "you have had" if person.own else "has had"
    begun = f"before Sightline began, {day(had[0], today)}" if had[1] else day(had[0], today)
    return f"{first}; {have} it since {begun}"
