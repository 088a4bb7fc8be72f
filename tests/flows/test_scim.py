"""SCIM to the database: one sync gives people, teams and managers; the next ones what changed."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.hris.scim import ScimServer
from tests.orgmodel.sources.scim_reads import GROUPS, nordwind

from .hr_system import configured, places, synced

pytestmark = pytest.mark.django_db(transaction=True)
ENGINEERING, RADISH, CUCUMBER = "team Engineering", "team Radish", "team cucumber"


@pytest.fixture
def scim() -> Iterator[ScimServer]:
    with ScimServer(nordwind()) as server:
        yield server


def test_people_teams_and_managers_come_with_one_sync(
    scim: ScimServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    given = configured(scim, monkeypatch, tmp_path)
    outcome = synced(given)
    assert (outcome.outcome, outcome.problems, outcome.not_visible) == ("applied", [], {})
    assert places() == {
        "Bo Lind": ("active", {ENGINEERING}, ""),
        "Inès Ørsted": ("active", {RADISH, "department Product"}, "Bo Lind"),
        "Ida Holm": ("active", {RADISH}, "Bo Lind"),
        "Omar Haddad": ("active", {CUCUMBER}, ""),
        "Uma Rao": ("ended", set(), ""),
    }
    assert synced(given).outcome == "unchanged"
    scim.records.people["u3"].team = "cucumber"
    scim.records.people["u3"].manager_id = "u4"
    assert synced(given).outcome == "applied"
    assert places()["Ida Holm"] == ("active", {CUCUMBER}, "Omar Haddad")


def test_nothing_ends_because_something_could_not_be_seen(
    scim: ScimServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    given = configured(scim, monkeypatch, tmp_path)
    synced(given)
    before = places()
    scim.faults.refuse(403, GROUPS)
    scim.announced = 1
    del scim.records.people["u4"]
    outcome = synced(given)
    assert {*outcome.not_visible} == {"account", "assignment", "attribute", "unit"}
    assert places() == before
    scim.announced = 0
    synced(given)
    assert "Omar Haddad" not in {name for name, (status, *_) in places().items() if status == "active"}
