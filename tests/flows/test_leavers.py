"""Somebody's last day passes, and whoever can still sign in is found and told of within minutes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from orgmodel.models import Change, Finding, Move, Person, Run
from portal import jobs
from tests.configurations import feed_in

from .conftest import TOMAS, Nordwind
from .feed import Feed, feed_of

pytestmark = pytest.mark.django_db(transaction=True)

ZONE = ZoneInfo("Pacific/Auckland")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def hr(nordwind: Nordwind, settings: Any, tmp_path: Path) -> Feed:
    """HR by files, with last days; Tomas is the admin; days begin in Auckland."""
    admins = nordwind.tenant.add_group("it-admins", "Who hears of leavers")
    nordwind.tenant.add_member(admins, nordwind.users["tomas"], TOMAS)
    feed = feed_of(nordwind, tmp_path)
    for row in feed.rows.values():
        row["end_date"] = ""
    feed.write()
    known = settings.SIGHTLINE
    conventions = known.conventions
    settings.SIGHTLINE = replace(
        known,
        hris="csv",
        sources=known.sources | feed_in(tmp_path, units=False),
        conventions=replace(
            conventions,
            notify=replace(conventions.notify, time_zone=ZONE),
            visibility=replace(conventions.visibility, admins_group=admins.name),
        ),
    )
    nordwind.sync()
    nordwind.notify()
    assert nordwind.dms() == {}
    return feed


def midnight() -> datetime:
    """When a day ends in Auckland, the present one or the next: what was read now is old by then."""
    day = (datetime.now(ZONE) + timedelta(hours=2)).date() + timedelta(days=1)
    return datetime.combine(day, datetime.min.time(), ZONE).astimezone(UTC)


def day_before(ends: datetime) -> date:
    """The day that ends then."""
    return (ends - MINUTE).astimezone(ZONE).date()


def findings() -> list[str]:
    left = Finding.objects.filter(detector__startswith="leaver").exclude(state="resolved")
    return sorted(left.values_list("detector", flat=True))


def test_a_last_day_passes_though_no_source_can_be_read(nordwind: Nordwind, hr: Feed) -> None:
    ends = midnight()
    day = day_before(ends)
    hr.set("nadia", end_date=day.isoformat())
    nordwind.sync()
    last = Run.objects.filter(source="okta").latest("pk").applied_at
    assert last
    runs, read = Run.objects.count(), last.astimezone(ZONE)
    with time_machine.travel(ends - MINUTE, tick=False):
        jobs.notify()
        assert (Person.objects.get(name="Nadia Brandt").status, findings()) == ("active", [])
    with time_machine.travel(ends, tick=False):
        jobs.notify()
        assert Person.objects.get(name="Nadia Brandt").status == "ended"
        assert findings() == ["leaver-active", "leaver-seats"]
        assert nordwind.dms() == {}
    with time_machine.travel(ends + 14 * MINUTE, tick=False):
        jobs.notify()
        assert nordwind.dms() == {}
    for minute in (15, 16, 300):
        with time_machine.travel(ends + minute * MINUTE, tick=False):
            jobs.notify()
            messages = nordwind.dms()
        assert list(messages) == ["tomas"]
        (text,) = messages["tomas"]
        assert text.startswith(
            "1 person who left can still sign in.\n"
            f"Nadia Brandt’s last day was {day.day} {day:%B %Y}, and the Okta account is still active.\n"
            f"Okta was last synced on {read.day} {read:%B} at {read:%H:%M} ({read:%Z}):"
            " this may have changed.\n"
        )
    # One run that read nothing; no source looks fresher for it.
    assert list(Run.objects.order_by("pk").values_list("source", "outcome")[runs:]) == [
        ("calendar", "passed")
    ]
    (change,) = Change.objects.filter(run__source="calendar")
    assert (change.kind, change.after) == ("person", {"status": "ended"})
    assert Move.objects.get(person__name="Nadia Brandt", state="open").kind == "leaver"


def test_a_last_day_that_is_entered_late_is_told_with_the_sync_that_sees_it(
    nordwind: Nordwind, hr: Feed
) -> None:
    hr.set("nadia", end_date=(datetime.now(ZONE).date() - timedelta(days=2)).isoformat())
    with time_machine.travel(datetime.now(ZONE) + 5 * MINUTE, tick=False):
        jobs.read()
        jobs.notify()
    assert [text.splitlines()[0] for text in nordwind.dms()["tomas"]] == [
        "1 person who left can still sign in."
    ]


def test_whoever_is_deactivated_in_time_is_told_of_to_no_admin(nordwind: Nordwind, hr: Feed) -> None:
    ends = midnight()
    hr.set("nadia", end_date=day_before(ends).isoformat())
    nordwind.sync()
    with time_machine.travel(ends, tick=False):
        jobs.notify()
    nordwind.tenant.deactivate(nordwind.users["nadia"])
    with time_machine.travel(ends + 5 * MINUTE, tick=False):
        jobs.read()
        assert "leaver-active" not in findings()
    with time_machine.travel(ends + 16 * MINUTE, tick=False):
        jobs.read()
        jobs.notify()
    assert "tomas" not in nordwind.dms()
