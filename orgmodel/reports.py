"""What a read says of itself: what could not be read, what is unknown, how far it came."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

from .facts import Fact
from .marks import Unreadable


@dataclass(frozen=True)
class Problem:
    """A record that could not be read, or a part that is not visible; the run goes on without it."""

    where: str
    """File and line, or endpoint: never with a personal value."""
    record: str
    """Native id, as far as it is known."""
    reason: str
    kind: str = ""
    """Which kind of fact the record could not be read for (account, grant …): what was known of it stays."""


NAMED = 50
"""Unknown columns that a run names; of further ones only the number."""


class Reference(NamedTuple):
    """A row names a record that its own source does not hold: another source may know it."""

    where: str
    record: str
    column: str
    kind: Literal["manager", "lead", "person", "unit"]
    """manager: by id, number, e-mail or login; lead: by id or e-mail; person: by the id of an HR record."""
    named: str


class Part(NamedTuple):
    """A list that a reader asks for by itself, such as the members of one group."""

    kind: str
    """Of the facts in it: grant, owner, edge …"""
    owner: str
    """Native id of the group or app."""
    note: str = ""
    """What the reader must know to ask for it, in the source's own words."""


@dataclass
class Report:
    """What a reader has to say once it has read all."""

    mode: Literal["full", "incremental"] = "full"
    """incremental: only what has changed since the last read was looked at."""
    calls: int = 0
    problems: list[Problem] = field(default_factory=list)
    not_visible: dict[str, str] = field(default_factory=dict)
    """Kind of fact → why it was not seen; it counts where the kind was not covered whole."""
    ignored: dict[str, list[str]] = field(default_factory=dict)
    """File or list → its columns or fields that are not known: nothing of them is kept."""
    unknown: list[Reference] = field(default_factory=list)
    """What must be held against everything that is known, once all is staged."""
    cursors: dict[str, str] = field(default_factory=dict)
    """Stream (such as a log) → where the next read of it goes on; kept with the data that led there."""
    left: Sequence[Part] | None = None
    """What a complete read that began with this run has still to read; None: it goes on, or there is none."""

    @property
    def left_out(self) -> dict[str, dict[str, Any]]:
        """File or list → `count` of its columns that are not known, and the `names` of some."""
        return {
            where: {"count": len(names), "names": [name[:80] for name in names[:NAMED]]}
            for where, names in self.ignored.items()
        }

    def unreadable(self) -> list[Unreadable]:
        """The records that could not be read, as marks."""
        return [Unreadable(each.kind, each.record) for each in self.problems if each.kind]


class SourceFailed(Exception):
    """The source could not be read to its end: nothing may be applied. The text says what to do."""


class RateRefused(SourceFailed):
    """The source still refuses calls for their rate, after all tries."""


class WholeReadNeeded(SourceFailed):
    """What has changed cannot be told from this answer: everything must be read. The text says why."""


class Reader(Protocol):
    """One read of one source. `report` is complete at the end; what no `Covered` mentions does not end."""

    source: str
    report: Report

    def batches(self) -> Iterator[Sequence[Fact]]:
        """Batches of one kind of fact each; raises SourceFailed."""
