"""Whom to ask, over a hand-made company: an owner, else the lead of the unit, else the settings."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from orgmodel.conventions import Ask, Conventions, UnitKind
from orgmodel.facts import Fact, OwnerFact
from orgmodel.queries.moments import Moment, now
from orgmodel.queries.people import find_person
from orgmodel.queries.targets import find_target
from orgmodel.queries.visibility import OPERATOR, Viewer
from orgmodel.queries.why.answer import why
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import (
    FactsReader,
    account,
    app,
    group,
    member,
    moment,
    opens,
    rule,
    seat,
    unit,
)

pytestmark = pytest.mark.django_db

ASK = Ask("IT help desk <it@nordwind.example>", "https://it.example/?for={person}&what={app}&text={reason}")
KINDS = (UnitKind("team", "team", "team-<slug>"),)
COMPANY: list[Fact] = [
    account("nadia", "Nadia Brandt", team="radish"),
    account("lena", "Lena Osei", team="cucumber"),
    account("mara", "Mara Lund", team="radish"),
    account("gone", "Gone Nord", status="DEPROVISIONED"),
    group("00gcuc", "team-cucumber"),
    group("00gcrew", "crew"),
    group("00gkeep", "keepers"),
    app("0oafigma", "Figma"),
    app("0oaplain", "Plain"),
    opens("00gcuc", "0oafigma", "Editor"),
    opens("00gcrew", "0oaplain"),
    rule("0prcuc", "Cucumber team", 'user.team == "cucumber"', "00gcuc"),
    member("lena", "00gcuc", "0prcuc"),
]

OLD: list[Fact] = [group("00gold", "old"), app("0oaold", "Old thing", "inactive"), opens("00gold", "0oaold")]


def say(*facts: Fact) -> None:
    record = unit("team", "reccuc", "Cucumber", "cucumber", lead="lena")
    for reader in (
        FactsReader([record], "control"),
        FactsReader([*COMPANY, *facts], size=50),
        FactsReader([record], "control"),
    ):
        outcome = read_and_apply(reader, Conventions(unit_kinds=KINDS), "okta", now=moment(0))
        assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def asking_for(
    target: str, ask: Ask = ASK, person: str = "nadia", viewer: Viewer = OPERATOR
) -> list[tuple[str, str, str]]:
    found = why(find_person(person), find_target(target, OPERATOR), now(), viewer, ask)
    return [(each.name, each.email, each.because) for each in found.asking.contacts]


LEAD = ("Lena Osei", "lena@nordwind.example", "Leads Cucumber, whose group is team-cucumber.")
DESK = (
    "IT help desk",
    "it@nordwind.example",
    "Answers questions about access (from Sightline’s settings).",
)


def test_the_owner_in_okta_comes_first() -> None:
    say(OwnerFact("00gcuc", "USER", "mara", "Mara Lund"), OwnerFact("00gcuc", "USER", "gone", "Gone Nord"))
    owner = [("Mara Lund", "mara@nordwind.example", "Owns team-cucumber in Okta.")]
    assert asking_for("Figma") == owner
    assert asking_for("team-cucumber") == owner
    assert asking_for("team-cucumber", person="mara") == [LEAD]


def test_an_owner_may_be_a_group_but_not_one_that_is_hidden() -> None:
    say(OwnerFact("00gcuc", "GROUP", "00gkeep", "keepers"))
    assert asking_for("Figma") == [("keepers", "", "Owns team-cucumber in Okta.")]
    hidden = Viewer(find_person("mara"), hidden=frozenset({find_target("keepers", OPERATOR).pk}))
    assert asking_for("Figma", viewer=hidden) == [LEAD]


def test_else_the_lead_of_the_unit_and_else_the_settings() -> None:
    say()
    assert asking_for("Figma") == [LEAD]
    assert asking_for("Plain") == [DESK]
    assert asking_for("Plain", Ask()) == []


def request_for(target: str, person: str, live: bool = True, ask: Ask = ASK) -> tuple[str, list[str], str]:
    at = now() if live else Moment(moment(0.5), live=False)
    found = why(find_person(person), find_target(target, OPERATOR), at, OPERATOR, ask).asking
    return found.first, [each.name for each in found.contacts], found.text


def test_who_has_left_or_cannot_sign_in_is_said_before_the_owner_is_asked() -> None:
    say(account("susi", "Susi Falk", status="SUSPENDED"))
    assert request_for("Figma", "gone") == (
        "First, someone must reactivate Gone Nord’s Okta account.",
        ["Lena Osei"],
        (
            "Please give Gone Nord (gone@nordwind.example) access to Figma."
            " It comes with the group team-cucumber."
            " First, someone must reactivate Gone Nord’s Okta account."
        ),
    )
    assert request_for("Figma", "susi") == (
        "Susi Falk’s Okta account is suspended, so it cannot be used to sign in now.",
        ["Lena Osei"],
        (
            "Please give Susi Falk (susi@nordwind.example) access to Figma."
            " It comes with the group team-cucumber."
        ),
    )
    assert request_for("Figma", "nadia")[0] == ""


def test_what_has_been_given_already_is_not_requested_again() -> None:
    say(seat("gone", "0oafigma"), member("nadia", "00gold"), *OLD)
    assert request_for("Figma", "gone") == (
        "Someone must reactivate Gone Nord’s Okta account.",
        ["IT help desk"],
        "",
    )
    assert request_for("Old thing", "nadia", ask=Ask()) == (
        "Someone must activate Old thing in Okta.",
        [],
        "",
    )
    assert request_for("Old thing", "mara", ask=Ask("it@nordwind.example")) == (
        "First, someone must activate Old thing in Okta.",
        ["it@nordwind.example"],
        (
            "Please give Mara Lund (mara@nordwind.example) access to Old thing. It comes with the group old."
            " First, someone must activate Old thing in Okta."
        ),
    )


def test_on_a_page_of_a_day_before_it_is_asked_for_as_it_is_today() -> None:
    say()
    left: list[Fact] = [account("nadia", "Nadia Brandt", status="DEPROVISIONED"), member("mara", "00gcuc")]
    outcome = read_and_apply(
        FactsReader([*(fact for fact in COMPANY if fact != COMPANY[0]), *left], size=50),
        Conventions(unit_kinds=KINDS),
        "okta",
        now=moment(1),
    )
    assert outcome.outcome == "applied"
    assert (
        request_for("Figma", "nadia", live=False)[0]
        == "First, someone must reactivate Nadia Brandt’s Okta account."
    )
    assert request_for("Figma", "mara", live=False) == ("", [], "")


def test_the_command_says_it_with_the_link_filled_in(settings: LazySettings) -> None:
    say()
    known = settings.SIGHTLINE
    settings.SIGHTLINE = replace(known, conventions=replace(known.conventions, ask=ASK))
    out = StringIO()
    call_command("why", "nadia", "Figma", "--json", stdout=out)
    (contact,) = json.loads(out.getvalue())["ask"]
    assert contact == {
        "name": "Lena Osei",
        "email": "lena@nordwind.example",
        "because": "Leads Cucumber, whose group is team-cucumber.",
        "url": "https://it.example/?for=nadia%40nordwind.example&what=Figma&text=Please%20give%20Nadia%20"
        "Brandt%20%28nadia%40nordwind.example%29%20access%20to%20Figma.%20It%20comes%20with%20the%20group"
        "%20team-cucumber.",
    }
    output = StringIO()
    call_command("why", "nadia", "Figma", stdout=output)
    assert "ask: Lena Osei <lena@nordwind.example>." in output.getvalue()
