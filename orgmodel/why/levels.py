"""Whether one level of an app is higher than another: a scale of the words that systems use. Pure.

A level is a word of the app's own. Only what stands on the scale is compared; of every other word it is only
known that it is another one.
"""

import re
from collections.abc import Callable
from typing import Literal

Direction = Literal["raised", "lowered", "other"]
Ranks = Callable[[str], int | None]
"""Level → where it stands on a scale; None: nowhere."""

NONE = "assigned"
"""The level of an assignment that names none."""
_SCALE = {
    5: ("minimal access", "visible"),
    10: ("guest", "multi channel guest", "restricted member", "single channel guest"),
    20: ("observer", "read", "read only", "reader", "readonly", "view", "view only", "viewer"),
    30: ("commenter", "comment", "reporter", "triage"),
    40: ("contributor", "edit", "editor", "read and write", "read write", "write", "writer"),
    50: ("maintain", "maintainer"),
    60: ("admin", "administrator"),
    70: ("owner", "primary owner", "super admin", "super administrator"),
}
"""Words that mean about the same, by their rank. *Member* says that somebody belongs, not what for."""
_RANKS = {word: rank for rank, words in _SCALE.items() for word in words}
_FILLERS = frozenset({"access", "level", "permission", "permissions", "role", "user"})
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def direction(before: str, after: str, rank_of: Ranks | None = None) -> Direction:
    """Which way a level went; `other` where that cannot be said for certain.

    Several levels at once are separated by commas: one more is raised, one less lowered. `rank_of`: the scale
    of the system, where it has words of its own.

    >>> direction("Editor", "Viewer")
    'lowered'
    >>> direction("Dev", "Design")
    'other'
    """
    had, has = _parts(before), _parts(after)
    if len(had) == len(has) == 1:
        place = rank_of or rank
        return _of_ranks(place(*had), place(*has))
    if not (had and has):
        return "other"
    return "raised" if had < has else "lowered" if has < had else "other"


def rank(level: str) -> int | None:
    """Where the level stands on the scale, 5 to 70; None for a word that is not on it.

    >>> rank("Read-only access"), rank("Billing")
    (20, None)
    """
    words = re.split(r"[\W_]+", _CAMEL.sub(" ", level).casefold())
    bare = " ".join(word for word in words if word and word not in _FILLERS)
    return _RANKS.get(bare)


def named(level: str) -> str:
    """The level as it is shown; empty where there is none to show."""
    return "" if level.strip().lower() in {"", NONE} else level


def instead(before: str, after: str) -> str:
    """A changed level in a list whose heading says which way it went.

    >>> instead("Editor", "Viewer")
    'Viewer instead of Editor'
    """
    if not named(before):
        return f"{after}, no level before"
    return f"{after} instead of {before}" if named(after) else f"no level instead of {before}"


def _of_ranks(before: int | None, after: int | None) -> Direction:
    if before is None or after is None or before == after:
        return "other"
    return "raised" if before < after else "lowered"


def _parts(level: str) -> frozenset[str]:
    return frozenset(part.strip() for part in level.split(",") if part.strip())
