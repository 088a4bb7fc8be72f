"""HiBob as it documents itself: what is asked for, forms of keys, tables, statuses and what is hidden."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact
from orgmodel.reports import SourceFailed
from sandbox.hris.hibob import SEARCH, HiBobServer
from sandbox.hris.records import Records
from sandbox.hris.server import Reply

from .hibob_company import BO, INES, MEI, TEAM, company, conventions, person, read, row

TABLE = "/bulk/people/work"
WORK, LIFECYCLE = "GET /bulk/people/work", "GET /bulk/people/lifecycle"


@pytest.fixture
def records() -> Records:
    return company()


@pytest.fixture
def hibob(records: Records) -> Iterator[HiBobServer]:
    with HiBobServer(records) as server:
        yield server


def employees(server: HiBobServer, change: Any, **when: Any) -> None:
    """Change the employees of the answers of people search."""

    def changed(reply: Reply) -> Reply:
        found = json.loads(reply.encoded())
        return replace(reply, body={"employees": [change(each) for each in found["employees"]]})

    server.faults.change(changed, SEARCH, **when)


def test_a_person_with_the_values_of_today_and_since_when_they_hold(hibob: HiBobServer) -> None:
    ines = read(hibob).accounts[INES]
    assert ines == AccountFact(
        native_id=INES,
        login="",
        email="inès@nordwind.example",
        name="Inès Ørsted",
        status="active",
        title="Platform Engineer",
        worker_type="Employee",
        manager_ref=BO,
        employee_number="3901",
        start_date=date(2024, 3, 18),
        end_date=None,
        time_zone="Europe/Berlin",
        attributes={
            "title": "Platform Engineer",
            "team": "Payments Core",
            "department": "Engineering",
            "specialisation": "Backend",
            "site": "Berlin",
        },
        created=None,
        updated=None,
        state="active",
        dated={
            "title": "2024-03-18",
            "department": "2024-03-18",
            "specialisation": "2024-03-18",
            "site": "2024-03-18",
            "team": "2026-03-01",
            "manager": "2026-03-01",
        },
    )


def test_future_rows_are_plans_and_the_last_day_of_a_row_still_counts(hibob: HiBobServer) -> None:
    assert read(hibob).planned == [
        (INES, "manager", MEI, "2026-11-01"),
        (INES, "team", "Ledger", "2026-11-01"),
    ]
    eve = read(hibob, now=datetime(2026, 10, 31, 10, tzinfo=UTC)).accounts[INES]
    day = read(hibob, now=datetime(2026, 11, 1, 10, tzinfo=UTC)).accounts[INES]
    assert (eve.attributes["team"], day.attributes["team"]) == ("Payments Core", "Ledger")


def test_a_future_row_that_is_gone_is_no_plan_any_more(hibob: HiBobServer, records: Records) -> None:
    records.rows[INES].pop()
    found = read(hibob)
    assert found.planned == []
    assert "planned" in found.covered


def test_no_more_is_asked_for_than_is_used(hibob: HiBobServer) -> None:
    read(hibob)
    first, second = (each.json() for each in hibob.requests if each.method == "POST")
    assert first == {"fields": ["root.id"], "showInactive": True, "humanReadable": "APPEND"}
    assert second["filters"] == [{"fieldPath": "root.id", "operator": "equals", "values": [INES, BO, MEI]}]
    assert sorted(second["fields"]) == [
        "about.custom.field_1698036945383",
        "internal.lifecycleStatus",
        "internal.terminationDate",
        "payroll.employment.type",
        "root.displayName",
        "root.email",
        "root.id",
        "work.customColumns.column_1712065102576",
        "work.customColumns.column_1712065102577",
        "work.department",
        "work.employeeIdInCompany",
        "work.reportsTo",
        "work.site",
        "work.startDate",
        "work.title",
    ]


@pytest.mark.parametrize("form", ["flat", "nested"])
def test_either_form_of_the_keys_is_enough(hibob: HiBobServer, form: str) -> None:
    def only(employee: dict[str, Any]) -> dict[str, Any]:
        flat = {key: value for key, value in employee.items() if key.startswith("/")}
        return flat if form == "flat" else {k: v for k, v in employee.items() if k not in flat}

    whole = read(hibob)
    employees(hibob, only)
    found = read(hibob)
    assert len(found.accounts) == 3
    assert found.accounts == whole.accounts


def test_custom_columns_are_read_where_sightline_toml_says(hibob: HiBobServer) -> None:
    assert read(hibob).accounts[INES].attributes["team"] == "Payments Core"
    assert set(read(hibob, Conventions()).accounts[INES].attributes) == {"title", "department", "site"}


@pytest.mark.parametrize(("whole", "calls"), [(False, [200, 200, 53]), (True, [200, 200, 200])])
def test_people_come_in_batches_with_their_rows(
    hibob: HiBobServer, records: Records, whole: bool, calls: list[int]
) -> None:
    """Where HiBob gives its tables whole, whomever it is asked for, they are read once."""
    hibob.whole_tables = whole
    for number in range(450):
        records.add(person(f"33328838840177{number:05}", f"Person {number}", row(date(2025, 1, 1))))
    found = read(hibob)
    assert len(found.accounts) == 453
    assert {each.dated["team"] for each in found.accounts.values()} == {
        "2020-01-01",
        "2021-06-01",
        "2025-01-01",
        "2026-03-01",
    }
    assert hibob.calls[SEARCH] == 1 + 3
    wanted = [each.query["employeeIds"].split(",") for each in hibob.requests if each.path == TABLE]
    assert [len(ids) for ids in wanted] == calls


def test_ids_of_19_digits_survive_to_the_last_one(hibob: HiBobServer) -> None:
    def numbers(employee: dict[str, Any]) -> dict[str, Any]:
        return {"id": int(employee["id"])} | {
            k: v for k, v in employee.items() if k not in {"id", "/root/id"}
        }

    employees(hibob, numbers)
    assert set(read(hibob).accounts) == {INES, BO, MEI}


def test_a_row_may_name_list_items_by_id_or_by_name(hibob: HiBobServer) -> None:
    by_name = read(hibob).accounts
    hibob.row_ids = True
    assert read(hibob).accounts == by_name


def test_a_list_item_whose_id_is_its_name_is_that_name(hibob: HiBobServer) -> None:
    hibob.item_ids["department", "Engineering"] = "Engineering"
    assert read(hibob).accounts[INES].attributes["department"] == "Engineering"


def test_an_id_that_no_list_knows_makes_a_problem_of_its_person_alone(hibob: HiBobServer) -> None:
    def strange(employee: dict[str, Any]) -> dict[str, Any]:
        if employee["id"] == MEI and "work" in employee:
            employee["work"]["department"] = "99999"
            employee.pop("/work/department")
            del employee["humanReadable"]["work"]["department"]
        return employee

    employees(hibob, strange)
    found = read(hibob)
    assert set(found.accounts) == {INES, BO}
    assert found.unreadable == {("account", MEI)}
    assert found.problems == [(MEI, "work.department holds an id that is no item of its list")]


def test_a_future_row_with_an_id_that_no_list_knows_leaves_the_plans_of_that_person_as_they_were(
    hibob: HiBobServer,
) -> None:
    def strange(reply: Reply) -> Reply:
        found = json.loads(reply.encoded())
        for values in (each["values"] for each in found["results"] if each["employeeId"] == INES):
            values[-1]["customColumns"]["column_1712065102576"] = "99999"
        return replace(reply, body=found)

    hibob.faults.change(strange, WORK)
    found = read(hibob)
    assert found.unreadable == {("planned", INES)}
    assert found.accounts[INES].attributes["team"] == "Payments Core"
    assert found.planned == [(INES, "manager", MEI, "2026-11-01")]


def test_fields_that_hibob_does_not_have_stop_the_read(hibob: HiBobServer) -> None:
    misspelt = conventions(hibob).people_fields
    fields = replace(misspelt, fields={**misspelt.fields, "team": "work.customColumns.colum_1712065102576"})
    with pytest.raises(
        SourceFailed, match=r"no field work\.customColumns\.colum_1712065102576, which people"
    ):
        read(hibob, replace(conventions(hibob), people_fields=fields))


def test_a_field_that_came_back_for_nobody_is_unknown_and_not_empty(hibob: HiBobServer) -> None:
    hibob.hidden_fields = {TEAM, "work.reportsTo"}
    found = read(hibob)
    assert "came back for nobody" in found.report.not_visible["attribute"]
    assert TEAM in found.report.not_visible["attribute"]
    assert "work.reportsTo (manager)" in found.report.not_visible["manager"]


def test_a_field_that_is_no_longer_permitted_stops_the_read(hibob: HiBobServer) -> None:
    before = read(hibob).report.cursors["fields"]
    assert TEAM in json.loads(before)
    hibob.hidden_fields = {TEAM}
    with pytest.raises(SourceFailed, match=r"HiBob no longer gives the field work\.customColumns"):
        read(hibob, fields_before=before)


def test_without_any_status_nobody_could_be_known_to_have_left(hibob: HiBobServer) -> None:
    hibob.hidden_fields = {"internal.lifecycleStatus"}
    assert read(hibob).accounts[INES].status == "active"
    hibob.faults.refuse(403, LIFECYCLE)
    with pytest.raises(SourceFailed, match="HiBob shows neither lifecycle statuses nor their history"):
        read(hibob)


def test_computed_fields_are_never_asked_for(hibob: HiBobServer) -> None:
    found = conventions(hibob).people_fields
    fields = replace(found, fields={"tenure": "work.tenureYears"})
    with pytest.raises(
        SourceFailed, match=r"people\.fields\.tenure is work\.tenureYears, which HiBob computes"
    ):
        read(hibob, replace(conventions(hibob), people_fields=fields))


def test_without_histories_the_current_values_count_and_plans_are_unknown(hibob: HiBobServer) -> None:
    hibob.histories = False
    found = read(hibob)
    assert found.accounts[INES].attributes["team"] == "Payments Core"
    assert found.accounts[INES].dated["team"] == "2026-03-01"
    assert "View histories" in found.report.not_visible["planned"]
    assert "planned" not in found.covered


def test_a_table_that_is_closed_leaves_the_current_values(hibob: HiBobServer) -> None:
    hibob.faults.refuse(403, WORK)
    found = read(hibob)
    assert found.accounts[INES].attributes["team"] == "Payments Core"
    assert found.accounts[INES].dated == {}
    assert "planned" not in found.covered
    assert hibob.calls[WORK] == 1


def test_people_whose_rows_are_hidden_keep_what_was_known_to_be_planned(hibob: HiBobServer) -> None:
    hibob.hidden_tables = {INES}
    found = read(hibob)
    assert ("planned", INES) in found.unreadable
    assert found.accounts[INES].attributes["team"] == "Payments Core"
    assert (
        INES,
        "HiBob does not show these rows to the service user (MISSING_PERMISSION)",
    ) in found.problems


def test_rows_with_the_same_id_of_two_people_are_two(hibob: HiBobServer) -> None:
    found = read(hibob)
    assert found.accounts[BO].dated["team"] == "2020-01-01"
    assert found.accounts[MEI].dated["team"] == "2021-06-01"


def test_questions_by_get_have_no_content_type(hibob: HiBobServer) -> None:
    found = read(hibob)
    assert len(found.accounts) == 3
    assert found.report.calls == sum(hibob.calls.values()) == 6


def test_a_second_read_says_the_same(hibob: HiBobServer) -> None:
    assert read(hibob).facts == read(hibob).facts
