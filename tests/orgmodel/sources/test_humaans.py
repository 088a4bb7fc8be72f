"""Humaans against its pretend server: what people, job roles, tags and custom values come to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from orgmodel.reports import SourceFailed
from orgmodel.sources.humaans import HumaansReader, HumaansSettings
from orgmodel.sources.record_problems import OF_A_PERSON
from sandbox.hris.humaans import HumaansServer

from .hr_company import BO, INES, NOON, company, person, reading, row, with_rows
from .hr_reads import Read

PEOPLE, ROLES = "GET /people", "GET /job-roles"


@pytest.fixture
def server() -> Iterator[HumaansServer]:
    with HumaansServer(company()) as found:
        yield found


def sync(server: HumaansServer, toml: dict[str, Any] | None = None, now: datetime = NOON) -> Read:
    settings = HumaansSettings(server.url, server.token)
    return Read(HumaansReader(settings, reading(toml, now), sleep=lambda _: None))


def fields(**names: str) -> dict[str, Any]:
    return {"people": {"fields": names}}


def test_one_read_gives_people_their_team_department_and_manager(server: HumaansServer) -> None:
    found = sync(server)
    ines = found.accounts[INES]
    assert (ines.name, ines.email, ines.status, ines.title, ines.worker_type) == (
        "Inès Ørsted",
        "inès@nordwind.example",
        "active",
        "Engineer",
        "Full time",
    )
    assert ines.attributes == {"team": "Payments Core", "department": "Engineering", "title": "Engineer"}
    assert (ines.manager_ref, ines.start_date, ines.end_date) == (BO, date(2024, 3, 18), None)
    # Tags have no dates; the role dates what lies on it.
    assert ines.dated == {"department": "2024-03-18", "title": "2024-03-18", "manager": "2024-03-18"}
    assert found.accounts[BO].employee_number == "0042"
    assert (found.covered, found.problems, found.report.not_visible) == ({"account", "planned"}, [], {})
    assert (found.report.calls, server.calls["GET /custom-fields"]) == (2, 0)


def test_nothing_of_a_record_is_kept_that_is_not_needed(server: HumaansServer) -> None:
    assert "elsewhere.example" not in repr(sync(server).facts)


def test_a_list_is_read_page_by_page_by_the_limit_that_it_echoes(server: HumaansServer) -> None:
    server.records.add(person("9", "Mei Tan"))
    server.most = 2
    assert set(sync(server).accounts) == {BO, INES, "9"}
    assert (server.calls[PEOPLE], server.calls[ROLES]) == (2, 2)


def test_ids_of_nineteen_digits_stay_to_the_letter_even_as_numbers(server: HumaansServer) -> None:
    server.faults.change(
        with_rows("data", lambda rows: [each | {"id": int(each["id"])} for each in rows]), PEOPLE, times=1
    )
    server.faults.change(
        with_rows("data", lambda rows: [each | {"personId": int(each["personId"])} for each in rows]), ROLES
    )
    ines = sync(server).accounts[INES]
    assert (ines.native_id, ines.attributes["department"]) == ("3332883884017713901", "Engineering")


def test_several_tags_are_several_teams(server: HumaansServer) -> None:
    server.tags[INES] = ["Ledger", "Payments Core", " "]
    assert sync(server).accounts[INES].attributes["team"] == ["Payments Core", "Ledger"]


def test_tags_with_a_common_beginning_are_another_attribute(server: HumaansServer) -> None:
    server.tags[INES] = ["Tribe: Money", "tribe: Growth", "Tribe:"]
    found = sync(server, fields(team_group="teams:Tribe:")).accounts[INES].attributes
    assert (found["team"], found["team_group"]) == ("Payments Core", ["Money", "Growth"])


def test_who_is_in_no_team_is_not_somebody_whose_teams_are_hidden(server: HumaansServer) -> None:
    server.records.people[INES].team = ""
    found = sync(server)
    assert ("team" in found.accounts[INES].attributes, found.unreadable) == (False, set())


@pytest.mark.parametrize("values", [{"teams": None}, {"teams": "x"}])
def test_teams_that_are_null_are_not_visible(server: HumaansServer, values: dict[str, Any]) -> None:
    def hidden(rows: list[Any]) -> list[Any]:
        return [each | values if each["id"] == INES else each for each in rows]

    server.faults.change(with_rows("data", hidden), PEOPLE)
    found = sync(server)
    assert found.unreadable == {("attribute", INES)}
    assert found.report.not_visible == {
        "attribute": "What was known stays. Humaans does not show teams of 1 of 2 people;"
        " give the token the scopes public:read and private:read."
    }


def test_without_private_read_people_are_there_and_nothing_of_theirs_ends(server: HumaansServer) -> None:
    server.scopes = {"public:read"}
    found = sync(server)
    assert (found.accounts[INES].attributes, found.accounts[INES].manager_ref) == ({}, "")
    assert found.unreadable == {(kind, each) for kind in ("attribute", "manager") for each in (BO, INES)}
    assert found.covered == {"account"}
    assert set(found.report.not_visible) == {"attribute", "manager", "planned"}
    assert found.report.not_visible["manager"] == (
        "What was known stays. /api/job-roles: the credentials may not read it (403);"
        " give the token the scopes public:read and private:read."
    )


def test_coming_roles_are_planned(server: HumaansServer) -> None:
    ines = server.records.people[INES]
    server.records.add(
        ines,
        row(ines, "2024-03-18", "2026-11-01"),
        row(ines, "2026-11-01", department="Finance", manager_id="9", title="Staff Engineer"),
    )
    found = sync(server)
    assert (found.accounts[INES].attributes["department"], found.accounts[INES].manager_ref) == (
        "Engineering",
        BO,
    )
    assert found.planned == [
        (INES, "department", "Finance", "2026-11-01"),
        (INES, "manager", "9", "2026-11-01"),
        (INES, "title", "Staff Engineer", "2026-11-01"),
    ]


def test_the_last_day_of_a_role_still_counts(server: HumaansServer) -> None:
    ines = server.records.people[INES]
    server.records.add(
        ines,
        row(ines, "2024-03-18", "2026-09-15"),
        row(ines, "2026-09-15", department="Finance"),
    )
    assert sync(server).accounts[INES].attributes["department"] == "Engineering"
    tomorrow = sync(server, now=datetime(2026, 9, 15, 12, tzinfo=UTC))
    assert (tomorrow.accounts[INES].attributes["department"], tomorrow.planned) == ("Finance", [])


def test_a_role_entered_late_is_dated_by_its_own_day(server: HumaansServer) -> None:
    ines = server.records.people[INES]
    server.records.add(
        ines,
        row(ines, "2024-03-18", "2026-02-01", department="Finance"),
        row(ines, "2026-02-01"),
    )
    found = sync(server).accounts[INES]
    assert (found.dated["department"], found.dated["manager"]) == ("2026-02-01", "2024-03-18")


def test_today_is_the_day_where_the_person_is(server: HumaansServer) -> None:
    ines = server.records.people[INES]
    ines.time_zone = "Pacific/Auckland"
    server.records.add(
        ines,
        row(ines, "2024-03-18", "2026-09-15"),
        row(ines, "2026-09-15", department="Finance"),
    )
    found = sync(server, now=datetime(2026, 9, 14, 13, tzinfo=UTC)).accounts[INES]
    assert (found.attributes["department"], found.time_zone) == ("Finance", "Pacific/Auckland")


def test_a_leaver_has_ended_after_the_last_day_and_keeps_the_last_department(server: HumaansServer) -> None:
    mei = person("9", "Mei Tan", status="ended", end_date=date(2026, 9, 1))
    server.records.add(mei, row(mei, "2024-03-18", "2026-09-01"))
    server.records.add(person("10", "Ana Cruz", end_date=date(2026, 12, 1)))
    found = sync(server)
    assert (found.accounts["9"].status, found.accounts["9"].end_date) == ("ended", date(2026, 9, 1))
    assert found.accounts["9"].attributes["department"] == "Engineering"
    assert found.planned == [("10", "status", "ended", "2026-12-01")]


def test_who_came_back_has_a_new_first_day_and_no_old_end(server: HumaansServer) -> None:
    server.records.people[INES] = replace(
        server.records.people[INES], start_date=date(2026, 2, 1), end_date=date(2025, 3, 1)
    )
    found = sync(server).accounts[INES]
    assert (found.status, found.start_date, found.end_date) == ("active", date(2026, 2, 1), None)


@pytest.mark.parametrize("word", ["newHire", "new_hire", "New hire"])
def test_a_new_hire_is_pending_in_any_spelling(server: HumaansServer, word: str) -> None:
    server.records.add(person("9", "Mei Tan", status="pending", start_date=date(2026, 10, 1)))
    spelt = with_rows(
        "data", lambda rows: [each | {"status": word} if each["id"] == "9" else each for each in rows]
    )
    server.faults.change(spelt, PEOPLE)
    found = sync(server)
    assert (found.accounts["9"].status, found.accounts["9"].start_date) == ("pending", date(2026, 10, 1))
    assert ("9", "status", "active", "2026-10-01") in found.planned


def test_a_preferred_name_takes_the_place_of_the_first(server: HumaansServer) -> None:
    server.faults.change(
        with_rows("data", lambda rows: [each | {"preferredName": "Luke"} for each in rows]), PEOPLE
    )
    assert sync(server).accounts[INES].name == "Luke Ørsted"


@pytest.mark.parametrize("name", ["Specialisation", "cf_spec"])
def test_a_custom_field_is_named_by_its_name_or_id(server: HumaansServer, name: str) -> None:
    server.records.people[INES].specialisation = "Backend"
    assert sync(server, fields(specialisation=name)).accounts[INES].attributes["specialisation"] == "Backend"


@pytest.mark.parametrize(
    ("customs", "says"),
    [
        ({"cf_1": "Specialisation"}, "Humaans has no custom field Craft, which"),
        ({"cf_1": "Craft", "cf_2": "Craft"}, "Humaans has 2 custom fields Craft, which"),
    ],
)
def test_a_custom_field_that_is_not_clear_stops_the_read(
    server: HumaansServer, customs: dict[str, str], says: str
) -> None:
    server.customs = customs
    with pytest.raises(SourceFailed) as failure:
        sync(server, fields(specialisation="Craft"))
    assert str(failure.value) == (
        f"{says} people.fields.specialisation in sightline.toml names; nothing was applied. Give the id."
    )


def test_hidden_custom_fields_end_nothing(server: HumaansServer) -> None:
    server.faults.refuse(403, "custom-values")
    found = sync(server, fields(specialisation="Specialisation"))
    assert found.accounts[INES].attributes["team"] == "Payments Core"
    assert found.unreadable == {("attribute", BO), ("attribute", INES)}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"employmentStartDate": "soon"}, "employmentStartDate is not a date such as 2026-03-01"),
        ({"status": "wandering"}, "status is no known word; csv.status_words can say what it means"),
        ({"status": None}, "status is no known word; csv.status_words can say what it means"),
        ({"firstName": None, "lastName": " "}, "has no name"),
    ],
)
def test_what_was_known_stays_of_a_record_that_cannot_be_read(
    server: HumaansServer, values: dict[str, Any], reason: str
) -> None:
    def spoilt(rows: list[Any]) -> list[Any]:
        return [each | values if each["id"] == INES else each for each in rows]

    server.faults.change(with_rows("data", spoilt), PEOPLE)
    found = sync(server)
    assert (set(found.accounts), found.problems) == ({BO}, [(INES, reason)])
    assert found.unreadable == {(kind, INES) for kind in OF_A_PERSON}


def test_a_role_without_a_day_that_can_be_read_is_a_problem_of_that_role(server: HumaansServer) -> None:
    spoilt = with_rows("data", lambda rows: [each | {"effectiveDate": "soon"} for each in rows[:1]])
    server.faults.change(lambda reply: replace(spoilt(reply), body={**spoilt(reply).body, "total": 1}), ROLES)
    found = sync(server)
    reason = "a job role has no effectiveDate that can be read"
    assert found.problems == [(INES, reason)]
    assert set(found.accounts) == {BO, INES}
    assert found.unreadable == {(kind, INES) for kind in ("attribute", "manager", "planned")}


@pytest.mark.parametrize("values", [{"department": "Finance"}, {"id": None}])
def test_a_role_in_two_forms_or_without_an_id_ends_nothing(
    server: HumaansServer, values: dict[str, Any]
) -> None:
    def twice(rows: list[Any]) -> list[Any]:
        return [*rows, next(each for each in rows if each["personId"] == INES) | values]

    server.faults.change(with_rows("data", twice), ROLES)
    found = sync(server)
    reason = "a job role has no id, or is given in two forms"
    assert found.problems == [(INES, reason)]
    assert found.unreadable == {(kind, INES) for kind in ("attribute", "manager", "planned")}
    assert found.accounts[BO].attributes["department"] == "Engineering"


def test_dates_count_where_the_status_still_says_employed(server: HumaansServer) -> None:
    server.records.people[INES].end_date = date(2026, 9, 14)
    found = sync(server)
    assert (found.accounts[INES].status, found.accounts[INES].end_date) == ("active", date(2026, 9, 14))
    reason = "status says employed, and the employment has ended: the dates count"
    assert found.problems == [(INES, reason)]
