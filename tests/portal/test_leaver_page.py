"""What is left of somebody who left: the message to the manager and the page it links to say the same."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import LazySettings

from notifier.messages import render
from notifier.messages.stories import LeaverManagerStory
from notifier.move_context import episode_of
from notifier.notices import Composer, Notice, _leaver_manager
from orgmodel.facts import AccountFact, Fact, ResourceFact
from orgmodel.models import Move, Person
from orgmodel.queries.access.target import Target
from orgmodel.queries.history.leaving import keeps_account
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, app, group, member, moment, opens
from tests.portal.company import CONVENTIONS
from tests.portal.conftest import SignIn
from tests.portal.reading import words

pytestmark = pytest.mark.django_db

LENA = account("lena", "Lena Osei", employee_number="1")
NADIA = account("nadia", "Nadia Brandt", employee_number="2", manager_ref="1")
CLOSES = ("PUSH_NEW_USERS", "PUSH_USER_DEACTIVATION")
THINGS: list[Fact] = [
    group("00gcuc", "team-cucumber"),
    app("0oafigma", "Figma")._replace(features=CLOSES),
    app("0oagraf", "Grafana"),
    app("0oadog", "Datadog")._replace(features=("PUSH_NEW_USERS", "SCIM_PROVISIONING")),
    opens("00gcuc", "0oafigma", "Editor"),
    opens("00gcuc", "0oagraf"),
    opens("00gcuc", "0oadog"),
    member("lena", "00gcuc"),
]


def sync(day: float, *facts: Fact, source: str) -> None:
    outcome = read_and_apply(FactsReader([*facts], source, size=50), CONVENTIONS, "hris", now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def leave(okta: AccountFact, *grants: Fact) -> Move:
    """Nadia leaves, by HR; `okta`: her account there afterwards, with what it still has."""
    records = [each._replace(native_id=each.employee_number) for each in (LENA, NADIA)]
    sync(0, *records, source="hris")
    sync(0, LENA, NADIA, member("nadia", "00gcuc"), *THINGS, source="okta")
    sync(1, LENA, okta, *grants, *THINGS, source="okta")
    sync(1, records[0], records[1]._replace(status="ended"), source="hris")
    return Move.objects.get(person__name="Nadia Brandt", kind="leaver")


def story_of(move: Move, settings: LazySettings) -> LeaverManagerStory:
    """What her manager is told."""
    configuration = replace(settings.SIGHTLINE, conventions=CONVENTIONS, hris="csv")
    composer = Composer(configuration, datetime(2026, 3, 10, tzinfo=UTC))
    lena = Person.objects.get(name="Lena Osei")
    story = Notice("leaver_manager", lena, _leaver_manager).compose(composer, episode_of(move))
    assert isinstance(story, LeaverManagerStory)
    return story


@pytest.mark.parametrize(
    ("okta", "grants", "text", "page"),
    [
        (
            NADIA._replace(status="DEPROVISIONED"),
            (),
            "1 app removed; 2 apps need manual removal.",
            (
                "Removed 1 app Figma – Editor",
                "Needs manual removal 2 apps Datadog , Grafana",
                "2 apps need manual removal",
            ),
        ),
        (
            NADIA,
            (member("nadia", "00gcuc"),),
            "1 Okta account is still active; 2 apps need manual removal.",
            (
                "Deactivate the Okta account. It is still active.",
                "Needs manual removal 2 apps Datadog , Grafana",
                "2 apps need manual removal",
            ),
        ),
        (
            NADIA._replace(status="SUSPENDED"),
            (),
            "1 app removed; 1 Okta account is suspended; 2 apps need manual removal.",
            (
                "Removed 1 app Figma – Editor",
                "Deactivate the Okta account. It is suspended.",
                "Needs manual removal 2 apps Datadog , Grafana",
            ),
        ),
    ],
)
def test_message_and_page_agree(
    conventions: None,
    okta: AccountFact,
    grants: tuple[Fact, ...],
    text: str,
    page: tuple[str, ...],
    settings: LazySettings,
    as_person: SignIn,
) -> None:
    move = leave(okta, *grants)
    assert render(story_of(move, settings)).text.splitlines()[:2] == [
        "Nadia Brandt left on 2 March (HR).",
        text,
    ]
    shown = words(as_person("lena").get(f"/moves/{move.pk}/").content)
    for part in page:
        assert part in shown
    assert "Nothing, as far as Sightline can see." not in shown


def test_nothing_is_left_where_every_app_hears_of_it(
    conventions: None, settings: LazySettings, as_person: SignIn, monkeypatch: Any
) -> None:
    hears = [
        each._replace(features=CLOSES) if isinstance(each, ResourceFact) and each.kind == "app" else each
        for each in THINGS
    ]
    monkeypatch.setattr("tests.portal.test_leaver_page.THINGS", hears)
    move = leave(NADIA._replace(status="DEPROVISIONED"))
    assert render(story_of(move, settings)).text.splitlines()[1] == "3 apps removed."
    shown = words(as_person("lena").get(f"/moves/{move.pk}/").content)
    assert "Removed 3 apps Datadog , Figma – Editor, Grafana" in shown
    assert "Nothing, as far as Sightline can see." in shown


@pytest.mark.parametrize(
    ("features", "keeps"),
    [
        ('["PUSH_NEW_USERS", "PUSH_USER_DEACTIVATION"]', False),
        ('["PUSH_NEW_USERS", "SCIM_PROVISIONING"]SAML_2_0', True),
        ("[]SAML_2_0", True),
        ("[]BOOKMARK", False),
    ],
)
def test_which_apps_keep_an_account(features: str, keeps: bool) -> None:
    assert keeps_account(Target(1, "app", "Figma", "0oafigma", features=features)) is keeps


@pytest.mark.parametrize(
    ("first_day_out", "last_day"),
    [(date(2026, 3, 4), date(2026, 3, 3)), (date(2026, 3, 11), None), (None, None)],
)
def test_the_message_names_the_last_day_that_is_over(
    first_day_out: date | None, last_day: date | None, settings: LazySettings
) -> None:
    move = leave(NADIA._replace(status="DEPROVISIONED"))
    Person.objects.filter(name="Nadia Brandt").update(end_date=first_day_out)
    assert story_of(Move.objects.get(pk=move.pk), settings).last_day == last_day


def test_the_page_of_the_move_and_of_the_person_say_the_same_as_the_message(as_person: SignIn) -> None:
    move = leave(NADIA._replace(status="DEPROVISIONED"), member("nadia", "00gcuc"))
    nadia = Person.objects.get(name="Nadia Brandt")
    Person.objects.filter(pk=nadia.pk).update(end_date=date(2026, 3, 2))
    page = words(as_person("lena").get(f"/moves/{move.pk}/").content)
    assert "Nadia Brandt left Last day 1 March 2026, seen on 2 March 2026 (Okta profile), " in page
    own = words(as_person("lena").get(f"/people/{nadia.key}/").content)
    assert "This person has left Nothing opens an app any more, 1 group is left behind." in own
    compared = words(as_person("lena").get("/compare/", {"a": "lena", "b": nadia.key}).content)
    assert "Nadia Brandt has left: nothing opens an app any more." in compared
