"""Whether the facts of a message may have changed since it was composed: one query for a whole batch."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection

from .models import Outbox

SHARED = ("edge", "resource", "rule", "link", "unit", "grant")
"""Kinds of change that belong to no person and may still change what somebody has, or how it is told."""

_SHARED_SINCE = """
SELECT coalesce(max(id), 0) FROM orgmodel_change WHERE id > %s AND person_id IS NULL AND kind = ANY(%s)
"""
_CHANGED = """
SELECT o.id FROM notifier_outbox o JOIN orgmodel_move m ON m.id = o.move_id
WHERE o.id = ANY(%(ids)s) AND (
    o.facts_to < %(shared)s
    OR EXISTS (SELECT FROM orgmodel_change c WHERE c.person_id = m.person_id AND c.id > o.facts_to)
    OR EXISTS (SELECT FROM orgmodel_change c WHERE c.person_id = o.recipient_id AND c.id > o.facts_to)
    OR (o.visibility <> '' AND o.visibility <> %(stamp)s))
"""


def changed(rows: Sequence[Outbox], stamp: str) -> frozenset[UUID]:
    """Messages about a move of whose facts something may have changed since they were composed.

    Changes are counted by number, not by time: a clock that jumps hides nothing. `stamp`: of the
    visibility settings as they are now.
    """
    about_moves = [row for row in rows if row.move_id is not None]
    if not about_moves:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(_SHARED_SINCE, [min(row.facts_to for row in about_moves), list(SHARED)])
        (shared,) = cursor.fetchone()
        cursor.execute(_CHANGED, {"ids": [row.pk for row in about_moves], "shared": shared, "stamp": stamp})
        return frozenset(pk for (pk,) in cursor.fetchall())


def noted(ids: Iterable[UUID], facts_to: int, stamp: str) -> None:
    """These were compared with the facts up to here and still hold."""
    Outbox.objects.filter(pk__in=list(ids)).update(facts_to=facts_to, visibility=stamp)
