"""What the queue triggers: read the sources, plan, deliver. Tasks carry no data and may be lost or doubled.

The only place that knows the order sync → plan → deliver.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from notifier.deliver import deliver
from notifier.options import slack_from_settings
from notifier.plan import plan
from orgmodel.sources.registry import truth
from orgmodel.sync import hooks, old_runs
from orgmodel.sync.configured import NotConfigured, sync
from orgmodel.sync.due import due, lengthy, next_reads
from orgmodel.sync.findings import refresh_findings
from orgmodel.sync.passing_time import pass_time
from portal.door import counters, sessions

from .database_away import is_away
from .heartbeat import READING_LOCK, beating, woke
from .hooks import wake_early
from .timetable import bring_forward

logger = logging.getLogger(__name__)
SLICE = 40.0
"""Seconds after which a long read leaves the rest for the next wake, so that all else is read meanwhile."""
FITS = 50.0
"""Seconds that the last reads may have taken where the next ones are expected to fit into a task's limit."""
EARLY = 1.0
"""The same of an early sync: whoever waits for it waits for what has changed."""
READ, AT_LENGTH, NOTIFY = "portal.jobs.read", "portal.jobs.read_at_length", "portal.jobs.notify"
BUSY = "the sources are being read"
NOTHING = "nothing is due"
CUT_OFF = "cut off: no connection to the database"
LATER = "it may take longer than this task: read at length"


def _ends_quietly(task: Callable[[], str]) -> Callable[[], str]:
    """A task that loses the database ends in one line instead of a trace; the next one does its work."""

    @wraps(task)
    def run() -> str:
        try:
            return task()
        except (DatabaseError, InterfaceError) as error:
            if not is_away(error):
                raise
            logger.warning("%s was cut off: no connection to the database", task.__name__)
            return CUT_OFF

    return run


@_ends_quietly
def read() -> str:
    """Read every source whose time has come. A source that fails keeps its old data.

    A source that takes long gives a slice of everything at a time. Where even that may take longer than a
    task has, it is left to the task that has more time.
    """
    woke("read")
    return _read(_due, SLICE)


@_ends_quietly
def read_early() -> str:
    """Read the sources whose hooks say that something has changed, unless it is too soon."""
    woke("read early")
    return _read(_awaited, EARLY)


@_ends_quietly
def read_at_length() -> str:
    """Read what the two others left because it may take longer than they have.

    They are woken while this goes on: they end at once and leave a process free.
    """
    woke("read at length")
    outcome = _read(lambda: list(dict.fromkeys([*_due(), *_awaited()])), SLICE, at_length=True)
    if outcome != BUSY:
        # Where one of the two was ended after its sync, they are still to be looked for; else all is known.
        given = settings.SIGHTLINE
        refresh_findings(given.conventions, truth(given), timezone.now(), frozenset())
    return outcome


def _due() -> list[str]:
    given = settings.SIGHTLINE.sources
    return list(given) if settings.SIGHTLINE.demo else due(given, timezone.now())


def _awaited() -> list[str]:
    now = timezone.now()
    return [name for name, at in hooks.early_syncs(settings.SIGHTLINE.sources).items() if at <= now]


def _read(choose: Callable[[], list[str]], seconds: float, *, at_length: bool = False) -> str:
    with _alone() as first:
        if not first:
            return BUSY
        names = choose()
        ours = bool(names) and lengthy(names, FITS) == at_length
        outcome = _sync(names, seconds) if ours else NOTHING
    # Behind the lock: whoever was turned away by it counts on this.
    wake_early()
    _wake_in_time(seen_to=names if ours or not at_length else ())
    if ours:
        # A task of its own: sending may take as long again.
        bring_forward(NOTIFY, timezone.now())
    elif names and not at_length:
        bring_forward(AT_LENGTH, timezone.now())
        return LATER
    return outcome


def _wake_in_time(seen_to: Collection[str]) -> None:
    """An early sync moves the next one off the timetable's minutes: it shall not wait for the one after.

    Nor shall what is due already, and neither was read just now nor is left to the task with more time:
    whoever came for it may have been turned away.
    """
    now = timezone.now()
    given = settings.SIGHTLINE.sources
    coming = [at for at in next_reads(given).values() if at > now]
    if not set(due(given, now)).issubset(seen_to):
        coming.append(now)
    if coming:
        bring_forward(READ, min(coming))


def _sync(names: Sequence[str], seconds: float) -> str:
    try:
        with beating():
            outcomes = list(sync(settings.SIGHTLINE, names, seconds=seconds))
    except NotConfigured as error:
        return str(error)
    return ", ".join(f"{outcome.source} {outcome.outcome}" for outcome in outcomes)


@_ends_quietly
def notify() -> str:
    """Do what is due by the clock, plan what has settled, deliver what is due, clear away what is old."""
    woke("notify")
    now = timezone.now()
    sessions.sweep(now)
    counters.sweep(now)
    hooks.sweep(now)
    old_runs.sweep(now)
    pass_time(settings.SIGHTLINE.conventions, truth(settings.SIGHTLINE), now)
    planned = plan(settings.SIGHTLINE, now)
    if not settings.SIGHTLINE.slack_bot_token:
        return f"planned {planned.messages}; no Slack token, nothing sent"
    delivered = deliver(now, slack_from_settings())
    logger.info("planned %d, sent %d, failed %d", planned.messages, delivered.sent, delivered.failed)
    return f"planned {planned.messages}, sent {delivered.sent}"


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether nobody else reads the sources just now; the lock goes with the connection of a killed task."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [READING_LOCK])
        (first,) = cursor.fetchone() or (False,)
    try:
        yield first
    finally:
        if first:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [READING_LOCK])
