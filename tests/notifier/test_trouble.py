"""Delivery when Slack does not play along: nothing is lost, nothing arrives twice."""

import pytest

from notifier.deliver import Delivered, deliver
from notifier.models import Outbox, SendPace
from notifier.slack import Slack
from sandbox.slack import faults
from sandbox.slack.server import SlackServer

from .conftest import NOW, ON, after, person, plan, row

pytestmark = pytest.mark.django_db


def test_a_pause_asked_by_slack_is_kept_and_nothing_counts_as_tried(
    server: SlackServer, slack: Slack
) -> None:
    one = plan(person("ada"))
    server.script("chat.postMessage", faults.rate_limit(60))

    assert deliver(NOW, slack, options=ON) == Delivered(again_at=after(seconds=60))
    assert (row(one).state, row(one).attempts) == ("planned", 0)
    assert deliver(after(seconds=59), slack, options=ON) == Delivered(again_at=after(seconds=60))
    assert deliver(after(seconds=61), slack, options=ON) == Delivered(sent=1)
    assert len(server.posts) == 1


def test_a_busy_lookup_waits_without_losing_the_message(server: SlackServer, slack: Slack) -> None:
    one = plan(person("ada"))
    server.script("users.lookupByEmail", faults.rate_limit(60))
    assert deliver(NOW, slack, options=ON) == Delivered()
    assert (row(one).state, row(one).not_before) == ("planned", after(seconds=60))
    assert deliver(after(seconds=61), slack, options=ON) == Delivered(sent=1)


@pytest.mark.parametrize("method", ["chat.postMessage", "users.lookupByEmail"])
def test_a_revoked_token_stops_the_queue_once_and_loses_nothing(
    server: SlackServer, slack: Slack, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    ada, bo = person("ada"), person("bo")
    ids = [plan(ada, "one"), plan(bo, "two")]
    server.script(method, *[faults.refuse("token_revoked")] * 3)

    deliver(NOW, slack, options=ON)
    calls = len(server.calls)
    deliver(after(minutes=1), slack, options=ON)

    assert len(server.calls) == calls
    assert {(row(each).state, row(each).attempts) for each in ids} == {("planned", 0)}
    assert SendPace.objects.get(method="chat.postMessage").reason == "token_revoked"
    assert caplog.text.count("token_revoked") == 1
    server.script(method)
    for minutes in (11, 22, 33):
        deliver(after(minutes=minutes), slack, options=ON)
    assert {row(each).state for each in ids} == {"sent"}
    assert SendPace.objects.get(method="chat.postMessage").reason == ""
    assert len(server.posts) == 2


def test_a_refused_recipient_fails_and_the_others_get_theirs(server: SlackServer, slack: Slack) -> None:
    one = plan(person("ada"))
    server.script("chat.postMessage", faults.refuse("channel_not_found"))
    assert deliver(NOW, slack, options=ON) == Delivered(failed=1)
    assert (row(one).state, row(one).last_error) == ("failed", "channel_not_found")


def test_blocks_that_slack_refuses_leave_the_text(server: SlackServer, slack: Slack) -> None:
    one = plan(person("ada"))
    server.script("chat.postMessage", faults.refuse("invalid_blocks"))
    assert deliver(NOW, slack, options=ON) == Delivered(sent=1)
    assert [(post.text, post.blocks) for post in server.posts] == [(row(one).text, [])]


def test_a_payload_nobody_can_read_fails_alone(server: SlackServer, slack: Slack) -> None:
    one, two = plan(person("ada"), "one"), plan(person("bo"), "two")
    Outbox.objects.filter(pk=one).update(payload={"story": "poem"})
    assert deliver(NOW, slack, options=ON) == Delivered(sent=1, failed=1)
    assert (row(one).reason, row(two).state) == ("its payload cannot be read", "sent")


@pytest.mark.parametrize(
    "fault", [faults.record_then_drop(), faults.status(500, record=True), faults.reset(record=True)]
)
def test_stored_without_an_answer_is_found_and_not_sent_again(
    server: SlackServer, slack: Slack, fault: faults.Fault
) -> None:
    one = plan(person("ada"))
    server.script("chat.postMessage", fault)

    assert deliver(NOW, slack, options=ON) == Delivered(uncertain=1)
    assert row(one).state == "uncertain"
    assert deliver(after(seconds=10), slack, options=ON) == Delivered(sent=1)
    deliver(after(hours=1), slack, options=ON)

    assert [post.ts for post in server.posts] == [row(one).ts]
    assert (row(one).state, row(one).channel) == ("sent", "D01")


def test_not_stored_is_sent_again_after_two_looks_and_a_minute(server: SlackServer, slack: Slack) -> None:
    one = plan(person("ada"))
    server.script("chat.postMessage", faults.close())

    deliver(NOW, slack, options=ON)
    for seconds in (6, 20, 40):
        deliver(after(seconds=seconds), slack, options=ON)
        assert row(one).state == "uncertain"
    assert server.posts == []
    assert deliver(after(seconds=70), slack, options=ON) == Delivered(sent=1)
    assert [call.method for call in server.calls].count("conversations.history") == 2
    assert len(server.posts) == 1


def test_a_second_unclear_answer_is_the_last(server: SlackServer, slack: Slack) -> None:
    one = plan(person("ada"))
    server.script("chat.postMessage", *[faults.close()] * 5)
    for minutes in range(0, 20, 2):
        deliver(after(minutes=minutes), slack, options=ON)
    assert row(one).state == "failed"
    assert [call.method for call in server.calls].count("chat.postMessage") == 2


def test_without_the_scope_to_look_nothing_is_sent_twice(server: SlackServer, slack: Slack) -> None:
    one = plan(person("ada"))
    server.script("chat.postMessage", faults.record_then_drop())
    server.script("conversations.history", faults.refuse("missing_scope"))
    deliver(NOW, slack, options=ON)
    assert deliver(after(minutes=2), slack, options=ON) == Delivered(failed=1)
    assert row(one).reason == "it cannot be found out whether it was delivered"
    assert len(server.posts) == 1


def test_a_silent_slack_is_left_alone_for_a_minute(server: SlackServer, slack: Slack) -> None:
    ada = person("ada")
    for number in range(12):
        plan(ada, str(number))
    server.script("chat.postMessage", *[faults.close()] * 12)

    outcome = deliver(NOW, slack, options=ON)

    assert outcome.uncertain < 12
    assert outcome.uncertain + Outbox.objects.filter(state="planned", attempts=0).count() == 12


@pytest.mark.parametrize(
    ("fault", "pause"),
    [(faults.rate_limit(60), 60), (faults.close(), 30), (faults.refuse("ratelimited"), 30)],
)
def test_a_look_that_fails_proves_nothing_and_is_made_later(
    server: SlackServer, slack: Slack, fault: faults.Fault, pause: int
) -> None:
    one = plan(person("ada"))
    server.script("chat.postMessage", faults.record_then_drop())
    server.script("conversations.history", fault)
    deliver(NOW, slack, options=ON)

    deliver(after(seconds=10), slack, options=ON)
    assert (row(one).state, row(one).looks) == ("uncertain", 0)
    looked = len(server.calls)
    deliver(after(seconds=11), slack, options=ON)
    assert len(server.calls) == looked
    assert deliver(after(seconds=pause + 11), slack, options=ON) == Delivered(sent=1)
    assert len(server.posts) == 1


def test_a_revoked_token_while_looking_stops_the_queue(server: SlackServer, slack: Slack) -> None:
    one = plan(person("ada"))
    server.script("chat.postMessage", faults.record_then_drop())
    server.script("conversations.open", faults.refuse("token_revoked"))
    deliver(NOW, slack, options=ON)
    deliver(after(seconds=10), slack, options=ON)

    assert row(one).state == "uncertain"
    assert SendPace.objects.get(method="chat.postMessage").reason == "token_revoked"


def test_a_message_during_which_the_deliverer_dies_again_and_again_is_left_to_a_human(
    server: SlackServer, slack: Slack
) -> None:
    one = plan(person("ada"))
    Outbox.objects.update(state="uncertain", attempts=5, uncertain_since=NOW)
    for minutes in (1, 3):
        deliver(after(minutes=minutes), slack, options=ON)
    assert (row(one).state, server.posts) == ("failed", [])
