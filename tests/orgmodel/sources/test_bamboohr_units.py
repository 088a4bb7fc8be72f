"""The lists of BambooHR as org units, and managers who are not there."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from orgmodel.facts import UnitFact
from orgmodel.reports import Reference, SourceFailed
from orgmodel.sources.bamboohr import BambooReader, BambooSettings
from sandbox.hris.bamboohr import BambooServer

from .hr_company import BO, INES, company, person, reading
from .hr_reads import Read


@pytest.fixture
def server() -> Iterator[BambooServer]:
    with BambooServer(company()) as found:
        found.lists = {"department": {"17": "Engineering", "18": "Finance"}}
        yield found


def sync(server: BambooServer, *, control: bool = False) -> Read:
    by = reading({"people": {"fields": {"team": "customTeam"}}})
    by = replace(by, beside=frozenset({"units"})) if control else by
    return Read(BambooReader(BambooSettings(server.url, server.token), by, sleep=lambda _: None))


def units(found: Read) -> dict[str, tuple[str, str, bool]]:
    rows = (each for each in found.facts if isinstance(each, UnitFact))
    return {each.native_id: (each.kind, each.name, each.active) for each in rows}


def test_the_options_of_a_list_are_units_by_their_ids(server: BambooServer) -> None:
    server.lists["customTeam"] = {"17": "Payments Core"}
    assert units(sync(server)) == {
        "list:department:17": ("department", "Engineering", True),
        "list:department:18": ("department", "Finance", True),
        "list:customTeam:17": ("team", "Payments Core", True),
    }


def test_a_control_plane_keeps_the_units_where_there_is_one(server: BambooServer) -> None:
    found = sync(server, control=True)
    assert (units(found), found.covered) == ({}, {"account", "planned"})
    assert server.calls["GET /meta/lists"] == 0


def test_an_archived_option_is_active_as_long_as_somebody_holds_it(server: BambooServer) -> None:
    server.archived = {"17", "18"}
    assert units(sync(server)) == {
        "list:department:17": ("department", "Engineering", True),
        "list:department:18": ("department", "Finance", False),
    }


def test_an_archived_option_whose_name_was_given_again_is_left_out(server: BambooServer) -> None:
    server.lists = {"department": {"17": "Engineering", "21": "Engineering"}}
    server.archived = {"17"}
    assert units(sync(server)) == {"list:department:21": ("department", "Engineering", True)}


def test_an_option_without_a_name_ends_no_unit(server: BambooServer) -> None:
    server.lists["department"]["19"] = " "
    found = sync(server)
    assert ("unit", "19") in found.unreadable
    assert found.problems == [("19", "an option has no id or no name")]


def test_lists_that_cannot_be_seen_end_no_unit(server: BambooServer) -> None:
    server.faults.refuse(403, "lists")
    found = sync(server)
    assert (units(found), found.covered) == ({}, {"account", "planned"})
    assert set(found.report.not_visible) == {"unit"}


def test_a_company_without_the_list_ends_no_unit(server: BambooServer) -> None:
    server.faults.change(lambda reply: replace(reply, body=[{"alias": None, "options": None}, 7]), "lists")
    found = sync(server)
    assert found.report.not_visible == {"unit": "BambooHR shows no list customTeam, department."}
    assert "unit" not in found.covered


def test_another_shape_of_lists_gives_nothing(server: BambooServer) -> None:
    server.faults.change(lambda reply: replace(reply, body={"lists": []}), "lists")
    with pytest.raises(SourceFailed, match=r"/api/v1/meta/lists holds no lists; nothing was applied"):
        sync(server)


def test_a_manager_who_is_not_in_the_list_is_looked_for_elsewhere(server: BambooServer) -> None:
    server.records.people[INES].manager_id = "404"
    found = sync(server)
    assert found.accounts[INES].manager_ref == "404"
    assert found.report.unknown == [Reference("BambooHR employees", INES, "reportsToId", "manager", "404")]


def test_managers_who_lead_back_are_problems_of_their_records(server: BambooServer) -> None:
    server.records.people[BO].manager_id = INES
    server.records.add(person("9", "Mei Tan", manager_id="9"))
    assert sorted(sync(server).problems) == [
        (INES, "reportsToId leads back to the record, through 1 more"),
        (BO, "reportsToId leads back to the record, through 1 more"),
        ("9", "reportsToId is the record itself"),
    ]
