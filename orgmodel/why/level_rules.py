"""Which of several levels of one thing counts, and what remains of a level that is passed on. Pure.

Every system has its own rule for a person who is given one thing in several ways:

- *priority* (Okta's apps): a direct assignment, else the group with the lowest priority number. Groups to
  which the app gives no number stay beside it: Okta does not say where they stand.
- *max* (GitHub, GitLab, Google): the highest level. Belonging alone (*member*) counts where nothing else is
  held; a word that is on no scale stands beside the highest, for nobody can say which is more.
- *union* (permission sets, Salesforce): everything at once.

A level goes down a tree as it is (*cascades*); where a share has a cap it is at most the cap.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from orgmodel.facts import MEMBER, UNRANKED

Combine = Literal["priority", "max", "union"]
AT_MOST = "at most "
"""Before a cap, where nobody can say whether the level or the cap is lower."""


class Given(NamedTuple):
    """One way in which something is given."""

    level: str
    rank: int | None = None
    """Where the level stands on the scale; None: nobody can say."""
    direct: bool = False
    """Assigned to the account itself, not through anything else."""
    priority: int = UNRANKED


def counting(ways: Sequence[Given], combine: Combine) -> tuple[int, ...]:
    """Positions of the ways that count, or of which nobody can say which counts; of none none.

    >>> counting([Given("Viewer", priority=3), Given("Editor", priority=1)], "priority")
    (1,)
    """
    if not ways or combine == "union":
        return tuple(range(len(ways)))
    if combine == "max":
        return _highest(ways)
    if any(way.direct for way in ways):
        return tuple(at for at, way in enumerate(ways) if way.direct)
    best = min(way.priority for way in ways)
    return tuple(at for at, way in enumerate(ways) if way.priority in {best, UNRANKED})


def _highest(ways: Sequence[Given]) -> tuple[int, ...]:
    top = max((way.rank for way in ways if way.rank is not None), default=None)
    belongs = all(way.level == MEMBER for way in ways)
    return tuple(
        at
        for at, way in enumerate(ways)
        if (way.rank == top if way.rank is not None else belongs or way.level != MEMBER)
    )


def together(ways: Iterable[Given]) -> str:
    """Levels that count at once, as one: the highest first, those on no scale last, each once.

    >>> together([Given("Viewer", 20), Given("Billing"), Given("Admin", 60), Given("Viewer", 20)])
    'Admin, Viewer, Billing'
    """
    order = {way.level: (way.rank is None, -(way.rank or 0), way.level) for way in ways}
    return ", ".join(sorted(order, key=lambda level: order[level]))


def capped(level: str, cap: str, rank: Callable[[str], int | None]) -> str:
    """What is left of a level behind a cap; without a cap the level itself. `rank`: the scale of the system.

    >>> capped("owner", "editor", {"owner": 70, "editor": 40}.get)
    'editor'
    >>> capped("auditor", "editor", {"editor": 40}.get)
    'at most editor'
    """
    if cap in {"", level}:
        return level
    own, limit = rank(level), rank(cap)
    if own is None or limit is None:
        return AT_MOST + cap
    return level if own <= limit else cap
