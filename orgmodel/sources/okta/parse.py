"""Okta's rows into facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from orgmodel.facts import (
    MEMBER,
    UNRANKED,
    AccountFact,
    EdgeFact,
    EventFact,
    GrantFact,
    OwnerFact,
    ProfileFact,
    PushFact,
    Ref,
    ResourceFact,
    RuleFact,
    SeatFact,
)
from orgmodel.sources.values import NAME, SHORT, TEXT, clean, day, kept_value

from . import shapes
from .levels import level_of
from .states import state_of

EXPRESSION = 20_000
MOST_CHANGED = 200
WORK_ATTRIBUTES = frozenset(
    {
        "title",
        "department",
        "division",
        "organization",
        "costCenter",
        "userType",
        "employeeNumber",
        "manager",
        "managerId",
        "team",
        "city",
        "countryCode",
        "state",
        "timezone",
    }
)
"""Kept for everybody; what units, moves and rules name comes on top. Nothing else is stored."""


@dataclass(frozen=True)
class Parser:
    """What of the organisation's conventions parsing needs."""

    id_attribute: str = "employeeNumber"
    manager_attribute: str = "managerId"
    email_attribute: str = "email"
    level_keys: Sequence[str] = ()
    keep: frozenset[str] = WORK_ATTRIBUTES

    def account(self, user: shapes.User) -> AccountFact:
        profile = user.profile or {}
        login, status = clean(profile.get("login"), SHORT), clean(user.status, SHORT)
        names = (clean(profile.get(key), NAME) for key in ("firstName", "lastName"))
        full = " ".join(part for part in names if part)[:NAME]
        start, end = day(profile.get("startDate")), day(profile.get("endDate"))
        if start and end and end < start:
            end = None  # the end of an earlier employment, left standing after a return
        return AccountFact(
            native_id=user.id,
            login=login,
            email=clean(profile.get(self.email_attribute) or profile.get("email"), SHORT),
            name=clean(profile.get("displayName"), NAME) or full or login or user.id,
            status=status,
            title=clean(profile.get("title"), NAME),
            worker_type=clean(profile.get("userType"), SHORT),
            manager_ref=clean(profile.get(self.manager_attribute), SHORT),
            employee_number=clean(profile.get(self.id_attribute), SHORT),
            start_date=start,
            end_date=end,
            time_zone=clean(profile.get("timezone"), SHORT),
            attributes={
                key: value for key in self.keep if (value := kept_value(profile.get(key))) is not None
            },
            created=user.created,
            updated=user.lastUpdated,
            state=state_of(status),
        )

    def schema(self, found: shapes.Schema) -> list[ProfileFact]:
        """The attributes of the user schema; a name that could not be stored is left out."""
        properties = {
            clean(name, SHORT): each
            for part in found.definitions.values()
            for name, each in part.properties.items()
        }
        return [
            ProfileFact(name, clean(each.title, NAME), clean(each.type, SHORT), name in self.keep)
            for name, each in properties.items()
            if name
        ]

    def level(self, profile: Mapping[str, Any] | None) -> str:
        """The level, or levels, that an assignment's profile carries under the configured keys."""
        return level_of(profile, self.level_keys)

    def edge(self, app: str, row: shapes.AppGroup) -> EdgeFact:
        ranked = UNRANKED if row.priority is None else row.priority
        return EdgeFact(
            _group(row.id), MEMBER, Ref("", "app", app), self.level(row.profile), "opens", ranked, ""
        )

    def seat(self, app: str, row: shapes.AppUser) -> SeatFact:
        return SeatFact(
            row.id,
            app,
            clean(row.scope, SHORT) or "USER",
            clean(row.status, SHORT),
            clean(row.syncState, SHORT),
            self.level(row.profile),
            row.created,
            clean((row.credentials or {}).get("userName"), SHORT),
            clean(row.externalId, SHORT),
        )


KEPT_BY = {"OKTA_GROUP": "own", "APP_GROUP": "imported", "BUILT_IN": "built-in"}
"""Okta's type of a group → who keeps its members, in our words."""


def group(row: shapes.Group) -> ResourceFact:
    """A group; its custom profile keys stand beside name and description."""
    profile, kind = row.profile or {}, clean(row.type, SHORT)
    custom = {
        clean(key, SHORT): value
        for key, raw in profile.items()
        if key not in {"name", "description"} and (value := kept_value(raw)) is not None
    }
    stats = row.embedded.stats if row.embedded else None
    return ResourceFact(
        "group",
        row.id,
        clean(profile.get("name"), NAME) or row.id,
        clean(profile.get("description"), TEXT),
        KEPT_BY.get(kind, kind) or ("imported" if _owning_app(row) else "own"),
        "",
        custom,
        (),
        _owning_app(row),
        row.lastUpdated,
        stats.usersCount if stats else None,
    )


def _owning_app(row: shapes.Group) -> str:
    """The app that an imported group belongs to, from the link to its source."""
    source = (row.links or {}).get("source")
    href = source.get("href") if isinstance(source, dict) else None
    before, _, native = href.rstrip("/").rpartition("/") if isinstance(href, str) else ("", "", "")
    return clean(native, SHORT) if before.endswith("/apps") else ""


def app(row: shapes.App) -> ResourceFact:
    """An app: its label is what people see."""
    implicit = bool(row.settings and row.settings.implicitAssignment)
    return ResourceFact(
        "app",
        row.id,
        clean(row.label, NAME) or clean(row.name, NAME) or row.id,
        "",
        clean(row.name, SHORT),
        clean(row.status, SHORT).lower() or "active",
        {"implicit": implicit, "sign_on": clean(row.signOnMode, SHORT)},
        tuple(sorted(clean(each, SHORT) for each in row.features or ())),
        "",
        row.lastUpdated,
        None,
    )


@lru_cache(maxsize=64)
def _group(native_id: str) -> Ref:
    """One for all members of a group, who come one after another."""
    return Ref("", "group", native_id)


def member(group_type: str, group_id: str, row: shapes.Member) -> GrantFact:
    """A membership with Okta's attribution: by these rules, direct, or not told."""
    if group_type == "imported":
        return GrantFact(row.id, _group(group_id), MEMBER, "app", (), "okta")
    if group_type == "built-in":
        return GrantFact(row.id, _group(group_id), MEMBER, "automation", (), "okta")
    named = row.embedded.group_rules if row.embedded else None
    if named is None:
        return GrantFact(row.id, _group(group_id), MEMBER, "unknown", (), "none")
    rules = tuple(sorted({rule.id for rule in named})) if named else ()
    return GrantFact(row.id, _group(group_id), MEMBER, "rule" if rules else "unknown", rules, "okta")


def rule(row: shapes.Rule) -> RuleFact:
    """A group rule."""
    conditions, actions = row.conditions, row.actions
    expression = conditions.expression.value if conditions and conditions.expression else None
    people = conditions.people.users if conditions and conditions.people else None
    assign = actions.assignUserToGroups if actions else None
    return RuleFact(
        row.id,
        clean(row.name, NAME) or row.id,
        clean(row.status, SHORT).lower(),
        clean(expression, EXPRESSION),
        tuple(sorted(assign.groupIds or ()) if assign else ()),
        tuple(sorted(people.exclude or ()) if people else ()),
        row.lastUpdated,
    )


def push(app_id: str, row: shapes.Push) -> PushFact:
    """A group push mapping."""
    return PushFact(
        row.id,
        app_id,
        row.sourceGroupId or "",
        row.targetGroupId or "",
        clean(row.status, SHORT).lower(),
        clean(row.errorSummary, TEXT),
        row.lastPush,
    )


def owner(group_id: str, row: shapes.Owner) -> OwnerFact:
    """An owner of a group."""
    return OwnerFact(group_id, clean(row.type, SHORT), row.id, clean(row.displayName, NAME))


def events(found: Iterable[shapes.Event]) -> list[EventFact]:
    """Log lines of what succeeded, with targets chosen by their type."""
    return [event(row) for row in found if row.outcome and row.outcome.result == "SUCCESS"]


def event(row: shapes.Event) -> EventFact:
    """A line, whether what it tells of succeeded or not."""
    # The first target of a type is the one that is meant.
    by_type = {target.type: clean(target.id, SHORT) for target in reversed(row.target or ())}
    actor, transaction = row.actor or shapes.Actor(), row.transaction or shapes.Transaction()
    debug = (row.debugContext.debugData if row.debugContext else None) or {}
    return EventFact(
        uuid=row.uuid,
        published=row.published,
        type=clean(row.eventType, SHORT),
        actor_type=clean(actor.type, SHORT),
        actor_id=clean(actor.id, SHORT),
        actor_name=clean(actor.displayName, SHORT),
        transaction_type=clean(transaction.type, SHORT),
        transaction_id=clean(transaction.id, SHORT),
        token_id=clean((transaction.detail or {}).get("requestApiTokenId"), SHORT),
        rule=clean(debug.get("triggeredByGroupRuleId"), SHORT),
        account=by_type.get("User", ""),
        group=by_type.get("UserGroup", ""),
        app=by_type.get("AppInstance", ""),
        changed=_names(debug.get("changedAttributes")),
    )


def _names(raw: Any) -> tuple[str, ...]:
    """Attribute names from text with commas between."""
    if not isinstance(raw, str):
        return ()
    return tuple(name for part in raw.split(",")[:MOST_CHANGED] if (name := clean(part, SHORT).strip()))
