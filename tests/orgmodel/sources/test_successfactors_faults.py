"""What goes wrong with SuccessFactors: refusals, paging, broken answers, odd records, what a role hides."""

from dataclasses import replace
from typing import Any

import pytest

from orgmodel.conventions import Conventions
from orgmodel.sources.basic_login import BasicLogin
from orgmodel.sources.source import Reading, Role
from orgmodel.sources.successfactors import SOURCE
from portal.environment import Environment
from sandbox.hris.faults import Fault
from sandbox.hris.server import Reply

from .hr_reads import Read
from .successfactors import (
    NOW,
    conventions,
    employment,
    failure,
    job,
    read,
    reader,
    served,
)

CROWD = [employment(f"C{number}", f"c{number}") for number in range(30)]
CROWD_JOBS = [job(f"c{number}") for number in range(30)]


def nth(call: int, status: int) -> Fault:
    """A refusal of one call."""
    return Fault(after=call - 1, status=status)


def test_departments_that_may_not_be_read_are_not_visible_and_stay() -> None:
    with served() as server:
        server.faults.add(nth(3, 403))
        found = Read(reader(server))
    assert "unit" not in found.covered
    assert found.report.not_visible["unit"].startswith("/odata/v2/FODepartment")
    assert list(found.units) == ["FODivision:MONEY"]
    assert found.accounts["P1"].attributes["department"] == "5000001"
    assert ("P1", "FODepartment:5000001", "primary", "2024-03-18", "None") in found.places


def test_departments_that_jobs_name_and_the_list_hides_are_not_visible() -> None:
    found = read(departments=[])
    assert "unit" not in found.covered
    assert found.report.not_visible["unit"] == (
        "FODepartment: jobs name some, and the list is empty; let the role of HRIS_USER see them."
    )


def test_a_tenant_without_divisions_has_none() -> None:
    with served() as server:
        server.tables["EmpJob"] = [{**row, "division": None} for row in server.tables["EmpJob"]]
        server.faults.add(nth(4, 404))
        found = Read(reader(server))
    assert "unit" in found.covered
    assert list(found.units) == ["FODepartment:5000001"]


def test_an_entity_of_the_settings_that_is_not_there_is_named() -> None:
    with served() as server:
        assert failure(server, conventions(reports={"tribe": "cust_Tribe"})) == (
            "/odata/v2/cust_Tribe: SuccessFactors has nothing at this address (404); check HRIS_URL."
            " Check people.reports.tribe in sightline.toml, too; nothing was applied."
        )


@pytest.mark.parametrize(
    "body", [{}, [], {"d": []}, {"d": {"results": {}}}, {"d": {"results": [], "__next": 3}}]
)
def test_json_of_another_shape_is_no_list(body: Any) -> None:
    with served() as server:
        server.faults.change(lambda reply: replace(reply, body=body))
        assert failure(server) == (
            "SuccessFactors's answer to /odata/v2/EmpEmployment is no list of records; nothing was applied."
        )


# Paging.


def test_pages_are_followed_to_the_end_and_give_the_same() -> None:
    whole = read([employment(), *CROWD], [job(), *CROWD_JOBS])
    with served([employment(), *CROWD], [job(), *CROWD_JOBS]) as server:
        server.page = 7
        paged = Read(reader(server))
        assert server.calls.total() == 5 + 5 + 1 + 1
    assert paged.accounts == whole.accounts
    assert sorted(paged.places) == sorted(whole.places)


def test_the_third_page_failing_applies_nothing() -> None:
    with served([employment(), *CROWD], [job(), *CROWD_JOBS]) as server:
        server.page = 7
        server.faults.add(nth(3, 400))
        assert "does not accept the request" in failure(server)


def test_the_link_to_the_next_page_chooses_no_host() -> None:
    def elsewhere(reply: Reply) -> Reply:
        body = reply.body
        body["d"]["__next"] = body["d"]["__next"].replace("127.0.0.1", "192.0.2.1")
        return replace(reply, body=body)

    with served(CROWD, CROWD_JOBS) as server:
        server.page = 20
        server.faults.change(elsewhere, times=1)
        assert len(Read(reader(server)).accounts) == 31


@pytest.mark.parametrize("link", ["http://192.0.2.1/odata/v2/User?$skiptoken=1", "http://[bad", "/elsewhere"])
def test_a_link_to_another_list_is_refused(link: str) -> None:
    def elsewhere(reply: Reply) -> Reply:
        return replace(reply, body={"d": {**reply.body["d"], "__next": link}})

    with served() as server:
        server.faults.change(elsewhere, times=1)
        assert failure(server).endswith("address; refused.")


# What a role hides, and what a tenant does not have.


@pytest.mark.parametrize("field", ["managerId", "emplStatus"])
def test_a_field_that_is_empty_for_everybody_is_hidden(field: str) -> None:
    with served() as server:
        server.tables["EmpJob"] = [{**row, field: None} for row in server.tables["EmpJob"]]
        assert failure(server) == (
            f"SuccessFactors gives {field} of EmpJob for nobody: let the role of HRIS_USER see that field."
        )


def test_a_field_of_the_settings_that_nobody_has_is_named() -> None:
    with served() as server:
        assert failure(server, conventions({"team": "customString1"})) == (
            "SuccessFactors gives customString1 of EmpJob for nobody: let the role of HRIS_USER see that"
            " field, or correct people.fields.team in sightline.toml."
        )
        server.unknown = {"EmpJob/customString1"}
        assert failure(server, conventions({"team": "customString1"})) == (
            "SuccessFactors has no field customString1 in EmpJob; correct people.fields.team in"
            " sightline.toml."
        )
        asked_for = conventions({"team": "customString1&$filter=true"})
        assert (
            failure(server, asked_for) == "people.fields.team must be the name of a field, or of an entity."
        )


def test_fields_that_a_tenant_does_not_have_are_left_out() -> None:
    with served() as server:
        server.unknown = {"EmpJob/division", "EmpEmployment/isContingentWorker", "FODivision/parent"}
        found = Read(reader(server))
        assert server.calls.total() == 7
    fact = found.accounts["P1"]
    assert (fact.worker_type, fact.attributes) == ("", {"title": "Engineer", "department": "Payments"})


@pytest.mark.parametrize("empty", ["EmpEmployment", "EmpJob"])
def test_an_empty_list_of_employments_or_jobs_is_believed_by_nobody(empty: str) -> None:
    with served() as server:
        server.tables[empty] = []
        assert failure(server).startswith("SuccessFactors gives no employments at all, or no jobs of them;")


def test_the_address_may_name_the_service_or_not() -> None:
    with served() as server:
        login = BasicLogin(server.origin, server.user, server.token)
        found = Read(type(reader(server))(login, Conventions(), reader(server)._now, units=True))
    assert len(found.accounts) == 2


# The doctor.


def test_the_doctor_names_each_entity() -> None:
    with served(departments=[]) as server:
        login = BasicLogin(server.url, server.user, server.token)
        server.faults.add(nth(4, 403))
        lines = [(line.ok, line.what) for line in SOURCE.checks(login)]
    assert lines == [
        (True, "SuccessFactors EmpEmployment can be read"),
        (True, "SuccessFactors EmpJob can be read"),
        (None, "SuccessFactors FODepartment is empty"),
        (False, "SuccessFactors FODivision cannot be read"),
    ]


def test_the_doctor_says_when_nobody_answers() -> None:
    with served() as server:
        login = BasicLogin(server.url, server.user, server.token)
    (line,) = SOURCE.checks(login)
    assert (line.ok, line.what) == (False, "SuccessFactors cannot be read")


def test_what_is_set_up_beside_decides_whether_departments_are_units() -> None:
    with served() as server:
        login = BasicLogin(server.url, server.user, server.token)
        for beside, units in ((frozenset[Role](), 2), (frozenset[Role]({"units"}), 0)):
            reading = Reading(conventions(), NOW, beside=beside)
            assert len(Read(SOURCE.reader(login, reading)).units) == units


def test_settings_are_those_of_the_chosen_kind() -> None:
    given = {"HRIS": "successfactors", "HRIS_URL": "https://api4.example", "HRIS_USER": "a@b"}
    with pytest.raises(Exception, match="HRIS_TOKEN is missing: HRIS is successfactors"):
        SOURCE.settings(Environment(given))
    found = SOURCE.settings(Environment({**given, "HRIS_TOKEN": "x"}))
    assert found == BasicLogin("https://api4.example", "a@b", "x")
    assert SOURCE.settings(Environment({**given, "HRIS": "csv"})) is None
