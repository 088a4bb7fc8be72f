"""The doors for hooks: what is taken, what is refused, what stays of it, and what it wakes."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_q.models import Schedule

from orgmodel.configuration import Configuration
from orgmodel.models import HookDelivery, HookHint, HookState
from orgmodel.sources.okta import OktaSettings
from orgmodel.sync import hooks
from portal.timetable import keep_timetable
from tests.portal.conftest import SignIn

pytestmark = pytest.mark.django_db
OLD, NEW = "the-old-value-of-the-hook", "the-new-value-of-the-hook"
DOOR = "/hooks/okta/"
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
MARA, LEON, ANALYSTS = "00u1ab2CD3efGH4ij5d7", "00u9zy8XW7vuTS6rq5d7", "00g7kLm8NoP9qRs1t5d7"


@pytest.fixture(autouse=True)
def okta(settings: LazySettings) -> Iterator[None]:
    """An Okta with a hook whose secret is being changed, at a time that stands still."""
    settings.SIGHTLINE = replace(
        Configuration(entrance="tests"),
        sources={"okta": OktaSettings(url="https://nordwerk.okta.com", token="00T")},
        hook_secrets={"okta": (OLD.encode(), NEW.encode())},
    )
    with time_machine.travel(NOW, tick=False):
        yield


def body(identity: str = "e1", *users: str, kind: str = "group.user_membership.add") -> dict[str, Any]:
    targets = [{"id": each, "type": "User", "displayName": "Mara Lind"} for each in users or (MARA,)]
    targets.append({"id": ANALYSTS, "type": "UserGroup", "displayName": "analysts"})
    event = {"eventType": kind, "outcome": {"result": "SUCCESS"}, "target": targets}
    return {"eventType": "com.okta.event_hook", "eventId": identity, "data": {"events": [event]}}


def deliver(content: object, authorization: str = NEW, path: str = DOOR, **more: Any) -> int:
    """The status that the sender gets; its answer has no body and needs no session."""
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    headers = {"Authorization": authorization} if authorization else {}
    sent = {"content_type": "application/json", "headers": headers} | more
    answer = Client().post(path, text, **sent)
    assert (answer.content, len(answer.cookies)) == (b"", 0)
    return answer.status_code


def hints() -> dict[tuple[str, str], int]:
    return {(each.kind, each.native_id): each.count for each in HookHint.objects.filter(source="okta")}


def state() -> tuple[int, int]:
    """Accepted and refused."""
    found = HookState.objects.filter(source="okta").first()
    return (found.accepted, found.refused) if found else (0, 0)


def test_a_good_delivery_is_taken_without_an_answer() -> None:
    assert deliver(body()) == 204
    assert hints() == {("account", MARA): 1, ("group", ANALYSTS): 1}
    assert state() == (1, 0)
    assert HookState.objects.get().received == NOW


def test_both_values_are_good_while_the_secret_is_changed() -> None:
    assert [deliver(body("e1"), OLD), deliver(body("e2"), NEW)] == [204, 204]


@pytest.mark.parametrize("authorization", ["", "another", f"{NEW}x", f"SSWS {NEW}", "é" * 25])
def test_a_stranger_is_refused_and_counted_and_nothing_else_is_kept(authorization: str) -> None:
    assert deliver(body(), authorization) == 401
    assert (state(), hints(), HookDelivery.objects.count()) == ((0, 1), {}, 0)
    assert HookState.objects.get().waiting_since is None


@pytest.mark.parametrize(
    ("content", "more", "status"),
    [
        ("{", {}, 400),
        ("a=b", {}, 400),
        (b"\xff", {}, 400),
        ("", {"CONTENT_LENGTH": "0", "CONTENT_TYPE": "application/json"}, 400),
        ("a=b", {"content_type": "application/x-www-form-urlencoded"}, 415),
        ("{}", {"content_type": "text/plain"}, 415),
        ("{}", {"content_type": "multipart/form-data; boundary=x"}, 415),
        ("{}", {"content_type": "application/cloudevents+json"}, 204),
        ("{}", {"content_type": "application/json; charset=utf-8"}, 204),
        ("{}", {"CONTENT_LENGTH": ""}, 411),
        ("{}", {"CONTENT_LENGTH": "two"}, 411),
        ("{}", {"CONTENT_LENGTH": "-1"}, 411),
        ("{}", {"CONTENT_LENGTH": "1048577"}, 413),
        ("{}", {"CONTENT_LENGTH": "9" * 5000}, 413),
        ("{}" + " " * 1_048_574, {}, 204),
        ("{}" + " " * 1_048_575, {}, 413),
    ],
)
def test_only_json_of_a_sensible_size_is_read(content: Any, more: dict[str, Any], status: int) -> None:
    assert deliver(content, **more) == status
    assert state() == ((1, 0) if status == 204 else (0, 1))


def test_what_is_too_large_or_no_json_is_not_read_at_all() -> None:
    class Watched:
        def read(self, *_: object) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    watched: dict[str, Any] = {"wsgi.input": Watched()}
    for kind, length in (("application/json", "1048577"), ("application/x-www-form-urlencoded", "3")):
        answer = Client().generic("POST", DOOR, content_type=kind, CONTENT_LENGTH=length, **watched)
        assert answer.status_code in {413, 415}


@pytest.mark.parametrize("method", ["put", "patch", "delete", "head", "options"])
def test_nothing_else_may_be_done_there(method: str) -> None:
    answer = getattr(Client(), method)(DOOR)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert state() == (0, 0)


def test_okta_is_told_once_that_the_address_is_ours() -> None:
    for headers in ({}, {"Authorization": NEW}, {"Authorization": "another"}):
        answer = Client().get(DOOR, headers={"X-Okta-Verification-Challenge": "3eX_a", **headers})
        assert (answer.status_code, answer.json()) == (200, {"verification": "3eX_a"})
        assert answer["Content-Type"] == "application/json"
    assert Client().get(DOOR).status_code == 405
    assert Client().get(DOOR, headers={"X-Okta-Verification-Challenge": "x" * 513}).status_code == 405
    assert state() == (0, 0)


def test_a_door_of_nobody_is_not_there(settings: LazySettings) -> None:
    for path in ("/hooks/hris/", "/hooks/hris/csv/", "/hooks/nowhere/", "/hooks/okta/more/"):
        assert deliver(body(), path=path) == 404
    settings.SIGHTLINE = replace(settings.SIGHTLINE, hook_secrets={})
    assert deliver(body()) == 404
    challenge = {"X-Okta-Verification-Challenge": "3eX_a"}
    assert Client().get(DOOR, headers=challenge).status_code == 404
    settings.SIGHTLINE = replace(settings.SIGHTLINE, hook_secrets={"okta": (NEW.encode(),)}, sources={})
    assert deliver(body()) == 404
    assert HookState.objects.count() == 0


def test_the_last_slash_may_be_missing() -> None:
    assert deliver(body(), path="/hooks/okta") == 204


def test_a_portal_without_a_login_serves_no_door_either(settings: LazySettings) -> None:
    settings.SIGHTLINE = replace(settings.SIGHTLINE, entrance="closed")
    answer = Client().post(DOOR, "{}", content_type="application/json", headers={"Authorization": NEW})
    assert answer.status_code == 503


def test_whoever_is_signed_in_is_a_stranger_here(as_person: SignIn, settings: LazySettings) -> None:
    admin = as_person("tomas")
    assert admin.post(DOOR, body(), content_type="application/json").status_code == 401


def test_a_double_changes_nothing_and_wakes_nobody() -> None:
    assert [deliver(body()), deliver(body())] == [204, 204]
    assert hints() == {("account", MARA): 1, ("group", ANALYSTS): 1}
    assert (state(), HookDelivery.objects.count()) == ((2, 0), 1)
    hooks.take("okta")
    assert deliver(body()) == 204
    assert HookState.objects.get().waiting_since is None


def test_one_that_has_no_id_is_known_by_its_body() -> None:
    nameless = {key: value for key, value in body().items() if key != "eventId"}
    assert [deliver(nameless), deliver(nameless), deliver({**nameless, "n": 1})] == [204, 204, 204]
    assert hints() == {("account", MARA): 2, ("group", ANALYSTS): 2}


def test_in_any_order_the_same_is_named() -> None:
    first, second = body("e1", MARA), body("e2", LEON)
    assert [deliver(second), deliver(first), deliver(second)] == [204, 204, 204]
    assert hints() == {("account", MARA): 1, ("account", LEON): 1, ("group", ANALYSTS): 2}


def test_a_thousand_events_about_one_group_are_one_row() -> None:
    many = body()
    many["data"]["events"] *= 1000
    assert deliver(many) == 204
    for number in range(20):
        assert deliver(body(f"x{number}")) == 204
    assert hints() == {("account", MARA): 21, ("group", ANALYSTS): 21}
    assert HookHint.objects.count() == 2


def test_an_event_that_is_not_known_names_nothing_and_wakes() -> None:
    assert deliver(body(kind="user.session.start")) == 204
    assert hints() == {}
    assert HookState.objects.get().waiting_since == NOW


def test_a_flood_of_bad_deliveries_leaves_one_row() -> None:
    client = Client()
    for number in range(2000):
        answer = client.post(
            DOOR,
            json.dumps(body(f"e{number}")),
            content_type="application/json",
            headers={"Authorization": f"guess {number}"},
        )
        assert answer.status_code == 401
    assert (state(), HookState.objects.count()) == ((0, 2000), 1)
    assert (HookHint.objects.count(), HookDelivery.objects.count()) == (0, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM portal_session")
        assert cursor.fetchone() == (0,)


def test_rows_hold_no_name_and_no_address() -> None:
    odd = body()
    odd["data"]["events"][0]["target"][0] |= {"alternateId": "mara.lind@nordwerk.example", "x": "Mara Lind"}
    odd["data"]["events"][0]["actor"] = {
        "id": "00u9admiN1ab2cd3e5d7",
        "alternateId": "tomas@nordwerk.example",
    }
    assert deliver(odd) == 204
    rows = [str(row) for each in (HookHint, HookDelivery, HookState) for row in each.objects.values_list()]
    assert not [row for row in rows if "mara" in row.lower() or "@" in row or "00u9admiN" in row]


def queries(content: object, authorization: str = NEW) -> list[str]:
    client = Client(headers={"Authorization": authorization}, raise_request_exception=True)
    client.cookies["sessionid"] = "a cookie that nobody may look up"
    with CaptureQueriesContext(connection) as seen:
        client.post(DOOR, json.dumps(content), content_type="application/json")
    statements = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
    return [f"{sql.split()[0]} {table(sql)}" for sql in statements]


def table(sql: str) -> str:
    return next((word for word in sql.replace('"', "").split() if "_" in word and "(" not in word), "")


def test_a_delivery_takes_three_statements_and_the_first_two_more() -> None:
    keep_timetable()
    taken = ["INSERT orgmodel_hookdelivery", "INSERT orgmodel_hookhint", "INSERT orgmodel_hookstate"]
    found = queries(body("e1"))
    assert found == [*taken, "SELECT s.waiting_since", "UPDATE django_q_schedule"]
    hooks.take("okta")
    HookState.objects.update(waiting_since=NOW - timedelta(seconds=1))
    twenty = body("e2", *(f"00u{number:017d}" for number in range(20)))
    assert queries(twenty) == taken
    assert queries(body("e3"), "another") == ["INSERT orgmodel_hookstate"]


def next_early() -> datetime:
    found: datetime = Schedule.objects.get(func="portal.jobs.read_early").next_run
    return found


def test_the_first_delivery_brings_the_early_sync_forward_and_the_next_ones_do_not() -> None:
    keep_timetable()
    Schedule.objects.update(next_run=NOW + timedelta(minutes=4))
    assert deliver(body("e1")) == 204
    assert next_early() == NOW + timedelta(seconds=1)
    assert Schedule.objects.get(func="portal.jobs.read").next_run == NOW + timedelta(minutes=4)
    Schedule.objects.update(next_run=NOW + timedelta(minutes=4))
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        assert deliver(body("e2")) == 204
    assert next_early() == NOW + timedelta(minutes=4)


def test_without_a_timetable_a_delivery_is_taken_all_the_same() -> None:
    assert deliver(body()) == 204
    assert Schedule.objects.count() == 0
