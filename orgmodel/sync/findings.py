"""Findings over time: seen, seen again, gone, back. What people decided about them is kept."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from django.db import connection, transaction

from orgmodel.conventions import Conventions
from orgmodel.models import Look, Resource, Run
from orgmodel.reconcile import DETECTORS, Context, Detector

from . import settled
from .pg_statistics import measure_grown
from .rule_snapshot import judge
from .slices import sources_under_way

Row = tuple[Any, ...]
MOST_UNREAD = 10_000
BY_THE_CLOCK = frozenset({"leaver-active", "leaver-seats", "stale-source"})
"""The detectors whose findings begin or worsen by time alone."""
NEVER_THE_SAME = BY_THE_CLOCK | {"kept-after-move"}
"""Those, and one that looks at what becomes of cases: they look even where no fact was written since."""


def refresh_findings(
    conventions: Conventions,
    truth: str,
    now: datetime,
    uncovered: frozenset[str],
    only: Collection[str] = DETECTORS.keys(),
) -> int:
    """Run every detector that can see what it needs, and bring the findings up to date; how many stand.

    `uncovered`: kinds of facts that this read could not see; those of the last applied runs are added.
    `only`: names of detectors; of others, nothing is found or resolved. A detector that lacks a kind, or a
    source never applied, is not asked, and its findings stay as they are.
    """
    last = _last_runs()
    applied = {source: run.applied_at for source, run in last.items() if run.applied_at}
    hidden = uncovered.union(*(run.not_visible for run in last.values()))
    # Where a year is played, the runs of one moment stand a little after it; nothing is seen before its run.
    now = max(now, *applied.values()) if applied else now
    today = now.astimezone(conventions.notify.time_zone).date()
    context = Context(conventions, truth, now, today, cache(partial(judge, today)))
    judging = [
        each for name, each in DETECTORS.items() if name in only and each.can_judge(truth, hidden, applied)
    ]
    with transaction.atomic():
        _wait_alone()
        measure_grown()
        seen: dict[str, Row] = {}
        read, bases = {}, {}
        # Read before the facts: what is written meanwhile is looked at again the next time.
        writes, unread = str(settled.standing()[1]), _unread()
        known = dict(Look.objects.values_list("detector", "basis"))
        ground = settled.basis(conventions, truth, today)
        for detector in judging:
            read[detector.name] = max((applied[source] for source in detector.reads(truth)), default=now)
            dark = unread.get(detector.name, frozenset())
            basis = settled.digest(ground, writes, repr(sorted(dark)))
            bases[detector.name] = "" if detector.name in NEVER_THE_SAME else basis
            if known.get(detector.name) == basis:
                continue
            for fingerprint, row in _found(detector, context, dark):
                seen.setdefault(fingerprint, row)
        same = [name for name, basis in bases.items() if basis and known.get(name) == basis]
        return _write(_Looked(read, bases, same), list(seen.values()), now, unread)


def try_alone() -> bool:
    """Whether nobody else refreshes the findings; then nobody does until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({_LOCK})")
        return bool(cursor.fetchone()[0])


def _wait_alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")


_LOCK = "hashtext('sightline-findings')"


def _last_runs() -> dict[str, Run]:
    """Of each source that was read whole at least once: what is not read yet is not missing."""
    runs = Run.objects.filter(outcome__in=[Run.Outcome.APPLIED, Run.Outcome.UNCHANGED])
    newest = list(runs.order_by("source", "-applied_at").distinct("source"))
    begun = sources_under_way() if any(run.baseline for run in newest) else set()
    return {run.source: run for run in newest if not (run.baseline and run.source in begun)}


def _unread() -> dict[str, frozenset[int]]:
    """Detector → groups and apps of which it cannot see what it needs: neither found nor resolved."""
    found = list(Resource.objects.exclude(unread=[]).values_list("pk", "unread")[:MOST_UNREAD])
    return {
        detector.name: frozenset(pk for pk, kinds in found if detector.needs.intersection(kinds))
        for detector in (DETECTORS.values() if found else ())
    }


def _found(detector: Detector, context: Context, dark: frozenset[int]) -> Iterator[tuple[str, Row]]:
    for found in detector.find(context):
        if not dark.isdisjoint(found.resources):
            continue
        fingerprint = detector.fingerprint(found)
        yield (
            fingerprint,
            (
                fingerprint,
                detector.name,
                found.severity or detector.severity,
                found.sentence[:2000],
                list(found.people),
                list(found.resources),
                json.dumps(found.evidence),
                json.dumps([asdict(fix) for fix in found.fix]),
            ),
        )


@dataclass(frozen=True)
class _Looked:
    """The detectors that looked: each with the newest read, and with a digest of all, that it looked at."""

    read: Mapping[str, datetime]
    bases: Mapping[str, str]
    same: Sequence[str]
    """Those that need not look again: what they found stands."""


def _write(looked: _Looked, seen: list[Row], now: datetime, unread: Mapping[str, Collection[int]]) -> int:
    """How many findings stand."""
    judged = [*looked.read]
    dark = json.dumps({name: sorted(resources) for name, resources in unread.items() if resources})
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS seen_finding")
        cursor.execute(
            "CREATE TEMP TABLE seen_finding (fingerprint text, detector text, severity text, sentence text,"
            " people bigint[], resources bigint[], evidence jsonb, fix jsonb) ON COMMIT DROP"
        )
        with cursor.copy("COPY seen_finding FROM STDIN") as copy:
            for row in seen:
                copy.write_row(row)
        cursor.execute(_SAME, {"same": [*looked.same], "dark": dark})
        stand = len(seen) + int(cursor.rowcount)
        cursor.execute("ANALYZE seen_finding")
        # What is gone was seen at the look before this one, so it is asked for first.
        cursor.execute(_GONE, {"now": now, "judged": judged, "known": list(DETECTORS), "dark": dark})
        cursor.execute(
            _LOOKED,
            {
                "now": now,
                "judged": judged,
                "read": [*looked.read.values()],
                "bases": [looked.bases[name] for name in judged],
            },
        )
        cursor.execute(_SEEN, {"now": now})
        cursor.execute(_EXPIRED, {"now": now})
    return stand


# A newer read of a source that the detector compares counts; looking again at the same facts does not.
_LOOKED = """
    INSERT INTO orgmodel_look AS k (detector, at, reads, basis)
    SELECT detector, %(now)s, 1, basis FROM unnest(%(judged)s::text[], %(bases)s::text[]) d (detector, basis)
    ON CONFLICT (detector) DO UPDATE SET at = excluded.at, basis = excluded.basis, reads = k.reads + (
        SELECT (j.read > k.at)::int
        FROM unnest(%(judged)s::text[], %(read)s::timestamptz[]) j (detector, read)
        WHERE j.detector = k.detector)"""

# A finding that stands as it stood is not written: a look of its detector tells when it was seen, and how
# often. Its second sighting is, once, since it may alert from then on. The owner is the first owner of the
# first owned group it is about, until a human says whose it is.
_SEEN = """
    INSERT INTO orgmodel_finding AS f (fingerprint, detector, severity, state, sentence, people, resources,
                                       evidence, fix, owner_id, first_seen, last_seen, sightings, reads)
    SELECT s.fingerprint, s.detector, s.severity, 'open', s.sentence, s.people, s.resources, s.evidence,
           s.fix,
           (SELECT a.person_id FROM orgmodel_owner w JOIN orgmodel_account a ON a.id = w.account_id
            WHERE w.group_id = ANY(s.resources) AND w.ended IS NULL AND a.person_id IS NOT NULL
            ORDER BY array_position(s.resources, w.group_id), w.id LIMIT 1),
           %(now)s, %(now)s,
           CASE WHEN coalesce(o.state, 'resolved') = 'resolved' THEN 1
                ELSE o.sightings + k.reads - o.reads END, k.reads
    FROM seen_finding s JOIN orgmodel_look k ON k.detector = s.detector
    LEFT JOIN orgmodel_finding o ON o.fingerprint = s.fingerprint
    ON CONFLICT (fingerprint) DO UPDATE SET severity = excluded.severity, sentence = excluded.sentence,
        people = excluded.people, resources = excluded.resources, evidence = excluded.evidence,
        fix = excluded.fix, owner_id = coalesce(f.owner_id, excluded.owner_id), last_seen = %(now)s,
        resolved_at = NULL, sightings = excluded.sightings, reads = excluded.reads,
        state = CASE WHEN f.state = 'resolved' THEN 'open' ELSE f.state END
    WHERE f.state = 'resolved' OR f.sightings = 1 AND excluded.sightings > 1
       OR (f.severity, f.sentence, f.people, f.resources, f.evidence, f.fix,
           coalesce(f.owner_id, excluded.owner_id))
          IS DISTINCT FROM
          (excluded.severity, excluded.sentence, excluded.people, excluded.resources, excluded.evidence,
           excluded.fix, f.owner_id)"""

_DARK = """EXISTS (
        SELECT FROM jsonb_array_elements(%(dark)s::jsonb -> f.detector) d
        WHERE d::bigint = ANY(f.resources))"""
_SAME = f"""
    INSERT INTO seen_finding
    SELECT fingerprint, detector, severity, sentence, people, resources, evidence, fix FROM orgmodel_finding f
    WHERE f.state <> 'resolved' AND f.detector = ANY(%(same)s) AND NOT {_DARK}"""

# What a detector found that is no longer there is gone with it.
_GONE = f"""
    UPDATE orgmodel_finding f SET state = 'resolved', resolved_at = %(now)s, until = NULL, alerted = NULL,
        last_seen = coalesce((SELECT k.at FROM orgmodel_look k WHERE k.detector = f.detector), f.last_seen),
        sightings = f.sightings + coalesce((
            SELECT k.reads - f.reads FROM orgmodel_look k WHERE k.detector = f.detector), 0)
    WHERE f.state <> 'resolved' AND (f.detector = ANY(%(judged)s) OR f.detector <> ALL(%(known)s))
      AND NOT EXISTS (SELECT FROM seen_finding s WHERE s.fingerprint = f.fingerprint)
      AND NOT {_DARK}"""

_EXPIRED = """
    UPDATE orgmodel_finding SET state = 'open', until = NULL
    WHERE state IN ('acknowledged', 'accepted') AND until <= %(now)s"""
