"""The database goes away in the middle, as at its restart: every connection ends at once.

What runs at that moment is lost; the next one goes on. A restart under real processes is in the walk.
"""

from collections import Counter
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from notifier.deliver import deliver
from notifier.models import Outbox
from notifier.slack import Sent, Slack
from orgmodel.models import Run
from sandbox.slack.server import SlackServer
from tests.notifier.conftest import NOW, ON, person, plan, server, slack
from tests.orgmodel.sync.test_faults import counting, read_model, sync
from tests.orgmodel.sync.test_merge import AFTER, BEFORE

__all__ = ["server", "slack"]

pytestmark = pytest.mark.django_db(transaction=True)


def process() -> int:
    """The id of the server's process for the connection of this thread."""
    connection.ensure_connection()
    found: int = connection.connection.info.backend_pid
    return found


def cut(process: int) -> None:
    """End a connection from the server's side."""
    given = connection.get_connection_params()
    kept = {name: given[name] for name in ("host", "port", "user", "password", "dbname") if given.get(name)}
    with psycopg.connect(**kept) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [process])


@pytest.mark.parametrize("statement", [1, 30])
def test_a_sync_that_loses_its_connection_applies_nothing_and_says_so(statement: int) -> None:
    sync(BEFORE, 0)
    before = read_model()
    with counting(lambda number: cut(process()) if number == statement else None):
        outcome = sync(AFTER, 1)
    assert outcome.outcome == "failed"
    assert outcome.reason == "The database refused the run (OperationalError); nothing was applied."
    assert read_model() == before
    run = Run.objects.latest("pk")
    assert (run.outcome, run.reason) == ("failed", outcome.reason)
    assert sync(AFTER, 2).outcome == "applied"


@pytest.mark.parametrize("posted", [False, True], ids=["before the post", "after the post"])
def test_a_delivery_that_loses_its_connection_sends_once(
    posted: bool, server: SlackServer, slack: Slack
) -> None:
    ids = {str(plan(person("ada"), "one")), str(plan(person("bo"), "two"))}

    deliverer = process()

    class Cut(Slack):
        def post(self, *arguments: Any, **more: Any) -> Sent:
            sent = super().post(*arguments, **more) if posted else None
            cut(deliverer)
            return sent or super().post(*arguments, **more)

    with pytest.raises(Exception, match="connection"):
        deliver(NOW, Cut(server.token, server.api_url, timeout=5, clock=lambda: NOW), options=ON)
    connection.close()
    for seconds in (100, 130, 140, 175, 210, 300):
        deliver(NOW + timedelta(seconds=seconds), slack, options=ON)
    arrived = Counter(post.metadata["event_payload"]["outbox_id"] for post in server.posts if post.metadata)
    assert arrived == dict.fromkeys(ids, 1)
    assert {row.state for row in Outbox.objects.all()} == {"sent"}
