"""Personio on the wire: tokens, pages, refusals, broken answers, hostile values."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from orgmodel.marks import Unreadable
from orgmodel.reports import SourceFailed
from orgmodel.sources.personio import SOURCE, PersonioReader, PersonioSettings
from orgmodel.sources.personio.auth import PersonioAuth
from portal.environment import Environment
from sandbox.hris.personio import PersonioServer
from sandbox.hris.records import Records
from sandbox.hris.server import Reply

from .hr_reads import NOW, QUICK, Read, reading, someone
from .personio_reads import EMPLOYMENTS, PERSONS, TOKEN, persons


@pytest.fixture
def personio() -> Iterator[PersonioServer]:
    records = Records(now=lambda: NOW)
    for own in ("1", "2", "3"):
        records.add(someone(own))
    with PersonioServer(records) as server:
        yield server


def reader(server: PersonioServer, **more: Any) -> PersonioReader:
    given = PersonioSettings(url=server.url, client_id=server.user, secret=server.token)
    return PersonioReader(given, reading(), **{**QUICK, **more})


def read(server: PersonioServer, **more: Any) -> Read:
    return Read(reader(server, **more))


def failure(server: PersonioServer, **more: Any) -> str:
    with pytest.raises(SourceFailed) as caught:
        read(server, **more)
    return str(caught.value)


def test_one_token_serves_a_whole_read(personio: PersonioServer) -> None:
    assert [*read(personio).accounts] == ["1", "2", "3"]
    assert (personio.calls[TOKEN], personio.calls[PERSONS], personio.calls[EMPLOYMENTS]) == (1, 1, 3)


def test_a_token_is_renewed_five_minutes_before_it_ends() -> None:
    now, tokens = [0.0], []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/v2/auth/token":
            return httpx.Response(200, text=request.headers["Authorization"])
        tokens.append(parse_qs(request.content.decode()))
        return httpx.Response(200, json={"access_token": f"t{len(tokens)}", "expires_in": 3600})

    given = PersonioSettings("https://api.personio.example", "papi-1", "secret")
    auth = PersonioAuth(given, lambda: now[0])
    with httpx.Client(auth=auth, transport=httpx.MockTransport(answer)) as client:
        used = []
        for now[0] in (0.0, 3299.0, 3300.0, 6599.0):
            used.append(client.get("https://api.personio.example/v2/persons").text)
    assert used == ["Bearer t1", "Bearer t1", "Bearer t2", "Bearer t2"]
    assert tokens[0] == {
        "grant_type": ["client_credentials"],
        "client_id": ["papi-1"],
        "client_secret": ["secret"],
    }
    assert "t2" not in repr(vars(auth))


def test_a_token_that_is_taken_back_is_replaced_once(personio: PersonioServer) -> None:
    def revoke(reply: Reply) -> Reply:
        personio.expire()
        return reply

    personio.faults.change(revoke, PERSONS, times=1)
    assert [*read(personio).accounts] == ["1", "2", "3"]
    assert personio.calls[TOKEN] == 2


def test_refused_credentials_name_the_settings(personio: PersonioServer) -> None:
    given = PersonioSettings(url=personio.url, client_id="papi-client", secret="wrong")
    with pytest.raises(SourceFailed) as caught:
        Read(PersonioReader(given, reading(), **QUICK))
    assert str(caught.value) == (
        "Personio gave no access token (401); nothing was applied. Check HRIS_USER (the client id),"
        " HRIS_TOKEN (its secret) and HRIS_URL."
    )
    assert "wrong" not in repr(given)


@pytest.mark.parametrize("body", [b"{}", b'{"access_token": "a\\nb"}', b"<html>"])
def test_an_answer_without_a_token_is_refused(personio: PersonioServer, body: bytes) -> None:
    personio.faults.change(lambda reply: replace(reply, body=body), TOKEN)
    assert "Personio gave no access token" in failure(personio)


def test_a_busy_giver_of_tokens_is_asked_again(personio: PersonioServer) -> None:
    personio.faults.refuse(503, TOKEN, times=2)
    assert [*read(personio).accounts] == ["1", "2", "3"]


@pytest.fixture
def many(personio: PersonioServer) -> PersonioServer:
    for number in range(4, 121):
        personio.records.add(someone(str(number)))
    return personio


@pytest.mark.parametrize("loses_limit", [False, True])
def test_pages_hold_fifty_persons_and_the_link_may_lose_that(
    many: PersonioServer, *, loses_limit: bool
) -> None:
    many.loses_limit = loses_limit
    found = read(many)
    assert len(found.accounts) == 120
    assert many.calls[PERSONS] == 3
    assert found.report.calls == 3 + 120 + 2


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:9", "https://[half"])
def test_a_link_to_another_host_is_refused(many: PersonioServer, origin: str) -> None:
    many.link_origin = origin
    assert "refused" in failure(many)


def test_a_link_to_another_path_is_refused(many: PersonioServer) -> None:
    many.link_origin = f"{many.url}/v2/compensations?x="
    assert "goes on at another address; refused" in failure(many)


def test_an_answer_without_its_list_applies_nothing(personio: PersonioServer) -> None:
    personio.faults.change(lambda reply: replace(reply, body={"data": []}), PERSONS)
    assert "holds no list of records; nothing was applied" in failure(personio)


def test_a_person_given_in_two_forms_is_left_for_the_sync_to_set_aside(personio: PersonioServer) -> None:
    personio.faults.change(persons(lambda rows: [*rows, {**rows[0], "last_name": "Renamed"}]))
    assert read(personio).given == ["1", "2", "3", "1"]


def test_a_lasting_401_names_the_settings(personio: PersonioServer) -> None:
    personio.faults.refuse(401, PERSONS, times=9)
    assert failure(personio) == (
        "Personio refused the credentials (401); nothing was applied. Check HRIS_USER and HRIS_TOKEN."
    )
    assert personio.calls[PERSONS] == 2


def test_a_person_deleted_while_the_list_is_read_keeps_what_was_known(personio: PersonioServer) -> None:
    personio.faults.refuse(404, EMPLOYMENTS, times=1)
    found = read(personio)
    assert len(found.accounts) == 2
    (gone,) = {"1", "2", "3"} - {*found.accounts}
    assert found.problems == [(gone, "employments are not there (404)")]
    assert found.unreadable == {Unreadable("account", gone)}


def test_nobody_who_can_be_understood_applies_nothing(personio: PersonioServer) -> None:
    personio.employments = {
        "1": [{"status": 7, "position": None}],
        "2": [],
        "3": [{"position": None, "status": []}],
    }
    personio.faults.change(
        persons(lambda rows: [{**each, "status": "?", "employments": []} for each in rows])
    )
    assert "Not one person of Personio could be understood" in failure(personio)


def test_half_of_the_settings_stops_the_start() -> None:
    known = {
        "HRIS": "Personio",
        "HRIS_URL": "https://api.personio.de/",
        "HRIS_USER": "papi-1",
        "HRIS_TOKEN": "s",
    }
    found = SOURCE.settings(Environment(known))
    assert found == PersonioSettings("https://api.personio.de", "papi-1", "s")
    for name in ("HRIS_URL", "HRIS_USER", "HRIS_TOKEN"):
        with pytest.raises(Exception, match=rf"\A{name} is missing: HRIS is personio\."):
            SOURCE.settings(Environment(known | {name: ""}))
    assert SOURCE.settings(Environment(known | {"HRIS": "csv"})) is None


def test_the_doctor_says_what_cannot_be_read(personio: PersonioServer) -> None:
    given = PersonioSettings(url=personio.url, client_id=personio.user, secret=personio.token)
    assert [line.ok for line in SOURCE.checks(given)] == [True, True]
    personio.faults.refuse(403, "org-units")
    persons_line, units_line = SOURCE.checks(given)
    assert (persons_line.ok, units_line.ok) == (True, False)
    assert "grant personio:persons:read and personio:org-units:read" in units_line.todo
