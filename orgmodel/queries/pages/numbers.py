"""Numbers without names, for a monitor."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from orgmodel.sources import registry


@dataclass(frozen=True)
class LastRun:
    """A source's newest finished run, and when the newest believed one was applied."""

    source: str
    applied_at: datetime | None
    outcome: str
    seconds: float
    calls: int
    problems: int
    held: bool
    """Its answer waits for an admin."""
    not_visible: tuple[str, ...]
    """Kinds of facts that it was not allowed to read."""


@dataclass(frozen=True)
class Numbers:
    """How much there is of what now. `findings`: by severity, of those that are open."""

    people: int
    groups: int
    apps: int
    findings: dict[str, int]
    leavers: int
    runs: tuple[LastRun, ...]


def numbers() -> Numbers:
    """Everything that is counted; three queries."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT count(*) FROM orgmodel_person WHERE ended IS NULL AND status <> 'ended'),
                   (SELECT count(*) FROM orgmodel_resource WHERE ended IS NULL AND kind = 'group'),
                   (SELECT count(*) FROM orgmodel_resource WHERE ended IS NULL AND kind = 'app'),
                   (SELECT count(*) FROM orgmodel_finding
                    WHERE detector = 'leaver-active' AND state <> 'resolved')"""
        )
        people, groups, apps, leavers = cursor.fetchone()
        cursor.execute(
            """
            SELECT s.severity, count(f.id) FROM unnest(ARRAY['high', 'medium', 'low']) s (severity)
            LEFT JOIN orgmodel_finding f ON f.severity = s.severity AND f.state = 'open'
            GROUP BY 1 ORDER BY 1"""
        )
        findings = dict(cursor.fetchall())
    return Numbers(people, groups, apps, findings, leavers, last_runs())


def last_runs() -> tuple[LastRun, ...]:
    """Per source the newest run that ended, by source; one query."""
    with connection.cursor() as cursor:
        # Ordered by source first, so that only the index of a source's runs will do: runs are many.
        cursor.execute(
            """
            SELECT r.source, (
                SELECT CASE WHEN a.source = s.source THEN greatest(a.applied_at, a.finished) END
                FROM orgmodel_run a
                WHERE a.source >= s.source AND a.outcome IN ('applied', 'unchanged')
                ORDER BY a.source, a.id DESC LIMIT 1
            ), r.outcome, r.seconds, r.calls, jsonb_array_length(r.problems),
                r.outcome = 'quarantined' AND r.released IS NULL,
                ARRAY(SELECT jsonb_object_keys(r.not_visible) ORDER BY 1)
            FROM unnest(%s::text[]) s (source) JOIN LATERAL (
                SELECT * FROM orgmodel_run r
                WHERE r.source >= s.source AND r.outcome NOT IN ('running', 'passed')
                ORDER BY r.source, r.id DESC LIMIT 1) r ON r.source = s.source
            ORDER BY r.source""",
            [[*registry.names()]],
        )
        rows = cursor.fetchall()
    return tuple(
        LastRun(source, applied, outcome, took, calls, problems, held, tuple(kinds))
        for source, applied, outcome, took, calls, problems, held, kinds in rows
    )
