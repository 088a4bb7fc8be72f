"""Moves: the list, and one move as a story for those whom it concerns."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from notifier.models import Outbox
from orgmodel.models import Change, ManagerLine, Move, Person, Run
from tests.orgmodel.sync.world import moment
from tests.portal.company import grow, tell
from tests.portal.conftest import SignIn
from tests.portal.keys import NADIA
from tests.portal.operations import finding, message
from tests.portal.reading import read, words
from tests.portal.test_pages_queries import queries_of

pytestmark = pytest.mark.django_db
MOST = 12
"""Questions of a move: two dates, who was told, what is waited for, what stands, each single change."""


@pytest.fixture
def move(nordwind: None) -> Move:
    """Nadia's move from Radish to Cucumber."""
    return Move.objects.get(person__key=NADIA)


def test_a_move_is_a_story(move: Move, as_person: SignIn) -> None:
    page, links = read(as_person("nadia").get(f"/moves/{move.pk}/").content)
    for sentence in (
        "You moved from Radish to Cucumber",
        "2 March 2026 (Okta profile), not settled yet.",
        "team: Radish → Cucumber",
        "team-cucumber Because your team changed from Radish to Cucumber (rule “Cucumber team”).",
        (
            "Raised 1 app Because your team is now Cucumber (rule “Cucumber team”):"
            " Figma – Editor instead of Viewer"
        ),
        "Gone 1 app Came with your team Radish: Radish staging – Admin",
        (
            "You still have, outside your new team 1 app, won’t be removed automatically"
            " Added by Tomas Okafor in February: Radish on-call"
        ),
        "Still pending Nothing, as far as Sightline can see.",
        "No message about this move yet. Waiting for a second sync to confirm it.",
    ):
        assert sentence in page
    assert links["team-radish"] == f"/people/{NADIA}/why/team-radish-a46d5fd55d/"
    assert "/drift/" not in "".join(links.values())


def test_a_day_that_the_record_gives_has_no_time(move: Move, as_person: SignIn) -> None:
    Change.objects.filter(attribute="team").update(true_at=datetime(2026, 2, 27, tzinfo=UTC))
    page, _ = read(as_person("nadia").get(f"/moves/{move.pk}/").content)
    assert "team: Radish → Cucumber 27 February 2026" in page
    assert "27 February 2026, 00:00" not in page


def test_who_was_told_is_told(move: Move, as_person: SignIn) -> None:
    held = message(move=move.pk)
    finding()
    page, links = read(as_person("nadia").get(f"/moves/{move.pk}/").content)
    assert "Nadia Brandt held back access lost without a move" in page
    assert "NOTIFY is set to hold" not in page
    assert f"/outbox/{held.pk}/" not in links.values()
    seen = as_person("tomas").get(f"/moves/{move.pk}/").content
    page, links = read(seen)
    assert "NOTIFY is set to hold" in page
    assert f'<a href="/outbox/{held.pk}/">' in seen.decode()
    assert links[
        "Nadia Brandt kept radish-oncall after moving on 2026-03-02; nothing gives it any more."
    ] == ("/drift/f1/")
    assert "Release 1 held" in page


def test_a_settled_move_stays_as_it_was(move: Move, as_person: SignIn) -> None:
    Move.objects.filter(pk=move.pk).update(state="settled", settled=moment(2))
    page = words(as_person("nadia").get(f"/moves/{move.pk}/").content)
    assert "2 March 2026 (Okta profile), settled on 3 March 2026." in page
    assert "Neither the person nor a manager: there was nothing to tell them." in page


def test_who_runs_sightline_sees_that_admins_heard_of_a_leaver(move: Move, as_person: SignIn) -> None:
    Move.objects.filter(pk=move.pk).update(state="settled", settled=moment(2), kind="leaver")
    finding(detector="leaver-active")
    alarm = message()
    Outbox.objects.filter(pk=alarm.pk).update(kind="admin", about={"findings": ["f1"]}, created=moment(9))
    nobody = "Neither the person nor a manager: there was nothing to tell them."
    assert nobody in words(as_person("nadia").get(f"/moves/{move.pk}/").content)
    page = words(as_person("tomas").get(f"/moves/{move.pk}/").content)
    assert "to those who run Sightline" in page
    assert nobody not in page


def reports_to(name: str, began: float, ended: float | None) -> None:
    run = Run.objects.filter(source="okta").latest("started")
    nadia, manager = Person.objects.get(key=NADIA), Person.objects.get(accounts__native_id=name)
    ManagerLine.objects.filter(person=nadia, ended=None).update(ended=moment(20), run_ended=run)
    ManagerLine.objects.create(
        person=nadia,
        manager=manager,
        began=moment(began),
        run_began=run,
        ended=None if ended is None else moment(ended),
        run_ended=None if ended is None else run,
    )


def test_a_move_is_open_to_those_whom_it_concerns_alone(move: Move, as_person: SignIn) -> None:
    address = f"/moves/{move.pk}/"
    for name in ("nadia", "lena", "tomas"):
        assert as_person(name).get(address).status_code == 200
    refused = as_person("quinn").get(address)
    assert refused.status_code == 403
    assert "told to the person, to the managers before and after" in refused.content.decode()
    assert "Figma" not in words(refused.content)
    assert as_person("nadia").get("/moves/999999/").status_code == 404


@pytest.mark.parametrize(
    ("began", "ended", "status"), [(-5, 0.5, 403), (-5, 1.01, 200), (1.5, None, 200), (2.5, None, 403)]
)
def test_a_manager_sees_the_moves_of_their_time(
    began: float, ended: float | None, status: int, move: Move, as_person: SignIn
) -> None:
    Move.objects.filter(pk=move.pk).update(state="settled", settled=moment(2))
    reports_to("quinn", began, ended)
    assert as_person("quinn").get(f"/moves/{move.pk}/").status_code == status


def test_a_move_as_json_is_the_diff_of_the_command(move: Move, as_person: SignIn) -> None:
    answer = json.loads(as_person("lena").get(f"/moves/{move.pk}.json").content)
    assert answer["person"]["email"] == "nadia@nordwind.example"
    assert answer["gained"] == []
    assert [(each["app"], each["level"], each["direction"]) for each in answer["level_changed"]] == [
        ("Figma", "Editor", "raised")
    ]
    assert [each["app"] for each in answer["kept_unexplained"]] == ["Radish on-call"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 1),
        ("?kind=mover", 1),
        ("?kind=leaver", 0),
        ("?status=settled", 0),
        ("?q=BRANDT", 1),
        ("?q=lena", 0),
    ],
)
def test_moves_are_listed_and_narrowed(query: str, count: int, move: Move, as_person: SignIn) -> None:
    client = as_person("tomas")
    assert len(json.loads(client.get(f"/moves.json{query}").content)) == count
    assert (
        "Nadia Brandt changed team or department" in words(client.get(f"/moves/{query}").content)
    ) is bool(count)


def test_a_move_that_waits_longer_does_not_settle_in_the_past(move: Move, as_person: SignIn) -> None:
    Move.objects.filter(pk=move.pk).update(state="open", settles_at=timezone.now() + timedelta(minutes=2))
    assert "open settles" in words(as_person("tomas").get("/moves/").content)
    Move.objects.filter(pk=move.pk).update(settles_at=timezone.now() - timedelta(minutes=2))
    assert "open not settled yet" in words(as_person("tomas").get("/moves/").content)


@pytest.mark.parametrize("settles", [-1, 20_000])
def test_a_move_asks_no_more_for_twenty_rows(settles: int, conventions: None, as_person: SignIn) -> None:
    tell()
    move = Move.objects.get(person__key=NADIA)
    Move.objects.update(settles_at=moment(settles))
    address = f"/moves/{move.pk}/"
    few = queries_of(as_person, address, "tomas")
    grow(20)
    many = queries_of(as_person, address, "tomas")
    assert len(many) == len(few), "\n\n".join(many)
    assert len(few) <= MOST, f"{len(few)} queries:\n" + "\n\n".join(few)


def test_of_a_joiner_the_first_day_is_that_of_the_record(move: Move, as_person: SignIn) -> None:
    Move.objects.filter(pk=move.pk).update(kind="joiner")
    Person.objects.filter(key=NADIA).update(start_date=datetime(2026, 2, 16, tzinfo=UTC).date())
    page = words(as_person("tomas").get(f"/moves/{move.pk}/").content)
    assert "First day 16 February 2026, seen on 2 March 2026" in page
    Person.objects.filter(key=NADIA).update(start_date=datetime(2026, 3, 2, tzinfo=UTC).date())
    page = words(as_person("tomas").get(f"/moves/{move.pk}/").content)
    assert "First day" not in page
