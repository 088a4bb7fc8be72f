"""kill -9 at every step of a delivery: nothing is lost and nothing arrives twice."""

import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from notifier.deliver import Delivered, deliver
from notifier.models import Outbox
from notifier.slack import Slack
from sandbox.slack.server import SlackServer

from .conftest import NOW, ON, person, plan

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = Path(__file__).with_name("deliver_and_die.py")
# step: how many of the three messages Slack has, at least, when the process is dead
STEPS = {"before the post": 0, "after the post": 1, "before the outcome": 3, "after the outcome": 3}


def deliver_and_die(server: SlackServer, step: str) -> None:
    database = str(connection.settings_dict["NAME"])
    root = str(settings.BASE_DIR)
    done = subprocess.run(
        [sys.executable, str(SCRIPT), database, server.api_url, step],
        cwd=root,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def arrived(server: SlackServer) -> Counter[str]:
    return Counter(post.metadata["event_payload"]["outbox_id"] for post in server.posts if post.metadata)


@pytest.mark.parametrize("step", STEPS)
def test_killed_at(server: SlackServer, slack: Slack, step: str) -> None:
    ada, bo = person("ada"), person("bo")
    ids = {str(plan(ada, "one")), str(plan(ada, "two")), str(plan(bo, "three"))}

    deliver_and_die(server, step)

    assert len(server.posts) >= STEPS[step]
    survived = {state: Outbox.objects.filter(state=state).count() for state in ("sending", "sent")}
    assert survived == (
        {"sending": 0, "sent": 3} if step == "after the outcome" else {"sending": 3, "sent": 0}
    )

    # While the lease runs nobody touches them; afterwards they are looked for, then sent if not found.
    assert deliver(NOW + timedelta(seconds=100), slack, options=ON) == Delivered()
    for seconds in (130, 140, 175, 210, 300):
        deliver(NOW + timedelta(seconds=seconds), slack, options=ON)

    assert arrived(server) == dict.fromkeys(ids, 1)
    assert {row.state for row in Outbox.objects.all()} == {"sent"}
    by_ts = {post.ts: post.metadata["event_payload"]["outbox_id"] for post in server.posts if post.metadata}
    assert {row.ts: str(row.pk) for row in Outbox.objects.all()} == by_ts


def test_killed_again_and_again(server: SlackServer, slack: Slack) -> None:
    one = str(plan(person("ada")))
    for _ in range(2):
        deliver_and_die(server, "before the post")
        Outbox.objects.filter(state="sending").update(claimed_until=NOW - timedelta(seconds=1))
        for seconds in (0, 10, 145):
            # Looks only: under NOTIFY=hold nothing is sent.
            deliver(NOW + timedelta(seconds=seconds), slack, options=replace(ON, notify="hold"))
        Outbox.objects.filter(state="held").update(state="planned", not_before=NOW)

    assert server.posts == []
    deliver(NOW, slack, options=ON)
    assert arrived(server) == {one: 1}
