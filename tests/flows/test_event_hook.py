"""Okta says that something has changed: one early sync, and the page shows it, long before the timetable."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth import get_user_model
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.db.models import F
from django.test import Client
from django.utils import timezone
from django_q.models import Schedule

from orgmodel.models import HookHint, HookState, Run
from orgmodel.sync.configured import sync
from portal import jobs
from portal.timetable import keep_timetable
from sandbox.okta.event_hooks import EventHook

from .conftest import TOMAS, Nordwind

pytestmark = pytest.mark.django_db
VALUE = "the-value-of-the-event-hook"


class Quiet(WSGIRequestHandler):
    """Prints nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """The answers are looked at."""


@pytest.fixture
def portal(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The portal on loopback, in the transaction of the test."""
    mine = connections["default"]
    # A request would close it for being in the middle of a transaction.
    monkeypatch.setattr(mine, "close_if_unusable_or_obsolete", lambda: None)
    served = make_server("127.0.0.1", 0, WSGIHandler(), handler_class=Quiet)

    def serve() -> None:
        connections["default"] = mine
        served.serve_forever(0.05)

    mine.inc_thread_sharing()
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{served.server_port}"
    finally:
        served.shutdown()
        thread.join()
        served.server_close()
        mine.dec_thread_sharing()


@pytest.fixture
def hook(nordwind: Nordwind, portal: str, settings: LazySettings) -> EventHook:
    settings.SIGHTLINE = replace(settings.SIGHTLINE, hook_secrets={"okta": (VALUE.encode(),)})
    settings.ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
    keep_timetable()
    Schedule.objects.update(next_run=timezone.now() + timedelta(minutes=4))
    Run.objects.update(finished=timezone.now() - timedelta(minutes=1))
    return EventHook(nordwind.tenant, f"{portal}/hooks/okta/", VALUE)


def page() -> str:
    user, _ = get_user_model().objects.get_or_create(
        username="nadia", defaults={"email": "nadia@nordwind.example"}
    )
    nadia = Client()
    nadia.force_login(user)
    return nadia.get("/").content.decode()


def due() -> timedelta:
    """Until the early sync."""
    found: Any = Schedule.objects.get(func="portal.jobs.read_early")
    return timedelta(seconds=round((found.next_run - timezone.now()).total_seconds()))


def time_passes(seconds: float) -> None:
    """For the wake and for the distance between two syncs."""
    passed = timedelta(seconds=seconds)
    waited = HookState.objects.filter(waiting_since__isnull=False).first()
    if waited and waited.waiting_since:
        HookState.objects.update(waiting_since=waited.waiting_since - passed)
    Run.objects.update(started=F("started") - passed, finished=F("finished") - passed)


def test_a_change_in_okta_is_on_the_page_after_the_sync_that_its_hook_wakes(
    nordwind: Nordwind, hook: EventHook
) -> None:
    assert hook.verify()
    assert "Figma" not in page()
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber"}, TOMAS)
    hook.deliver(doubled=True)
    assert set(hook.answers) == {204}
    named = set(HookHint.objects.values_list("kind", "native_id"))
    assert {("account", nordwind.users["nadia"].id), ("group", nordwind.groups["cucumber"].id)} <= named
    assert timedelta(0) <= due() <= timedelta(seconds=1)
    time_passes(1)
    assert jobs.read_early() == "okta applied"
    assert "Figma" in page()
    assert HookHint.objects.count() == 0
    assert jobs.read_early() == jobs.NOTHING


def test_while_deliveries_pour_in_eight_syncs_begin_in_a_minute(nordwind: Nordwind, hook: EventHook) -> None:
    began = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for second in range(0, 90, 2):
            nordwind.tenant.edit_group(nordwind.groups["oncall"], description=f"Rota {second}")
            hook.deliver()
            if jobs.read_early() != jobs.NOTHING:
                began.append(second)
            clock.shift(2)
    assert began[0] == 2
    assert max(sum(each <= other < each + 60 for other in began) for each in began) == 8
    assert set(hook.answers) == {204}


def test_a_value_that_is_not_ours_is_refused_and_the_timetable_brings_the_change(
    nordwind: Nordwind, hook: EventHook
) -> None:
    stranger = EventHook(nordwind.tenant, hook.address, "another value of a hook")
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber"}, TOMAS)
    stranger.deliver()
    assert set(stranger.answers) == {401}
    assert jobs.read_early() == jobs.NOTHING
    assert timedelta(minutes=3) < due()
    time_passes(60)
    assert jobs.read() == "okta applied"
    assert "Figma" in page()


def test_a_lost_wake_is_made_good_by_the_next_sync_of_all(nordwind: Nordwind, hook: EventHook) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber"}, TOMAS)
    hook.deliver()
    Schedule.objects.all().delete()
    time_passes(60)
    assert jobs.read() == "okta applied"
    assert (HookHint.objects.count(), HookState.objects.get().waiting_since) == (0, None)
    assert "Figma" in page()


def test_whoever_delivers_while_all_is_read_is_waited_for_afterwards(
    nordwind: Nordwind, hook: EventHook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_the_middle(*arguments: Any, **more: Any) -> Iterator[Any]:
        yield from sync(*arguments, **more)
        nordwind.tenant.edit_group(nordwind.groups["oncall"], description="Rota")
        hook.deliver()
        Schedule.objects.update(next_run=timezone.now() + timedelta(minutes=4))

    monkeypatch.setattr(jobs, "sync", in_the_middle)
    time_passes(60)
    jobs.read()
    assert due() <= timedelta(seconds=1)


def test_a_sync_of_nothing_that_is_set_up_is_none(hook: EventHook, settings: LazySettings) -> None:
    hook.tenant.edit_group(hook.tenant.group("radish-oncall"), description="Rota")
    hook.deliver()
    time_passes(60)
    settings.SIGHTLINE = replace(settings.SIGHTLINE, sources={})
    assert jobs.read_early() == jobs.NOTHING
