"""The tenant's records as the JSON rows of Okta's API."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from .log import stamp
from .schemas import HOME, USER_TYPE
from .state import App, Group, Push, Rule, Seat, User
from .tenant import Tenant

Json = dict[str, Any]


def encode(answer: object) -> bytes:
    """The answer as JSON; half a surrogate pair, which no UTF-8 can hold, goes out escaped."""
    try:
        return msgspec.json.encode(answer)
    except UnicodeEncodeError:
        return json.dumps(answer).encode()


def user(row: User) -> Json:
    """A user of a listing."""
    return {
        "id": row.id,
        "status": row.status,
        "created": stamp(row.created),
        "activated": stamp(row.created),
        "statusChanged": stamp(row.changed or row.created),
        "lastLogin": None,
        "lastUpdated": stamp(row.updated),
        "passwordChanged": None,
        "type": {"id": USER_TYPE},
        "profile": {"firstName": None, "secondEmail": None, "mobilePhone": None, **row.profile},
        "_links": {"self": {"href": f"{HOME}/api/v1/users/{row.id}"}},
    }


def member(tenant: Tenant, group: Group, row: User, *, rules: bool) -> Json:
    """A member of a group, with attribution where it is asked for and given."""
    found = user(row)
    if rules and tenant.attribution:
        named = sorted(row.ruled.get(group.id, ()))
        found["_embedded"] = {
            "group-rules": [{"id": each, "name": tenant.rules[each].name} for each in named]
        }
    return found


def group(row: Group, tenant: Tenant, *, pushes: Mapping[str, int] | None = None) -> Json:
    """A group of a listing. `pushes`: mappings per group, for the stats; None leaves these out."""
    found: Json = {
        "id": row.id,
        "created": stamp(row.created),
        "lastUpdated": stamp(row.updated),
        "lastMembershipUpdated": stamp(row.membership),
        "objectClass": ["okta:user_group"],
        "type": row.type,
        "profile": row.profile,
        "_links": {"source": {"href": f"{HOME}/api/v1/apps/{row.source}"}} if row.source else {},
    }
    if pushes is not None:
        counts = {
            "usersCount": len(row.members),
            "appsCount": len(tenant.opens.get(row.id, ())),
            "groupPushMappingsCount": pushes.get(row.id, 0),
            "hasAdminPrivlege": False,  # Spelled as in the specification.
        }
        found["_embedded"] = {"stats": counts}
    return found


def rule(row: Rule) -> Json:
    """A group rule."""
    return {
        "type": "group_rule",
        "id": row.id,
        "status": row.status,
        "name": row.name,
        "created": stamp(row.created),
        "lastUpdated": stamp(row.updated),
        "conditions": {
            "people": {"users": {"exclude": row.excluded}, "groups": {"exclude": []}},
            "expression": {"value": row.expression, "type": "urn:okta:expression:1.0"},
        },
        "actions": {"assignUserToGroups": {"groupIds": row.targets}},
        "allGroupsValid": row.status != "INVALID",
    }


def app(row: App) -> Json:
    """An app of a listing."""
    return {
        "id": row.id,
        "name": row.name,
        "label": row.label,
        "status": row.status,
        "lastUpdated": stamp(row.updated),
        "created": stamp(row.created),
        "features": row.features,
        "signOnMode": row.sign_on,
        "settings": {"implicitAssignment": row.implicit, "manualProvisioning": False},
    }


def app_group(group_id: str, priority: int, profile: Json, at: datetime) -> Json:
    """A group's assignment to an app."""
    return {"id": group_id, "lastUpdated": stamp(at), "priority": priority, "profile": profile}


def app_user(row: Seat, login: str) -> Json:
    """A user's assignment to an app."""
    return {
        "id": row.user,
        "externalId": None,
        "created": stamp(row.created),
        "lastUpdated": stamp(row.updated or row.created),
        "scope": row.scope,
        "status": row.status,
        "statusChanged": stamp(row.created),
        "passwordChanged": None,
        "syncState": row.sync_state,
        "credentials": {"userName": login},
        "profile": {"email": login, **row.profile},
    }


def push(row: Push) -> Json:
    """A group push mapping; what is not there is left out."""
    found: Json = {
        "id": row.id,
        "created": stamp(row.created)[:19] + "Z",
        "sourceGroupId": row.group,
        "targetGroupId": row.target,
        "status": row.status,
    }
    return found | ({"errorSummary": row.error} if row.error else {})


def owner(tenant: Tenant, kind: str, native: str) -> Json:
    """An owner of a group, with Okta's own kind of date."""
    name = tenant.users[native].profile.get("displayName") if kind == "USER" else tenant.groups[native].name
    return {
        "id": native,
        "type": kind,
        "resolved": True,
        "originId": None,
        "originType": "OKTA_DIRECTORY",
        "displayName": name,
        "lastUpdated": "2026-03-27 03:16:15.0",
    }
