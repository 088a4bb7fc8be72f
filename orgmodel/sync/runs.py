"""The life of a run: read → stage → guard → merge, all or nothing, and a row that says how it went."""

import logging
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.utils import timezone

from orgmodel.conventions import Conventions
from orgmodel.models import HookHint, Run
from orgmodel.queries.cursors import complete_read
from orgmodel.reports import Reader, SourceFailed, WholeReadNeeded
from orgmodel.sources.registry import named
from orgmodel.sources.roles import HR

from . import guard
from .concurrent_jobs import join_concurrent_jobs
from .coverage import Coverage, read_coverage
from .cursors import cursors
from .disbelieved import set_aside
from .handovers import BEFORE_THE_RUN
from .hooks import take
from .merge import Merging, Noted, apply
from .not_seen import keep_what_is_not_seen
from .parameters import MergeParameters
from .stage import analyze, close_stage, open_stage, stage
from .unknown_references import of_strangers, refuse_strangers, unanswered
from .withheld import would_do

logger = logging.getLogger(__name__)
CUT_OFF = "The run was cut off; nothing was applied."
LOST = "The connection to the database was lost in the middle of the sync; nothing was applied. Sync again."


@dataclass(frozen=True)
class SyncOutcome:
    """What one run came to, as `sync --json` prints it."""

    source: str
    mode: str
    outcome: str
    calls: int
    counts: dict[str, dict[str, int]]
    problems: list[dict[str, Any]]
    seconds: float
    reason: str = ""
    not_visible: dict[str, str] = field(default_factory=dict)


def read_and_apply(
    reader: Reader,
    conventions: Conventions,
    truth: str,
    *,
    now: datetime | None = None,
    preview: bool = False,
    instead: Callable[[bool], Reader] | None = None,
) -> SyncOutcome:
    """One read of one source. `now` stands in for the clock where a year is played in minutes.

    `instead`: the reader of everything, for when what has changed cannot be told; True: in one piece, since
    what looks implausible can be judged only beside the whole.
    """
    run = _start(reader.source, now or timezone.now())
    if run is None:
        return SyncOutcome(
            reader.source, "full", "failed", 0, {}, [], 0, "Another sync of this source is running."
        )
    clock, unsure = time.monotonic(), False
    try:
        _require_known(run.source)
        # Before the first call: what is named while the source is read may have been passed already.
        hints = () if preview else take(run.source)
        open_stage()
        seen = stage(reader.batches())
        if reader.source in HR:
            join_concurrent_jobs(kind.attribute for kind in conventions.unit_kinds if kind.attribute)
        disbelieved, kept = set_aside(run.source)
        stage([kept])
        reader.report.problems.extend(disbelieved)
        reader.report.problems.extend([*unanswered(reader.report.unknown), *of_strangers(run.source)])
        _finish_reading(run, reader, clock)
        analyze()
        refuse_strangers()
        _judge_and_apply(run, reader, seen, conventions, truth, now=now, preview=preview, hints=hints)
    except SourceFailed as failure:
        _finish_reading(run, reader, clock)
        _fail(run, str(failure))
        unsure = isinstance(failure, WholeReadNeeded)
    except (DatabaseError, InterfaceError) as failure:
        _fail(run, _refusal(failure))
        _log(run, failure, traced=run.reason != LOST)
    except Exception as failure:  # noqa: BLE001  # whatever it was, the run's row says that it failed
        _fail(run, f"The sync stopped on an error ({type(failure).__name__}); nothing was applied.")
        _log(run, failure)
    except BaseException:
        # Its time is over, or somebody ends it. In the middle of a statement the row stays for the next run.
        _fail(run, CUT_OFF)
        with suppress(DatabaseError, InterfaceError):
            _end(run, clock, preview=preview)
        raise
    finally:
        # A lost connection takes its staging tables and locks along; a new one closes the run.
        if connection.errors_occurred and not connection.in_atomic_block and not connection.is_usable():
            connection.close()
        if not connection.needs_rollback:
            close_stage()
    unsure = unsure or (run.outcome == Run.Outcome.QUARANTINED and run.mode == "incremental")
    _end(run, clock, preview=preview or (unsure and instead is not None))
    if unsure and instead is not None:
        held_back = run.outcome == Run.Outcome.QUARANTINED
        return read_and_apply(instead(held_back), conventions, truth, now=now, preview=preview)
    return _outcome(run)


def last_applied(source: str) -> Run | None:
    """The newest run of the source that was applied, or found nothing new."""
    return Run.objects.filter(source=source, outcome__in=["applied", "unchanged"]).order_by("-pk").first()


def is_held_back(source: str) -> bool:
    """The newest run of the source that ended was quarantined: only a whole read can be judged beside it."""
    ended = Run.objects.filter(source=source).exclude(outcome__in=[Run.Outcome.RUNNING, Run.Outcome.PASSED])
    newest = ended.order_by("-pk").values_list("outcome", flat=True).first()
    return newest == Run.Outcome.QUARANTINED


def _start(source: str, now: datetime) -> Run | None:
    # A run whose process died leaves its row behind; its session lock is gone, which tells it apart.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('sightline-' || %s))", [source])
        if not cursor.fetchone()[0]:
            return None
    Run.objects.filter(source=source, outcome=Run.Outcome.RUNNING).update(
        outcome=Run.Outcome.FAILED, finished=now, reason=CUT_OFF
    )
    try:
        with transaction.atomic():
            return Run.objects.create(source=source, started=now)
    except IntegrityError:
        return None


def _require_known(source: str) -> None:
    """Raises SourceFailed for a source that the registry does not name."""
    if named(source) is None:
        raise SourceFailed(f"There is no source {source}; nothing was applied.")


def _refusal(failure: Exception) -> str:
    if isinstance(failure, OperationalError | InterfaceError) and not connection.is_usable():
        return LOST
    return f"The database refused the run ({type(failure).__name__}); nothing was applied."


def _fail(run: Run, reason: str) -> None:
    run.outcome, run.reason = Run.Outcome.FAILED, reason
    run.applied_at, run.baseline = None, False


def _log(run: Run, failure: Exception, *, traced: bool = True) -> None:
    """Where it happened, not what was met: messages of a database quote names and addresses."""
    where = " at\n" + "".join(traceback.format_tb(failure.__traceback__)) if traced else ": no connection"
    logger.error("run %s of %s failed: %s%s", run.pk, run.source, type(failure).__name__, where)


def _end(run: Run, clock: float, *, preview: bool) -> None:
    run.seconds = round(time.monotonic() - clock, 3)
    run.finished = run.started + timedelta(seconds=run.seconds)
    if preview:
        run.delete()
    else:
        run.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(hashtext('sightline-' || %s))", [run.source])


def _finish_reading(run: Run, reader: Reader, clock: float) -> None:
    report = reader.report
    run.calls, run.mode = report.calls, report.mode
    run.problems = [asdict(problem) for problem in report.problems]
    run.not_visible = report.not_visible
    run.ignored = report.left_out
    run.phases = {"read": round(time.monotonic() - clock, 3)}


def _judge_and_apply(
    run: Run,
    reader: Reader,
    seen: Counter[str],
    conventions: Conventions,
    truth: str,
    *,
    now: datetime | None,
    preview: bool,
    hints: Sequence[HookHint],
) -> None:
    before = last_applied(run.source)
    report = reader.report
    coverage = read_coverage(
        run.source, {*report.not_visible, *(each.kind for each in report.problems if each.kind)}
    )
    run.not_visible = {kind: why for kind, why in report.not_visible.items() if kind not in coverage.whole}
    if before is not None and report.mode == "incremental":
        keep_what_is_not_seen(run, before, coverage)
    run.counts = {kind: {"seen": facts} for kind, facts in seen.items()}
    judge = _Judge(run, conventions.shrink_share, coverage, _released(run.source, before))
    started = time.monotonic()
    moment = moment_after_all(now)
    run.applied_at, run.baseline = moment, _is_baseline(run.source, before)
    merging = Merging(
        run=run,
        now=moment,
        today=moment.astimezone(conventions.notify.time_zone).date(),
        since=min(before.started, before.applied_at) if before and before.applied_at else moment,
        baseline=run.baseline,
        coverage=coverage,
        given=frozenset(seen),
        report=report,
        truth=truth,
        conventions=conventions,
        hints=hints,
    )
    try:
        apply(merging, judge, preview=preview)
    except guard.Implausible as why:
        run.outcome, run.reason, run.judged = Run.Outcome.QUARANTINED, str(why), why.judged
        run.would = judge.would
        run.applied_at, run.baseline = None, False
    run.phases["merge"] = round(time.monotonic() - started, 3)


def _is_baseline(source: str, before: Run | None) -> bool:
    """Whether what begins was only found, and did not just happen: the first read is not yet whole."""
    return before is None or (before.baseline and complete_read(cursors(source)).begun is not None)


class _Judge:
    """Holds the run against what the guard allows: before the merge begins, and before it is kept."""

    def __init__(self, run: Run, shrink_share: float, coverage: Coverage, released: Run | None) -> None:
        self._given, self._coverage = set(run.counts), coverage
        self._share, self._released = shrink_share, released
        self._losses = guard.before_merge(run.source, self._given, shrink_share, coverage)
        self._hollow = guard.hollow_groups(coverage)
        self.would: dict[str, Any] = {}
        """What was refused would have done."""

    def __call__(self, noted: Noted, parameters: MergeParameters) -> None:
        losses = guard.of_merge(noted, self._given, self._share, parameters, self._coverage)
        try:
            guard.refuse([*self._losses, *losses], self._hollow, self._released)
        except guard.Implausible:
            self.would = would_do(noted)
            raise


def _released(source: str, before: Run | None) -> Run | None:
    """The newest quarantined run that an admin released and that nothing has been applied since."""
    runs = Run.objects.filter(source=source, outcome=Run.Outcome.QUARANTINED, released__isnull=False)
    if before is not None:
        runs = runs.filter(pk__gt=before.pk)
    return runs.order_by("-pk").first()


def moment_after_all(now: datetime | None) -> datetime:
    """The moment the facts of this run carry: later than that of every run before, whatever the clock."""
    moment = now or timezone.now()
    newest = Run.objects.exclude(applied_at=None).order_by("-applied_at").first()
    if newest is not None and newest.applied_at is not None and newest.applied_at >= moment - BEFORE_THE_RUN:
        return newest.applied_at + 2 * BEFORE_THE_RUN
    return moment


def _outcome(run: Run) -> SyncOutcome:
    counts = {
        kind: {verb: verbs.get(verb, 0) for verb in ("seen", "began", "ended", "changed")}
        for kind, verbs in sorted(run.counts.items())
    }
    return SyncOutcome(
        run.source, run.mode, str(run.outcome), run.calls, counts, run.problems, run.seconds, run.reason,
        run.not_visible,
    )  # fmt: skip
