"""The Okta reader against an organisation on an in-process transport: what is asked, and what comes out."""

from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest

from orgmodel.facts import (
    AccountFact,
    EdgeFact,
    EventFact,
    GrantFact,
    OwnerFact,
    PushFact,
    Ref,
    ResourceFact,
    RuleFact,
    SeatFact,
)
from orgmodel.reports import SourceFailed

from .organisation import (
    HOST,
    Organisation,
    always,
    answer,
    error,
    event,
    group,
    member,
    of,
    small_organisation,
    user,
)


def test_everything_becomes_facts() -> None:
    facts, reader = small_organisation().read()
    people = {fact.native_id: fact for fact in of(facts, AccountFact)}
    assert people["00unadia"].name == "Nadia Brandt"
    assert people["00unadia"].attributes == {"team": "radish", "badge": 7}
    assert people["00ulena"].manager_ref == "00unadia"
    assert of(facts, GrantFact) == [
        GrantFact("00unadia", Ref("", "group", "00grad"), "member", "rule", ("0prrad",), "okta"),
        GrantFact("00ulena", Ref("", "group", "00grad"), "member", "unknown", (), "okta"),
    ]
    assert of(facts, EdgeFact) == [
        EdgeFact(Ref("", "group", "00grad"), "member", Ref("", "app", "0oafig"), "Editor", "opens", 1, "")
    ]
    assert of(facts, SeatFact) == [
        SeatFact("00unadia", "0oafig", "GROUP", "PROVISIONED", "SYNCHRONIZED", "Admin, Editor", None)
    ]
    assert of(facts, OwnerFact) == [OwnerFact("00grad", "USER", "00ulena", "Lena Osei")]
    pushed = datetime(2026, 3, 1, 6, 0, 3, tzinfo=UTC)
    assert of(facts, PushFact) == [PushFact("gPm1", "0oafig", "00grad", "", "error", "no link", pushed)]
    (logged,) = of(facts, EventFact)
    assert (logged.uuid, logged.rule, logged.token_id) == ("e1", "0prrad", "00Tx")
    assert (logged.account, logged.group, logged.app) == ("00unadia", "00grad", "")
    resources = {fact.native_id: fact for fact in of(facts, ResourceFact)}
    assert resources["00grad"].profile == {"airtableId": "recRAD", "active": True}
    assert resources["0oafig"].features == ("GROUP_PUSH", "PUSH_NEW_USERS")
    assert [fact.targets for fact in of(facts, RuleFact)] == [("00grad",)]
    assert reader.report.problems == []
    assert reader.report.not_visible == {}


def test_calls_are_the_formula() -> None:
    org = small_organisation()
    org.lists["/users"] = [user(f"00u{number}") for number in range(1001)]
    org.lists["/groups/00grad/users"] = [member(f"00u{number}", "0prrad") for number in range(1001)]
    org.lists["/apps/0oafig/users"] = []
    facts, reader = org.read()
    assert len(of(facts, AccountFact)) == 1001
    assert {fact.rules for fact in of(facts, GrantFact)} == {("0prrad",)}  # expand survives the lost link
    # users, groups, members, rules, apps, app groups, app users, push, schema, owners; log (a look first)
    assert reader.report.calls == 6 + 1 + 2 + 1 + 1 + 2 + 2 + 1 + 3 + 2 + 3
    assert org.calls["/api/v1/groups/00gempty/users"] == 0
    assert org.calls["/api/v1/apps/0oawiki/group-push/mappings"] == 0


def test_what_is_asked_of_the_listings() -> None:
    org = small_organisation()
    org.read()
    assert org.queries("/users") == [{"search": "status pr", "limit": "200"}]
    assert org.queries("/groups") == [{"limit": "200", "expand": "stats"}]
    assert org.queries("/groups/00grad/users") == [{"limit": "1000", "expand": "group-rules"}]
    assert org.queries("/groups/00gempty/owners") == [{"limit": "1000"}]
    assert org.queries("/apps/0oafig/users") == [{"limit": "500"}]
    assert org.queries("/apps/0oafig/group-push/mappings") == [{"limit": "1000"}]
    people = next(each for each in org.requests if each.url.path == "/api/v1/users")
    assert "omitCredentials" in people.headers["content-type"]
    assert people.headers["authorization"] == "SSWS 00Tsecret"
    assert [each.url.path for each in org.requests[:2]] == ["/api/v1/logs", "/api/v1/groups/rules"]
    assert org.requests[-1].url.path == "/api/v1/logs"


def test_members_are_read_where_no_statistics_are_given() -> None:
    org = small_organisation()
    org.lists["/groups"] = [group("00gempty", None)]
    org.read()
    assert org.calls["/api/v1/groups/00gempty/users"] == 1


def test_attribution_has_three_states_and_the_type_of_the_group_tells_the_rest() -> None:
    org = small_organisation()
    org.lists["/groups/00grad/users"] = [member("00unadia", with_rules=False)]
    for native, kind in (("00gapp", "APP_GROUP"), ("00gall", "BUILT_IN")):
        org.lists["/groups"].append(group(native, 1, kind=kind))
        org.lists[f"/groups/{native}/users"] = [member("00unadia", with_rules=False)]
    facts, _ = org.read()
    assert sorted(of(facts, GrantFact)) == [
        GrantFact("00unadia", Ref("", "group", "00gall"), "member", "automation", (), "okta"),
        GrantFact("00unadia", Ref("", "group", "00gapp"), "member", "app", (), "okta"),
        GrantFact("00unadia", Ref("", "group", "00grad"), "member", "unknown", (), "none"),
    ]


def test_an_okta_that_does_not_know_the_question_for_rules_attributes_nobody() -> None:
    org = small_organisation()
    org.special["/groups/00grad/users"] = [always(400, "E0000001")]
    org.lists["/groups/00grad/users"] = [member("00unadia", with_rules=False)]
    facts, reader = org.read()
    fact = GrantFact("00unadia", Ref("", "group", "00grad"), "member", "unknown", (), "none")
    assert of(facts, GrantFact) == [fact]
    assert org.queries("/groups/00grad/users") == [
        {"limit": "1000", "expand": "group-rules"},
        {"limit": "1000"},
    ]
    assert reader.report.not_visible == {}


def test_an_okta_that_takes_no_pages_of_a_thousand_members_is_asked_for_two_hundred_from_then_on() -> None:
    org = small_organisation()
    org.lists["/groups"].append(group("00gbeet", 1))
    for native in ("00grad", "00gbeet"):
        org.lists[f"/groups/{native}/users"] = [member("00unadia", "0prrad")]
        path = f"/groups/{native}/users"
        org.special[path] = [lambda request: too_many(org, request)] * 9
    facts, reader = org.read()
    assert {(fact.target.native_id, fact.rules) for fact in of(facts, GrantFact)} == {
        ("00grad", ("0prrad",)),
        ("00gbeet", ("0prrad",)),
    }
    limits = [
        query["limit"] for native in ("00grad", "00gbeet") for query in org.queries(f"/groups/{native}/users")
    ]
    assert (limits.count("200"), reader.report.problems) == (2, [])


def too_many(org: Organisation, request: httpx.Request) -> httpx.Response:
    """Okta where a page of members holds 200 at most."""
    if request.url.params["limit"] == "1000":
        return error(400, "E0000001")
    rows = org.lists[request.url.path.removeprefix("/api/v1")]
    return answer(rows)


def test_a_page_of_members_that_cannot_be_built_in_time_is_requested_smaller() -> None:
    org = small_organisation()
    late = [always(504, "E0000009"), no_answer]
    org.special["/groups/00grad/users"] = [*late, always(500, "E0000009")]
    facts, reader = org.read()
    assert [each["limit"] for each in org.queries("/groups/00grad/users")] == ["1000", "200", "100", "50"]
    assert (len(of(facts, GrantFact)), reader.report.problems) == (2, [])


def no_answer(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("too late", request=request)


def test_an_unreadable_record_is_a_problem_with_its_id() -> None:
    org = small_organisation()
    org.lists["/users"] += [{"id": "00ubad", "status": ["not", "text"]}, {"status": "ACTIVE"}]
    org.lists["/apps/0oafig/groups"].append({"id": "00gbad", "priority": "first"})
    facts, reader = org.read()
    assert [fact.native_id for fact in of(facts, AccountFact)] == ["00unadia", "00ulena"]
    found = sorted((problem.kind, problem.record, problem.where) for problem in reader.report.problems)
    assert found == [
        ("account", "", "/api/v1/users"),
        ("account", "00ubad", "/api/v1/users"),
        ("edge", "00gbad", "/api/v1/apps/0oafig/groups"),
    ]


@pytest.mark.parametrize(
    ("path", "code", "says"),
    [
        ("/users", error(401, "E0000011"), r"Okta refused the token \(E0000011\)\. Make a new one"),
        ("/users", error(403, "E0000006"), "people cannot be read.*okta.users.read"),
        ("/users", error(401, "E0000015"), "people cannot be read.*no licence"),
        ("/groups", error(403, "E0000006"), "groups cannot be read.*okta.groups.read"),
        ("/apps", error(400, "E0000001"), "Okta answered 400 E0000001"),
        ("/apps", error(302, ""), "Okta answered 302"),
        ("/users", error(404, "E0000007"), "people cannot be read.*Check that OKTA_URL"),
        (
            "/users",
            httpx.Response(200, content=b"<html>", headers={"content-type": "text/html"}),
            "instead of JSON",
        ),
        ("/users", answer({"not": "a list"}), "not a complete list of records"),
        ("/apps/0oafig/users", error(401, "E0000011"), "Okta refused the token"),
    ],
)
def test_what_fails_the_run_says_what_to_do(path: str, code: httpx.Response, says: str) -> None:
    org = small_organisation()
    org.special[path] = [lambda request: code]
    with pytest.raises(SourceFailed, match=says) as refusal:
        org.read()
    assert "00Tsecret" not in str(refusal.value)


def test_a_part_that_is_not_permitted_is_unknown_not_empty() -> None:
    org = small_organisation()
    for path in ("/apps/0oafig/users", "/groups/rules", "/logs", "/meta/schemas/group/default"):
        org.special[path] = [always(403, "E0000006")]
    for path in ("/groups/00grad/owners", "/apps/0oafig/group-push/mappings"):
        org.special[path] = [always(401, "E0000015")]
    facts, reader = org.read(log_cursor="kept")
    not_visible = reader.report.not_visible
    assert set(not_visible) == {"rule", "owner", "push", "event", "schema"}
    assert "/api/v1/groups/rules" in not_visible["rule"]
    assert "okta.groups.read" in not_visible["rule"]
    assert "no licence" in not_visible["owner"]
    (problem,) = reader.report.problems
    assert (problem.kind, problem.record, problem.where) == ("seat", "0oafig", "/api/v1/apps/0oafig/users")
    assert problem.reason == (
        "the people assigned to Figma cannot be read (the token may not see it): not visible, so what was"
        " known stays"
    )
    assert reader.report.cursors["log"] == "kept"
    assert len(of(facts, GrantFact)) == 2


def test_a_group_deleted_while_it_is_read_keeps_what_it_had() -> None:
    org = small_organisation()
    org.special["/groups/00grad/users"] = [always(404, "E0000007")]
    org.special["/groups/00grad/owners"] = [always(404, "E0000007")]
    facts, reader = org.read()
    assert of(facts, GrantFact) == []
    assert reader.report.not_visible == {}
    problems = sorted((each.kind, each.record, each.reason) for each in reader.report.problems)
    stays = "cannot be read (Okta answers 404): not visible, so what was known stays"
    assert problems == [
        ("grant", "00grad", f"the members of 00grad {stays}"),
        ("owner", "00grad", f"the owners of 00grad {stays}"),
    ]


def test_the_log_goes_on_from_its_cursor_until_an_empty_page() -> None:
    org = small_organisation()
    org.lists["/logs"] = [event(f"e{number}") for number in range(5)]
    org.page = 2
    facts, reader = org.read(log_cursor="YXQ6MQ", log_since=datetime(2026, 1, 1, tzinfo=UTC))
    assert [fact.uuid for fact in of(facts, EventFact)] == ["e1", "e2", "e3", "e4"]
    assert reader.report.cursors["log"] == "YXQ6NQ"
    assert [each.get("after") for each in org.queries("/logs")] == ["YXQ6MQ", "YXQ6Mw", "YXQ6NQ"]
    assert all("since" not in each for each in org.queries("/logs"))


def test_the_first_read_of_the_log_begins_at_a_moment_in_utc() -> None:
    org = small_organisation()
    org.read(log_since=datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=2))))
    look, first, second = org.queries("/logs")
    assert (look["limit"], look["filter"]) == ("1", first["filter"])
    assert first["since"] == "2025-12-31T23:30:00.000Z"
    assert (first["sortOrder"], first["limit"], "until" in first) == ("ASCENDING", "1000", False)
    assert 'eventType sw "app.user_management"' in first["filter"]
    assert "since" not in second
    assert second["filter"] == first["filter"]


def test_a_cursor_that_okta_no_longer_takes_begins_the_log_again() -> None:
    org = small_organisation()
    facts, reader = org.read(log_cursor="old", log_since=datetime(2026, 2, 1, tzinfo=UTC))
    assert [fact.uuid for fact in of(facts, EventFact)] == ["e1"]
    assert [each.get("since", "")[:10] for each in org.queries("/logs")] == ["", "2026-02-01", ""]
    assert reader.report.cursors["log"] == "YXQ6Mg"


def test_no_batch_is_larger_than_a_page_and_each_is_of_one_kind() -> None:
    org = small_organisation()
    org.lists["/users"] = [user(f"00u{number}") for number in range(450)]
    batches = [list(batch) for batch in org.reader().batches() if batch]
    assert max(len(batch) for batch in batches) == 200
    assert {len({type(fact) for fact in batch}) for batch in batches} == {1}


def test_the_reader_asks_only_its_own_host() -> None:
    org = small_organisation()
    org.read()
    assert {f"{each.url.scheme}://{each.url.host}" for each in org.requests} == {HOST}
    assert {each.method for each in org.requests} == {"GET"}
