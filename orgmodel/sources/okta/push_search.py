"""When apps that announce no group push are asked for their mappings: daily, or when the groups count anew.

To find a mapping of such an app takes a question to many of them, in the bucket with the fewest calls.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

STREAM = "pushes"
"""The cursor that says when they were last asked."""
EVERY = timedelta(days=1)


@dataclass(frozen=True)
class PushSearch:
    """The last search. `counted`: mappings as groups counted them, None where they did not say."""

    at: datetime
    counted: int | None
    apps: tuple[str, ...]
    """Native ids of the apps that had mappings."""
    hidden: bool = False
    """Not all that were asked gave theirs."""

    @property
    def cursor(self) -> str:
        return msgspec.json.encode(self).decode()

    def is_due(self, counted: int | None, now: datetime) -> bool:
        """Whether to search again."""
        return counted != self.counted or not self.at <= now < self.at + EVERY


def last_search(cursor: str) -> PushSearch | None:
    """What the cursor says; None without one, and for one that cannot be read."""
    try:
        return msgspec.json.decode(cursor, type=PushSearch)
    except msgspec.DecodeError:
        return None
