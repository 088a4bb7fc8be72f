"""What a source is read in: streams that are read by themselves, and how much of its rates that takes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Stream:
    """What is read by itself of a source."""

    label: str
    """What people call it: "People"."""
    kinds: frozenset[str]
    """Of the facts that it brings."""
    read: Callable[[Mapping[str, str]], datetime | None] = lambda _: None
    """By the cursors of the source: when it was last read, where that may be before the last sync."""
    whole: Callable[[Mapping[str, str]], datetime | None] = lambda _: None
    """The same: when all of it was, where that may be before the last complete read."""


@dataclass(frozen=True)
class RateUse:
    """How much of one rate of a source Sightline used, of what the source allows everybody together."""

    label: str
    """What people call what is limited."""
    used: int
    limit: int
    """Both in calls a minute."""
    until: datetime
    """The end of that minute."""
