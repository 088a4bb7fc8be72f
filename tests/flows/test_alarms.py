"""What admins are told at once and once: answers that wait for them, leavers who can still sign in."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from orgmodel.models import Finding, Run
from sandbox.okta.state import Group

from .blocks import alarm
from .conftest import TOMAS, Nordwind

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "http://127.0.0.1:8000"


@pytest.fixture
def desk(nordwind: Nordwind, settings: Any) -> Group:
    """The admins' group, with Tomas in it."""
    group = nordwind.tenant.add_group("it-admins", "Who may release")
    nordwind.tenant.add_member(group, nordwind.users["tomas"], TOMAS)
    configuration = settings.SIGHTLINE
    conventions = configuration.conventions
    settings.SIGHTLINE = replace(
        configuration,
        conventions=replace(conventions, visibility=replace(conventions.visibility, admins_group=group.name)),
    )
    nordwind.sync()
    nordwind.notify()
    assert nordwind.dms() == {}
    return group


def test_a_group_of_that_name_from_elsewhere_hears_nothing(nordwind: Nordwind, desk: Group) -> None:
    imported = nordwind.tenant.add_group(desk.name, "Who may do anything", "APP_GROUP")
    nordwind.tenant.add_member(imported, nordwind.users["nadia"], TOMAS)
    nordwind.sync()
    nordwind.okta.faults.empty("users")
    nordwind.sync()
    nordwind.notify()
    assert list(nordwind.dms()) == ["tomas"]


@pytest.mark.usefixtures("desk")
def test_an_answer_that_waits_is_told_to_the_admins_once(nordwind: Nordwind) -> None:
    nordwind.okta.faults.empty("users")
    for _ in range(2):
        (outcome,) = nordwind.sync()
        assert outcome["outcome"] == "quarantined"
        # The next sync may have begun, and take long.
        reading = Run.objects.create(source="okta", started=datetime.now(UTC))
        nordwind.notify()
        reading.delete()
    assert nordwind.dms() == {
        "tomas": [
            (
                "An Okta sync needs your review.\n"
                "The answer holds no users at all, where 4 are known: an empty answer is not an empty"
                " company. Check the token's admin role, then run the sync again or release this run.\n"
                "Nothing was applied; the portal shows what was known before.\n"
                "Look at it, then release it if it is true.\n"
                f"Everything: {HOME}/sources/"
            )
        ]
    }
    assert [post.blocks for post in nordwind.slack.posts] == [
        alarm(
            "An Okta sync needs your review.",
            [
                (
                    "The answer holds no users at all, where 4 are known:"
                    " an empty answer is not an empty company."
                    " Check the token's admin role, then run the sync again or release this run."
                ),
                "Nothing was applied; the portal shows what was known before.",
            ],
            "Look at it, then release it if it is true.",
            link=f"{HOME}/sources/",
        )
    ]
    nordwind.okta.faults.clear()
    nordwind.sync()
    nordwind.okta.faults.empty("users")
    nordwind.sync()
    nordwind.notify()
    assert len(nordwind.dms()["tomas"]) == 2


@pytest.mark.usefixtures("desk")
def test_an_answer_that_waits_is_no_news_once_it_is_well_again(nordwind: Nordwind) -> None:
    nordwind.okta.faults.empty("users")
    nordwind.sync()
    nordwind.okta.faults.clear()
    nordwind.sync()
    nordwind.notify()
    assert nordwind.dms() == {}


def overdue(fingerprint: str, **values: Any) -> Finding:
    """Somebody who left by their record and can still sign in, beyond the 15 minutes."""
    at = datetime.now(UTC)
    known = {
        "detector": "leaver-active",
        "severity": "high",
        "sentence": f"{fingerprint} left on 2026-03-01, and the Okta account is still active.",
        "evidence": {"overdue": True, "vanished": False},
        "sightings": 1,
        "first_seen": at,
        "last_seen": at,
    }
    return Finding.objects.create(fingerprint=fingerprint, **{**known, **values})


@pytest.mark.usefixtures("desk")
def test_of_a_leaver_found_later_it_is_said_that_there_are_others(nordwind: Nordwind) -> None:
    overdue("Quinn Abe")
    nordwind.notify()
    overdue("Pia Lund")
    nordwind.notify()
    assert [text.splitlines()[0] for text in nordwind.dms()["tomas"]] == [
        "1 person who left can still sign in.",
        "1 more person who left can still sign in.",
    ]


@pytest.mark.usefixtures("desk")
def test_leavers_who_can_still_sign_in_are_told_together_and_once(nordwind: Nordwind) -> None:
    overdue("Quinn Abe")
    overdue("Pia Lund")
    overdue("missing once", sightings=1, evidence={"overdue": True, "vanished": True})
    overdue("not yet", evidence={"overdue": False})
    overdue("accepted", state="accepted")
    overdue("another matter", detector="leaver-seats")
    for _ in range(2):
        nordwind.notify()
    assert nordwind.dms() == {
        "tomas": [
            (
                "2 people who left can still sign in.\n"
                "Quinn Abe left on 2026-03-01, and the Okta account is still active.\n"
                "Pia Lund left on 2026-03-01, and the Okta account is still active.\n"
                "Deactivate the Okta account, or correct the HR record.\n"
                f"Everything: {HOME}/drift/?detector=leaver-active"
            )
        ]
    }
    assert [post.blocks for post in nordwind.slack.posts] == [
        alarm(
            "2 people who left can still sign in.",
            [
                "Quinn Abe left on 2026-03-01, and the Okta account is still active.",
                "Pia Lund left on 2026-03-01, and the Okta account is still active.",
            ],
            "Deactivate the Okta account, or correct the HR record.",
            link=f"{HOME}/drift/?detector=leaver-active",
        )
    ]


@pytest.mark.usefixtures("desk")
def test_a_finding_that_comes_back_alerts_again(nordwind: Nordwind) -> None:
    overdue("Quinn Abe")
    nordwind.notify()
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"title": "Lead"})
    nordwind.sync()  # No such leaver is there: the finding is resolved.
    gone = Finding.objects.get(fingerprint="Quinn Abe")
    assert (gone.state, gone.alerted) == ("resolved", None)


def test_while_everything_is_held_nobody_is_alarmed(nordwind: Nordwind, settings: Any, desk: Group) -> None:
    settings.SIGHTLINE = replace(settings.SIGHTLINE, notify="hold")
    waiting = overdue("Quinn Abe")
    nordwind.notify()
    waiting.refresh_from_db()
    assert waiting.alerted is None
    assert (nordwind.outbox(), desk.name) == ([], "it-admins")
