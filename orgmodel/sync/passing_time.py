"""What passing time changes by itself, though no source says anything new or can be read at all.

A last day passes, the fifteen minutes of a leaver end, a source grows too old. Looked for every minute: one
query where nothing is due.
"""

import logging
from datetime import date, datetime

from django.db import connection, transaction

from orgmodel.conventions import Conventions
from orgmodel.models import Run
from orgmodel.reconcile.leavers import CLOCK
from orgmodel.sources.registry import names, too_old
from orgmodel.sources.roles import IS_PEOPLE

from . import guard, settled
from .assignments import join_on_first_days
from .changes import counts, write_changes
from .coverage import NOTHING
from .derived import refresh
from .findings import BY_THE_CLOCK, refresh_findings, try_alone
from .merge import MERGE_LOCK
from .moves import gather_moves
from .parameters import MergeParameters
from .people import summarise
from .runs import moment_after_all
from .versions import open_delta

logger = logging.getLogger(__name__)
CALENDAR = "calendar"
"""Stands in place of a source at a run that nothing was read for."""


def pass_time(conventions: Conventions, truth: str, now: datetime) -> bool:
    """Let what is due by the clock happen; whether anything was. A sync or refresh that runs does the same,
    so nothing is waited for: what is still due afterwards is seen a minute later.
    """
    today = now.astimezone(conventions.notify.time_zone).date()
    leaving, findings = _due(today, now)
    if not (leaving or findings):
        return False
    with transaction.atomic():
        if not (_merging_alone() and try_alone()):
            return False
        if leaving:
            _end_employments(conventions, truth, today, now)
        refresh_findings(conventions, truth, now, frozenset(), BY_THE_CLOCK)
    return True


def _due(today: date, now: datetime) -> tuple[bool, bool]:
    """Whether somebody's last day has passed unnoticed, and whether findings follow from the hour alone."""
    known = names()
    with connection.cursor() as cursor:
        cursor.execute(
            _DUE,
            {
                "today": today,
                "left": now - CLOCK,
                "sources": [*known],
                "oldest": [now - too_old(name) for name in known],
            },
        )
        leaving, overdue, stale = cursor.fetchone()
    return leaving, overdue or stale


def _merging_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [MERGE_LOCK])
        return bool(cursor.fetchone()[0])


def _end_employments(conventions: Conventions, truth: str, today: date, now: datetime) -> None:
    """Whoever's last day has passed has left, by a run that read nothing; unless too many would at once."""
    try:
        with transaction.atomic():
            _merge_day(conventions, truth, today, now)
    except guard.Implausible as why:
        # The next sync finds the same, is held back for it, and asks the admins.
        logger.warning("last days that have passed are not believed: %s", why)


def _merge_day(conventions: Conventions, truth: str, today: date, now: datetime) -> None:
    moment = moment_after_all(now)
    run = Run.objects.create(
        source=CALENDAR,
        mode=CALENDAR,
        outcome=Run.Outcome.PASSED,
        started=now,
        finished=now,
        applied_at=moment,
    )
    last = Run.objects.filter(outcome__in=[Run.Outcome.APPLIED, Run.Outcome.UNCHANGED]).latest("pk")
    parameters = MergeParameters(
        run=run.pk,
        # A case waits until this source confirms it: the one that can be read.
        source=last.source,
        now=moment,
        today=today,
        since=moment,
        recent=moment,
        baseline=False,
        seen=(),
        automation=(),
    )
    open_delta()
    summarise(parameters)
    join_on_first_days(parameters)
    found = counts()
    guard.refuse(guard.of_merge(found, (), conventions.shrink_share, parameters, NOTHING), 0, None)
    write_changes(parameters)
    gather_moves(conventions, truth, parameters)
    refresh()
    Run.objects.filter(pk=run.pk).update(counts=found)
    settled.note("", wrote=True)
    logger.info(
        "run %s: the last days of %d people have passed", run.pk, sum(found.get("person", {}).values())
    )


# The person says what their record says, so the next summary ends them; a finding that is overdue says so
# from its next look on. By order and limit, since statistics do not know that whose end has passed has ended.
_DUE = f"""
    SELECT EXISTS (
        SELECT FROM (
            SELECT c.id, c.end_date FROM orgmodel_person c
            WHERE c.status <> 'ended' AND c.end_date <= %(today)s ORDER BY c.end_date LIMIT 1000) c
        WHERE EXISTS (
            SELECT FROM orgmodel_account a
            WHERE a.person_id = c.id AND a.source {IS_PEOPLE} AND a.end_date = c.end_date)),
    EXISTS (
        SELECT FROM orgmodel_finding f
        WHERE f.detector = 'leaver-active' AND f.state <> 'resolved'
          AND f.evidence @> '{{"overdue": false}}' AND (f.evidence ->> 'since')::timestamptz <= %(left)s),
    EXISTS (
        SELECT FROM unnest(%(sources)s::text[], %(oldest)s::timestamptz[]) s (source, oldest)
        JOIN LATERAL (
            SELECT r.source, r.applied_at FROM orgmodel_run r
            WHERE r.source >= s.source AND r.outcome IN ('applied', 'unchanged')
            ORDER BY r.source, r.id DESC LIMIT 1) r ON r.source = s.source AND r.applied_at < s.oldest
        WHERE NOT EXISTS (
            SELECT FROM orgmodel_finding f
            WHERE f.detector = 'stale-source' AND f.state <> 'resolved'
              AND f.evidence ->> 'source' = s.source))"""
