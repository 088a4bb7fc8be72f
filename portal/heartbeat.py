"""The worker's heartbeat: each task records that it has started, and pages and probes read it.

Written by the task itself, so it proves the whole way: timetable, queue, worker process, database.
Both sides use the database's clock, because web and worker may be on machines whose clocks differ.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import BigIntegerField, Max
from django.db.models.functions import Cast, Extract, Now

from .models import Wake

SILENT_AFTER = timedelta(minutes=2)
"""A task is woken every minute, at most LOOK_EVERY later (portal/cluster.py), by a free worker process:
syncs never occupy two of them (portal/jobs.py) and anything else ends within the queue's 60 seconds."""
TO_DO = "Start manage.py qcluster."


def woke(task: str) -> None:
    """Say that this task was woken; one statement."""
    Wake.objects.bulk_create(
        [Wake(task=task, at=Now())], update_conflicts=True, unique_fields=["task"], update_fields=["at"]
    )


def seconds_since() -> Cast:
    """An aggregate over Wake: whole seconds since the newest of its rows."""
    return Cast(Extract(Now() - Max("at"), "epoch"), BigIntegerField())


def worker_age() -> int | None:
    """Seconds since any worker last woke; None when none ever did."""
    found = Wake.objects.aggregate(age=seconds_since())["age"]
    return None if found is None else int(found)


def silence(age: int | None) -> str:
    """What is wrong with the worker, as a sentence; empty when it lives."""
    if age is None:
        return "No worker has run yet."
    return "" if age <= SILENT_AFTER.total_seconds() else f"No worker has run for {_duration(age)}."


@dataclass(frozen=True)
class Worker:
    """How the worker is, for people: whether it is silent, and a sentence."""

    silent: bool
    sentence: str


def worker() -> Worker:
    """How the worker is now; one query."""
    age = worker_age()
    wrong = silence(age)
    return Worker(bool(wrong), wrong or f"The worker last woke {_duration(age or 0)} ago.")


def _duration(seconds: int) -> str:
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}s"
    return f"{seconds} seconds"
