"""The worker's heartbeat: each task records that it has started, and pages and probes read it.

Written by the task itself, so it proves the whole way: timetable, queue, worker process, database. A sync may
take hours; the process that reads says every half minute that it still lives, in a row of its own, so that a
long sync is told from a frozen one. Both sides use the database's clock, because web and worker may be on
machines whose clocks differ.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.models import BigIntegerField, Max, QuerySet
from django.db.models.functions import Cast, Extract, Now

from .models import Wake

logger = logging.getLogger(__name__)

SILENT_AFTER = timedelta(seconds=110)
"""Before two minutes are over. A task is woken every minute, at most LOOK_EVERY later (portal/cluster.py), by
a free worker process: syncs never occupy two of them (portal/jobs.py) and anything else ends within the
queue's 60 seconds."""
BEAT = 30.0
"""Seconds between two signs of life of the process that reads."""
READING = "reading"
"""The row of the process that reads; it goes with the read, and stays where the process is killed."""
READING_LOCK = "sightline-reading"
"""Name of the lock that the session of the process that reads holds; the database lets go when that dies."""
TO_DO = "Start manage.py qcluster."
FROZEN = "Restart manage.py qcluster: a sync that is cut off has applied nothing."


def woke(task: str) -> None:
    """Say that this task was woken; one statement."""
    Wake.objects.bulk_create(
        [Wake(task=task, at=Now())], update_conflicts=True, unique_fields=["task"], update_fields=["at"]
    )


@contextmanager
def beating(seconds: float = BEAT) -> Iterator[None]:
    """While the sources are read: says again and again that this process lives, from a thread."""
    woke(READING)
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(over, seconds), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        Wake.objects.filter(task=READING).delete()


def _beat(over: threading.Event, seconds: float) -> None:
    while not over.wait(seconds):
        try:
            woke(READING)
        except DatabaseError as error:
            logger.warning("no sign of life while reading: %s", type(error).__name__)
        finally:
            # A connection of its own, only for as long as it takes: poolers count them.
            connection.close()


def wakes() -> QuerySet[Wake]:
    """What tells that the timetable is kept: the process that reads says that of itself only."""
    return Wake.objects.exclude(task=READING)


def seconds_since() -> Cast:
    """An aggregate over wakes: whole seconds since the newest of them."""
    return Cast(Extract(Now() - Max("at"), "epoch"), BigIntegerField())


def worker_age() -> int | None:
    """Seconds since any worker last woke; None when none ever did."""
    found = wakes().aggregate(age=seconds_since())["age"]
    return None if found is None else int(found)


def reading_age() -> int | None:
    """Seconds since the process that reads the sources last said that it lives; None when none reads."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT extract(epoch FROM now() - w.at)::bigint FROM portal_wake w
            WHERE w.task = %s AND EXISTS (
                SELECT FROM pg_locks k JOIN pg_database d ON d.oid = k.database
                WHERE k.locktype = 'advisory' AND k.granted AND d.datname = current_database()
                  AND k.objsubid = 1
                  AND (k.classid::bigint << 32) | k.objid::bigint = hashtext(%s)::bigint)""",
            [READING, READING_LOCK],
        )
        found = cursor.fetchone()
    return int(found[0]) if found else None


def silence(age: int | None) -> str:
    """What is wrong with the worker, as a sentence; empty when it lives."""
    if age is None:
        return "No worker has run yet."
    return "" if age <= SILENT_AFTER.total_seconds() else f"No worker has run for {_duration(age)}."


def _frozen(age: int | None) -> str:
    if age is None or age <= SILENT_AFTER.total_seconds():
        return ""
    return f"The worker process that syncs the sources has not responded for {_duration(age)}."


@dataclass(frozen=True)
class Worker:
    """How the worker is, for people: whether something is wrong, a sentence, and what to do."""

    silent: bool
    sentence: str
    to_do: str = ""
    age: int | None = None
    """Seconds since it last woke; None: never."""
    reading: int | None = None
    """Seconds since the process that reads last said that it lives; None: nothing is read."""


def worker() -> Worker:
    """How the worker is now; two queries."""
    age, reading = worker_age(), reading_age()
    if wrong := silence(age):
        return Worker(True, wrong, TO_DO, age, reading)
    if wrong := _frozen(reading):
        return Worker(True, wrong, FROZEN, age, reading)
    return Worker(False, f"The worker last woke {_duration(age or 0)} ago.", "", age, reading)


def _duration(seconds: int) -> str:
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}s"
    return "1 second" if seconds == 1 else f"{seconds} seconds"
