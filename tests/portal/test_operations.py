"""Changes, moves, reconciliation, sources, outbox, health: who may see them, what they say and do."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifier import outbox
from notifier.messages.stories import LostStory
from notifier.models import Outbox
from orgmodel.models import Finding, Move, Person, Run
from orgmodel.sync.findings import refresh_findings
from tests.orgmodel.sync.world import moment
from tests.portal.company import CONVENTIONS
from tests.portal.conftest import SignIn

pytestmark = pytest.mark.django_db

ADMIN_PAGES = ("/moves/", "/drift/", "/outbox/")
EVERYBODYS_PAGES = ("/changes/", "/sources/")


@pytest.fixture
def findings(nordwind: None) -> None:
    refresh_findings(CONVENTIONS, "okta", moment(9), frozenset())


def planned(state: str = "held") -> Outbox:
    """One message to Nadia."""
    nadia = Person.objects.get(key="nadia")
    draft = outbox.Draft(
        kind="lost",
        to=nadia.email,
        recipient_id=nadia.pk,
        story=LostStory(link="http://127.0.0.1:8000/moves/1/", person_name="Nadia", when=moment(9).date()),
        dedupe_key=f"lost:{state}",
        not_before=moment(9),
        deadline=moment(20),
        held="NOTIFY is set to hold" if state == "held" else "",
    )
    (pk,) = outbox.enqueue([draft])
    return Outbox.objects.get(pk=pk)


@pytest.mark.parametrize("address", [*ADMIN_PAGES, *EVERYBODYS_PAGES])
def test_strangers_and_passers_by_see_nothing(
    address: str, nordwind: None, as_person: SignIn, client: Client
) -> None:
    assert client.get(address).status_code == 302
    refused = as_person("stranger").get(address)
    assert refused.status_code == 403
    assert "no person of the company has your address" in refused.content.decode()


@pytest.mark.parametrize("address", ADMIN_PAGES)
def test_pages_of_the_operators_are_for_admins(address: str, nordwind: None, as_person: SignIn) -> None:
    assert as_person("lena").get(address).status_code == 403
    assert as_person("tomas").get(address).status_code == 200


@pytest.mark.parametrize("address", [*ADMIN_PAGES, *EVERYBODYS_PAGES])
def test_a_page_asks_little(address: str, findings: None, as_person: SignIn) -> None:
    client = as_person("tomas")
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    assert len(seen) <= 12


def test_the_feed_tells_what_changed_and_why(nordwind: None, as_person: SignIn) -> None:
    page = as_person("lena").get("/changes/").content.decode()
    assert "is now in team-cucumber." in page
    assert "Because team changed from radish to cucumber (rule “Cucumber team”)." in page
    entries = json.loads(as_person("lena").get("/changes.json").content)
    assert {"who": "Nadia Brandt", "sentence": "is no longer in team-radish."}.items() <= next(
        entry for entry in entries if entry["kind"] == "lost"
    ).items()
    assert b"is now in team-cucumber." in b"".join(as_person("lena").get("/changes.csv"))


def test_the_feed_is_filtered_by_the_address(nordwind: None, as_person: SignIn) -> None:
    entries = json.loads(as_person("lena").get("/changes.json?kind=assignment&q=nadia").content)
    assert {entry["sentence"] for entry in entries} == {"joined the team Cucumber.", "left the team Radish."}
    assert json.loads(as_person("lena").get("/changes.json?q=nobody+at+all").content) == []


def test_a_move_is_open_to_those_whom_it_concerns(nordwind: None, as_person: SignIn) -> None:
    move = Move.objects.get(person__key="nadia")
    address = f"/moves/{move.pk}/"
    page = as_person("nadia").get(address).content.decode()
    for words in (
        "team: radish → <b>cucumber</b>",
        "Figma",
        "Radish staging",
        "Kept, although nothing gives it",
    ):
        assert words in page
    assert as_person("tomas").get(address).status_code == 200
    assert as_person("quinn").get(address).status_code == 404
    assert as_person("nadia").get("/moves/999999/").status_code == 404


def test_findings_are_listed_and_decided(findings: None, as_person: SignIn) -> None:
    client = as_person("tomas")
    page = client.get("/drift/").content.decode()
    assert "kept" in page
    finding = Finding.objects.get(detector="kept-after-move")
    one = client.get(f"/drift/{finding.fingerprint}/")
    assert "curl -X DELETE" in one.content.decode()
    client.post(f"/drift/{finding.fingerprint}/decide/", {"do": "accepted", "until": "2026-12-31"})
    finding.refresh_from_db()
    assert (finding.state, finding.until) == ("accepted", datetime(2026, 12, 31, tzinfo=UTC))
    client.post(f"/drift/{finding.fingerprint}/decide/", {"do": "nonsense", "until": "yesterday"})
    finding.refresh_from_db()
    assert finding.state == "accepted"
    assert client.get("/drift/0000000000000000/").status_code == 404
    shape = json.loads(client.get("/drift.json?detector=kept-after-move&state=accepted").content)
    assert [each["people"] for each in shape] == [["nadia@nordwind.example"]]


def test_decisions_are_made_by_post_and_by_admins_alone(findings: None, as_person: SignIn) -> None:
    finding = Finding.objects.first()
    assert finding is not None
    address = f"/drift/{finding.fingerprint}/decide/"
    assert as_person("tomas").get(address).status_code == 405
    assert as_person("lena").post(address, {"do": "accepted"}).status_code == 403


def test_a_quarantined_answer_is_shown_and_released(nordwind: None, as_person: SignIn) -> None:
    run = Run.objects.create(
        source="okta", started=moment(9), finished=moment(9), outcome="quarantined",
        reason="The answer holds no users.",
        problems=[{"where": "/api/v1/users", "record": "00ubad", "reason": "unreadable", "kind": "account"}],
        not_visible={"owner": "grant okta.groups.read"},
    )  # fmt: skip
    page = as_person("tomas").get("/sources/").content.decode()
    assert "The answer holds no users." in page
    assert "00ubad" in page
    everybodys = as_person("lena").get("/sources/").content.decode()
    assert "00ubad" not in everybodys
    assert "Release" not in everybodys
    address = f"/sources/{run.pk}/release/"
    assert as_person("lena").post(address).status_code == 403
    assert as_person("tomas").post(address).status_code == 302
    run.refresh_from_db()
    assert run.released is not None


def test_messages_are_released_and_dropped(nordwind: None, as_person: SignIn) -> None:
    client = as_person("tomas")
    message = planned()
    assert "NOTIFY is set to hold" in client.get("/outbox/?state=held").content.decode()
    assert "Your access to" in client.get(f"/outbox/{message.pk}/").content.decode()
    client.post("/outbox/decide/", {"do": "release", "id": str(message.pk)})
    message.refresh_from_db()
    assert message.state == "planned"
    client.post("/outbox/decide/", {"do": "drop", "id": str(message.pk)})
    message.refresh_from_db()
    assert (message.state, message.reason) == ("suppressed", "dropped by an admin")
    assert json.loads(client.get("/outbox.json").content)[0]["to"] == "nadia@nordwind.example"
    assert client.get("/outbox/00000000-0000-0000-0000-000000000000/").status_code == 404


def test_health_needs_no_sign_in(nordwind: None, client: Client) -> None:
    assert client.get("/healthz").content == b"alive\n"
    assert client.get("/readyz").status_code == 200
    numbers = client.get("/metrics").content.decode()
    assert "sightline_people 5" in numbers
    assert "nadia" not in numbers.lower()
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 403


def test_nothing_read_is_not_ready(db: None, client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"Nothing was ever read: run manage.py sync.\n")


def test_a_portal_without_a_login_serves_only_its_health(db: None, client: Client, settings: Any) -> None:
    settings.SIGHTLINE = replace(settings.SIGHTLINE, entrance="closed")
    refused = client.get("/")
    assert refused.status_code == 503
    assert b"OIDC_ISSUER" in refused.content
    assert client.get("/healthz").status_code == 200
