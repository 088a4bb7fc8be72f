"""Alive, ready and measured, for machines that have no account."""

import io
import logging
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.test import Client, RequestFactory
from pytest_django import DjangoDbBlocker

from orgmodel.models import PartLeft, Run, SourceCursor
from portal.door.log_lines import RouteOnly
from portal.heartbeat import woke
from portal.models import Wake
from tests.orgmodel.sync.world import moment
from tests.portal.conftest import SignIn
from tests.portal.monitor import families, of, samples
from tests.portal.operations import finding, message


@pytest.fixture(autouse=True)
def frozen(conventions: None) -> Iterator[None]:
    """Ages to the second take a clock that stands."""
    with time_machine.travel(moment(9), tick=False):
        yield


def test_alive_needs_no_database(client: Client, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.block():
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"alive\n")


def read_at(days: float) -> None:
    """Every source was read then, and a worker lives."""
    Run.objects.update(started=moment(days), finished=moment(days))
    woke("notify")


def woken_before(seconds: int) -> None:
    Wake.objects.update(at=Now() - timedelta(seconds=seconds))


@pytest.mark.django_db
def test_ready_says_how_old_everything_is(nordwind: None, client: Client) -> None:
    read_at(8.5)
    message("due", held="", due=moment(8.75))
    answer = client.get("/readyz")
    assert answer.status_code == 200
    # The database's clock does not stand still.
    assert re.sub(r"woke \d s", "woke 0 s", answer.content.decode()).splitlines() == [
        "ready",
        "a worker last woke 0 s ago",
        "control was read 43200 s ago",
        "okta was read 43200 s ago",
        "the oldest due message waits for 21600 s",
    ]


@pytest.mark.django_db
def test_reads_of_more_than_a_day_ago_are_not_ready(nordwind: None, client: Client) -> None:
    read_at(8.5)
    Run.objects.filter(source="okta").update(finished=moment(8) - timedelta(seconds=1), applied_at=moment(1))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    lines = answer.content.decode().splitlines()
    assert lines[0] == "okta was last read more than 24 hours ago: look at /sources/."
    assert "ready" not in lines


@pytest.mark.django_db
def test_a_source_that_never_answered_is_not_ready(nordwind: None, client: Client) -> None:
    read_at(8.5)
    Run.objects.create(source="hris", started=moment(9), finished=moment(9), outcome="failed")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content.decode().splitlines()[0]) == (
        503,
        "hris was never read whole: look at /sources/.",
    )


@pytest.mark.django_db
def test_nothing_read_is_not_ready(client: Client) -> None:
    woke("read")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content.decode().splitlines()[0]) == (
        503,
        "Nothing was ever read: run manage.py sync.",
    )


@pytest.mark.django_db
def test_a_database_that_is_behind_or_away_is_not_ready(
    nordwind: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'notifier'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (
        503,
        b"The database is not up to date: run manage.py migrate.\n",
    )

    def away(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr("portal.readiness.MigrationExecutor", away)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"The database cannot be reached.\n")


@pytest.mark.django_db
def test_numbers_without_names(nordwind: None, client: Client) -> None:
    read_at(8)
    finding()
    finding("f2", severity="high")
    message()
    message("due", held="", due=moment(8.5))
    newest = Run.objects.filter(source="okta").latest("pk")
    newest.problems, newest.not_visible = [{"record": "00u1"}], {"owner": "403"}
    newest.save()
    for native in ("00grad", "00gcuc"):
        PartLeft.objects.create(source="okta", kind="grant", owner=native)
    SourceCursor.objects.create(source="okta", stream="begun", value=moment(8).isoformat())
    found = families(client)
    expected = {
        of("people"): 5,
        of("groups"): 7,
        of("apps"): 6,
        of("findings_open", severity="high"): 1,
        of("findings_open", severity="low"): 0,
        of("outbox", state="held"): 1,
        of("outbox_oldest_due_seconds"): 43200,
        of("source_age_seconds", source="okta"): 86400,
        of("source_good", source="okta"): 1,
        of("run_calls", source="okta"): 0,
        of("leavers_active"): 0,
        of("source_held", source="okta"): 0,
        of("run_problems", source="okta"): 1,
        of("source_unseen", source="okta", kind="owner"): 1,
        of("complete_read_lists_left", source="okta", kind="grant"): 2,
        of("complete_read_age_seconds", source="okta"): None,
        of("worker_age_seconds"): 0,
        of("reading_age_seconds"): None,
        of("day_syncs", source="okta"): 0,
        of("day_syncs", source="control"): 0,
    }
    values = samples(found.values())
    # The database's clock does not stand still.
    values[of("worker_age_seconds")] //= 10
    assert {each: values.get(each) for each in expected} == expected
    counters = {name for name, each in found.items() if each.type != "gauge"}
    assert counters == {"hook_accepted", "hook_refused"}
    assert found["people"].documentation == "People of the company who are here."
    text = client.get("/metrics").content.decode().lower()
    assert not [word for word in ("nadia", "nordwind", "figma", "cucumber") if word in text]


PLAIN = "text/plain; version=0.0.4; charset=utf-8"
OPEN = "application/openmetrics-text; version=1.0.0; charset=utf-8"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accept", "content_type", "end"),
    [
        ("", PLAIN, ""),
        ("*/*", PLAIN, ""),
        ("application/openmetrics-text", OPEN, "# EOF"),
        ("text/plain;version=1.0.0", "text/plain; version=1.0.0; charset=utf-8; escaping=underscores", ""),
        ("text/plain;version=x", PLAIN, ""),
        ("application/openmetrics-text;version=1.x", PLAIN, ""),
    ],
)
def test_a_monitor_gets_the_format_that_it_reads(
    accept: str, content_type: str, end: str, nordwind: None, client: Client
) -> None:
    answer = client.get("/metrics", headers={"Accept": accept})
    lines = answer.content.decode().splitlines()
    assert (answer.status_code, answer["Content-Type"]) == (200, content_type)
    assert "sightline_people 5.0" in lines
    assert not [each for each in lines if "python_" in each or "process_" in each]
    assert (lines[-1] == "# EOF") is bool(end)


@pytest.mark.django_db
def test_where_no_worker_ever_ran_the_age_is_infinite(nordwind: None, client: Client) -> None:
    assert samples(families(client).values())[of("worker_age_seconds")] == math.inf


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "192.0.2.1"}, 403),
        ({"HTTP_X_FORWARDED_FOR": "192.0.2.1"}, 403),
        ({"HTTP_X_REAL_IP": "192.0.2.1"}, 403),
    ],
)
def test_numbers_are_for_this_machine(how: dict[str, str], status: int, nordwind: None) -> None:
    assert Client().get("/metrics", **how).status_code == status  # type: ignore[arg-type]  # WSGI variables


TOKEN = "a token of the monitor"
FROM = "192.0.2.1"


@pytest.mark.django_db
@pytest.mark.parametrize("base", ["https://sightline.nordwind.example", "http://10.0.0.1:8000"])
def test_a_served_portal_gives_its_numbers_for_a_token_only(
    base: str, nordwind: None, settings: LazySettings
) -> None:
    settings.SIGHTLINE = replace(settings.SIGHTLINE, base_url=base)

    def status_with(**headers: str) -> int:
        return Client().get("/metrics", headers=headers, HTTP_HOST="10.1.2.3:8000").status_code

    settings.METRICS_TOKEN = ""
    assert status_with() == 400  # a proxy on this machine may have forgotten to say for whom it asks
    settings.METRICS_TOKEN = TOKEN
    assert status_with(Authorization=f"Bearer {TOKEN}") == 200
    assert {
        status_with(),
        status_with(Authorization="Bearer "),
        status_with(Authorization="Bearer another"),
    } == {400}
    assert Client().get("/metrics").status_code == 403


@pytest.mark.django_db
def test_probes_ask_by_any_name_without_https_and_others_do_not(
    nordwind: None, settings: LazySettings
) -> None:
    settings.SIGHTLINE = replace(settings.SIGHTLINE, base_url="https://sightline.nordwind.example")
    settings.SECURE_SSL_REDIRECT = True
    read_at(8.5)
    probe = Client(HTTP_HOST="10.1.2.3:8000", REMOTE_ADDR="10.1.0.1")
    assert [probe.get(address).status_code for address in ("/healthz", "/readyz")] == [200, 200]
    assert probe.get("/people/").status_code == 400
    assert Client().get("/people/")["Location"] == "https://testserver/people/"


@pytest.mark.django_db
def test_log_lines_about_a_request_hold_no_address_of_a_person(
    nordwind: None, as_person: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, written = as_person("lena"), io.StringIO()
    (stderr,) = (each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler)
    monkeypatch.setattr(stderr, "stream", written)
    for address in ("/people/ana@nordwind.example/", "/nowhere/ana@nordwind.example", "/rehearsals.json"):
        assert client.get(address).status_code in {403, 404}
    assert "Not Found: /people/<str:key>/\n" in written.getvalue()
    assert "Not Found: an address that leads nowhere\n" in written.getvalue()
    assert "Forbidden (Permission denied): /rehearsals.json\n" in written.getvalue()
    assert "ana@" not in written.getvalue()


@pytest.mark.django_db
def test_numbers_are_for_admins_from_anywhere(nordwind: None, as_person: SignIn) -> None:
    assert as_person("tomas").get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 200
    assert as_person("lena").get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 403


def test_a_line_about_our_own_address_names_it_though_it_was_answered_early() -> None:
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "%s: %s", ("No", "/readyz"), None)
    record.__dict__["request"] = RequestFactory().get("/readyz")
    assert RouteOnly().filter(record)
    assert record.getMessage() == "No: /readyz"
