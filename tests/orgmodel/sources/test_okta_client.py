"""One listing at a time: pages, hosts, loops, retries, refusals for rate, sizes and stopping."""

import threading
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import count, islice
from pathlib import Path
from typing import Any

import httpx
import pytest

from orgmodel.reports import SourceFailed
from orgmodel.sources import http, list_end
from orgmodel.sources.http import USER_AGENT
from orgmodel.sources.okta.client import OktaClient

from .organisation import HOST, Answer, Organisation, always, answer, cut, error

USERS = "/api/v1/users"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def listed(org: Organisation, path: str = USERS, **params: str) -> list[str]:
    client = org.client()
    try:
        return [body.decode() for body in client.pages(path, {"limit": "200", **params})]
    finally:
        client.close()


def linking(address: str, rows: Any = ()) -> Answer:
    return lambda request: answer(list(rows), headers={"link": f'<{address}>; rel="next"'})


def rate(remaining: int, reset: int = 30, limit: int = 600, **more: str) -> dict[str, str]:
    return {
        "x-rate-limit-limit": str(limit),
        "x-rate-limit-remaining": str(remaining),
        "x-rate-limit-reset": str(int(NOON.timestamp()) + reset),
        "date": format_datetime(NOON, usegmt=True),
        **more,
    }


def test_pages_are_followed_and_keep_what_the_link_lost() -> None:
    org = Organisation(lists={"/users": [1, 2, 3, 4, 5]}, page=2)
    assert listed(org, expand="group-rules") == ["[1,2]", "[3,4]", "[5]"]
    assert [each["expand"] for each in org.queries("/users")] == ["group-rules"] * 3
    assert [each.get("after") for each in org.queries("/users")] == [None, "YXQ6Mg", "YXQ6NA"]


def test_the_link_wins_over_what_was_asked() -> None:
    link = linking(f"{HOST}{USERS}?after=a%2Fb%3D%3D&limit=50")
    org = Organisation(special={"/users": [link, lambda request: answer([])]})
    listed(org)
    assert org.queries("/users")[1] == {"limit": "50", "after": "a/b=="}


@pytest.mark.parametrize("host", ["https://evil.example", "https://nordwind-custom.example", ""])
def test_the_host_of_a_link_is_never_believed(host: str) -> None:
    org = Organisation(special={"/users": [linking(f"{host}{USERS}?after=YXQ6Nw")]}, lists={"/users": []})
    listed(org)
    assert [str(each.url) for each in org.requests] == [
        f"{HOST}{USERS}?limit=200",
        f"{HOST}{USERS}?limit=200&after=YXQ6Nw",
    ]


@pytest.mark.parametrize(
    "address",
    [
        f"{HOST}/oauth2/v1/token",
        "https://evil.example/steal?after=1",
        f"{HOST}/api/v1/../../admin?after=1",
        f"{HOST}/api/v1/%2e%2e/admin?after=1",
        "https://[half/api/v1/users?after=1",
    ],
)
def test_a_link_away_from_the_api_is_refused(address: str) -> None:
    org = Organisation(special={"/users": [linking(address)]})
    with pytest.raises(SourceFailed, match="refused"):
        listed(org)
    assert len(org.requests) == 1


def test_a_list_that_turns_in_a_circle_is_an_error() -> None:
    own = linking(f"{HOST}{USERS}?after=1&limit=200")
    org = Organisation(special={"/users": [own, own, own]})
    with pytest.raises(SourceFailed, match="one of its own pages as the next one"):
        listed(org)
    assert len(org.requests) == 2
    other = linking(f"{HOST}{USERS}?after=2&limit=200")
    org = Organisation(special={"/users": [own, other, own, other]})
    with pytest.raises(SourceFailed, match="one of its own pages as the next one"):
        listed(org)


def pages_for_ever(rows: Callable[[int], list[Any]]) -> Iterator[Answer]:
    return (linking(f"{HOST}{USERS}?after={number}&limit=200", rows(number)) for number in count(1))


ENDLESS = {
    "new rows for ever": (
        lambda number: [number],
        "Okta's list /api/v1/users still goes on after 50 pages; nothing was applied. Sync again later.",
        50,
    ),
    "the same page under ever new addresses": (
        lambda number: [number % 3],
        "Okta's list /api/v1/users gives the same page again; nothing was applied. Sync again later.",
        4,
    ),
    "empty pages for ever": (
        lambda number: [],
        (
            "Okta's list /api/v1/users gave 20 empty pages and still goes on; nothing was applied."
            " Sync again later."
        ),
        20,
    ),
}


@pytest.mark.parametrize(("rows", "says", "calls"), ENDLESS.values(), ids=ENDLESS)
def test_an_endless_list_ends_with_a_sentence(
    rows: Callable[[int], list[Any]], says: str, calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_end, "MOST_PAGES", 50)
    org = Organisation(special={"/users": list(islice(pages_for_ever(rows), 60))})
    with pytest.raises(SourceFailed) as refusal:
        listed(org)
    assert (str(refusal.value), len(org.requests)) == (says, calls)


def test_a_few_empty_pages_do_not_end_a_list() -> None:
    pages = [linking(f"{HOST}{USERS}?after={number}", []) for number in range(19)]
    org = Organisation(special={"/users": [*pages, lambda request: answer([7])]})
    assert listed(org) == ["[]"] * 19 + ["[7]"]


def test_the_bound_of_a_list_leaves_room_for_a_million_people() -> None:
    assert list_end.MOST_PAGES * 200 == 1_000_000


def test_a_listing_that_loses_its_place_begins_again_once() -> None:
    lost = always(400, "E0000029")
    org = Organisation(lists={"/users": [1, 2, 3]}, page=2)
    org.special["/users"] = [linking(f"{HOST}{USERS}?after=YXQ6Mg", [1, 2]), lost]
    assert listed(org) == ["[1,2]", "[1,2]", "[3]"]
    org = Organisation(special={"/users": [linking(f"{HOST}{USERS}?after=2"), lost] * 2})
    with pytest.raises(SourceFailed, match="400 E0000029"):
        listed(org)


def test_a_refusal_for_rate_is_waited_out_to_the_reset() -> None:
    org = Organisation(lists={"/users": [1]}, special={"/users": [always(429, "E0000047", rate(0, 30))]})
    assert listed(org) == ["[1]"]
    assert org.clock.slept == [31.0]  # Reset minus Date, and at least one second more


def test_retry_after_comes_before_the_reset_and_no_wait_is_longer_than_a_window() -> None:
    headers = rate(0, 30) | {"retry-after": "5"}
    org = Organisation(special={"/users": [always(429, "E0000047", headers)]})
    listed(org)
    assert org.clock.slept[0] == 6.0
    org = Organisation(special={"/users": [always(429, "E0000047", rate(0, 4000))]})
    listed(org)
    assert org.clock.slept[0] == 90.0


def test_a_refusal_without_any_header_still_waits() -> None:
    org = Organisation(special={"/users": [always(429, "E0000047")]})
    listed(org)
    assert org.clock.slept == [2.0]


def test_refusals_without_end_give_up() -> None:
    org = Organisation(special={"/users": [always(429, "E0000047", rate(0, 30))] * 50})
    with pytest.raises(SourceFailed, match="OKTA_BUDGET"):
        listed(org)
    assert len(org.requests) == 9


def test_too_many_at_once_backs_off_and_leaves_the_limit_alone() -> None:
    crowded = always(429, "E0000047", rate(0, 30, limit=0))
    org = Organisation(lists={"/users": [1]}, special={"/users": [crowded] * 4})
    client = org.client()
    assert list(client.pages(USERS, {})) == [b"[1]"]
    assert org.clock.slept == [1.0, 2.0, 4.0, 5.0]
    assert client._http._lanes.allowed == 1
    assert list(client.pages(USERS, {})) == [b"[1]"]
    assert len(org.clock.slept) == 4


def test_the_share_of_a_bucket_is_not_overdrawn() -> None:
    def counted(request: httpx.Request) -> httpx.Response:
        spent = sum(1 for each in org.requests if each.url.path == USERS)
        return answer([], headers=rate(10 - spent, 40, limit=10))

    org = Organisation(special={"/users": [counted] * 6})
    client = org.client(budget=0.5)
    for _ in range(5):
        client.one(USERS)
    assert org.clock.slept == []
    client.one("/api/v1/apps")  # another bucket
    assert org.clock.slept == []
    client.one(USERS)
    assert org.clock.slept == [40.05]


def test_server_errors_and_cut_connections_are_tried_four_times() -> None:
    for trouble in (cut, always(500, "E0000009"), always(503, "")):
        org = Organisation(lists={"/users": [1]}, special={"/users": [trouble] * 3})
        assert listed(org) == ["[1]"]
        assert org.clock.slept == [0.5, 1.0, 2.0]
    org = Organisation(special={"/users": [cut] * 9})
    with pytest.raises(SourceFailed, match=r"could not be reached at nordwind\.okta\.example"):
        listed(org)
    assert len(org.requests) == 4
    org = Organisation(special={"/users": [always(502, "")] * 9})
    with pytest.raises(SourceFailed, match="Okta answered 502"):
        listed(org)
    assert len(org.requests) == 4


def test_a_server_error_on_the_groups_halves_the_page() -> None:
    org = Organisation(lists={"/groups": [1]}, special={"/groups": [always(500, "E0000009")] * 2})
    assert listed(org, "/api/v1/groups") == ["[1]"]
    assert [each["limit"] for each in org.queries("/groups")] == ["200", "100", "50"]


def test_a_body_that_does_not_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MAX_BODY", 1 << 20)
    org = Organisation(special={"/users": [lambda request: answer(["x" * (1 << 20)])]})
    with pytest.raises(SourceFailed, match="larger than 1 MB"):
        listed(org)


def test_closing_ends_a_wait_in_another_thread() -> None:
    requested = threading.Event()

    def refused(request: httpx.Request) -> httpx.Response:
        requested.set()
        return error(429, "E0000047", rate(0, 80))

    org = Organisation(special={"/users": [refused]})
    client = OktaClient(org.connection(), transport=org.transport())
    ended: list[str] = []

    def ask() -> None:
        try:
            client.one(USERS)
        except SourceFailed as why:
            ended.append(str(why))

    thread = threading.Thread(target=ask)
    thread.start()
    assert requested.wait(5)
    client.close()
    thread.join(5)
    assert ended == ["The read was stopped."]


def test_the_reader_introduces_itself_with_its_version() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    org = Organisation()
    listed(org)
    assert org.requests[0].headers["user-agent"] == USER_AGENT == f"Sightline/{project['version']}"
    assert org.requests[0].headers["accept"] == "application/json"
