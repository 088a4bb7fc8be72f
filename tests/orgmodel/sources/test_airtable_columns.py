"""Which columns and tables are read: by name, by id, one table for each kind."""

from datetime import date

from orgmodel.facts import UnitFact
from orgmodel.reports import Reference
from sandbox.airtable.tables import LINK, Field, Table
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
            " active_to, id, kind, lead, merged_into, name, parent, person, slug, for a table of"
            " units.reports with its kind before it, as in team.parent."
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
        server.units.odd[ENGINEERING, "id"] = {"error": "#ERROR!"}
        units, reader = read(server, {"units": {"fields": {"id": "Unit id"}}})
    assert len(units) == 41
    double = "Unit id is that of another record as well"
    assert problems(reader) == [
        ("", "Unit id holds the error of a formula", "unit"),
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


def tribes() -> Table:
    """Teams are linked to them by a column of its own name."""
    found = Table("tblTribes00000000", "Tribes", {"name": Field("Tribe"), "parent": Field("Department")})
    found.more["recMoney000000000"] = {"name": "Money", "parent": ENGINEERING}
    return found


def test_each_table_may_have_columns_of_its_own_names() -> None:
    with airtable() as server:
        server.tables.append(tribes())
        server.units.fields["parent"] = Field("Belongs to", LINK, {"linkedTableId": "tblTribes00000000"})
        server.units.odd[RADISH, "parent"] = ["recMoney000000000"]
        fields = {"team.parent": "Belongs to", "tribe.parent": "Department", "tribe.name": "Tribe"}
        named = {"units": {"reports": {"team": "Units", "tribe": "Tribes"}, "fields": fields}}
        units, _ = read(server, named)
        server.units.fields["parent"].name = "Tribe"
        sentence = failure(server, named)
        fields["squad.parent"] = "Tribe"
        assert failure(server, named).startswith("units.fields.squad.parent is nothing that is read")
    assert units[RADISH].parent == "recMoney000000000"
    assert (units["recMoney000000000"].name, units["recMoney000000000"].parent) == ("Money", ENGINEERING)
    assert sentence.startswith("Airtable's table Units has no column Belongs to; ")
    assert "set units.fields.team.parent to" in sentence


def test_a_link_to_a_table_that_is_not_read_is_a_mistake_of_the_settings() -> None:
    with airtable() as server:
        server.tables.append(tribes())
        server.units.fields["parent"] = Field("Parent", LINK, {"linkedTableId": "tblTribes00000000"})
        assert failure(server) == (
            "Airtable's column Parent of Units links to a table that is not read; name that table in"
            " units.reports, or another column as units.fields.parent. Nothing was applied."
        )


def test_a_kind_that_is_a_link_is_a_mistake_of_the_settings() -> None:
    """The ids of the linked records would be taken for kinds."""
    with airtable() as server:
        server.units.fields["kind"] = Field("Kind", LINK, {"linkedTableId": "tblKinds000000000"})
        assert failure(server) == (
            "Airtable's column Kind of Units links to records, whose names it does not hold; add a lookup and"
            " name that as units.fields.kind. Nothing was applied."
        )
