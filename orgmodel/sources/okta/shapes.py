"""The parts of Okta's JSON that are read, typed. Everything but an id may be missing or null."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

Id = Annotated[str, msgspec.Meta(pattern=r"^(?a:[A-Za-z0-9][\w:@~-]{0,99})$")]
"""Ids are used in paths and indexes: anything that does not look like one is refused."""
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Small = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]


class User(msgspec.Struct):
    """A user in a listing."""

    id: Id
    status: str | None = None
    created: Moment | None = None
    lastUpdated: Moment | None = None  # noqa: N815  # Okta's name, as are all below
    profile: dict[str, Any] | None = None


class Property(msgspec.Struct):
    """One attribute of a schema."""

    title: str | None = None
    type: str | None = None


class Part(msgspec.Struct):
    """The base or the custom part of a schema."""

    properties: dict[str, Property] = {}


class Link(msgspec.Struct):
    """A link of Okta's to something else."""

    href: str | None = None


class TypeLinks(msgspec.Struct):
    """Where the schema of a user type stands."""

    schema: Link | None = None


class UserType(msgspec.Struct):
    """A type of users; each has a schema of its own."""

    id: Id
    default: bool | None = None
    links: TypeLinks | None = msgspec.field(name="_links", default=None)


class Schema(msgspec.Struct):
    """A schema: its parts by name."""

    definitions: dict[str, Part] = {}


class RuleName(msgspec.Struct):
    """A rule as it is embedded in a member."""

    id: Id


class MemberEmbedded(msgspec.Struct):
    """What `expand=group-rules` adds; absent where the org does not tell."""

    group_rules: list[RuleName] | None = msgspec.field(name="group-rules", default=None)


class Member(msgspec.Struct):
    """A member of a group: only who, and by which rules."""

    id: Id
    embedded: MemberEmbedded | None = msgspec.field(name="_embedded", default=None)


class Stats(msgspec.Struct):
    """Okta's own counts: of members, of the apps that the group opens, and of those that it is pushed to."""

    usersCount: Small | None = None  # noqa: N815
    appsCount: Small | None = None  # noqa: N815
    groupPushMappingsCount: Small | None = None  # noqa: N815


class GroupEmbedded(msgspec.Struct):
    """What `expand=stats` adds."""

    stats: Stats | None = None


class Group(msgspec.Struct):
    """A group with all its profile keys."""

    id: Id
    type: str | None = None
    created: Moment | None = None
    lastUpdated: Moment | None = None  # noqa: N815
    lastMembershipUpdated: Moment | None = None  # noqa: N815
    profile: dict[str, Any] | None = None
    embedded: GroupEmbedded | None = msgspec.field(name="_embedded", default=None)
    links: dict[str, Any] | None = msgspec.field(name="_links", default=None)


class Expression(msgspec.Struct):
    """The expression of a rule."""

    value: str | None = None


class Excluded(msgspec.Struct):
    """Ids kept out of a rule."""

    exclude: list[Id] | None = None


class RulePeople(msgspec.Struct):
    """Users that a rule leaves out."""

    users: Excluded | None = None


class Conditions(msgspec.Struct):
    """Whom a rule means."""

    people: RulePeople | None = None
    expression: Expression | None = None


class AssignTo(msgspec.Struct):
    """The groups a rule fills."""

    groupIds: list[Id] | None = None  # noqa: N815


class Actions(msgspec.Struct):
    """What a rule does."""

    assignUserToGroups: AssignTo | None = None  # noqa: N815


class Rule(msgspec.Struct):
    """A group rule."""

    id: Id
    name: str | None = None
    status: str | None = None
    lastUpdated: Moment | None = None  # noqa: N815
    conditions: Conditions | None = None
    actions: Actions | None = None


class AppSettings(msgspec.Struct):
    """Whether everybody may use the app without an assignment."""

    implicitAssignment: bool | None = None  # noqa: N815


class App(msgspec.Struct):
    """An app."""

    id: Id
    name: str | None = None
    label: str | None = None
    status: str | None = None
    lastUpdated: Moment | None = None  # noqa: N815
    features: list[str] | None = None
    signOnMode: str | None = None  # noqa: N815
    settings: AppSettings | None = None


class AppGroup(msgspec.Struct):
    """A group's assignment to an app."""

    id: Id
    priority: Small | None = None
    profile: dict[str, Any] | None = None


class AppUser(msgspec.Struct):
    """A user's assignment to an app."""

    id: Id
    scope: str | None = None
    status: str | None = None
    syncState: str | None = None  # noqa: N815
    created: Moment | None = None
    profile: dict[str, Any] | None = None
    externalId: str | None = None  # noqa: N815
    credentials: dict[str, Any] | None = None


class WithUser(msgspec.Struct):
    """What `expand=user/…` adds to an app: the assignment of that user."""

    user: AppUser | None = None


class AppOfUser(msgspec.Struct):
    """An app in the list of one user's apps."""

    id: Id
    embedded: WithUser | None = msgspec.field(name="_embedded", default=None)


class Push(msgspec.Struct):
    """A group push mapping."""

    id: Id
    sourceGroupId: Id | None = None  # noqa: N815
    targetGroupId: Id | None = None  # noqa: N815
    status: str | None = None
    errorSummary: str | None = None  # noqa: N815
    lastPush: Moment | None = None  # noqa: N815


class Owner(msgspec.Struct):
    """An owner of a group. Its date is not ISO, so it is not read."""

    id: Id
    type: str | None = None
    displayName: str | None = None  # noqa: N815


class Actor(msgspec.Struct):
    """Who did it."""

    id: str | None = None
    type: str | None = None
    displayName: str | None = None  # noqa: N815


class Target(msgspec.Struct):
    """What it was done to."""

    id: str | None = None
    type: str | None = None


class Transaction(msgspec.Struct):
    """The request or job it was part of."""

    type: str | None = None
    id: str | None = None
    detail: dict[str, Any] | None = None


class LogOutcome(msgspec.Struct):
    """Whether it happened."""

    result: str | None = None


class Debug(msgspec.Struct):
    """Okta's loose ends; keys are no contract."""

    debugData: dict[str, Any] | None = None  # noqa: N815


class Event(msgspec.Struct):
    """One line of the System Log."""

    uuid: Id
    published: Moment
    eventType: str  # noqa: N815
    actor: Actor | None = None
    outcome: LogOutcome | None = None
    transaction: Transaction | None = None
    debugContext: Debug | None = None  # noqa: N815
    target: list[Target] | None = None
