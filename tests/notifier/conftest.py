"""A pretend Slack and three people of Nordwind who may be written to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from notifier import outbox
from notifier.models import Outbox
from notifier.options import Options
from notifier.outbox import Draft
from notifier.slack import Slack
from orgmodel.models import Move, Person
from sandbox.slack.server import SlackPerson, SlackServer

from .examples import STORIES

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
ON = Options(notify="on", quiet_hours=None, time_zone=ZoneInfo("UTC"), pace_per_second=None)
ACCOUNTS = [
    SlackPerson("ada@nordwind.example", "Ada Lindqvist", "U01", tz="Europe/Berlin"),
    SlackPerson("bo@nordwind.example", "Bo Petersen", "U02", tz="America/New_York"),
    SlackPerson("gus@nordwind.example", "Gus Gone", "U03", deleted=True),
]


@pytest.fixture
def server() -> Iterator[SlackServer]:
    with SlackServer(lambda: ACCOUNTS, clock=NOW.timestamp) as running:
        yield running


@pytest.fixture
def slack(server: SlackServer) -> Slack:
    return Slack(server.token, server.api_url, timeout=5, clock=lambda: NOW)


def person(key: str, **more: object) -> Person:
    """A person whose address is <key>@nordwind.example."""
    columns = {"name": key.title(), "email": f"{key}@nordwind.example", "began": NOW, **more}
    return Person.objects.create(key=key, **columns)


def move(of: Person) -> Move:
    """A move that has settled."""
    return Move.objects.create(
        person=of, kind="mover", state="settled", opened=NOW, last_change=NOW, settles_at=NOW, settled=NOW
    )


def plan(to: Person, key: str = "one", **more: object) -> UUID:
    """Plan the example message to a person, due now."""
    draft = Draft(
        kind="mover",
        to=to.email,
        recipient_id=to.pk,
        story=STORIES["mover"],
        dedupe_key=key,
        not_before=NOW,
        deadline=NOW + timedelta(days=2),
    )
    [made] = outbox.enqueue([replace(draft, **more)])  # type: ignore[arg-type]  # tests name fields of Draft
    return made


def row(message_id: UUID) -> Outbox:
    """The message as it stands now."""
    return Outbox.objects.get(pk=message_id)


def after(**time: float) -> datetime:
    """So long after NOW."""
    return NOW + timedelta(**time)
