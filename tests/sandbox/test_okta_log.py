"""The System Log on the wire: polled for ever, or bounded and ending."""

from collections.abc import Iterator

import httpx
import pytest

from sandbox.okta.server import OktaServer

from .nordwind import small
from .test_okta_server import NADIA, get, refusal, rows


@pytest.fixture
def okta() -> Iterator[OktaServer]:
    with OktaServer(small()) as server:
        yield server


def test_the_log_can_be_polled_for_ever(okta: OktaServer) -> None:
    tenant = okta.tenant
    wanted = 'eventType sw "group.user_membership." or eventType eq "user.account.update_profile"'
    query = {"since": "2026-03-02T09:00:00.000Z", "sortOrder": "ASCENDING", "filter": wanted, "limit": "100"}
    first = get(okta, "/logs", **query)
    assert [event["eventType"] for event in first.json()] == ["group.user_membership.add"]
    following = first.links["next"]["url"]
    empty = get(okta, following)
    assert (empty.json(), empty.links["next"]["url"]) == ([], following)
    tenant.set_profile(tenant.user(NADIA), {"team": "cucumber"})
    assert [event["eventType"] for event in get(okta, following).json()] == [
        "user.account.update_profile",
        "group.user_membership.add",
        "group.user_membership.remove",
    ]


def test_a_cursor_of_the_log_means_the_same_without_the_filter(okta: OktaServer) -> None:
    query = {"since": "2026-03-02T09:00:00.000Z", "filter": 'eventType sw "group.user_membership."'}
    after = httpx.URL(get(okta, "/logs", **query).links["next"]["url"]).params["after"]
    assert rows(okta, "/logs", after=after) == []


def test_the_bounded_log_ends(okta: OktaServer) -> None:
    query = {"since": "2026-03-02T09:00:00.000Z", "until": "2026-03-03T00:00:00.000Z"}
    answer = get(okta, "/logs", **query)
    assert len(answer.json()) == len(okta.tenant.log.events)
    assert "next" not in answer.links
    assert refusal(get(okta, "/logs", since="2025-01-01T00:00:00.000Z")) == (400, "E0000053")


def test_a_cursor_of_the_log_stands_without_since(okta: OktaServer) -> None:
    since = "2026-03-02T09:00:00.000Z"
    following = get(okta, "/logs", since=since).links["next"]["url"]
    assert "since" not in httpx.URL(following).params
    after = httpx.URL(following).params["after"]
    assert refusal(get(okta, "/logs", since=since, after=after)) == (400, "E0000001")
