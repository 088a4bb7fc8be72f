"""What stands beside access on the pages: open to everyone, not read, not usable."""

from dataclasses import replace

import pytest
from django.core.management import call_command

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact, ResourceFact
from orgmodel.queries.moments import now
from orgmodel.queries.people import find_person
from orgmodel.queries.visibility import OPERATOR
from orgmodel.queries.why.answer import why_for
from orgmodel.reports import Problem, Report
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, app, group, member, moment, opens, seat
from tests.portal.conftest import SignIn
from tests.portal.keys import LENA, NADIA, QUINN
from tests.portal.reading import words

pytestmark = pytest.mark.django_db
OPEN = "Open to everyone: whoever can sign in may use it. Okta lists no assignments for that."


def wiki(status: str = "active") -> ResourceFact:
    return app("0oawiki", "Wiki", status)._replace(profile={"implicit": True, "sign_on": "SAML_2_0"})


FACTS: list[Fact] = [
    account("nadia", "Nadia Brandt"),
    account("lena", "Lena Osei", status="STAGED"),
    account("quinn", "Quinn Abe"),
    group("00grad", "team-radish"),
    app("0oafigma", "Figma"),
    opens("00grad", "0oafigma"),
    member("nadia", "00grad"),
    member("lena", "00grad"),
    seat("nadia", "0oafigma", "GROUP", status="SUSPENDED"),
    seat("lena", "0oafigma", "GROUP", sync_state="ERROR"),
]


def sync(*more: Fact, problems: tuple[Problem, ...] = ()) -> None:
    reader = FactsReader([*FACTS, *more], size=50, report=Report(problems=list(problems)))
    assert read_and_apply(reader, Conventions(), "okta", now=moment(0)).outcome == "applied"


def test_an_app_that_is_open_to_everyone_says_so(
    as_person: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    sync(wiki())
    page = as_person("nadia")
    assert OPEN in words(page.get("/apps/wiki-6ad0b4ad4a/").content)
    assert "Nobody has it" not in words(page.get("/apps/wiki-6ad0b4ad4a/").content)
    assert OPEN in words(page.get(f"/people/{QUINN}/why/wiki-6ad0b4ad4a/").content)
    assert OPEN not in words(page.get("/apps/figma-3cc92972d4/").content)
    answer = why_for(find_person("quinn"), "Wiki", now(), OPERATOR)
    assert (answer.has, answer.sentence) == (None, OPEN)
    call_command("who", "Wiki")
    assert "Open to everyone" in capsys.readouterr().out


def test_an_inactive_app_is_open_to_nobody(as_person: SignIn) -> None:
    sync(wiki("inactive"))
    assert OPEN not in words(as_person("nadia").get("/apps/wiki-6ad0b4ad4a/").content)


def test_assignments_that_cannot_be_used_are_said(
    as_person: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    sync()
    call_command("who", "Figma")
    page = " ".join(capsys.readouterr().out.split())
    assert (
        "Assigned, but may be unable to open it: Lena Osei (Okta could not deliver it); Nadia Brandt"
        " (suspended in the app)."
    ) in page
    nadia = words(as_person("nadia").get(f"/people/{NADIA}/").content)
    assert "Assigned, but may not open: Figma (suspended in the app)." in nadia
    own = words(as_person("nadia").get("/").content)
    assert "Assigned, but may not open: Figma (suspended in the app)." in own
    assert "may not open" not in words(as_person("nadia").get(f"/people/{QUINN}/").content)
    past = words(as_person("nadia").get(f"/people/{NADIA}/?at=2026-02-01").content)
    assert "may not open" not in past


def test_somebody_who_cannot_sign_in_yet_is_said(as_person: SignIn) -> None:
    sync()
    page = words(as_person("nadia").get(f"/people/{LENA}/").content)
    assert "The Okta account has not been activated yet; for now nothing of this can be used." in page
    assert "The Okta account" not in words(as_person("nadia").get(f"/people/{NADIA}/").content)


def test_what_is_assigned_to_nobody_one_may_know_is_not_named(as_person: SignIn, settings: object) -> None:
    sync()
    configuration = settings.SIGHTLINE  # type: ignore[attr-defined]
    hidden = replace(configuration.conventions.visibility, confidential_apps=("0oafigma",))
    conventions = replace(configuration.conventions, visibility=hidden)
    settings.SIGHTLINE = replace(configuration, conventions=conventions)  # type: ignore[attr-defined]
    page = words(as_person("quinn").get(f"/people/{NADIA}/").content)
    assert "cannot be used" not in page
    assert "Figma" not in page


def test_what_could_not_be_read_of_a_group_is_said_there(as_person: SignIn) -> None:
    unread = Problem("/api/v1/groups/00gnew/users", "00gnew", "the members cannot be read", "grant")
    sync(group("00gnew", "newcomers"), problems=(unread,))
    unknown = "The members could not be read yet: unknown, not empty."
    assert unknown in words(as_person("nadia").get("/groups/newcomers-ed27d1135c/").content)
    assert unknown in words(as_person("nadia").get(f"/people/{QUINN}/why/newcomers-ed27d1135c/").content)
    assert unknown not in words(as_person("nadia").get("/groups/team-radish-a46d5fd55d/").content)
    assert why_for(find_person("quinn"), "newcomers", now(), OPERATOR).has is None
    assert why_for(find_person("quinn"), "team-radish", now(), OPERATOR).has is False


def test_an_app_whose_group_could_not_be_read_is_denied_to_nobody(as_person: SignIn) -> None:
    unread = Problem("/api/v1/groups/00grad/users", "00grad", "the members cannot be read", "grant")
    sync(problems=(unread,))
    assert why_for(find_person("quinn"), "Figma", now(), OPERATOR).has is None
    assert why_for(find_person("nadia"), "Figma", now(), OPERATOR).has is True
