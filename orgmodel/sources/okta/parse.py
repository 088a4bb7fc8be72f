"""Okta's rows into facts. One unreadable row is a problem with its id; the page goes on without it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from orgmodel.facts import (
    AccountFact,
    EdgeFact,
    EventFact,
    GrantFact,
    OwnerFact,
    Problem,
    PushFact,
    ResourceFact,
    RuleFact,
    SeatFact,
    SourceFailed,
    Value,
)

from . import shapes

NAME, TEXT, LEVEL, SHORT = 500, 2000, 200, 300
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


def rows(body: bytes, shape: Any, where: str, kind: str, problems: list[Problem]) -> list[Any]:
    """The rows of a page. Raises SourceFailed when the page is no list."""
    try:
        whole: list[Any] = _decoder(list[shape]).decode(body)
    except msgspec.MsgspecError:
        return _row_by_row(body, shape, where, kind, problems)
    return whole


def _row_by_row(body: bytes, shape: Any, where: str, kind: str, problems: list[Problem]) -> list[Any]:
    try:
        raw = msgspec.json.decode(body, type=list[msgspec.Raw])
    except msgspec.MsgspecError:
        raise SourceFailed(f"Okta's answer to {where} is no list of records; nothing was applied.") from None
    found = []
    for row in raw:
        try:
            found.append(_decoder(shape).decode(row))
        except msgspec.MsgspecError as error:
            problems.append(Problem(where, _id_of(row), f"unreadable: {_without_values(error)}", kind))
    return found


@lru_cache(maxsize=64)
def _decoder(shape: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shape)


def _id_of(row: msgspec.Raw) -> str:
    try:
        found = msgspec.json.decode(row)
    except msgspec.MsgspecError:
        return ""
    value = found.get("id") if isinstance(found, dict) else None
    return value if isinstance(value, str) else ""


def _without_values(error: Exception) -> str:
    """msgspec names types and places, never values; the rest is cut."""
    return str(error)[:160]


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
        login = clean(profile.get("login"), SHORT)
        names = (clean(profile.get(key), NAME) for key in ("firstName", "lastName"))
        full = " ".join(part for part in names if part)
        return AccountFact(
            native_id=user.id,
            login=login,
            email=clean(profile.get(self.email_attribute) or profile.get("email"), SHORT),
            name=clean(profile.get("displayName"), NAME) or full or login or user.id,
            status=clean(user.status, SHORT),
            title=clean(profile.get("title"), NAME),
            worker_type=clean(profile.get("userType"), SHORT),
            manager_ref=clean(profile.get(self.manager_attribute), SHORT),
            employee_number=clean(profile.get(self.id_attribute), SHORT),
            start_date=_day(profile.get("startDate")),
            end_date=_day(profile.get("endDate")),
            time_zone=clean(profile.get("timezone"), SHORT),
            attributes={
                key: value for key in self.keep if (value := kept_value(profile.get(key))) is not None
            },
            created=user.created,
            updated=user.lastUpdated,
        )

    def level(self, profile: Mapping[str, Any] | None) -> str:
        """The level that an assignment's profile carries: the first configured key with a value."""
        by_key = {key.lower(): value for key, value in (profile or {}).items()}
        for key in self.level_keys:
            value = by_key.get(key.lower())
            text = (
                ", ".join(clean(item, LEVEL) for item in value)
                if isinstance(value, list)
                else clean(value, LEVEL)
            )
            if text:
                return text[:LEVEL]
        return "assigned"

    def edge(self, app: str, row: shapes.AppGroup) -> EdgeFact:
        return EdgeFact(row.id, app, self.level(row.profile), row.priority or 0)

    def seat(self, app: str, row: shapes.AppUser) -> SeatFact:
        return SeatFact(
            row.id,
            app,
            clean(row.scope, SHORT) or "USER",
            clean(row.status, SHORT),
            clean(row.syncState, SHORT),
            self.level(row.profile),
            row.created,
        )


def group(row: shapes.Group) -> ResourceFact:
    """A group; its custom profile keys stand beside name and description."""
    profile = row.profile or {}
    custom = {
        clean(key, SHORT): value
        for key, raw in profile.items()
        if key not in {"name", "description"} and (value := kept_value(raw)) is not None
    }
    stats = row.embedded.stats if row.embedded else None
    source = (row.links or {}).get("source")
    href = source.get("href", "") if isinstance(source, dict) else ""
    return ResourceFact(
        "group",
        row.id,
        clean(profile.get("name"), NAME) or row.id,
        clean(profile.get("description"), TEXT),
        clean(row.type, SHORT) or "OKTA_GROUP",
        "",
        custom,
        (),
        str(href).rstrip("/").rpartition("/")[2],
        row.lastUpdated,
        stats.usersCount if stats else None,
    )


def app(row: shapes.App) -> ResourceFact:
    """An app: its label is what people see."""
    implicit = bool(row.settings and row.settings.implicitAssignment)
    return ResourceFact(
        "app",
        row.id,
        clean(row.label, NAME) or clean(row.name, NAME) or row.id,
        "",
        clean(row.name, SHORT),
        clean(row.status, SHORT) or "ACTIVE",
        {"implicit": implicit, "sign_on": clean(row.signOnMode, SHORT)},
        tuple(sorted(clean(each, SHORT) for each in row.features or ())),
        "",
        row.lastUpdated,
        None,
    )


def member(group_type: str, group_id: str, row: shapes.Member) -> GrantFact:
    """A membership with Okta's attribution: by these rules, direct, or not told."""
    if group_type == "APP_GROUP":
        return GrantFact(row.id, group_id, "app", (), "okta")
    if group_type == "BUILT_IN":
        return GrantFact(row.id, group_id, "automation", (), "okta")
    named = row.embedded.group_rules if row.embedded else None
    if named is None:
        return GrantFact(row.id, group_id, "unknown", (), "none")
    rules = tuple(sorted({rule.id for rule in named}))
    return GrantFact(row.id, group_id, "rule" if rules else "unknown", rules, "okta")


def rule(row: shapes.Rule) -> RuleFact:
    """A group rule."""
    conditions, actions = row.conditions, row.actions
    expression = conditions.expression.value if conditions and conditions.expression else None
    people = conditions.people.users if conditions and conditions.people else None
    assign = actions.assignUserToGroups if actions else None
    return RuleFact(
        row.id,
        clean(row.name, NAME) or row.id,
        clean(row.status, SHORT),
        clean(expression, 20_000),
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
        clean(row.status, SHORT),
        clean(row.errorSummary, TEXT),
        row.lastPush,
    )


def owner(group_id: str, row: shapes.Owner) -> OwnerFact:
    """An owner of a group."""
    return OwnerFact(group_id, clean(row.type, SHORT), row.id, clean(row.displayName, NAME))


def events(found: Iterable[shapes.Event]) -> list[EventFact]:
    """Log lines of what succeeded, with targets chosen by their type."""
    return [_event(row) for row in found if row.outcome is None or row.outcome.result in {None, "SUCCESS"}]


def _event(row: shapes.Event) -> EventFact:
    by_type = {target.type: target.id or "" for target in reversed(row.target or ())}
    actor, transaction = row.actor or shapes.Actor(), row.transaction or shapes.Transaction()
    debug = (row.debugContext.debugData if row.debugContext else None) or {}
    changed = debug.get("changedAttributes")
    return EventFact(
        uuid=row.uuid,
        published=row.published,
        type=row.eventType,
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
        changed=tuple(part.strip() for part in changed.split(",")) if isinstance(changed, str) else (),
    )


def kept_value(raw: Any) -> Value | None:
    """A profile value as it is stored: text, number, truth or a list of these; None when unset or odd."""
    if isinstance(raw, str):
        return clean(raw, TEXT)
    if isinstance(raw, bool | int | float):
        return raw
    if isinstance(raw, list):
        return [item for each in raw if not isinstance(item := kept_value(each), list | None)]
    return clean(json.dumps(raw), TEXT) if isinstance(raw, dict) else None


def clean(raw: Any, longest: int) -> str:
    """Text that a database can hold: no NUL, no lone surrogate, no longer than this."""
    if raw is None or isinstance(raw, dict | list):
        return ""
    text = raw if isinstance(raw, str) else str(raw)
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()[:longest]


def _day(raw: Any) -> date | None:
    try:
        return date.fromisoformat(str(raw)[:10]) if raw else None
    except ValueError:
        return None
