"""How fresh each stream of a source is, and how much of the source's rates its reads use."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from orgmodel.kinds import in_words
from orgmodel.sources import registry
from orgmodel.sources.streams import RateUse, Stream

from .freshness import ago
from .source_progress import Progress

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class StreamRow:
    """One stream: when it was last read, when all of it was, and what of it is behind."""

    name: str
    read: datetime | None
    """When what has changed was last looked at, or all of it; None: never."""
    whole: datetime | None
    """When the last read of all of it began; None: it was never read to its end."""
    left: int
    """Lists of it that the complete read under way has still to ask for."""
    hidden: Literal["all", "some", ""]
    """How much of it the source does not let Sightline read: then it was read at no moment, or not all."""

    @property
    def state(self) -> str:
        """How it is, in a few words."""
        if self.left:
            lists = f"{self.left:,} {'list' if self.left == 1 else 'lists'} still to be read"
            return f"{lists}; not all of it is visible" if self.hidden else lists
        if self.hidden:
            return "not visible" if self.hidden == "all" else "not all of it is visible"
        if self.whole is None:
            return "not read to its end yet"
        return "read whole"

    @property
    def good(self) -> bool:
        return not self.left and not self.hidden and self.whole is not None


@dataclass(frozen=True)
class RateRow:
    """What was used of one rate. `percent`: of what the source allows, rounded."""

    name: str
    used: int
    limit: int
    until: datetime
    sentence: str

    @property
    def percent(self) -> int:
        return round(100 * self.used / self.limit)


@dataclass(frozen=True)
class Seen:
    """What the last reads of a source came to. `known`: the kinds of facts it brings, None where that is
    not known; `hidden`: those it does not let us read.
    """

    at: datetime | None
    """When the last sync was that was believed."""
    whole: datetime | None
    """When the newest run began that was one read of everything."""
    known: Collection[str]
    hidden: Collection[str]


def stream_rows(source: str, seen: Seen, progress: Progress) -> tuple[StreamRow, ...]:
    """The streams of a source that was ever read; where it declares none, all that it brings is one."""
    if seen.at is None:
        return ()
    streams = registry.streams(source) or _all_in_one(seen.known)
    return tuple(_row(stream, seen, progress) for stream in streams)


def _all_in_one(kinds: Collection[str]) -> tuple[Stream, ...]:
    words = ", ".join(in_words(kind) for kind in sorted(kinds))
    return (Stream(words[:1].upper() + words[1:], frozenset(kinds)),) if kinds else ()


def _row(stream: Stream, seen: Seen, progress: Progress) -> StreamRow:
    left = sum(progress.left.get(kind, 0) for kind in stream.kinds)
    read = progress.read
    before = read.whole or (None if read.begun else seen.whole)
    whole = before if left or read.begun is None else read.begun
    aged = stream.whole(progress.cursors)
    whole = min(whole, aged) if whole and aged else whole
    last = stream.read(progress.cursors) or seen.at
    if stream.kinds <= {*seen.hidden}:
        return StreamRow(stream.label, None, None, left, "all")
    some: Literal["some", ""] = "some" if stream.kinds.intersection(seen.hidden) else ""
    return StreamRow(stream.label, last, whole, left, some)


def rate_rows(source: str, cursors: Mapping[str, str], now: datetime) -> tuple[RateRow, ...]:
    """What the reads of a source used of its rates in the newest minute that each was used in."""
    return tuple(
        RateRow(use.label, use.used, use.limit, use.until, _sentence(use, now))
        for use in registry.rates(source, cursors)
    )


def _sentence(use: RateUse, now: datetime) -> str:
    # The end of the minute is by the clock of the source.
    passed = now - use.until
    when = "in the last minute" if passed < MINUTE else f"in a minute {ago(passed)}"
    return f"{use.label}: {use.used:,} of {use.limit:,} calls {when}"


def behind(rows: Sequence[StreamRow]) -> tuple[StreamRow, ...]:
    """Those that are not read to their end."""
    return tuple(each for each in rows if not each.good)
