"""What Workday's reports say of later days, where they can be asked as of another day."""

from sandbox.hris.workday import AS_OF

from .hr_reads import Read
from .workday import BO, MARIA, PAYMENTS, conventions, read, reader, served

ASKING = conventions(reports={"as_of": AS_OF})


def test_with_a_prompt_both_days_are_asked_for_and_what_begins_later_is_planned() -> None:
    moved = {**MARIA, "Effective_Date": "2026-11-01", "Business_Title": "Staff Engineer"}
    stays = {**BO, "Effective_Date": "2024-01-01"}
    joins = {"Employee_ID": "009001", "Preferred_Name": "Kai Berg", "Hire_Date": "2026-10-01"}
    with served(coming=[moved, stays, joins]) as server:
        found = Read(reader(server, ASKING))
        assert server.queries == [
            {"Effective_as_of_Date": "2026-09-14", "format": "json"},
            {"Effective_as_of_Date": "2026-12-13", "format": "json"},
        ]
    assert found.planned == [
        ("007066", "title", "Staff Engineer", "2026-11-01"),
        ("009001", "status", "active", "2026-10-01"),
    ]
    assert found.accounts["009001"].status == "pending"
    assert found.accounts["007066"].title == "Platform Engineer"


def test_a_later_row_without_its_day_plans_nothing() -> None:
    moved = {**MARIA, "Business_Title": "Staff Engineer"}
    found = read(coming=[moved], found=ASKING)
    assert (found.planned, found.accounts["007066"].title) == ([], "Platform Engineer")


def test_a_planned_move_is_an_assignment_that_begins_later() -> None:
    moved = {
        **MARIA,
        "Effective_Date": "2026-11-01",
        "Supervisory_Organization_ID": "SUPERVISORY_Money_Tribe",
    }
    found = read(coming=[moved], found=ASKING)
    assert found.places == [
        ("007066", "SUPERVISORY_Payments_Core", "primary", "None", "2026-11-01"),
        ("007066", "SUPERVISORY_Money_Tribe", "primary", "2026-11-01", "None"),
    ]


def test_who_moves_from_a_dated_row_goes_on_until_then() -> None:
    now = {**MARIA, "Effective_Date": "2024-03-19"}
    moved = {**now, "Effective_Date": "2026-11-01", "Manager_Employee_ID": "000555"}
    found = read([now, BO], coming=[moved, BO], found=ASKING)
    assert found.planned == [("007066", "manager", "000555", "2026-11-01")]
    assert found.places == [("007066", "SUPERVISORY_Payments_Core", "primary", "2024-03-19", "None")]


def test_the_second_of_two_positions_changes_alone() -> None:
    first = {**MARIA, "Position_ID": "P-1", "Primary_Job": "1"}
    second = {**MARIA, "Position_ID": "P-2", "Business_Title": "Auditor"}
    later = {**second, "Business_Title": "Chief Auditor", "Effective_Date": "2026-11-01"}
    found = read([first, second, BO], coming=[first, later], found=ASKING)
    assert found.planned == [("007066", "title", "Platform Engineer / Chief Auditor", "2026-11-01")]


def test_a_team_that_is_an_organisation_is_planned_once_as_an_assignment() -> None:
    asking = conventions({"team": "Squad"}, reports={"as_of": AS_OF})
    now = {**MARIA, "Squad": "Payments Core"}
    moved = {
        **now,
        "Squad": "Cards",
        "Supervisory_Organization_ID": "SUPERVISORY_Cards",
        "Effective_Date": "2026-11-01",
    }
    cards = {**PAYMENTS, "Organization_ID": "SUPERVISORY_Cards", "Organization_Name": "Cards"}
    found = read([now, BO], [PAYMENTS, cards], coming=[moved], found=asking)
    assert found.planned == []
    assert found.places[1] == ("007066", "SUPERVISORY_Cards", "primary", "2026-11-01", "None")
    alone = read([now, BO], coming=[moved], found=asking, units=False)
    assert alone.planned == [("007066", "team", "Cards", "2026-11-01")]


def test_an_odd_later_row_leaves_the_worker_as_known() -> None:
    found = read(coming=[{**MARIA, "Effective_Date": "soon"}], found=ASKING)
    assert ("planned", "007066") in found.unreadable
    assert "007066" not in found.accounts


def test_the_number_of_days_is_a_setting() -> None:
    asking = conventions(reports={"as_of": AS_OF, "days_ahead": "30"})
    with served() as server:
        Read(reader(server, asking))
        assert [query[AS_OF] for query in server.queries] == ["2026-09-14", "2026-10-14"]
