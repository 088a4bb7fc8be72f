"""SCIM on the wire: refusals, broken answers, hostile values, settings, the doctor."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from orgmodel.marks import Unreadable
from orgmodel.reports import SourceFailed
from orgmodel.sources.scim import SOURCE, ScimSettings
from portal.environment import Environment
from sandbox.hris.scim import ENTERPRISE, ScimServer

from .hr_reads import Read, someone
from .scim_reads import TEAMS, USERS, numbered, read


@pytest.fixture
def scim() -> Iterator[ScimServer]:
    with ScimServer(numbered(3)) as server:
        yield server


def failure(server: ScimServer, settings: str = "") -> str:
    with pytest.raises(SourceFailed) as caught:
        read(server, settings)
    return str(caught.value)


def with_first(server: ScimServer, **values: Any) -> Read:
    """A read in which the first user has other values."""
    first, *rest = [server.user_row(each) for each in server.records.people.values()]
    server.users = [first | values, *rest]
    return read(server)


def test_who_is_refused_for_the_rate_at_the_first_call_makes_no_second_one_for_nothing(
    scim: ScimServer,
) -> None:
    scim.faults.crowd(times=99, retry_after="3")
    assert "still refuses calls to /ServiceProviderConfig for their rate (429)" in failure(scim)
    assert set(scim.calls) == {"GET /ServiceProviderConfig"}


def test_a_page_that_fails_in_the_middle_applies_nothing(scim: ScimServer) -> None:
    scim.page = 1
    scim.faults.refuse(500, USERS, times=99, after=2)
    assert "SCIM answered 500" in failure(scim)


@pytest.mark.parametrize("body", [{}, {"Resources": {}}, {"totalResults": 3, "Resources": "none"}])
def test_an_object_that_is_no_list_applies_nothing(scim: ScimServer, body: Any) -> None:
    scim.faults.change(lambda reply: replace(reply, body=body), USERS)
    assert "SCIM's answer to /Users is no list of resources; nothing was applied" in failure(scim)


@pytest.mark.parametrize("number", [3332883884017713901, 9007199254740993])
def test_long_ids_survive_as_texts_and_as_numbers(scim: ScimServer, number: int) -> None:
    found = with_first(
        scim, id=number, **{ENTERPRISE: {"manager": {"value": number - 1}, "employeeNumber": "007066"}}
    )
    account = found.accounts[str(number)]
    assert (account.manager_ref, account.employee_number) == (str(number - 1), "007066")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"displayName": None, "name": {}, "userName": ""}, "has neither a name nor a user name"),
        ({"displayName": ["Ida"]}, "displayname is no text"),
        ({"emails": "ida@nordwind.example"}, "emails is no list of records"),
        ({"emails": [{"value": "x" * 999}]}, "value is longer than 320 characters"),
        ({ENTERPRISE: "none"}, f"{ENTERPRISE.lower()} is no record"),
        ({ENTERPRISE: {"manager": ["u002"]}}, "manager is no record"),
    ],
)
def test_one_odd_record_is_its_own_problem(scim: ScimServer, values: dict[str, Any], reason: str) -> None:
    found = with_first(scim, **values)
    assert (found.given, found.problems) == (["u002", "u003"], [("u001", reason)])
    assert found.unreadable == {Unreadable("account", "u001")}


@pytest.mark.parametrize("odd", [{"userName": "nobody"}, "text", None, 7, []])
def test_a_record_without_an_id_may_be_about_anybody(scim: ScimServer, odd: Any) -> None:
    scim.users = [odd, *[scim.user_row(each) for each in scim.records.people.values()][1:]]
    found = read(scim)
    assert (found.given, found.unreadable) == (["u002", "u003"], {Unreadable("account", "")})
    assert "account" in found.covered


def test_nobody_who_can_be_understood_applies_nothing(scim: ScimServer) -> None:
    scim.users = [{"id": "1"}, {"id": "2"}]
    assert failure(scim) == (
        "Not one user of SCIM could be understood; nothing was applied. The problems say why."
    )


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"displayName": "Nguyễn Thị Minh"}, "Nguyễn Thị Minh"),
        ({"displayName": "", "name": {"formatted": "Ms Ida Holm", "givenName": "Ida"}}, "Ms Ida Holm"),
        ({"displayName": None, "name": {"givenName": "Ida", "familyName": "Holm"}}, "Ida Holm"),
        ({"displayName": None, "name": {"givenName": "Suharto"}}, "Suharto"),
        ({"displayName": None, "name": None, "nickName": "Idi"}, "Idi"),
        ({"displayName": None, "name": None}, "u001@nordwind.example"),
    ],
)
def test_a_name_is_what_comes_first(scim: ScimServer, values: dict[str, Any], name: str) -> None:
    assert with_first(scim, **values).accounts["u001"].name == name


def test_the_base_address_may_hold_a_path_and_half_of_the_settings_stops_the_start() -> None:
    known = {"HRIS": "SCIM", "HRIS_URL": "https://acme.example/scim/v2/", "HRIS_TOKEN": "s"}
    assert SOURCE.settings(Environment(known)) == ScimSettings("https://acme.example/scim/v2", "s")
    for name in ("HRIS_URL", "HRIS_TOKEN"):
        with pytest.raises(Exception, match=rf"\A{name} is missing: HRIS is scim\."):
            SOURCE.settings(Environment(known | {name: ""}))
    with pytest.raises(ValueError, match=r"\AHRIS_TOKEN must be a bearer token") as caught:
        SOURCE.settings(Environment(known | {"HRIS_TOKEN": "geheim-é"}))
    assert "geheim" not in str(caught.value)
    assert SOURCE.settings(Environment(known | {"HRIS": "csv"})) is None


def test_the_doctor_says_whether_users_can_be_read(scim: ScimServer) -> None:
    given = ScimSettings(scim.url, scim.token)
    assert [line.ok for line in SOURCE.checks(given)] == [True]
    scim.faults.refuse(403, USERS)
    (line,) = SOURCE.checks(given)
    assert (line.ok, "let the token read users and groups" in line.todo) == (False, True)


def test_nothing_but_reads_is_asked(scim: ScimServer) -> None:
    scim.records.add(someone("u004", manager_id="u001"))
    read(scim, TEAMS)
    assert {name.partition(" ")[0] for name in scim.calls} == {"GET"}
