"""A source that nobody knew before delivers as any other, by its one value; the sign-in has no part in it."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orgmodel.conventions import Conventions
from orgmodel.models import HookHint, HookState
from orgmodel.sources import registry
from orgmodel.sources.hooks import (
    Contents,
    Delivery,
    Hook,
    Named,
    Secrets,
    each_of,
    fields_of,
    is_fresh,
    signature_of,
)
from portal.configure import load_configuration
from portal.environment import Environment
from tests.orgmodel.sources.doors import DOORS
from tests.portal.conftest import SignIn

pytestmark = pytest.mark.django_db
SECRET = "the secret of all doors"


def sign(secret: bytes, delivery: Delivery) -> bytes:
    signed = delivery.body + b"|" + delivery.headers.get("X-Doors-Time", "").encode()
    return hmac.new(secret, signed, hashlib.sha256).hexdigest().encode()


def verify(secrets: Secrets, delivery: Delivery) -> bool:
    good = signature_of(delivery, "X-Doors-Signature", lambda secret: sign(secret, delivery), secrets)
    return good and is_fresh(delivery.headers.get("X-Doors-Time", ""), delivery.at)


def contents(body: Any) -> Contents:
    badges = each_of(fields_of(body).get("badges"))
    return Contents(frozenset(Named("group", each) for each in badges), fields_of(body).get("number", ""))


def challenge(headers: Mapping[str, str]) -> Mapping[str, str] | None:
    return {"doors": headers["X-Doors-Who"]} if "X-Doors-Who" in headers else None


HOOK = Hook(
    path="doors/berlin",
    variable="DOORS_HOOK_SECRET",
    verify=verify,
    contents=contents,
    challenge=challenge,
)


@pytest.fixture(autouse=True)
def doors(settings: LazySettings) -> Iterator[None]:
    given = {
        "DOORS_URL": "https://doors.example",
        "DOORS_TOKEN": "pretend",
        "DOORS_HOOK_SECRET": SECRET,
    }
    with registry.add(replace(DOORS, hook=HOOK)):
        found = load_configuration(Environment(given), Conventions())
        settings.SIGHTLINE = replace(found, entrance="tests")
        yield


def deliver(client: Client, body: dict[str, Any], moment: str, secret: str = SECRET) -> int:
    text = json.dumps(body)
    signature = hmac.new(secret.encode(), f"{text}|{moment}".encode(), hashlib.sha256).hexdigest()
    headers = {"X-Doors-Time": moment, "X-Doors-Signature": signature}
    answer = client.post("/hooks/doors/berlin/", text, content_type="application/json", headers=headers)
    return answer.status_code


BODY = {"number": "n1", "badges": ["b1", "b2"]}


def test_it_is_taken_by_its_own_signature_and_time(time_machine: Any) -> None:
    time_machine.move_to("2026-08-20T05:30:15+00:00", tick=False)
    client = Client()
    assert deliver(client, BODY, "2026-08-20T05:30:00Z") == 204
    assert deliver(client, BODY, "2026-08-20T05:25:00Z") == 401
    assert deliver(client, BODY, "2026-08-20T05:30:00Z", "another secret of doors") == 401
    assert deliver(client, {"number": "n2"}, "2026-08-20T05:30:00Z") == 204
    assert set(HookHint.objects.values_list("source", "kind", "native_id")) == {
        ("doors", "group", "b1"),
        ("doors", "group", "b2"),
    }
    state = HookState.objects.get()
    assert (state.source, state.accepted, state.refused) == ("doors", 2, 2)
    assert client.get("/hooks/doors/berlin/", headers={"X-Doors-Who": "?"}).json() == {"doors": "?"}


def test_a_session_is_not_looked_up_whatever_the_entrance(as_person: SignIn, settings: LazySettings) -> None:
    settings.SIGHTLINE = replace(settings.SIGHTLINE, entrance="oidc")
    tomas = as_person("tomas")
    with CaptureQueriesContext(connection) as seen:
        assert deliver(tomas, BODY, "no time") == 401
    (only,) = seen.captured_queries
    assert "INSERT INTO orgmodel_hookstate" in only["sql"]
