"""Every fault of the pretend tenant, and that all of them can be taken back."""

import time
from collections.abc import Iterator

import httpx
import pytest

from sandbox.okta.server import OktaServer

from .nordwind import small
from .test_okta_server import get, refusal, rows


@pytest.fixture
def okta() -> Iterator[OktaServer]:
    with OktaServer(small()) as server:
        yield server


def test_listings_can_come_empty(okta: OktaServer) -> None:
    radish, everyone = okta.tenant.group("team-radish").id, okta.tenant.everyone.id
    okta.faults.empty("members", radish)
    assert rows(okta, f"/groups/{radish}/users") == []
    assert len(rows(okta, f"/groups/{everyone}/users")) == 1
    okta.faults.empty("members")
    assert rows(okta, f"/groups/{everyone}/users") == []
    okta.faults.empty("users")
    assert rows(okta, "/users", search="status pr") == []
    okta.faults.empty("groups")
    assert rows(okta, "/groups") == []
    assert len(okta.faults.on) == 4
    okta.faults.clear()
    assert okta.faults.on == []
    assert len(rows(okta, "/groups")) == 3


def test_an_unknown_listing_cannot_be_emptied(okta: OktaServer) -> None:
    with pytest.raises(LookupError):
        okta.faults.empty("chairs")


def test_the_next_calls_can_be_refused(okta: OktaServer) -> None:
    okta.faults.refuse(2, reset=3)
    first = get(okta, "/users")
    assert refusal(first) == (429, "E0000047")
    assert 1 <= int(first.headers["X-Rate-Limit-Reset"]) - time.time() + 1 <= 4
    assert [get(okta, "/apps").status_code, get(okta, "/users").status_code] == [429, 200]


def test_one_path_can_fail_after_some_calls(okta: OktaServer) -> None:
    okta.faults.fail("/groups/rules", 503, times=1, after=1)
    statuses = [get(okta, "/groups/rules").status_code for _ in range(3)]
    assert statuses == [200, 503, 200]


def test_a_line_can_break_in_the_middle(okta: OktaServer) -> None:
    okta.faults.cut("/groups", after_bytes=25)
    with pytest.raises(httpx.RemoteProtocolError):
        get(okta, "/groups")
    assert get(okta, "/groups").status_code == 200
    okta.faults.cut("/owners")
    with pytest.raises(httpx.RemoteProtocolError):
        get(okta, f"/groups/{okta.tenant.everyone.id}/owners")


def test_answers_can_be_slow(okta: OktaServer) -> None:
    okta.faults.slow(0.2)
    began = time.monotonic()
    get(okta, "/users")
    assert time.monotonic() - began >= 0.2


def test_parts_can_be_forbidden_and_the_token_revoked(okta: OktaServer) -> None:
    okta.faults.forbid("/logs")
    assert refusal(get(okta, "/logs")) == (403, "E0000006")
    assert get(okta, "/users").status_code == 200
    okta.faults.revoke_token()
    assert refusal(get(okta, "/users")) == (401, "E0000011")


def test_a_row_can_be_garbled(okta: OktaServer) -> None:
    nadia = okta.tenant.user("nadia.brandt@nordwind.example")
    okta.faults.garble("users", nadia.id)
    (row,) = rows(okta, "/users")
    assert (row["id"], row["status"], row["profile"]) == (None, ["not", "text"], 7)
    okta.faults.clear()
    okta.faults.garble("users", nadia.id, created="yesterday")
    (row,) = rows(okta, "/users")
    assert (row["id"], row["created"]) == (nadia.id, "yesterday")


def test_something_in_between_can_answer(okta: OktaServer) -> None:
    okta.faults.mistype("/apps", times=1, after=1)
    kinds = [get(okta, "/apps").headers["Content-Type"] for _ in range(3)]
    assert kinds == ["application/json", "text/html; charset=utf-8", "application/json"]
    okta.faults.mistype("/users", "text/plain")
    answer = get(okta, "/users")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain")
    assert answer.text.startswith("<!doctype html>")


def test_expand_can_be_lost_at_once(okta: OktaServer) -> None:
    radish = okta.tenant.group("team-radish").id
    okta.faults.lose_expand()
    assert okta.faults.on == ["expand is ignored"]
    assert all("_embedded" not in row for row in rows(okta, "/groups", expand="stats"))
    assert all("_embedded" not in row for row in rows(okta, f"/groups/{radish}/users", expand="group-rules"))
    okta.faults.clear()
    assert all("_embedded" in row for row in rows(okta, "/groups", expand="stats"))


def test_rows_can_be_shuffled_and_doubled(okta: OktaServer) -> None:
    okta.faults.shuffle()
    names = [row["profile"]["name"] for row in rows(okta, "/groups")]
    assert sorted(names) == ["Everyone"] * 2 + ["team-cucumber"] * 2 + ["team-radish"] * 2


def test_something_happens_before_a_call_once(okta: OktaServer) -> None:
    okta.faults.before(r"/api/v1/groups/[^/]+/users", lambda: okta.tenant.add_user("late@nordwind.example"))
    assert len(rows(okta, "/users")) == 1
    assert (okta.faults.to_happen, okta.faults.on) == (
        True,
        ["something happens before /api/v1/groups/[^/]+/users"],
    )
    everyone = f"/groups/{okta.tenant.everyone.id}/users"
    assert [len(rows(okta, everyone)) for _ in range(2)] == [2, 2]
    assert not okta.faults.to_happen
    okta.faults.before("/api/v1/users", lambda: okta.tenant.add_user("never@nordwind.example"))
    okta.faults.forget_acts()
    assert len(rows(okta, "/users")) == 2
