"""The pretend Airtable: what its API gives and refuses, whoever asks."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sandbox.airtable.server import BASE, AirtableServer
from sandbox.hris.records import HrUnit, Records

TABLE = f"/v0/{BASE}/Units"


@pytest.fixture
def airtable() -> Iterator[AirtableServer]:
    records = Records()
    for number in range(5):
        unit = HrUnit(f"rec{number:014d}", "team", f"Team {number}", "", active=number != 3)
        records.units[unit.id] = unit
    with AirtableServer(records) as server:
        yield server


def ask(airtable: AirtableServer, path: str = TABLE, **options: Any) -> httpx.Response:
    signed = {"Authorization": f"Bearer {airtable.token}"}
    method = "POST" if "json" in options else "GET"
    return httpx.request(method, airtable.origin + path, headers=signed, timeout=5, **options)


def error(answer: httpx.Response) -> tuple[int, Any]:
    found = answer.json()["error"]
    return answer.status_code, found if isinstance(found, str) else found["type"]


def test_a_listing_goes_on_and_each_place_is_good_for_once(
    airtable: AirtableServer,
) -> None:
    names, offset = [], ""
    while True:
        answer = ask(airtable, params={"pageSize": "2", **({"offset": offset} if offset else {})}).json()
        names += [each["fields"]["Name"] for each in answer["records"]]
        used, offset = offset, answer.get("offset", "")
        if not offset:
            break
    assert names == ["Team 0", "Team 1", "Team 2", "Team 3", "Team 4"]
    again = ask(airtable, params={"pageSize": "2", "offset": used})
    assert error(again) == (422, "LIST_RECORDS_ITERATOR_NOT_AVAILABLE")


def test_a_long_question_may_be_posted(airtable: AirtableServer) -> None:
    wanted = {"fields": ["Name"], "returnFieldsByFieldId": True, "pageSize": 1}
    (record,) = ask(airtable, f"{TABLE}/listRecords", json=wanted).json()["records"]
    assert record["fields"] == {"fldName0000000000": "Team 0"}


def test_empty_cells_and_boxes_without_a_tick_are_left_out(airtable: AirtableServer) -> None:
    records = ask(airtable).json()["records"]
    assert [set(each["fields"]) >= {"Active"} for each in records] == [True, True, True, False, True]
    assert "Parent" not in records[0]["fields"]


def test_what_is_refused(airtable: AirtableServer) -> None:
    assert error(ask(airtable, f"/v0/{BASE}/Teams")) == (404, "TABLE_NOT_FOUND")
    assert error(ask(airtable, "/v0/appOther/Units")) == (403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND")
    assert error(ask(airtable, "/v0/whoami/a/b/c")) == (404, "NOT_FOUND")
    assert error(ask(airtable, params={"fields[]": "Budget"})) == (422, "UNKNOWN_FIELD_NAME")
    assert error(ask(airtable, params={"pageSize": "101"})) == (422, "INVALID_REQUEST_UNKNOWN")
    unsigned = httpx.get(airtable.origin + TABLE, timeout=5)
    assert error(unsigned) == (401, "AUTHENTICATION_REQUIRED")


def test_who_asks_too_often_waits_for_all_of_the_penalty(airtable: AirtableServer) -> None:
    airtable.rate, airtable.penalty = 2, 60.0
    answers = [ask(airtable) for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 429, 429]
    assert "Retry-After" not in answers[2].headers
    assert answers[2].json()["errors"][0]["error"] == "RATE_LIMIT_REACHED"
