"""Units, managers and rules by the names people use; and the same note beside every form of an answer."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from orgmodel.conventions import Ask
from orgmodel.facts import Fact
from orgmodel.models import Attribute, Move, OrgUnit, Person
from orgmodel.queries.access.team import team
from orgmodel.queries.moments import now
from orgmodel.queries.targets import find_unit
from orgmodel.queries.visibility import OPERATOR
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, app, member, moment, rule
from tests.portal.company import CONVENTIONS, founded, nadia, tell, units
from tests.portal.conftest import SignIn
from tests.portal.keys import NADIA, QUINN, TOMAS
from tests.portal.reading import read, words

pytestmark = pytest.mark.django_db
VEIL = "Confidential groups and apps may be left out here."
NOBODY = "Nobody is named for this; an admin can name an owner of the group in Okta, a lead of its unit,"


@pytest.fixture
def renamed(nordwind: None) -> None:
    """A day later the rule behind the team is called otherwise, and so is the team; a wiki is open to all."""
    wiki = app("0oawiki", "Wiki")._replace(profile={"implicit": True, "sign_on": "SAML_2_0"})
    facts = [each for each in founded() if getattr(each, "native_id", "") != "0prcuc"]
    rules = [rule("0prcuc", "Cucumber crew", 'user.team == "cucumber"', "00gcuc")]
    for reader in (
        FactsReader(units("Cucumber & Co"), "control", size=500),
        FactsReader([*nadia("cucumber"), *facts, *rules, wiki], size=500),
    ):
        assert read_and_apply(reader, CONVENTIONS, "okta", now=moment(2)).outcome == "applied"


@pytest.mark.usefixtures("renamed")
def test_former_names_are_marked(as_person: SignIn) -> None:
    text = words(as_person("quinn").get(f"/people/{NADIA}/?tab=history").content)
    assert (
        "team changed from Radish to Cucumber & Co"
        " (rule “Cucumber crew”, then called “Cucumber team”)." in text
    )
    assert "joined the team Cucumber & Co, then called Cucumber." in text
    why = words(as_person("nadia").get(f"/people/{NADIA}/why/0oafigma/", follow=True).content)
    because = "Because your team changed from Radish to Cucumber & Co"
    assert f"{because} (rule “Cucumber crew”, then called “Cucumber team”)." in why


@pytest.mark.usefixtures("renamed")
def test_former_names_are_marked_in_the_past(as_person: SignIn, capsys: pytest.CaptureFixture[str]) -> None:
    then = moment(1.5).isoformat()
    path = (
        "team is Cucumber & Co, then called Cucumber. The rule “Cucumber crew”, then called “Cucumber team”,"
        " puts {} into team-cucumber, which opens Figma as Editor."
    )
    why = words(as_person("nadia").get("/people/nadia/why/0oafigma/", {"at": then}, follow=True).content)
    assert f"Your {path.format('you')}" in why
    call_command("why", "nadia@nordwind.example", "Figma", "--at", then, "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["paths"][0]["sentence"] == f"Nadia Brandt’s {path.format('Nadia Brandt')}"
    assert answer["paths"][0]["steps"][1]["name"] == "Cucumber team"
    call_command("access", "nadia@nordwind.example", "--at", then, "--json")
    apps = {each["app"]: each["cause"] for each in json.loads(capsys.readouterr().out)["apps"]}
    assert apps["Figma"] == (
        "Because their team changed from Radish to Cucumber & Co, then called Cucumber"
        " (rule “Cucumber crew”, then called “Cucumber team”)."
    )
    call_command("why", "nadia@nordwind.example", "Figma", "--json")
    today = json.loads(capsys.readouterr().out)["paths"][0]["sentence"]
    assert "then called" not in today
    assert "team is Cucumber & Co. The rule “Cucumber crew” puts" in today


@pytest.mark.usefixtures("renamed")
def test_an_app_that_is_open_to_everybody_counts_everybody(
    as_person: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    page = as_person("nadia")
    assert "W Wiki active everybody (5) 0" in words(page.get("/apps/").content)
    listed = {each["name"]: each for each in page.get("/apps.json").json()}
    assert (listed["Wiki"]["people"], listed["Wiki"]["everybody"]) == (5, True)
    assert (listed["Slack"]["people"], listed["Slack"]["everybody"]) == (5, False)
    assert "Who has Wiki? everybody" in words(page.get("/apps/0oawiki/", follow=True).content)
    data = json.loads(b"".join(page.get("/apps/0oawiki.json", follow=True)))
    assert (data["everybody"], data["people"]) == (True, [])
    call_command("who", "Wiki")
    assert "Wiki: everybody" in capsys.readouterr().out
    ours = team(find_unit("cucumber"), now(), OPERATOR)
    row = next(each for each in ours.apps if each.app.name == "Wiki")
    assert (row.source, row.held_by, row.of) == ("everyone", 3, 3)
    mine = words(page.get("/").content)
    assert "Open to everyone, without an assignment: Wiki" in mine


@pytest.mark.usefixtures("nordwind")
def test_every_form_of_an_answer_carries_the_same_note(as_person: SignIn) -> None:
    for address in (
        "/people.csv",
        "/people.json",
        "/apps.csv",
        "/apps/0oafigma.json",
        "/teams.json",
        "/?format=csv",
    ):
        assert as_person("nadia").get(address, follow=True).headers.get("Sightline-Note") == VEIL, address
        assert "Sightline-Note" not in as_person("tomas").get(address, follow=True).headers, address


@pytest.mark.usefixtures("nordwind")
def test_where_nobody_is_named_it_says_so(
    as_person: SignIn, settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    page = as_person("quinn")
    assert NOBODY in words(page.get(f"/people/{QUINN}/why/0oadog/", follow=True).content)
    assert NOBODY in words(page.get("/apps/0oadog/", follow=True).content)
    assert "Lena Osei" in words(page.get("/apps/0oafigma/", follow=True).content)
    call_command("why", "quinn", "Datadog")
    assert f"ask: {NOBODY}" in " ".join(capsys.readouterr().out.split())
    known = settings.SIGHTLINE
    ask = Ask(contact="Access desk <desk@nordwind.example>")
    settings.SIGHTLINE = replace(known, conventions=replace(known.conventions, ask=ask))
    assert NOBODY not in words(page.get("/apps/0oadog/", follow=True).content)
    pk = Move.objects.get(person__key=NADIA).pk
    move = words(as_person("nadia").get(f"/moves/{pk}/").content)
    assert "Tell Access desk (desk@nordwind.example), and include a link to this page." in move


@pytest.mark.usefixtures("nordwind")
def test_my_access_tells_what_is_at_another_level(as_person: SignIn) -> None:
    summary = {"was": "Radish", "now": "Cucumber", "gained": ["Figma"], "relevelled": ["Sentry (now Viewer)"]}
    Move.objects.filter(person__key=NADIA).update(summary=summary)
    text = words(as_person("nadia").get("/").content)
    assert "You moved from Radish to Cucumber. 1 new, 1 at another level." in text
    assert "At another level: Sentry (now Viewer)" in text


def test_a_manager_is_told_by_name(conventions: None, as_person: SignIn) -> None:
    tell()
    facts: list[Fact] = [
        account(
            "nadia",
            "Nadia Brandt",
            title="Designer",
            team="cucumber",
            department="engineering",
            manager_ref="tomas",
        ),
        member("nadia", "00gcuc", "0prcuc"),
    ]
    reader = FactsReader([*facts, *founded()], size=500)
    assert read_and_apply(reader, CONVENTIONS, "okta", now=moment(3)).outcome == "applied"
    page = words(as_person("quinn").get(f"/people/{NADIA}/?since=2026-03-03").content)
    assert "manager : Lena Osei → Tomas Okafor" in page
    flips = as_person("quinn").get(f"/people/{NADIA}.json?since=2026-03-03").json()["attributes"]
    (flip,) = [each for each in flips if each["attribute"] == "manager"]
    assert (flip["before"], flip["after"]) == ("lena@nordwind.example", "tomas@nordwind.example")
    assert (flip["before_name"], flip["after_name"]) == ("Lena Osei", "Tomas Okafor")
    assert Person.objects.get(key=NADIA).manager_id == Person.objects.get(key=TOMAS).pk


def test_a_merged_team_leads_to_the_one_it_is_part_of(nordwind: None, as_person: SignIn) -> None:
    radish, cucumber = (OrgUnit.objects.get(slug=slug) for slug in ("radish", "cucumber"))
    radish.active, radish.merged_into, radish.active_to = False, cucumber, date(2026, 3, 1)
    radish.save()
    Attribute.objects.filter(unit=radish, name="active").update(value=False)
    page, links = read(as_person("nadia").get("/teams/radish/").content)
    assert (
        "This unit is retired It was merged into Cucumber on 1 March 2026. Nobody should be in it,"
        " and its group should open no apps. Cucumber" in page
    )
    assert links["Cucumber"] == "/teams/cucumber/"
