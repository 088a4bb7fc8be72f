"""Okta's rows into facts: levels, dates, kept attributes, hostile text, and what is no record at all."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from orgmodel.reports import Problem, SourceFailed
from orgmodel.sources.okta import parse, shapes
from orgmodel.sources.okta.decode import rows
from orgmodel.sources.okta.parse import WORK_ATTRIBUTES, Parser

from .organisation import event, group, user

PARSER = Parser(level_keys=("role", "licence"), keep=WORK_ATTRIBUTES | {"badge", "skills"})


def one(shape: Any, row: dict[str, Any]) -> Any:
    problems: list[Problem] = []
    (found,) = rows(json.dumps([row]).encode(), shape, "/x", "", problems)
    assert problems == []
    return found


def account(**profile: Any) -> Any:
    return PARSER.account(one(shapes.User, user("00unadia", **profile)))


def refused(shape: Any, row: Any) -> Problem:
    problems: list[Problem] = []
    assert rows(json.dumps([row]).encode(), shape, "/x", "account", problems) == []
    return problems[0]


@pytest.mark.parametrize(
    ("profile", "level"),
    [
        ({"role": "Editor", "licence": "Full"}, "Editor, Full"),
        ({"licence": "Full", "role": "Editor"}, "Editor, Full"),
        ({"role": "Full", "licence": "full"}, "Full"),
        ({"Licence": "Full"}, "Full"),
        ({"role": "", "LICENCE": "Full"}, "Full"),
        ({"role": None}, "assigned"),
        ({"role": ["Editor", "Admin"]}, "Admin, Editor"),
        ({"role": ["Admin", "Editor"]}, "Admin, Editor"),
        ({"role": [{"name": "Editor"}, {"name": "Admin"}]}, "Admin, Editor"),
        ({"role": [{"value": "Editor"}, {"value": None}, {}, [], ["Admin"]]}, "Editor"),
        ({"role": {"displayName": "Editor", "value": "e1"}}, "Editor"),
        ({"role": [{"id": 7}]}, "7"),
        ({"role": "https://www.linkedin.com/in/nadia", "licence": "Full"}, "Full"),
        ({"role": "//people.example/nadia"}, "assigned"),
        ({"role": "MAILTO:nadia@nordwind.example"}, "assigned"),
        ({"role": "www.figma.com/@nadia"}, "assigned"),
        ({"role": "arn:aws:iam::123456789012:role/Admin"}, "arn:aws:iam::123456789012:role/Admin"),
        ({"role": "roles/bigquery.dataViewer"}, "roles/bigquery.dataViewer"),
        ({"role": "Cafe\u0301"}, "Caf\u00e9"),
        ({"role": ["", None], "licence": "Full"}, "Full"),
        ({"role": 7}, "7"),
        ({"role": {"of": "what"}}, "assigned"),
        ({"role": "x" * 900}, "x" * 200),
        ({"seat": "Full"}, "assigned"),
        (None, "assigned"),
    ],
)
def test_every_configured_key_with_a_word_is_a_level(profile: Any, level: str) -> None:
    assert PARSER.level(profile) == level


def test_the_name_falls_back_to_its_parts_then_to_the_login() -> None:
    assert account(displayName="Nadia B.", firstName="Nadia").name == "Nadia B."
    assert account(firstName="Nadia", lastName="Brandt").name == "Nadia Brandt"
    assert account(firstName="Nadia", lastName=None).name == "Nadia"
    assert account().name == "00unadia@nordwind.example"
    assert PARSER.account(one(shapes.User, {"id": "00unadia"})).name == "00unadia"


def test_only_named_attributes_are_kept_and_null_is_not_empty() -> None:
    found = account(team="radish", city=None, state="", badge=7, skills=["dbt", "sql"], mobilePhone="+49")
    assert found.attributes == {"team": "radish", "state": "", "badge": 7, "skills": ["dbt", "sql"]}


def test_who_and_when() -> None:
    found = account(
        employeeNumber="007066",
        managerId="10077",
        userType="Contractor",
        title="Gardener",
        timezone="Europe/Berlin",
        startDate="2024-02-05",
        endDate="2026-12-31T00:00:00Z",
    )
    assert (found.employee_number, found.manager_ref, found.worker_type) == ("007066", "10077", "Contractor")
    assert (found.title, found.time_zone) == ("Gardener", "Europe/Berlin")
    assert (found.start_date, found.end_date) == (date(2024, 2, 5), date(2026, 12, 31))
    assert found.updated == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert found.created is None


@pytest.mark.parametrize("end", ["31.12.2026", "0000-00-00", "9999-12-31", "", 20261231, "2024-02-01"])
def test_an_end_that_is_none_or_lies_before_the_start_is_no_end(end: Any) -> None:
    assert account(startDate="2024-02-05", endDate=end).end_date is None


def test_other_attributes_may_hold_id_manager_and_address() -> None:
    parser = Parser(id_attribute="hrId", manager_attribute="boss", email_attribute="workMail")
    found = parser.account(
        one(shapes.User, user("00u1", hrId=42, boss="lena", workMail="n@nordwind.example"))
    )
    assert (found.employee_number, found.manager_ref, found.email) == ("42", "lena", "n@nordwind.example")
    assert parser.account(one(shapes.User, user("00u1"))).email == "00u1@nordwind.example"


def test_hostile_text_is_bounded_and_fit_for_the_database() -> None:
    found = account(displayName="<!channel>\x00" + "x" * 10_000, team="\x00radish", badge=10**400)
    assert found.name == "<!channel>" + "x" * 490
    assert found.attributes["team"] == "radish"
    odd: dict[str, Any] = {"owner\x00": "a\x00b", "deep": {"a": [1]}, "long": "y" * 9000}
    row = one(shapes.Group, group("00g1", 1, "OKTA_GROUP", **odd))
    described = parse.group(row)
    assert described.profile == {"owner": "ab", "deep": '{"a": [1]}', "long": "y" * 2000}


def test_half_a_surrogate_pair_spoils_neither_page_nor_row() -> None:
    body = b'[{"id": "00u1", "profile": {"displayName": "Nadia \\ud83d"}}, {"id": "00u2"}]'
    problems: list[Problem] = []
    found = rows(body, shapes.User, "/x", "account", problems)
    assert [PARSER.account(each).name for each in found] == ["Nadia ", "00u2"]
    assert problems == []


@pytest.mark.parametrize(
    ("row", "record"),
    [
        ({"id": "00u1", "lastUpdated": "yesterday"}, "00u1"),
        ({"id": "00u1", "lastUpdated": "2026-03-01T09:00:00"}, "00u1"),  # no time zone
        ({"id": "../../oauth2"}, "../../oauth2"),
        ({"id": "a\x00b"}, "ab"),
        ({"id": ""}, ""),
        ({"id": 7}, ""),
        ({"id": "00u1", "profile": ["secret value"]}, "00u1"),
        ("secret value", ""),
        (None, ""),
    ],
)
def test_what_is_no_record_is_a_problem_without_its_values(row: Any, record: str) -> None:
    problem = refused(shapes.User, row)
    assert (problem.where, problem.record, problem.kind) == ("/x", record, "account")
    assert "secret" not in problem.reason


def test_a_problem_names_the_place_in_the_record() -> None:
    problem = refused(shapes.User, {"id": "00u1", "lastUpdated": "yesterday"})
    assert problem.reason == "unreadable: Invalid RFC3339 encoded datetime - at `$.lastUpdated`"


@pytest.mark.parametrize("body", [b"", b"{", b'{"a": 1}', b"null", b"\xff\xfe", b"[" * 100_000])
def test_a_page_that_is_no_list_fails_the_run(body: bytes) -> None:
    with pytest.raises(SourceFailed, match="not a complete list of records"):
        rows(body, shapes.User, "/x", "account", [])


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("STAGED", "pending"),
        ("PROVISIONED", "active"),
        ("ACTIVE", "active"),
        ("RECOVERY", "active"),
        ("PASSWORD_EXPIRED", "active"),
        ("LOCKED_OUT", "active"),
        ("SUSPENDED", "suspended"),
        ("DEPROVISIONED", "ended"),
        (None, "active"),
        ("FROZEN", "frozen"),
    ],
)
def test_how_an_account_stands_is_said_in_our_words_beside_oktas(status: str | None, state: str) -> None:
    found = PARSER.account(one(shapes.User, {"id": "00u1", "status": status}))
    assert (found.status, found.state) == (status or "", state)


@pytest.mark.parametrize(
    ("kind", "kept_by"),
    [
        ("OKTA_GROUP", "own"),
        ("APP_GROUP", "imported"),
        ("BUILT_IN", "built-in"),
        (None, "own"),
        ("NEW_KIND", "NEW_KIND"),
    ],
)
def test_who_keeps_a_group_is_said_in_our_words(kind: str | None, kept_by: str) -> None:
    assert parse.group(one(shapes.Group, {"id": "00g1", "type": kind})).type == kept_by


@pytest.mark.parametrize(
    ("href", "owner"),
    [
        ("https://nordwind.okta.example/api/v1/apps/0oaAD", "0oaAD"),
        ("https://nordwind.okta.example/api/v1/apps/0oaAD/", "0oaAD"),
        ("https://nordwind.okta.example/api/v1/idps/0oaX", ""),
        (None, ""),
        (7, ""),
    ],
)
def test_an_imported_group_names_the_app_it_comes_from(href: Any, owner: str) -> None:
    row = group("00g1", 1, "APP_GROUP") | {"_links": {"source": {"href": href}}}
    assert parse.group(one(shapes.Group, row)).parent == owner


@pytest.mark.parametrize(
    ("row", "user_name", "external_id"),
    [
        ({"credentials": {"userName": "mara.lind"}, "externalId": "MARA.LIND"}, "mara.lind", "MARA.LIND"),
        ({"credentials": {"userName": None}, "externalId": None}, "", ""),
        ({"credentials": None}, "", ""),
        ({}, "", ""),
    ],
)
def test_as_whom_an_app_knows_an_account(row: dict[str, Any], user_name: str, external_id: str) -> None:
    found = PARSER.seat("0oa1", one(shapes.AppUser, {"id": "00unadia", "status": "ACTIVE", **row}))
    assert (found.user_name, found.external_id) == (user_name, external_id)


def test_an_app_of_which_little_is_known() -> None:
    found = parse.app(
        one(shapes.App, {"id": "0oa1", "settings": {"implicitAssignment": True}, "features": None})
    )
    assert (found.name, found.status, found.features) == ("0oa1", "active", ())
    assert found.profile == {"implicit": True, "sign_on": ""}


def test_a_rule_of_which_parts_are_missing() -> None:
    found = parse.rule(one(shapes.Rule, {"id": "0pr1", "conditions": {"people": {"users": None}}}))
    assert (found.name, found.expression, found.targets, found.excluded) == ("0pr1", "", (), ())


def test_events_are_reduced_to_their_cause() -> None:
    line = event(
        "5d0c1c34-7e4f",
        actor={"id": "0oaWF", "type": "PublicClientApp", "displayName": "Okta Workflows"},
        transaction={"type": "JOB", "id": "eru1", "detail": None},
        debugContext={"debugData": {"changedAttributes": "department, managerId,"}},
        target=[
            {"id": "0ua1", "type": "AppUser"},
            {"id": "0oaFIG", "type": "AppInstance"},
            {"id": "00u1", "type": "User"},
            {"id": "00u2", "type": "User"},
            {"id": None, "type": None},
        ],
    )
    (found,) = parse.events([one(shapes.Event, line)])
    assert (found.account, found.app, found.group) == ("00u1", "0oaFIG", "")
    assert (found.actor_type, found.actor_id, found.actor_name) == (
        "PublicClientApp",
        "0oaWF",
        "Okta Workflows",
    )
    assert (found.transaction_type, found.transaction_id, found.token_id, found.rule) == (
        "JOB",
        "eru1",
        "",
        "",
    )
    assert found.changed == ("department", "managerId")


@pytest.mark.parametrize("result", ["FAILURE", "SKIPPED", "UNKNOWN", None])
def test_only_what_succeeded_is_an_event(result: Any) -> None:
    assert parse.events([one(shapes.Event, event("e1", result))]) == []
    assert parse.events([one(shapes.Event, {**event("e1"), "outcome": None})]) == []
