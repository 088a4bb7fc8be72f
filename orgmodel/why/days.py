"""Days as people write them. Pure."""

from datetime import date, datetime


def day(moment: date | datetime, today: date | None = None) -> str:
    """The day with its year; without it where it is the year of `today`.

    >>> day(date(2026, 11, 20)), day(date(2026, 11, 20), date(2026, 12, 1))
    ('20 November 2026', '20 November')
    """
    text = f"{moment.day} {moment:%B}"
    return text if today and today.year == moment.year else f"{text} {moment.year}"


A_FEW = 3
"""So many days may lie between what a record says and when it is seen: weekends, and HR that is busy."""


def late(seen: date, since: date) -> bool:
    """Something was seen so long after the day since which it is so that both days are worth telling.

    >>> late(date(2026, 9, 14), date(2026, 9, 1)), late(date(2026, 9, 14), date(2026, 9, 11))
    (True, False)
    """
    return (seen - since).days > A_FEW
