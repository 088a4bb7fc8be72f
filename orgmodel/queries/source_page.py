"""Each source: how fresh, its last runs, what it cost, what went wrong, what it may not see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orgmodel.models import Run

from .freshness import NAMES, Freshness, freshness

SHOWN = 8


@dataclass(frozen=True)
class RunRow:
    """One run. `quarantined`: its answer waits for a human."""

    pk: int
    outcome: str
    started: datetime
    seconds: float
    calls: int
    reason: str
    changed: str
    problems: tuple[dict[str, Any], ...]
    not_visible: dict[str, str]
    quarantined: bool
    released: datetime | None


@dataclass(frozen=True)
class SourceRow:
    """One source with its last runs, newest first."""

    source: str
    name: str
    fresh: Freshness
    runs: tuple[RunRow, ...]


def sources(moment: datetime) -> tuple[SourceRow, ...]:
    """Every source that was ever read; one query per source and one more."""
    found = []
    for fresh in freshness(moment):
        runs = Run.objects.filter(source=fresh.source).exclude(outcome="running").order_by("-started")[:SHOWN]
        newest = True
        rows = []
        for run in runs:
            rows.append(_row(run, newest=newest))
            newest = newest and run.outcome in {"failed", "quarantined"}
        found.append(SourceRow(fresh.source, NAMES.get(fresh.source, fresh.source), fresh, tuple(rows)))
    return tuple(found)


def _row(run: Run, *, newest: bool) -> RunRow:
    changed = ", ".join(
        f"{kind}: {verbs.get('began', 0)} new, {verbs.get('ended', 0)} gone,"
        f" {verbs.get('changed', 0)} changed"
        for kind, verbs in run.counts.items()
        if any(verbs.get(verb) for verb in ("began", "ended", "changed"))
    )
    return RunRow(
        run.pk,
        str(run.outcome),
        run.started,
        run.seconds,
        run.calls,
        run.reason,
        changed,
        tuple(run.problems[:50]),
        run.not_visible,
        run.outcome == Run.Outcome.QUARANTINED and newest and run.released is None,
        run.released,
    )
