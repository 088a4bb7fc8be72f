"""Days as people write them. Pure."""

from datetime import date, datetime


def day(moment: date | datetime, today: date | None = None) -> str:
    """The day with its year; without it where it is the year of `today`.

    >>> day(date(2026, 11, 20)), day(date(2026, 11, 20), date(2026, 12, 1))
    ('20 November 2026', '20 November')
    """
    text = f"{moment.day} {moment:%B}"
    return text if today and today.year == moment.year else f"{text} {moment.year}"
