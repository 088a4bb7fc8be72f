"""Workday's reports: what comes out of their rows, one oddity after another."""

from datetime import date
from typing import Any

import pytest

from orgmodel.facts import AccountFact, UnitFact

from .workday import BO, MARIA, MONEY, PAYMENTS, conventions, read

LEDGER = {"Organization_ID": "SUPERVISORY_Ledger", "Organization_Name": "Ledger", "Inactive": "0"}


def maria(**columns: Any) -> dict[str, Any]:
    return {name: value for name, value in {**MARIA, **columns}.items() if value is not None}


def test_one_read_gives_people_units_and_who_belongs_where() -> None:
    found = read()
    assert found.accounts["007066"] == AccountFact(
        native_id="007066",
        login="",
        email="mj@northwind.example",
        name="María José Ñáñez",
        status="active",
        title="Platform Engineer",
        worker_type="Employee",
        manager_ref="000687",
        employee_number="",
        start_date=date(2024, 3, 19),
        end_date=None,
        time_zone="",
        attributes={"title": "Platform Engineer"},
        created=None,
        updated=None,
        state="active",
        dated={},
    )
    assert found.places == [("007066", "SUPERVISORY_Payments_Core", "primary", "None", "None")]
    assert found.covered == {"account", "assignment", "planned", "unit"}
    assert found.problems == []
    assert found.report.calls == 2


def test_a_contingent_worker_needs_neither_manager_nor_mail_and_ends_with_the_contract() -> None:
    sam = {
        "Employee_ID": "C-00231",
        "Worker_Type": "Contingent Worker",
        "Preferred_Name": "Sam Okoro",
        "Active_Status": "1",
        "Hire_Date": "2026-02-01",
        "Contract_End_Date": "2026-12-31",
    }
    found = read([sam, BO])
    fact = found.accounts["C-00231"]
    assert (fact.worker_type, fact.manager_ref, fact.email) == ("Contingent Worker", "", "")
    assert fact.end_date == date(2027, 1, 1)
    assert found.planned == [("C-00231", "status", "ended", "2027-01-01")]


@pytest.mark.parametrize(
    ("columns", "status", "end"),
    [
        ({"Active_Status": "0", "Termination_Date": "2026-08-31"}, "ended", date(2026, 9, 1)),
        ({"On_Leave": "1"}, "leave", None),
        ({"Active_Status": None, "On_Leave": None}, "active", None),
        ({"Active_Status": "0", "Hire_Date": "2026-10-01"}, "pending", None),
        ({"Status": "On Leave"}, "leave", None),
        ({"Termination_Date": "2020-01-31"}, "active", None),
        ({"Termination_Date": "9999-12-31"}, "active", None),
        ({"Active_Status": True, "On_Leave": False}, "active", None),
    ],
    ids=["left", "on leave", "no status", "not yet", "by word", "back again", "no end", "real booleans"],
)
def test_status_follows_from_what_the_report_has(columns: Any, status: str, end: date | None) -> None:
    fact = read([maria(**columns), BO]).accounts["007066"]
    assert (fact.status, fact.end_date) == (status, end)


def test_a_tenants_own_word_for_a_status_is_taken_from_the_conventions() -> None:
    words = conventions(csv={"status_words": {"Sabbatical II": "leave"}})
    row = maria(Status="Sabbatical II")
    assert read([row, BO], found=words).accounts["007066"].status == "leave"
    unknown = read([row, BO])
    assert "007066" not in unknown.accounts
    assert {("account", "007066"), ("assignment", "007066"), ("planned", "007066")} <= unknown.unreadable
    assert unknown.problems == [("007066", "Status is no known word; csv.status_words can say what it means")]


def test_a_last_day_that_is_over_is_flagged_where_the_worker_is_still_active() -> None:
    found = read([maria(Termination_Date="2026-08-31"), BO])
    assert found.accounts["007066"].end_date == date(2026, 9, 1)
    assert found.problems == [("007066", "is active though the last day is over; the day counts")]


def test_concurrent_jobs_are_one_person_with_the_primary_one_first() -> None:
    primary = maria(Primary_Job="1")
    other = maria(
        Primary_Job="0",
        Business_Title="Auditor",
        Supervisory_Organization_ID="SUPERVISORY_Ledger",
        Manager_Employee_ID="000555",
    )
    found = read([other, primary, BO], [PAYMENTS, MONEY, LEDGER])
    fact = found.accounts["007066"]
    assert (fact.title, fact.manager_ref) == ("Platform Engineer / Auditor", "000687")
    assert found.places == [
        ("007066", "SUPERVISORY_Payments_Core", "primary", "None", "None"),
        ("007066", "SUPERVISORY_Ledger", "secondary", "None", "None"),
    ]
    assert found.problems == []


def test_two_jobs_in_one_organisation_are_one_membership() -> None:
    found = read([maria(), maria(Business_Title="Auditor"), BO])
    assert found.accounts["007066"].title == "Platform Engineer / Auditor"
    assert found.places == [("007066", "SUPERVISORY_Payments_Core", "primary", "None", "None")]


def test_units_named_by_attributes_are_those_of_all_jobs() -> None:
    rows = [maria(Squad="Ledger", Primary_Job="1"), maria(Squad="Cards", Primary_Job="0"), BO]
    found = read(rows, found=conventions({"team": "Squad"}))
    assert found.accounts["007066"].attributes["team"] == ["Ledger", "Cards"]


def test_the_same_row_twice_is_once() -> None:
    found = read([maria(), maria(), BO, BO], [PAYMENTS, PAYMENTS, MONEY])
    assert sorted(found.accounts) == ["000687", "007066"]
    assert len(found.units) == 2
    assert (len(found.of(AccountFact)), len(found.of(UnitFact)), len(found.places)) == (2, 2, 1)


def test_two_rows_that_differ_in_more_than_the_job_are_not_believed() -> None:
    others = [{"Employee_ID": str(number), "Preferred_Name": "X"} for number in range(20)]
    found = read([maria(), maria(Work_Email="other@northwind.example"), BO, *others])
    assert "007066" not in found.accounts
    assert ("account", "007066") in found.unreadable
    assert found.problems == [("007066", "appears twice, and the two differ in more than the job")]


def test_dated_rows_of_one_job_are_past_present_and_to_come() -> None:
    rows = [
        maria(Effective_Date="2026-11-01", Supervisory_Organization_ID="SUPERVISORY_Ledger"),
        maria(Effective_Date="2024-03-19", Business_Title="Engineer"),
        maria(Effective_Date="2026-03-01"),
    ]
    found = read([*rows, BO], [PAYMENTS, MONEY, LEDGER])
    fact = found.accounts["007066"]
    assert fact.title == "Platform Engineer"
    assert fact.dated == {"title": "2026-03-01", "manager": "2024-03-19"}
    assert found.places == [
        ("007066", "SUPERVISORY_Payments_Core", "primary", "2024-03-19", "2026-11-01"),
        ("007066", "SUPERVISORY_Ledger", "primary", "2026-11-01", "None"),
    ]
    assert found.planned == []


def test_last_days_of_rows_are_inclusive() -> None:
    rows = [
        maria(Effective_Date="2024-03-19", Effective_End_Date="2026-10-31", Position_ID="P-1"),
        maria(Effective_Date="2026-11-01", Position_ID="P-1", Manager_Employee_ID="000555"),
    ]
    found = read([*rows, BO])
    assert found.accounts["007066"].manager_ref == "000687"
    assert found.planned == [("007066", "manager", "000555", "2026-11-01")]


def test_rows_of_different_positions_hold_side_by_side() -> None:
    rows = [
        maria(Effective_Date="2024-03-19", Position_ID="P-1", Primary_Job="1"),
        maria(Effective_Date="2026-01-01", Position_ID="P-2", Business_Title="Auditor"),
    ]
    fact = read([*rows, BO]).accounts["007066"]
    assert (fact.title, fact.dated) == ("Platform Engineer / Auditor", {})
    before = maria(Effective_Date="2025-01-01", Position_ID="P-2", Business_Title="Clerk")
    fact = read([*rows, before, BO]).accounts["007066"]
    assert (fact.title, fact.dated["title"]) == ("Platform Engineer / Auditor", "2026-01-01")


def test_without_a_past_a_row_does_not_say_since_when_each_of_its_values_is_so() -> None:
    found = read([maria(Effective_Date="2026-03-01"), BO])
    assert found.accounts["007066"].dated == {}
    assert found.places == [("007066", "SUPERVISORY_Payments_Core", "primary", "None", "None")]
    first = read([maria(Effective_Date="2024-03-19"), BO]).accounts["007066"]
    assert first.dated == {"title": "2024-03-19", "manager": "2024-03-19"}


def test_circles_of_managers_and_of_organisations_are_named() -> None:
    boss = {**BO, "Manager_Employee_ID": "007066"}
    money = {**MONEY, "Superior_Organization_ID": "SUPERVISORY_Payments_Core"}
    found = read([MARIA, boss], [PAYMENTS, money])
    assert sorted(found.problems) == [
        ("000687", "manager leads back to the record, through 1 more"),
        ("007066", "manager leads back to the record, through 1 more"),
        ("SUPERVISORY_Money_Tribe", "parent leads back to the record, through 1 more"),
        ("SUPERVISORY_Payments_Core", "parent leads back to the record, through 1 more"),
    ]
    assert found.accounts["000687"].manager_ref == "007066"


def test_a_report_without_the_column_of_managers_leaves_them_as_known() -> None:
    found = read([maria(Manager_Employee_ID=None), BO])
    assert found.report.not_visible["manager"] == (
        "The workers report has no column Manager_Employee_ID in any row."
    )
    assert {("manager", "007066"), ("manager", "000687")} <= found.unreadable


def test_several_values_are_joined_in_a_text_or_nested() -> None:
    unit_kinds = {"kinds": [{"kind": "guild", "attribute": "guild"}]}
    for columns, fields in (
        ({"Guilds": "Ledger Guild; On-call Guild"}, {"guild": "Guilds"}),
        (
            {"Guilds_group": [{"Guild": "Ledger Guild", "Id": "1"}, {"Guild": "On-call Guild"}]},
            {"guild": "Guilds_group/Guild"},
        ),
    ):
        found = read([maria(**columns), BO], found=conventions(fields, units=unit_kinds))
        assert found.accounts["007066"].attributes["guild"] == ["Ledger Guild", "On-call Guild"]


def test_matrix_organisations_are_secondary() -> None:
    found = read([maria(Matrix_Organization_IDs="SUPERVISORY_Ledger"), BO], [PAYMENTS, MONEY, LEDGER])
    assert found.places[1] == ("007066", "SUPERVISORY_Ledger", "secondary", "None", "None")


def test_an_id_behind_a_name_is_found_where_somebody_has_it() -> None:
    fields = {"manager": "Manager"}
    rows = [
        maria(Manager="Bo Lind (000687)"),
        {**BO, "Manager": "Ines Orsted (Lisbon)"},
    ]
    found = read(rows, found=conventions(fields))
    assert found.accounts["007066"].manager_ref == "000687"
    assert found.accounts["000687"].manager_ref == "Ines Orsted (Lisbon)"
    assert [each.named for each in found.report.unknown] == ["Ines Orsted (Lisbon)"]


def test_with_another_key_managers_and_leads_are_found_by_their_numbers() -> None:
    fields = {"id": "WID"}
    rows = [maria(WID="0e44c92412d34b01ace61e80a47aaf6d"), {**BO, "WID": "9378b36dabd94cc391ef5392166aa00e"}]
    found = read(rows, found=conventions(fields))
    fact = found.accounts["0e44c92412d34b01ace61e80a47aaf6d"]
    assert (fact.employee_number, fact.manager_ref) == ("007066", "9378b36dabd94cc391ef5392166aa00e")
    assert found.units["SUPERVISORY_Payments_Core"].lead == "9378b36dabd94cc391ef5392166aa00e"


def test_managers_parents_and_organisations_that_nobody_knows_are_references() -> None:
    found = read([maria(Manager_Employee_ID="404", Supervisory_Organization_ID="GONE"), BO], [PAYMENTS])
    assert [(each.record, each.kind, each.named) for each in found.report.unknown] == [
        ("SUPERVISORY_Payments_Core", "unit", "SUPERVISORY_Money_Tribe"),
        ("007066", "unit", "GONE"),
        ("007066", "manager", "404"),
    ]
