"""The Okta reader against an organisation on an in-process transport."""

import threading
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from orgmodel.facts import (
    AccountFact,
    EdgeFact,
    EventFact,
    GrantFact,
    OwnerFact,
    PushFact,
    ResourceFact,
    SeatFact,
    SourceFailed,
)
from orgmodel.sources.okta import OktaConnection, OktaReader
from orgmodel.sources.okta.auth import Credentials

from .organisation import HOST, Organisation, answer, error


def user(native: str, **profile: Any) -> dict[str, Any]:
    return {
        "id": native,
        "status": "ACTIVE",
        "lastUpdated": "2026-03-01T09:00:00.000Z",
        "profile": {"login": f"{native}@nordwind.example", "email": f"{native}@nordwind.example", **profile},
    }


def group(native: str, count: int, kind: str = "OKTA_GROUP", **profile: Any) -> dict[str, Any]:
    return {
        "id": native,
        "type": kind,
        "profile": {"name": native, "description": None, **profile},
        "_embedded": {"stats": {"usersCount": count}},
    }


def member(native: str, *rules: str, told: bool = True) -> dict[str, Any]:
    row: dict[str, Any] = {"id": native, "status": "ACTIVE"}
    if told:
        row["_embedded"] = {"group-rules": [{"id": rule, "name": rule} for rule in rules]}
    return row


def organisation() -> Organisation:
    return Organisation(
        lists={
            "/users": [
                user("00unadia", firstName="Nadia", lastName="Brandt", team="radish", badge=7, secret="x"),
                user("00ulena", displayName="Lena Osei", managerId="00unadia"),
            ],
            "/groups": [group("00grad", 2, airtableId="recRAD", active=True), group("00gempty", 0)],
            "/groups/rules": [
                {
                    "id": "0prrad",
                    "name": "Radish",
                    "status": "ACTIVE",
                    "conditions": {"expression": {"value": 'user.team == "radish" AND user.badge > 3'}},
                    "actions": {"assignUserToGroups": {"groupIds": ["00grad"]}},
                }
            ],
            "/groups/00grad/users": [member("00unadia", "0prrad"), member("00ulena")],
            "/groups/00grad/owners": [
                {
                    "id": "00ulena",
                    "type": "USER",
                    "displayName": "Lena Osei",
                    "lastUpdated": "2026-03-27 03:16:15.0",
                }
            ],
            "/apps": [
                {
                    "id": "0oafig",
                    "name": "figma",
                    "label": "Figma",
                    "status": "ACTIVE",
                    "signOnMode": None,
                    "features": ["GROUP_PUSH", "PUSH_NEW_USERS"],
                }
            ],
            "/apps/0oafig/groups": [{"id": "00grad", "priority": 1, "profile": {"Role": "Editor"}}],
            "/apps/0oafig/users": [
                {
                    "id": "00unadia",
                    "scope": "GROUP",
                    "status": "PROVISIONED",
                    "syncState": "SYNCHRONIZED",
                    "profile": {"role": ["Editor", "Admin"]},
                }
            ],
            "/apps/0oafig/group-push/mappings": [
                {
                    "id": "gPm1",
                    "sourceGroupId": "00grad",
                    "targetGroupId": None,
                    "status": "ERROR",
                    "errorSummary": "no link",
                }
            ],
            "/logs": [
                {
                    "uuid": "e1",
                    "published": "2026-03-01T08:00:00.000Z",
                    "eventType": "group.user_membership.add",
                    "actor": {"id": "00ulena", "type": "User", "displayName": "Lena Osei"},
                    "outcome": {"result": "SUCCESS"},
                    "transaction": {"type": "WEB", "id": "t", "detail": {"requestApiTokenId": "00Tx"}},
                    "debugContext": {"debugData": {"triggeredByGroupRuleId": "0prrad"}},
                    "target": [{"id": "00grad", "type": "UserGroup"}, {"id": "00unadia", "type": "User"}],
                },
                {
                    "uuid": "e2",
                    "published": "2026-03-01T08:00:00.000Z",
                    "eventType": "group.user_membership.add",
                    "outcome": {"result": "FAILURE"},
                },
            ],
        }
    )


def read(org: Organisation, **options: Any) -> tuple[list[Any], OktaReader]:
    reader = OktaReader(
        OktaConnection(HOST, Credentials("00Tsecret")),
        level_keys=("role",),
        jitter=0.0,
        transport=org.transport(),
        **options,
    )
    return [fact for batch in reader.batches() for fact in batch], reader


def of(facts: list[Any], kind: type) -> list[Any]:
    return [fact for fact in facts if type(fact) is kind]


def test_everything_becomes_facts() -> None:
    facts, reader = read(organisation())
    people = {fact.native_id: fact for fact in of(facts, AccountFact)}
    assert people["00unadia"].name == "Nadia Brandt"
    assert people["00unadia"].attributes == {"team": "radish", "badge": 7}
    assert people["00ulena"].manager_ref == "00unadia"
    assert of(facts, GrantFact) == [
        GrantFact("00unadia", "00grad", "rule", ("0prrad",), "okta"),
        GrantFact("00ulena", "00grad", "unknown", (), "okta"),
    ]
    assert of(facts, EdgeFact) == [EdgeFact("00grad", "0oafig", "Editor", 1)]
    assert of(facts, SeatFact) == [
        SeatFact("00unadia", "0oafig", "GROUP", "PROVISIONED", "SYNCHRONIZED", "Editor, Admin", None)
    ]
    assert of(facts, OwnerFact) == [OwnerFact("00grad", "USER", "00ulena", "Lena Osei")]
    assert of(facts, PushFact) == [PushFact("gPm1", "0oafig", "00grad", "", "ERROR", "no link", None)]
    (event,) = of(facts, EventFact)
    assert (event.rule, event.token_id, event.account, event.group) == (
        "0prrad",
        "00Tx",
        "00unadia",
        "00grad",
    )
    groups = {fact.native_id: fact for fact in of(facts, ResourceFact)}
    assert groups["00grad"].profile == {"airtableId": "recRAD", "active": True}
    assert groups["0oafig"].features == ("GROUP_PUSH", "PUSH_NEW_USERS")
    assert reader.report.problems == []


def test_calls_are_the_formula() -> None:
    org = organisation()
    org.lists["/users"] = [user(f"00u{number}") for number in range(401)]
    org.lists["/groups/00grad/users"] = [member(f"00u{number}", "0prrad") for number in range(401)]
    facts, reader = read(org)
    assert len(of(facts, AccountFact)) == 401
    assert {fact.rules for fact in of(facts, GrantFact)} == {("0prrad",)}  # expand survives the lost link
    # users, groups, members, rules, apps, app groups, app users, push, schema, owners; log
    assert reader.report.calls == 3 + 1 + 3 + 1 + 1 + 1 + 1 + 1 + 3 + 2 + 2
    assert reader.report.cursor == "2"
    assert org.calls["/api/v1/groups/00gempty/users"] == 0


def test_attribution_has_three_states() -> None:
    org = organisation()
    org.lists["/groups/00grad/users"] = [member("00unadia", told=False)]
    org.lists["/groups"].append(group("00gapp", 1, kind="APP_GROUP"))
    org.lists["/groups/00gapp/users"] = [member("00unadia", told=False)]
    facts, _ = read(org)
    assert sorted(of(facts, GrantFact)) == [
        GrantFact("00unadia", "00gapp", "app", (), "okta"),
        GrantFact("00unadia", "00grad", "unknown", (), "none"),
    ]


def test_an_unreadable_record_is_a_problem_with_its_id() -> None:
    org = organisation()
    org.lists["/users"] += [{"id": "00ubad", "status": ["not", "text"]}, {"status": "ACTIVE"}]
    facts, reader = read(org)
    assert [fact.native_id for fact in of(facts, AccountFact)] == ["00unadia", "00ulena"]
    assert [(problem.record, problem.kind) for problem in reader.report.problems] == [
        ("00ubad", "account"),
        ("", "account"),
    ]


@pytest.mark.parametrize(
    ("path", "code", "says"),
    [
        ("/users", error(401, "E0000011"), "Okta refused the token"),
        ("/users", error(403, "E0000006"), "okta.users.read"),
        ("/groups", error(403, "E0000006"), "okta.groups.read"),
        ("/apps", error(400, "E0000001"), "Okta answered 400"),
        (
            "/users",
            httpx.Response(200, content=b"<html>", headers={"content-type": "text/html"}),
            "instead of JSON",
        ),
        ("/users", answer({"not": "a list"}), "no list of records"),
    ],
)
def test_what_fails_the_run_says_what_to_do(path: str, code: httpx.Response, says: str) -> None:
    org = organisation()
    org.special[path] = [lambda request: code]
    with pytest.raises(SourceFailed, match=says) as refusal:
        read(org)
    assert "00Tsecret" not in str(refusal.value)


def test_a_part_that_is_not_permitted_is_unknown_not_empty() -> None:
    org = organisation()
    for path in ("/apps/0oafig/users", "/groups/rules"):
        org.special[path] = [lambda request: error(403, "E0000006")]
    org.special["/groups/00grad/owners"] = [lambda request: error(401, "E0000015")]
    facts, reader = read(org)
    assert set(reader.report.not_visible) == {"seat", "rule", "owner"}
    assert "okta.apps.read" in reader.report.not_visible["seat"]
    assert len(of(facts, GrantFact)) == 2


def test_a_group_deleted_while_it_is_read_is_skipped() -> None:
    org = organisation()
    org.special["/groups/00grad/users"] = [lambda request: error(404, "E0000007")]
    facts, reader = read(org)
    assert of(facts, GrantFact) == []
    assert reader.report.not_visible == {}


def test_a_refusal_for_rate_is_waited_out_to_the_reset() -> None:
    org = organisation()
    date = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    headers = {
        "x-rate-limit-limit": "600",
        "x-rate-limit-remaining": "0",
        "x-rate-limit-reset": str(int(date.timestamp())),
        "date": format_datetime(date, usegmt=True),
    }
    org.special["/users"] = [lambda request: error(429, "E0000047", headers)] * 2
    facts, _ = read(org)
    assert len(of(facts, AccountFact)) == 2
    assert org.calls["/api/v1/users"] == 3


def test_server_errors_and_cut_connections_are_tried_again_then_given_up() -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError("cut")

    org = organisation()
    org.special["/users"] = [cut, lambda request: error(503, "")]
    assert len(of(read(org)[0], AccountFact)) == 2
    org = organisation()
    org.special["/apps"] = [cut] * 9
    with pytest.raises(SourceFailed, match=r"could not be reached at nordwind\.okta\.example"):
        read(org)


def test_a_foreign_or_looping_next_link_is_not_followed() -> None:
    def foreign(request: httpx.Request) -> httpx.Response:
        return answer(
            [user("00unadia")], headers={"link": '<https://evil.example/api/v1/users?after=1>; rel="next"'}
        )

    org = organisation()
    org.special["/users"] = [foreign]
    read(org)
    assert {request.url.host for request in org.asked} == {"nordwind.okta.example"}

    def elsewhere(request: httpx.Request) -> httpx.Response:
        return answer([user("00unadia")], headers={"link": f'<{HOST}/oauth2/v1/token>; rel="next"'})

    org = organisation()
    org.special["/users"] = [elsewhere]
    with pytest.raises(SourceFailed, match="another address"):
        read(org)

    def loop(request: httpx.Request) -> httpx.Response:
        return answer(
            [user("00unadia")], headers={"link": f'<{HOST}/api/v1/users?after=1&limit=200>; rel="next"'}
        )

    org = organisation()
    org.special["/users"] = [loop, loop, loop]
    with pytest.raises(SourceFailed, match="its own page"):
        read(org)


def test_a_reader_left_early_stops_its_threads() -> None:
    org = organisation()
    org.lists["/groups"] = [group(f"00g{number}", 1) for number in range(300)]
    for number in range(300):
        org.lists[f"/groups/00g{number}/users"] = [member("00unadia")]
    reader = OktaReader(OktaConnection(HOST, Credentials("t")), jitter=0.0, transport=org.transport())
    batches = reader.batches()
    for batch in batches:
        if batch and isinstance(batch[0], GrantFact | OwnerFact | EdgeFact):
            break
    before = threading.active_count()
    batches.close()  # type: ignore[attr-defined]  # it is a generator
    assert threading.active_count() <= before
    assert len(org.asked) < 600
