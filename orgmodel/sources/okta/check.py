"""For the doctor: may this token read what Sightline reads, and does the organisation provide it?"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from orgmodel.reports import SourceFailed
from orgmodel.sources.http import Unreachable
from orgmodel.sources.source import Line

from . import shapes
from .answers import Gone, NotVisible, TokenRefused
from .auth import ASKED_SCOPES
from .client import OktaClient, OktaConnection
from .decode import rows

SKEW = 60.0
"""Seconds by which the clocks may differ; from about 300 on Okta takes no signature of ours."""
GROUPS_TRIED = 5
MISSING_ADDRESS = "Check that OKTA_URL is the organisation's own address."


@dataclass(frozen=True)
class _Part:
    """One listing that a sync reads. `needed`: without it the answer to a why is wrong or missing."""

    name: str
    path: str
    needed: bool = True
    shape: Any = None
    """Rows of this shape are kept, so that later parts have something to be tried on."""
    size: int = 1


PEOPLE = _Part("people", "/api/v1/users")
GROUPS = _Part("groups", "/api/v1/groups", shape=shapes.Group)
RULES = _Part("rules", "/api/v1/groups/rules", shape=shapes.Rule, size=50)
APPS = _Part("apps", "/api/v1/apps", shape=shapes.App, size=50)
LISTED = (PEOPLE, GROUPS, RULES, APPS, _Part("log", "/api/v1/logs"))
OF_A_GROUP = (
    _Part("group members", "/api/v1/groups/{}/users"),
    _Part("group owners", "/api/v1/groups/{}/owners", needed=False),
)
OF_AN_APP = (
    _Part("app groups", "/api/v1/apps/{}/groups"),
    _Part("app users", "/api/v1/apps/{}/users"),
)
PUSHES = _Part("group pushes", "/api/v1/apps/{}/group-push/mappings", needed=False)
SINGLE = (
    _Part("group schema", "/api/v1/meta/schemas/group/default", needed=False, size=0),
    _Part("user schema", "/api/v1/meta/schemas/user/default", needed=False, size=0),
    _Part("user types", "/api/v1/meta/types/user", needed=False, size=0),
)


def check(connection: OktaConnection, **client: Any) -> Iterator[Line]:
    """Ask for one record of everything; a dozen calls. Never raises for what Okta answers.

    Further arguments go to the OktaClient.
    """
    okta = OktaClient(connection, **{"tries": 2, "patience": 1, **client})
    try:
        yield from _Examination(okta).lines()
    except Unreachable as failure:
        yield Line(False, "Okta cannot be reached", str(failure))
    except TokenRefused as failure:
        yield Line(False, "Okta refuses the token", str(failure))
    finally:
        okta.close()


class _Examination:
    def __init__(self, okta: OktaClient) -> None:
        self._okta = okta
        self._found: dict[str, list[Any]] = {}

    def lines(self) -> Iterator[Line]:
        for part in LISTED:
            yield self._try(part)
        yield from self._within(OF_A_GROUP, self._groups(), "group")
        apps = [app.id for app in self._found.get(APPS.path, ())]
        yield from self._within(OF_AN_APP, apps, "app")
        yield from self._within((PUSHES,), self._pushing(), "app that pushes groups")
        for part in SINGLE:
            yield self._try(part)
        yield self._attribution()
        yield from self._clock()
        yield from self._scopes()

    def _try(self, part: _Part) -> Line:
        bad = False if part.needed else None
        try:
            body = self._okta.one(part.path, {"limit": str(part.size)} if part.size else None)
            if part.shape is not None:
                self._found[part.path] = rows(body, part.shape, part.path, "", [])
        except NotVisible as why:
            return Line(bad, f"Okta {part.name} cannot be read", str(why))
        except Gone:
            return Line(bad, f"Okta {part.name} is not there", MISSING_ADDRESS)
        except (Unreachable, TokenRefused):
            raise
        except SourceFailed as why:
            return Line(bad, f"Okta {part.name} cannot be read", str(why))
        if part is PEOPLE and body.strip() == b"[]":
            return Line(
                False,
                "Okta gives no people at all",
                "Give the token's owner, or the service app, an admin role that sees people.",
            )
        return Line(True, f"Okta {part.name} can be read")

    def _within(self, parts: tuple[_Part, ...], natives: list[str], what: str) -> Iterator[Line]:
        for part in parts:
            if natives:
                yield self._try(replace(part, path=part.path.format(natives[0])))
            else:
                yield Line(None, f"Whether Okta {part.name} can be read is not known", f"No {what} was seen.")

    def _filled(self) -> list[str]:
        """Groups that rules fill."""
        return [
            target
            for rule in self._found.get(RULES.path, ())
            if rule.status == "ACTIVE" and rule.actions and rule.actions.assignUserToGroups
            for target in rule.actions.assignUserToGroups.groupIds or ()
        ]

    def _groups(self) -> list[str]:
        return [*self._filled(), *(group.id for group in self._found.get(GROUPS.path, ()))]

    def _pushing(self) -> list[str]:
        return [app.id for app in self._found.get(APPS.path, ()) if "GROUP_PUSH" in (app.features or ())]

    def _attribution(self) -> Line:
        """Whether members carry the rules that put them there."""
        for group in list(dict.fromkeys(self._filled()))[:GROUPS_TRIED]:
            path = f"/api/v1/groups/{group}/users"
            for member in self._members(path):
                if member.embedded and member.embedded.group_rules is not None:
                    return Line(True, "Okta tells which rule put a member into a group")
                return Line(
                    None,
                    "Okta does not tell which rule put a member into a group",
                    "Sightline says “why is not known” where the log does not tell either.",
                )
        return Line(
            None,
            "Whether Okta tells rules of members could not be seen",
            "No rule-fed group with a member was found.",
        )

    def _members(self, path: str) -> list[Any]:
        try:
            body = self._okta.one(path, {"limit": "1", "expand": "group-rules"})
            return rows(body, shapes.Member, path, "", [])
        except (Unreachable, TokenRefused):
            raise
        except (NotVisible, Gone, SourceFailed):
            return []

    def _clock(self) -> Iterator[Line]:
        if self._okta.skew is None:
            return
        apart = round(abs(self._okta.skew))
        if apart <= SKEW:
            yield Line(True, "The clocks here and at Okta agree")
        else:
            yield Line(
                False, f"The clocks here and at Okta are {apart} seconds apart", "Set the clock by NTP."
            )

    def _scopes(self) -> Iterator[Line]:
        granted = self._okta.auth.granted
        if granted is None:
            return
        missing = [scope for scope in ASKED_SCOPES if scope not in granted]
        if missing:
            yield Line(
                False,
                f"The service app lacks {', '.join(missing)}",
                "Grant it in the admin console, under the app's Okta API Scopes.",
            )
        else:
            yield Line(True, "The service app has every scope it needs")
