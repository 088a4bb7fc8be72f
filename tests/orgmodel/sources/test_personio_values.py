"""Odd and hostile values in Personio's records: each is that record's own affair."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from orgmodel.facts import AccountFact
from orgmodel.marks import Unreadable
from sandbox.hris.personio import PersonioServer
from sandbox.hris.records import Records
from sandbox.hris.server import Reply

from .hr_reads import NOW, someone
from .personio_reads import PERSONS, persons, read


@pytest.fixture
def personio() -> Iterator[PersonioServer]:
    records = Records(now=lambda: NOW)
    for own in ("1", "2", "3"):
        records.add(someone(own))
    with PersonioServer(records) as server:
        yield server


def account(server: PersonioServer, **values: Any) -> AccountFact:
    """The account of the first person with other values in their record on the wire."""
    server.faults.change(persons(lambda rows: [{**rows[0], **values}, *rows[1:]]), times=9)
    return next(iter(read(server).accounts.values()))


@pytest.mark.parametrize("number", [3332883884017713901, 9007199254740993])
def test_long_ids_survive_as_texts_and_as_numbers(personio: PersonioServer, number: int) -> None:
    personio.records.people.clear()
    personio.records.add(someone(str(number), manager_id=str(number - 1)))
    found = account(personio, id=number)
    assert (found.native_id, found.manager_ref) == (str(number), str(number - 1))


def test_an_id_is_quoted_in_its_address(personio: PersonioServer) -> None:
    personio.records.people.clear()
    personio.records.add(someone("a/../b?c", email="odd@nordwind.example"))
    assert [*read(personio).accounts] == ["a/../b?c"]


def test_hostile_texts_are_kept_as_texts(personio: PersonioServer) -> None:
    personio.records.people["1"].title = "'; DROP TABLE people; --"
    found = account(personio, first_name="\x00<script>", last_name="e\u0301" + "x" * 9_000, email="=cmd|'/c'")
    assert found.name.startswith("<script> éxxx")
    assert len(found.name) == 500
    assert (found.title, found.email) == ("'; DROP TABLE people; --", "=cmd|'/c'")


def test_half_a_surrogate_pair_spoils_no_page(personio: PersonioServer) -> None:
    def spoil(reply: Reply) -> Reply:
        return replace(reply, body=json.dumps(reply.body).replace('"2"', '"\\ud83d2"'))

    personio.records.people["3"].name = "Person 2"
    personio.faults.change(spoil, PERSONS, times=1)
    assert [each.name for each in read(personio).accounts.values()] == ["Person 1", "Person 2", "Person 2"]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"first_name": None, "last_name": "", "email": None}, "has neither a name nor an e-mail address"),
        ({"first_name": {"de": "Ida"}}, "first_name is no text"),
        ({"email": "x" * 999}, "email is longer than 320 characters"),
    ],
)
def test_one_odd_record_is_its_own_problem(
    personio: PersonioServer, values: dict[str, Any], reason: str
) -> None:
    personio.faults.change(persons(lambda rows: [{**rows[0], **values}, *rows[1:]]))
    found = read(personio)
    assert (found.given, found.problems) == (["2", "3"], [("1", reason)])
    assert found.unreadable == {Unreadable("account", "1")}


@pytest.mark.parametrize("odd", [{"id": None}, "text", None, 7, []])
def test_a_record_without_an_id_may_be_about_anybody(personio: PersonioServer, odd: Any) -> None:
    personio.faults.change(persons(lambda rows: [rows[0] | odd if isinstance(odd, dict) else odd, *rows[1:]]))
    found = read(personio)
    assert (found.given, found.unreadable) == (["2", "3"], {Unreadable("account", "")})


def test_a_preferred_name_of_several_words_is_a_whole_name(personio: PersonioServer) -> None:
    assert account(personio, first_name="Katharina", preferred_name="Kat").name == "Kat 1"
    personio.faults.clear()
    assert account(personio, preferred_name="Kat von Berg").name == "Kat von Berg"
