"""Delivery: who gets what, and who does not and why."""

import threading
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from django.db import connection

from notifier import acts, outbox
from notifier.acts import Actor
from notifier.deliver import Delivered, deliver
from notifier.models import Mute, Outbox, SlackIdentity
from notifier.slack import Slack
from orgmodel.models import Move, Person
from sandbox.slack import faults
from sandbox.slack.server import SlackPerson, SlackServer

from .conftest import ACCOUNTS, NOW, ON, after, move, person, plan, row

pytestmark = pytest.mark.django_db


def test_a_due_message_arrives_once_exactly_as_previewed(server: SlackServer, slack: Slack) -> None:
    one = plan(person("ada"))
    preview = outbox.message(one)
    assert preview is not None

    assert deliver(NOW, slack, options=ON) == Delivered(sent=1)
    assert deliver(NOW, slack, options=ON) == Delivered()

    [post] = server.posts
    assert (post.user_id, post.text, post.blocks) == ("U01", preview.text, preview.blocks)
    sent = row(one)
    assert (sent.state, sent.channel, sent.ts, sent.attempts, sent.claim_token) == (
        "sent",
        "D01",
        post.ts,
        1,
        None,
    )
    assert sent.sent_at is not None


def test_off_and_hold_send_nothing(server: SlackServer, slack: Slack) -> None:
    ada = person("ada")
    one, two = plan(ada, "one"), plan(ada, "two", not_before=after(hours=1))

    assert deliver(NOW, slack, options=replace(ON, notify="off")) == Delivered()
    assert row(one).state == "planned"
    assert deliver(NOW, slack, options=replace(ON, notify="hold")) == Delivered()
    assert {row(one).state, row(two).state} == {"held"}
    assert row(one).reason.startswith("NOTIFY=hold")
    acts.release([one], Actor("Tomas Okafor"))
    deliver(NOW, slack, options=replace(ON, notify="hold"))
    assert row(one).state == "planned"
    assert server.calls == []

    assert deliver(NOW, slack, options=ON) == Delivered(sent=1)
    assert row(two).state == "held"


def test_the_organisation_s_settings_hold_when_no_options_are_given(
    server: SlackServer, slack: Slack
) -> None:
    one = plan(person("ada"))
    deliver(NOW, slack)
    assert (row(one).state, server.calls) == ("held", [])


@pytest.mark.parametrize(
    ("status", "ended", "reason"),
    [("ended", None, "the recipient is not active"), ("active", NOW, "the recipient is not active")],
)
def test_nobody_who_left_is_written_to(
    server: SlackServer, slack: Slack, status: str, ended: datetime | None, reason: str
) -> None:
    one = plan(person("ada", status=status, ended=ended))
    assert deliver(NOW, slack, options=ON) == Delivered(suppressed=1)
    assert (row(one).state, row(one).reason, server.posts) == ("suppressed", reason, [])


def test_a_deactivated_slack_account_is_never_posted_to(server: SlackServer, slack: Slack) -> None:
    one = plan(person("gus"))
    assert deliver(NOW, slack, options=ON) == Delivered()
    assert (row(one).reason, row(one).last_error) == ("waits for a Slack account", "users_not_found")
    assert [call.method for call in server.calls] == ["users.lookupByEmail"]
    assert deliver(after(days=2), slack, options=ON) == Delivered(suppressed=1)
    assert row(one).reason == "expired before it was sent"


def test_a_joiner_s_slack_account_that_comes_late_is_waited_for(server: SlackServer, slack: Slack) -> None:
    one = plan(person("pia"))
    for minutes in (0, 1, 5, 10):
        assert deliver(after(minutes=minutes), slack, options=ON) == Delivered()
    assert (row(one).state, row(one).waits) == ("planned", 4)
    ACCOUNTS.append(SlackPerson("pia@nordwind.example", "Pia Lund", "U09"))
    try:
        assert deliver(after(minutes=11), slack, options=ON) == Delivered(), "asked again later, not at once"
        assert deliver(after(minutes=16), slack, options=ON) == Delivered(sent=1)
    finally:
        ACCOUNTS.pop()
    assert [post.user_id for post in server.posts] == ["U09"]


@pytest.mark.parametrize("code", ["user_not_found", "user_disabled"])
def test_a_slack_account_made_anew_is_looked_up_afresh(server: SlackServer, slack: Slack, code: str) -> None:
    one = plan(person("ada"))
    SlackIdentity.objects.create(email="ada@nordwind.example", user_id="U0OLD", checked_at=NOW)
    server.script("chat.postMessage", faults.refuse(code))
    assert deliver(after(hours=1), slack, options=ON) == Delivered(sent=1)
    assert ([post.user_id for post in server.posts], row(one).state) == (["U01"], "sent")


def test_what_is_personal_never_goes_to_a_mailbox_that_two_people_share(
    server: SlackServer, slack: Slack
) -> None:
    one = plan(person("ada"))
    other = person("bo", email="Ada@nordwind.example")
    two = plan(other, "admin", kind="admin")
    assert deliver(NOW, slack, options=ON) == Delivered(sent=1, suppressed=1)
    assert (row(one).state, row(one).reason) == ("suppressed", "several people share this address")
    assert row(two).state == "sent"


def test_a_message_follows_the_person_to_a_new_address(server: SlackServer, slack: Slack) -> None:
    ada = person("ada")
    plan(ada)
    Person.objects.filter(pk=ada.pk).update(email="bo@nordwind.example")
    assert deliver(NOW, slack, options=ON) == Delivered(sent=1)
    assert [post.user_id for post in server.posts] == ["U02"]


def test_everything_stops_with_one_act_and_goes_on_with_another(server: SlackServer, slack: Slack) -> None:
    one, tomas = plan(person("ada")), Actor("Tomas Okafor")
    with pytest.raises(acts.Refused, match="A reason is needed"):
        acts.stop(tomas, "")
    acts.stop(tomas, "wrong data in HR")
    with pytest.raises(acts.Refused, match="Sending is stopped already"):
        acts.stop(tomas, "twice")

    assert deliver(NOW, slack, options=ON) == Delivered()
    assert (row(one).state, server.calls) == ("planned", [])
    stopped = acts.stopped()
    assert stopped is not None
    assert (stopped.who, stopped.reason) == ("Tomas Okafor", "wrong data in HR")

    acts.resume(tomas, "HR is right again")
    assert acts.stopped() is None
    assert deliver(NOW, slack, options=ON) == Delivered(sent=1)
    assert [each.act for each in acts.acts()] == ["resume", "stop"]
    with pytest.raises(acts.Refused, match="Sending is not stopped"):
        acts.resume(tomas, "again")


@pytest.mark.parametrize(("until", "sent"), [(None, 0), (after(days=1), 0), (NOW, 1)])
def test_muted_kinds_stay_away_for_as_long(slack: Slack, until: datetime | None, sent: int) -> None:
    ada = person("ada")
    Mute.objects.create(person=ada, kind="mover", until=until)
    Mute.objects.create(person=ada, kind="lost")
    one = plan(ada)
    assert deliver(NOW, slack, options=ON).sent == sent
    assert (row(one).reason == "muted by the recipient") is (sent == 0)


def test_superseded_reverted_and_late_messages_are_suppressed(server: SlackServer, slack: Slack) -> None:
    ada, bo = person("ada"), person("bo")
    case, undone = move(ada), move(bo)
    newer = plan(ada, "r2", move_id=case.pk, revision=2)
    older = plan(ada, "r1", move_id=case.pk, revision=1)
    reverted = plan(bo, "undone", move_id=undone.pk)
    late = plan(bo, "late", not_before=NOW - timedelta(days=3), deadline=NOW)
    Move.objects.filter(pk=undone.pk).update(state="reverted")

    assert deliver(NOW, slack, options=ON) == Delivered(sent=1, suppressed=3)
    assert row(newer).state == "sent"
    assert row(older).reason == "superseded by a newer version"
    assert row(reverted).reason == "no longer true: it was taken back"
    assert row(late).reason == "expired before it was sent"


def test_quiet_hours_are_the_recipient_s_own(server: SlackServer, slack: Slack) -> None:
    night = replace(ON, quiet_hours=(time(18, 0), time(8, 30)))
    berlin, new_york = plan(person("ada"), "ada"), plan(person("bo"), "bo")

    # 10:00 UTC is 11:00 in Berlin and 05:00 in New York, which wakes at 13:30 UTC.
    assert deliver(NOW, slack, options=night) == Delivered(sent=1)
    assert row(berlin).state == "sent"
    waiting = row(new_york)
    assert (waiting.state, waiting.reason, waiting.attempts) == ("planned", "quiet hours", 0)
    assert waiting.not_before == after(hours=3, minutes=30)
    assert deliver(after(hours=3, minutes=31), slack, options=night) == Delivered(sent=1)


def test_accounts_are_remembered_for_half_a_day(server: SlackServer, slack: Slack) -> None:
    ada = person("ada")
    for hours, key in ((0, "one"), (11, "two"), (13, "three")):
        plan(ada, key)
        deliver(after(hours=hours), slack, options=ON)
    assert [call.method for call in server.calls].count("users.lookupByEmail") == 2
    assert SlackIdentity.objects.get().user_id == "U01"


def test_the_pace_is_one_for_everybody(server: SlackServer, slack: Slack) -> None:
    ada = person("ada")
    for number in range(30):
        plan(ada, str(number))
    slow = replace(ON, pace_per_second=1.0)

    # Ten seconds of unused pace may be spent at once, then one message a second.
    assert deliver(NOW, slack, options=slow).sent == 10
    assert deliver(after(seconds=0.5), slack, options=slow).sent == 0
    assert deliver(after(seconds=3.5), slack, options=slow).sent == 3
    assert deliver(after(seconds=100), slack, options=slow, limit=4).sent == 4


@pytest.mark.django_db(transaction=True)
def test_two_deliverers_at_once_share_the_work(server: SlackServer, slack: Slack) -> None:
    ada, bo = person("ada"), person("bo")
    for number in range(60):
        plan((ada, bo)[number % 2], str(number))

    def work() -> None:
        try:
            deliver(NOW, slack, options=ON)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Outbox.objects.filter(state="sent").count() == 60
    ids = [post.metadata["event_payload"]["outbox_id"] for post in server.posts if post.metadata]
    assert len(ids) == len(set(ids)) == 60
