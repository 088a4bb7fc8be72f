"""HiBob when it fails, refuses, stalls or lies: what is applied, what is said, how long is waited."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from orgmodel.reports import SourceFailed
from orgmodel.sources.hibob import HiBobSettings
from orgmodel.sources.hibob.declared import checks
from sandbox.hris.hibob import HiBobServer

from .hibob_company import BO, INES, MEI, Waits, company, person, read, row

WORK, FIND = "GET /bulk/people/work", "POST /people/search"
PATHS = ("/company/people/fields", "/company/named-lists", FIND, WORK, "GET /bulk/people/lifecycle")


@pytest.fixture
def hibob() -> Iterator[HiBobServer]:
    with HiBobServer(company()) as server:
        yield server


def rewrite(server: HiBobServer, change: Callable[[Any], Any], where: str = FIND, **when: Any) -> None:
    server.faults.change(
        lambda reply: replace(reply, body=change(json.loads(reply.encoded()))), where, **when
    )


def test_the_description_of_fields_may_be_missing(hibob: HiBobServer) -> None:
    hibob.faults.refuse(404, "fields")
    assert set(read(hibob).accounts) == {INES, BO, MEI}


def test_a_wrong_address_is_the_web_app(hibob: HiBobServer) -> None:
    wrong = HiBobSettings(url=f"{hibob.origin}/v2", user=hibob.user, token=hibob.token)
    lines = list(checks(wrong, sleep=Waits()))
    assert [each.ok for each in lines] == [False]
    assert "a page instead of JSON" in lines[0].todo


def test_a_later_page_that_fails_ends_the_read(hibob: HiBobServer) -> None:
    hibob.page_size = 1
    hibob.faults.refuse(500, WORK, times=4, after=2)
    with pytest.raises(SourceFailed, match="answered 500 to /bulk/people/work"):
        read(hibob)


def test_a_question_that_hibob_does_not_take_names_the_setting(hibob: HiBobServer) -> None:
    hibob.faults.refuse(400, FIND)
    with pytest.raises(SourceFailed, match=r"\(400\).* Check people\.fields"):
        read(hibob)


@pytest.mark.parametrize(
    "content", [b'{"employees": [', b"", b"null", b'{"employees": {}}', b"[]", b"[" * 100_000]
)
def test_a_truncated_or_other_answer_ends_the_read(hibob: HiBobServer, content: bytes) -> None:
    hibob.faults.change(lambda reply: replace(reply, body=content), FIND)
    with pytest.raises(SourceFailed, match="nothing was applied"):
        read(hibob)


def test_a_table_that_does_not_say_whether_it_goes_on_ends_the_read(hibob: HiBobServer) -> None:
    rewrite(hibob, lambda found: {"results": found["results"]}, WORK)
    with pytest.raises(SourceFailed, match="does not say whether it is the last page"):
        read(hibob)


def test_tables_go_on_until_there_is_no_cursor(hibob: HiBobServer) -> None:
    hibob.page_size = 2
    whole = read(hibob)
    assert hibob.calls[WORK] == 2
    assert whole.accounts[MEI].dated["team"] == "2021-06-01"


def test_people_and_rows_that_come_twice_are_once(hibob: HiBobServer) -> None:
    once = read(hibob)
    rewrite(hibob, lambda found: {"employees": found["employees"] * 2})
    rewrite(hibob, lambda found: {**found, "results": found["results"] * 2}, WORK)
    twice = read(hibob)
    assert twice.facts == once.facts


def test_who_is_listed_and_then_not_given_is_not_gone(hibob: HiBobServer) -> None:
    rewrite(hibob, lambda found: {"employees": found["employees"][1:]}, after=1)
    found = read(hibob)
    assert found.unreadable == {("account", INES)}
    assert found.problems == [(INES, "was listed, and then not given")]


def test_when_more_than_a_tenth_cannot_be_used_nothing_is(hibob: HiBobServer) -> None:
    rewrite(hibob, lambda found: {"employees": found["employees"][:1]}, after=1)
    with pytest.raises(SourceFailed, match="2 of 3 records cannot be used, more than a tenth"):
        read(hibob)


def test_a_record_without_an_id_may_be_anybody(hibob: HiBobServer) -> None:
    rewrite(hibob, lambda found: {"employees": [*found["employees"], {"email": "x@y.example"}, 7]}, times=1)
    found = read(hibob)
    assert found.unreadable == {("account", "")}
    assert len(found.accounts) == 3


@pytest.mark.parametrize("day", ["soon", "2026-02-30", "", None, 7])
def test_a_row_without_a_day_leaves_its_person_as_they_were(hibob: HiBobServer, day: object) -> None:
    def undated(found: Any) -> Any:
        found["results"][0]["values"][0]["effectiveDate"] = day
        return found

    rewrite(hibob, undated, WORK)
    found = read(hibob)
    assert found.unreadable == {("account", INES)}


def test_open_ends_are_no_days(hibob: HiBobServer) -> None:
    def endless(found: Any) -> Any:
        for each in found["employees"]:
            if "internal" in each:
                each["internal"]["terminationDate"] = "9999-12-31"
        return found

    rewrite(hibob, endless)
    assert read(hibob).accounts[INES].end_date is None


def test_a_last_day_before_the_first_one_is_history(hibob: HiBobServer) -> None:
    def ended(found: Any) -> Any:
        for each in found["employees"]:
            if "internal" in each:
                each["internal"]["terminationDate"] = "2019-12-31"
        return found

    rewrite(hibob, ended)
    assert read(hibob).accounts[INES].end_date is None


def test_leavers_that_the_audience_leaves_out_are_not_given(hibob: HiBobServer) -> None:
    gone = person("3332883884017700001", "Kai Berg", row(date(2021, 5, 3)), status="ended")
    gone.end_date = date(2026, 8, 31)
    hibob.records.add(gone)
    assert read(hibob).accounts[gone.id].status == "ended"
    hibob.audience = lambda each: each.status != "ended"
    assert gone.id not in read(hibob).accounts


def test_of_a_row_that_comes_twice_the_one_that_was_changed_last_counts(hibob: HiBobServer) -> None:
    def older(found: Any) -> Any:
        ines = found["results"][0]["values"]
        stale = {**ines[1], "customColumns": {}, "title": "Gardener", "modificationDate": "2020-01-01"}
        return {**found, "results": [*found["results"], {"employeeId": INES, "values": [stale]}]}

    rewrite(hibob, older, WORK)
    assert read(hibob).accounts[INES].title == "Platform Engineer"


def test_of_two_rows_of_one_day_the_later_one_counts(hibob: HiBobServer) -> None:
    def double(found: Any) -> Any:
        values = found["results"][0]["values"]
        values.insert(2, {**values[1], "id": 7, "title": "Engineer"})
        return found

    hibob.item_ids["title", "Engineer"] = "5"
    rewrite(hibob, double, WORK)
    assert read(hibob).accounts[INES].title == "Engineer"
