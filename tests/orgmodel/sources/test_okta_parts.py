"""What Okta does not give of one group, app or schema, and people whom its list left out."""

from typing import Any

import pytest

from orgmodel.facts import AccountFact, EdgeFact, GrantFact, ProfileFact, PushFact, SeatFact
from orgmodel.marks import Covered, Unreadable
from orgmodel.reports import SourceFailed
from tests.orgmodel.sync.world import WHOLE

from .organisation import HOST, Organisation, always, answer, app, member, of, small_organisation

USER_SCHEMA = "/api/v1/meta/schemas/user/default"


def schema(**types: str) -> dict[str, Any]:
    properties = {name: {"title": name, "type": kind} for name, kind in types.items()}
    return {"definitions": {"custom": {"properties": properties}}}


@pytest.mark.parametrize(
    ("status", "why"),
    [(400, "400 E0000001"), (405, "405 E0000001"), (500, "500 E0000001"), (404, "404")],
)
def test_one_part_that_okta_does_not_give_is_named_and_the_rest_goes_on(status: int, why: str) -> None:
    org = small_organisation()
    org.lists["/apps/0oawiki/users"] = [{"id": "00ulena", "scope": "USER"}]
    org.special["/apps/0oafig/users"] = [always(status, "E0000001")] * 8
    facts, reader = org.read()
    assert [(fact.account, fact.app) for fact in of(facts, SeatFact)] == [("00ulena", "0oawiki")]
    assert len(of(facts, EdgeFact)) == 1
    assert reader.report.not_visible == {}
    assert sorted(mark.kind for mark in of(facts, Covered)) == sorted(WHOLE["okta"])
    assert of(facts, Unreadable) == [Unreadable("seat", "0oafig")]
    (problem,) = reader.report.problems
    assert (problem.kind, problem.record) == ("seat", "0oafig")
    assert problem.reason == (
        f"the people assigned to Figma cannot be read (Okta answers {why}): not visible, so what was known"
        " stays"
    )


def test_a_part_that_is_read_for_no_object_at_all_is_not_visible() -> None:
    org = small_organisation()
    org.lists["/apps"].append(app("0oaother"))
    for native in ("0oafig", "0oawiki", "0oaother"):
        org.special[f"/apps/{native}/groups"] = [always(405, "E0000022")]
    facts, reader = org.read()
    assert of(facts, EdgeFact) == []
    assert {mark.kind for mark in of(facts, Covered)} == {*WHOLE["okta"]} - {"edge"}
    assert of(facts, Unreadable) == []
    assert reader.report.not_visible == {"edge": "/api/v1/apps/0oafig/groups: Okta answers 405 E0000022."}
    assert reader.report.problems == []


def test_an_okta_that_answers_errors_everywhere_fails_the_run() -> None:
    org = small_organisation()
    org.lists["/apps"] = [app(f"0oa{number}") for number in range(40)]
    for number in range(40):
        org.special[f"/apps/0oa{number}/users"] = [always(503, "E0000009")] * 4
    with pytest.raises(SourceFailed, match="Okta answers 503 to more than 25 questions"):
        org.read()


def test_a_few_apps_of_many_may_answer_errors_for_ever() -> None:
    org = small_organisation()
    org.lists["/apps"] = [app(f"0oa{number:03}") for number in range(200)]
    for number in range(170, 200):
        org.special[f"/apps/0oa{number}/users"] = [always(500, "E0000009")] * 4
    _, reader = org.read()
    assert len(reader.report.problems) == 30
    assert reader.report.not_visible == {}


@pytest.mark.parametrize(
    ("features", "counted", "calls"),
    [
        (["GROUP_PUSH"], 0, 1),
        (["SCIM_PROVISIONING"], 1, 1),
        (["PUSH_NEW_USERS"], 1, 1),
        (["PUSH_NEW_USERS"], None, 1),
        (["PUSH_NEW_USERS"], 0, 0),
        (None, 1, 1),
        (["IMPORT_NEW_USERS"], 1, 1),
        (["IMPORT_NEW_USERS"], 0, 0),
        (["IMPORT_NEW_USERS"], None, 0),
        ([], 1, 1),
    ],
)
def test_every_app_that_may_have_pushes_is_asked_for_them(features: Any, counted: Any, calls: int) -> None:
    org = small_organisation()
    org.lists["/apps"] = [app("0oafig") | {"features": features}]
    for row in org.lists["/groups"]:
        row["_embedded"]["stats"]["groupPushMappingsCount"] = counted if row["id"] == "00grad" else 0
    facts, reader = org.read()
    assert org.calls["/api/v1/apps/0oafig/group-push/mappings"] == calls
    assert len(of(facts, PushFact)) == calls
    assert reader.report.problems == []


PUSHES = "/apps/{}/group-push/mappings"


def counting(org: Organisation, mappings: int) -> None:
    """The groups say that so many of their mappings exist."""
    for row in org.lists["/groups"]:
        row["_embedded"]["stats"]["groupPushMappingsCount"] = mappings if row["id"] == "00grad" else 0


@pytest.mark.parametrize("status", [400, 404, 405])
def test_an_app_that_announces_no_pushes_and_does_not_know_the_question_has_none(status: int) -> None:
    org = small_organisation()
    org.lists["/apps"] = [app("0oafig", "SCIM_PROVISIONING")]
    counting(org, 1)
    org.special[PUSHES.format("0oafig")] = [always(status, "E0000007")]
    _, reader = org.read()
    assert (reader.report.problems, reader.report.not_visible) == ([], {})


@pytest.mark.parametrize(
    ("status", "why"), [(403, "the token may not see it"), (500, "Okta answers 500 E0000006")]
)
def test_what_an_app_that_announces_no_pushes_hides_is_unknown(status: int, why: str) -> None:
    org = small_organisation()
    org.lists["/apps"].append(app("0oasilent"))
    counting(org, 2)
    org.special[PUSHES.format("0oasilent")] = [always(status, "E0000006")] * 4
    _, reader = org.read()
    found = {problem.record: problem for problem in reader.report.problems}
    assert (found["0oasilent"].kind, reader.report.not_visible) == ("push", {})
    assert why in found["0oasilent"].reason


def test_silent_apps_are_asked_only_until_all_mappings_are_found() -> None:
    org = small_organisation()
    org.lists["/apps"] = [app(f"0oa{number:02}") for number in range(60)] + [app("0oafig", "PUSH_NEW_USERS")]
    counting(org, 1)
    facts, _ = org.read()
    assert [fact.app for fact in of(facts, PushFact)] == ["0oafig"]
    # Those that are on their way while it answers are a few; without the count there would be 61.
    assert sum(org.calls[f"/api/v1{PUSHES.format(f'0oa{number:02}')}"] for number in range(60)) < 20


def test_somebody_whom_the_list_left_out_is_asked_for() -> None:
    org = small_organisation()
    lena = org.lists["/users"].pop()
    org.special["/users/00ulena"] = [lambda request: answer(lena)]
    facts, reader = org.read()
    assert [fact.name for fact in of(facts, AccountFact)] == ["Nadia Brandt", "Lena Osei"]
    (problem,) = reader.report.problems
    assert (problem.kind, problem.record, problem.where) == ("", "00ulena", "/api/v1/users")
    assert problem.reason == (
        "the list of people was not whole: groups or apps name this one; was asked for by itself"
    )


@pytest.mark.parametrize("status", [404, 403, 500])
def test_somebody_who_is_named_and_cannot_be_found_is_kept(status: int) -> None:
    org = small_organisation()
    org.lists["/users"].pop()
    org.special["/users/00ulena"] = [always(status, "E0000007")] * 4
    facts, reader = org.read()
    assert [fact.name for fact in of(facts, AccountFact)] == ["Nadia Brandt"]
    (problem,) = reader.report.problems
    assert (problem.kind, problem.record) == ("account", "00ulena")


def test_a_list_that_is_narrowed_by_the_role_of_the_token_is_said_once() -> None:
    org = small_organisation()
    org.lists["/groups/00grad/users"] = [member(f"00u{number}") for number in range(1001)]
    facts, reader = org.read()
    assert len(of(facts, AccountFact)) == 2
    (problem,) = reader.report.problems
    assert (problem.kind, problem.record) == ("", "")
    assert problem.reason == (
        "the list of people leaves out 1,001 whom groups or apps name: check the admin role"
    )


def test_the_attributes_of_every_type_of_users_are_known() -> None:
    org = small_organisation()
    types = [
        {"id": "oty1", "default": True, "_links": {"schema": {"href": f"{HOST}{USER_SCHEMA}"}}},
        {
            "id": "oty2",
            "default": False,
            "_links": {"schema": {"href": "https://elsewhere.example/api/v1/meta/schemas/user/osc2"}},
        },
        {"id": "oty3", "_links": {"schema": {"href": "https://elsewhere.example/oauth2/v1/token"}}},
        {"id": "oty4", "_links": None},
    ]
    org.special["/meta/types/user"] = [lambda request: answer(types)]
    org.special["/meta/schemas/user/default"] = [lambda request: answer(schema(team="string"))]
    org.special["/meta/schemas/user/osc2"] = [lambda request: answer(schema(team="array", shift="string"))]
    facts, reader = org.read()
    assert of(facts, ProfileFact) == [
        ProfileFact("team", "team", "string", True),
        ProfileFact("shift", "shift", "string", False),
    ]
    assert {each.url.host for each in org.requests} == {"nordwind.okta.example"}
    assert reader.report.not_visible == {}


@pytest.mark.parametrize("status", [403, 404, 405, 500])
def test_a_schema_that_cannot_be_read_leaves_what_is_known(status: int) -> None:
    org = small_organisation()
    types = [{"id": "oty2", "_links": {"schema": {"href": f"{HOST}/api/v1/meta/schemas/user/osc2"}}}]
    org.special["/meta/types/user"] = [lambda request: answer(types)]
    org.special["/meta/schemas/user/default"] = [lambda request: answer(schema(team="string"))]
    org.special["/meta/schemas/user/osc2"] = [always(status, "E0000007")] * 4
    facts, reader = org.read()
    assert of(facts, ProfileFact) == []
    assert set(reader.report.not_visible) == {"schema"}
    assert len(of(facts, GrantFact)) == 2
