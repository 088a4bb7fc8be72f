"""What Airtable may answer instead: refusals, lost listings, pages that are none."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from orgmodel.sources.airtable.client import AirtableRates
from sandbox.hris.faults import ALWAYS
from sandbox.hris.records import HrUnit, Records
from sandbox.hris.server import Reply

from .airtable import FENNEL, RADISH, airtable, failure, nordwind, read, reader_of
from .organisation import Clock

SCHEMA, LISTING = "GET /v0/meta/bases/{base}/tables", "GET /v0/{base}/{table}"


def long() -> Records:
    """Three pages of units."""
    records = nordwind()
    for number in range(250):
        records.units[f"rec{number:014d}"] = HrUnit(f"rec{number:014d}", "team", f"Team {number}", "")
    return records


def pages(change: Callable[[list[Any]], list[Any]]) -> Callable[[Reply], Reply]:
    """Changes the records of a page."""

    def changed(reply: Reply) -> Reply:
        body = reply.body
        return (
            replace(reply, body={**body, "records": change(body["records"])}) if "records" in body else reply
        )

    return changed


def test_a_listing_that_loses_its_place_begins_again() -> None:
    with airtable(long()) as server:
        server.lose = 2
        units, reader = read(server)
        assert len(server.wanted) == 4  # Three beginnings, and the people.
    assert len(units) == 255
    assert reader.report.problems == []


def test_a_listing_that_loses_its_place_again_and_again_is_given_up() -> None:
    with airtable(long()) as server:
        server.lose = ALWAYS
        sentence = failure(server)
        assert len(server.wanted) == 4
    assert sentence == (
        "Airtable lost the place in the records of Units (422 LIST_RECORDS_ITERATOR_NOT_AVAILABLE);"
        " nothing was applied. Sync again."
    )


def test_what_changes_between_two_beginnings_is_read_as_it_is_then() -> None:
    with airtable(long()) as server:

        def rename(records: list[Any]) -> list[Any]:
            server.records.units[RADISH].name = "Rettich"
            del server.records.units["rec00000000000003"]
            return records

        server.lose = 1
        server.faults.change(pages(rename), LISTING, times=1)
        units, _ = read(server)
    assert units[RADISH].name == "Rettich"
    assert "rec00000000000003" not in units


TOKEN = "Airtable refused the token (401 AUTHENTICATION_REQUIRED). Make a new one and set AIRTABLE_TOKEN."
RIGHTS = (
    "Airtable does not let the token read {} (403 INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND). Give it the scopes"
    " data.records:read and schema.bases:read and access to the base, and check AIRTABLE_BASE."
)
PLACE = (
    "Airtable has not found the tables of the base (404 NOT_FOUND)."
    " Check AIRTABLE_BASE, and the token's access to the base."
)
QUESTION = (
    "Airtable does not take the question for the records of Units (422 INVALID_REQUEST_UNKNOWN);"
    " nothing was applied. If a column was just changed, sync again."
)
REFUSALS = [
    (401, SCHEMA, TOKEN),
    (401, LISTING, TOKEN),
    (403, SCHEMA, RIGHTS.format("the tables of the base")),
    (403, LISTING, RIGHTS.format("the records of Units")),
    (404, SCHEMA, PLACE),
    (422, LISTING, QUESTION),
]


@pytest.mark.parametrize(("status", "where", "sentence"), REFUSALS)
def test_a_refusal_says_what_to_do_and_is_not_tried_again(status: int, where: str, sentence: str) -> None:
    with airtable() as server:
        server.faults.refuse(status, where, times=ALWAYS)
        assert failure(server) == sentence
        assert server.calls[where] == 1


@pytest.mark.parametrize("scope", ["schema.bases:read", "data.records:read"])
def test_each_scope_is_needed(scope: str) -> None:
    with airtable() as server:
        server.scopes.discard(scope)
        assert "Give it the scopes data.records:read and schema.bases:read" in failure(server)


def test_another_base_and_another_table() -> None:
    with airtable() as server:
        assert "check AIRTABLE_BASE" in failure(server, base="appSomewhereElse1")
        assert failure(server, table="Teams") == "Airtable's base has no table Teams; check AIRTABLE_TABLE."
        units, _ = read(server, table=server.units.id)
    assert len(units) == 5


def test_a_refusal_for_rate_is_waited_out_for_half_a_minute() -> None:
    with airtable() as server:
        server.faults.crowd(times=2)
        reader = reader_of(server)
        clock = Clock()
        reader._client._http._sleep_for, reader._client._http._clock = clock.sleep, clock
        facts = [fact for batch in reader.batches() for fact in batch]
    assert len(facts) == 6
    assert [each for each in clock.slept if each > 1] == [31.0, 31.0]


def test_a_storm_of_refusals_is_given_up() -> None:
    with airtable() as server:
        server.rate = 0
        assert failure(server) == (
            "Airtable still refuses calls to /v0/meta/bases/appNordwind000001/tables for their rate (429);"
            " nothing was applied. Let fewer programs read the base at the same time, or sync when less is"
            " going on."
        )
        assert server.calls["refused for rate"] == 9


def test_five_calls_a_second_and_never_less_than_the_penalty() -> None:
    rates = AirtableRates()
    assert rates.wait_for("/", 10.0) == 0.0
    assert rates.wait_for("/", 10.1) == pytest.approx(0.1)
    assert rates.wait_for("/", 10.2) == 0.0
    assert (rates.refused({}), rates.refused({"retry-after": "2"})) == (30.0, 30.0)
    assert (rates.refused({"retry-after": "45"}), rates.refused({"retry-after": "9000"})) == (45.0, 90.0)


def test_errors_of_the_server_pass() -> None:
    with airtable() as server:
        server.faults.refuse(503, times=2)
        server.faults.refuse(500, LISTING, after=0)
        units, _ = read(server)
        assert len(units) == 5
        server.faults.refuse(502, times=ALWAYS)
        assert failure(server) == (
            "Airtable answered 502 SERVER_ERROR to the tables of the base; nothing was applied."
            " Sync again later."
        )


NO_LISTS = [
    b"",
    b'{"records": [{"id": "rec',
    b"[]",
    b'{"records": null}',
    b'{"records": {}}',
    b'{"offset": "x"}',
    b"\xff\xfe",
]


@pytest.mark.parametrize("body", [*NO_LISTS, b'{"records": [], "offset": 5}', b"[" * 100_000])
def test_an_answer_that_is_no_list_of_records_is_refused(body: bytes) -> None:
    with airtable() as server:
        server.faults.change(lambda reply: replace(reply, body=body), LISTING)
        assert failure(server) == (
            "Airtable's answer to the records of Units is no list of records; nothing was applied."
            " Sync again later."
        )


ENDLESS: list[tuple[str, Callable[[int], dict[str, Any]]]] = [
    ("gives the same page again", lambda at: {"records": [{"id": FENNEL}], "offset": f"itr{at}"}),
    (
        "points at one of its own pages as the next one",
        lambda at: {"records": [{"id": f"rec{at}"}], "offset": "itr"},
    ),
    ("gave 20 empty pages and still goes on", lambda at: {"records": [], "offset": f"itr{at}"}),
]


@pytest.mark.parametrize(("what", "page"), ENDLESS, ids=[each[0] for each in ENDLESS])
def test_a_listing_without_end_is_given_up(what: str, page: Callable[[int], dict[str, Any]]) -> None:
    with airtable() as server:
        server.faults.change(lambda _: Reply(page(server.calls.total())), LISTING)
        assert failure(server) == (
            f"Airtable's list of the records of Units {what}; nothing was applied. Sync again later."
        )


def test_no_redirect_is_followed() -> None:
    with airtable() as server, airtable() as other:
        moved = {"Location": other.origin + "/v0/meta/bases/appNordwind000001/tables"}
        server.faults.change(lambda reply: Reply(b"{}", 302, moved), SCHEMA)
        assert failure(server).startswith("Airtable answered 302 to the tables of the base; ")
        assert other.calls.total() == 0
