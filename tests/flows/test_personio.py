"""Personio to the database: one sync gives people, teams and managers; the next one what changed."""

from collections.abc import Iterator
from typing import Any

import pytest

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
