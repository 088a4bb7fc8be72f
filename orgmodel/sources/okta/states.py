"""Okta's words for how an account, and its assignment to an app, stand; and what they mean in ours."""

GONE = "DEPROVISIONED"
"""Of an account that was deactivated."""
STATES = {
    "STAGED": "pending",
    "PROVISIONED": "active",
    "ACTIVE": "active",
    "RECOVERY": "active",
    "PASSWORD_EXPIRED": "active",
    "LOCKED_OUT": "active",
    "SUSPENDED": "suspended",
    "DEPROVISIONED": "ended",
    "DELETED": "ended",
}
"""Of an account. Not signed in yet, or locked, is still active."""
HINDRANCES = {
    "STAGED": "has not been activated yet",
    "PROVISIONED": "waits for its first sign-in",
    "RECOVERY": "is being recovered: a new password has not been set yet",
    "PASSWORD_EXPIRED": "has an expired password",
    "LOCKED_OUT": "is locked",
    "SUSPENDED": "is suspended",
    "DEPROVISIONED": "is deactivated",
}
"""What is said of an account that cannot be used to sign in."""
LINES = {
    "DEPROVISIONED": ("user.lifecycle.deactivate",),
    "SUSPENDED": ("user.lifecycle.suspend",),
    "LOCKED_OUT": ("user.account.lock",),
    "": (
        "user.lifecycle.activate",
        "user.lifecycle.reactivate",
        "user.lifecycle.unsuspend",
        "user.account.unlock",
    ),
}
"""Which lines of the log tell that an account came to stand so; under the empty text: in any other way."""
SEATS = {
    **dict.fromkeys(("ACTIVE", "PROVISIONED", "APPROVED", "IMPLICIT", "IMPORTED", "MATCHED"), "active"),
    **dict.fromkeys(("PENDING", "STAGED"), "pending"),
    **dict.fromkeys(("SUSPENDED", "INACTIVE"), "suspended"),
    **dict.fromkeys(("DEPROVISIONED", "REVOKED", "UNASSIGNED"), "ended"),
}
"""Of an assignment to an app."""
WAITS = frozenset({"PENDING", "STAGED", "SYNCING"})
"""Words for an assignment, or for its delivery, that end by themselves."""
UNUSABLE = {
    "ERROR": "Okta could not deliver it",
    "SUSPENDED": "suspended in the app",
    "DEPROVISIONED": "closed in the app",
    "INACTIVE": "inactive in the app",
    "REVOKED": "revoked",
    "UNASSIGNED": "no longer assigned",
    "PENDING": "not ready yet",
    "STAGED": "not ready yet",
}
"""What is said of an assignment that is listed and that nobody can use, in the order in which it is said."""


def state_of(status: str) -> str:
    """Our word for Okta's status; none stands for active, one that is not known for itself."""
    return STATES.get(status.upper(), status.lower() or "active")
