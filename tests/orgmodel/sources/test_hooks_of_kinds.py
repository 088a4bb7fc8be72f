"""Signatures of HR systems and Airtable, made with openssl and not by ourselves, and what deliveries name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from orgmodel.conventions import Conventions
from orgmodel.sources import hooks, registry
from orgmodel.sources.airtable.hook import HOOK as AIRTABLE
from orgmodel.sources.bamboohr.hook import HOOK as BAMBOO
from orgmodel.sources.hibob.hook import HOOK as HIBOB
from orgmodel.sources.hooks import EVERYTHING, Delivery, Hook, Named
from portal.configure import load_configuration
from portal.environment import Environment

BOB = (
    b'{"companyId": 636192, "type": "table.entry.created",'
    b' "data": {"employeeId": "3332883884017713901", "tableId": "work"}}'
)
BOB_NEW = "sONJ6N4rNOSTey/AD/IkA9ZZBPT+3E3zrbpyAY2ltaHRu+3glfPP5M6AmgMKlcxQ6htJojE4gpeYOY28dyuJYQ=="
BOB_OLD = "zrPJg00gGAlNGVRbLLiFbN5Yt2Nz4HYE2IGT8dDGANMpEtydZCHuJnr4sGyoSYePvtnDVC1odxvwmMkua7zPQw=="
"""The same body, with the secrets bob-secret-new and bob-secret-old."""
EMPLOYEE = b'{"type": "employee.updated", "data": {"companyId": "12345", "employeeId": "67890"}}'
BAMBOO_1787203800 = "9f3f4adffd8530ac916f3221140499b1e5580e3ce717aba88aa0173295a96995"
BAMBOO_1787203500 = "8cd548d42e45f2427db51ee1ac86e1942a39ca69abad2478e90af82a26ede8bc"
BAMBOO_BODY_ALONE = "9790ddd44bb909c023bbc2fbf78251050dd37df1f65c7b4383a2d96c2abad57c"
BAMBOO_TIME_FIRST = "2ba577e7276e9dee10c8f1da521375f22de30da45b7c07164f44901b79ccd443"
BAMBOO_SECRET = "bamboo-private-key"
PING = b'{"base":{"id":"appA1b2C3d4E5f6G7"},"webhook":{"id":"achA1"},"timestamp":"2026-08-20T05:30:14.000Z"}'
AIRTABLE_SECRET = "c2VjcmV0IG9mIHRoZSBiYXNl"
MAC = "7675bd897f8b2ec4790dfe682de7bca45a58b51ba3f8c44326f736ced5cac546"
MAC_OF_THE_TEXT = "d67870caedfd25dd88652adb86c5e294e7705b45461bbe3440b4b4e6ee0c13f5"
NOW = datetime(2026, 8, 20, 5, 30, 15, tzinfo=UTC)
"""1787203815 seconds since 1970."""


def good(hook: Hook, secret: str, body: bytes, at: datetime = NOW, **headers: str) -> bool:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return hook.verify(hook.secrets(secret), Delivery(named, body, at))


@pytest.mark.parametrize(
    ("signature", "secret", "expected"),
    [
        (BOB_NEW, "bob-secret-new", True),
        (BOB_NEW, "bob-secret-old, bob-secret-new", True),
        (BOB_OLD, "bob-secret-old,bob-secret-new", True),
        (BOB_OLD, "bob-secret-new", False),
        (f"sha512={BOB_NEW}", "bob-secret-new", False),
        (BOB_NEW.rstrip("="), "bob-secret-new", False),
        (BOB_NEW.lower(), "bob-secret-new", False),
        ("", "bob-secret-new", False),
    ],
)
def test_hibob_signs_the_body_in_base64(signature: str, secret: str, expected: bool) -> None:
    assert good(HIBOB, secret, BOB, Bob_Signature=signature) is expected


def test_one_byte_more_is_another_body() -> None:
    assert not good(HIBOB, "bob-secret-new", BOB + b"\n", Bob_Signature=BOB_NEW)
    assert not good(HIBOB, "bob-secret-new", BOB)


@pytest.mark.parametrize(
    ("signature", "moment", "later", "expected"),
    [
        (BAMBOO_1787203800, "1787203800", 0, True),
        (BAMBOO_1787203800, "1787203800", 285, True),
        (BAMBOO_1787203800, "1787203800", 286, False),
        (BAMBOO_1787203500, "1787203500", 0, False),
        (BAMBOO_1787203500, "1787203500", -60, True),
        (BAMBOO_1787203500, "1787203800", 0, False),
        (BAMBOO_BODY_ALONE, "", 0, False),
        (BAMBOO_BODY_ALONE, "1787203800", 0, False),
        (BAMBOO_TIME_FIRST, "1787203800", 0, False),
        (BAMBOO_1787203800.upper(), "1787203800", 0, False),
        ("", "1787203800", 0, False),
    ],
)
def test_bamboohr_signs_the_body_and_then_the_time_which_must_be_of_now(
    signature: str, moment: str, later: int, expected: bool
) -> None:
    headers = {"X-BambooHR-Signature": signature, "X-BambooHR-Timestamp": moment}
    at = NOW + timedelta(seconds=later)
    assert BAMBOO.verify(BAMBOO.secrets(BAMBOO_SECRET), Delivery(headers, EMPLOYEE, at)) is expected


def test_the_end_of_a_body_is_no_beginning_of_a_time() -> None:
    headers = {"X-BambooHR-Signature": BAMBOO_1787203800, "X-BambooHR-Timestamp": "}1787203800"}
    shifted = Delivery(headers, EMPLOYEE.removesuffix(b"}"), NOW)
    assert not BAMBOO.verify(BAMBOO.secrets(BAMBOO_SECRET), shifted)


@pytest.mark.parametrize(
    ("mac", "expected"),
    [
        (f"hmac-sha256={MAC}", True),
        (MAC, False),
        (f"sha256={MAC}", False),
        (f"hmac-sha256={MAC_OF_THE_TEXT}", False),
        ("hmac-sha256=", False),
        ("", False),
    ],
)
def test_airtable_signs_with_the_decoded_secret(mac: str, expected: bool) -> None:
    assert good(AIRTABLE, AIRTABLE_SECRET, PING, X_Airtable_Content_MAC=mac) is expected


def named(hook: Hook, body: bytes) -> set[Named]:
    return set(hooks.read(hook, body).named)


@pytest.mark.parametrize("hook", [HIBOB, BAMBOO])
def test_hr_systems_name_an_employee(hook: Hook) -> None:
    assert named(hook, BOB) == {Named("account", "3332883884017713901")}
    assert named(hook, EMPLOYEE) == {Named("account", "67890")}
    whole_number = b'{"data": {"employeeId": 3332883884017713901}}'
    assert named(hook, whole_number) == {Named("account", "3332883884017713901")}
    for odd in (
        b"{}",
        b"[]",
        b'{"data": []}',
        b'{"data": {"employeeId": null}}',
        b'{"data": {"employeeId": 1.5}}',
    ):
        assert named(hook, odd) == set()
    assert named(hook, b'{"data": {"employeeId": "mara@nordwerk.example"}}') == set()


def test_a_ping_of_airtable_names_everything() -> None:
    assert named(AIRTABLE, PING) == {EVERYTHING}
    later = PING.replace(b"05:30:14", b"05:30:15")
    assert hooks.read(AIRTABLE, PING).key != hooks.read(AIRTABLE, later).key


def configured(**values: str) -> dict[str, Any]:
    return dict(load_configuration(Environment(values), Conventions()).hook_secrets)


BOB_SETTINGS = {"HRIS": "hibob", "HRIS_USER": "service", "HRIS_TOKEN": "token"}
BAMBOO_SETTINGS = {"HRIS": "bamboohr", "HRIS_URL": "https://nordwerk.bamboohr.com", "HRIS_TOKEN": "token"}
AIRTABLE_SETTINGS = {
    "CONTROL_PLANE": "airtable",
    "AIRTABLE_TOKEN": "pat",
    "AIRTABLE_BASE": "appA1b2C3d4E5f6G7",
    "AIRTABLE_TABLE": "Units",
}


def test_a_secret_is_of_the_hr_system_that_is_set_up() -> None:
    secret = "a secret of the webhook"
    assert configured(**BOB_SETTINGS, HRIS_WEBHOOK_SECRET=secret) == {"hris": (secret.encode(),)}
    assert configured(**AIRTABLE_SETTINGS, AIRTABLE_WEBHOOK_SECRET=AIRTABLE_SECRET) == {
        "control": (b"secret of the base",)
    }
    assert configured(HRIS_WEBHOOK_SECRET=secret, AIRTABLE_WEBHOOK_SECRET=AIRTABLE_SECRET) == {}


@pytest.mark.parametrize("value", ["not base64!", "c2VjcmV0IG9mIHRoZSBiYXN", "c2VjcmV0 IG9mIHRoZSBiYXNl"])
def test_a_secret_of_airtable_that_cannot_be_decoded_stops_the_start(value: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        configured(**AIRTABLE_SETTINGS, AIRTABLE_WEBHOOK_SECRET=value)
    assert str(caught.value) == ("AIRTABLE_WEBHOOK_SECRET is not what the system gave: it cannot be decoded.")


@pytest.mark.parametrize(
    ("given", "path"),
    [(BOB_SETTINGS, "hris/hibob"), (BAMBOO_SETTINGS, "hris/bamboohr"), (AIRTABLE_SETTINGS, "airtable")],
)
def test_each_has_its_own_door_and_only_while_it_is_set_up(given: dict[str, str], path: str) -> None:
    found = load_configuration(
        Environment(
            given
            | {"HRIS_WEBHOOK_SECRET": "a secret of the webhook", "AIRTABLE_WEBHOOK_SECRET": AIRTABLE_SECRET}
        ),
        Conventions(),
    )
    doors = ["okta", "hris/hibob", "hris/bamboohr", "hris/humaans", "hris/csv", "airtable"]
    assert [door for door in doors if registry.hooked(found, door)] == [path]
    assert registry.hooked(replace(found, hook_secrets={}), path) is None
