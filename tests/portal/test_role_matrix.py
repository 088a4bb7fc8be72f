"""Who gets what: every route of the portal, by GET and by POST, for everybody who may ask.

A new route without a line fails. A partial, CSV and JSON are as public as their page: they share its line,
unless they have one of their own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from notifier import outbox
from notifier.messages.stories import LostStory
from orgmodel.models import Account, Finding, Move, Person, Resource, Rule, Run
from tests.orgmodel.sync.world import moment
from tests.portal.confidential.company import CONVENTIONS, WORDS, found
from tests.portal.confidential.net import patterns
from tests.portal.confidential.test_net import client_of
from tests.portal.role_matrix import MATRIX, PARTIALS, ROLES, UUID, Line

pytestmark = pytest.mark.django_db


def line_of(route: str) -> Line | None:
    """The line of a route: its own, or that of its page."""
    page = re.sub(r"\.(csv|json)$", "/", route) if route not in MATRIX else route
    return MATRIX.get("" if page == "me/" else page)


@dataclass(frozen=True)
class PageRequest:
    """One question: a route at one address. `typed`: what of the address an answer may say again."""

    route: str
    address: str
    typed: tuple[str, ...]


def request_to(route: str, line: Line, keys: dict[str, str]) -> PageRequest:
    """The route about the thing that its line names."""
    names = re.findall(r"<\w+:(\w+)>", route)
    values = [keys[line.about[name]] for name in names]
    path = f"/{route}"
    for name, value in zip(names, values, strict=True):
        path = re.sub(rf"<\w+:{name}>", value, path)
    return PageRequest(route, path + line.query, tuple(values))


def test_every_route_has_a_line() -> None:
    assert [route for route in patterns() if line_of(route) is None] == []


def test_every_line_has_a_route() -> None:
    assert sorted(set(MATRIX) - set(patterns())) == []


def questions() -> Iterator[tuple[str, str, Line]]:
    """Every route by GET, every page by POST, and the parts of pages."""
    for route in patterns():
        if line := line_of(route):
            yield "GET", route, line
            if not route.endswith((".csv", ".json")):
                yield "POST", route, line
            if route in PARTIALS:
                yield "PARTIAL", route, replace(line, query=PARTIALS[route])


@pytest.fixture(scope="module")
def answers(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> dict[str, dict[str, str]]:
    """Method and route → role → status, with "!" where the answer names what is confidential."""
    conventions: Any = replace(settings.SIGHTLINE, conventions=CONVENTIONS)
    statuses: dict[str, dict[str, str]] = {}
    with django_db_blocker.unblock(), override_settings(SIGHTLINE=conventions), transaction.atomic():
        with time_machine.travel(moment(9), tick=False):
            found(secrets=True)
            keys = of_operators()
            for method, route, line in questions():
                statuses[f"{method} {route}"] = {
                    role: answer(method, request_to(route, line, keys), line, who)
                    for role, who in (ROLES | {"owner": line.owner}).items()
                }
        transaction.set_rollback(True)
    return statuses


def answer(method: str, question: PageRequest, line: Line, who: str) -> str:
    """What one of them is told; nothing of it stays."""
    with transaction.atomic():
        client = client_of(who)
        ask = client.post if method == "POST" else client.get
        got: Any = ask(question.address, dict(line.form)) if method == "POST" else ask(question.address)
        body = b"".join(got.streaming_content) if got.streaming else got.content
        transaction.set_rollback(True)
    text = body.decode("utf-8", "replace").casefold()
    for typed in question.typed:
        text = text.replace(typed, "")
    return f"{got.status_code}{'!' if any(word in text for word in WORDS) else ''}"


def of_operators() -> dict[str, str]:
    """A finding, a message and a held answer, all about Zephyr; name → what stands in an address."""
    ida, zephyr = Person.objects.get(accounts__native_id="ida"), Resource.objects.get(native_id="00gzephyr")
    Finding.objects.create(
        fingerprint="f1",
        detector="kept-after-move",
        severity="medium",
        sentence="Ida Lund kept Zephyr circle.",
        people=[ida.pk],
        resources=[zephyr.pk],
        owner=ida,
        first_seen=moment(2),
        last_seen=moment(3),
    )
    (message,) = outbox.enqueue(
        [
            outbox.Draft(
                kind="lost",
                to=ida.email,
                recipient_id=ida.pk,
                story=LostStory(link="http://127.0.0.1:8000/", person_name="Zephyr", when=moment(3).date()),
                dedupe_key="lost:one",
                not_before=moment(9),
                deadline=moment(20),
                held="Zephyr is looked at.",
            )
        ]
    )
    held = Run.objects.create(
        source="okta", started=moment(8), outcome="quarantined", reason="Zephyr would vanish."
    )
    return {
        **dict(Resource.objects.values_list("native_id", "key")),
        **dict(Rule.objects.values_list("native_id", "key")),
        "ida": ida.key,
        "sumac": "sumac",
        "attribute": "department",
        "f1": "f1",
        "move": str(Move.objects.get(person__name="Vera Lund", kind="mover").pk),
        "message": str(message),
        "run": str(held.pk),
        "account": str(Account.objects.get(native_id="ida").pk),
        "uuid": UUID,
        "hook": "okta/",
    }


def test_everybody_gets_what_the_matrix_says(answers: dict[str, dict[str, str]]) -> None:
    differing = []
    for method, route, line in questions():
        found = " ".join(answers[f"{method} {route}"][role] for role in ROLES)
        expected = line.post or line.get if method == "POST" else line.get
        if found != expected:
            differing.append(f"{method} {route}: {found}, not {expected}")
    assert differing == [], "\n".join(differing)
