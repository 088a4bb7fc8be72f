"""BambooHR against its pretend server: what records, tables and hidden fields come to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from orgmodel.reports import SourceFailed
from orgmodel.sources.bamboohr import BambooReader, BambooSettings
from orgmodel.sources.record_problems import OF_A_PERSON
from sandbox.hris.bamboohr import BambooServer

from .hr_company import BO, INES, company, person, reading, row, with_body, with_rows
from .hr_reads import Read

TEAM = {"people": {"fields": {"team": "customTeam"}}}


@pytest.fixture
def server() -> Iterator[BambooServer]:
    with BambooServer(company()) as found:
        yield found


def sync(server: BambooServer, toml: dict[str, Any] | None = None) -> Read:
    settings = BambooSettings(server.url, server.token)
    return Read(BambooReader(settings, reading(TEAM if toml is None else toml), sleep=lambda _: None))


def test_one_read_gives_people_their_team_department_and_manager(server: BambooServer) -> None:
    found = sync(server)
    ines = found.accounts[INES]
    assert (ines.name, ines.email, ines.status, ines.title) == (
        "Inès Ørsted",
        "inès@nordwind.example",
        "active",
        "Engineer",
    )
    assert ines.attributes == {"team": "Payments Core", "department": "Engineering", "title": "Engineer"}
    assert (ines.manager_ref, ines.start_date, ines.end_date) == (BO, date(2024, 3, 18), None)
    assert ines.dated == {
        "team": "2024-03-18",
        "department": "2024-03-18",
        "title": "2024-03-18",
        "manager": "2024-03-18",
    }
    assert found.accounts[BO].employee_number == "0042"
    assert (found.covered, found.problems, found.report.not_visible) == (
        {"unit", "account", "planned"},
        [],
        {},
    )
    assert found.report.calls == 4


def test_only_fields_that_are_needed_are_asked_for(server: BambooServer) -> None:
    sync(server)
    names = "workEmail,employeeNumber,hireDate,terminationDate,reportsToId,customTeam,departmentName"
    assert server.queries == [{"fields": names, "page[limit]": "500"}]


def test_ids_of_nineteen_digits_stay_to_the_letter_even_as_numbers(server: BambooServer) -> None:
    def numbers(rows: list[Any]) -> list[Any]:
        return [{**each, "employeeId": int(each["employeeId"])} for each in rows]

    server.faults.change(with_rows("data", numbers), "GET /employees", times=1)
    server.faults.change(with_body(numbers), "tables")
    found = sync(server).accounts[INES]
    assert (found.native_id, found.attributes["team"]) == ("3332883884017713901", "Payments Core")


def test_a_list_goes_on_where_the_cursor_says(server: BambooServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orgmodel.sources.bamboohr.reader.PAGE", "1")
    assert set(sync(server).accounts) == {BO, INES}
    assert server.calls["GET /employees"] == 2


def test_future_rows_are_planned(server: BambooServer) -> None:
    ines = server.records.people[INES]
    mei = server.records.add(person("9", "Mei Tan"))
    server.records.add(
        ines,
        row(ines, "2024-03-18", "2026-11-01"),
        row(ines, "2026-11-01", team="Ledger", manager_id=mei.id),
    )
    found = sync(server)
    assert found.accounts[INES].attributes["team"] == "Payments Core"
    assert found.planned == [(INES, "manager", "9", "2026-11-01"), (INES, "team", "Ledger", "2026-11-01")]


def test_a_manager_to_come_whose_name_two_people_have_is_not_guessed(server: BambooServer) -> None:
    ines = server.records.people[INES]
    server.records.add(person("9", "Mei Tan"))
    server.records.add(person("10", "Mei Tan", email="mei2@nordwind.example"))
    server.records.add(ines, row(ines, "2024-03-18", "2026-11-01"), row(ines, "2026-11-01", manager_id="9"))
    found = sync(server)
    assert (found.planned, found.accounts[INES].manager_ref) == ([], BO)


def test_that_somebody_will_report_to_nobody_is_planned(server: BambooServer) -> None:
    ines = server.records.people[INES]
    server.records.add(ines, row(ines, "2024-03-18", "2026-11-01"), row(ines, "2026-11-01", manager_id=""))
    assert sync(server).planned == [(INES, "manager", "", "2026-11-01")]


def test_a_row_entered_late_is_dated_by_its_own_day(server: BambooServer) -> None:
    ines = server.records.people[INES]
    server.records.add(ines, row(ines, "2024-03-18", "2026-02-01", team="Ledger"), row(ines, "2026-02-01"))
    found = sync(server).accounts[INES]
    assert found.attributes["team"] == "Payments Core"
    assert (found.dated["team"], found.dated["department"]) == ("2026-02-01", "2024-03-18")


def test_the_order_of_rows_means_nothing_and_of_one_day_the_later_row_counts(server: BambooServer) -> None:
    def doubled(rows: list[Any]) -> list[Any]:
        mine = next(each for each in rows if each["employeeId"] == INES)
        return [{**mine, "id": "99999999999999999999999", "customTeam": "Ledger"}, *rows]

    server.faults.change(with_body(doubled), "tables/", after=0, times=1)
    assert sync(server).accounts[INES].attributes["team"] == "Ledger"


def test_who_has_not_started_is_pending_and_their_place_is_planned(server: BambooServer) -> None:
    server.records.add(person("9", "Mei Tan", start_date=date(2026, 10, 1), status="pending", manager_id=BO))
    found = sync(server)
    mei = found.accounts["9"]
    assert (mei.status, mei.start_date, mei.attributes, mei.manager_ref) == (
        "pending",
        date(2026, 10, 1),
        {},
        "",
    )
    assert sorted(found.planned) == [
        ("9", "department", "Engineering", "2026-10-01"),
        ("9", "manager", BO, "2026-10-01"),
        ("9", "status", "active", "2026-10-01"),
        ("9", "team", "Payments Core", "2026-10-01"),
        ("9", "title", "Engineer", "2026-10-01"),
    ]


def test_leavers_have_ended_and_those_who_will_leave_are_planned(server: BambooServer) -> None:
    server.records.add(person("9", "Mei Tan", status="ended", end_date=date(2026, 9, 1)))
    server.records.add(person("10", "Ana Cruz", end_date=date(2026, 12, 1)))
    found = sync(server)
    assert (found.accounts["9"].status, found.accounts["9"].end_date) == ("ended", date(2026, 9, 1))
    assert (found.accounts["10"].status, found.accounts["10"].end_date) == ("active", date(2026, 12, 1))
    assert found.planned == [("10", "status", "ended", "2026-12-01")]


def test_who_came_back_counts_from_the_second_first_day(server: BambooServer) -> None:
    server.employments[INES] = [
        ("2024-03-18", "Full-Time"),
        ("2025-03-01", "Terminated"),
        ("2026-02-01", "Part-Time"),
    ]
    found = sync(server)
    ines = found.accounts[INES]
    assert (ines.status, ines.start_date, ines.end_date) == ("active", date(2026, 2, 1), None)
    assert (ines.worker_type, found.problems) == ("Part-Time", [])


def test_a_leaver_who_will_come_back_has_a_first_day_ahead(server: BambooServer) -> None:
    server.records.people[INES].status = "ended"
    server.employments[INES] = [
        ("2024-03-18", "Full-Time"),
        ("2026-03-01", "Terminated"),
        ("2026-12-01", "Full-Time"),
    ]
    found = sync(server)
    assert (found.accounts[INES].status, found.accounts[INES].start_date) == ("ended", date(2026, 12, 1))
    assert found.planned == [(INES, "status", "active", "2026-12-01")]


def test_leave_is_known_from_the_table_of_employment(server: BambooServer) -> None:
    server.employments[INES] = [("2024-03-18", "Full-Time"), ("2026-08-01", "Leave of Absence")]
    found = sync(server).accounts[INES]
    assert (found.status, found.start_date, found.worker_type) == ("leave", date(2024, 3, 18), "Full-Time")


def test_dates_count_where_the_status_still_says_employed(server: BambooServer) -> None:
    server.employments[INES] = [("2024-03-18", "Full-Time"), ("2026-09-14", "Terminated")]
    found = sync(server)
    assert (found.accounts[INES].status, found.accounts[INES].end_date) == ("active", date(2026, 9, 14))
    reason = "status says employed, and the employment has ended: the dates count"
    assert found.problems == [(INES, reason)]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"hireDate": "Bad Date"}, "hireDate is not a date such as 2026-03-01"),
        ({"status": "Wandering"}, "status is no known word; csv.status_words can say what it means"),
        ({"status": None}, "status is no known word; csv.status_words can say what it means"),
        ({"firstName": None, "lastName": ""}, "has no name"),
        ({"reportsToId": {"id": "7"}}, "reportsToId is no text"),
    ],
)
def test_what_was_known_stays_of_a_record_that_cannot_be_read(
    server: BambooServer, values: dict[str, Any], reason: str
) -> None:
    spoilt = with_rows(
        "data", lambda rows: [each | values if each["employeeId"] == INES else each for each in rows]
    )
    server.faults.change(spoilt, "GET /employees", times=1)
    found = sync(server)
    assert set(found.accounts) == {BO}
    assert (found.problems, found.unreadable) == (
        [(INES, reason)],
        {(kind, INES) for kind in OF_A_PERSON},
    )


def test_a_zero_date_is_no_date(server: BambooServer) -> None:
    zero = with_rows("data", lambda rows: [each | {"hireDate": "0000-00-00"} for each in rows])
    server.faults.change(zero, "GET /employees", times=1)
    found = sync(server)
    # The table of employment knows the first day all the same.
    assert (found.accounts[INES].start_date, found.problems) == (date(2024, 3, 18), [])


def test_a_row_of_a_table_without_a_date_is_a_problem_of_that_row(server: BambooServer) -> None:
    spoilt = with_body(
        lambda rows: [each | {"date": "0000-00-00"} for each in rows if each["employeeId"] == INES]
    )
    server.faults.change(spoilt, "tables", times=1)
    found = sync(server)
    assert found.accounts[INES].attributes["department"] == "Engineering"
    assert found.problems == [(INES, "a row of jobInfo has no date that can be read")]
    # It may be the one that is to come.
    assert found.unreadable == {("planned", INES)}


def test_a_row_of_nobody_says_nothing(server: BambooServer) -> None:
    server.faults.change(with_body(lambda rows: [*rows, {**rows[0], "employeeId": "404"}]), "tables", times=1)
    found = sync(server)
    assert (set(found.accounts), found.problems) == ({BO, INES}, [])


def test_null_because_it_is_hidden_is_not_empty(server: BambooServer) -> None:
    server.hidden[INES] = {"reportsToId", "reportsTo", "customTeam"}
    found = sync(server)
    ines = found.accounts[INES]
    assert (ines.manager_ref, "team" in ines.attributes, ines.attributes["department"]) == (
        "",
        False,
        "Engineering",
    )
    assert found.unreadable == {("attribute", INES), ("manager", INES), ("planned", INES)}
    assert found.report.not_visible == {
        "attribute": "BambooHR hides from this key team of 1 of 2 employees: what was known stays.",
        "manager": "BambooHR hides from this key reportsToId of 1 of 2 employees: what was known stays.",
    }
    assert found.accounts[BO].attributes["team"] == "Payments Core"


def test_null_that_nobody_hides_is_empty(server: BambooServer) -> None:
    server.records.people[INES] = replace(server.records.people[INES], manager_id="", team="")
    found = sync(server)
    assert (found.accounts[INES].manager_ref, found.unreadable) == ("", set())


def test_somebody_whose_status_is_hidden_stays_as_they_were_known(server: BambooServer) -> None:
    server.hidden[INES] = {"status"}
    found = sync(server)
    assert set(found.accounts) == {BO}
    assert found.unreadable == {(kind, INES) for kind in OF_A_PERSON}


@pytest.mark.parametrize("name", ["status", "workEmail", "hireDate"])
def test_a_key_that_sees_nobodys_status_is_refused(server: BambooServer, name: str) -> None:
    server.hidden[""] = {name}
    with pytest.raises(SourceFailed) as failure:
        sync(server)
    assert str(failure.value) == (
        f"The API key may not see {name} of anybody; nothing was applied."
        " Let its user see it, see docs/sources/bamboohr.md."
    )


def test_an_unknown_field_is_named_though_bamboohr_ignores_it(server: BambooServer) -> None:
    with pytest.raises(SourceFailed) as failure:
        sync(server, {"people": {"fields": {"team": "customTeem"}}})
    assert str(failure.value) == (
        "BambooHR has no field customTeem, which people.fields.team in sightline.toml names;"
        " nothing was applied. Take its API name from the list of fields."
    )
