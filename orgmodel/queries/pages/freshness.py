"""How fresh each source is, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from orgmodel.queries.together import Lasting, ask, rows
from orgmodel.sources import registry


@dataclass(frozen=True)
class Freshness:
    """One source: when it was last read whole, and whether that is too long ago or the last try failed."""

    source: str
    sentence: str
    stale: bool
    applied_at: datetime | None
    name: str = ""
    """What people call the source."""
    trouble: str = ""
    """What is wrong, as a clause without its subject; empty when nothing is."""
    began: datetime | None = None
    """When it was first applied: of what was before, nothing can be known."""
    before: datetime | None = None
    after: datetime | None = None
    """The last read before the moment asked about and the first one after it: nothing was seen between."""


def freshness(now: datetime, at: datetime | None = None) -> tuple[Freshness, ...]:
    """Every source that was ever read, with the reads around a past moment; one query."""
    return freshness_and(None, now, at)[0]


def known_since(at: datetime, fresh: Iterable[Freshness]) -> datetime | None:
    """When the last of the sources was first read, if that was after the moment asked about."""
    began = max((each.began for each in fresh if each.began), default=None)
    return began if began and at < began else None


def freshness_and(
    counts: tuple[str, Sequence[Any]] | None, now: datetime, at: datetime | None = None
) -> tuple[tuple[Freshness, ...], dict[str, int]]:
    """The same, and in the same query what the other one (SQL and values) counts: names with numbers."""
    beside, values = counts or ("", ())
    named = {f"beside_{place}": value for place, value in enumerate(values)}
    counted = beside % tuple(f"%({name})s" for name in named)
    # Ordered by source first, so that only the index of a source's runs will do, even for a source that
    # was never read: runs are many after a year. Then by id, since a clock may go back; the moments of
    # what was applied never do.
    sql = f"""
        SELECT s.source, r.outcome, a.applied_at, b.began, c.applied_at, d.applied_at, NULL::bigint
        FROM unnest(%(sources)s::text[]) s (source)
        JOIN LATERAL (
            SELECT r.source, r.outcome FROM orgmodel_run r
            WHERE r.source >= s.source AND r.outcome <> 'running'
            ORDER BY r.source, r.id DESC LIMIT 1) r ON r.source = s.source
        LEFT JOIN LATERAL (
            SELECT a.source, coalesce(a.finished, a.applied_at) AS applied_at FROM orgmodel_run a
            WHERE a.source >= s.source AND a.outcome IN ('applied', 'unchanged')
            ORDER BY a.source, a.id DESC LIMIT 1) a ON a.source = s.source
        LEFT JOIN LATERAL (
            SELECT b.source, b.applied_at AS began FROM orgmodel_run b
            WHERE b.source <= s.source AND b.outcome = 'applied'
            ORDER BY b.source DESC, b.id LIMIT 1) b ON b.source = s.source
        LEFT JOIN LATERAL (
            SELECT c.applied_at FROM orgmodel_run c
            WHERE c.source = s.source AND c.outcome IN ('applied', 'unchanged')
              AND c.applied_at <= %(at)s::timestamptz
            ORDER BY c.applied_at DESC LIMIT 1) c ON true
        LEFT JOIN LATERAL (
            SELECT d.applied_at FROM orgmodel_run d
            WHERE d.source = s.source AND d.outcome IN ('applied', 'unchanged')
              AND d.applied_at > %(at)s::timestamptz
            ORDER BY d.applied_at LIMIT 1) d ON true
        {_BESIDE.format(counted) if counted else ""}"""
    stated = ask(rows(Lasting(sql), {"sources": list(registry.names()), "at": at, **named}))
    found = tuple(
        replace(_one(source, outcome, applied, began, now), before=before, after=after)
        for source, outcome, applied, began, before, after, _ in stated
        if outcome is not None
    )
    return found, {row[0]: row[-1] for row in stated if row[1] is None}


_BESIDE = "UNION ALL SELECT x.name, NULL, NULL, NULL, NULL, NULL, x.number FROM ({}) x (name, number)"


def _one(
    source: str, outcome: str, applied: datetime | None, began: datetime | None, now: datetime
) -> Freshness:
    name = registry.label(source)
    if applied is None:
        return Freshness(
            source, f"{name} was never synced", True, None, name=name, trouble="nothing was synced yet"
        )
    old = now - applied > registry.stale(source)
    read = f"{name} synced {ago(now - applied)}"
    trouble = _TROUBLE.get(outcome, "nothing was synced for hours" if old else "")
    sentence = f"{read}; {trouble}" if outcome in _TROUBLE else read
    return Freshness(source, sentence, bool(trouble), applied, name=name, began=began, trouble=trouble)


_TROUBLE = {
    "failed": "the last sync failed",
    "quarantined": "the last answer is held back",
    "dropped": "the last answer was dropped",
}


def ago(passed: timedelta) -> str:
    """A duration in words: "2 minutes ago"."""
    seconds = max(passed.total_seconds(), 0)
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"
