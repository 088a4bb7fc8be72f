"""Personio to the database: one sync gives people, teams and managers; the next one what changed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from orgmodel.models import PlannedChange
from sandbox.hris.personio import PersonioServer
from sandbox.hris.records import HrUnit, Records
from tests.orgmodel.sources.hr_reads import someone

from .hr_system import configured, places, synced

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def personio() -> Iterator[PersonioServer]:
    records = Records()
    records.units["7"] = HrUnit("7", "team", "Radish", "radish", parent_id="3")
    records.units["8"] = HrUnit("8", "team", "Cucumber", "cucumber", parent_id="3")
    records.units["3"] = HrUnit("3", "department", "Engineering", "engineering")
    records.add(someone("1", "Lena Vogt", department="engineering"))
    records.add(someone("2", "Nadia Brandt", department="engineering", manager_id="1"))
    records.add(someone("3", "Omar Haddad", status="leave", team="cucumber", manager_id="1"))
    with PersonioServer(records) as server:
        yield server


def test_people_teams_and_managers_come_with_one_sync(
    personio: PersonioServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    given = configured(personio, monkeypatch, tmp_path)
    outcome = synced(given)
    assert (outcome.outcome, outcome.problems, outcome.not_visible) == ("applied", [], {})
    assert places() == {
        "Lena Vogt": ("active", {"team Radish", "department Engineering"}, ""),
        "Nadia Brandt": ("active", {"team Radish", "department Engineering"}, "Lena Vogt"),
        "Omar Haddad": ("leave", {"team Cucumber"}, "Lena Vogt"),
    }
    assert synced(given).outcome == "unchanged"
    personio.records.people["2"].team = "cucumber"
    personio.records.people["2"].manager_id = "3"
    assert synced(given).outcome == "applied"
    assert places()["Nadia Brandt"] == ("active", {"team Cucumber", "department Engineering"}, "Omar Haddad")


def test_nothing_ends_because_something_could_not_be_seen(
    personio: PersonioServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    given = configured(personio, monkeypatch, tmp_path)
    synced(given)
    before = places()
    personio.faults.refuse(404, "org-units")
    outcome = synced(given)
    assert {*outcome.not_visible} == {"assignment", "attribute", "unit"}
    assert places() == before
    bare = {"id": "e", "status": "ACTIVE", "employment_start_date": "2024-03-18"}
    personio.employments = {"1": [bare], "2": [bare], "3": [bare | {"status": "LEAVE"}]}
    outcome = synced(given)
    assert {*outcome.not_visible} == {"attribute", "manager"}
    assert places() == before


def test_an_employment_that_begins_moves_people_on_its_first_day(
    personio: PersonioServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """Planned before, and applied by the first sync of the day."""
    given = configured(personio, monkeypatch, tmp_path)
    now = {
        "status": "ACTIVE",
        "employment_start_date": "2024-03-18",
        "position": {"title": "Engineer"},
        "supervisor": {"id": "1"},
        "org_units": [{"type": "team", "id": "7"}],
        "termination": {"termination_date": "2026-10-31"},
    }
    then = now | {
        "status": "ONBOARDING",
        "employment_start_date": "2026-11-01",
        "org_units": [{"type": "team", "id": "8"}],
        "termination": None,
    }
    personio.employments["2"] = [then, now]
    with time_machine.travel(datetime(2026, 10, 31, 12, tzinfo=UTC)):
        synced(given)
        assert places()["Nadia Brandt"] == ("active", {"team Radish"}, "Lena Vogt")
        planned = PlannedChange.objects.filter(ended=None).values_list(
            "attribute", "unit__name", "valid_from"
        )
        assert [*planned] == [("team", "Cucumber", date(2026, 11, 1))]
    personio.employments["2"] = [then | {"status": "ACTIVE"}, now | {"status": "INACTIVE"}]
    with time_machine.travel(datetime(2026, 11, 1, 12, tzinfo=UTC)):
        synced(given)
        assert places()["Nadia Brandt"] == ("active", {"team Cucumber"}, "Lena Vogt")
        assert not PlannedChange.objects.filter(ended=None).exists()
