"""When the worker does what: rows of the queue that the worker itself keeps correct.

The rows coordinate several workers (one of them takes a due row, the others pass). Whatever happens to
them, a worker that runs puts them right again at its next look.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django_q.models import Schedule

LONGEST_READ = timedelta(hours=2)
"""For what the queue's own limit is too short: what is read in one piece waits for rate windows."""
OURS = "portal."
"""How the functions of our rows begin; other rows of the queue are not touched."""


@dataclass(frozen=True)
class Entry:
    """One recurring task; `longest` is how long it may take where the queue's own limit is too short."""

    name: str
    function: str
    every: timedelta
    longest: timedelta | None = None

    def columns(self) -> dict[str, Any]:
        """What its row must say, except when it runs next."""
        limit = f"q_options={{'timeout': {int(self.longest.total_seconds())}}}" if self.longest else ""
        return {
            "func": self.function,
            "schedule_type": Schedule.MINUTES,
            # The queue counts in minutes; what is quicker is brought forward at each look.
            "minutes": max(1, int(self.every.total_seconds() // 60)),
            "repeats": -1,
            "kwargs": limit,
            "args": None,
            "hook": None,
            "cluster": None,
            "intended_date_kwarg": None,
        }


def timetable() -> tuple[Entry, ...]:
    """The recurring tasks. The demo syncs more often, so that a scene is seen soon after it is played."""
    read_every = timedelta(seconds=10) if settings.SIGHTLINE.demo else timedelta(minutes=1)
    return (
        Entry("read the sources", "portal.jobs.read", read_every),
        # Brought forward by what hooks deliver; of itself it only looks whether a wake was lost.
        Entry("read early", "portal.jobs.read_early", timedelta(minutes=5)),
        # Brought forward by the two above, likewise.
        Entry("read at length", "portal.jobs.read_at_length", timedelta(minutes=5), LONGEST_READ),
        Entry("plan and deliver", "portal.jobs.notify", timedelta(minutes=1)),
    )


def keep_timetable() -> None:
    """Create, correct and remove our rows until they are what they should be; one query when they are."""
    planned = timetable()
    if _right(_rows(), planned, timezone.now()):
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            # The name of a row is not unique in the queue's table: two workers would both create it.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('sightline-timetable'))")
        _correct(_rows(), planned, timezone.now())


def wake_now() -> None:
    """Make everything due: a worker that starts shall not wait for what another one planned."""
    _ours().update(next_run=timezone.now())


def bring_forward(function: str, at: datetime) -> None:
    """Let a task of the timetable run at this moment, unless it runs sooner anyway."""
    Schedule.objects.filter(func=function, next_run__gt=at).update(next_run=at)


def _ours() -> Any:
    names = [entry.name for entry in timetable()]
    return Schedule.objects.filter(models.Q(func__startswith=OURS) | models.Q(name__in=names))


def _rows() -> list[Schedule]:
    return list(_ours().order_by("pk"))


def _right(rows: Sequence[Schedule], planned: Sequence[Entry], now: datetime) -> bool:
    entries = {entry.name: entry for entry in planned}
    return sorted(str(row.name) for row in rows) == sorted(entries) and not any(
        _differs(row, entries[row.name], now) for row in rows
    )


def _differs(row: Schedule, entry: Entry, now: datetime) -> bool:
    return _late(row, entry, now) or any(
        (getattr(row, name) or None) != (value or None) for name, value in entry.columns().items()
    )


def _late(row: Schedule, entry: Entry, now: datetime) -> bool:
    """Later than it can be by this entry: altered, or written before the clock went back.

    Twice the interval, since clocks of several workers differ a little.
    """
    return bool(row.next_run is None or row.next_run > now + 2 * entry.every)


def _correct(rows: Sequence[Schedule], planned: Sequence[Entry], now: datetime) -> None:
    entries = {entry.name: entry for entry in planned}
    for row in rows:
        entry = entries.pop(row.name, None)
        if entry is None:
            row.delete()
        elif _differs(row, entry, now):
            late = {"next_run": now + entry.every} if _late(row, entry, now) else {}
            Schedule.objects.filter(pk=row.pk).update(**entry.columns(), **late)
    for name, entry in entries.items():
        Schedule.objects.create(name=name, next_run=now, **entry.columns())
