"""The attributes that profiles of users may have: of the default type of users, and of every other type."""

from collections.abc import Iterator

import msgspec

from orgmodel.facts import ProfileFact

from . import shapes
from .answers import API_PATH, Failing, Gone, NotVisible, Refused
from .client import OktaClient
from .parse import Parser

GROUP_SCHEMA = "/api/v1/meta/schemas/group/default"
USER_SCHEMA = "/api/v1/meta/schemas/user/default"
USER_TYPES = "/api/v1/meta/types/user"
NOT_READ = (NotVisible, Gone, Refused, Failing)
"""What makes the schema not visible: nothing else depends on it, so the run goes on without it."""


class NoSchema(Exception):
    """The answer is none; the text says so."""


def user_schemas(client: OktaClient, parser: Parser) -> list[ProfileFact]:
    """Every attribute once, as the default type has it where several do.

    Raises NoSchema and NOT_READ when the schema of any type cannot be read: then what was known stays.
    """
    client.one(GROUP_SCHEMA)  # It is not used, but a token that may not see it is worth knowing.
    found: dict[str, ProfileFact] = {}
    for path in (USER_SCHEMA, *_others(client)):
        for fact in parser.schema(_schema(client.one(path))):
            found.setdefault(fact.name, fact)
    return list(found.values())


def _others(client: OktaClient) -> Iterator[str]:
    """Where the schemas of the types beside the default one stand; the host of a link is not believed."""
    body = client.one(USER_TYPES)
    try:
        types = msgspec.json.decode(body, type=list[shapes.UserType])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return  # No list of types: the default one is known by its address.
    for each in types:
        link = each.links.schema.href if each.links and each.links.schema else None
        _, found, rest = (link or "").partition("/api/v1/")
        path = f"/api/v1/{rest}"
        if found and not each.default and path != USER_SCHEMA and API_PATH.fullmatch(path):
            yield path


def _schema(body: bytes) -> shapes.Schema:
    try:
        return msgspec.json.decode(body, type=shapes.Schema)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise NoSchema("Okta’s answer is no schema.") from None
