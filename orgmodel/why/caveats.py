"""What must be said next to access: what could not be read, what is assigned and cannot be used. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from orgmodel.kinds import KINDS

from .days import day

OPEN_TO_EVERYONE = "Open to everyone: whoever can sign in may use it. Okta lists no assignments for that."
MOST = 5


@dataclass(frozen=True)
class Unusable:
    """App assignments that nobody can use for one reason, in words: whose, or to which apps, by name."""

    why: str
    names: tuple[str, ...]


def known_only_since(began: datetime, *, exactly: bool = False) -> str:
    """Of an answer about a moment before the first read; `exactly`: with the time, as data write it.

    >>> known_only_since(datetime(2026, 3, 2))
    'Sightline first read everything on 2 March 2026: of the time before, it knows nothing or only a part.'
    """
    knows = "of the time before, it knows nothing or only a part"
    when = f"{began:%Y-%m-%d %H:%M %Z}" if exactly else day(began)
    return f"Sightline first read everything on {when}: {knows}."


def not_read(kinds: Sequence[str]) -> str:
    """Parts of a group or an app that the last read could not see; empty where there are none.

    >>> not_read(["grant", "owner"])
    'The members and owners could not be read yet: unknown, not empty. What was known stays.'
    """
    named = [kind.listed_alone for kind in KINDS if kind.listed and kind.name in kinds]
    if not named:
        return ""
    last = f" and {named[-1]}" if len(named) > 1 else ""
    these = ", ".join(named[:-1]) + last if last else named[0]
    return f"The {these} could not be read yet: unknown, not empty. What was known stays."


def unusable(found: Sequence[Unusable], of: str) -> str:
    """Assignments that are listed and hardly usable. `of`: what the names are, as "people" or "apps".

    >>> unusable([Unusable("suspended", ("Nadia Brandt",)), Unusable("revoked", ("Lena Osei",))], "people")
    'Assigned, but may be unable to open it: Nadia Brandt (suspended); Lena Osei (revoked).'
    """
    by_words: dict[str, list[str]] = {}
    for each in found:
        by_words.setdefault(each.why, []).extend(each.names)
    parts = [f"{_listed(names, of)} ({words})" for words, names in by_words.items() if names]
    head = "Assigned, but may be unable to open it" if of == "people" else "Assigned, but may not open"
    return f"{head}: {'; '.join(parts)}." if parts else ""


def cannot_sign_in(hindrances: Sequence[str]) -> str:
    """Why nobody can sign in with any of a person's Okta accounts; empty where one of them is usable.

    `hindrances`: of each account what keeps it from being used, or nothing.

    >>> cannot_sign_in(["is locked"])
    'The Okta account is locked; for now nothing of this can be used.'
    """
    if not all(hindrances) or not hindrances:
        return ""
    words = " or ".join(dict.fromkeys(hindrances))
    return f"The Okta account {words}; for now nothing of this can be used."


def _listed(names: Sequence[str], of: str) -> str:
    shown = ", ".join(names[:MOST])
    return f"{shown} and {len(names) - MOST} more {of}" if len(names) > MOST else shown
