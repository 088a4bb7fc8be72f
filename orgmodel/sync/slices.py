"""Complete reads that go on in slices: what is still to be read, and when the last one was complete.

A source may give its single lists (members of a group, assignments of an app) a few at a time. Each slice is
a run of its own that covers what it read; what is left stands in rows, so that one that is cut off goes on.
"""

from datetime import datetime

from django.db import connection

from orgmodel.models import PartLeft, Run, SourceCursor
from orgmodel.queries.cursors import BEGUN, WHOLE, complete_read
from orgmodel.reports import Part, Report

from .coverage import Coverage
from .cursors import cursors
from .stage import COVERED

AT_ONCE = 1_000
"""So many parts of each kind are handed to one slice at most."""


def started_before_slices(source: str) -> datetime | None:
    """When the last applied run before a complete read that goes on in slices began; None: none goes on."""
    begun = complete_read(cursors(source)).begun
    if begun is None:
        return None
    before = Run.objects.filter(source=source, started__lt=begun, outcome__in=["applied", "unchanged"])
    return before.order_by("-pk").values_list("started", flat=True).first()


def sources_under_way() -> set[str]:
    """Those of which a complete read goes on in slices; one query."""
    return set(PartLeft.objects.values_list("source", flat=True).distinct())


def left(source: str, at_once: int | None = AT_ONCE) -> tuple[Part, ...]:
    """What is still to be read, in the order to ask in; at most so many of each kind. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, {"source": source, "most": at_once})
        return tuple(Part(*row) for row in cursor.fetchall())


def keep_left(source: str, started: datetime, report: Report, coverage: Coverage) -> None:
    """Write down what is left after a run, inside its transaction; what cannot be read is not asked again."""
    if report.left is not None:
        PartLeft.objects.filter(source=source).delete()
        PartLeft.objects.bulk_create(
            [PartLeft(source=source, **part._asdict()) for part in dict.fromkeys(report.left)],
            batch_size=5_000,
        )
        _note(source, BEGUN, started)
    under_way = complete_read(cursors(source)).begun
    if under_way is None:
        return
    tried = {
        "kinds": [problem.kind for problem in report.problems],
        "owners": [problem.record for problem in report.problems],
    }
    with connection.cursor() as cursor:
        cursor.execute(_READ, {"source": source, "whole": [*coverage.whole, *report.not_visible], **tried})
    if not PartLeft.objects.filter(source=source).exists():
        _note(source, WHOLE, under_way)
        _note(source, BEGUN, None)


def _note(source: str, stream: str, at: datetime | None) -> None:
    SourceCursor.objects.update_or_create(
        source=source, stream=stream, defaults={"value": at.isoformat() if at else ""}
    )


_LEFT = """
    SELECT kind, owner, note FROM (
        SELECT p.*, row_number() OVER (PARTITION BY kind ORDER BY id) AS place
        FROM orgmodel_partleft p WHERE source = %(source)s) x
    WHERE %(most)s::int IS NULL OR place <= %(most)s ORDER BY id"""
_READ = f"""
    DELETE FROM orgmodel_partleft p WHERE p.source = %(source)s AND (
        p.kind = ANY(%(whole)s)
        OR EXISTS (SELECT FROM {COVERED} m
                   WHERE m.kind = p.kind AND m.owner = p.owner AND m.owned_by = 'record')
        OR EXISTS (SELECT FROM unnest(%(kinds)s::text[], %(owners)s::text[]) t (kind, owner)
                   WHERE t.kind = p.kind AND t.owner = p.owner)
        OR EXISTS (SELECT FROM orgmodel_resource r
                   WHERE r.source = p.source AND r.native_id = p.owner AND r.ended IS NOT NULL))"""
