"""What a source says, as plain values: the rows that readers give and the merge takes.

Every fact is a tuple: a batch goes into COPY as it is. Native ids are the source's own strings.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, Literal, NamedTuple

from .marks import Covered, Unreadable

Scalar = str | int | float | bool
Value = Scalar | list[Scalar]
"""One attribute value as the source gave it; absent and null are both left out of a mapping."""

Origin = Literal["rule", "automation", "request", "admin", "app", "unknown"]
Evidence = Literal["okta", "log", "evaluated", "none"]
STATED: Final = "okta"
"""The evidence where the source itself says so; JSON has always called it that."""
EdgeSort = Literal["opens", "cascades", "contains", "mirrors"]
"""What an edge is: a group opens an app, a parent passes access on to its child, a role contains another, a
group is mirrored in another system."""

STATES = ("pending", "active", "leave", "suspended", "ended")


def composed(text: str) -> str:
    """The text in the one form in which letters are kept (NFC): `e` + U+0301 and `é` are the same name.

    Every reader brings all texts of a source to it on the way in, ids and addresses included.
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


class AccountFact(NamedTuple):
    """A principal in one source: an Okta user, an HRIS record."""

    native_id: str
    login: str
    email: str
    name: str
    status: str
    """The source's own word for how the account stands."""
    title: str
    worker_type: str
    manager_ref: str
    """The source's manager value as it stands: an id, an employee number, an e-mail or a login."""
    employee_number: str
    start_date: date | None
    end_date: date | None
    time_zone: str
    attributes: Mapping[str, Value]
    """Only the attributes that are kept (work attributes, those of units, moves and rules)."""
    created: datetime | None
    updated: datetime | None
    state: str = "active"
    """What that means in our words: one of STATES; a word that is not known stays, in lower case."""
    dated: Mapping[str, str] = {}
    """Attribute, or `manager` → the ISO day since which it is so, where the source itself dates it."""


class PlannedFact(NamedTuple):
    """A record says today what will be so from a day on that is still to come."""

    account: str
    attribute: str
    """A tracked attribute; `manager`; `status` (a joiner's first day, a leaver's last)."""
    value: str
    """As the record will have it then: of `manager` a reference, of `status` one of the words for it."""
    valid_from: date


class ResourceFact(NamedTuple):
    """A group or an app."""

    kind: Literal["group", "app"]
    native_id: str
    name: str
    description: str
    type: str
    """Of a group who keeps it: own, imported (an app), built-in; of an app its catalogue name."""
    status: str
    """active or inactive for an app, empty for a group."""
    profile: Mapping[str, Value]
    """Custom profile keys of a group; of an app: implicit (everyone may use it), sign_on."""
    features: Sequence[str]
    parent: str
    """The app that owns an imported group, else empty."""
    updated: datetime | None
    members: int | None
    """How many members the source's own statistics count; null where it gives none."""


class Ref(NamedTuple):
    """A group, an app or another resource, of whichever source."""

    source: str
    """Empty: the source that speaks."""
    kind: str
    native_id: str


class GrantFact(NamedTuple):
    """An account of the source holds something; with the source's own attribution, if it gives one."""

    account: str
    target: Ref
    level: str
    origin: Origin
    rules: Sequence[str]
    """Native ids of the rules that Okta names, sorted; empty for a direct one or where it says nothing."""
    evidence: Evidence
    """STATED: the source attributed it (by rule, or as direct); none: it gives no attribution."""


MEMBER = "member"
"""The level of those who belong to a group, whatever else they may do."""
UNRANKED = 2**31 - 1
"""The priority of a group to which the app gives none: it comes last."""


class EdgeFact(NamedTuple):
    """Who holds one thing holds another, too, whatever their sources."""

    source: Ref
    source_level: str
    """Empty: at whatever level somebody holds it."""
    target: Ref
    target_level: str
    """Empty: at the level at which they hold the other, or at the cap where that is lower."""
    sort: EdgeSort
    priority: int
    """The lowest number wins, where the target goes by priorities."""
    cap: str
    """The target is held at most at this level; empty: no limit."""


class SeatFact(NamedTuple):
    """An account's assignment to an app: USER (perhaps by group too) or GROUP; as whom it is known there."""

    account: str
    app: str
    scope: str
    status: str
    sync_state: str
    level: str
    created: datetime | None
    user_name: str = ""
    external_id: str = ""


class RuleFact(NamedTuple):
    """A group rule (active, inactive or invalid): whoever it fits is put into the target groups."""

    native_id: str
    name: str
    status: str
    expression: str
    targets: Sequence[str]
    excluded: Sequence[str]
    updated: datetime | None


class ProfileFact(NamedTuple):
    """An attribute that the profiles of users may have, by the source's own schema."""

    name: str
    title: str
    type: str
    """string, number, integer, boolean or array."""
    kept: bool
    """Its values are read; those of other attributes are not stored."""


class PushFact(NamedTuple):
    """A group pushed to an app's own groups."""

    native_id: str
    app: str
    source_group: str
    target_group: str
    status: str
    error: str
    last_push: datetime | None


class OwnerFact(NamedTuple):
    """Who owns a group: an account (USER) or another group (GROUP)."""

    group: str
    kind: str
    owner: str
    name: str


class EventFact(NamedTuple):
    """One line of the System Log, reduced to what names a cause."""

    uuid: str
    published: datetime
    type: str
    actor_type: str
    actor_id: str
    actor_name: str
    transaction_type: str
    transaction_id: str
    token_id: str
    rule: str
    account: str
    group: str
    app: str
    changed: Sequence[str]


class UnitFact(NamedTuple):
    """An org unit as its control plane, or the HRIS, keeps it."""

    kind: str
    native_id: str
    name: str
    slug: str
    parent: str
    lead: str
    active: bool
    active_from: date | None
    active_to: date | None
    merged_into: str


class AssignmentFact(NamedTuple):
    """A person belongs to a unit from a day until the first day it no longer holds."""

    person: str
    unit: str
    kind: str
    valid_from: date | None
    valid_to: date | None


Fact = (
    AccountFact
    | ResourceFact
    | GrantFact
    | EdgeFact
    | SeatFact
    | RuleFact
    | ProfileFact
    | PlannedFact
    | PushFact
    | OwnerFact
    | EventFact
    | UnitFact
    | AssignmentFact
    | Covered
    | Unreadable
)
