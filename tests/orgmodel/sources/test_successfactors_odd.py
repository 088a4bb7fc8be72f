"""Odd records of SuccessFactors: each is a problem of its person, who stays as known; the rest goes on."""

from typing import Any

import pytest

from .successfactors import department, employment, failure, job, on, read, served

TWICE = "a record appears twice, and the two differ"
NO_JOB = "has no job today, though the employment goes on; the list of jobs may have shifted"
CROWD = [employment(f"C{number}", f"c{number}") for number in range(30)]
CROWD_JOBS = [job(f"c{number}") for number in range(30)]


def test_the_same_record_twice_is_once_and_order_does_not_matter() -> None:
    whole = read([employment(), *CROWD], [job(), *CROWD_JOBS])
    mixed = read([*reversed(CROWD), employment(), employment()], [*reversed(CROWD_JOBS), job(), job()])
    assert mixed.accounts == whole.accounts
    assert sorted(mixed.places) == sorted(whole.places)
    assert mixed.problems == []


@pytest.mark.parametrize(
    ("people", "jobs", "reason"),
    [
        ([employment(startDate="soon")], [job()], "startDate is no date"),
        ([employment(endDate=on("2020-01-01"))], [job()], "endDate is before startDate"),
        ([employment()], [job(startDate=None)], "startDate is missing"),
        ([employment()], [job(endDate=on("2020-01-01"))], "endDate is before startDate"),
        ([employment()], [job(seqNumber="last")], "seqNumber is no number"),
        ([employment()], [job(), job(jobTitle="Other")], TWICE),
        ([employment(), employment(isContingentWorker=True)], [job()], TWICE),
        ([employment()], [job(managerId=1.5e19)], "managerId holds a number that is not whole"),
        ([employment()], [job(endDate=on("2026-01-31"))], NO_JOB),
    ],
)
def test_an_odd_record_is_a_problem_of_its_person_who_stays(people: Any, jobs: Any, reason: str) -> None:
    found = read([*CROWD, *people], [*CROWD_JOBS, *jobs])
    assert found.problems == [("P1", reason)]
    assert found.unreadable == {("account", "P1"), ("assignment", "P1"), ("planned", "P1")}
    assert len(found.accounts) == 31


def test_a_job_whose_employment_was_left_out_may_be_anybodys() -> None:
    found = read(CROWD, [*CROWD_JOBS, job("lost"), job("lost", seqNumber="2")])
    assert ("account", "") in found.unreadable
    assert found.problems == [("", "a job belongs to an employment that is not in the list of employments")]


def test_two_people_with_one_user_id_are_both_left_as_known() -> None:
    found = read([*CROWD, employment(), employment("P9")], [*CROWD_JOBS, job()])
    assert {("account", "P1"), ("account", "P9")} <= found.unreadable
    assert "P1" not in found.accounts


def test_too_many_odd_records_stop_the_read() -> None:
    rows = [job(f"c{number}", seqNumber="x") for number in range(5)]
    with served(CROWD, [*rows, *CROWD_JOBS[5:]]) as server:
        assert failure(server).startswith("the list of employments: 5 of 31 records cannot be read")


def test_an_odd_department_stays_as_it_was() -> None:
    found = read(departments=[department(), department("9", status="X")])
    assert ("unit", "FODepartment:9") in found.unreadable
    assert list(found.units) == ["FODepartment:5000001", "FODivision:MONEY"]


def test_too_many_odd_departments_stop_the_read_and_those_of_other_kinds_do_not_count() -> None:
    odd = [department(str(number), status="X") for number in range(2)]
    with served(departments=[department(), *odd]) as server:
        assert failure(server).startswith("FODepartment: 2 units cannot be read, more than a tenth;")
    found = read(departments=[department(), odd[0]], divisions=[department("MONEY"), odd[0]])
    assert sorted(found.units) == ["FODepartment:5000001", "FODivision:MONEY"]


def test_ids_are_texts_to_the_letter() -> None:
    people = [employment(3332883884017713901, 9007199254740993)]  # type: ignore[arg-type]
    found = read(people, [job(9007199254740993)])  # type: ignore[arg-type]
    assert sorted(found.accounts) == ["3332883884017713901", "P0"]


def test_hostile_texts_are_values() -> None:
    name = "<b>Robert'); DROP TABLE person;--</b>" + "x" * 600 + "\x00"
    fact = read([employment(userNav={"defaultFullName": name})], [job(jobTitle="=1+1")]).accounts["P1"]
    assert (fact.name, fact.title) == (name[:500], "=1+1")


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (employment(userId=""), "userId is missing"),
        (employment(userId="x" * 321), "userId is longer than 320 characters"),
    ],
)
def test_a_user_id_that_is_none_is_a_problem_of_its_person(person: Any, reason: str) -> None:
    found = read([*CROWD, person], CROWD_JOBS)
    assert found.problems == [("P1", reason)]


@pytest.mark.parametrize("row", ["P1", None, employment("")])
def test_a_row_that_names_nobody_may_be_about_anybody(row: Any) -> None:
    found = read([*CROWD, row], CROWD_JOBS)
    assert ("account", "") in found.unreadable
    assert len(found.accounts) == 31


def test_a_department_without_a_name_stays_as_it_was() -> None:
    found = read(departments=[department(), department("9", name="")])
    assert found.problems == [("FODepartment:9", "name is missing")]
    assert ("unit", "FODepartment:9") in found.unreadable


def test_a_day_may_be_written_plainly() -> None:
    fact = read([employment(startDate="2024-03-18T00:00:00")]).accounts["P1"]
    assert str(fact.start_date) == "2024-03-18"
