"""The pretend event hook speaks Okta's protocol: the challenge, one header, several events at once."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from sandbox.okta.event_hooks import EventHook
from sandbox.okta.state import Actor
from sandbox.okta.tenant import Tenant

TOMAS = Actor("00uTomasOkafor000001", "Tomas Okafor")
NOW = datetime(2026, 8, 20, 5, 30, 15, tzinfo=UTC)


class Listener(HTTPServer):
    """Keeps what it gets; answers with `statuses`, then with 204."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.statuses: list[int] = []
        self.echo = True


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_GET(self) -> None:
        question = self.headers["X-Okta-Verification-Challenge"] if self.server.echo else "another"
        body = json.dumps({"verification": question}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.headers["Content-Type"] == "application/json"
        self.server.got.append((self.headers["Authorization"], body))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Nothing is printed."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    served = Listener()
    thread = Thread(target=served.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield served
    served.shutdown()
    thread.join()
    served.server_close()


@pytest.fixture
def hook(listener: Listener) -> EventHook:
    tenant = Tenant(lambda: NOW)
    tenant.add_group("radish")
    tenant.add_user("mara@nordwind.example")
    return EventHook(tenant, f"http://127.0.0.1:{listener.server_port}/hooks/okta/", "a value")


def types(listener: Listener) -> list[list[str]]:
    return [[each["eventType"] for each in body["data"]["events"]] for _, body in listener.got]


def test_it_asks_whether_the_address_is_its_owners(hook: EventHook, listener: Listener) -> None:
    assert hook.verify()
    listener.echo = False
    assert not hook.verify()


def test_it_delivers_what_happened_since_and_nothing_twice(hook: EventHook, listener: Listener) -> None:
    hook.deliver()
    assert listener.got == []
    tenant = hook.tenant
    mara = tenant.user("mara@nordwind.example")
    tenant.add_member(tenant.group("radish"), mara, TOMAS)
    hook.deliver()
    hook.deliver()
    assert types(listener) == [["group.user_membership.add"]]
    authorization, body = listener.got[0]
    assert (authorization, body["eventType"]) == ("a value", "com.okta.event_hook")
    targets = [(each["type"], each["id"]) for each in body["data"]["events"][0]["target"]]
    assert targets == [("User", mara.id), ("UserGroup", tenant.group("radish").id)]


def test_many_events_come_in_several_deliveries_the_newest_first(hook: EventHook, listener: Listener) -> None:
    for number in range(23):
        hook.tenant.add_group(f"g{number}")
    hook.deliver(doubled=True)
    assert [len(each) for each in types(listener)] == [3, 3, 10, 10, 10, 10]
    identities = [body["eventId"] for _, body in listener.got]
    assert (identities[0], len(set(identities))) == (identities[1], 3)


def test_what_cannot_feed_a_hook_is_not_delivered(hook: EventHook, listener: Listener) -> None:
    tenant = hook.tenant
    tenant.delete(tenant.user("mara@nordwind.example"))
    hook.deliver()
    assert types(listener) == []


def test_it_tries_once_more_after_a_fault_of_the_other_side_only(hook: EventHook, listener: Listener) -> None:
    listener.statuses = [500, 503, 401]
    for number in range(2):
        hook.tenant.add_group(f"g{number}")
        hook.deliver()
    assert hook.answers == [503, 401]
    assert len(listener.got) == 3


def test_it_delivers_on_this_machine_only(hook: EventHook) -> None:
    with pytest.raises(ValueError, match="this machine only"):
        EventHook(hook.tenant, "https://sightline.example/hooks/okta/", "a value")
