"""What the statements of one merge are given."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

CLOCKS = timedelta(minutes=10)
"""By so much a source's clock may differ from ours: its lines may seem older than what they tell of."""


def a_little_before(moment: datetime) -> datetime:
    """When a source's clock may have shown this moment at the earliest."""
    return moment - CLOCKS


@dataclass(frozen=True)
class MergeParameters:
    """The values that all statements of one merge share, by the names that they have in SQL."""

    run: int
    source: str
    now: datetime
    today: date
    since: datetime
    """From when on a line of the log may be a cause: a little before the source was last applied."""
    recent: datetime
    """From when on something that changed before may be a cause."""
    baseline: bool
    seen: tuple[str, ...]
    """The kinds of facts that the run has seen whole, sorted."""
    automation: tuple[str, ...]
    """Ids and names of the actors whose doing is an automation's."""
    slices: datetime | None = None
    """From when on it may be one of what a read of everything in slices has left until now."""
    clocks: timedelta = field(default_factory=lambda: CLOCKS)

    def sql(self, **more: Any) -> dict[str, Any]:
        """As the named values of one statement, with `more` that it alone needs; lists for its arrays."""
        return {**vars(self), "seen": list(self.seen), "automation": list(self.automation), **more}
