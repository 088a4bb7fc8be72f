"""The database cannot be reached: what people, senders of hooks and the log get then."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.conf import LazySettings
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client

from orgmodel.configuration import Configuration
from orgmodel.models import HookState
from orgmodel.sources.okta import OktaSettings
from portal import cluster, jobs
from portal.cluster import Patient
from portal.database_away import OneLine, Outage, is_away

SECRET = "the-value-of-the-hook"
SENTENCE = b"Sightline cannot reach its database. Try again in a minute.\n"


def refused(*_: object) -> Any:
    raise OperationalError("connection failed: Connection refused")


@contextmanager
def away() -> Iterator[None]:
    """No statement gets through."""
    with connection.execute_wrapper(refused):
        yield


def caused_by(cause: Exception) -> OperationalError:
    error = OperationalError("it failed")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError("connection failed"), True),
        (caused_by(psycopg.OperationalError("server closed the connection unexpectedly")), True),
        (caused_by(psycopg.errors.AdminShutdown()), True),
        (caused_by(psycopg.errors.CannotConnectNow()), True),
        (caused_by(psycopg.errors.TooManyConnections()), True),
        (InterfaceError("connection already closed"), True),
        (caused_by(psycopg.errors.DeadlockDetected()), False),
        (caused_by(psycopg.errors.DiskFull()), False),
        (InterfaceError("the cursor is closed"), False),
        (ProgrammingError("no such table"), False),
        (ValueError("connection"), False),
        (None, False),
    ],
)
def test_only_a_connection_that_is_not_there_counts(error: Exception | None, expected: bool) -> None:
    assert is_away(error) is expected


@pytest.fixture
def hook(settings: LazySettings, db: None) -> None:
    settings.SIGHTLINE = replace(
        Configuration(entrance="tests"),
        sources={"okta": OktaSettings(url="https://nordwerk.okta.com", token="00T")},
        hook_secrets={"okta": (SECRET.encode(),)},
    )


def deliver(authorization: str) -> Any:
    sender = Client(raise_request_exception=False)
    headers = {"Authorization": authorization, "Accept": "text/html, */*"}
    return sender.post("/hooks/okta/", "{}", content_type="application/json", headers=headers)


def test_a_delivery_is_to_be_sent_again_in_one_sentence(hook: None) -> None:
    with away():
        answer = deliver(SECRET)
    assert (answer.status_code, answer.content) == (503, SENTENCE)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Retry-After"] == "60"


def test_a_delivery_with_a_wrong_value_is_refused_as_ever(hook: None) -> None:
    with away():
        assert deliver("another value").status_code == 401
    assert HookState.objects.count() == 0
    assert deliver("another value").status_code == 401
    assert HookState.objects.get().refused == 1


@pytest.mark.django_db
def test_people_get_a_page_and_programs_a_sentence() -> None:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32
    with away():
        page = client.get("/people/", headers={"Accept": "text/html,*/*"})
        data = client.get("/people.json")
    assert (page.status_code, data.status_code, data.content) == (503, 503, SENTENCE)
    assert "Sightline cannot reach its database" in page.content.decode()
    assert "our side" not in page.content.decode()


@pytest.mark.django_db
def test_what_is_our_own_mistake_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ProgrammingError("no such column")

    monkeypatch.setattr("portal.views.hooks.hooked", broken)
    answer = Client(raise_request_exception=False).post("/hooks/okta/", "{}", content_type="application/json")
    assert answer.status_code == 500


def record(error: Exception) -> logging.LogRecord:
    try:
        raise error
    except type(error):
        return logging.LogRecord("any", logging.ERROR, "", 0, "It %s.", ("failed",), sys.exc_info())


def test_the_log_has_one_line_and_no_trace() -> None:
    line = record(OperationalError("connection refused"))
    assert OneLine().filter(line)
    assert logging.Formatter().format(line) == "It failed: no connection to the database"
    other = record(ProgrammingError("no such table"))
    assert OneLine().filter(other)
    assert "Traceback" in logging.Formatter().format(other)


def test_the_worker_says_it_once_a_minute_and_when_it_is_over(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    given: list[object] = []

    def append(broker: object) -> None:
        given.append(broker)

    monkeypatch.setattr(cluster, "scheduler", append)
    monkeypatch.setattr(cluster, "close_old_connections", lambda: None)
    monkeypatch.setattr(cluster, "keep_timetable", refused)
    outage = Outage()
    caplog.set_level(logging.INFO)
    for look in range(150):  # 75 seconds, as often as the sentinel looks.
        monkeypatch.setattr("portal.database_away.monotonic", lambda now=1000 + look / 2: now)
        cluster._look("the broker", outage)
    assert caplog.messages == ["the database cannot be reached; no task starts until it answers"] * 2
    assert given == []
    monkeypatch.setattr(cluster, "keep_timetable", lambda: None)
    monkeypatch.setattr("portal.database_away.monotonic", lambda: 1075.0)
    for _ in range(2):
        cluster._look("the broker", outage)
    assert caplog.messages[2:] == ["the database answers again, after 75 s"]
    assert given == ["the broker", "the broker"]


def test_a_statement_that_is_refused_is_not_called_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def denied() -> None:
        raise ProgrammingError("permission denied for table q\nLINE 1: …")

    monkeypatch.setattr(cluster, "keep_timetable", denied)
    monkeypatch.setattr(cluster, "close_old_connections", lambda: None)
    cluster._look(None, Outage())
    line = (
        "the database refuses the worker; no task starts until it is put right: permission denied for table q"
    )
    assert caplog.messages == [line]


class Library:
    """A broker whose database is away, or that is broken."""

    list_key = "sightline"

    def __init__(self, error: Exception) -> None:
        self.error = error

    def dequeue(self) -> None:
        raise self.error

    def acknowledge(self, task: object) -> None:
        raise self.error


def test_the_processes_of_the_queue_outlive_the_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "LOOK_EVERY", 0)
    monkeypatch.setattr(cluster, "close_old_connections", lambda: None)
    patient = Patient(Library(OperationalError("connection refused")))
    assert patient.dequeue() is None
    patient.acknowledge(7)
    assert patient.list_key == "sightline"
    broken = Patient(Library(ProgrammingError("no such table")))
    with pytest.raises(ProgrammingError):
        broken.dequeue()
    with pytest.raises(ProgrammingError):
        broken.acknowledge(7)


def test_a_task_that_loses_the_database_ends_in_one_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(jobs, "woke", refused)
    assert jobs.read() == "cut off: no connection to the database"
    assert caplog.messages == ["read was cut off: no connection to the database"]
