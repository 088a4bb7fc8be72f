"""The pretend tenant on the wire: paging, Link lines, filters, limits and error bodies."""

import http.client
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sandbox.okta.server import OktaServer

from .nordwind import TOMAS, small

NADIA = "nadia.brandt@nordwind.example"


@pytest.fixture
def okta() -> Iterator[OktaServer]:
    with OktaServer(small()) as server:
        yield server


def get(okta: OktaServer, path: str, **query: str) -> httpx.Response:
    headers = {"Authorization": f"SSWS {okta.token}"}
    address = path if path.startswith("http") else f"{okta.url}/api/v1{path}"
    return httpx.get(address, params=query or None, headers=headers, timeout=5)


def rows(okta: OktaServer, path: str, **query: str) -> list[Any]:
    answer = get(okta, path, **query)
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()
    return found


def refusal(answer: httpx.Response) -> tuple[int, str]:
    assert set(answer.json()) == {"errorCode", "errorSummary", "errorLink", "errorId", "errorCauses"}
    return answer.status_code, answer.json()["errorCode"]


def test_pages_have_two_link_lines_and_end_without_next(okta: OktaServer) -> None:
    for number in range(5):
        okta.tenant.add_user(f"person{number}@nordwind.example")
    line = http.client.HTTPConnection("127.0.0.1", okta.port, timeout=5)
    line.request("GET", "/api/v1/users?limit=4", headers={"Authorization": "SSWS 00Tsandbox"})
    answer = line.getresponse()
    body, links = json.loads(answer.read()), answer.headers.get_all("Link")
    line.close()
    assert len(body) == 4
    assert links is not None
    assert [link.rpartition("; ")[2] for link in links] == ['rel="self"', 'rel="next"']
    after = get(okta, links[1][1:].partition(">")[0])
    assert [row["profile"]["login"] for row in after.json()] == [
        "person3@nordwind.example",
        "person4@nordwind.example",
    ]
    assert "next" not in after.links


def test_the_next_link_loses_expand(okta: OktaServer) -> None:
    okta.tenant.add_user("pia.lund@nordwind.example", team="radish")
    radish = okta.tenant.group("team-radish").id
    first = get(okta, f"/groups/{radish}/users", limit="1", expand="group-rules")
    rule = okta.tenant.rule("Radish team")
    assert first.json()[0]["_embedded"] == {"group-rules": [{"id": rule.id, "name": "Radish team"}]}
    second = get(okta, first.links["next"]["url"])
    assert second.json()[0]["profile"]["login"] == "pia.lund@nordwind.example"
    assert "_embedded" not in second.json()[0]


def test_attribution_has_three_states(okta: OktaServer) -> None:
    tenant, radish = okta.tenant, okta.tenant.group("team-radish")
    pia = tenant.add_user("pia.lund@nordwind.example")
    tenant.add_member(radish, pia, TOMAS)
    by_rule, by_hand = rows(okta, f"/groups/{radish.id}/users", expand="group-rules")
    assert len(by_rule["_embedded"]["group-rules"]) == 1
    assert by_hand["_embedded"]["group-rules"] == []
    tenant.attribution = False
    assert all(
        "_embedded" not in row for row in rows(okta, f"/groups/{radish.id}/users", expand="group-rules")
    )


def test_the_plain_list_of_users_hides_the_deactivated(okta: OktaServer) -> None:
    okta.tenant.deactivate(okta.tenant.user(NADIA))
    assert rows(okta, "/users") == []
    assert [row["status"] for row in rows(okta, "/users", search="status pr")] == ["DEPROVISIONED"]
    assert len(rows(okta, "/users", filter='status eq "DEPROVISIONED"')) == 1
    assert rows(okta, "/users", filter='status eq "ACTIVE" or status eq "STAGED"') == []


def test_filters_compare_dates_with_and_without_fractions(okta: OktaServer) -> None:
    # small() looks at the clock: Everyone is made at 09:01, both teams by 09:05, Nadia last of all.
    assert rows(okta, "/users", filter='lastUpdated gt "2026-03-02T09:00:00Z"') != []
    assert rows(okta, "/users", filter='lastUpdated gt "2026-03-02T23:00:00.000Z"') == []
    since = '"2026-03-02T23:00:00.000Z"'
    assert rows(okta, "/groups", filter=f"lastUpdated gt {since} or lastMembershipUpdated gt {since}") == []
    assert [row["profile"]["name"] for row in rows(okta, "/groups", filter='type eq "BUILT_IN"')] == [
        "Everyone"
    ]


def test_groups_carry_stats_on_request_and_custom_keys(okta: OktaServer) -> None:
    plain = rows(okta, "/groups")
    assert [row["profile"]["name"] for row in plain] == ["Everyone", "team-cucumber", "team-radish"]
    assert "_embedded" not in plain[0]
    radish = rows(okta, "/groups", expand="stats")[2]
    assert radish["profile"] == {
        "name": "team-radish",
        "description": "AUTO team Radish",
        "airtableId": "rec2",
    }
    assert radish["_embedded"]["stats"] == {
        "usersCount": 1,
        "appsCount": 1,
        "groupPushMappingsCount": 0,
        "hasAdminPrivlege": False,
    }
    okta.tenant.add_push(okta.tenant.app("Figma"), okta.tenant.group("team-radish"))
    one = get(okta, f"/groups/{radish['id']}", expand="stats").json()
    assert one["_embedded"]["stats"]["groupPushMappingsCount"] == 1


def test_limits_are_clamped_to_their_maxima(okta: OktaServer) -> None:
    for number in range(210):
        okta.tenant.add_user(f"person{number}@nordwind.example")
    assert len(rows(okta, "/users", limit="1000")) == 200
    assert len(rows(okta, f"/groups/{okta.tenant.everyone.id}/users", limit="5000")) == 211
    assert refusal(get(okta, "/users", limit="many")) == (400, "E0000001")
    assert refusal(get(okta, "/users", limit="0")) == (400, "E0000001")


def test_rules_apps_and_assignments(okta: OktaServer) -> None:
    tenant = okta.tenant
    figma, nadia = tenant.app("Figma"), tenant.user(NADIA)
    radish = tenant.group("team-radish")
    tenant.add_owner(radish, nadia)
    tenant.add_push(figma, radish, "ERROR", "Group could not be linked")
    rule = rows(okta, "/groups/rules")[1]
    assert rule["conditions"]["expression"]["value"] == 'user.team == "radish"'
    assert rule["actions"]["assignUserToGroups"]["groupIds"] == [radish.id]
    assert [row["label"] for row in rows(okta, f"/groups/{radish.id}/apps")] == ["Figma"]
    assert [
        (row["id"], row["priority"], row["profile"]) for row in rows(okta, f"/apps/{figma.id}/groups")
    ] == [
        (tenant.group("team-cucumber").id, 1, {"role": "Editor"}),
        (radish.id, 2, {"role": "Viewer"}),
    ]
    (seat,) = rows(okta, f"/apps/{figma.id}/users")
    assert (seat["id"], seat["scope"], seat["profile"]["role"]) == (nadia.id, "GROUP", "Viewer")
    (push,) = rows(okta, f"/apps/{figma.id}/group-push/mappings")
    assert (push["status"], push["errorSummary"]) == ("ERROR", "Group could not be linked")
    assert push["created"].endswith("Z")
    assert "." not in push["created"]
    (owner,) = rows(okta, f"/groups/{radish.id}/owners")
    assert (owner["displayName"], owner["lastUpdated"]) == ("Nadia Brandt", "2026-03-27 03:16:15.0")
    query = {"filter": f'user.id eq "{nadia.id}"', "expand": f"user/{nadia.id}"}
    assert rows(okta, "/apps", **query)[0]["_embedded"]["user"]["scope"] == "GROUP"
    assert [row["profile"]["name"] for row in rows(okta, f"/users/{nadia.id}/groups")] == [
        "Everyone",
        "team-radish",
    ]
    assert get(okta, f"/users/{NADIA}").json()["id"] == nadia.id


def test_schemas_name_custom_attributes(okta: OktaServer) -> None:
    user = get(okta, "/meta/schemas/user/default").json()["definitions"]
    assert list(user["custom"]["properties"]) == ["team"]
    assert "managerId" in user["base"]["properties"]
    group = get(okta, "/meta/schemas/group/default").json()["definitions"]
    assert list(group["custom"]["properties"]) == ["airtableId"]
    assert rows(okta, "/meta/types/user")[0]["default"] is True


def test_refusals_speak_okta(okta: OktaServer) -> None:
    wrong = httpx.get(f"{okta.url}/api/v1/users", headers={"Authorization": "SSWS other"}, timeout=5)
    assert refusal(wrong) == (401, "E0000011")
    assert refusal(get(okta, "/nothing")) == (404, "E0000007")
    assert refusal(get(okta, "/groups/00gnobody/users")) == (404, "E0000007")
    assert refusal(get(okta, "/users/00unobody/groups")) == (404, "E0000007")
    assert refusal(get(okta, "/users", search='profile.team ~ "x"')) == (400, "E0000031")
    assert refusal(get(okta, "/users", search='status eq "ACTIVE" and')) == (400, "E0000031")
    assert refusal(get(okta, "/users", after="bm90aGluZw")) == (400, "E0000029")


def test_filter_takes_less_than_search(okta: OktaServer) -> None:
    since = '"2026-03-02T09:00:00.000Z"'
    for path, wrong in (
        ("/users", 'profile.team eq "radish"'),
        ("/users", f"lastUpdated eq {since}"),
        ("/users", 'status eq "ACTIVE" and profile.login sw "nadia"'),
        ("/groups", 'profile.name eq "team-radish"'),
    ):
        assert refusal(get(okta, path, filter=wrong)) == (400, "E0000031"), wrong
    assert len(rows(okta, "/users", search='profile.team eq "radish"')) == 1
    assert len(rows(okta, "/users", filter=f'status eq "ACTIVE" and (lastUpdated gt {since})')) == 1
    assert len(rows(okta, "/groups", search='profile.airtableId eq "rec2"')) == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written_and_the_attempt_is_counted(okta: OktaServer, method: str) -> None:
    radish, nadia = okta.tenant.group("team-radish"), okta.tenant.user(NADIA)
    address = f"{okta.url}/api/v1/groups/{radish.id}/users/{nadia.id}"
    headers = {"Authorization": f"SSWS {okta.token}"}
    assert refusal(httpx.request(method, address, headers=headers, timeout=5)) == (405, "E0000022")
    assert okta.calls == {f"{method} /api/v1/groups/{{id}}/users/{{id}}": 1}
    assert nadia.id in radish.members


def test_half_a_surrogate_pair_goes_out_escaped(okta: OktaServer) -> None:
    okta.tenant.add_group("odd \ud83d name")
    assert rows(okta, "/groups")[3]["profile"]["name"] == "odd \ud83d name"


def test_buckets_are_counted_apart(okta: OktaServer) -> None:
    radish = okta.tenant.group("team-radish").id
    okta.limits = {"groups": 2}
    first = get(okta, "/groups")
    assert (first.headers["X-Rate-Limit-Limit"], first.headers["X-Rate-Limit-Remaining"]) == ("2", "1")
    assert get(okta, f"/groups/{radish}/users").headers["X-Rate-Limit-Remaining"] == "0"
    assert refusal(get(okta, "/groups/rules")) == (429, "E0000047")
    assert get(okta, f"/groups/{radish}").status_code == 200
    assert get(okta, "/users").status_code == 200
    assert okta.calls["GET /api/v1/groups/{id}/users"] == 1
    assert okta.calls["GET /api/v1/groups"] == 1


def test_a_bucket_is_full_again_after_its_window(okta: OktaServer) -> None:
    okta.limit, okta.window = 1, 0
    assert [get(okta, "/users").status_code for _ in range(3)] == [200, 200, 200]


def test_a_server_that_never_started_can_be_stopped() -> None:
    server = OktaServer(small())
    server.stop()
    assert server.calls == {}


def test_why_a_single_member_is_in_a_group(okta: OktaServer) -> None:
    tenant, radish = okta.tenant, okta.tenant.group("team-radish")
    pia = tenant.add_user("pia.lund@nordwind.example")
    tenant.add_member(radish, pia, TOMAS)
    rule, nadia = tenant.rule("Radish team"), tenant.user(NADIA)
    assert rows(okta, f"/groups/{radish.id}/users/{nadia.id}/group-rules") == [
        {"id": rule.id, "name": "Radish team"}
    ]
    assert rows(okta, f"/groups/{radish.id}/users/{pia.id}/group-rules") == []
    tenant.remove_member(radish, pia, TOMAS)
    assert refusal(get(okta, f"/groups/{radish.id}/users/{pia.id}/group-rules")) == (404, "E0000007")


def test_single_objects_and_push_mappings_of_one_group(okta: OktaServer) -> None:
    tenant, figma = okta.tenant, okta.tenant.app("Figma")
    radish, cucumber = tenant.group("team-radish"), tenant.group("team-cucumber")
    tenant.add_push(figma, radish)
    tenant.add_push(figma, cucumber)
    mappings = f"/apps/{figma.id}/group-push/mappings"
    assert [row["sourceGroupId"] for row in rows(okta, mappings, sourceGroupId=radish.id)] == [radish.id]
    assert len(rows(okta, mappings, lastUpdated="2026-03-02T09:00:00Z")) == 2
    assert rows(okta, mappings, lastUpdated="2026-03-03T00:00:00Z") == []
    assert get(okta, f"/apps/{figma.id}").json()["label"] == "Figma"
    assert get(okta, f"/users/{tenant.user(NADIA).id}").json()["profile"]["login"] == NADIA
    assert refusal(get(okta, "/users/nobody@nordwind.example")) == (404, "E0000007")
