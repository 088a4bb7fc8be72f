"""What must be said beside access: what could not be read, what stands and cannot be used. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orgmodel.kinds import KINDS

OPEN_TO_EVERYONE = "Open to everyone: whoever can sign in may use it. Okta lists no assignments for that."
ASSIGNMENTS = {
    "ERROR": "Okta could not deliver it",
    "SUSPENDED": "suspended in the app",
    "DEPROVISIONED": "closed in the app",
    "INACTIVE": "inactive in the app",
    "REVOKED": "revoked",
    "UNASSIGNED": "no longer assigned",
    "PENDING": "not ready yet",
    "STAGED": "not ready yet",
}
"""States in which Okta lists an app assignment that nobody can use, in words."""
ACCOUNTS = {
    "STAGED": "has not been activated yet",
    "PROVISIONED": "waits for its first sign-in",
    "RECOVERY": "is being recovered: a new password has not been set yet",
    "PASSWORD_EXPIRED": "has an expired password",
    "LOCKED_OUT": "is locked",
    "SUSPENDED": "is suspended",
    "DEPROVISIONED": "is deactivated",
}
USABLE = "ACTIVE"
MOST = 5


@dataclass(frozen=True)
class Unusable:
    """App assignments in one state: whose, or to which apps, by name."""

    state: str
    names: tuple[str, ...]


def not_read(kinds: Sequence[str]) -> str:
    """Parts of a group or an app that the last read could not see; empty where there are none.

    >>> not_read(["grant", "owner"])
    'The members and owners could not be read at the last sync: unknown, not empty. What was known stays.'
    """
    named = [kind.listed_alone for kind in KINDS if kind.listed and kind.name in kinds]
    if not named:
        return ""
    last = f" and {named[-1]}" if len(named) > 1 else ""
    these = ", ".join(named[:-1]) + last if last else named[0]
    return f"The {these} could not be read at the last sync: unknown, not empty. What was known stays."


def unusable(found: Sequence[Unusable], of: str) -> str:
    """Assignments that are listed and cannot be used. `of`: what the names are, as "people" or "apps".

    >>> unusable([Unusable("SUSPENDED", ("Nadia Brandt",)), Unusable("REVOKED", ("Lena Osei",))], "people")
    'Assigned, and cannot be used: Nadia Brandt (suspended in the app); Lena Osei (revoked).'
    """
    by_words: dict[str, list[str]] = {}
    for each in found:
        by_words.setdefault(ASSIGNMENTS.get(each.state, each.state), []).extend(each.names)
    parts = [f"{_listed(names, of)} ({words})" for words, names in by_words.items() if names]
    return f"Assigned, and cannot be used: {'; '.join(parts)}." if parts else ""


def cannot_sign_in(states: Sequence[str]) -> str:
    """Why nobody can sign in with any of a person's Okta accounts; empty where one of them is usable.

    >>> cannot_sign_in(["STAGED"])
    'The Okta account has not been activated yet; for now nothing of this can be used.'
    """
    if not states or USABLE in states:
        return ""
    known: Mapping[str, str] = ACCOUNTS
    words = list(dict.fromkeys(known.get(each, f"is in the state {each}") for each in states))
    return f"The Okta account {' or '.join(words)}; for now nothing of this can be used."


def _listed(names: Sequence[str], of: str) -> str:
    shown = ", ".join(names[:MOST])
    return f"{shown} and {len(names) - MOST} more {of}" if len(names) > MOST else shown
