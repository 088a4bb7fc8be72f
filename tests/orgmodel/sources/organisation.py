"""Rows of Okta as a test writes them, paged and refused as the sandbox's Okta does, without a socket.

Answers are scripted by path, and a clock is moved by sleeping alone: what no tenant of the sandbox would say.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from orgmodel.sources.okta import OktaConnection, OktaReader
from orgmodel.sources.okta.auth import Credentials
from orgmodel.sources.okta.client import OktaClient
from sandbox.okta import paging
from sandbox.okta.cursors import BadCursor
from sandbox.okta.listings import Listing
from sandbox.okta.rows import encode

HOST = "https://nordwind.okta.example"
Answer = Callable[[httpx.Request], httpx.Response]


class Clock:
    """Monotonic seconds that pass only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.now += seconds
            self.slept.append(round(seconds, 2))


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> httpx.Response:
    return httpx.Response(
        status,
        content=encode(body),
        headers={"content-type": "application/json", **(headers or {})},
    )


def error(status: int, code: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
    return answer(paging.refusal(status, code), status, headers)


def always(status: int, code: str, headers: Mapping[str, str] | None = None) -> Answer:
    return lambda request: error(status, code, headers)


def cut(request: httpx.Request) -> httpx.Response:
    raise httpx.RemoteProtocolError("cut")


@dataclass
class Organisation:
    """Lists by path; `special` answers first, as often as it holds answers for the path."""

    lists: dict[str, list[Any]] = field(default_factory=dict)
    special: dict[str, list[Answer]] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)
    page: int = 1000
    clock: Clock = field(default_factory=Clock)

    @property
    def calls(self) -> Counter[str]:
        return Counter(request.url.path for request in self.requests)

    def queries(self, path: str) -> list[dict[str, str]]:
        """The parameters of every call of a path below /api/v1."""
        return [dict(each.url.params) for each in self.requests if each.url.path == f"/api/v1{path}"]

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._handle)

    def connection(self, budget: float = 1.0) -> OktaConnection:
        return OktaConnection(HOST, Credentials("00Tsecret"), budget)

    def client(self, budget: float = 1.0, **options: Any) -> OktaClient:
        return OktaClient(
            self.connection(budget),
            sleep=self.clock.sleep,
            clock=self.clock,
            jitter=0.0,
            transport=self.transport(),
            **options,
        )

    def reader(self, **options: Any) -> OktaReader:
        return OktaReader(
            self.connection(),
            level_keys=("role",),
            sleep=self.clock.sleep,
            clock=self.clock,
            jitter=0.0,
            transport=self.transport(),
            **options,
        )

    def read(self, **options: Any) -> tuple[list[Any], OktaReader]:
        reader = self.reader(**options)
        return [fact for batch in reader.batches() for fact in batch], reader

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        path = request.url.path.removeprefix("/api/v1")
        if self.special.get(path):
            return self.special[path].pop(0)(request)
        if path.startswith("/meta/"):
            return answer({})
        query = dict(request.url.params)
        listing = Listing(self.lists.get(path, []), lambda row: row, 200, self.page, endless=path == "/logs")
        try:
            shown, place = paging.page(listing, query)
        except BadCursor:
            return error(400, "E0000029")
        headers = [("content-type", "application/json")]
        headers += paging.links(f"{HOST}{request.url.path}", query, place)
        return httpx.Response(200, content=encode(shown), headers=headers)


def of(facts: list[Any], kind: type) -> list[Any]:
    return [fact for fact in facts if type(fact) is kind]


def user(native: str, **profile: Any) -> dict[str, Any]:
    return {
        "id": native,
        "status": "ACTIVE",
        "lastUpdated": "2026-03-01T09:00:00.000Z",
        "profile": {"login": f"{native}@nordwind.example", "email": f"{native}@nordwind.example", **profile},
    }


def group(native: str, count: int | None, kind: str = "OKTA_GROUP", **profile: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": native,
        "type": kind,
        "profile": {"name": native, "description": None, **profile},
    }
    return row if count is None else row | {"_embedded": {"stats": {"usersCount": count}}}


def member(native: str, *rules: str, with_rules: bool = True) -> dict[str, Any]:
    row: dict[str, Any] = {"id": native, "status": "ACTIVE"}
    if with_rules:
        row["_embedded"] = {"group-rules": [{"id": rule, "name": rule} for rule in rules]}
    return row


def rule(native: str, expression: str, *targets: str) -> dict[str, Any]:
    return {
        "id": native,
        "name": native,
        "status": "ACTIVE",
        "conditions": {"expression": {"value": expression}},
        "actions": {"assignUserToGroups": {"groupIds": list(targets)}},
    }


def app(native: str, *features: str) -> dict[str, Any]:
    return {
        "id": native,
        "name": "figma",
        "label": "Figma",
        "status": "ACTIVE",
        "signOnMode": None,
        "features": list(features),
    }


def event(uuid: str, result: str = "SUCCESS", **more: Any) -> dict[str, Any]:
    return {
        "uuid": uuid,
        "published": "2026-03-01T08:00:00.000Z",
        "eventType": "group.user_membership.add",
        "outcome": {"result": result},
        **more,
    }


def small_organisation() -> Organisation:
    """Two people, one of them in Radish by rule, and Figma through it."""
    return Organisation(
        lists={
            "/users": [
                user("00unadia", firstName="Nadia", lastName="Brandt", team="radish", badge=7, secret="x"),
                user("00ulena", displayName="Lena Osei", managerId="00unadia"),
            ],
            "/groups": [group("00grad", 2, airtableId="recRAD", active=True), group("00gempty", 0)],
            "/groups/rules": [rule("0prrad", 'user.team == "radish" AND user.badge > 3', "00grad")],
            "/groups/00grad/users": [member("00unadia", "0prrad"), member("00ulena")],
            "/groups/00grad/owners": [
                {
                    "id": "00ulena",
                    "type": "USER",
                    "displayName": "Lena Osei",
                    "lastUpdated": "2026-03-27 03:16:15.0",
                }
            ],
            "/apps": [app("0oafig", "PUSH_NEW_USERS", "GROUP_PUSH"), app("0oawiki")],
            "/apps/0oafig/groups": [{"id": "00grad", "priority": 1, "profile": {"Role": "Editor"}}],
            "/apps/0oafig/users": [
                {
                    "id": "00unadia",
                    "scope": "GROUP",
                    "status": "PROVISIONED",
                    "syncState": "SYNCHRONIZED",
                    "profile": {"role": ["Editor", "Admin"]},
                }
            ],
            "/apps/0oafig/group-push/mappings": [
                {
                    "id": "gPm1",
                    "sourceGroupId": "00grad",
                    "targetGroupId": None,
                    "status": "ERROR",
                    "errorSummary": "no link",
                    "lastPush": "2026-03-01T06:00:03Z",
                }
            ],
            "/logs": [
                event(
                    "e1",
                    actor={"id": "00ulena", "type": "User", "displayName": "Lena Osei"},
                    transaction={"type": "WEB", "id": "t", "detail": {"requestApiTokenId": "00Tx"}},
                    debugContext={"debugData": {"triggeredByGroupRuleId": "0prrad"}},
                    target=[{"id": "00grad", "type": "UserGroup"}, {"id": "00unadia", "type": "User"}],
                ),
                event("e2", "FAILURE"),
            ],
        }
    )
