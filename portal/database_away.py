"""A database that cannot be reached: how its errors are known, and how the log speaks of it in one line."""

import logging
from time import monotonic

from django.db import DatabaseError, Error, InterfaceError, OperationalError

logger = logging.getLogger(__name__)

AGAIN_AFTER = 60.0
"""Seconds until a process that keeps trying says again that the database is away."""
TOO_MANY_CONNECTIONS = "53300"
CONNECTION_CLASSES = ("08", "57P")
"""How the codes begin that PostgreSQL gives where it cannot be reached, shuts down or is starting."""


def is_away(error: BaseException | None) -> bool:
    """Whether an error says that no connection could be made or held, and nothing about the statement."""
    if isinstance(error, InterfaceError):
        return "connection" in str(error)
    if not isinstance(error, OperationalError):
        return False
    # What the client finds out by itself has no code: refused, timed out, cut off.
    code = getattr(error.__cause__, "sqlstate", None)
    return code is None or code == TOO_MANY_CONNECTIONS or code.startswith(CONNECTION_CLASSES)


class OneLine(logging.Filter):
    """Says in a few words that the database is away; a trace would lead to no fault of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if is_away(error):
            record.msg = f"{str(record.msg).rstrip('.')}: no connection to the database"
            record.exc_info = record.exc_text = None
        return True


class Outage:
    """What a process that keeps trying says: at the beginning, once a minute, and at the end."""

    def __init__(self) -> None:
        self._began = self._again = 0.0

    def goes_on(self, error: Error | DatabaseError) -> None:
        """The database has just failed the process."""
        now = monotonic()
        self._began = self._began or now
        if now < self._again:
            return
        self._again = now + AGAIN_AFTER
        if is_away(error):
            logger.warning("the database cannot be reached; no task starts until it answers")
        else:
            first = str(error).strip().partition("\n")[0]
            logger.warning("the database refuses the worker; no task starts until it is put right: %s", first)

    def is_over(self) -> None:
        """The database has just answered."""
        if self._began:
            seconds = monotonic() - self._began
            logger.info("the database answers again, after %.0f s", seconds)
            self._began = self._again = 0.0
