"""Which sources are to be read now: each in its own time, and less often while it refuses."""

from collections.abc import Collection
from datetime import datetime, timedelta

from orgmodel.models import Run
from orgmodel.sources.registry import named

RETRY = timedelta(minutes=5)
"""At least, from the beginning of a read that failed or was held back to the next one."""
EARLY = timedelta(seconds=10)
"""A read that is due so soon is not left to the wake after this one."""


def due(sources: Collection[str], now: datetime) -> list[str]:
    """Those of the sources whose next read has come, in the order given; one query."""
    times = next_reads(sources)
    return [name for name in sources if name not in times or times[name] - EARLY <= now]


def next_reads(sources: Collection[str]) -> dict[str, datetime]:
    """When each source is read again that was ever read; one query."""
    last = (
        Run.objects.filter(source__in=sources)
        .exclude(outcome=Run.Outcome.PASSED)
        .order_by("source", "-pk")
        .distinct("source")
    )
    return {run.source: _next(run) for run in last}


def _next(last: Run) -> datetime:
    source = named(last.source)
    every = source.every if source else RETRY
    good = last.outcome in {Run.Outcome.APPLIED, Run.Outcome.UNCHANGED}
    if last.outcome == Run.Outcome.RUNNING:
        # Whoever asks reads alone: the process of this run has died, or was ended.
        return last.started
    return last.started + (every if good else max(every, RETRY))
