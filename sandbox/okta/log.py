"""The pretend System Log: events in the order of storing, in Okta's shape."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from .state import Actor, App, Group, Rule, User

Json = dict[str, Any]
SYSTEM = "SystemPrincipal"


class Log:
    """All events so far; the place of an event is its cursor."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.events: list[Json] = []

    def __getstate__(self) -> dict[str, Any]:
        return {"events": self.events}

    def add(
        self,
        kind: str,
        actor: Actor,
        *,
        user: User | None = None,
        group: Group | None = None,
        app: App | None = None,
        rule: Rule | None = None,
        debug: Json | None = None,
        failed: bool = False,
    ) -> None:
        """Store one event, with the given objects as its targets."""
        number = len(self.events)
        self.events.append(
            {
                "uuid": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{number}:{kind}")),
                "published": stamp(self.now()),
                "eventType": kind,
                "version": "0",
                "severity": "INFO",
                "displayMessage": kind.replace(".", " "),
                "actor": _actor(actor),
                "client": None,
                "outcome": {"result": "FAILURE" if failed else "SUCCESS", "reason": None},
                "transaction": {
                    "type": "JOB" if actor.kind == SYSTEM else "WEB",
                    "id": f"trn{number}",
                    "detail": {"requestApiTokenId": actor.token} if actor.token else {},
                },
                "debugContext": {"debugData": ({"appname": app.name} if app else {}) | (debug or {})},
                "request": {"ipChain": []},
                "target": _targets(user, group, app, rule),
            }
        )


def stamp(at: datetime) -> str:
    """A moment as Okta writes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def _actor(actor: Actor) -> Json:
    system = actor.kind == SYSTEM
    return {
        "id": actor.id,
        "type": actor.kind,
        "alternateId": "system@okta.com" if system else f"{actor.id}@nordwind.example",
        "displayName": actor.name,
        "detailEntry": None,
    }


def _targets(user: User | None, group: Group | None, app: App | None, rule: Rule | None) -> list[Json]:
    found: list[Json] = []
    if user:
        login, name = user.profile["login"], user.profile.get("displayName")
        if app:
            found.append(_target("0ua" + user.id[3:], "AppUser", login, name))
        found.append(_target(user.id, "User", login, name))
    if group:
        found.append(_target(group.id, "UserGroup", "unknown", group.name))
    if app:
        found.append(_target(app.id, "AppInstance", app.label, app.label))
    if rule:
        found.append(_target(rule.id, "GroupRule", "unknown", rule.name))
    return found


def _target(native: str, kind: str, alternate: str, name: str | None) -> Json:
    return {"id": native, "type": kind, "alternateId": alternate, "displayName": name, "detailEntry": None}
