"""Sources that have not been synced for long: what pages say about them is old."""

from collections.abc import Iterable

from orgmodel.sources.registry import too_old

from .detectors import Context, Fix, Found, detector, rows


@detector("stale-source", "Source that was not read for long", "high", sources=())
def stale(context: Context) -> Iterable[Found]:
    """Sources whose last good read is older than they may be."""
    found = rows(
        """
        SELECT DISTINCT ON (r.source) r.source, r.applied_at, (
            SELECT x.outcome FROM orgmodel_run x WHERE x.source = r.source ORDER BY x.id DESC LIMIT 1)
        FROM orgmodel_run r WHERE r.outcome IN ('applied', 'unchanged')
        ORDER BY r.source, r.id DESC""",
    )
    for source, applied, outcome in found:
        if context.now - applied > too_old(source):
            failed = f"; its last run is {outcome}" if outcome not in {"applied", "unchanged"} else ""
            day = applied.astimezone(context.conventions.notify.time_zone).date()
            yield Found(
                (source,),
                f"The source {source} was last read on {day}{failed}.",
                evidence={"source": source, "applied": applied.isoformat(), "last_outcome": outcome},
                fix=(Fix("console", f"manage.py doctor, then manage.py sync {source}"),),
            )
