"""Who owns a group is asked of each group once a day; in between only where the log says that it changed.

It takes a question to every group, and seldom changes: as many calls as to read all members.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

STREAM = "owners"
"""The cursor that says when the owners of all groups were last asked for; empty: they must be."""
EVERY = timedelta(days=1)
MARGIN = timedelta(hours=1)
"""By so much our clock may be ahead of the moments that Okta gives."""


class OwnerAge:
    """Which groups are asked. `cursor`: of the last read of all owners; `whole`: when the last read of
    everything that came to its end began; `in_slices`: whoever wants all at once gets all.
    """

    def __init__(self, cursor: str, now: datetime, *, whole: datetime | None, in_slices: bool) -> None:
        at = last_read(cursor)
        # A read that was begun anew before it had come to its end may have left out owners.
        kept = in_slices and at is not None and whole is not None and at <= whole and at <= now < at + EVERY
        self._at, self._now = at if kept else None, now

    def ask_all(self) -> None:
        """Whatever their age."""
        self._at = None

    @property
    def asks_all(self) -> bool:
        return self._at is None

    def asks(self, group: str, created: datetime | None, named: Collection[str]) -> bool:
        """Whether this group is asked. `named`: those of whose owners the log tells."""
        return self._at is None or group in named or created is None or created >= self._at - MARGIN

    @property
    def cursor(self) -> str:
        """After this read."""
        return (self._at or self._now).isoformat()


def last_read(cursor: str) -> datetime | None:
    """What the cursor says; None without one, and for one that cannot be read."""
    try:
        found = datetime.fromisoformat(cursor)
    except ValueError:
        return None
    return found if found.tzinfo else None
