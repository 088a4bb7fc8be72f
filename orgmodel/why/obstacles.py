"""What keeps somebody from using what they have been given, as sentences. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

DEACTIVATED = "DEPROVISIONED"
NOT_YET = {"STAGED": "not activated yet", "PROVISIONED": "not activated yet"}
FOR_NOW = {"SUSPENDED": "suspended", "LOCKED_OUT": "locked out", **NOT_YET}
"""Okta's status of an account that opens nothing for now, in words."""
UNUSABLE = {
    "DEPROVISIONED": "deprovisioned",
    "INACTIVE": "inactive",
    "REVOKED": "revoked",
    "SUSPENDED": "suspended",
    "UNASSIGNED": "unassigned",
}
"""Okta's status of an app assignment that cannot be used, in words."""


@dataclass(frozen=True)
class Standing:
    """How somebody stands with Okta, and with one app. Empty: there is no account, or no assignment listed."""

    account: str = ""
    status: str = ""
    sync_state: str = ""
    level: str = ""
    """By the app's own list."""

    @property
    def shut(self) -> bool:
        """The account opens nothing, and rules pass it over."""
        return self.account in {"", DEACTIVATED}


def opened_by(person: str, groups: Sequence[str], app: str) -> str:
    """What somebody has been given, though it opens nothing.

    >>> opened_by("Nadia", ["team-red"], "Paint")
    'Nadia is in team-red, which opens Paint'
    """
    if not groups:
        return f"{person} is assigned to {app}"
    return f"{person} is in {groups[0]}, which opens {app}"


def account_phrase(standing: Standing) -> str:
    """Why an account opens nothing at all; empty where it does."""
    if not standing.account:
        return "there is no Okta account"
    return "the Okta account is deactivated and opens nothing" if standing.shut else ""


def but(person: str, app: str, standing: Standing) -> str:
    """What keeps somebody from using what they have; empty where nothing is known to."""
    if standing.account in FOR_NOW:
        return f"{person}’s Okta account is {FOR_NOW[standing.account]}, so it cannot be used to sign in now."
    if not app:
        return ""
    if standing.status in UNUSABLE:
        return f"Okta lists the assignment to {app} as {UNUSABLE[standing.status]}, so it may not open."
    if standing.sync_state == "ERROR":
        return f"Okta reports an error with the account in {app}, so it may not open."
    return ""
