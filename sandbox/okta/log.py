"""The pretend System Log: events in the order of storing, in Okta's shape."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from .state import Actor, App, Group, User

Json = dict[str, Any]


class Log:
    """All events so far; the index of an event is its cursor."""

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
        debug: Json | None = None,
    ) -> None:
        """Store one event that succeeded."""
        targets: list[Json] = []
        if user:
            targets.append(_target(user.id, "User", user.profile["login"], user.profile.get("displayName")))
        if group:
            targets.append(_target(group.id, "UserGroup", "unknown", group.name))
        if app:
            targets.append(_target(app.id, "AppInstance", app.label, app.label))
        job = actor.kind == "SystemPrincipal"
        self.events.append(
            {
                "uuid": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{len(self.events)}:{kind}")),
                "published": stamp(self.now()),
                "eventType": kind,
                "version": "0",
                "severity": "INFO",
                "displayMessage": kind.replace(".", " "),
                "actor": {
                    "id": actor.id,
                    "type": actor.kind,
                    "alternateId": f"{actor.id}@nordwind.example",
                    "displayName": actor.name,
                    "detailEntry": None,
                },
                "outcome": {"result": "SUCCESS", "reason": None},
                "transaction": {
                    "type": "JOB" if job else "WEB",
                    "id": f"trn{len(self.events)}",
                    "detail": {"requestApiTokenId": actor.token} if actor.token else {},
                },
                "debugContext": {"debugData": debug or {}},
                "target": targets,
            }
        )


def stamp(at: datetime) -> str:
    """A moment as Okta writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def _target(native: str, kind: str, alternate: str, name: str | None) -> Json:
    return {"id": native, "type": kind, "alternateId": alternate, "displayName": name, "detailEntry": None}
