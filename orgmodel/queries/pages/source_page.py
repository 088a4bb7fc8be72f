"""Each source: how fresh, its last runs, what they cost, what went wrong, what they may not see."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Subquery

from orgmodel.kinds import BY_NAME, in_words
from orgmodel.models import Run, RunDecision
from orgmodel.queries.visibility import Viewer
from orgmodel.sources import registry

from .freshness import Freshness, freshness
from .run_words import VERBS, changes_in_words, verbs_in_words
from .source_progress import Day, Progress, progress
from .source_rows import GOOD, Counted, Ignored, RunRow, SourceRow, Unseen, Would
from .source_streams import Seen, rate_rows, stream_rows

SHOWN = 8
PROBLEMS = 50
LOOKS_WRONG = "It does not look right; an admin has to check it."
UNDER_WAY = "A complete read is under way."
ANYTHING = "Check what the token may read with manage.py doctor."


def sources(moment: datetime, configured: Iterable[str], viewer: Viewer) -> tuple[SourceRow, ...]:
    """Every source that was ever read or is set up; seven queries.

    Of runs that found nothing new only the newest is shown: a source is read every minute.

    From whom anything is hidden is not told how much came and went, nor whether anything did.
    """
    fresh = {each.source: each for each in freshness(moment)}
    for source in configured:
        name = registry.label(source)
        fresh.setdefault(source, Freshness(source, f"{name} was never read", True, None, name=name))
    by_source = _runs(fresh)
    known = progress(fresh, moment)
    found = tuple(
        replace(
            _source(each, by_source.get(source, []), known[source]),
            complete=known[source].sentence(moment),
            rates=rate_rows(source, known[source].cursors, moment),
        )
        for source, each in fresh.items()
    )
    return tuple(_as_seen(each, viewer) for each in found)


def waiting(run: int) -> Run | None:
    """The run, if its answer is held back and nothing newer of its source was believed."""
    found = Run.objects.filter(pk=run, outcome=Run.Outcome.QUARANTINED, released=None).first()
    if found is None:
        return None
    newer = Run.objects.filter(source=found.source, outcome__in=GOOD, pk__gt=found.pk)
    return None if newer.exists() else found


def _runs(sources: Iterable[str]) -> dict[str, list[Run]]:
    """Those that are shown, newest first, and what tells about them: the newest of all, the newest good one,
    the newest that read everything, and the last that brought anything or went wrong.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN, {"sources": [*sources], "shown": SHOWN})
        ids = [pk for (pk,) in cursor.fetchall()]
    decisions = RunDecision.objects.filter(run=OuterRef("pk")).order_by("-pk")
    runs = Run.objects.filter(pk__in=ids).annotate(
        decided=Subquery(decisions.values("at")[:1]),
        decided_by=Subquery(decisions.values("actor__name")[:1]),
        decision_reason=Subquery(decisions.values("reason")[:1]),
    )
    found: dict[str, list[Run]] = {}
    for run in runs.order_by("source", "-id"):
        found.setdefault(run.source, []).append(run)
    return found


def _source(fresh: Freshness, runs: list[Run], known: Progress) -> SourceRow:
    ended = [run for run in runs if run.outcome != Run.Outcome.RUNNING]
    good = next((place for place, run in enumerate(ended) if run.outcome in GOOD), len(ended))
    held = next((run.pk for run in ended[:good] if _held(run)), None)
    last = ended[good] if good < len(ended) else None
    whole = next((run for run in ended if run.outcome in GOOD and run.mode == "full"), last)
    counts = whole.counts if whole else {}
    seen = Seen(
        fresh.applied_at,
        whole.started if whole and whole.mode == "full" else None,
        [kind for kind, verbs in counts.items() if "seen" in verbs],
        last.not_visible if last else (),
    )
    return SourceRow(
        fresh.source,
        fresh.name or fresh.source,
        fresh,
        tuple(_row(run, counts, held=run.pk == held) for run in ended[:SHOWN]),
        progress=known,
        reading_since=next((run.started for run in runs if run.outcome == Run.Outcome.RUNNING), None),
        streams=stream_rows(fresh.source, seen, known),
    )


# By source first, so that the index of the runs of one is used.
_SHOWN = """
    SELECT DISTINCT x.id FROM unnest(%(sources)s::text[]) s (source) CROSS JOIN LATERAL (
        (SELECT r.id FROM orgmodel_run r WHERE r.source = s.source
         ORDER BY r.source, r.id DESC LIMIT 2)
        UNION ALL (SELECT r.id FROM orgmodel_run r WHERE r.source = s.source
         AND r.outcome IN ('applied', 'unchanged') ORDER BY r.source, r.id DESC LIMIT 1)
        UNION ALL (SELECT r.id FROM orgmodel_run r WHERE r.source = s.source
         AND r.outcome IN ('applied', 'unchanged') AND r.mode = 'full' ORDER BY r.source, r.id DESC LIMIT 1)
        UNION ALL (SELECT r.id FROM orgmodel_run r WHERE r.source = s.source
         AND r.outcome NOT IN ('running', 'unchanged') ORDER BY r.source, r.id DESC LIMIT %(shown)s)) x"""


def _as_seen(found: SourceRow, viewer: Viewer) -> SourceRow:
    """Without what could tell of something hidden: that it is there, how much, or how long it took."""
    if viewer.admin or viewer.auditor:
        return found
    shown = replace(
        found, progress=replace(found.progress, day=Day(), left={}), streams=(), rates=(), hook=None
    )
    if not viewer.hidden:
        return replace(shown, runs=tuple(map(_without_names, found.runs)))
    under_way = UNDER_WAY if found.complete else ""
    return replace(
        shown,
        progress=replace(shown.progress, done=0, of=0),
        complete=under_way,
        runs=tuple(map(_without_numbers, found.runs)),
    )


def _without_names(run: RunRow) -> RunRow:
    return replace(run, would=(), ignored=(), phases=(), decided_by="", decision_reason="")


def _without_numbers(run: RunRow) -> RunRow:
    shown = replace(_without_names(run), changed="", counts=())
    if run.outcome in GOOD:
        return replace(shown, outcome=str(Run.Outcome.APPLIED))
    return replace(shown, reason=LOOKS_WRONG) if run.outcome == Run.Outcome.QUARANTINED else shown


def _held(run: Run) -> bool:
    return run.outcome == Run.Outcome.QUARANTINED and run.released is None


def _row(run: Run, known: dict[str, dict[str, int]], *, held: bool) -> RunRow:
    hints = registry.hints(run.source)
    return RunRow(
        run.pk,
        run.mode,
        str(run.outcome),
        run.started,
        run.seconds,
        tuple(sorted(run.phases.items(), key=lambda phase: -phase[1])),
        run.calls,
        run.reason,
        changes_in_words(run.counts),
        len(run.problems),
        tuple(run.problems[:PROBLEMS]),
        tuple(
            Unseen(kind, in_words(kind), str(why), hints.get(kind, ANYTHING), _without(kind))
            for kind, why in sorted(run.not_visible.items())
        ),
        tuple(
            Ignored(where, each["count"], tuple(each["names"])) for where, each in sorted(run.ignored.items())
        ),
        held,
        getattr(run, "decided", None) or run.released,
        getattr(run, "decided_by", "") or "",
        getattr(run, "decision_reason", "") or "",
        (_judged(run) or _counted(run.counts, known)) if held else (),
        tuple(_would(kind, each) for kind, each in sorted(run.would.items())) if held else (),
    )


def _without(kind: str) -> str:
    return BY_NAME[kind].without if kind in BY_NAME else ""


def _would(kind: str, would: dict[str, Any]) -> Would:
    names = [(verb, _label(kind, whose, what)) for verb, whose, what in would.get("names", ())]
    rows = sum(would.get(verb, 0) for verb in VERBS)
    return Would(
        in_words(kind),
        verbs_in_words(would),
        tuple(name for verb, name in names if verb == "ended"),
        tuple(name for verb, name in names if verb != "ended"),
        max(rows - len(names), 0),
    )


def _label(kind: str, whose: str, what: str) -> str:
    """Of an account the source, and of a person the status, is known anyway."""
    return whose if kind in {"account", "person"} and whose else " – ".join(filter(None, (whose, what)))


def _judged(run: Run) -> tuple[Counted, ...]:
    return tuple(
        Counted(name, each["left"], each["known"])
        for name, each in sorted(run.judged.items())
        if each["known"] or each["left"]
    )


def _counted(counts: dict[str, dict[str, int]], known: dict[str, dict[str, int]]) -> tuple[Counted, ...]:
    # What an earlier run did not count cannot be compared; before the first one there is only this answer.
    seen = {kind for kind, verbs in (known or counts).items() if "seen" in verbs}
    return tuple(
        Counted(in_words(kind), counts.get(kind, {}).get("seen", 0), known.get(kind, {}).get("seen"))
        for kind in sorted(seen)
    )
