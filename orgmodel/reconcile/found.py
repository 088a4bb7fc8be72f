"""What a detector is and what it gives: a finding with a stable fingerprint and a plan for a human."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from django.db import connection

from orgmodel.conventions import Conventions

Severity = Literal["high", "medium", "low"]


@dataclass(frozen=True)
class Fix:
    """What a human may paste, and what takes it back. Only ids stand in it, never names."""

    kind: Literal["terraform", "csv", "api", "console"]
    text: str
    reverse: str = ""


@dataclass(frozen=True)
class Found:
    """One difference. `key`: native ids that make it the same finding in the next run."""

    key: tuple[str, ...]
    sentence: str
    people: tuple[int, ...] = ()
    resources: tuple[int, ...] = ()
    evidence: dict[str, Any] = field(default_factory=dict)
    fix: tuple[Fix, ...] = ()


@dataclass(frozen=True)
class Context:
    """What detectors may lean on. `truth`: hris or okta, the source that speaks for people."""

    conventions: Conventions
    truth: str
    now: datetime
    today: date


@dataclass(frozen=True)
class Detector:
    """A named detector. `needs`: kinds of facts without which it cannot judge, and so does not."""

    name: str
    title: str
    severity: Severity
    needs: frozenset[str]
    find: Callable[[Context], Iterable[Found]]

    def fingerprint(self, found: Found) -> str:
        """The same for the same subjects, whatever they are called today."""
        text = "\x1f".join((self.name, *found.key))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


DETECTORS: dict[str, Detector] = {}
"""All detectors by name, in the order in which the page shows them."""

Finder = Callable[[Context], Iterable[Found]]


def detector(name: str, title: str, severity: Severity, *needs: str) -> Callable[[Finder], Finder]:
    """Register a detector."""

    def register(find: Finder) -> Finder:
        DETECTORS[name] = Detector(name, title, severity, frozenset(needs), find)
        return find

    return register


def rows(sql: str, parameters: dict[str, Any] | None = None) -> list[Sequence[Any]]:
    """The rows of one query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or {})
        return list(cursor.fetchall())


def take_out(group: str, account: str) -> tuple[Fix, ...]:
    """Remove a direct member of a group."""
    url = f'"$OKTA_URL/api/v1/groups/{group}/users/{account}"'
    call = f'curl -X {{}} -H "Authorization: SSWS $OKTA_ADMIN_TOKEN" {url}'
    return (
        Fix("api", call.format("DELETE"), call.format("PUT")),
        Fix(
            "console", f"Directory › Groups › {group} › People › remove {account}", "Assign the person again."
        ),
    )


def put_off(account: str) -> tuple[Fix, ...]:
    """Deactivate a user."""
    url = f'"$OKTA_URL/api/v1/users/{account}/lifecycle/{{}}"'
    call = f'curl -X POST -H "Authorization: SSWS $OKTA_ADMIN_TOKEN" {url}'
    return (
        Fix("api", call.format("deactivate"), call.format("activate?sendEmail=false")),
        Fix(
            "console",
            f"Directory › People › {account} › More actions › Deactivate",
            "Activate the person again.",
        ),
    )


def unassign(app: str, account: str) -> tuple[Fix, ...]:
    """End a direct assignment to an app."""
    url = f'"$OKTA_URL/api/v1/apps/{app}/users/{account}"'
    call = f'curl -X {{}} -H "Authorization: SSWS $OKTA_ADMIN_TOKEN" {url}'
    return (Fix("api", call.format("DELETE"), "Assign the person to the app again in the console."),)
