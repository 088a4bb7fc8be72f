"""Whether Sightline can do its work, and what to do if it cannot."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from notifier import outbox
from orgmodel.queries.pages.numbers import LastRun, last_runs
from orgmodel.sources.registry import configured, too_old
from portal.heartbeat import Worker, worker


def pending_migrations() -> bool:
    """Whether the database is behind the code. Raises DatabaseError when it cannot be reached."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def readiness(now: datetime) -> tuple[bool, list[str]]:
    """Whether requests should come here; why not, and how old the syncs and the oldest due message are."""
    try:
        if pending_migrations():
            return False, ["The database is not up to date: run manage.py migrate."]
        found, runs, waiting = worker(), current(last_runs()), outbox.waiting_since(now)
    except DatabaseError:
        return False, ["The database cannot be reached."]
    troubles = [*_worker(found), *_sources(runs, now)]
    notes = [f"{run.source} was read {seconds(now, run.applied_at)} s ago" for run in runs if run.applied_at]
    due = f"the oldest due message waits for {seconds(now, waiting)} s" if waiting else "no message is due"
    woken = [] if found.age is None else [f"a worker last woke {found.age} s ago"]
    return not troubles, [*(troubles or ["ready"]), *woken, *notes, due]


def current(runs: tuple[LastRun, ...]) -> tuple[LastRun, ...]:
    """Runs of the sources that are set up; of all where the settings name none."""
    names = {each.name for each in configured(settings.SIGHTLINE)}
    return tuple(run for run in runs if run.source in names) if names else runs


def seconds(now: datetime, then: datetime | None) -> int:
    """Whole seconds since then; 0 for never."""
    return int((now - then).total_seconds()) if then else 0


def _worker(found: Worker) -> Iterator[str]:
    if found.silent:
        yield f"{found.sentence} {found.to_do}"


def _sources(runs: tuple[LastRun, ...], now: datetime) -> Iterator[str]:
    """Why a source makes the portal unready."""
    if not runs:
        yield "Nothing was ever read: run manage.py sync."
    for run in runs:
        if run.applied_at is None:
            yield f"{run.source} was never read whole: look at /sources/."
        elif now - run.applied_at > (most := too_old(run.source)):
            hours = int(most.total_seconds() // 3600)
            yield f"{run.source} was last read more than {hours} hours ago: look at /sources/."
