"""What a pretend Okta tenant holds, as plain records, and ids in Okta's shapes."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Profile = dict[str, Any]
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def make_id(prefix: str, number: int) -> str:
    """20 characters, the same for the same number: `00u…`, `00g…`, `0oa…`, `0pr…`."""
    digits = int.from_bytes(hashlib.sha256(f"{prefix}{number}".encode()).digest()[:12], "big")
    letters = []
    for _ in range(17):
        digits, rest = divmod(digits, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return prefix + "".join(letters)


@dataclass(slots=True)
class User:
    """A user. `hand`: groups held by a direct add; `ruled`: group → rules that put the user there."""

    id: str
    profile: Profile
    created: datetime
    updated: datetime
    status: str = "ACTIVE"
    changed: datetime | None = None
    hand: set[str] = field(default_factory=set)
    ruled: dict[str, set[str]] = field(default_factory=dict)
    apps: set[str] = field(default_factory=set)
    """Apps with an assignment, direct or by group."""

    @property
    def groups(self) -> set[str]:
        return self.hand | set(self.ruled)


@dataclass(slots=True)
class Group:
    """A group of any type; custom keys stand beside name and description in its profile."""

    id: str
    type: str
    profile: Profile
    created: datetime
    updated: datetime
    membership: datetime
    source: str = ""
    members: dict[str, None] = field(default_factory=dict)
    owners: list[tuple[str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.profile["name"])


@dataclass(slots=True)
class Rule:
    """A group rule."""

    id: str
    name: str
    expression: str
    targets: list[str]
    created: datetime
    updated: datetime
    status: str = "ACTIVE"
    excluded: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Seat:
    """A user's assignment to an app as Okta lists it."""

    user: str
    scope: str
    profile: Profile
    created: datetime
    status: str = "PROVISIONED"
    sync_state: str = "SYNCHRONIZED"
    updated: datetime | None = None
    """None: as it was made."""


@dataclass(slots=True)
class App:
    """An app with its group assignments (group → priority, profile) and direct ones (user → profile)."""

    id: str
    name: str
    label: str
    features: list[str]
    created: datetime
    updated: datetime
    status: str = "ACTIVE"
    sign_on: str | None = "SAML_2_0"
    implicit: bool = False
    """Everyone may use it without an assignment."""
    groups: dict[str, tuple[int, Profile, datetime]] = field(default_factory=dict)
    direct: dict[str, Profile] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    pushes: list["Push"] = field(default_factory=list)


@dataclass(slots=True)
class Push:
    """A group push mapping."""

    id: str
    group: str
    target: str | None
    created: datetime
    status: str = "ACTIVE"
    error: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a human in the console, an API token, an OAuth client, or Okta itself."""

    id: str
    name: str
    kind: str = "User"
    token: str = ""


OKTA = Actor("sprSystem", "Okta System", "SystemPrincipal")
