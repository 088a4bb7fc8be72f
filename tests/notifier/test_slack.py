"""Every way in which Slack fails becomes one of three exceptions; a call is made once."""

import socket
from datetime import timedelta

import pytest

from notifier.slack import Slack, SlackBusy, SlackError, SlackPerson, SlackRefused, SlackUncertain
from sandbox.slack import faults
from sandbox.slack.faults import Fault
from sandbox.slack.server import SlackServer

from .conftest import NOW

HEADER = {"type": "header", "text": {"type": "plain_text", "text": "You moved", "emoji": False}}


def post(slack: Slack) -> object:
    return slack.post("U01", "You moved", [HEADER], "id-1")


def test_a_message_carries_its_id_and_nothing_is_unfurled_or_parsed(
    server: SlackServer, slack: Slack
) -> None:
    sent = slack.post("U01", "You moved", [HEADER], "id-1")

    assert sent.channel == "D01"
    [stored] = server.posts
    assert stored.ts == sent.ts
    assert stored.arguments == {
        "channel": "U01",
        "text": "You moved",
        "blocks": [HEADER],
        "metadata": {"event_type": "sightline_message", "event_payload": {"outbox_id": "id-1"}},
        "mrkdwn": False,
        "parse": "none",
        "unfurl_links": False,
        "unfurl_media": False,
    }


@pytest.mark.parametrize(
    ("fault", "error", "text"),
    [
        (faults.refuse("channel_not_found"), SlackRefused, "channel_not_found"),
        (
            faults.refuse("restricted_action_read_only_channel"),
            SlackRefused,
            "restricted_action_read_only_channel",
        ),
        (faults.refuse("token_revoked"), SlackRefused, "token_revoked"),
        (faults.refuse("invalid_blocks"), SlackRefused, "invalid_blocks"),
        (faults.refuse("ratelimited"), SlackBusy, "ratelimited"),
        (faults.rate_limit(7), SlackBusy, "rate_limited"),
        (faults.refuse("fatal_error"), SlackUncertain, "fatal_error"),
        (faults.refuse("a_code_of_tomorrow"), SlackUncertain, "a_code_of_tomorrow"),
        (faults.status(200), SlackUncertain, "http_200"),
        (faults.status(403), SlackUncertain, "http_403"),
        (faults.nonsense(), SlackUncertain, "http_200"),
        (faults.status(500), SlackUncertain, "http_500"),
        (faults.status(503, record=True), SlackUncertain, "http_503"),
        (faults.close(), SlackUncertain, "RemoteDisconnected"),
        (faults.reset(), SlackUncertain, "ConnectionResetError"),
    ],
)
def test_failures_are_told_apart_and_nothing_is_tried_twice(
    server: SlackServer, slack: Slack, fault: Fault, error: type[SlackError], text: str
) -> None:
    server.script("chat.postMessage", fault)
    with pytest.raises(error) as caught:
        post(slack)
    assert str(caught.value) == text
    assert [call.method for call in server.calls] == ["chat.postMessage"]


@pytest.mark.parametrize(
    ("code", "scope"),
    [("user_disabled", "recipient"), ("messages_tab_disabled", "queue"), ("msg_blocks_too_long", "ours")],
)
def test_refusals_say_whose_fault_it_is(server: SlackServer, slack: Slack, code: str, scope: str) -> None:
    server.script("chat.postMessage", faults.refuse(code))
    with pytest.raises(SlackRefused) as caught:
        post(slack)
    assert (caught.value.code, caught.value.scope) == (code, scope)


def test_busy_says_until_when(server: SlackServer, slack: Slack) -> None:
    server.script("chat.postMessage", faults.rate_limit(7))
    with pytest.raises(SlackBusy) as caught:
        post(slack)
    assert caught.value.until == NOW + timedelta(seconds=7)


def test_a_hanging_slack_is_uncertain_after_the_timeout(server: SlackServer) -> None:
    server.script("chat.postMessage", faults.hang(3, record=True))
    with pytest.raises(SlackUncertain, match="TimeoutError"):
        post(Slack(server.token, server.api_url, timeout=1))


def test_a_closed_door_is_certainly_not_delivered() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(SlackBusy, match="ConnectionRefusedError"):
        post(Slack("xoxb-sandbox", f"http://127.0.0.1:{port}/api/"))


def test_people_are_found_by_address(slack: Slack) -> None:
    assert slack.find("ada@nordwind.example") == SlackPerson("U01", "T0NORDWIND", "Europe/Berlin", False)
    assert slack.find("gus@nordwind.example") is None
    assert slack.find("nobody@nordwind.example") is None


@pytest.mark.parametrize("channel", ["U01", "D01"])
def test_a_message_is_found_again_by_its_id(slack: Slack, channel: str) -> None:
    first = slack.post("U01", "one", [], "id-1")
    for number in range(60):
        slack.post("U01", "other", [], f"other-{number}")

    assert slack.find_sent(channel, "id-1", NOW - timedelta(minutes=1)) == first
    assert slack.find_sent(channel, "id-2", NOW - timedelta(minutes=1)) is None
    assert slack.find_sent(channel, "id-1", NOW + timedelta(minutes=1)) is None


def test_an_answer_in_a_thread_is_found_in_the_thread_alone(slack: Slack) -> None:
    first = slack.post("U01", "one", [], "id-1")
    reply = slack.post(first.channel, "Correction: two", [], "id-2", first.ts)

    since = NOW - timedelta(minutes=1)
    assert slack.find_sent(first.channel, "id-2", since, first.ts) == reply
    assert slack.find_sent(first.channel, "id-2", since) is None
    assert slack.find_sent(first.channel, "id-1", since) == first


def test_check_tells_the_workspace_and_the_scopes(slack: Slack) -> None:
    workspace = slack.check()
    assert (workspace.team_id, workspace.name, workspace.bot_user_id) == (
        "T0NORDWIND",
        "Nordwind",
        "U0SIGHTLINE",
    )
    assert {"chat:write", "im:history", "users:read.email"} <= workspace.scopes


@pytest.mark.parametrize(
    "url", ["http://slack.example/api/", "ftp://127.0.0.1/", "http://127.0.0.1.evil.example/"]
)
def test_plain_http_is_for_loopback_only(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        Slack("xoxb-sandbox", url)


def test_the_usual_address_is_accepted() -> None:
    assert Slack("xoxb-sandbox", "https://slack.com/api/").timeout == 10
