"""SuccessFactors: what comes out of employments, jobs and departments, one oddity after another."""

from datetime import date
from typing import Any

import pytest

from orgmodel.facts import AccountFact

from .hr_reads import Read
from .successfactors import NEVER, conventions, department, employment, job, on, read, reader, served

OTHER = "106999"
PAYMENTS, CARDS = "FODepartment:5000001", "FODepartment:5000002"
TWO = [department(), department("5000002", name="Cards")]


def test_one_read_gives_people_units_and_who_belongs_where() -> None:
    found = read()
    assert found.accounts["P1"] == AccountFact(
        native_id="P1",
        login="",
        email="106231@northwind.example",
        name="Worker P1",
        status="active",
        title="Engineer",
        worker_type="Employee",
        manager_ref="P0",
        employee_number="",
        start_date=date(2024, 3, 18),
        end_date=None,
        time_zone="Europe/Lisbon",
        attributes={"title": "Engineer", "department": "Payments", "division": "Money"},
        created=None,
        updated=None,
        state="active",
        dated={
            "title": "2024-03-18",
            "department": "2024-03-18",
            "division": "2024-03-18",
            "manager": "2024-03-18",
        },
    )
    assert [place for place in found.places if place[0] == "P1"] == [
        ("P1", PAYMENTS, "primary", "2024-03-18", "None"),
        ("P1", "FODivision:MONEY", "primary", "2024-03-18", "None"),
    ]
    assert found.covered == {"account", "assignment", "planned", "unit"}
    assert (found.problems, found.report.unknown, found.report.calls) == ([], [], 4)


def test_the_past_and_the_future_are_asked_for_in_the_order_of_the_key() -> None:
    with served() as server:
        Read(reader(server))
        queries = server.queries
    for query in queries.values():
        assert (query["fromDate"], query["toDate"]) == ("1900-01-01", "9999-12-31")
    assert queries["EmpJob"]["$orderby"] == "userId,startDate,seqNumber"
    assert queries["EmpJob"]["$expand"] == "emplStatusNav"
    assert queries["EmpEmployment"]["$expand"] == "userNav"
    selected = ",".join(query["$select"] for query in queries.values())
    assert not [word for word in ("birth", "salary", "address", "gender", "national") if word in selected]


def test_no_manager_is_nobody() -> None:
    assert read().accounts["P0"].manager_ref == ""


def test_a_future_row_is_planned_and_holds_from_its_day() -> None:
    rows = [
        job(endDate=on("2026-10-31")),
        job(startDate="/Date(1793491200000)/", department="5000002", managerId=OTHER, jobTitle="Lead"),
    ]
    found = read([employment(), employment("P2", OTHER)], [*rows, job(OTHER)], TWO)
    assert found.accounts["P1"].manager_ref == "P0"
    assert found.planned == [
        ("P1", "manager", "P2", "2026-11-01"),
        ("P1", "title", "Lead", "2026-11-01"),
    ]
    assert [place for place in found.places if place[0] == "P1" and "Department" in place[1]] == [
        ("P1", PAYMENTS, "primary", "2024-03-18", "2026-11-01"),
        ("P1", CARDS, "primary", "2026-11-01", "None"),
    ]


def test_with_a_control_plane_the_unit_that_is_to_come_is_a_planned_value() -> None:
    rows = [job(endDate=on("2026-10-31")), job(startDate=on("2026-11-01"), department="5000002")]
    found = read(jobs=rows, departments=TWO, units=False)
    assert (found.units, found.places) == ({}, [])
    assert found.planned == [("P1", "department", "Cards", "2026-11-01")]


def test_of_several_rows_of_one_day_the_last_in_sequence_counts() -> None:
    day = on("2026-03-01")
    rows = [
        job(startDate=day, seqNumber="10", jobTitle="Right"),
        job(startDate=day, seqNumber="2", jobTitle="Corrected", endDate=day),
        job(startDate=day, seqNumber="1", jobTitle="Wrong", endDate=day),
        job(endDate=on("2026-02-28"), jobTitle="Before"),
    ]
    fact = read(jobs=rows).accounts["P1"]
    assert (fact.title, fact.dated["title"]) == ("Right", "2026-03-01")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"emplStatusNav": {"externalCode": "A"}}, "active"),
        ({"emplStatusNav": {"externalCode": "U"}}, "leave"),
        ({"emplStatusNav": {"externalCode": "P"}}, "leave"),
        ({"emplStatusNav": {"externalCode": "S"}}, "suspended"),
        ({"emplStatusNav": {"externalCode": "T"}}, "ended"),
        ({"emplStatusNav": {"externalCode": "R"}}, "ended"),
        ({"emplStatusNav": {"externalCode": "GARDEN_LEAVE"}}, "garden_leave"),
        ({"emplStatusNav": {"results": [{"externalCode": "U"}]}}, "leave"),
    ],
)
def test_a_status_is_the_external_code_of_the_picklist(fields: Any, status: str) -> None:
    assert read(jobs=[job(**fields)]).accounts["P1"].status == status


def test_an_unknown_status_leaves_the_person_as_known() -> None:
    rows = [job(emplStatusNav={"externalCode": "D"})]
    found = read(jobs=rows)
    assert list(found.accounts) == ["P0"]
    assert {("account", "P1"), ("assignment", "P1"), ("planned", "P1")} <= found.unreadable
    assert found.problems == [("P1", "emplStatus is no known word; csv.status_words can say what it means")]
    words = conventions(csv={"status_words": {"D": "leave"}})
    assert read(jobs=rows, found=words).accounts["P1"].status == "leave"


def test_without_the_picklist_the_options_id_is_the_tenants_own_word() -> None:
    words = conventions(csv={"status_words": {"6021": "active", "6022": "leave"}})
    with served(jobs=[job(emplStatus="6022")]) as server:
        server.unknown = {"EmpJob/emplStatusNav/externalCode"}
        found = Read(reader(server, words))
        assert server.calls["GET /{entity}"] == 5
    assert found.accounts["P1"].status == "leave"


def test_who_comes_back_is_one_person_with_a_new_first_day() -> None:
    people = [
        employment(user="old", startDate=on("2019-01-01"), endDate=on("2022-06-30")),
        employment(user="new"),
    ]
    rows = [
        job("old", startDate=on("2019-01-01"), endDate=on("2022-06-30"), jobTitle="Clerk"),
        job("old", startDate=on("2022-07-01"), emplStatusNav={"externalCode": "T"}, jobTitle="Clerk"),
        job("new"),
    ]
    found = read(people, rows)
    fact = found.accounts["P1"]
    assert (fact.status, fact.start_date, fact.end_date) == ("active", date(2024, 3, 18), None)
    assert (fact.title, fact.dated["title"], fact.email) == (
        "Engineer",
        "2024-03-18",
        "new@northwind.example",
    )
    assert [place[2:] for place in found.places if place[:2] == ("P1", PAYMENTS)] == [
        ("primary", "2024-03-18", "None"),
        ("secondary", "2019-01-01", "2022-07-01"),
    ]


def test_a_manager_named_by_an_earlier_user_id_is_the_same_person() -> None:
    people = [
        employment(),
        employment("P2", "old", startDate=on("2019-01-01"), endDate=on("2022-06-30")),
        employment("P2", "new"),
    ]
    rows = [job(managerId="old"), job("old", endDate=on("2022-06-30")), job("new")]
    assert read(people, rows).accounts["P1"].manager_ref == "P2"


def test_several_employments_at_once_are_one_person_with_the_oldest_as_the_primary() -> None:
    people = [employment(user="b", startDate=on("2025-01-01")), employment(user="a")]
    rows = [
        job("b", startDate=on("2025-01-01"), department="5000002", jobTitle="Auditor", managerId="a"),
        job("a"),
    ]
    found = read(people, rows, TWO)
    fact = found.accounts["P1"]
    assert (fact.title, fact.manager_ref, fact.email) == (
        "Engineer / Auditor",
        "P0",
        "a@northwind.example",
    )
    assert fact.attributes["department"] == ["Payments", "Cards"]
    assert [place for place in found.places if place[0] == "P1" and "Department" in place[1]] == [
        ("P1", PAYMENTS, "primary", "2024-03-18", "None"),
        ("P1", CARDS, "secondary", "2025-01-01", "None"),
    ]


def test_of_two_employments_the_one_that_was_left_counts_no_more() -> None:
    people = [employment(user="a"), employment(user="b", startDate=on("2025-01-01"))]
    rows = [
        job("a", endDate=on("2026-06-30")),
        job("a", startDate=on("2026-07-01"), emplStatusNav={"externalCode": "T"}),
        job("b", startDate=on("2025-01-01"), jobTitle="Auditor"),
    ]
    fact = read(people, rows).accounts["P1"]
    assert (fact.status, fact.title) == ("active", "Auditor")


def test_a_leaver_has_a_last_day_and_keeps_what_was_known() -> None:
    people = [employment(endDate=on("2026-08-31"))]
    rows = [
        job(endDate=on("2026-08-31")),
        job(startDate=on("2026-09-01"), emplStatusNav={"externalCode": "T"}),
    ]
    found = read(people, rows)
    fact = found.accounts["P1"]
    assert (fact.status, fact.end_date, fact.title) == ("ended", date(2026, 9, 1), "Engineer")
    assert ("P1", PAYMENTS, "primary", "2024-03-18", "2026-09-01") in found.places


def test_last_days_are_inclusive_and_the_end_of_the_world_is_none() -> None:
    found = read([employment(endDate=on("2026-12-31"))], [job(endDate=NEVER)])
    assert found.accounts["P1"].end_date == date(2027, 1, 1)
    assert ("P1", "status", "ended", "2027-01-01") in found.planned
    assert read([employment(endDate=NEVER)]).accounts["P1"].end_date is None


def test_who_has_not_begun_yet_is_pending() -> None:
    found = read([employment(startDate=on("2026-10-01"))], [job(startDate=on("2026-10-01"))])
    fact = found.accounts["P1"]
    assert (fact.status, fact.start_date) == ("pending", date(2026, 10, 1))
    assert ("P1", "status", "active", "2026-10-01") in found.planned


def test_a_date_is_a_day_wherever_the_person_is() -> None:
    zone = {"timeZone": "America/Los_Angeles", "email": "x@northwind.example", "defaultFullName": "X"}
    fact = read([employment(startDate="/Date(1710720000000)/", userNav=zone)]).accounts["P1"]
    assert fact.start_date == date(2024, 3, 18)
    fact = read([employment(startDate="/Date(1710720000000+0000)/")]).accounts["P1"]
    assert fact.start_date == date(2024, 3, 18)


def test_contingent_workers_are_told_apart() -> None:
    assert read([employment(isContingentWorker=True)]).accounts["P1"].worker_type == "Contingent Worker"
    assert read([employment(isContingentWorker="true")]).accounts["P1"].worker_type == "Contingent Worker"
    assert read([employment(isContingentWorker=None)]).accounts["P1"].worker_type == ""
    found = conventions({"worker_type": "employeeClassNav/externalCode"})
    rows = [job(employeeClassNav={"externalCode": "INTERN"})]
    assert read(jobs=rows, found=found).accounts["P1"].worker_type == "INTERN"


def test_a_name_is_taken_whole_and_else_put_together() -> None:
    user = {"defaultFullName": "Nguyễn Thị Minh", "firstName": "Minh", "lastName": "Nguyễn"}
    assert read([employment(userNav=user)]).accounts["P1"].name == "Nguyễn Thị Minh"
    assert read([employment(userNav={"firstName": "Suharto"})]).accounts["P1"].name == "Suharto"
    found = read([employment(userNav=None)])
    assert found.problems == [("P1", "has no name; the login may not see the fields of userNav")]


def test_fields_of_the_tenants_own() -> None:
    names = {"team": "customString1", "employee_number": "userNav/empId", "site": "locationNav/name"}
    user = {"empId": "007066", "defaultFullName": "X"}
    rows = [job(customString1="Ledger", locationNav={"name": "Lisbon"})]
    fact = read([employment(userNav=user)], rows, found=conventions(names)).accounts["P1"]
    assert fact.employee_number == "007066"
    assert (fact.attributes["team"], fact.attributes["site"]) == ("Ledger", "Lisbon")
