"""What goes wrong with Workday's reports: refusals, broken answers, odd rows, and what is still to come."""

from dataclasses import replace
from typing import Any

import pytest

from orgmodel.facts import AccountFact
from orgmodel.sources.basic_login import BasicLogin
from orgmodel.sources.source import Reading, Role
from orgmodel.sources.workday import SOURCE
from sandbox.hris.workday import ORGANISATIONS, WORKERS

from .hr_reads import Read
from .workday import BO, MARIA, MONEY, NOW, PAYMENTS, conventions, failure, read, reader, served

MANY = [{"Employee_ID": f"{number:06}", "Preferred_Name": f"Worker {number}"} for number in range(100, 130)]


def test_organisations_that_may_not_be_read_are_not_visible_and_stay() -> None:
    with served() as server:
        server.faults.refuse(403, ORGANISATIONS)
        found = Read(reader(server))
    assert sorted(found.accounts) == ["000687", "007066"]
    assert "unit" not in found.covered
    assert found.report.not_visible["unit"].endswith("share the report with the user of HRIS_USER.")
    assert found.places == [("007066", "SUPERVISORY_Payments_Core", "primary", "None", "None")]


@pytest.mark.parametrize(("place", "name"), [(WORKERS, "workers"), (ORGANISATIONS, "organisations")])
def test_a_report_that_is_not_there_stops_the_read(place: str, name: str) -> None:
    with served() as server:
        server.faults.refuse(404, place)
        assert failure(server) == (
            f"/ccx/service/customreport2/nordwind/{place}: Workday has nothing at this address (404); check"
            f" HRIS_URL. Check people.reports.{name} in sightline.toml, too; nothing was applied."
        )


def test_the_second_report_failing_applies_nothing_of_the_first() -> None:
    with served() as server:
        server.faults.refuse(502, ORGANISATIONS, times=2)
        given: list[Any] = []
        reading = reader(server)
        with pytest.raises(Exception, match="answered 502"):
            given.extend(reading.batches())
        assert given == []


def test_what_is_set_up_beside_decides_whether_organisations_are_units() -> None:
    with served() as server:
        login = BasicLogin(server.url, server.user, server.token)
        for beside, units in ((frozenset[Role](), 2), (frozenset[Role]({"units"}), 0)):
            reading = Reading(conventions(), NOW, beside=beside)
            assert len(Read(SOURCE.reader(login, reading)).units) == units


@pytest.mark.parametrize("body", [{}, [], {"Report_Entry": {}}, "null"])
def test_json_without_entries_is_no_report(body: Any) -> None:
    with served() as server:
        server.faults.change(lambda reply: replace(reply, body=body), WORKERS)
        assert "has no Report_Entry" in failure(server)


def test_an_empty_report_of_organisations_ends_none() -> None:
    found = read(organisations=[])
    assert "unit" not in found.covered
    assert found.report.not_visible["unit"] == "The organisations report has no rows; check its filters."


def test_reordered_rows_give_the_same() -> None:
    rows = [MARIA, BO, {**MARIA, "Business_Title": "Auditor", "Primary_Job": "0"}]
    one, other = (
        read([{**MARIA, "Primary_Job": "1"}, *rows[1:]]),
        read([*rows[1:], {**MARIA, "Primary_Job": "1"}]),
    )
    assert one.accounts == other.accounts
    assert sorted(one.places) == sorted(other.places)


def test_ids_are_texts_to_the_letter() -> None:
    rows = [{**MARIA, "Employee_ID": 3332883884017713901, "Manager_Employee_ID": "000687"}, BO]
    assert sorted(read(rows).accounts) == ["000687", "3332883884017713901"]
    found = read([*MANY, {**MARIA, "Employee_ID": 3.3328838840177139e18}])
    assert found.problems == [("", "Employee_ID holds a number that is not whole")]
    assert ("account", "") in found.unreadable


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"Hire_Date": "Bad Date"}, "Hire_Date is not a date such as 2026-03-01"),
        ({"Active_Status": "perhaps"}, "Active_Status is neither 1 nor 0"),
        ({"Preferred_Name": None}, "Preferred_Name is missing"),
        (
            {"Effective_Date": "2026-03-01", "Effective_End_Date": "2026-02-01"},
            "Effective_End_Date is before Effective_Date",
        ),
    ],
)
def test_an_odd_row_is_a_problem_of_its_worker_who_stays(columns: dict[str, Any], reason: str) -> None:
    row = {name: value for name, value in {**MARIA, **columns}.items() if value is not None}
    found = read([*MANY, row])
    assert found.problems == [("007066", reason)]
    assert found.unreadable == {("account", "007066"), ("assignment", "007066"), ("planned", "007066")}
    assert len(found.accounts) == len(MANY)


def test_a_row_without_an_id_may_be_about_anybody() -> None:
    row = {name: value for name, value in MARIA.items() if name != "Employee_ID"}
    found = read([*MANY, row])
    assert found.problems == [("", "Employee_ID is missing")]
    assert ("account", "") in found.unreadable


def test_zeros_for_a_day_are_no_day() -> None:
    assert read([{**MARIA, "Termination_Date": "0000-00-00"}, BO]).accounts["007066"].end_date is None


def test_too_many_odd_rows_stop_the_read() -> None:
    rows = [{**row, "Hire_Date": "Bad Date"} for row in MANY[:4]]
    with served([*rows, *MANY[4:]]) as server:
        assert failure(server) == (
            "the workers report: 4 of 30 records cannot be read, more than a tenth; nothing was applied."
            " The problems name record and reason: correct them, then sync again."
        )


def test_an_odd_organisation_stays_as_it_was() -> None:
    found = read(organisations=[MONEY, {**PAYMENTS, "Inactive": "perhaps"}])
    assert ("unit", "SUPERVISORY_Payments_Core") in found.unreadable
    assert list(found.units) == ["SUPERVISORY_Money_Tribe"]


@pytest.mark.parametrize(
    ("fields", "column", "name"),
    [
        ({}, "Employee_ID", "id"),
        ({"id": "Worker"}, "Worker", "id"),
        ({"team": "Sqaud"}, "Sqaud", "team"),
        ({"manager": "Boss"}, "Boss", "manager"),
    ],
)
def test_a_column_that_no_row_has_is_named(fields: dict[str, str], column: str, name: str) -> None:
    rows = [{key: value for key, value in MARIA.items() if key != column}]
    with served(rows) as server:
        assert failure(server, conventions(fields)) == (
            f"The workers report has no column {column} in any row; add it, let its security group see it, or"
            f" say in people.fields.{name} which column it is."
        )


def test_columns_that_may_be_empty_for_everybody_need_not_be_there() -> None:
    assert len(read(found=conventions({"end_date": "Last_Day", "on_leave": "Away"})).accounts) == 2


def test_prompts_of_the_reports_own_stand_in_its_path() -> None:
    place = f"{WORKERS}?Organization!WID=89e47473254c018ca67096f0d0447c00"
    with served() as server:
        Read(reader(server, conventions(reports={"workers": place})))
        assert server.queries == [{"Organization!WID": "89e47473254c018ca67096f0d0447c00", "format": "json"}]


@pytest.mark.parametrize(
    ("reports", "sentence"),
    [
        ({"workers": "https://elsewhere.example/x"}, "people.reports.workers must be the path of a report"),
        ({"workers": "//elsewhere.example/x"}, "people.reports.workers must be the path of a report"),
        ({"workers": "../../api"}, "people.reports.workers must be the path of a report"),
        ({"days_ahead": "soon"}, "people.reports.days_ahead must be a number of 1 to 1000, as a text."),
        ({"wrokers": "x"}, "people.reports.wrokers in sightline.toml is no report that is read."),
    ],
)
def test_reports_that_cannot_be_meant_are_not_asked_for(reports: dict[str, str], sentence: str) -> None:
    with served() as server:
        assert failure(server, conventions(reports=reports)).startswith(sentence)
        assert server.calls.total() == 0


def test_facts_of_one_kind_come_together() -> None:
    with served() as server:
        for batch in reader(server).batches():
            assert len({type(fact) for fact in batch}) <= 1
            assert AccountFact not in {type(fact) for fact in batch} or len(batch) == 2
