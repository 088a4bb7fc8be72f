"""A tiny tenant that the tests of the sandbox share, with a clock that ticks a minute per look."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.okta.state import Actor
from sandbox.okta.tenant import Tenant

TOMAS = Actor("00uTomasOkafor000001", "Tomas Okafor")
TERRAFORM = Actor("00uTerraform00000001", "svc terraform", token="00Ttoken00000000001")
WORKFLOWS = Actor("0oaWorkflows00000001", "Okta Workflows", "PublicClientApp")


class Ticking:
    """Every look at this clock is one minute after the one before; it begins at 2026-03-02 09:00."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at


def bare() -> Tenant:
    """A tenant with nothing but Everyone."""
    return Tenant(Ticking())


def small() -> Tenant:
    """Two teams by rule, Figma through both with different roles, Nadia in Radish."""
    tenant = bare()
    cucumber = tenant.add_group("team-cucumber", airtableId="rec1")
    radish = tenant.add_group("team-radish", "AUTO team Radish", airtableId="rec2")
    tenant.add_rule("Cucumber team", 'user.team == "cucumber"', cucumber)
    tenant.add_rule("Radish team", 'user.team == "radish"', radish)
    figma = tenant.add_app("Figma")
    tenant.assign_group(figma, cucumber, 1, role="Editor")
    tenant.assign_group(figma, radish, 2, role="Viewer")
    tenant.add_user("nadia.brandt@nordwind.example", displayName="Nadia Brandt", team="radish")
    return tenant


def kinds(tenant: Tenant) -> list[str]:
    """The event types of the log, oldest first."""
    return [event["eventType"] for event in tenant.log.events]


def last(tenant: Tenant, kind: str) -> dict[str, Any]:
    """The newest event of a type."""
    return next(event for event in reversed(tenant.log.events) if event["eventType"] == kind)
