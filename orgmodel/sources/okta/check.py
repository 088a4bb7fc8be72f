"""For the doctor: may this token read what Sightline reads, and does the organisation tell what it could?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from orgmodel.facts import SourceFailed

from . import shapes
from .client import Gone, NotVisible, OktaClient, OktaConnection

PARTS = (
    ("people", "/api/v1/users"),
    ("groups", "/api/v1/groups"),
    ("rules", "/api/v1/groups/rules"),
    ("apps", "/api/v1/apps"),
    ("log", "/api/v1/logs"),
    ("group schema", "/api/v1/meta/schemas/group/default"),
    ("user schema", "/api/v1/meta/schemas/user/default"),
)


@dataclass(frozen=True)
class Line:
    """One check: well (True), not (False), or worth knowing (None), and what to do."""

    ok: bool | None
    what: str
    todo: str = ""


def check(connection: OktaConnection, **client: Any) -> Iterator[Line]:
    """Ask for one record of everything. Never raises for what Okta answers."""
    okta = OktaClient(connection, **client)
    try:
        for name, path in PARTS:
            try:
                body = okta.one(path, {"limit": "1"} if "schema" not in path else None)
            except NotVisible as why:
                yield Line(False, f"Okta {name} cannot be read", str(why))
            except Gone:
                yield Line(
                    False,
                    f"Okta {name} is not there",
                    "Check that OKTA_URL is the organisation's own address.",
                )
            else:
                yield _judge(name, body)
        yield _attribution(okta)
    except SourceFailed as failure:
        yield Line(False, "Okta cannot be read", str(failure))
    finally:
        okta.close()


def _judge(name: str, body: bytes) -> Line:
    if name == "people" and body.strip() == b"[]":
        return Line(
            False,
            "Okta gives no people at all",
            "Give the token's owner, or the service app, an admin role that sees people.",
        )
    return Line(True, f"Okta {name} can be read")


def _attribution(okta: OktaClient) -> Line:
    """Whether members carry the rules that put them there."""
    told = "Okta tells which rule put a member into a group"
    try:
        rules = msgspec.json.decode(okta.one("/api/v1/groups/rules", {"limit": "50"}), type=list[shapes.Rule])
        targets = [
            each
            for rule in rules
            if rule.actions and rule.actions.assignUserToGroups
            for each in rule.actions.assignUserToGroups.groupIds or ()
        ]
        for group in targets[:5]:
            body = okta.one(f"/api/v1/groups/{group}/users", {"limit": "1", "expand": "group-rules"})
            for member in msgspec.json.decode(body, type=list[shapes.Member]):
                if member.embedded and member.embedded.group_rules is not None:
                    return Line(True, told)
                return Line(
                    None,
                    "Okta does not tell which rule put a member into a group",
                    "Sightline says “why is not known” where the log does not tell either.",
                )
    except (NotVisible, Gone, msgspec.MsgspecError):
        pass
    return Line(
        None,
        "Whether Okta tells rules of members could not be seen",
        "No rule-fed group with a member was found.",
    )
