"""Whether a worker lives, as probes, the sources page and admins are told."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db.models.functions import Now
from django.test import Client

from portal import jobs
from portal.heartbeat import beating, silence, woke
from portal.models import Wake
from tests.orgmodel.sync.world import moment
from tests.portal.conftest import SignIn
from tests.portal.monitor import families, of, samples
from tests.portal.test_health import read_at, woken_before


@pytest.fixture(autouse=True)
def frozen(conventions: None) -> Iterator[None]:
    """Ages to the second take a clock that stands."""
    with time_machine.travel(moment(9), tick=False):
        yield


@pytest.mark.django_db
def test_without_a_worker_for_two_minutes_it_is_not_ready(nordwind: None, client: Client) -> None:
    read_at(8.5)
    woken_before(105)
    assert client.get("/readyz").status_code == 200
    woken_before(115)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content.decode().splitlines()[0]) == (
        503,
        "No worker has run for 115 seconds. Start manage.py qcluster.",
    )
    Wake.objects.all().delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content.decode().splitlines()[0]) == (
        503,
        "No worker has run yet. Start manage.py qcluster.",
    )


@pytest.mark.django_db
def test_the_newest_wake_of_any_task_counts(nordwind: None, client: Client) -> None:
    read_at(8.5)
    woken_before(1000)
    woke("read")
    woke("read")
    assert client.get("/readyz").status_code == 200
    assert samples(families(client).values())[of("worker_age_seconds")] < 10


@pytest.mark.django_db
def test_a_long_sync_is_told_from_a_frozen_one(nordwind: None, client: Client, as_person: SignIn) -> None:
    read_at(8.5)
    with jobs._alone() as first, beating():
        assert first
        assert client.get("/readyz").status_code == 200
        Wake.objects.filter(task="reading").update(at=Now() - timedelta(minutes=4))
        answer = client.get("/readyz")
        sentence = "The worker process that syncs the sources has not responded for 4 minutes."
        assert (answer.status_code, answer.content.decode().splitlines()[0]) == (
            503,
            f"{sentence} Restart manage.py qcluster: a sync that is cut off has applied nothing.",
        )
        assert sentence in as_person("nadia").get("/sources/").content.decode()
        # That it responds says nothing of the timetable.
        Wake.objects.update(at=Now() - timedelta(minutes=5))
        woke("reading")
        assert client.get("/readyz").content.decode().startswith("No worker has run for 5 minutes.")
    woke("notify")
    assert client.get("/readyz").status_code == 200
    # A process that was killed leaves its row behind, and no lock.
    Wake.objects.create(task="reading", at=Now() - timedelta(hours=1))
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_while_the_sources_are_read_their_process_says_that_it_lives() -> None:
    with beating(0.01):
        Wake.objects.update(at=Now() - timedelta(hours=1))
        until = time.monotonic() + 10
        while Wake.objects.filter(at__lt=Now() - timedelta(minutes=1)).exists():
            assert time.monotonic() < until
    assert not Wake.objects.exists()


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [
        (None, "No worker has run yet."),
        (110, ""),
        (111, "No worker has run for 111 seconds."),
        (3 * 3600 + 5, "No worker has run for 3 hours."),
        (12 * 86_400, "No worker has run for 12 days."),
    ],
)
def test_the_silence_of_the_worker_in_words(seconds: int | None, sentence: str) -> None:
    assert silence(seconds) == sentence


@pytest.mark.django_db
def test_admins_are_told_on_every_page_and_others_on_the_sources_page(
    nordwind: None, as_person: SignIn
) -> None:
    read_at(8.5)
    tomas, nadia = as_person("tomas"), as_person("nadia")
    sentence = "No worker has run for 3 hours."
    assert sentence not in tomas.get("/apps/").content.decode()
    assert re.search(r"The worker last woke \d+ seconds ago\.", nadia.get("/sources/").content.decode())
    woken_before(3 * 3600 + 5)
    for address in ("/apps/", "/", "/outbox/", "/apps/?at=2026-03-06"):
        page = tomas.get(address).content.decode()
        assert sentence in page
        assert "Nothing is synced and no message is sent. Start manage.py qcluster." in page
    assert sentence not in nadia.get("/apps/").content.decode()
    assert sentence in nadia.get("/sources/").content.decode()
    Wake.objects.all().delete()
    assert "No worker has run yet." in tomas.get("/apps/").content.decode()
