"""The schemas of users and groups, as far as the profiles in the tenant show them."""

from collections.abc import Iterable
from typing import Any

from .tenant import Tenant

Json = dict[str, Any]
HOME = "https://nordwind.okta.example"
USER_TYPE = "oty1aaBBccDDee2Ff5d7"
GROUP_BASE = ("name", "description")
USER_BASE = (
    "login",
    "email",
    "secondEmail",
    "firstName",
    "lastName",
    "middleName",
    "honorificPrefix",
    "honorificSuffix",
    "displayName",
    "nickName",
    "title",
    "userType",
    "employeeNumber",
    "costCenter",
    "organization",
    "division",
    "department",
    "managerId",
    "manager",
    "preferredLanguage",
    "locale",
    "timezone",
    "city",
    "state",
    "zipCode",
    "countryCode",
    "streetAddress",
    "postalAddress",
    "profileUrl",
    "primaryPhone",
    "mobilePhone",
)
TYPES = {bool: "boolean", int: "integer", float: "number", list: "array"}


def group(tenant: Tenant) -> Json:
    """GET /meta/schemas/group/default."""
    profiles = (each.profile for each in tenant.groups.values())
    return _schema("group", GROUP_BASE, profiles) | {"name": "group", "title": "Okta group"}


def user(tenant: Tenant) -> Json:
    """GET /meta/schemas/user/default."""
    profiles = (each.profile for each in tenant.users.values())
    return _schema("user", USER_BASE, profiles) | {"name": "user", "title": "User"}


def types() -> list[Json]:
    """GET /meta/types/user: the default type alone."""
    link = {"rel": "schema", "href": f"{HOME}/api/v1/meta/schemas/user/default", "method": "GET"}
    return [
        {"id": USER_TYPE, "name": "user", "displayName": "User", "default": True, "_links": {"schema": link}}
    ]


def _schema(kind: str, base: tuple[str, ...], profiles: Iterable[Json]) -> Json:
    custom = {
        key: TYPES.get(type(value), "string")
        for profile in profiles
        for key, value in profile.items()
        if key not in base and value is not None
    }
    return {
        "id": f"{HOME}/meta/schemas/{kind}/default",
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "object",
        "definitions": {
            "custom": _part("custom", custom),
            "base": _part("base", dict.fromkeys(base, "string")),
        },
    }


def _part(name: str, properties: dict[str, str]) -> Json:
    shown = {
        key: {
            "title": key,
            "type": kind,
            "mutability": "READ_WRITE",
            "scope": "NONE",
            "master": {"type": "OKTA"},
        }
        for key, kind in properties.items()
    }
    return {"id": f"#{name}", "type": "object", "properties": shown, "required": []}
