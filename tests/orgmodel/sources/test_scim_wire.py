"""SCIM on the wire: refusals, broken answers, hostile values, settings, the doctor."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from orgmodel.marks import Unreadable
from orgmodel.reports import SourceFailed
from orgmodel.sources.http import Unreachable
from orgmodel.sources.scim import SOURCE, ScimReader, ScimSettings
from portal.environment import Environment
from sandbox.hris.scim import ENTERPRISE, ScimServer
from sandbox.hris.server import Reply

from .hr_reads import QUICK, HrRead, conducted, reading, someone
from .scim_reads import GROUPS, TEAMS, USERS, numbered, read


@pytest.fixture
def scim() -> Iterator[ScimServer]:
    with ScimServer(numbered(3)) as server:
        yield server


def failure(server: ScimServer, settings: str = "") -> str:
    with pytest.raises(SourceFailed) as caught:
        read(server, settings)
    return str(caught.value)


def with_first(server: ScimServer, **values: Any) -> HrRead:
    """A read in which the first user has other values."""
    first, *rest = [server.user_row(each) for each in server.records.people.values()]
    server.users = [first | values, *rest]
    return read(server)


def test_a_refused_token_names_its_setting(scim: ScimServer) -> None:
    given = ScimSettings(scim.url, "wrong")
    with pytest.raises(SourceFailed) as caught:
        conducted(ScimReader(given, reading(), **QUICK))
    assert str(caught.value) == ("SCIM refused the credentials (401); nothing was applied. Check HRIS_TOKEN.")
    assert "wrong" not in repr(given)
    assert scim.calls[USERS] == 1


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (403, "The users cannot be read. /Users: the credentials may not read it (403); let the token"),
        (404, "The users cannot be read. /Users: SCIM has nothing at this address (404). Check HRIS_URL"),
        (302, "SCIM sends /Users on to another address (302), which is not followed; check HRIS_URL."),
        (500, "SCIM answered 500 to /Users; nothing was applied, sync again later."),
        (503, "SCIM answered 503 to /Users; nothing was applied, sync again later."),
    ],
)
def test_a_refusal_applies_nothing(scim: ScimServer, status: int, sentence: str) -> None:
    scim.faults.refuse(status, USERS, times=99)
    assert sentence in failure(scim)


def test_a_passing_error_is_tried_again(scim: ScimServer) -> None:
    scim.faults.refuse(502, USERS, times=3)
    assert len(read(scim).accounts) == 3


def test_a_page_that_fails_in_the_middle_applies_nothing(scim: ScimServer) -> None:
    scim.page = 1
    scim.faults.refuse(500, USERS, times=99, after=2)
    assert "SCIM answered 500" in failure(scim)


def test_refusals_for_rate_are_waited_out_and_no_longer_than_that(scim: ScimServer) -> None:
    waits: list[float] = []
    scim.faults.crowd(USERS, times=4, retry_after="7")
    assert len(read(scim, sleep=waits.append).accounts) == 3
    assert [wait for wait in waits if wait] == [8.0] * 4
    waits.clear()
    scim.faults.crowd(USERS, times=4)
    assert len(read(scim, sleep=waits.append).accounts) == 3
    assert [wait for wait in waits if wait] == [16.0] * 4
    scim.faults.crowd(USERS, times=999)
    assert "SCIM still refuses calls to /Users for their rate (429)" in failure(scim)


@pytest.mark.parametrize("where", [USERS, GROUPS])
def test_a_cut_connection_is_tried_again_and_then_given_up(scim: ScimServer, where: str) -> None:
    scim.faults.cut(where, times=2)
    assert len(read(scim, TEAMS).accounts) == 3
    scim.faults.cut(where, times=99)
    with pytest.raises(Unreachable, match="SCIM could not be reached"):
        read(scim, TEAMS)


@pytest.mark.parametrize("where", [USERS, GROUPS])
def test_a_page_of_html_is_no_empty_list(scim: ScimServer, where: str) -> None:
    scim.faults.html(where)
    assert "with a page instead of JSON; check that HRIS_URL" in failure(scim, TEAMS)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"totalResults": 3, "Resources": [{"id"', b"\xff{}"])
def test_a_truncated_answer_applies_nothing(scim: ScimServer, body: bytes) -> None:
    scim.faults.change(lambda reply: replace(reply, body=body), USERS)
    assert failure(scim) == "SCIM's answer to /Users is not the JSON it should be; nothing was applied."


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


def test_hostile_texts_are_kept_as_texts(scim: ScimServer) -> None:
    found = with_first(
        scim, displayName="\x00<script>e\u0301" + "x" * 9_000, title="'; DROP TABLE people; --"
    )
    account = found.accounts["u001"]
    assert account.name.startswith("<script>éxxx")
    assert (len(account.name), account.title) == (500, "'; DROP TABLE people; --")


def test_half_a_surrogate_pair_spoils_no_page(scim: ScimServer) -> None:
    def spoil(reply: Reply) -> Reply:
        return replace(reply, body=json.dumps(reply.body).replace("Person u002", "Person \\ud83du002"))

    scim.faults.change(spoil, USERS)
    assert read(scim).accounts["u002"].name == "Person u002"


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
    assert found.unreadable == [Unreadable("account", "u001")]


@pytest.mark.parametrize("odd", [{"userName": "nobody"}, "text", None, 7, []])
def test_a_record_without_an_id_may_be_about_anybody(scim: ScimServer, odd: Any) -> None:
    scim.users = [odd, *[scim.user_row(each) for each in scim.records.people.values()][1:]]
    found = read(scim)
    assert (found.given, found.unreadable) == (["u002", "u003"], [Unreadable("account", "")])
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
