"""How fresh each source is, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

STALE = timedelta(hours=2)
NAMES = {"okta": "Okta", "hris": "HR", "control": "Units", "slack": "Slack"}


@dataclass(frozen=True)
class Freshness:
    """One source: when it was last read whole, and whether that is too long ago or the last try failed."""

    source: str
    sentence: str
    stale: bool
    applied_at: datetime | None
    url: str = "/sources/"
    name: str = ""
    """What people call the source."""


def freshness(now: datetime) -> tuple[Freshness, ...]:
    """Every source that was ever read; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (r.source) r.source, r.outcome, a.applied_at, r.started
            FROM orgmodel_run r LEFT JOIN LATERAL (
                SELECT coalesce(max(finished), max(applied_at)) AS applied_at FROM orgmodel_run a
                WHERE a.source = r.source AND a.outcome IN ('applied', 'unchanged')
            ) a ON true
            WHERE r.outcome <> 'running' ORDER BY r.source, r.started DESC"""
        )
        rows = cursor.fetchall()
    found = [_one(source, outcome, applied, now) for source, outcome, applied, _ in rows]
    return tuple(
        sorted(found, key=lambda each: list(NAMES).index(each.source) if each.source in NAMES else 9)
    )


def _one(source: str, outcome: str, applied: datetime | None, now: datetime) -> Freshness:
    name = NAMES.get(source, source)
    if applied is None:
        return Freshness(source, f"{name} was never read", True, None, name=name)
    old = now - applied > STALE
    trouble = outcome in {"failed", "quarantined"}
    sentence = f"{name} read {ago(now - applied)}"
    if trouble:
        held = "the last answer is held back" if outcome == "quarantined" else "the last read failed"
        sentence += f"; {held}"
    return Freshness(source, sentence, old or trouble, applied, name=name)


def ago(passed: timedelta) -> str:
    """A duration in words: "2 minutes ago"."""
    seconds = max(passed.total_seconds(), 0)
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"
