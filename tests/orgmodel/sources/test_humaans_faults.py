"""Humaans on a bad day: whatever it answers, the read gives the truth or nothing, and says why."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from orgmodel.reports import SourceFailed
from orgmodel.sources.humaans import SOURCE, HumaansReader, HumaansSettings
from orgmodel.sources.humaans.declared import checks
from orgmodel.sources.record_problems import OF_A_PERSON
from portal.environment import Environment
from sandbox.hris.humaans import HumaansServer

from .hr_company import BO, INES, company, person, reading, with_body, with_rows
from .hr_reads import Read

PEOPLE, ROLES = "GET /people", "GET /job-roles"
RIGHTS = "give the token the scopes public:read and private:read"


@pytest.fixture
def server() -> Iterator[HumaansServer]:
    with HumaansServer(company()) as found:
        yield found


def sync(server: HumaansServer, waits: list[float] | None = None, token: str = "") -> Read:
    settings = HumaansSettings(server.url, token or server.token)
    sleep = (lambda _: None) if waits is None else waits.append
    return Read(HumaansReader(settings, reading(), sleep=sleep, jitter=0))


def failure(server: HumaansServer, token: str = "") -> str:
    with pytest.raises(SourceFailed) as failed:
        sync(server, token=token)
    return str(failed.value)


def listed(change: Callable[[list[Any]], Any], server: HumaansServer, times: int = 1) -> None:
    """Change the rows of the first page of people."""
    server.faults.change(with_rows("data", change), PEOPLE, times=times)


def test_a_list_that_stops_before_its_total_gives_nothing(server: HumaansServer) -> None:
    server.faults.change(with_rows("data", lambda rows: []), PEOPLE, after=1)
    server.most = 1
    assert failure(server) == (
        "Humaans counts 2 records in /api/people and gave 1; nothing was applied, sync again later."
    )


def test_a_list_that_shifts_while_it_is_paged_gives_nothing(server: HumaansServer) -> None:
    """No order is documented: of two pages the second may repeat the first one's people."""
    server.most = 1
    listed(lambda rows: [{**rows[0], "id": BO, "updatedAt": "later"}], server, times=2)
    assert failure(server).startswith("Humaans counts 2 records in /api/people and gave 1; nothing")


def test_a_server_that_does_not_know_skip_ends_with_a_sentence(server: HumaansServer) -> None:
    server.most, server.same = 1, True
    assert failure(server) == (
        "Humaans's answer to /api/people is not the page that was asked for; nothing was applied,"
        " sync again later."
    )
    server.faults.change(with_body(lambda body: {key: body[key] for key in ("total", "data")}))
    server.records.add(person("9", "Mei Tan"))
    assert failure(server) == (
        "Humaans's list /api/people gives the same page again; nothing was applied. Sync again later."
    )


def test_of_two_that_differ_what_was_known_stays(server: HumaansServer) -> None:
    listed(lambda rows: [*rows, rows[0] | {"email": "other@nordwind.example"}], server)
    found = sync(server)
    assert (set(found.accounts), found.unreadable) == ({INES}, {(kind, BO) for kind in OF_A_PERSON})
    reason = "appears twice, and the two differ; what was known of it stays"
    assert found.problems == [(BO, reason)]


def test_a_record_without_an_id_is_a_problem_of_whom_nobody_knows(server: HumaansServer) -> None:
    listed(lambda rows: [rows[0] | {"id": None}, *rows[1:]], server)
    found = sync(server)
    assert (set(found.accounts), found.unreadable) == ({INES}, {(kind, "") for kind in OF_A_PERSON})


def test_a_list_of_which_a_tenth_cannot_be_read_is_not_believed(server: HumaansServer) -> None:
    server.records.add(person("9", "Mei Tan"))
    listed(lambda rows: [*({**each, "status": "odd"} for each in rows[:2]), *rows[2:]], server)
    assert failure(server) == (
        "/api/people: 2 of 3 records cannot be read, more than a tenth; nothing was applied."
        " The problems name record and reason: correct them, then sync again."
    )


def test_without_the_roles_people_are_there_and_no_plan_ends(server: HumaansServer) -> None:
    server.faults.refuse(404, ROLES)
    found = sync(server)
    assert (found.accounts[INES].attributes, found.covered) == ({"team": "Payments Core"}, {"account"})
    assert found.unreadable == {(kind, each) for kind in ("attribute", "manager") for each in (BO, INES)}


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"data": []},
        {"total": "2", "data": []},
        {"total": 2, "data": {}},
        {"total": 2, "skip": 7, "data": []},
    ],
)
def test_another_shape_gives_nothing(server: HumaansServer, body: Any) -> None:
    server.faults.change(lambda reply: replace(reply, body=body))
    assert "nothing was applied" in failure(server)


def test_hostile_text_is_kept_as_text_and_made_storable(server: HumaansServer) -> None:
    hostile = "Inès\x00 '; DROP TABLE x; -- <script>\ud800" + "x" * 3000
    server.records.add(person("../../admin?x=1", "Mallory One"))
    values = {"lastName": hostile, "teams": [{"name": hostile}, {"name": {"a": 1}}, 7, None]}
    changed = with_rows("data", lambda rows: [each | values for each in rows])
    # Half of a surrogate pair goes over the wire as an escape.
    server.faults.change(lambda reply: replace(reply, body=json.dumps(changed(reply).body)), PEOPLE)
    mallory = sync(server).accounts["../../admin?x=1"]
    assert mallory.name.startswith("Mallory Inès '; DROP TABLE x; -- <script>xx")
    assert "\x00" not in mallory.name
    assert (len(mallory.name), [len(str(each)) for each in mallory.attributes["team"]]) == (500, [300, 1])  # type: ignore[union-attr]


def test_settings_are_demanded_and_the_address_is_known() -> None:
    given = {"HRIS": "humaans", "HRIS_TOKEN": "k"}
    assert SOURCE.settings(Environment(given)) == HumaansSettings("https://app.humaans.io", "k")
    assert SOURCE.settings(Environment({**given, "HRIS": "csv"})) is None
    with pytest.raises(Exception, match=r"HRIS_TOKEN is missing: HRIS is humaans\."):
        SOURCE.settings(Environment({**given, "HRIS_TOKEN": ""}))
    with pytest.raises(Exception, match="HRIS_URL must start with https://"):
        SOURCE.settings(Environment({**given, "HRIS_URL": "http://app.humaans.io"}))


def lines(server: HumaansServer, token: str = "") -> list[tuple[bool | None, str]]:
    settings = HumaansSettings(server.url, token or server.token)
    return [(each.ok, each.what) for each in checks(settings, sleep=lambda _: None)]


def test_the_doctor_sees_what_a_sync_sees(server: HumaansServer) -> None:
    assert lines(server) == [
        (True, "Humaans people can be read"),
        (True, "Humaans shows the teams of people"),
        (True, "Humaans job roles can be read"),
        (True, "Humaans custom fields can be read"),
        (True, "Humaans custom values can be read"),
    ]
    server.scopes = {"public:read"}
    assert lines(server)[1:3] == [
        (None, "Humaans does not show the teams of people"),
        (False, "Humaans job roles cannot be read"),
    ]
    assert lines(server, "wrong") == [(False, "Humaans cannot be read")]
    server.records.people.clear()
    assert lines(server)[0] == (False, "Humaans gives no people at all")
