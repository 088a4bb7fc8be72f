"""HiBob to the database: one sync gives people, units, managers and plans; the next one what changed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from orgmodel.models import Assignment, OrgUnit, Person, PlannedChange
from sandbox.hris.hibob import HiBobServer
from sandbox.hris.records import Records, add_row, row_of
from tests.orgmodel.sources.hr_reads import someone

from .hr_system import configured, places, synced

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = datetime.now(UTC).date()
LATER = TODAY + timedelta(days=30)


@pytest.fixture
def hibob() -> Iterator[HiBobServer]:
    records = Records()
    records.add(someone("1", "Lena Vogt", department="Engineering"))
    nadia = records.add(someone("2", "Nadia Brandt", department="Engineering", manager_id="1"))
    records.add(
        someone(
            "3332883884017713901", "Omar Haddad", status="leave", team="cucumber", department="Engineering"
        )
    )
    first = row_of(nadia, date(2024, 3, 18))
    records.rows["2"] = [
        replace(first, until=LATER),
        row_of(nadia, LATER, team="cucumber", manager_id="3332883884017713901"),
    ]
    with HiBobServer(records) as server:
        server.above = {"Engineering": "Product & Tech"}
        yield server


def test_people_teams_and_managers_come_with_one_sync(
    hibob: HiBobServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    given = configured(hibob, monkeypatch, tmp_path)
    outcome = synced(given)
    assert (outcome.outcome, outcome.problems, outcome.not_visible) == ("applied", [], {})
    assert places() == {
        "Lena Vogt": ("active", {"team radish", "department Engineering"}, ""),
        "Nadia Brandt": ("active", {"team radish", "department Engineering"}, "Lena Vogt"),
        "Omar Haddad": ("leave", {"team cucumber", "department Engineering"}, ""),
    }
    engineering = OrgUnit.objects.get(name="Engineering")
    assert engineering.parent is not None
    assert engineering.parent.name == "Product & Tech"
    planned = PlannedChange.objects.filter(ended=None).order_by("attribute")
    assert list(planned.values_list("attribute", "value", "valid_from", "manager__name")) == [
        ("manager", "3332883884017713901", LATER, "Omar Haddad"),
        ("team", "cucumber", LATER, None),
    ]
    assert synced(given).outcome == "unchanged"


def test_a_move_in_hibob_moves_the_person_and_a_plan_called_off_is_gone(
    hibob: HiBobServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    given = configured(hibob, monkeypatch, tmp_path)
    synced(given)
    rows = hibob.records.rows["2"]
    rows.pop()
    rows[0] = replace(rows[0], until=None)
    moved = replace(rows[0], since=TODAY, team="cucumber", manager_id="3332883884017713901")
    add_row(rows, moved)
    assert synced(given).outcome == "applied"
    assert places()["Nadia Brandt"] == ("active", {"team cucumber", "department Engineering"}, "Omar Haddad")
    assert not PlannedChange.objects.filter(ended=None).exists()
    nadia = Person.objects.get(name="Nadia Brandt")
    cucumber = Assignment.objects.get(person=nadia, ended=None, unit__name="cucumber")
    assert cucumber.valid_from == TODAY


def test_a_lost_permission_changes_nothing(
    hibob: HiBobServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    given = configured(hibob, monkeypatch, tmp_path)
    synced(given)
    before = places()
    hibob.hidden_fields = {"work.department"}
    outcome = synced(given)
    assert (outcome.outcome, places()) == ("failed", before)
    assert "HiBob no longer gives the field work.department" in str(outcome.reason)
