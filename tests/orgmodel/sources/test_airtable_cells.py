"""What single cells may hold: boxes, choices, lookups, people, dates, and the errors of formulas."""

from datetime import date
from typing import Any

import pytest

from orgmodel.facts import UnitFact
from sandbox.airtable.tables import Field
from sandbox.hris.records import HrUnit

from .airtable import (
    CRESS,
    FENNEL,
    RADISH,
    VEGETABLES,
    airtable,
    failure,
    problems,
    read,
)

LENA, RADOVAN = "lena@nordwind.example", "radovan@nordwind.example"


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
        ("singleLineText", f"Radovan Ilic <{RADOVAN}>"),
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
            (CRESS, "name"): {"state": "generated", "value": "Cress", "isStale": False},
            (RADISH, "kind"): "Squad",
        }
        units, _ = read(server)
    assert (units[FENNEL].name, units[FENNEL].kind) == ("Fennel", "team")
    assert (units[RADISH].name, units[RADISH].kind) == ("404", "Squad")
    assert units[CRESS].name == "Cress"


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
