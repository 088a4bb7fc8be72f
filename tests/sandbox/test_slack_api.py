"""The pretend Slack answers as the facts sheet says Slack does."""

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack import faults
from sandbox.slack.server import SlackPerson, SlackServer

ADA = SlackPerson("ada@nordwind.example", "Ada Lindqvist", "U01")
GONE = SlackPerson("gus@nordwind.example", "Gus Gone", "U02", deleted=True)
HEADER = {"type": "header", "text": {"type": "plain_text", "text": "You moved"}}


@pytest.fixture
def server() -> Iterator[SlackServer]:
    with SlackServer(lambda: [ADA, GONE], clock=lambda: 1000.5) as running:
        yield running


@pytest.fixture
def client(server: SlackServer) -> WebClient:
    return WebClient(server.token, base_url=server.api_url, retry_handlers=[], timeout=5)


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(caught.value.response["error"])


def test_a_user_id_as_channel_opens_the_dm_and_the_message_is_echoed(
    server: SlackServer, client: WebClient
) -> None:
    answer = client.chat_postMessage(channel="U01", text="You moved", blocks=[HEADER])

    assert (answer["channel"], answer["ts"]) == ("D01", "1000.000001")
    assert answer["message"]["blocks"] == [{**HEADER, "block_id": "b0"}]
    assert [(post.user_id, post.text, post.blocks) for post in server.posts] == [
        ("U01", "You moved", [HEADER])
    ]


def test_a_deactivated_account_swallows_messages_and_cannot_be_looked_up(
    server: SlackServer, client: WebClient
) -> None:
    assert client.chat_postMessage(channel="U02", text="hello")["ok"] is True
    assert server.posts[0].reached is False
    assert refused(client.users_lookupByEmail, email="gus@nordwind.example") == "users_not_found"
    assert refused(client.conversations_open, users="U02") == "user_disabled"


def test_users_list_goes_by_cursor_and_shows_the_deactivated(client: WebClient) -> None:
    first = client.users_list(limit=1)
    second = client.users_list(limit=1, cursor=first["response_metadata"]["next_cursor"])

    assert [(m["id"], m["deleted"]) for m in (*first["members"], *second["members"])] == [
        ("U01", False),
        ("U02", True),
    ]
    assert first["members"][0]["tz"] == "Europe/Berlin"
    assert second["response_metadata"]["next_cursor"] == ""


def test_lookups_ignore_case_and_open_gives_the_same_dm(client: WebClient) -> None:
    assert client.users_lookupByEmail(email="ADA@nordwind.example")["user"]["id"] == "U01"
    assert client.conversations_open(users="U01")["channel"]["id"] == "D01"
    assert client.users_info(user="U01")["user"]["profile"]["email"] == "ada@nordwind.example"
    assert client.team_info()["team"]["name"] == "Nordwind"
    assert client.auth_test()["team_id"] == "T0NORDWIND"


def test_history_hides_payloads_unless_asked_and_respects_oldest(client: WebClient) -> None:
    metadata = {"event_type": "moved", "event_payload": {"outbox_id": "7"}}
    client.chat_postMessage(channel="U01", text="hello", metadata=metadata)

    plain = client.conversations_history(channel="D01")["messages"][0]
    full = client.conversations_history(channel="D01", include_all_metadata=True, oldest="999")["messages"][0]

    assert plain["metadata"] == {"event_type": "moved"}
    assert full["metadata"] == metadata
    assert client.conversations_history(channel="D01", oldest="1001")["messages"] == []


def test_an_update_with_text_alone_takes_the_blocks_away(server: SlackServer, client: WebClient) -> None:
    sent = client.chat_postMessage(channel="U01", text="one", blocks=[HEADER])
    client.chat_update(channel="D01", ts=sent["ts"], text="two")

    assert [(post.text, post.blocks, post.edited) for post in server.posts] == [("two", [], True)]
    assert refused(client.chat_update, channel="U01", ts=sent["ts"], text="x") == "channel_not_found"
    assert refused(client.chat_update, channel="D01", ts="1.1", text="x") == "message_not_found"
    assert refused(client.chat_update, channel="D01", ts=sent["ts"], text="x" * 4001) == "msg_too_long"


def test_wrong_tokens_and_unknown_recipients_are_refused(server: SlackServer, client: WebClient) -> None:
    stranger = WebClient("xoxb-other", base_url=server.api_url, retry_handlers=[])
    assert refused(stranger.auth_test) == "invalid_auth"
    assert refused(WebClient(base_url=server.api_url, retry_handlers=[]).auth_test) == "not_authed"
    assert refused(client.chat_postMessage, channel="U99", text="x") == "channel_not_found"
    assert refused(client.api_call, api_method="views.publish") == "unknown_method"


def test_bad_blocks_are_refused_with_their_place(client: WebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="U01", text="x", blocks=[HEADER, {"type": "hologram"}])

    answer = caught.value.response
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: hologram [json-pointer:/blocks/1/type]"
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        (
            {
                "text": "x",
                "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2700}}] * 5,
            },
            "msg_blocks_too_long",
        ),
        ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
        (
            {"text": "x", "metadata": {"event_type": "a", "event_payload": {"Bad-Key": 1}}},
            "invalid_metadata_schema",
        ),
        (
            {"text": "x", "metadata": {"event_type": "a", "event_payload": {"k": "x" * 8000}}},
            "metadata_too_large",
        ),
    ],
)
def test_messages_beyond_the_limits_are_refused(
    server: SlackServer, client: WebClient, arguments: dict[str, Any], code: str
) -> None:
    body = {"channel": "U01", **arguments}
    assert refused(client.api_call, api_method="chat.postMessage", json=body) == code
    assert server.posts == []


@pytest.mark.parametrize("as_json", [True, False])
def test_form_and_json_bodies_mean_the_same(server: SlackServer, client: WebClient, as_json: bool) -> None:
    arguments = {"channel": "U01", "text": "x"}
    if as_json:
        client.api_call("chat.postMessage", json={**arguments, "blocks": [HEADER]})
    else:
        client.api_call("chat.postMessage", data={**arguments, "blocks": json.dumps([HEADER])})

    assert [post.blocks for post in server.posts] == [[HEADER]]


@pytest.mark.parametrize(
    ("fault", "stored"),
    [(faults.close(), 0), (faults.reset(), 0), (faults.hang(0.05), 0), (faults.record_then_drop(), 1)],
)
def test_cut_connections_happen_before_or_after_the_message_is_stored(
    server: SlackServer, client: WebClient, fault: faults.Fault, stored: int
) -> None:
    server.script("chat.postMessage", fault)
    with pytest.raises(OSError, match=r"closed|reset"):
        client.chat_postMessage(channel="U01", text="x")
    assert len(server.posts) == stored


def test_scripted_answers_come_once_each_and_in_order(server: SlackServer, client: WebClient) -> None:
    server.script(
        "chat.postMessage",
        faults.rate_limit(7),
        faults.healthy(),
        faults.refuse("token_revoked"),
        faults.status(503),
    )
    with pytest.raises(SlackApiError) as busy:
        client.chat_postMessage(channel="U01", text="1")
    client.chat_postMessage(channel="U01", text="2")
    assert refused(client.chat_postMessage, channel="U01", text="3") == "token_revoked"
    with pytest.raises(SlackApiError) as down:
        client.chat_postMessage(channel="U01", text="4")
    client.chat_postMessage(channel="U01", text="5")

    assert busy.value.response.status_code == 429
    assert busy.value.response.headers["Retry-After"] == "7"
    assert down.value.response.status_code == 503
    assert [post.text for post in server.posts] == ["2", "5"]
    assert [call.error for call in server.calls] == ["rate_limit", "", "token_revoked", "status", ""]


def test_messages_survive_a_restart(server: SlackServer, client: WebClient) -> None:
    client.chat_postMessage(channel="U01", text="kept", blocks=[HEADER])
    state = json.loads(json.dumps(server.dump()))

    with SlackServer(lambda: [ADA], clock=lambda: 1000.0) as second:
        second.load(state)
        again = WebClient(second.token, base_url=second.api_url, retry_handlers=[])
        assert again.chat_postMessage(channel="U01", text="new")["ts"] == "1000.000002"
        assert [(post.text, post.blocks) for post in second.posts] == [("kept", [HEADER]), ("new", [])]


def test_the_messages_of_a_person_as_json(server: SlackServer, client: WebClient) -> None:
    client.chat_postMessage(channel="U01", text="hello")
    with urllib.request.urlopen(f"{server.url}dms/U01.json", timeout=5) as answer:
        assert [message["text"] for message in json.load(answer)] == ["hello"]
