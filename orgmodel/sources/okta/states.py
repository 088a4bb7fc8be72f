"""How an Okta account stands, in our words. Not signed in yet, or locked, is still active."""

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


def state_of(status: str) -> str:
    """Our word for Okta's status; none stands for active, one that is not known for itself."""
    return STATES.get(status.upper(), status.lower() or "active")
