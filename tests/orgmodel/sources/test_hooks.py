"""What deliveries are taken to be, without a database: secrets, their rotation, times, ids, sizes."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from orgmodel.conventions import Conventions
from orgmodel.sources import hooks, registry
from orgmodel.sources.hooks import EVERYTHING, Contents, Delivery, Hook, Named
from orgmodel.sources.okta.hook import HOOK
from portal.configure import load_configuration
from portal.environment import Environment

OLD, NEW = "the-old-value-of-the-hook", "the-new-value-of-the-hook"
NOW = datetime(2026, 8, 20, 5, 30, 15, tzinfo=UTC)
MARA, ANALYSTS, SNOWFLAKE = "00u1ab2CD3efGH4ij5d7", "00g7kLm8NoP9qRs1t5d7", "0oa4sNoWfLaKe6789c5d7"
RULE = "0pr3xYz4AbC5dEf6g5d7"


def delivery(authorization: str | None, body: bytes = b"{}") -> Delivery:
    headers = {} if authorization is None else {"Authorization": authorization}
    return Delivery(headers, body, NOW)


def target(kind: str, native: Any) -> dict[str, Any]:
    return {
        "id": native,
        "type": kind,
        "alternateId": "mara.lind@nordwerk.example",
        "displayName": "Mara Lind",
    }


def event(kind: str, *targets: Any, result: str = "SUCCESS") -> dict[str, Any]:
    return {"eventType": kind, "outcome": {"result": result, "reason": None}, "target": [*targets]}


def named(*events: Any) -> set[tuple[str, str]]:
    body = json.dumps({"eventType": "com.okta.event_hook", "eventId": "e1", "data": {"events": [*events]}})
    return set(hooks.read(HOOK, body.encode()).named)


@pytest.mark.parametrize(
    ("authorization", "good"),
    [
        (NEW, True),
        (OLD, True),
        (None, False),
        ("", False),
        (f"Bearer {NEW}", False),
        (NEW[:-1], False),
        (f"{NEW} ", False),
        (NEW.upper(), False),
        (f"{OLD},{NEW}", False),
        ("ключ", False),
    ],
)
def test_okta_is_known_by_the_value_of_its_header(authorization: str | None, good: bool) -> None:
    assert HOOK.verify(HOOK.secrets(f"{OLD}, {NEW}"), delivery(authorization)) is good


def test_a_value_with_a_space_is_one_value() -> None:
    secrets = HOOK.secrets("Bearer 0123456789abcdef")
    assert HOOK.verify(secrets, delivery("Bearer 0123456789abcdef"))
    assert not HOOK.verify(secrets, delivery("Bearer"))
    assert not HOOK.verify(secrets, delivery("0123456789abcdef"))


def test_a_value_outside_ascii_is_compared_byte_for_byte() -> None:
    secret = "schlüssel-für-den-haken"
    assert HOOK.verify(HOOK.secrets(secret), delivery(secret.encode().decode("latin-1")))


def configured(**values: str) -> dict[str, Any]:
    okta = {"OKTA_URL": "https://nordwerk.okta.com", "OKTA_TOKEN": "00T"}
    return dict(load_configuration(Environment(okta | values), Conventions()).hook_secrets)


def test_the_setting_takes_one_value_or_two_while_it_is_changed() -> None:
    assert configured() == {}
    assert configured(OKTA_EVENT_HOOK_SECRET=NEW) == {"okta": (NEW.encode(),)}
    both = (OLD.encode(), NEW.encode())
    assert configured(OKTA_EVENT_HOOK_SECRET=f"{OLD} , {NEW}") == {"okta": both}
    assert configured(OKTA_EVENT_HOOK_SECRET=f"{OLD}\r\n{NEW}\r\n") == {"okta": both}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("short", "OKTA_EVENT_HOOK_SECRET must have at least 20 characters."),
        (f"{NEW},short", "OKTA_EVENT_HOOK_SECRET must have at least 20 characters."),
        (
            f"{NEW},{OLD},{OLD}x",
            "OKTA_EVENT_HOOK_SECRET holds more than two values: keep the old one and the new one.",
        ),
    ],
)
def test_a_bad_value_stops_the_start_and_is_not_repeated(value: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        configured(OKTA_EVENT_HOOK_SECRET=value)
    assert str(caught.value) == sentence


def test_secrets_are_in_no_representation() -> None:
    okta = {"OKTA_URL": "https://nordwerk.okta.com", "OKTA_TOKEN": "00T", "OKTA_EVENT_HOOK_SECRET": NEW}
    assert NEW not in repr(load_configuration(Environment(okta), Conventions()))


def test_every_hook_has_a_path_of_its_own_and_a_setting() -> None:
    found = [each.hook for each in registry._SOURCES if each.hook is not None]
    assert len({hook.path for hook in found}) == len(found) > 0
    assert all(hook.variable.isupper() and hook.path.strip("/") == hook.path for hook in found)


def test_events_name_what_their_targets_are() -> None:
    assert named(
        event("group.user_membership.add", target("User", MARA), target("UserGroup", ANALYSTS)),
        event(
            "application.user_membership.add",
            target("AppUser", "0ua2assIGNment34d5d7"),
            target("AppInstance", SNOWFLAKE),
            target("User", MARA),
        ),
        event("group.user_membership.rule.trigger", target("GroupRule", RULE)),
    ) == {("account", MARA), ("group", ANALYSTS), ("app", SNOWFLAKE), ("rule", RULE)}


@pytest.mark.parametrize(
    "odd",
    [
        event("user.session.start", target("User", MARA)),
        event("group.rule.add", target("UserGroup", ANALYSTS)),
        event("application.user_membership.change_password", target("User", MARA)),
        event("group.user_membership.add", target("User", MARA), result="FAILURE"),
        {"eventType": "group.user_membership.add", "target": [target("User", MARA)]},
        event("group.user_membership.add", target("User", "mara.lind@nordwerk.example")),
        event("group.user_membership.add", target("User", "00umara.lind@nordwerk.example")),
        event("group.user_membership.add", target("User", ANALYSTS)),
        event("group.user_membership.add", target("User", None), target("User", 7), "User", None),
        event("group.privilege.grant", target("ROLE", "ROLE_ADMIN")),
        {"eventType": ["group.user_membership.add"], "target": {"id": MARA}},
        {"eventType": "user.lifecycle.create", "outcome": "SUCCESS", "target": None},
        "user.lifecycle.create",
        None,
    ],
)
def test_what_is_not_known_names_nothing_and_hides_nothing(odd: Any) -> None:
    good = event("group.profile.update", target("UserGroup", ANALYSTS))
    assert named(odd, good, odd) == {("group", ANALYSTS)}


@pytest.mark.parametrize(
    "body", [b"[]", b"null", b'"x"', b"{}", b'{"data": []}', b'{"data": {"events": {}}}']
)
def test_json_of_another_shape_is_a_delivery_that_names_nothing(body: bytes) -> None:
    assert hooks.read(HOOK, body).named == frozenset()


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"data": ', b"\xff\xfe", b"[" * 100_000, b"a=b&c=d"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(hooks.NotJson):
        hooks.read(HOOK, body)


def test_a_delivery_is_known_by_its_id_else_by_its_body() -> None:
    first = hooks.read(HOOK, b'{"eventId": "e1"}').key
    assert hooks.read(HOOK, b'{"eventId": "e1", "data": {}}').key == first
    assert hooks.read(HOOK, b'{"eventId": "e2"}').key != first
    nameless = hooks.read(HOOK, b'{"data": {}}').key
    assert hooks.read(HOOK, b'{"data": {}}').key == nameless != hooks.read(HOOK, b'{"data":{}}').key
    assert len(first) == len(nameless) == 64
    assert "e1" not in (first, nameless)


def listing(*natives: str) -> Hook:
    found = frozenset(Named("account", each) for each in natives)
    return Hook(path="x", variable="X", verify=lambda *_: True, contents=lambda _: Contents(found))


def test_what_could_be_an_address_is_no_id() -> None:
    odd = listing("7", "a@b.example", "Mara Lind", "", "x" * 65, "3332883884017713901", "rec_A-1")
    assert {each.native_id for each in hooks.read(odd, b"{}").named} == {
        "7",
        "3332883884017713901",
        "rec_A-1",
    }


def test_a_delivery_that_names_too_much_names_everything() -> None:
    assert len(hooks.read(listing(*map(str, range(1000))), b"{}").named) == 1000
    assert hooks.read(listing(*map(str, range(1001))), b"{}").named == {EVERYTHING}


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        ({"X-Okta-Verification-Challenge": "3eX_a-4.~"}, {"verification": "3eX_a-4.~"}),
        ({"X-Okta-Verification-Challenge": '<b>"'}, {"verification": '<b>"'}),
        ({"X-Okta-Verification-Challenge": "x" * 512}, {"verification": "x" * 512}),
        ({"X-Okta-Verification-Challenge": "x" * 513}, None),
        ({"X-Okta-Verification-Challenge": ""}, None),
        ({"X-Okta-Verification-Challenge": "a\tb"}, None),
        ({"X-Okta-Verification-Challenge": "ü"}, None),
        ({"Authorization": NEW}, None),
    ],
)
def test_the_challenge_is_echoed_where_it_is_short_and_printable(
    headers: dict[str, str], answer: dict[str, str] | None
) -> None:
    assert HOOK.challenge(headers) == answer


@pytest.mark.parametrize(
    ("moment", "fresh"),
    [
        ("1787203815", True),  # 2026-08-20 05:30:15 UTC
        ("1787203515", True),
        ("1787203514", False),
        ("1787204115", True),
        ("1787204116", False),
        ("2026-08-20T05:30:00+0000", True),
        ("2026-08-20T07:30:00+02:00", True),
        ("2026-08-20T05:24:00+0000", False),
        ("2026-08-20T05:30:00", False),
        ("", False),
        ("now", False),
        ("nan", False),
        ("inf", False),
        ("\uff11787203815", False),
    ],
)
def test_a_signed_time_is_that_of_now_within_five_minutes(moment: str, fresh: bool) -> None:
    assert hooks.is_fresh(moment, NOW) is fresh
