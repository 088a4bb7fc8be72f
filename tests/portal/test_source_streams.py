"""How fresh each stream of a source is, and how much of its rates is used."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.template.loader import render_to_string

from orgmodel.models import PartLeft, Resource, SourceCursor
from orgmodel.queries.visibility import OPERATOR
from orgmodel.sources.okta import OktaSettings
from orgmodel.sources.okta.push_search import PushSearch
from portal.management.commands.doctor import examine
from portal.views.sources import page_of
from tests.configurations import feed_in
from tests.orgmodel.sync.world import moment
from tests.portal.conftest import SignIn
from tests.portal.reading import words
from tests.portal.test_sources_page import believed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nordwind")]


def kept(**values: str) -> None:
    SourceCursor.objects.bulk_create(
        SourceCursor(source="okta", stream=stream.replace("_", " "), value=value)
        for stream, value in values.items()
    )


def pace(**used: tuple[float, int, int]) -> str:
    """Bucket → the day on which its minute ended, our calls, and how many all may make."""
    return json.dumps({name: [int(moment(day).timestamp()), *more] for name, (day, *more) in used.items()})


def test_each_stream_says_when_it_was_read_and_what_is_not(as_person: SignIn) -> None:
    believed(8.5, mode="full", counts={"account": {"seen": 5}})
    believed(9, mode="incremental", not_visible={"owner": "403", "seat": "403"})
    pushes = PushSearch(moment(8), 0, ()).cursor
    kept(whole=moment(8.5).isoformat(), rules_read=moment(8.75).isoformat(), pushes=pushes)
    tomas = as_person("tomas")
    page = words(tomas.get("/sources/").content)
    for row in (
        "People read whole just now 12 hours ago",
        "App assignments not all of it is visible just now 12 hours ago",
        "Group rules read whole 6 hours ago 12 hours ago",
        "Group owners not visible – –",
        "Pushed groups read whole just now 1 day ago",
        "Log read whole just now 12 hours ago",
    ):
        assert row in page
    assert "Unit assignments" not in page
    # The CSV files are read whole each time.
    assert "read whole" in page[page.index("Units Units synced") :]
    assert tomas.get("/sources.json").json()[0]["streams"][4:6] == [
        {
            "name": "Group rules",
            "read": "2026-03-10T03:00:00+00:00",
            "read_whole": "2026-03-09T21:00:00+00:00",
            "lists_left": 0,
            "visible": "all",
        },
        {
            "name": "Group owners",
            "read": None,
            "read_whole": None,
            "lists_left": 0,
            "visible": "none",
        },
    ]


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (9, "Next sync: 10 March 2026, 09:01 UTC"),
        (9.5, "A sync has been due since 10 March 2026, 09:01 UTC"),
    ],
)
def test_a_sync_that_did_not_come_is_called_due(
    settings: Any, tmp_path: Path, day: float, sentence: str
) -> None:
    okta = {"okta": OktaSettings(url="https://nordwind.okta.example", token="secret")}
    settings.SIGHTLINE = replace(settings.SIGHTLINE, sources=feed_in(tmp_path) | okta)
    believed(9)
    with time_machine.travel(moment(day), tick=False):
        (row,) = [each for each in page_of(OPERATOR)["sources"] if each.source == "okta"]
    shown = render_to_string("sources/progress.html", {"source": row, "now": moment(day)})
    assert sentence in words(f"<main>{shown}</main>".encode())


def test_how_much_of_each_rate_was_used(as_person: SignIn, settings: Any) -> None:
    believed(9)
    minute = 1 / 24 / 60
    kept(
        pace=pace(
            users=(9 + minute / 2, 42, 300),
            apps=(9 - 3 / 24, 1, 3000),
            other=(9, 5, 0),
        )
    )
    tomas = as_person("tomas")
    with time_machine.travel(moment(9), tick=False):
        page = words(tomas.get("/sources/").content)
        assert (
            "users: 42 of 300 calls in the last minute (14 %)."
            " apps: 1 of 3,000 calls in a minute 3 hours ago (0 %)." in page
        )
        assert tomas.get("/sources.json").json()[0]["rates"] == [
            {"name": "users", "used": 42, "limit": 300, "until": "2026-03-10T09:00:30+00:00"},
            {"name": "apps", "used": 1, "limit": 3000, "until": "2026-03-10T06:00:00+00:00"},
        ]
        found = [line.what for line in examine(settings.SIGHTLINE)]
    assert "Okta: next sync 2026-03-10 09:01 UTC" in found
    sentence = "users: 42 of 300 calls in the last minute, apps: 1 of 3,000 calls in a minute 3 hours ago"
    assert f"Okta: {sentence}" in found
    for broken in ("", "{", '{"users": ["x", 1, 2]}', '{"users": [999999999999999, 1, 2]}'):
        SourceCursor.objects.filter(stream="pace").update(value=broken)
        assert "42 of 300" not in words(tomas.get("/sources/").content)


def test_the_doctor_says_what_of_a_stream_is_still_to_be_read(settings: Any) -> None:
    believed(9)
    kept(begun=moment(9).isoformat())
    PartLeft.objects.create(source="okta", kind="owner", owner=Resource.objects.first().native_id)  # type: ignore[union-attr]
    found = [line.what for line in examine(settings.SIGHTLINE)]
    assert "Okta: Group owners: 1 list still to be read" in found
    assert not [line for line in found if line.startswith(("Okta: Memberships", "Okta: People"))]


def test_how_streams_stand_and_what_is_called_is_for_admins_and_auditors(as_person: SignIn) -> None:
    """When rules were read tells that something happened."""
    believed(9)
    kept(whole=moment(8).isoformat(), rules_read=moment(8.75).isoformat(), pace=pace(users=(9, 42, 300)))
    for name in ("quinn", "nadia"):
        page = words(as_person(name).get("/sources/").content)
        assert "Group rules" not in page
        assert "42 of 300" not in page
        for each in as_person(name).get("/sources.json").json():
            assert not {"streams", "rates"} & each.keys()
