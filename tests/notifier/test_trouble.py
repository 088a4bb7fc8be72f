"""Delivery when Slack does not play along: nothing is lost, nothing arrives twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from notifier import acts
from notifier.acts import Actor
from notifier.deliver import Delivered, deliver
from notifier.models import Outbox, SendPace
from notifier.slack import Slack
from sandbox.slack import faults
from sandbox.slack.server import SlackServer

from .conftest import ACCOUNTS, NOW, ON, after, person, plan, row

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


REFUSALS = {
    "5xx": faults.status(503),
    "HTML with 200": faults.status(200),
    "HTML with 403": faults.status(403),
    "JSON without ok": faults.nonsense(),
    "nothing": faults.close(),
}


@pytest.mark.parametrize("fault", REFUSALS.values(), ids=REFUSALS)
def test_posting_that_fails_for_an_hour_delays_messages_and_fails_none(
    server: SlackServer, slack: Slack, fault: faults.Fault
) -> None:
    ids = [plan(person("ada"), "one"), plan(person("bo"), "two")]
    server.script("chat.postMessage", *[fault] * 100)
    for minutes in range(0, 61, 2):
        deliver(after(minutes=minutes), slack, options=ON)
    assert {row(each).state for each in ids} <= {"planned", "uncertain"}
    tried = [call.method for call in server.calls].count("chat.postMessage")
    assert 8 <= tried <= 16, "the pauses grow"

    server.unscript("chat.postMessage")
    for minutes in range(61, 122, 5):
        deliver(after(minutes=minutes), slack, options=ON)
    arrived = [post.metadata["event_payload"]["outbox_id"] for post in server.posts if post.metadata]
    assert sorted(arrived) == sorted(map(str, ids))


def test_what_cannot_be_posted_until_its_deadline_expires(server: SlackServer, slack: Slack) -> None:
    one = plan(person("ada"), deadline=after(hours=3))
    server.script("chat.postMessage", *[faults.close()] * 100)
    for minutes in range(0, 300, 5):
        deliver(after(minutes=minutes), slack, options=ON)
    assert (row(one).state, row(one).reason) == ("suppressed", "expired before it was sent")


@pytest.mark.parametrize("hours", [-1, 1])
def test_slack_s_clock_decides_what_may_be_a_lost_answer(hours: int) -> None:
    one = plan(person("ada"))
    theirs = after(hours=hours).timestamp
    with SlackServer(lambda: ACCOUNTS, clock=theirs) as server:
        slack = Slack(server.token, server.api_url, timeout=5, clock=lambda: NOW)
        server.script("chat.postMessage", faults.record_then_drop())
        assert deliver(NOW, slack, options=ON) == Delivered(uncertain=1)
        for minutes in (1, 3, 5):
            deliver(after(minutes=minutes), slack, options=ON)
        assert ([post.ts for post in server.posts], row(one).state) == ([row(one).ts], "sent")


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_of_ours_that_jumps_loses_nothing_and_doubles_nothing(
    server: SlackServer, slack: Slack, hours: int
) -> None:
    slow = replace(ON, pace_per_second=1.0)
    ids = [plan(person("ada"), str(number)) for number in range(1)] + [plan(person("bo"), "bo")]
    server.script("chat.postMessage", faults.rate_limit(60), faults.record_then_drop())
    deliver(NOW, slack, options=slow)
    for minutes in range(0, 130, 5):
        deliver(after(hours=hours, minutes=minutes + 1), slack, options=slow)
    arrived = [post.metadata["event_payload"]["outbox_id"] for post in server.posts if post.metadata]
    assert sorted(arrived) == sorted(map(str, ids))
    assert {row(each).state for each in ids} == {"sent"}


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


def test_what_is_sent_again_is_looked_for_before_it_is_posted(server: SlackServer, slack: Slack) -> None:
    there, gone = plan(person("ada"), "there"), plan(person("bo"), "gone")
    server.script("chat.postMessage", faults.record_then_drop())
    deliver(NOW, slack, options=ON, limit=1)
    Outbox.objects.update(state="failed", reason="given up")
    acts.send_again([there, gone], Actor("Tomas Okafor"), "Slack is well again")

    now = timezone.now()
    for minutes in (0, 1, 2, 4):
        deliver(now + timedelta(minutes=minutes), slack, options=ON)
    assert {row(there).state, row(gone).state} == {"sent"}
    arrived = [post.metadata["event_payload"]["outbox_id"] for post in server.posts if post.metadata]
    assert sorted(arrived) == sorted(map(str, (there, gone)))
    assert row(there).released
