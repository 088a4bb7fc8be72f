"""Confidential is confidential: at every address, in every form, for everybody who may not know."""

import re
from dataclasses import replace
from difflib import unified_diff
from functools import cache
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from notifier import outbox
from notifier.plan import plan
from tests.orgmodel.sync.world import moment
from tests.portal.confidential.company import CONVENTIONS, WORDS, found, moves
from tests.portal.confidential.net import LEAVES, PageRequest, own, patterns, places, questions, stem, walk

pytestmark = pytest.mark.django_db
"""Not that they ask the database: pytest-django makes one only where a test says so."""
KEPT_OUT = ("anonymous", "stranger", "nadia", "ida", "nils", "mara", "otto")
MAY_KNOW = ("tomas", "agnes")
TOLD_TO_ADMINS = (
    "/groups/00gzephyr/",
    "/apps/0oawyvern.json",
    "/rules/0przephyr/",
    "/people/ida/",
    "/groups/",
)
COUNTS_EVERYTHING = {"metrics"}
"""For a monitor, never for a reader; docs/security.md says so."""
Answers = dict[bool, dict[str, dict[str, str]]]
"""With the secrets or without → reader → question → answer."""


def client_of(name: str) -> Client:
    client = Client(raise_request_exception=True)
    if name != "anonymous":
        user, _ = get_user_model().objects.get_or_create(
            username=name, defaults={"email": f"{name}@nordwind.example"}
        )
        client.force_login(user)
    return client


def written(configuration: Any) -> dict[str, str]:
    """Kind and recipient → all that would be sent, but for the numbers of moves."""
    plan(configuration, moment(9))
    found: dict[str, str] = {}
    for each in sorted(outbox.messages(), key=lambda one: one.text):
        name = f"{each.kind} to {each.to.partition('@')[0]}"
        text = re.sub(r"/moves/\d+", "/moves/of-somebody", f"{each.text}\n{each.blocks}")
        found[name] = found.get(name, "") + text
    return found


@cache
def requests_of(reader: str) -> list[PageRequest]:
    if reader in MAY_KNOW:
        return [PageRequest("", address) for address in TOLD_TO_ADMINS]
    return [each for each in questions(reader) if each.route not in COUNTS_EVERYTHING]


@pytest.fixture(scope="module")
def answers(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Answers:
    """What everybody is told in both companies; nothing of them stays."""
    conventions: Any = replace(settings.SIGHTLINE, conventions=CONVENTIONS)
    collected: Answers = {}
    with django_db_blocker.unblock(), override_settings(SIGHTLINE=conventions):
        for secrets in (True, False):
            with transaction.atomic(), time_machine.travel(moment(9), tick=False):
                found(secrets=secrets)
                numbers = moves()
                readers = (*KEPT_OUT, *MAY_KNOW) if secrets else KEPT_OUT
                collected[secrets] = {
                    reader: walk(client_of(reader), requests_of(reader), numbers) for reader in readers
                }
                collected[secrets]["messages"] = written(conventions)
                transaction.set_rollback(True)
    return collected


@pytest.mark.parametrize("reader", KEPT_OUT)
def test_whoever_may_not_know_sees_no_difference(answers: Answers, reader: str) -> None:
    differing = {
        str(each): _difference(answers[True][reader][str(each)], answers[False][reader][str(each)])
        for each in requests_of(reader)
        if not own(reader, each) and answers[True][reader][str(each)] != answers[False][reader][str(each)]
    }
    assert differing == {}, "\n\n".join(f"{where}\n{how}" for where, how in differing.items())


@pytest.mark.parametrize("reader", KEPT_OUT)
def test_no_answer_names_what_the_reader_may_not_know(answers: Answers, reader: str) -> None:
    """Also of what is there in both companies, and of what another holds in an answer about the reader."""
    named = [
        (str(each), word)
        for each in requests_of(reader)
        for word in WORDS
        if not _typed(each, word)
        and not (word == "zephyr" and reader in {"ida", "nils", "mara"} and own(reader, each))
        if word in answers[True][reader][str(each)].casefold()
    ]
    assert named == []


def test_messages_tell_nobody_what_they_may_not_know(answers: Answers) -> None:
    with_secrets, without = answers[True]["messages"], answers[False]["messages"]
    assert "Wyvern vault" in with_secrets["mover to vera"]
    assert "umbra" not in "".join(with_secrets.values()).casefold()
    assert "Nadia" in with_secrets["new_manager to mara"]
    assert with_secrets["new_manager to mara"] == without["new_manager to mara"]
    assert with_secrets["mover to nadia"] == without["mover to nadia"]


@pytest.mark.parametrize("reader", MAY_KNOW)
def test_admins_and_auditors_are_told(answers: Answers, reader: str) -> None:
    pages = answers[True][reader]
    for address in TOLD_TO_ADMINS:
        assert pages[address].startswith("200"), address
        assert any(word in pages[address].casefold() for word in WORDS), address


def test_holders_are_told_of_what_they_hold_and_of_nobody_else(answers: Answers) -> None:
    pages = answers[True]["ida"]
    assert "Zephyr vault" in pages["/"]
    assert "Zephyr circle" in pages["/people/ida/?tab=groups"]
    assert pages["/people/ida/why/Zephyr%20vault/"].startswith("200")
    assert answers[True]["nadia"]["/people/ida/why/Zephyr%20vault/"].startswith("404")
    assert answers[True]["nadia"]["/groups/00gzephyr/"].startswith("404")


@pytest.mark.parametrize("secrets", [True, False])
def test_what_others_have_is_told_with_a_hedge(answers: Answers, secrets: bool) -> None:
    """The same words, whether or not something is hidden; of oneself everybody is told all."""
    pages, own_ = answers[secrets]["nadia"], answers[secrets]["ida"]
    note = "Confidential groups and apps may be left out here."
    lost, never = pages["/people/nils/why/00gask/"], pages["/people/theo/why/0oafigma/"]
    assert "As far as you can see, Nils Lund is no longer in askers" in lost
    assert "Is Nils Lund in askers?" in lost
    assert "As far as you can see, Theo Lund does not have Figma." in never
    assert "Can Theo Lund use Figma?" in never
    assert note in lost
    assert "As far as you can see" not in own_["/people/ida/why/0oamiro/"]
    for address in ("/teams/pepper/", "/people/ida/", "/apps/0oafigma/", "/compare/?a=nadia&b=ida"):
        assert note in pages[address], address
    assert all(note not in answer for answer in answers[True]["tomas"].values())


def test_who_once_held_it_is_told_so_and_not_how_to_get_it_back(answers: Answers) -> None:
    pages = answers[True]["nils"]
    assert "Zephyr circle" in pages["/people/nils/?tab=history"]
    assert pages["/people/nils/why/Zephyr%20vault/"].startswith("404")


def test_the_net_knows_every_address() -> None:
    """A new route with a parameter needs values in the net."""
    assert {stem(route) for route in patterns()} >= LEAVES
    assert all(places(route) for route in patterns() if stem(route) not in LEAVES)


def _typed(question: PageRequest, word: str) -> bool:
    """The reader named it: a page may repeat what was asked."""
    return word in question.address.casefold()


def _difference(one: str, other: str) -> str:
    return "\n".join(list(unified_diff(other.splitlines(), one.splitlines(), "without", "with", n=0))[2:12])[
        :1200
    ]
