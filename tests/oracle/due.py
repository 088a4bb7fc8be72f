"""A case that has to be told, the messages that must come of it, and to whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from . import answers
from .books import Books

CONFIDENTIAL = ("Vault",)
"""Apps that only admins, auditors and their holders know of."""
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


def visibly(before: Books, after: Books, email: str) -> bool:
    """Whether access differs in what everybody may know of."""

    def open_to_all(books: Books) -> set[tuple[str, str]]:
        found = answers.apps(books, email).items()
        return {(app, level) for app, level in found if books.apps[app].label not in CONFIDENTIAL}

    return open_to_all(before) != open_to_all(after)


def to_managers(kind: str, email: str, *moments: Books, now: Books | None = None) -> Iterator[Due]:
    """To the manager of one of these moments, where they may be written to."""
    known = [books for books in moments if email in answers.people(books)]
    found = {answers.boss(books, email) for books in known}
    current = now or moments[-1]
    able = {each for each in found if each and each != email and not answers.has_left(current, each)}
    if able and len(able) == len(found):
        yield Due(kind, frozenset(able))
        return
    # Who hears in the place of one who has left; which of them is for other tests to say.
    instead = {each for books in known for each in answers.hearers(books, email, current)}
    if not able and instead and kind in {"leaver_manager", "joiner_manager"}:
        yield Due(kind, frozenset(instead))
