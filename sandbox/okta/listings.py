"""Which rows a path and its parameters mean."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from . import rows, schemas, scim
from .faults import Faults
from .state import App, Group, User
from .tenant import Tenant

Json = dict[str, Any]
Query = dict[str, str]
LOG_DAYS = 7
OLDEST_LOG_DAYS = 180
EVERY_USER = "status pr"
EXACT, DATES = ("eq",), ("gt", "ge", "lt", "le")
USER_FILTER: Mapping[str, Collection[str]] = {
    "id": EXACT,
    "status": EXACT,
    "lastUpdated": DATES,
    **dict.fromkeys((f"profile.{key}" for key in ("login", "email", "firstName", "lastName")), EXACT),
}
GROUP_FILTER: Mapping[str, Collection[str]] = {
    "id": EXACT,
    "type": EXACT,
    "lastUpdated": (*EXACT, *DATES),
    "lastMembershipUpdated": (*EXACT, *DATES),
}
"""What `filter` takes; `search` takes every attribute."""


class TooOld(ValueError):
    """The log does not reach back so far (E0000053)."""


@dataclass(frozen=True)
class Listing:
    """Rows to be paged. `endless`: a next link stands on every page, as in the log."""

    rows: Sequence[Any]
    show: Callable[[Any], Json]
    default: int
    most: int
    what: str = ""
    """The last word of the path, by which a fault names the listing."""
    endless: bool = False
    first: int = 0
    """Place of the first row when no cursor is given."""
    keeps: Callable[[Any], bool] = lambda row: True
    """Rows that are passed over, though they have a place."""
    least: int = 1


@dataclass(frozen=True)
class _Question:
    tenant: Tenant
    faults: Faults
    query: Query

    def expands(self, what: str) -> bool:
        return what in self.query.get("expand", "").split(",")

    def filtered(
        self,
        found: Iterable[Any],
        fact: Callable[[Any, str], Any],
        allowed: Mapping[str, Collection[str]] | None = None,
    ) -> list[Any]:
        """What fits both `filter`, which may name only what is allowed, and `search`."""
        kept = list(found)
        for text, names in ((self.query.get("filter"), allowed), (self.query.get("search"), None)):
            if text:
                fits = scim.parse(text, names)
                kept = [row for row in kept if fits(partial(fact, row))]
        return kept


def find(tenant: Tenant, faults: Faults, path: str, query: Query) -> "Listing | Json | list[Json]":
    """What stands at the path below /api/v1. Raises LookupError (404) or ValueError (400)."""
    for pattern, answer in _PATHS:
        match = re.fullmatch(pattern, path)
        if match:
            return answer(_Question(tenant, faults, query), *match.groups())
    raise LookupError(path)


def _users(ask: _Question) -> Listing:
    found = [] if ask.faults.is_empty("users") else list(ask.tenant.users.values())
    if ask.query.get("filter") or ask.query.get("search", EVERY_USER) != EVERY_USER:
        found = ask.filtered(found, _user_fact, USER_FILTER)
    elif "search" not in ask.query:
        found = [user for user in found if user.status != "DEPROVISIONED"]
    return Listing(found, rows.user, 200, 200, "users")


def _user_fact(user: User, name: str) -> Any:
    if name.startswith("profile."):
        return user.profile.get(name.removeprefix("profile."))
    facts = {
        "id": user.id,
        "status": user.status,
        "created": user.created,
        "lastUpdated": user.updated,
        "statusChanged": user.changed or user.created,
    }
    return facts.get(name)


def _user(ask: _Question, key: str) -> Json:
    if key in ask.tenant.users:
        return rows.user(ask.tenant.users[key])
    for user in ask.tenant.users.values():
        if user.profile["login"] == key:
            return rows.user(user)
    raise LookupError(key)


def _user_groups(ask: _Question, key: str) -> Listing:
    user = ask.tenant.users[key]
    groups = [group for group in ask.tenant.groups.values() if user.id in group.members]
    return Listing(groups, lambda row: rows.group(row, ask.tenant), 200, 200, "groups")


def _groups(ask: _Question) -> Listing:
    listed = () if ask.faults.is_empty("groups") else ask.tenant.groups.values()
    found = ask.filtered(listed, _group_fact, GROUP_FILTER)
    pushes = _push_counts(ask)
    return Listing(found, lambda row: rows.group(row, ask.tenant, pushes=pushes), 10_000, 10_000, "groups")


def _push_counts(ask: _Question) -> Mapping[str, int] | None:
    if not ask.expands("stats"):
        return None
    return Counter(push.group for app in ask.tenant.apps.values() for push in app.pushes)


def _group_fact(group: Group, name: str) -> Any:
    if name.startswith("profile."):
        return group.profile.get(name.removeprefix("profile."))
    facts = {
        "id": group.id,
        "type": group.type,
        "created": group.created,
        "lastUpdated": group.updated,
        "lastMembershipUpdated": group.membership,
        "source.id": group.source or None,
    }
    return facts.get(name)


def _group(ask: _Question, key: str) -> Json:
    return rows.group(ask.tenant.groups[key], ask.tenant, pushes=_push_counts(ask))


def _members(ask: _Question, key: str) -> Listing:
    group = ask.tenant.groups[key]
    listed = [] if ask.faults.is_empty("members", key) else [ask.tenant.users[each] for each in group.members]
    with_rules = ask.expands("group-rules")
    return Listing(
        listed, lambda row: rows.member(ask.tenant, group, row, rules=with_rules), 1000, 1000, "users"
    )


def _member_rules(ask: _Question, group: str, user: str) -> Listing:
    if user not in ask.tenant.groups[group].members:
        raise LookupError(user)
    named = sorted(ask.tenant.users[user].ruled.get(group, ()))
    return Listing(named, lambda row: {"id": row, "name": ask.tenant.rules[row].name}, 200, 200)


def _owners(ask: _Question, key: str) -> Listing:
    group = ask.tenant.groups[key]
    return Listing(group.owners, lambda row: rows.owner(ask.tenant, *row), 1000, 1000, "owners")


def _group_apps(ask: _Question, key: str) -> Listing:
    group = ask.tenant.groups[key]
    apps = [app for app in ask.tenant.apps.values() if group.id in app.groups]
    return Listing(apps, rows.app, 20, 200, "apps")


def _rules(ask: _Question) -> Listing:
    return Listing(list(ask.tenant.rules.values()), rows.rule, 50, 200, "rules")


def _apps(ask: _Question) -> Listing:
    """All apps, or those of one user, then with the assignment where it is asked for."""
    tenant, match = ask.tenant, re.fullmatch(r'user\.id eq "(\w+)"', ask.query.get("filter", ""))
    if match is None:
        return Listing(ask.filtered(tenant.apps.values(), _app_fact), rows.app, 20, 200, "apps")
    seated = [app for app in tenant.apps.values() if match[1] in app.seats]
    if not ask.expands(f"user/{match[1]}"):
        return Listing(seated, rows.app, 20, 200, "apps")
    login = tenant.users[match[1]].profile["login"]

    def with_user(app: App) -> Json:
        return rows.app(app) | {"_embedded": {"user": rows.app_user(app.seats[match[1]], login)}}

    return Listing(seated, with_user, 20, 200, "apps")


def _app_fact(app: App, name: str) -> Any:
    return {"id": app.id, "name": app.name, "status": app.status, "lastUpdated": app.updated}.get(name)


def _app(ask: _Question, key: str) -> Json:
    return rows.app(ask.tenant.apps[key])


def _app_groups(ask: _Question, key: str) -> Listing:
    held = ask.tenant.apps[key].groups
    return Listing(list(held), lambda each: rows.app_group(each, *held[each]), 20, 200, "groups", least=20)


def _app_users(ask: _Question, key: str) -> Listing:
    users, seats = ask.tenant.users, list(ask.tenant.apps[key].seats.values())
    return Listing(
        seats, lambda seat: rows.app_user(seat, users[seat.user].profile["login"]), 50, 500, "users"
    )


def _pushes(ask: _Question, key: str) -> Listing:
    found = ask.tenant.apps[key].pushes
    source, since = ask.query.get("sourceGroupId"), ask.query.get("lastUpdated")
    found = [push for push in found if source in {None, push.group}]
    if since:
        found = [push for push in found if push.created >= scim.moment(since)]
    return Listing(found, rows.push, 100, 1000, "mappings")


def _logs(ask: _Question) -> Listing:
    """The cursor is a place in the whole log, so it means the same whatever is filtered."""
    if "after" in ask.query and "since" in ask.query:
        raise ValueError("since stands beside a cursor")
    events, now = ask.tenant.log.events, ask.tenant.now()
    fits = scim.parse(ask.query["filter"]) if ask.query.get("filter") else None
    until = scim.moment(ask.query["until"]) if ask.query.get("until") else None
    since = scim.moment(ask.query["since"]) if ask.query.get("since") else now - timedelta(days=LOG_DAYS)
    if since < now - timedelta(days=OLDEST_LOG_DAYS):
        raise TooOld(str(since))
    dates = [scim.moment(event["published"]) for event in events] if "after" not in ask.query else []
    first = next((place for place, at in enumerate(dates) if at >= since), len(dates))

    def keeps(event: Json) -> bool:
        inside = until is None or scim.moment(event["published"]) < until
        return inside and (fits is None or fits(partial(_event_fact, event)))

    return Listing(
        events, lambda row: row, 100, 1000, "logs", endless=until is None, first=first, keeps=keeps, least=0
    )


def _event_fact(event: Json, name: str) -> Any:
    found: Any = event
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


_ID = r"([^/]+)"
_PATHS: tuple[tuple[str, Callable[..., Listing | Json | list[Json]]], ...] = (
    ("/users", _users),
    (f"/users/{_ID}/groups", _user_groups),
    (f"/users/{_ID}", _user),
    ("/groups/rules", _rules),
    ("/groups", _groups),
    (f"/groups/{_ID}/users/{_ID}/group-rules", _member_rules),
    (f"/groups/{_ID}/users", _members),
    (f"/groups/{_ID}/owners", _owners),
    (f"/groups/{_ID}/apps", _group_apps),
    (f"/groups/{_ID}", _group),
    ("/apps", _apps),
    (f"/apps/{_ID}/groups", _app_groups),
    (f"/apps/{_ID}/users", _app_users),
    (f"/apps/{_ID}/group-push/mappings", _pushes),
    (f"/apps/{_ID}", _app),
    ("/logs", _logs),
    ("/meta/schemas/group/default", lambda ask: schemas.group(ask.tenant)),
    ("/meta/schemas/user/default", lambda ask: schemas.user(ask.tenant)),
    (f"/meta/schemas/user/{_ID}", lambda ask, key: schemas.of_type(ask.tenant, key)),
    ("/meta/types/user", lambda ask: schemas.types(ask.tenant)),
)
