"""The pages of the operators: who may see which, and how much they ask the database."""

from dataclasses import replace

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orgmodel.models import Move
from tests.orgmodel.sync.world import moment
from tests.portal.company import CONVENTIONS, grow, tell
from tests.portal.conftest import SignIn
from tests.portal.keys import NADIA
from tests.portal.operations import finding, message, quarantined

pytestmark = pytest.mark.django_db

ADMIN_PAGES = ("/moves/", "/moves.csv", "/drift/", "/drift/f1/", "/drift.json", "/outbox/", "/outbox.csv")
EVERYBODYS_PAGES = ("/changes/", "/changes.csv", "/sources/", "/sources.json")
FORMS = ("/drift/f1/decide/", "/sources/1/release/", "/sources/1/drop/", "/outbox/decide/")
MOST = {"/changes/": 12, "/moves/": 12, "/drift/": 12, "/drift/f1/": 12, "/sources/": 12, "/outbox/": 12}


@pytest.fixture
def one_finding(nordwind: None) -> None:
    finding()


@pytest.fixture
def audited(settings: LazySettings, nordwind: None) -> None:
    """Lena, who is in the works council, may look at everything and change nothing."""
    visibility = replace(CONVENTIONS.visibility, auditors_group="works-council")
    conventions = replace(CONVENTIONS, visibility=visibility)
    settings.SIGHTLINE = replace(settings.SIGHTLINE, conventions=conventions)


@pytest.mark.parametrize("address", [*ADMIN_PAGES, *EVERYBODYS_PAGES])
def test_strangers_and_passers_by_see_nothing(
    address: str, one_finding: None, as_person: SignIn, client: Client
) -> None:
    assert client.get(address).status_code == 302
    refused = as_person("stranger").get(address)
    assert refused.status_code == 403
    assert "no person of the company has your address" in refused.content.decode()


@pytest.mark.parametrize("address", ADMIN_PAGES)
def test_pages_of_the_operators_are_for_admins(address: str, one_finding: None, as_person: SignIn) -> None:
    refused = as_person("nadia").get(address)
    assert refused.status_code == 403
    assert "This page is for the people who run Sightline." in refused.content.decode()
    assert as_person("tomas").get(address).status_code == 200


@pytest.mark.parametrize("address", EVERYBODYS_PAGES)
def test_everybody_sees_the_feed_and_the_sources(address: str, nordwind: None, as_person: SignIn) -> None:
    assert as_person("quinn").get(address).status_code == 200


@pytest.mark.parametrize("address", FORMS)
def test_what_changes_something_is_posted_by_admins(
    address: str, one_finding: None, as_person: SignIn
) -> None:
    assert as_person("tomas").get(address).status_code == 405
    assert as_person("lena").post(address).status_code == 403
    assert Client().post(address).status_code == 302


def test_auditors_see_everything_and_no_button(audited: None, as_person: SignIn) -> None:
    finding()
    held, run = message(), quarantined()
    lena = as_person("lena")
    for address in ("/drift/f1/", "/outbox/", f"/outbox/{held.pk}/", "/sources/"):
        page = lena.get(address)
        assert page.status_code == 200
        assert 'action="/drift/f1/decide/"' not in page.content.decode()
        assert 'action="/outbox/decide/"' not in page.content.decode()
        assert "/release/" not in page.content.decode()
    held_run = f"/sources/{run.pk}"
    for address in ("/drift/f1/decide/", "/outbox/decide/", f"{held_run}/release/", f"{held_run}/drop/"):
        assert lena.post(address, {"do": "drop", "all": "yes", "sure": "yes"}).status_code == 403
    held.refresh_from_db()
    assert held.state == "held"


def queries_of(client: Client, address: str) -> list[str]:
    """The questions of one page; the session's own two are not the page's."""
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return [q["sql"] for q in seen if "django_session" not in q["sql"] and "auth_user" not in q["sql"]]


@pytest.mark.parametrize("address", MOST)
def test_twenty_rows_ask_no_more_than_one(address: str, conventions: None, as_person: SignIn) -> None:
    tell()
    finding()
    message()
    quarantined()
    client = as_person("tomas")
    few = queries_of(client, address)
    grow(20)
    for number in range(2, 22):
        finding(f"f{number}")
        message(str(number))
        quarantined(8 + number / 100)
    many = queries_of(client, address)
    assert len(many) == len(few), "\n\n".join(many)
    assert len(few) <= MOST[address], f"{len(few)} queries:\n" + "\n\n".join(few)


def test_a_move_asks_the_same_however_much_changed(conventions: None, as_person: SignIn) -> None:
    tell()
    client, address = as_person("tomas"), f"/moves/{Move.objects.get(person__key=NADIA).pk}/"
    few = queries_of(client, address)
    grow(20)
    for number in range(20):
        finding(f"f{number}")
        message(str(number), move=Move.objects.get(person__key=NADIA).pk, due=moment(10))
    many = queries_of(client, address)
    assert len(many) == len(few), "\n\n".join(many)
