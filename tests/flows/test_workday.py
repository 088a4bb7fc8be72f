"""Workday on the wire, the organisation in the database: one sync gives people, teams and managers."""

from typing import Any

import pytest

from orgmodel.models import Assignment, OrgUnit, Person
from orgmodel.sync.configured import sync
from sandbox.hris.records import write_feed
from sandbox.hris.workday import WorkdayServer

from .hr_company import company
from .hr_system import configured, synced

pytestmark = pytest.mark.django_db


def test_one_sync_gives_people_team_and_manager(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    with WorkdayServer(company()) as server:
        found = configured(server, monkeypatch, tmp_path)
        outcome = synced(found)
        assert (outcome.source, outcome.outcome, outcome.problems) == ("hris", "applied", [])
        assert (outcome.calls, synced(found).outcome) == (3, "unchanged")
    nadia = Person.objects.get(email="nadia@nordwind.example")
    assert (nadia.name, nadia.title, nadia.status) == ("Nadia Brandt", "Gardener", "active")
    assert nadia.manager is not None
    assert nadia.manager.name == "Lena Osei"
    place = Assignment.objects.get(person=nadia, unit__kind="team", ended=None)
    assert (place.unit.name, place.unit.kind, place.source) == ("Radish", "team", "hris")
    radish = OrgUnit.objects.get(native_id="u-radish")
    assert (radish.parent and radish.parent.name, radish.lead and radish.lead.name) == (
        "Vegetables",
        "Lena Osei",
    )


def test_beside_a_control_plane_people_are_in_its_teams(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    records = company()
    write_feed(tmp_path, (), records.units.values())
    with WorkdayServer(records) as server:
        files = {"CONTROL_PLANE": "csv", "HRIS_CSV_DIR": str(tmp_path)}
        outcomes = [*sync(configured(server, monkeypatch, tmp_path, **files))]
    assert [(each.source, each.outcome) for each in outcomes] == [("control", "applied"), ("hris", "applied")]
    placed = Assignment.objects.filter(unit__kind="team", unit__source="control", ended=None)
    assert {*placed.values_list("person__name", "unit__name")} == {
        ("Nadia Brandt", "Radish"),
        ("Lena Osei", "Cucumber"),
    }


def test_a_move_in_workday_is_a_move_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    records = company()
    with WorkdayServer(records) as server:
        found = configured(server, monkeypatch, tmp_path)
        synced(found)
        records.people["1"].team = "cucumber"
        assert synced(found).outcome == "applied"
    place = Assignment.objects.get(person__email="nadia@nordwind.example", unit__kind="team", ended=None)
    assert place.unit.name == "Cucumber"
