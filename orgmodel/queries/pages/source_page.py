"""Each source: how fresh, its last runs, what they cost, what went wrong, what they may not see."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery, Window
from django.db.models.functions import RowNumber

from orgmodel.kinds import in_words
from orgmodel.models import Run, RunRelease
from orgmodel.queries.visibility import Viewer
from orgmodel.sources import registry

from .freshness import Freshness, freshness
from .hook_states import HookRow

SHOWN = 8
PROBLEMS = 50
GOOD = {"applied", "unchanged"}
LOOKS_WRONG = "It does not look right; an admin has to check it."
ANYTHING = "Check what the token may read with manage.py doctor."


@dataclass(frozen=True)
class Unseen:
    """A kind of fact that the run could not see, why, and what an admin may do about it."""

    kind: str
    name: str
    """What people call the kind."""
    reason: str
    to_do: str


@dataclass(frozen=True)
class Counted:
    """How many of a kind a run was given, against what the last applied run saw (None: not counted)."""

    name: str
    given: int
    known: int | None


@dataclass(frozen=True)
class Ignored:
    """Columns or fields that came and that nobody reads: how many, and the names of some."""

    where: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Would:
    """What an answer that is held back would have done to one kind, with some of the names."""

    name: str
    words: str
    """"4 gone, 1 changed"."""
    gone: tuple[str, ...]
    other: tuple[str, ...]
    """Of what would have changed or begun."""
    more: int
    """How many have no name here."""


@dataclass(frozen=True)
class RunRow:
    """One run. `held`: its answer waits for an admin; `counts` is then what to judge it by."""

    pk: int
    mode: str
    outcome: str
    started: datetime
    seconds: float
    calls: int
    reason: str
    changed: str
    problems: tuple[dict[str, Any], ...]
    unseen: tuple[Unseen, ...]
    ignored: tuple[Ignored, ...]
    held: bool
    decided: datetime | None
    decided_by: str
    """Who released or dropped it; empty for somebody on the server, or where nobody has."""
    decision_reason: str
    counts: tuple[Counted, ...]
    would: tuple[Would, ...] = ()
    """For whoever may see everything: it names people and things."""


@dataclass(frozen=True)
class SourceRow:
    """One source with its last runs, newest first. `held`: the run whose answer waits."""

    source: str
    name: str
    fresh: Freshness
    runs: tuple[RunRow, ...]
    hook: HookRow | None = None
    """For whoever may know how much comes in."""

    @property
    def held(self) -> RunRow | None:
        return next((run for run in self.runs if run.held), None)

    @property
    def last(self) -> RunRow | None:
        """The newest run that was believed."""
        return next((run for run in self.runs if run.outcome in GOOD), None)


def sources(moment: datetime, configured: Iterable[str], viewer: Viewer) -> tuple[SourceRow, ...]:
    """Every source that was ever read or is set up; three queries.

    From whom anything is hidden is not told how much came and went, nor whether anything did.
    """
    fresh = {each.source: each for each in freshness(moment)}
    for source in configured:
        name = registry.label(source)
        fresh.setdefault(source, Freshness(source, f"{name} was never read", True, None, name=name))
    by_source: dict[str, list[Run]] = {}
    decisions = RunRelease.objects.filter(run=OuterRef("pk")).order_by("-pk")
    ranked = Run.objects.exclude(outcome=Run.Outcome.RUNNING).annotate(
        place=Window(RowNumber(), partition_by="source", order_by=F("id").desc()),
        decided=Subquery(decisions.values("at")[:1]),
        decided_by=Subquery(decisions.values("actor__name")[:1]),
        decision_reason=Subquery(decisions.values("reason")[:1]),
    )
    for run in ranked.filter(place__lte=SHOWN).order_by("source", "-id"):
        by_source.setdefault(run.source, []).append(run)
    believed = Run.objects.filter(outcome__in=GOOD).order_by("source", "-id").distinct("source")
    counts = {run.source: run.counts for run in believed}
    found = (
        _source(each, by_source.get(source, []), counts.get(source, {})) for source, each in fresh.items()
    )
    shown = _without_numbers if viewer.hidden else _as_it_is if _sees_all(viewer) else _without_names
    return tuple(replace(each, runs=tuple(map(shown, each.runs))) for each in found)


def waiting(run: int) -> Run | None:
    """The run, if its answer is held back and nothing newer of its source was believed."""
    found = Run.objects.filter(pk=run, outcome=Run.Outcome.QUARANTINED, released=None).first()
    if found is None:
        return None
    newer = Run.objects.filter(source=found.source, outcome__in=GOOD, pk__gt=found.pk)
    return None if newer.exists() else found


def _source(fresh: Freshness, runs: list[Run], known: dict[str, dict[str, int]]) -> SourceRow:
    good = next((place for place, run in enumerate(runs) if run.outcome in GOOD), len(runs))
    held = next((run.pk for run in runs[:good] if _held(run)), None)
    rows = tuple(_row(run, known, held=run.pk == held) for run in runs)
    return SourceRow(fresh.source, fresh.name or fresh.source, fresh, rows)


def _sees_all(viewer: Viewer) -> bool:
    return viewer.admin or viewer.auditor


def _as_it_is(run: RunRow) -> RunRow:
    return run


def _without_names(run: RunRow) -> RunRow:
    return replace(run, would=(), ignored=(), decided_by="", decision_reason="")


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
        run.calls,
        run.reason,
        _changed(run),
        tuple(run.problems[:PROBLEMS]),
        tuple(
            Unseen(kind, in_words(kind), str(why), hints.get(kind, ANYTHING))
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


def _changed(run: Run) -> str:
    words = ((kind, _verbs(verbs)) for kind, verbs in sorted(run.counts.items()))
    return "; ".join(f"{in_words(kind)}: {each}" for kind, each in words if each)


def _verbs(verbs: dict[str, int]) -> str:
    return ", ".join(f"{verbs[verb]} {word}" for verb, word in _VERBS.items() if verbs.get(verb))


def _would(kind: str, would: dict[str, Any]) -> Would:
    names = [(verb, _label(kind, whose, what)) for verb, whose, what in would.get("names", ())]
    rows = sum(would.get(verb, 0) for verb in _VERBS)
    return Would(
        in_words(kind),
        _verbs(would),
        tuple(name for verb, name in names if verb == "ended"),
        tuple(name for verb, name in names if verb != "ended"),
        max(rows - len(names), 0),
    )


def _label(kind: str, whose: str, what: str) -> str:
    """Of an account the source, and of a person the status, is known anyway."""
    return whose if kind in {"account", "person"} and whose else " – ".join(filter(None, (whose, what)))


_VERBS = {"began": "new", "ended": "gone", "changed": "changed"}


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
