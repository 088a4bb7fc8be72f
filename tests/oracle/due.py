"""A case that has to be told, and a message that must come of it."""

from dataclasses import dataclass
from datetime import timedelta

LONGEST = timedelta(hours=24)
COMPLETED = timedelta(days=14)
"""How long what comes is taken to be the other half of what was told without it."""


@dataclass(frozen=True)
class Due:
    """A message that must be there. `to`: one of these gets it."""

    kind: str
    to: frozenset[str]


@dataclass(frozen=True)
class Case:
    """Reads: the last before it, the one that opened it. `alone`: the base without what it completes."""

    base: int
    opened: int
    alone: int
    closed: int = -1
    """A torn read with which it may have been settled in silence: what came since may be told by itself."""
    perhaps_whole: bool = False
    """What it completes was told after a torn read, which may have seen nothing of another half."""
