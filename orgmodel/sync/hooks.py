"""What the hooks of sources name: written down when it comes, taken by a sync, cleared once that is applied.

A hint is no fact, and none of this need arrive: the timetable reads every source anyway.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from orgmodel.models import HookDelivery, HookHint, HookState
from orgmodel.sources.hooks import Contents

KNOWN_FOR = timedelta(days=1)
"""How long doubles of a delivery are known; a later one is a further hint, which does no harm."""
SWEEP = 20_000
GATHERING = timedelta(seconds=1)
"""From the first delivery to its sync: what belongs to one change comes in several deliveries."""
BREATH = timedelta(seconds=1)
"""At least, from the end of a sync of what has changed to an early one."""
MOST = 8
"""Syncs of a source in a minute before an early one has to wait: each asks for the log and three lists."""
PAUSE = timedelta(seconds=30)
"""The same from a sync that read everything to an early one; where that sync took longer, so long."""


def accept(source: str, contents: Contents, now: datetime) -> bool:
    """Write down a verified delivery. True where it is the first since a sync began, and one waits now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DELIVERY, [source, contents.key, now])
        fresh = cursor.rowcount == 1
        if fresh and contents.named:
            # In one order, so that no two deliveries wait for each other.
            kinds, natives = zip(*sorted(contents.named), strict=True)
            cursor.execute(_HINTS, [source, now, [*kinds], [*natives]])
        cursor.execute(_ACCEPTED, {"source": source, "now": now, "fresh": fresh})
        (first,) = cursor.fetchone()
    return bool(first)


def refuse(source: str, now: datetime) -> None:
    """Count a delivery that cannot be verified or read; nothing else of it is kept."""
    with connection.cursor() as cursor:
        cursor.execute(_REFUSED, [source, now])


def take(source: str) -> Sequence[HookHint]:
    """What has been named so far; whoever waits for an early sync need not wait any more.

    To be called before the first call of a sync: whatever comes later is for the next one.
    """
    HookState.objects.filter(source=source, waiting_since__isnull=False).update(waiting_since=None)
    return tuple(HookHint.objects.filter(source=source))


def hinted(source: str) -> Sequence[tuple[str, str]]:
    """Kind and native id of what has been named so far."""
    return tuple(HookHint.objects.filter(source=source).values_list("kind", "native_id"))


def clear(hints: Sequence[HookHint]) -> None:
    """They were looked at; inside the transaction of what was read. What was named again meanwhile stays."""
    if hints:
        with connection.cursor() as cursor:
            cursor.execute(_CLEAR, [[each.pk for each in hints], [each.count for each in hints]])


def early_syncs(sources: Collection[str]) -> Mapping[str, datetime]:
    """Those of the sources that are waited for → when an early sync may begin; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _WAITING,
            {
                "gathering": GATHERING.total_seconds(),
                "breath": BREATH.total_seconds(),
                "pause": PAUSE.total_seconds(),
                "others": MOST - 1,
                "sources": [*sources],
            },
        )
        return dict(cursor.fetchall())


def is_awaited(source: str) -> bool:
    """Whether a delivery has come since the last sync of the source began; one query."""
    return HookState.objects.filter(source=source, waiting_since__isnull=False).exists()


def sweep(now: datetime) -> int:
    """Forget old deliveries, a bounded number at a time; how many."""
    old = HookDelivery.objects.filter(received__lt=now - KNOWN_FOR).values("pk")[:SWEEP]
    return HookDelivery.objects.filter(pk__in=old).delete()[0]


_DELIVERY = """
    INSERT INTO orgmodel_hookdelivery (source, key, received) VALUES (%s, %s, %s)
    ON CONFLICT (source, key) DO NOTHING"""
_HINTS = """
    INSERT INTO orgmodel_hookhint AS h (source, received, count, kind, native_id)
    SELECT %s, %s, 1, n.kind, n.native_id FROM unnest(%s::text[], %s::text[]) n (kind, native_id)
    ON CONFLICT (source, kind, native_id) DO UPDATE SET received = excluded.received, count = h.count + 1"""
_ACCEPTED = """
    INSERT INTO orgmodel_hookstate AS s (source, accepted, received, refused, waiting_since)
    VALUES (%(source)s, 1, %(now)s, 0, CASE WHEN %(fresh)s THEN %(now)s::timestamptz END)
    ON CONFLICT (source) DO UPDATE SET accepted = s.accepted + 1, received = excluded.received,
        waiting_since = coalesce(s.waiting_since, excluded.waiting_since)
    RETURNING %(fresh)s AND s.waiting_since = %(now)s"""
_REFUSED = """
    INSERT INTO orgmodel_hookstate AS s (source, accepted, refused, refused_at) VALUES (%s, 0, 1, %s)
    ON CONFLICT (source) DO UPDATE SET refused = s.refused + 1, refused_at = excluded.refused_at"""
# A row that a delivery holds just now is being named again: it stays, and nobody waits for the other.
_CLEAR = """
    DELETE FROM orgmodel_hookhint WHERE id IN (
        SELECT h.id FROM orgmodel_hookhint h
        JOIN unnest(%s::bigint[], %s::bigint[]) t (id, count) ON t.id = h.id AND t.count = h.count
        ORDER BY h.source, h.kind, h.native_id FOR UPDATE OF h SKIP LOCKED)"""
_WAITING = """
    SELECT s.source, greatest(
        s.waiting_since + make_interval(secs => %(gathering)s),
        CASE WHEN r.mode = 'incremental' AND r.outcome IN ('applied', 'unchanged')
             THEN r.finished + make_interval(secs => %(breath)s)
             ELSE r.finished + make_interval(secs => greatest(%(pause)s, r.seconds)) END,
        (SELECT e.finished + interval '1 minute' FROM orgmodel_run e
         WHERE e.source = s.source AND e.finished IS NOT NULL ORDER BY e.id DESC OFFSET %(others)s LIMIT 1))
    FROM orgmodel_hookstate s
    LEFT JOIN LATERAL (
        SELECT r.finished, r.seconds, r.mode, r.outcome FROM orgmodel_run r
        WHERE r.source = s.source AND r.finished IS NOT NULL ORDER BY r.id DESC LIMIT 1) r ON true
    WHERE s.waiting_since IS NOT NULL AND s.source = ANY(%(sources)s) ORDER BY s.source"""
