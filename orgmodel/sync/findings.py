"""Findings over time: seen, seen again, gone, back. What humans decided about them is kept."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from orgmodel.conventions import Conventions
from orgmodel.models import Finding
from orgmodel.reconcile import DETECTORS, Context

DECISIONS = {Finding.State.ACKNOWLEDGED, Finding.State.ACCEPTED, Finding.State.OPEN}


def refresh_findings(conventions: Conventions, truth: str, now: datetime, blind: frozenset[str]) -> int:
    """Run every detector that can see what it needs, and bring the findings up to date; how many stand.

    `blind`: kinds of facts that the last reads could not see; what needs them is left as it is.
    """
    context = Context(conventions, truth, now, now.astimezone(conventions.notify.time_zone).date())
    judged, seen = [], []
    for detector in DETECTORS.values():
        if detector.needs & blind:
            continue
        judged.append(detector.name)
        known: set[str] = set()
        for found in detector.find(context):
            fingerprint = detector.fingerprint(found)
            if fingerprint in known:
                continue
            known.add(fingerprint)
            seen.append(
                (
                    fingerprint,
                    detector.name,
                    detector.severity,
                    found.sentence[:2000],
                    list(found.people),
                    list(found.resources),
                    json.dumps(found.evidence),
                    json.dumps([asdict(fix) for fix in found.fix]),
                )
            )
    with transaction.atomic():
        _write(judged, seen, now)
    return len(seen)


def _write(judged: list[str], seen: list[Any], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS seen_finding")
        cursor.execute(
            "CREATE TEMP TABLE seen_finding (fingerprint text, detector text, severity text, sentence text,"
            " people bigint[], resources bigint[], evidence jsonb, fix jsonb) ON COMMIT DROP"
        )
        with cursor.copy("COPY seen_finding FROM STDIN") as copy:
            for row in seen:
                copy.write_row(row)
        cursor.execute(_SEEN, {"now": now})
        cursor.execute(_GONE, {"now": now, "judged": judged})
        cursor.execute(_EXPIRED, {"now": now})


_SEEN = """
    INSERT INTO orgmodel_finding AS f (fingerprint, detector, severity, state, sentence, people, resources,
                                       evidence, fix, first_seen, last_seen, sightings)
    SELECT fingerprint, detector, severity, 'open', sentence, people, resources, evidence, fix,
           %(now)s, %(now)s, 1
    FROM seen_finding
    ON CONFLICT (fingerprint) DO UPDATE SET severity = excluded.severity, sentence = excluded.sentence,
        people = excluded.people, resources = excluded.resources, evidence = excluded.evidence,
        fix = excluded.fix,
        last_seen = %(now)s, resolved_at = NULL,
        sightings = CASE WHEN f.state = 'resolved' THEN 1 ELSE f.sightings + 1 END,
        state = CASE WHEN f.state = 'resolved' THEN 'open' ELSE f.state END"""

_GONE = """
    UPDATE orgmodel_finding f SET state = 'resolved', resolved_at = %(now)s, until = NULL
    WHERE f.state <> 'resolved' AND f.detector = ANY(%(judged)s)
      AND NOT EXISTS (SELECT FROM seen_finding s WHERE s.fingerprint = f.fingerprint)"""

_EXPIRED = """
    UPDATE orgmodel_finding SET state = 'open', until = NULL
    WHERE state IN ('acknowledged', 'accepted') AND until <= %(now)s"""


def decide(fingerprint: str, state: str, until: datetime | None) -> None:
    """What a human says of a finding: acknowledged or accepted until a date, or open again."""
    if state not in DECISIONS:
        raise ValueError("A finding can be acknowledged, accepted or opened again.")
    with transaction.atomic():
        finding = Finding.objects.select_for_update().get(fingerprint=fingerprint)
        if finding.state != Finding.State.RESOLVED:
            finding.state = state
            finding.until = None if state == Finding.State.OPEN else until
            finding.save(update_fields=["state", "until"])
