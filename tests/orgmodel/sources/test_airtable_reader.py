"""Units as Airtable keeps them: what comes out of good records, and what is said of odd ones."""

from datetime import date
from typing import Any

import pytest

from orgmodel.facts import UnitFact
from orgmodel.reports import Problem, Reference
from sandbox.airtable.tables import Field, Table
from sandbox.hris.records import HrUnit

from .airtable import (
    CRESS,
    ENGINEERING,
    FENNEL,
    RADISH,
    VEGETABLES,
    airtable,
    failure,
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


def test_a_box_without_a_tick_is_not_there_and_means_no() -> None:
    with airtable() as server:
        server.records.units[FENNEL].active = False
        units, _ = read(server)
    assert {each.name: each.active for each in units.values()} == {
        "Engineering": True,
        "Vegetables area": True,
        "Radish": True,
        "Fennel": False,
        "Cress": False,
    }


@pytest.mark.parametrize(
    ("column", "cell", "active"),
    [
        ("singleSelect", "Retired", False),
        ("singleSelect", "Active", True),
        ("singleSelect", None, True),
        ("singleSelect", {"id": "sel1", "name": "Archived", "color": "red"}, False),
        ("formula", 0, False),
        ("formula", 1, True),
        ("multipleLookupValues", [True], True),
        ("multipleLookupValues", ["inactive"], False),
        ("checkbox", True, True),
        ("checkbox", None, False),
    ],
)
def test_whether_a_unit_is_active_may_be_a_word_a_number_or_a_lookup(
    column: str, cell: Any, active: bool
) -> None:
    with airtable() as server:
        server.units.fields["active"].type = column
        for record in server.records.units:
            server.units.odd[record, "active"] = True if column == "checkbox" else "Active"
        server.units.odd[FENNEL, "active"] = cell
        units, reader = read(server)
    assert units[FENNEL].active is active
    assert reader.report.problems == []


def test_without_a_column_for_it_units_are_active_until_their_last_day() -> None:
    with airtable() as server:
        del server.units.fields["active"]
        units, _ = read(server)
    assert (units[CRESS].active, units[CRESS].active_to) == (True, date(2026, 7, 1))


def test_empty_cells_are_not_there() -> None:
    with airtable() as server:
        server.records.units = {FENNEL: HrUnit(FENNEL, "team", "Fennel", "")}
        units, reader = read(server)
    assert units == {FENNEL: UnitFact("team", FENNEL, "Fennel", "fennel", "", "", True, None, None, "")}
    assert reader.report.problems == []


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


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("email", RADOVAN),
        ("singleCollaborator", {"id": "usr1", "email": RADOVAN, "name": "Radovan"}),
        ("multipleCollaborators", [{"id": "usr1", "email": RADOVAN, "name": "Radovan"}]),
        ("multipleLookupValues", [RADOVAN]),
        (
            "multipleLookupValues",
            {"linkedRecordIds": ["recP1"], "valuesByLinkedRecordId": {"recP1": [RADOVAN]}},
        ),
        ("formula", f" {RADOVAN} "),
    ],
)
def test_a_lead_may_be_an_address_a_collaborator_or_a_lookup(column: str, cell: Any) -> None:
    with airtable() as server:
        server.units.fields["lead"] = Field("Lead", column)
        server.units.odd |= {(VEGETABLES, "lead"): None, (RADISH, "lead"): cell}
        units, reader = read(server)
        assert len(server.wanted) == 1  # The people are not read.
    assert (units[RADISH].lead, units[VEGETABLES].lead) == (RADOVAN, "")
    assert reader.report.problems == []


def test_leads_may_be_known_by_another_column_of_the_linked_table() -> None:
    with airtable() as server:
        units, _ = read(server, {"units": {"fields": {"person": "HR id"}}})
        del server.people.fields["email"]
        sentence = failure(server)
    assert units[RADISH].lead == "8"
    assert sentence.startswith(
        "Airtable's table People has no column Email; if it has another name, set units.fields.person"
    )


@pytest.mark.parametrize(
    "cell",
    [{"error": "#ERROR!"}, {"specialValue": "NaN"}, "#ERROR!", [{"error": "#ERROR!"}], "#ERROR: circular"],
)
@pytest.mark.parametrize("word", ["name", "kind", "lead", "active_from", "active"])
def test_the_error_of_a_formula_is_a_problem_of_its_record(word: str, cell: Any) -> None:
    with airtable() as server:
        server.units.fields[word].type, server.units.fields[word].options = "formula", None
        server.units.odd |= {(record, "lead"): None for record in (VEGETABLES, RADISH)}
        server.units.odd[FENNEL, word] = cell
        units, reader = read(server)
    assert len(units) == 4
    column = server.units.fields[word].name
    assert problems(reader) == [(FENNEL, f"{column} holds the error of a formula", "unit")]


def test_names_and_kinds_may_be_formulas_choices_and_lookups() -> None:
    with airtable() as server:
        server.units.odd |= {
            (FENNEL, "name"): ["Fennel"],
            (FENNEL, "kind"): {"id": "sel1", "name": "TEAM", "color": "blueLight"},
            (RADISH, "name"): 404,
            (RADISH, "kind"): "Squad",
        }
        units, _ = read(server)
    assert (units[FENNEL].name, units[FENNEL].kind) == ("Fennel", "team")
    assert (units[RADISH].name, units[RADISH].kind) == ("404", "Squad")


@pytest.mark.parametrize(
    ("cell", "start"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026-03-01T23:30:00.000Z", date(2026, 3, 2)),
        (["2026-03-01"], date(2026, 3, 1)),
        ("1900-01-01", None),
        ("9999-12-31", None),
    ],
)
def test_days(cell: Any, start: date | None) -> None:
    """A moment, which Airtable gives in UTC, has the day that it is in the company's zone."""
    with airtable() as server:
        server.units.odd[FENNEL, "active_from"] = cell
        units, reader = read(server, {"notify": {"time_zone": "Europe/Berlin"}})
    assert units[FENNEL].active_from == start
    assert reader.report.problems == []


def test_the_last_day_still_counts_unless_the_settings_say_otherwise() -> None:
    with airtable() as server:
        server.units.odd[FENNEL, "active_to"] = "2026-06-30"
        counted, _ = read(server)
        first_day_after, _ = read(server, {"csv": {"end_dates": "first_day_after"}})
    assert counted[FENNEL].active_to == date(2026, 7, 1)
    assert first_day_after[FENNEL].active_to == date(2026, 6, 30)


ODD_CELLS = [
    ("active_from", "1 March", "Active from is not a date such as 2026-03-01"),
    ("active_to", "2024-06-01", "Active from, Active to: the end is not after the beginning"),
    ("active", "perhaps", "Active is neither true nor false, nor a word such as active or retired"),
    ("name", ["Radish", "Rettich"], "Name holds several values where one is meant"),
    ("name", {"state": "generated"}, "Name holds nothing that can be read as text"),
    ("name", True, "Name holds nothing that can be read as text"),
    ("slug", "x" * 321, "Slug is longer than 320 characters"),
    ("kind", "x" * 400, "Kind is longer than 320 characters"),
]


@pytest.mark.parametrize(("word", "cell", "reason"), ODD_CELLS, ids=[each[2][:30] for each in ODD_CELLS])
def test_an_odd_cell_is_a_problem_of_its_record_without_the_value(word: str, cell: Any, reason: str) -> None:
    with airtable() as server:
        server.units.odd[RADISH, word] = cell
        units, reader = read(server)
    assert len(units) == 4
    assert problems(reader) == [(RADISH, reason, "unit")]


def test_where_more_than_a_tenth_is_bad_nothing_is_believed() -> None:
    with airtable() as server:
        server.units.odd |= {(RADISH, "active_from"): "soon", (FENNEL, "active_from"): "later"}
        assert failure(server) == (
            "Airtable: 2 of 5 records are bad, more than a tenth; nothing of them is applied."
            " The problems name record and reason."
        )


def test_hostile_text_is_text() -> None:
    with airtable() as server:
        server.units.odd[FENNEL, "name"] = "<script>\x00\u202e=1+1 Fenche\u0301l\n" + "x" * 600
        units, reader = read(server)
    assert units[FENNEL].name == "<script>\u202e=1+1 Fench\u00e9l\n" + "x" * 478
    assert len(units[FENNEL].name) == 500
    assert reader.report.problems == []


def test_columns_by_name_and_by_id() -> None:
    with airtable() as server:
        server.units.fields["name"].name = "Team name"
        server.units.fields["parent"].name = "Reports into"
        parent = server.units.fields["parent"].id
        units, _ = read(server, {"units": {"fields": {"name": "team name", "parent": parent}}})
    assert (units[RADISH].name, units[RADISH].parent) == ("Radish", VEGETABLES)


def test_a_column_that_is_renamed_is_missed_and_named() -> None:
    with airtable() as server:
        server.units.fields["name"].name = "Team"
        assert failure(server) == (
            "Airtable's table Units has no column Name; if it has another name, set units.fields.name to"
            " that, or to its id (fld…), which stays when it is renamed. Nothing was applied."
        )
        server.units.fields["name"].name = "Name"
        server.units.fields["active_to"].name = "Until"
        named = {"units": {"fields": {"active_to": "Active to"}}}
        assert failure(server, named).startswith("Airtable's table Units has no column Active to; ")
        by_id = {"units": {"fields": {"active_to": server.units.fields["active_to"].id}}}
        units, _ = read(server, by_id)
    assert units[CRESS].active_to == date(2026, 7, 1)


def test_a_field_that_nothing_is_read_from_is_refused() -> None:
    with airtable() as server:
        assert failure(server, {"units": {"fields": {"budget": "Budget"}}}) == (
            "units.fields.budget is nothing that is read from Airtable; it may be one of active, active_from,"
            " active_to, id, kind, lead, merged_into, name, parent, person, slug."
        )
        assert server.calls.total() == 0


def test_a_column_may_hold_the_id_and_links_follow_it() -> None:
    with airtable() as server:
        server.units.fields["id"] = Field("Unit id", "number")
        ids = {ENGINEERING: 1, VEGETABLES: 2, RADISH: 3332883884017713901, FENNEL: 4, CRESS: 5}
        server.units.odd |= {(record, "id"): number for record, number in ids.items()}
        units, _ = read(server, {"units": {"fields": {"id": "Unit id"}}})
    assert list(units) == ["1", "2", "3332883884017713901", "4", "5"]
    assert (units["5"].parent, units["5"].merged_into) == ("2", "3332883884017713901")


def test_an_id_that_two_records_have_is_a_problem_of_both() -> None:
    records = nordwind()
    for number in range(40):
        records.units[f"rec{number:014d}"] = HrUnit(f"rec{number:014d}", "team", f"Team {number}", "")
    with airtable(records) as server:
        server.units.fields["id"] = Field("Unit id")
        server.units.odd |= {(record, "id"): f"u{record}" for record in records.units}
        server.units.odd |= {(RADISH, "id"): "same", (FENNEL, "id"): "same", (CRESS, "id"): ""}
        units, reader = read(server, {"units": {"fields": {"id": "Unit id"}}})
    assert len(units) == 42
    double = "Unit id is that of another record as well"
    assert problems(reader) == [
        ("same", double, "unit"),
        ("same", double, "unit"),
        ("", "Unit id is missing", "unit"),
    ]


def test_several_tables_one_for_each_kind() -> None:
    departments = Table(
        "tblDepartments000", "Departments", {"name": Field("Name"), "lead": Field("Lead", "email")}
    )
    departments.more["recFinance0000000"] = {"name": "Finance", "lead": LENA}
    with airtable() as server:
        server.tables.append(departments)
        units, reader = read(server, {"units": {"reports": {"department": "Departments"}}})
    assert units["recFinance0000000"] == UnitFact(
        "department", "recFinance0000000", "Finance", "finance", "", LENA, True, None, None, ""
    )
    assert len(units) == 6
    assert reader.report.unknown[-1] == Reference(
        "Airtable Departments", "recFinance0000000", "Lead", "lead", LENA
    )


def test_a_table_of_one_kind_needs_no_column_that_says_it() -> None:
    with airtable() as server:
        del server.units.fields["kind"]
        assert failure(server).startswith("Airtable's table Units has no column Kind; ")
        units, _ = read(server, {"units": {"reports": {"team": "Units"}}})
        assert {unit.kind for unit in units.values()} == {"team"}
        twice = {"units": {"reports": {"team": "Units", "department": server.units.id}}}
        assert failure(server, twice) == "units.reports names the table Units twice; it holds one kind."
        gone = {"units": {"reports": {"team": "Squads"}}}
        assert failure(server, gone) == "Airtable's base has no table Squads; check units.reports.team."


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
