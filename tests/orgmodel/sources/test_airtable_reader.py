"""Units as Airtable keeps them: what comes out of good records, and what is said of odd ones."""

from datetime import date
from typing import Any

import pytest

from orgmodel.facts import UnitFact
from orgmodel.reports import Problem, Reference
from orgmodel.sources.airtable import units as units_of_airtable
from sandbox.hris.records import HrUnit

from .airtable import (
    CRESS,
    ENGINEERING,
    FENNEL,
    RADISH,
    VEGETABLES,
    airtable,
    nordwind,
    problems,
    read,
)

LENA, RADOVAN = "lena@nordwind.example", "radovan@nordwind.example"


def test_units_with_parents_leads_days_and_what_they_went_into() -> None:
    with airtable() as server:
        units, reader = read(server)
    assert list(units.values()) == [
        UnitFact("department", ENGINEERING, "Engineering", "engineering", "", "", True, None, None, ""),
        UnitFact(
            "team_group", VEGETABLES, "Vegetables area", "vegetables", ENGINEERING, LENA, True, None, None, ""
        ),
        UnitFact("team", RADISH, "Radish", "radish", VEGETABLES, RADOVAN, True, date(2024, 7, 1), None, ""),
        UnitFact("team", FENNEL, "Fennel", "fennel", VEGETABLES, "", True, None, None, ""),
        UnitFact("team", CRESS, "Cress", "cress", VEGETABLES, "", False, None, date(2026, 7, 1), RADISH),
    ]
    assert reader.report.problems == []
    assert reader.report.calls == 3  # The schema, units, people.


def test_nothing_is_asked_for_that_is_not_needed() -> None:
    with airtable() as server:
        read(server)
        units, people = server.wanted
    assert sorted(units) == sorted(
        server.units.fields[each].id for each in server.units.fields if each not in {"notes", "members"}
    )
    assert people == [server.people.fields["email"].id]


def test_leads_are_references_for_others_to_answer() -> None:
    with airtable() as server:
        _, reader = read(server)
    assert reader.report.unknown == [
        Reference("Airtable Units", VEGETABLES, "Lead", "lead", LENA),
        Reference("Airtable Units", RADISH, "Lead", "lead", RADOVAN),
    ]


def test_many_pages_are_one_listing() -> None:
    records = nordwind()
    for number in range(250):
        records.units[f"rec{number:014d}"] = HrUnit(
            f"rec{number:014d}", "team", f"Team {number}", "", VEGETABLES
        )
    with airtable(records) as server:
        units, reader = read(server)
    assert len(units) == 255
    assert units["rec00000000000249"].slug == "team-249"
    assert reader.report.calls == 1 + 3 + 1


def test_an_empty_line_is_no_record() -> None:
    with airtable() as server:
        server.units.more |= {"recEmpty000000001": {}, "recEmpty000000002": {"notes": "?"}}
        units, reader = read(server)
    assert len(units) == 5
    assert reader.report.problems == []


def test_a_record_that_is_still_being_written_is_no_unit_yet() -> None:
    with airtable() as server:
        server.units.more |= {
            "recNew00000000001": {"name": "Basil"},
            "recNew00000000002": {"kind": "team"},
            "recNew00000000003": {"name": " ", "kind": "team", "active": True},
        }
        units, reader = read(server)
    assert len(units) == 5
    assert problems(reader) == [
        ("recNew00000000001", "Kind is missing", "unit"),
        ("recNew00000000002", "Name is missing", "unit"),
        ("recNew00000000003", "Name is missing", "unit"),
    ]


def test_a_unit_that_is_not_active_yet_is_none() -> None:
    with airtable() as server:
        server.units.fields["active"].type = "singleSelect"
        for record in server.records.units:
            server.units.odd[record, "active"] = "Active"
        server.units.odd[FENNEL, "active"] = "Not started"
        units, reader = read(server)
    assert FENNEL not in units
    assert problems(reader) == [(FENNEL, "Active does not call it active yet", "unit")]


def test_two_parents_are_a_problem_and_none_is_guessed() -> None:
    with airtable() as server:
        server.units.odd[RADISH, "parent"] = [VEGETABLES, ENGINEERING]
        units, reader = read(server)
    assert RADISH not in units
    assert problems(reader) == [(RADISH, "Parent holds 2 units; a unit has one parent", "unit")]


def test_the_same_parent_twice_is_one() -> None:
    with airtable() as server:
        server.units.odd[RADISH, "parent"] = [VEGETABLES, VEGETABLES]
        units, reader = read(server)
    assert units[RADISH].parent == VEGETABLES
    assert reader.report.problems == []


@pytest.mark.parametrize(("word", "column"), [("parent", "Parent"), ("merged_into", "Merged into")])
def test_a_unit_is_not_its_own_parent_nor_did_it_go_into_itself(word: str, column: str) -> None:
    with airtable() as server:
        server.units.odd[RADISH, word] = [RADISH]
        units, reader = read(server)
    assert RADISH not in units
    assert problems(reader) == [(RADISH, f"{column} is the unit itself", "unit")]


def test_a_circle_of_parents_is_a_problem_of_each_in_it() -> None:
    with airtable() as server:
        server.units.odd[ENGINEERING, "parent"] = [VEGETABLES]
        units, reader = read(server)
    assert len(units) == 5
    assert problems(reader) == [
        (ENGINEERING, "Parent leads back to the record, through 1 more", ""),
        (VEGETABLES, "Parent leads back to the record, through 1 more", ""),
    ]


def test_a_parent_that_is_not_in_the_listing_is_for_others_to_know() -> None:
    with airtable() as server:
        server.units.hidden.add(ENGINEERING)
        units, reader = read(server)
    assert units[VEGETABLES].parent == ENGINEERING
    assert Reference("Airtable Units", VEGETABLES, "Parent", "unit", ENGINEERING) in reader.report.unknown


def test_a_unit_that_went_into_several_is_retired_and_none_of_them_is_guessed() -> None:
    with airtable() as server:
        server.units.odd[CRESS, "merged_into"] = [RADISH, FENNEL]
        units, reader = read(server)
    assert (units[CRESS].active, units[CRESS].merged_into) == (False, "")
    reason = "Merged into holds 2, and only one unit is named as the one it went into"
    assert problems(reader) == [(CRESS, reason, "")]


def test_two_leads_are_a_problem_and_none_is_guessed() -> None:
    with airtable() as server:
        server.units.odd[RADISH, "lead"] = ["recP0000000000007", "recP0000000000008"]
        units, reader = read(server)
    assert (units[RADISH].lead, units[RADISH].parent) == ("", VEGETABLES)
    assert problems(reader) == [(RADISH, "Lead holds 2, and only one person leads a unit", "")]


def test_a_lead_without_an_address_in_the_linked_table_is_a_problem() -> None:
    with airtable() as server:
        server.people.odd["recP0000000000008", "email"] = ""
        units, reader = read(server)
    assert units[RADISH].lead == ""
    assert problems(reader) == [(RADISH, "Lead links to somebody without an address or id", "")]


def test_a_deleted_record_is_not_there_though_everything_was_seen() -> None:
    with airtable() as server:
        server.units.hidden.add(FENNEL)
        units, reader = read(server)
    assert FENNEL not in units
    assert reader.report.unreadable() == []


def test_an_empty_base_holds_no_units() -> None:
    """Whether that is believed is for the guard to say, which knows what there was before."""
    with airtable() as server:
        server.records.units.clear()
        units, reader = read(server)
    assert units == {}
    assert reader.report.problems == []


def test_a_line_that_is_no_record_leaves_all_units_as_they_were() -> None:
    def odd(reply: Any) -> Any:
        reply.body.get("records", []).extend([{"fields": {}}, 7])
        return reply

    with airtable() as server:
        server.faults.change(odd, "GET /v0/{base}/{table}", times=1)
        units, reader = read(server)
    assert len(units) == 5
    assert reader.report.problems == [
        Problem("Airtable Units", "", "the record is none that can be read", "unit"),
        Problem("Airtable Units", "", "the record is none that can be read", "unit"),
    ]


def test_of_very_many_problems_the_rest_is_one_that_leaves_all_units_as_they_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(units_of_airtable, "MOST_PROBLEMS", 2)
    with airtable() as server:
        server.units.more |= {f"recNew{number:011d}": {"kind": "team"} for number in range(4)}
        server.units.odd[CRESS, "merged_into"] = [RADISH, FENNEL]
        _, reader = read(server)
    assert problems(reader) == [
        (CRESS, "Merged into holds 2, and only one unit is named as the one it went into", ""),
        ("recNew00000000000", "Name is missing", "unit"),
        ("", "more records are bad", "unit"),
    ]


def test_a_person_whose_address_is_an_error_is_a_lead_that_nobody_knows() -> None:
    with airtable() as server:
        server.people.odd["recP0000000000008", "email"] = {"error": "#ERROR!"}
        units, reader = read(server)
    assert units[RADISH].lead == ""
    assert problems(reader) == [(RADISH, "Lead links to somebody without an address or id", "")]
