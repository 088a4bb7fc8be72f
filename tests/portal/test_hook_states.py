"""How the hooks are: on the sources page, in its JSON, for the doctor and for a monitor."""

from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.test import Client

from orgmodel.models import HookState
from orgmodel.sources.okta import OktaSettings
from orgmodel.sources.source import Line
from portal.management.commands.doctor import examine
from tests.orgmodel.sync.world import moment
from tests.portal.conftest import SignIn
from tests.portal.monitor import Sample, families, of, samples
from tests.portal.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nordwind")]
NONE_SET_UP = "No hook is set up: OKTA_EVENT_HOOK_SECRET is empty."
NOTHING_YET = "Hook: no delivery has come yet."
BOTH = "Hook: last delivery 1 day ago, 12 in all; 3 refused, the last one 12 hours ago."


@pytest.fixture(autouse=True)
def okta(settings: Any) -> Any:
    settings.SIGHTLINE = replace(
        settings.SIGHTLINE,
        # Nobody listens there: the doctor says so, and goes on.
        sources={"okta": OktaSettings(url="http://127.0.0.1:1", token="00T")},
        hook_secrets={"okta": (b"the-value-of-the-event-hook",)},
    )
    with time_machine.travel(moment(9), tick=False):
        yield


def came() -> None:
    HookState.objects.create(
        source="okta", accepted=12, received=moment(8), refused=3, refused_at=moment(8.5)
    )


def without_secret(settings: Any) -> None:
    settings.SIGHTLINE = replace(settings.SIGHTLINE, hook_secrets={})


def test_admins_and_auditors_see_how_a_hook_is(as_person: SignIn, settings: Any) -> None:
    tomas = as_person("tomas")
    assert NOTHING_YET in words(tomas.get("/sources/").content)
    came()
    assert BOTH in words(tomas.get("/sources/").content)
    assert [each["hook"] for each in tomas.get("/sources.json").json() if "hook" in each] == [
        {
            "ready": True,
            "accepted": 12,
            "received": "2026-03-09T09:00:00+00:00",
            "refused": 3,
            "refused_at": "2026-03-09T21:00:00+00:00",
        }
    ]
    without_secret(settings)
    assert NONE_SET_UP in words(tomas.get("/sources/").content)


def test_others_are_not_told_how_much_comes_in(as_person: SignIn) -> None:
    came()
    quinn = as_person("quinn")
    assert "Hook" not in words(quinn.get("/sources/").content)
    assert not [each for each in quinn.get("/sources.json").json() if "hook" in each]


def hook_lines(settings: Any) -> list[Line]:
    return [line for line in examine(settings.SIGHTLINE) if "hook" in line.what.lower()]


def test_the_doctor_says_how_a_hook_is_and_never_fails_for_it(settings: Any) -> None:
    todo = "It delivers to /hooks/okta/ with what OKTA_EVENT_HOOK_SECRET holds; see docs/settings.md."
    assert hook_lines(settings) == [Line(None, f"Okta: {NOTHING_YET}", todo)]
    HookState.objects.create(source="okta", refused=3, refused_at=moment(8.5))
    refused = "Okta: Hook: no delivery has come yet; 3 refused, the last one 12 hours ago."
    assert hook_lines(settings) == [Line(None, refused, todo)]
    HookState.objects.all().delete()
    came()
    assert hook_lines(settings) == [Line(True, f"Okta: {BOTH}", "")]
    without_secret(settings)
    assert [(line.ok, line.what) for line in hook_lines(settings)] == [(None, f"Okta: {NONE_SET_UP}")]


def test_a_monitor_gets_the_numbers(settings: Any) -> None:
    def hooks() -> dict[Sample, float]:
        found = families(Client())
        assert {found["hook_accepted"].type, found["hook_refused"].type} == {"counter"}
        return samples(each for name, each in found.items() if name.startswith("hook"))

    accepted, refused = of("hook_accepted_total", source="okta"), of("hook_refused_total", source="okta")
    assert hooks() == {accepted: 0, refused: 0}
    came()
    assert hooks() == {accepted: 12, refused: 3, of("hook_age_seconds", source="okta"): 86400}
    without_secret(settings)
    assert hooks() == {}
