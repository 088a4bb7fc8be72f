"""What the queue triggers: read the sources, plan, deliver. Tasks carry no data and may be lost or doubled.

The only place that knows the order sync → plan → deliver.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.utils import timezone

from notifier.deliver import deliver
from notifier.options import slack_from_settings
from notifier.plan import plan
from orgmodel.sources.registry import truth
from orgmodel.sync import hooks, old_runs
from orgmodel.sync.configured import NotConfigured, sync
from orgmodel.sync.due import due
from orgmodel.sync.passing_time import pass_time
from portal.door import counters, sessions

from .heartbeat import READING_LOCK, beating, woke
from .hooks import wake_early

logger = logging.getLogger(__name__)
SLICE = 40.0
"""Seconds after which a long read leaves the rest for the next wake, so that all else is read meanwhile."""
BUSY = "the sources are being read"


def read() -> str:
    """Read every source whose time has come, then plan. A source that fails keeps its old data.

    A source that takes long gives a slice of everything at a time. Where even that lasts, the read is woken
    again while it runs: the second one ends at once and leaves a process free.
    """
    woke("read")
    with _alone() as first:
        if not first:
            return BUSY
        given = settings.SIGHTLINE.sources
        names = list(given) if settings.SIGHTLINE.demo else due(given, timezone.now())
        try:
            outcome = _sync(names) if names or not given else "nothing is due"
        except NotConfigured as error:
            return str(error)
    # Behind the lock: whoever was turned away by it counts on this.
    wake_early()
    notify()
    return outcome


def read_early() -> str:
    """Read the sources whose hooks say that something has changed, unless it is too soon, then plan."""
    woke("read early")
    outcome = ""
    with _alone() as first:
        if not first:
            return BUSY
        now = timezone.now()
        waiting = hooks.early_syncs(settings.SIGHTLINE.sources)
        names = [name for name, at in waiting.items() if at <= now]
        try:
            outcome = _sync(names) if names else ""
        except NotConfigured as error:
            return str(error)
    wake_early()
    if outcome:
        notify()
    return outcome or "no sync is waited for"


def _sync(names: Sequence[str] = ()) -> str:
    with beating():
        outcomes = list(sync(settings.SIGHTLINE, names, seconds=SLICE))
    return ", ".join(f"{outcome.source} {outcome.outcome}" for outcome in outcomes)


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
