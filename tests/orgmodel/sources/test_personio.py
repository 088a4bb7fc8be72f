"""Personio's records as facts: persons, the employments that count, units, attributes, plans."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from orgmodel.facts import AssignmentFact, UnitFact
from orgmodel.marks import Unreadable
from orgmodel.reports import Reference
from orgmodel.sources.personio import PersonioReader, PersonioSettings
from sandbox.hris.personio import PersonioServer
from sandbox.hris.records import HrUnit
from sandbox.hris.server import Reply

from .hr_reads import NOW, QUICK, Read, reading
from .personio_reads import FIELDS, job, jobs, nordwind, persons, read


@pytest.fixture
def personio() -> Iterator[PersonioServer]:
    with PersonioServer(nordwind()) as server:
        yield server


def planned(found: Read) -> list[tuple[str, str, str]]:
    return [each[1:] for each in found.planned]


def test_one_read_gives_people_their_teams_and_managers(personio: PersonioServer) -> None:
    found = read(personio, FIELDS)
    ines = found.accounts["5005"]
    assert (ines.name, ines.email, ines.title) == ("Inès Ørsted", "5005@nordwind.example", "Engineer")
    assert (ines.manager_ref, ines.employee_number) == ("4001", "007066")
    assert (ines.status, ines.state, ines.start_date, ines.end_date) == (
        "active",
        "active",
        date(2024, 3, 18),
        None,
    )
    assert ines.attributes == {
        "title": "Engineer",
        "team": "Radish",
        "department": "Engineering",
        "specialisation": "Backend",
    }
    assert found.units["team:7712"] == UnitFact(
        "team", "team:7712", "Radish", "radish", "department:310", "", True, None, None, ""
    )
    assert found.assignments == [
        AssignmentFact("4001", "team:7712", "primary", None, None),
        AssignmentFact("5005", "team:7712", "primary", None, None),
        AssignmentFact("5005", "department:310", "primary", None, None),
    ]
    assert found.covered == {"account", "planned", "unit", "assignment"}
    assert (found.report.problems, found.report.not_visible, found.report.unknown) == ([], {}, [])


def test_the_first_day_of_an_employment_dates_no_team(personio: PersonioServer) -> None:
    """Org units stand in the employment without days: they may have changed since it began."""
    assert read(personio).accounts["5005"].dated == {}


def test_beside_a_control_plane_units_are_named_and_not_stated(personio: PersonioServer) -> None:
    found = read(personio, units=True)
    assert (found.units, found.assignments) == ({}, [])
    assert found.accounts["5005"].attributes["team"] == "Radish"
    assert found.covered == {"account", "planned", "unit", "assignment"}


def test_ids_of_one_team_and_one_department_may_be_the_same(personio: PersonioServer) -> None:
    personio.records.units["310t"] = HrUnit("310", "team", "Cucumber", "cucumber", parent_id="310")
    personio.employments["5005"] = [job(org_units=[{"type": "team", "id": "310"}])]
    found = read(personio)
    assert found.units["team:310"].name == "Cucumber"
    assert found.units["department:310"].name == "Engineering"
    assert found.accounts["5005"].attributes["team"] == "Cucumber"


@pytest.mark.parametrize(
    ("word", "status"),
    [("ACTIVE", "active"), ("INACTIVE", "ended"), ("ONBOARDING", "pending"), ("LEAVE", "leave")],
)
def test_each_status_has_its_word(personio: PersonioServer, word: str, status: str) -> None:
    assert jobs(personio, job(word)).accounts["5005"].state == status


def test_a_status_that_is_not_known_is_that_persons_problem(personio: PersonioServer) -> None:
    found = jobs(personio, job("SECONDMENT"))
    assert [*found.accounts] == ["4001"]
    reason = "status of an employment is a word that is not known; see csv.status_words"
    assert found.problems == [("5005", reason)]
    assert found.unreadable == {Unreadable("account", "5005")}
    known = jobs(personio, job("SECONDMENT"), settings='csv.status_words = {secondment = "leave"}')
    assert known.accounts["5005"].state == "leave"


def test_the_last_day_still_counts(personio: PersonioServer) -> None:
    found = jobs(personio, job(termination={"termination_date": "2026-09-30", "last_working_day": None}))
    assert (found.accounts["5005"].state, found.accounts["5005"].end_date) == ("active", date(2026, 10, 1))
    assert planned(found) == [("status", "ended", "2026-10-01")]


def test_after_the_last_day_at_work_it_is_a_garden_leave(personio: PersonioServer) -> None:
    ends = {"termination_date": "2026-12-31", "last_working_day": "2026-09-13"}
    assert jobs(personio, job(termination=ends)).accounts["5005"].state == "garden_leave"
    ends["last_working_day"] = "2026-09-14"
    assert jobs(personio, job(termination=ends)).accounts["5005"].state == "active"


def test_an_end_before_the_beginning_is_of_an_earlier_time(personio: PersonioServer) -> None:
    found = jobs(personio, job(termination={"termination_date": "2020-01-31"}))
    assert (found.accounts["5005"].state, found.accounts["5005"].end_date) == ("active", None)


def test_active_after_the_last_day_is_reported_and_the_day_counts(personio: PersonioServer) -> None:
    found = jobs(personio, job(termination={"termination_date": "2026-09-01"}))
    assert found.accounts["5005"].end_date == date(2026, 9, 2)
    reason = "is called active after the last day of the employment; the day counts"
    assert found.problems == [("5005", reason)]
    assert found.unreadable == set()


def test_the_order_of_employments_does_not_matter(personio: PersonioServer) -> None:
    old = job("INACTIVE", "2019-01-01", termination={"termination_date": "2021-06-30"})
    new = job(position={"title": "Lead"})
    for rows in ((old, new), (new, old)):
        ines = jobs(personio, *rows).accounts["5005"]
        assert (ines.start_date, ines.end_date, ines.title) == (date(2024, 3, 18), None, "Lead")


def test_who_comes_back_on_the_same_id_is_pending_again(personio: PersonioServer) -> None:
    old = job("INACTIVE", "2019-01-01", termination={"termination_date": "2021-06-30"})
    new = job("ONBOARDING", "2026-11-01", org_units=[{"type": "team", "id": "7712"}])
    found = jobs(personio, old, new)
    ines = found.accounts["5005"]
    assert (ines.state, ines.start_date, ines.end_date) == ("pending", date(2026, 11, 1), None)
    assert ines.attributes["team"] == "Radish"
    assert planned(found) == [("status", "active", "2026-11-01")]


def test_an_employment_that_follows_is_planned(personio: PersonioServer) -> None:
    personio.records.units["8"] = HrUnit("8", "team", "Cucumber", "cucumber")
    now = job(org_units=[{"type": "team", "id": "7712"}], termination={"termination_date": "2026-10-31"})
    then = job("ONBOARDING", "2026-11-01", org_units=[{"type": "team", "id": "8"}], supervisor={"id": "4001"})
    found = jobs(personio, then, now)
    ines = found.accounts["5005"]
    assert (ines.state, ines.end_date, ines.attributes["team"]) == ("active", None, "Radish")
    assert planned(found) == [("manager", "4001", "2026-11-01")]
    assert found.assignments[1:] == [
        AssignmentFact("5005", "team:7712", "primary", None, date(2026, 11, 1)),
        AssignmentFact("5005", "team:8", "primary", date(2026, 11, 1), None),
    ]
    beside = read(personio, units=True)
    assert planned(beside) == [("manager", "4001", "2026-11-01"), ("team", "Cucumber", "2026-11-01")]


def test_of_two_jobs_at_once_the_one_that_began_last_is_the_main_one(personio: PersonioServer) -> None:
    personio.records.units["8"] = HrUnit("8", "team", "Cucumber", "cucumber")
    first = job(since="2020-01-01", org_units=[{"type": "team", "id": "8"}], position={"title": "Tutor"})
    second = job(org_units=[{"type": "team", "id": "7712"}], position={"title": "Engineer"})
    found = jobs(personio, first, second)
    assert found.accounts["5005"].title == "Engineer"
    assert [(each.unit, each.kind) for each in found.assignments[1:]] == [
        ("team:7712", "primary"),
        ("team:8", "secondary"),
    ]


def test_employments_that_are_named_and_do_not_come_leave_the_person_as_known(
    personio: PersonioServer,
) -> None:
    found = jobs(personio)
    assert found.problems == [("5005", "names employments, and their list holds none")]
    assert found.unreadable == {Unreadable("account", "5005")}


def test_without_an_employment_the_status_of_the_person_counts(personio: PersonioServer) -> None:
    personio.faults.change(persons(lambda rows: [{**each, "employments": []} for each in rows]))
    assert jobs(personio).accounts["5005"].state == "active"


def test_an_attribute_may_name_the_manager_and_the_title(personio: PersonioServer) -> None:
    personio.records.people["5005"].specialisation = "bo@nordwind.example"
    settings = 'people.fields = {manager = "Specialisation", title = "Worker type"}'
    then = job("ONBOARDING", "2026-11-01", supervisor={"id": "9"}, position={"title": "Lead"})
    found = jobs(personio, job(supervisor={"id": "4001"}), then, settings=settings)
    ines = found.accounts["5005"]
    assert (ines.manager_ref, ines.title) == ("bo@nordwind.example", "Employee")
    assert (planned(found), found.unreadable) == ([], set())


def test_who_is_their_own_supervisor_has_none(personio: PersonioServer) -> None:
    assert jobs(personio, job(supervisor={"id": "5005"})).accounts["5005"].manager_ref == ""


def test_a_team_that_its_list_does_not_hold_is_an_unknown_reference(personio: PersonioServer) -> None:
    found = jobs(personio, job(org_units=[{"type": "team", "id": "99"}, {"type": "team", "id": "7712"}]))
    assert "team" not in found.accounts["5005"].attributes
    assert found.report.unknown == [Reference("/v2/persons", "5005", "org_units", "unit", "team:99")]
    assert found.unreadable == {Unreadable("attribute", "5005")}


def test_org_units_of_other_types_are_left_out(personio: PersonioServer) -> None:
    found = jobs(personio, job(org_units=[{"type": "cost_center", "id": "1"}]))
    assert (found.accounts["5005"].attributes, found.report.unknown) == ({}, [])


def test_our_kinds_may_have_names_of_their_own(personio: PersonioServer) -> None:
    kinds = 'units.kinds = [{kind = "squad", attribute = "squad"}]\nunits.fields = {squad = "team"}'
    found = read(personio, kinds)
    assert found.units["team:7712"].kind == "squad"
    assert found.accounts["5005"].attributes["squad"] == "Radish"


def test_an_attribute_may_stand_for_a_type_of_units(personio: PersonioServer) -> None:
    settings = 'people.fields = {team = "Specialisation", department = "dynamic_102"}'
    found = read(personio, settings)
    assert found.accounts["5005"].attributes["team"] == "Backend"
    assert (found.units, found.assignments) == ({}, [])
    assert "GET /v2/org-units" not in personio.calls


def test_today_is_the_day_where_the_person_is(personio: PersonioServer) -> None:
    zone = 'people.fields = {time_zone = "Time zone"}'
    personio.records.people["5005"].time_zone = "Pacific/Auckland"
    late = NOW.replace(hour=20)
    personio.employments["5005"] = [job("ONBOARDING", "2026-09-15")]
    given = PersonioSettings(url=personio.url, client_id=personio.user, secret=personio.token)
    found = Read(PersonioReader(given, reading(zone, now=late), **QUICK))
    assert (found.accounts["5005"].time_zone, planned(found)) == ("Pacific/Auckland", [])
    assert planned(read(personio)) == [("status", "active", "2026-09-15")]


def test_what_nobody_needs_is_not_kept(personio: PersonioServer) -> None:
    """Birthdays and the like come along where somebody made them readable."""

    def more(reply: Reply) -> Reply:
        private = {"date_of_birth": "1990-05-05", "gender": "X", "private_email": "ines@home.example"}
        return replace(
            reply, body={**reply.body, "_data": [{**each, **private} for each in reply.body["_data"]]}
        )

    personio.faults.change(more, "GET /v2/persons")
    kept = repr(read(personio, FIELDS).accounts)
    assert [each for each in ("1990-05-05", "gender", "home.example") if each in kept] == []
