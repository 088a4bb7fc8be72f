"""SCIM's lists: 1-based pages of any size, totals that change on the way, and when a list was seen whole."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from sandbox.hris.scim import ScimServer, moving
from sandbox.hris.server import Reply, Request

from .hr_reads import someone
from .scim_reads import CONFIG, USERS, numbered, read


@pytest.fixture
def scim() -> Iterator[ScimServer]:
    with ScimServer(numbered(250)) as server:
        yield server


def queries(server: ScimServer) -> list[dict[str, str]]:
    """The queries of every page of users that is asked for from now on."""
    found: list[dict[str, str]] = []
    plain = server.page_of

    def noted(request: Request, rows: Any) -> Reply:
        found.append(dict(request.query))
        return plain(request, rows)

    server.page_of = noted  # type: ignore[method-assign]  # of one server
    return found


def test_the_first_index_is_one_and_the_next_follows_what_came(scim: ScimServer) -> None:
    seen = queries(scim)
    assert len(read(scim).accounts) == 250
    assert [(each["startIndex"], each["count"]) for each in seen] == [
        ("1", "100"),
        ("101", "100"),
        ("201", "100"),
    ]


def test_a_page_may_hold_fewer_than_were_wanted(scim: ScimServer) -> None:
    scim.page = 90
    seen = queries(scim)
    found = read(scim)
    assert (len(found.accounts), "account" in found.covered) == (250, True)
    assert [each["startIndex"] for each in seen] == ["1", "91", "181"]


def test_no_more_is_wanted_than_the_service_announces(scim: ScimServer) -> None:
    scim.most = 60
    seen = queries(scim)
    assert len(read(scim).accounts) == 250
    assert {each["count"] for each in seen} == {"60"}


@pytest.mark.parametrize("most", [0, -1, None, "many", True, 5_000])
def test_an_odd_or_generous_limit_leaves_the_usual_page(scim: ScimServer, most: Any) -> None:
    scim.most = most
    seen = queries(scim)
    assert len(read(scim).accounts) == 250
    assert {each["count"] for each in seen} == {"100"}


@pytest.mark.parametrize("status", [401, 403, 404, 501])
def test_a_service_that_announces_nothing_is_read_with_the_usual_page(scim: ScimServer, status: int) -> None:
    scim.faults.refuse(status, CONFIG)
    assert len(read(scim).accounts) == 250


def test_a_configuration_that_is_no_json_announces_nothing(scim: ScimServer) -> None:
    scim.faults.html(CONFIG)
    assert len(read(scim).accounts) == 250


@pytest.mark.parametrize("sorts", [True, False])
def test_order_is_wanted_only_where_it_is_announced(scim: ScimServer, *, sorts: bool) -> None:
    scim.sorts = sorts
    seen = queries(scim)
    read(scim)
    assert {each.get("sortBy") for each in seen} == {"id" if sorts else None}


def test_what_nobody_needs_is_to_be_left_out(scim: ScimServer) -> None:
    seen = queries(scim)
    read(scim)
    assert {"addresses", "phoneNumbers"} <= {*seen[0]["excludedAttributes"].split(",")}


def test_a_service_that_refuses_further_parameters_is_asked_without(scim: ScimServer) -> None:
    scim.plain, scim.sorts = True, True
    seen = queries(scim)
    assert len(read(scim).accounts) == 250
    assert [each for each in seen if {*each} != {"startIndex", "count"}] == seen[:2]


def test_somebody_who_slipped_to_an_earlier_page_is_found_by_a_second_walk(scim: ScimServer) -> None:
    """u005 goes while page 1 is on its way: u101 moves to page 1 and is passed over."""
    scim.faults.change(moving(scim, lambda: scim.records.people.pop("u005", None)), USERS, times=1)
    found = read(scim)
    assert len(found.accounts) == 250
    assert "u101" in found.accounts
    assert (found.given.count("u200"), "account" in found.covered) == (1, True)
    assert scim.calls[USERS] == 6


def test_somebody_who_comes_on_the_way_counts(scim: ScimServer) -> None:
    def join() -> None:
        scim.records.people = {"new": someone("new"), **scim.records.people}

    scim.faults.change(moving(scim, join), USERS, times=1)
    found = read(scim)
    assert len(found.accounts) == 251
    assert sorted(found.given) == sorted(found.accounts)
    assert "account" in found.covered


def test_where_the_number_never_stands_still_nobody_counts_as_gone(scim: ScimServer) -> None:
    numbers = iter(range(1_000))
    join = moving(scim, lambda: scim.records.add(someone(f"n{next(numbers)}")))
    scim.faults.change(join, USERS)
    found = read(scim)
    assert len(found.accounts) > 250
    assert found.covered == {"unit", "assignment"}
    assert found.report.not_visible == {
        "account": "Not all users were seen: the number of users changed while they were read."
        " Nobody counts as gone until a sync sees all."
    }


def test_fewer_than_were_announced_are_not_all(scim: ScimServer) -> None:
    scim.announced = 3
    found = read(scim)
    assert (len(found.accounts), "account" in found.covered) == (250, False)
    assert "253 users were announced and 250 came" in found.report.not_visible["account"]


def test_a_service_that_counts_from_zero_hides_the_first_and_is_not_believed(scim: ScimServer) -> None:
    scim.zero_based = True
    found = read(scim)
    assert (len(found.accounts), "account" in found.covered) == (249, False)
    assert "250 users were announced and 249 came" in found.report.not_visible["account"]


def test_without_a_total_the_list_ends_with_an_empty_page(scim: ScimServer) -> None:
    scim.without_total = True

    def listed(reply: Reply) -> Reply:
        return replace(reply, body={"Resources": [], **reply.body})

    scim.faults.change(listed, USERS)
    found = read(scim)
    assert (len(found.accounts), "account" in found.covered) == (250, True)


def test_nobody_at_all_comes_without_a_list_of_resources(scim: ScimServer) -> None:
    """Whether that may be believed is the guard's to say."""
    scim.records.people.clear()
    found = read(scim)
    assert (found.accounts, "account" in found.covered) == ({}, True)


def test_a_total_may_be_a_text(scim: ScimServer) -> None:
    scim.faults.change(lambda reply: replace(reply, body={**reply.body, "totalResults": "250"}), USERS)
    found = read(scim)
    assert (len(found.accounts), "account" in found.covered) == (250, True)


def first_page(change: Any) -> Any:
    """A change of the first page of users."""

    def changed(reply: Reply) -> Reply:
        if reply.body["startIndex"] != 1:
            return reply
        rows = change(reply.body["Resources"])
        return replace(reply, body={**reply.body, "Resources": rows})

    return changed


def test_a_user_given_twice_counts_once_and_casts_doubt_on_the_list(scim: ScimServer) -> None:
    scim.faults.change(first_page(lambda rows: [*rows[:-1], rows[0]]), USERS)
    found = read(scim)
    assert found.given.count("u001") == 1
    assert "some users came twice" in found.report.not_visible["account"]


def test_a_user_given_in_two_forms_is_left_for_the_sync_to_set_aside(scim: ScimServer) -> None:
    other = first_page(lambda rows: [*rows[:-1], {**rows[0], "displayName": "Other"}])
    scim.faults.change(other, USERS)
    assert read(scim).given.count("u001") == 2


def test_another_version_of_the_same_is_the_same(scim: ScimServer) -> None:
    again = first_page(lambda rows: [*rows[:-1], {**rows[0], "meta": {"version": "2"}}])
    scim.faults.change(again, USERS)
    assert read(scim).given.count("u001") == 1
