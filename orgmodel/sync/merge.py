"""The merge: one transaction that brings the read model in line with the staged answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from orgmodel.conventions import Conventions
from orgmodel.kinds import KINDS
from orgmodel.models import HookHint, Run
from orgmodel.reports import Report

from . import graph, settled
from .access_accounts import keep_app_accounts
from .assignments import assign
from .causes import find_causes
from .changes import counts, write_changes
from .coverage import Coverage, place
from .cursors import keep_cursors
from .derived import refresh
from .entities import merge_accounts, merge_resources, merge_rules, note_unread
from .handovers import say_who_decided
from .hooks import clear
from .late_causes import find_late_causes
from .moves import gather_moves
from .parameters import MergeParameters, a_little_before
from .people import draw_manager_lines, join_people
from .pg_statistics import give_room, measure_again, measure_grown
from .planned import PLANNED, PLANNED_BY
from .slices import keep_left, started_before_slices
from .units import derive_units, merge_stated_units
from .versions import merge, open_delta

MERGE_LOCK = 0x5160_7117
FOLLOWED = ("unit", "assignment", "planned")
"""Kinds of facts that are merged together with what follows from others."""
Noted = Mapping[str, Mapping[str, int]]
"""Kind → verb → rows that a merge began, ended or changed."""


@dataclass(frozen=True)
class Merging:
    """What one merge needs to know."""

    run: Run
    now: datetime
    today: date
    since: datetime
    """When the source was last applied: what the log says after it may be a cause."""
    baseline: bool
    coverage: Coverage
    given: frozenset[str]
    """Kinds of which there are facts in the answer."""
    report: Report
    truth: str
    """The source that speaks for people."""
    conventions: Conventions
    hints: Sequence[HookHint] = ()
    """What the source's hook had named, and the run has looked at."""

    def speaks_of(self, kind: str) -> bool:
        """The answer gives facts of the kind, or says that there are none."""
        return kind in self.given or kind in self.coverage


def apply(
    merging: Merging, judge: Callable[[Noted, MergeParameters], None], *, preview: bool = False
) -> None:
    """Merge the staged answer whole or not at all, and say so in the run's row in the same transaction.

    `judge` is asked once it is known what would end, with the parameters of the merge's SQL; what it
    raises undoes the merge.
    """
    run = merging.run
    with transaction.atomic():
        found = _merge(merging, judge)
        for kind, verbs in found.items():
            run.counts.setdefault(kind, {}).update(verbs)
        run.outcome = Run.Outcome.APPLIED if found else Run.Outcome.UNCHANGED
        run.save()
        keep_cursors(run.source, merging.report.cursors)
        keep_left(run.source, run.started, merging.report, merging.coverage)
        clear(merging.hints)
        transaction.set_rollback(preview)


def _merge(merging: Merging, judge: Callable[[Noted, MergeParameters], None]) -> dict[str, dict[str, int]]:
    before = started_before_slices(merging.run.source)
    parameters = MergeParameters(
        run=merging.run.pk,
        source=merging.run.source,
        now=merging.now,
        today=merging.today,
        since=a_little_before(merging.since),
        recent=merging.now - timedelta(days=3),
        baseline=merging.baseline,
        seen=tuple(sorted(merging.coverage.whole)),
        automation=tuple(merging.conventions.automation_actors),
        slices=before and a_little_before(before),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MERGE_LOCK])
    give_room()
    open_delta()
    place(merging.run.source)
    writes = settled.Writes()
    basis = settled.basis(merging.conventions, merging.truth, merging.today)
    proven = settled.standing()[0] == basis and not any(map(merging.speaks_of, FOLLOWED))
    if merging.speaks_of("account"):
        merge_accounts(parameters, merging.coverage)
        merge(graph.ATTRIBUTE, parameters, merging.coverage)
    if not proven or writes.any():
        measure_grown()
        join_people(parameters)
    _facts_of_source(merging, parameters)
    if not proven or writes.any():
        _what_follows(merging, parameters)
    found = counts()
    judge(found, parameters)
    if found:
        measure_grown()
        measure_again("delta")
        write_changes(parameters)
        find_causes(parameters)
        say_who_decided(parameters)
        if not merging.baseline:
            gather_moves(merging.conventions, merging.truth, parameters)
        refresh()
    if merging.speaks_of("grant") or merging.speaks_of("event"):
        find_late_causes(parameters)
    settled.note(basis, wrote=writes.any())
    return found


def _what_follows(merging: Merging, parameters: MergeParameters) -> None:
    measure_grown()
    if merging.speaks_of("unit"):
        merge_stated_units(parameters, merging.coverage)
    derive_units(merging.conventions, parameters)
    draw_manager_lines(parameters)
    assign(parameters, merging.coverage, stated=merging.speaks_of("assignment"))
    if any(merging.speaks_of(kind) for kind in (PLANNED.kind, *PLANNED_BY)):
        merge(PLANNED, parameters, merging.coverage)


def _facts_of_source(merging: Merging, parameters: MergeParameters) -> None:
    coverage = merging.coverage
    if merging.speaks_of("resource"):
        merge_resources(parameters, coverage)
    if merging.speaks_of("rule"):
        merge_rules(parameters, coverage)
    for fact in (graph.RULE, graph.PROFILE, graph.EDGE, graph.SEAT, graph.PUSH, graph.OWNER):
        if merging.speaks_of(fact.kind):
            merge(fact, parameters, coverage)
    if merging.speaks_of("seat"):
        keep_app_accounts(parameters)
    if merging.speaks_of("event"):
        _store_events()
    if merging.speaks_of("grant") or merging.speaks_of("seat"):
        merge(graph.GRANT, parameters, coverage)
    if any(merging.speaks_of(kind.name) for kind in KINDS if kind.listed):
        note_unread(parameters)


def _store_events() -> None:
    names = (
        "uuid, published, type, actor_type, actor_id, actor_name, transaction_type, transaction_id,"
        ' token_id, rule, account, "group", app, changed'
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO orgmodel_logevent ({names}) SELECT {names} FROM stage_event"
            " ORDER BY ctid ON CONFLICT (uuid) DO NOTHING"  # as they stand in the log
        )
