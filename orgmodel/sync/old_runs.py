"""Runs that found nothing new, one a minute: of those that followed changes the last week is kept."""

from datetime import datetime, timedelta

from django.db import connection

KEPT = timedelta(days=7)
AT_ONCE = 5_000


def sweep(now: datetime) -> int:
    """Forget old ones, a bounded number at a time; how many. The newest good run of a source stays."""
    with connection.cursor() as cursor:
        cursor.execute(_SWEEP, {"before": now - KEPT, "most": AT_ONCE})
        return int(cursor.rowcount)


_SWEEP = """
    DELETE FROM orgmodel_run WHERE id IN (
        SELECT r.id FROM orgmodel_run r
        WHERE r.outcome = 'unchanged' AND r.mode = 'incremental' AND NOT r.baseline
          AND r.finished < %(before)s
          AND EXISTS (SELECT FROM orgmodel_run n
                      WHERE n.source = r.source AND n.id > r.id AND n.outcome IN ('applied', 'unchanged'))
          AND NOT EXISTS (SELECT FROM orgmodel_change c WHERE c.run_id = r.id)
        ORDER BY r.id LIMIT %(most)s)"""
