"""Numbers without names, for a monitor."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True)
class LastRun:
    """A source's newest finished run, and when the newest believed one was applied."""

    source: str
    applied_at: datetime | None
    outcome: str
    seconds: float
    calls: int


@dataclass(frozen=True)
class Numbers:
    """How much there is of what now. `findings`: by severity, of those that are open."""

    people: int
    groups: int
    apps: int
    findings: dict[str, int]
    runs: tuple[LastRun, ...]


def numbers() -> Numbers:
    """Everything that is counted; three queries."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT count(*) FROM orgmodel_person WHERE ended IS NULL AND status <> 'ended'),
                   (SELECT count(*) FROM orgmodel_resource WHERE ended IS NULL AND kind = 'group'),
                   (SELECT count(*) FROM orgmodel_resource WHERE ended IS NULL AND kind = 'app')"""
        )
        people, groups, apps = cursor.fetchone()
        cursor.execute(
            """
            SELECT s.severity, count(f.id) FROM unnest(ARRAY['high', 'medium', 'low']) s (severity)
            LEFT JOIN orgmodel_finding f ON f.severity = s.severity AND f.state = 'open'
            GROUP BY 1 ORDER BY 1"""
        )
        findings = dict(cursor.fetchall())
    return Numbers(people, groups, apps, findings, last_runs())


def last_runs() -> tuple[LastRun, ...]:
    """Per source the newest run that ended, by source; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (r.source) r.source, (
                SELECT max(greatest(a.applied_at, a.finished)) FROM orgmodel_run a
                WHERE a.source = r.source AND a.outcome IN ('applied', 'unchanged')
            ), r.outcome, r.seconds, r.calls
            FROM orgmodel_run r WHERE r.outcome NOT IN ('running', 'passed') ORDER BY r.source, r.id DESC"""
        )
        return tuple(LastRun(*row) for row in cursor.fetchall())
