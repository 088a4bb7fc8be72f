"""What the statements of one merge are given."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


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

    def sql(self, **more: Any) -> dict[str, Any]:
        """As the named values of one statement, with `more` that it alone needs; lists for its arrays."""
        return {**vars(self), "seen": list(self.seen), "automation": list(self.automation), **more}
