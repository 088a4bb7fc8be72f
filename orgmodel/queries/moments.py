"""At which moment a question is asked: now, or any date; and the SQL that makes a fact hold then."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone


class BadMoment(ValueError):
    """The date cannot be understood or lies in the future; the text says what to do."""


@dataclass(frozen=True)
class Moment:
    """A moment asked about. `live`: now, so that current rows answer."""

    at: datetime
    live: bool

    def holds(self, alias: str) -> str:
        """SQL: the fact with this alias holds at the moment; takes the parameter %(at)s when not live."""
        if self.live:
            return f"{alias}.ended IS NULL"
        return f"({alias}.began <= %(at)s AND ({alias}.ended IS NULL OR {alias}.ended > %(at)s))"


def now() -> Moment:
    """The present."""
    return Moment(timezone.now(), live=True)


def just_before(at: datetime) -> Moment:
    """The moment before something began at `at`."""
    return Moment(at - timedelta(microseconds=1), live=False)


def parse_moment(text: str, *, clock: datetime | None = None) -> Moment:
    """A date (its last second, UTC) or a date-time; empty means now. Raises BadMoment."""
    present = clock or timezone.now()
    if not text.strip():
        return Moment(present, live=True)
    try:
        at = _read(text.strip())
    except ValueError as error:
        raise BadMoment("Give a date such as 2026-03-01, or a date-time such as 2026-03-01T09:30.") from error
    if at.date() == present.date() and len(text.strip()) == len("2026-03-01"):
        return Moment(present, live=True)
    if at > present:
        raise BadMoment(f"{at:%Y-%m-%d} lies in the future; what will be is not known yet.")
    return Moment(at, live=False)


def _read(text: str) -> datetime:
    if len(text) == len("2026-03-01"):
        return datetime.combine(date.fromisoformat(text), time.max, UTC)
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
