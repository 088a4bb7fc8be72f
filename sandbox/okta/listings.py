"""Which rows a path and its parameters mean."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from . import rows
from .faults import Faults
from .log import stamp
from .tenant import Tenant

Json = dict[str, Any]
Query = dict[str, str]


@dataclass(frozen=True)
class Listing:
    """Rows to be paged. `endless`: a next link stands on every page, as in the log."""

    rows: Sequence[Any]
    show: Callable[[Any], Json]
    default: int
    most: int
    endless: bool = False
    first: int = 0
    """Place of the first row when no cursor is given."""


@dataclass(frozen=True)
class _Question:
    tenant: Tenant
    faults: Faults
    query: Query


def find(tenant: Tenant, faults: Faults, path: str, query: Query) -> "Listing | Json":
    """What stands at the path below /api/v1. Raises LookupError (404) or ValueError (400)."""
    for pattern, answer in _PATHS:
        match = re.fullmatch(pattern, path)
        if match:
            return answer(_Question(tenant, faults, query), *match.groups())
    raise LookupError(path)


def _users(ask: _Question) -> Listing:
    if ask.faults.is_empty("users"):
        return Listing([], rows.user, 200, 200)
    found = list(ask.tenant.users.values())
    since = re.search(r'lastUpdated gt "([^"]+)"', ask.query.get("filter", "") + ask.query.get("search", ""))
    status = re.search(r'status eq "([^"]+)"', ask.query.get("filter", ""))
    if since:
        found = [user for user in found if stamp(user.updated) > since[1]]
    elif status:
        found = [user for user in found if user.status == status[1]]
    elif "status pr" not in ask.query.get("search", ""):
        found = [user for user in found if user.status != "DEPROVISIONED"]
    return Listing(found, rows.user, 200, 200)


def _user(ask: _Question, key: str) -> Json:
    if key in ask.tenant.users:
        return rows.user(ask.tenant.users[key])
    return rows.user(ask.tenant.user(key)) if "@" in key else _missing(key)


def _user_groups(ask: _Question, key: str) -> Listing:
    groups = [group for group in ask.tenant.groups.values() if key in group.members]
    return Listing(groups, lambda row: rows.group(row, ask.tenant, stats=False), 200, 200)


def _groups(ask: _Question) -> Listing:
    found = list(ask.tenant.groups.values()) if not ask.faults.is_empty("groups") else []
    since = re.search(r'(?:lastUpdated|lastMembershipUpdated) gt "([^"]+)"', ask.query.get("filter", ""))
    if since:
        found = [group for group in found if stamp(max(group.updated, group.membership)) > since[1]]
    stats = ask.query.get("expand") == "stats"
    return Listing(found, lambda row: rows.group(row, ask.tenant, stats=stats), 200, 10_000)


def _group(ask: _Question, key: str) -> Json:
    return rows.group(ask.tenant.groups[key], ask.tenant, stats=ask.query.get("expand") == "stats")


def _members(ask: _Question, key: str) -> Listing:
    group = ask.tenant.groups[key]
    listed = [] if ask.faults.is_empty("members", key) else [ask.tenant.users[each] for each in group.members]
    told = ask.query.get("expand") == "group-rules"
    return Listing(listed, lambda row: rows.member(ask.tenant, group, row, rules=told), 1000, 1000)


def _owners(ask: _Question, key: str) -> Listing:
    return Listing(ask.tenant.groups[key].owners, lambda row: rows.owner(ask.tenant, *row), 1000, 1000)


def _group_apps(ask: _Question, key: str) -> Listing:
    apps = [app for app in ask.tenant.apps.values() if key in app.groups]
    return Listing(apps, rows.app, 20, 200)


def _member_rules(ask: _Question, group: str, user: str) -> Listing:
    named = sorted(ask.tenant.users[user].ruled.get(group, ()))
    return Listing(named, lambda row: {"id": row, "name": ask.tenant.rules[row].name}, 200, 200)


def _rules(ask: _Question) -> Listing:
    return Listing(list(ask.tenant.rules.values()), rows.rule, 50, 200)


def _apps(ask: _Question) -> Listing:
    return Listing(list(ask.tenant.apps.values()), rows.app, 20, 200)


def _app(ask: _Question, key: str) -> Json:
    return rows.app(ask.tenant.apps[key])


def _app_groups(ask: _Question, key: str) -> Listing:
    held = ask.tenant.apps[key].groups
    return Listing(
        list(held),
        lambda each: rows.app_group(each, held[each][0], held[each][1], stamp(held[each][2])),
        20,
        200,
    )


def _app_users(ask: _Question, key: str) -> Listing:
    users = ask.tenant.users
    return Listing(
        list(ask.tenant.apps[key].seats.values()),
        lambda seat: rows.app_user(seat, users[seat.user].profile["login"]),
        50,
        500,
    )


def _pushes(ask: _Question, key: str) -> Listing:
    return Listing(ask.tenant.apps[key].pushes, rows.push, 100, 1000)


def _logs(ask: _Question) -> Listing:
    since, until = ask.query.get("since", ""), ask.query.get("until", "")
    words = re.findall(r'eventType (sw|eq) "([^"]+)"', ask.query.get("filter", ""))
    found = [
        event for event in ask.tenant.log.events if not words or any(_means(event, *word) for word in words)
    ]
    if since and not ask.query.get("after"):
        # The cursor is a place in the whole log: what lies before `since` is left out by place.
        first = next((place for place, event in enumerate(found) if event["published"] >= since), len(found))
        return Listing(found, lambda row: row, 100, 1000, endless=not until, first=first)
    return Listing(found, lambda row: row, 100, 1000, endless=not until)


def _means(event: Json, operator: str, text: str) -> bool:
    kind = str(event["eventType"])
    return kind.startswith(text) if operator == "sw" else kind == text


def _schema(ask: _Question) -> Json:
    return rows.SCHEMA


def _missing(key: str) -> Json:
    raise LookupError(key)


_ID = r"([^/]+)"
_PATHS: tuple[tuple[str, Callable[..., Listing | Json]], ...] = (
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
    ("/meta/schemas/group/default", _schema),
    ("/meta/schemas/user/default", _schema),
    ("/meta/types/user", _schema),
)
