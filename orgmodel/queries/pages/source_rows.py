"""What the page of the sources shows of a source and of its runs."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from .freshness import Freshness
from .hook_states import HookRow
from .source_progress import Progress
from .source_streams import RateRow, StreamRow

GOOD = {"applied", "unchanged"}


@dataclass(frozen=True)
class Unseen:
    """A kind of fact that the run could not see, why, and what an admin may do about it."""

    kind: str
    name: str
    """What people call the kind."""
    reason: str
    to_do: str
    without: str
    """What nobody gets to know without it, as a clause."""


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
    phases: tuple[tuple[str, float], ...]
    """What it spent its seconds on, longest first."""
    calls: int
    reason: str
    changed: str
    problem_count: int
    problems: tuple[dict[str, Any], ...]
    """The first of them."""
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
    progress: Progress
    complete: str = ""
    """How far a complete read is that goes on, as a sentence."""
    next_read: datetime | None = None
    """None: nobody has asked."""
    overdue: bool = False
    """The moment of the next sync has passed."""
    reading_since: datetime | None = None
    """While a sync runs."""
    streams: tuple[StreamRow, ...] = ()
    """For whoever may know how much comes in, and so are the next two."""
    rates: tuple[RateRow, ...] = ()
    hook: HookRow | None = None

    def timed(self, next_read: datetime | None, now: datetime) -> "SourceRow":
        """The same source with the moment of its next sync, which may have passed."""
        return replace(self, next_read=next_read, overdue=next_read is not None and next_read < now)

    @property
    def held(self) -> RunRow | None:
        return next((run for run in self.runs if run.held), None)

    @property
    def last(self) -> RunRow | None:
        """The newest run that was believed."""
        return next((run for run in self.runs if run.outcome in GOOD), None)
