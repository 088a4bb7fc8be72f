"""How far each source has been read: what is as fresh as the last sync, what has still to be read, and what a
day of syncs came to.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

from orgmodel.queries.cursors import CompleteRead, complete_read, cursors_of
from orgmodel.queries.rows import json_value

DAY = timedelta(days=1)
MOST_A_DAY = 2_000
"""Runs of one source that are looked at: more than one a minute is none of the timetable."""
HOUR = 60
"""Minutes."""
TOO_EARLY = timedelta(minutes=1)
"""Before that, nothing can be told from the pace of a read."""


@dataclass(frozen=True)
class Day:
    """The syncs of the last 24 hours, of one source."""

    syncs: int = 0
    quiet: int = 0
    """Found nothing new."""
    bad: int = 0
    """Failed, were held back or dropped."""
    calls: int = 0


@dataclass(frozen=True)
class Progress:
    """How far one source has been read as a whole, and what its last day came to."""

    read: CompleteRead = field(default_factory=CompleteRead)
    done: int = 0
    of: int = 0
    """Groups and apps of which everything was read, of all."""
    left: Mapping[str, int] = field(default_factory=dict)
    """Kind of fact → how many lists of it are still to be read."""
    day: Day = Day()
    cursors: Mapping[str, str] = field(default_factory=dict)

    @property
    def percent(self) -> int:
        """Of groups and apps, rounded down: 100 is reached at the end only."""
        return 100 * self.done // self.of if self.of else 0

    def minutes_left(self, now: datetime) -> int | None:
        """At the pace so far, which the budget sets; None where it cannot be told yet."""
        begun = self.read.begun
        if begun is None or not self.done or now - begun < TOO_EARLY:
            return None
        passed = (now - begun).total_seconds() / 60
        return max(1, round(passed * (self.of - self.done) / self.done))

    def sentence(self, now: datetime) -> str:
        """How far a complete read is, and how long it still takes; empty where none goes on."""
        if self.read.begun is None:
            return ""
        minutes = self.minutes_left(now)
        about = "" if minutes is None else f", about {_minutes(minutes)} left at this budget"
        return f"Complete read: {self.percent} % of groups and apps{about}."


def progress(sources: Iterable[str], now: datetime) -> dict[str, Progress]:
    """By source; two queries."""
    known = cursors_of(sources)
    reads = {source: complete_read(cursors) for source, cursors in known.items()}
    under_way = [source for source, read in reads.items() if read.begun is not None]
    with connection.cursor() as cursor:
        cursor.execute(
            _PROGRESS,
            {"sources": [*known], "under_way": under_way, "since": now - DAY, "most": MOST_A_DAY},
        )
        return {
            source: Progress(
                read=reads[source],
                done=of - waiting,
                of=of,
                left=json_value(left) or {},
                day=Day(*day),
                cursors=known[source],
            )
            for source, of, waiting, left, *day in cursor.fetchall()
        }


def _minutes(count: int) -> str:
    if count >= 2 * HOUR:
        return f"{round(count / HOUR)} hours"
    return "1 minute" if count == 1 else f"{count} minutes"


_PROGRESS = """
    SELECT s.source, coalesce(p.of, 0), coalesce(p.waiting, 0), p.kinds,
           d.syncs, d.quiet, d.bad, d.calls
    FROM unnest(%(sources)s::text[]) s (source)
    LEFT JOIN LATERAL (
        SELECT (SELECT count(*) FROM orgmodel_resource r
                WHERE r.source = s.source AND r.ended IS NULL) AS of,
               (SELECT count(DISTINCT x.owner) FROM orgmodel_partleft x
                JOIN orgmodel_resource r ON r.source = x.source AND r.native_id = x.owner AND r.ended IS NULL
                WHERE x.source = s.source) AS waiting,
               (SELECT jsonb_object_agg(k.kind, k.lists) FROM (
                    SELECT x.kind, count(*) AS lists FROM orgmodel_partleft x
                    WHERE x.source = s.source GROUP BY 1) k) AS kinds
    ) p ON s.source = ANY(%(under_way)s)
    CROSS JOIN LATERAL (
        SELECT count(*) AS syncs, count(*) FILTER (WHERE r.outcome = 'unchanged') AS quiet,
               count(*) FILTER (WHERE r.outcome IN ('failed', 'quarantined', 'dropped')) AS bad,
               coalesce(sum(r.calls), 0) AS calls
        FROM (SELECT r.outcome, r.calls, r.started FROM orgmodel_run r
              WHERE r.source = s.source ORDER BY r.source, r.id DESC LIMIT %(most)s) r
        WHERE r.started > %(since)s AND r.outcome <> 'running') d"""
