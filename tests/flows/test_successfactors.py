"""SuccessFactors on the wire, the organisation in the database: one sync gives people, teams and managers."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from orgmodel.models import Assignment, Attribute, OrgUnit, Person, PlannedChange
from sandbox.hris.records import add_row, row_of
from sandbox.hris.successfactors import SuccessFactorsServer

from .hr_company import company
from .hr_system import configured, synced

pytestmark = pytest.mark.django_db


def test_one_sync_gives_people_team_and_manager(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    with SuccessFactorsServer(company()) as server:
        found = configured(server, monkeypatch, tmp_path)
        outcome = synced(found)
        assert (outcome.source, outcome.outcome, outcome.problems) == ("hris", "applied", [])
        assert (outcome.calls, synced(found).outcome) == (4, "unchanged")
    nadia = Person.objects.get(email="nadia@nordwind.example")
    assert (nadia.name, nadia.title, nadia.status) == ("Nadia Brandt", "Gardener", "active")
    assert nadia.manager is not None
    assert nadia.manager.name == "Lena Osei"
    places = Assignment.objects.filter(person=nadia, ended=None).order_by("unit__kind")
    assert [(place.unit.kind, place.unit.name, place.source) for place in places] == [
        ("department", "Vegetables", "hris"),
        ("team", "radish", "attribute"),
    ]
    department = OrgUnit.objects.get(kind="department")
    assert (department.native_id, department.lead) == ("FODepartment:u-veg", None)


def test_a_department_that_is_renamed_stays_the_same_unit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    records = company()
    with SuccessFactorsServer(records) as server:
        found = configured(server, monkeypatch, tmp_path)
        synced(found)
        for person in records.people.values():
            person.department = "Greens"
        records.units["u-veg"].name = "Greens"
        assert synced(found).outcome == "applied"
    unit = OrgUnit.objects.get(kind="department")
    assert (unit.name, unit.ended) == ("Greens", None)
    assert Assignment.objects.filter(unit=unit, ended=None).count() == 2
    assert Assignment.objects.filter(unit=unit).count() == 2


def test_a_move_that_is_planned_waits_for_its_day(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    records = company()
    nadia = records.people["1"]
    rows = [row_of(nadia, nadia.start_date)]
    day = records.now().date() + timedelta(days=40)
    add_row(rows, replace(rows[0], since=day, until=None, team="cucumber", title="Head Gardener"))
    records.rows["1"] = rows
    with SuccessFactorsServer(records) as server:
        assert synced(configured(server, monkeypatch, tmp_path)).outcome == "applied"
    planned = PlannedChange.objects.filter(ended=None).order_by("attribute")
    assert [(each.attribute, each.value, each.valid_from) for each in planned] == [
        ("team", "cucumber", day),
        ("title", "Head Gardener", day),
    ]
    team = Attribute.objects.get(name="team", account__native_id="1", ended=None)
    assert team.value == "radish"
