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


def of_type(tenant: Tenant, schema: str) -> Json:
    """GET /meta/schemas/user/{schemaId}: of another type of users. Raises LookupError."""
    profile = dict.fromkeys(tenant.types[schema], "")
    return _schema("user", USER_BASE, [profile]) | {"name": "user", "title": schema}


def types(tenant: Tenant) -> list[Json]:
    """GET /meta/types/user: the default type, then the others."""
    others = [_type(f"oty{schema[3:]}", schema, schema, default=False) for schema in tenant.types]
    return [_type(USER_TYPE, "user", "default", default=True), *others]


def _type(native: str, name: str, schema: str, *, default: bool) -> Json:
    href = f"{HOME}/api/v1/meta/schemas/user/{schema}"
    links = {"schema": {"rel": "schema", "href": href, "method": "GET"}}
    return {"id": native, "name": name, "displayName": name.title(), "default": default, "_links": links}


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
