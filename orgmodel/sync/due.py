"""Which sources are to be read now: each in its own time, and less often while it refuses."""

from collections.abc import Collection
from datetime import datetime, timedelta

from orgmodel.models import Run
from orgmodel.sources.registry import named

from .runs import CUT_OFF

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
    return {run.source: _next(run) for run in _last(sources)}


def lengthy(sources: Collection[str], seconds: float) -> bool:
    """Whether to read these may take more than so many seconds: when they were last read it did, or one was
    cut off, or is held back, so that it is read in one piece. One query.
    """
    last = _last(sources)
    return sum(run.seconds for run in last) > seconds or any(
        _was_cut_off(run) or run.outcome == Run.Outcome.QUARANTINED for run in last
    )


def _last(sources: Collection[str]) -> list[Run]:
    runs = Run.objects.filter(source__in=sources).exclude(outcome=Run.Outcome.PASSED)
    return list(runs.order_by("source", "-pk").distinct("source"))


def _was_cut_off(run: Run) -> bool:
    """Whoever asks reads alone: the process of a run that goes on has died, or was ended."""
    return run.outcome == Run.Outcome.RUNNING or run.reason == CUT_OFF


def _next(last: Run) -> datetime:
    source = named(last.source)
    every = source.every if source else RETRY
    good = last.outcome in {Run.Outcome.APPLIED, Run.Outcome.UNCHANGED}
    if _was_cut_off(last):
        return last.started
    return last.started + (every if good else max(every, RETRY))
