"""Pages between two dates: what came, what went, what is different, on every page that has a table."""

import csv
from io import StringIO

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orgmodel.facts import Fact
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, app, group, moment, opens
from tests.portal.company import CONVENTIONS, HOSTILE, founded, grown, nadia, tell
from tests.portal.conftest import SignIn
from tests.portal.keys import NADIA
from tests.portal.reading import read, words

pytestmark = pytest.mark.django_db
MOST = 12
BOTH = "since=2026-03-01&until=2026-03-02"
PAGES = (
    "/",
    "/teams/",
    "/people/",
    f"/people/{NADIA}/",
    "/apps/",
    "/apps/figma-3cc92972d4/",
    "/groups/",
    "/groups/team-cucumber-bcda84a3ba/",
    "/rules/",
    "/rules/1728d577b2/",
    "/attributes/team/",
)


@pytest.fixture
def quinn(conventions: None, as_person: SignIn) -> Client:
    tell()
    return as_person("quinn")


def test_a_person_between_two_dates(quinn: Client) -> None:
    text, links = read(quinn.get(f"/people/{NADIA}/?since=2026-03-01").content)
    assert "You are looking at what is different between 1 March 2026 and today." in text
    assert "What has changed for Nadia Brandt?" in text
    assert "team : Radish → Cucumber 2 March 2026" in text
    assert "Gone 1 R Radish staging Admin Because Nadia’s team changed from Radish to Cucumber" in text
    assert (
        "Raised 1 F Figma Editor instead of Viewer"
        " Because Nadia’s team changed from Radish to Cucumber (rule “Cucumber team”)."
    ) in text
    assert "Groups lost 1 team-radish Because Nadia’s team changed from Radish to Cucumber" in text
    assert links["Radish staging"] == f"/people/{NADIA}/why/radish-staging-3ea1735a81/"


def test_a_person_for_machines_says_the_same_as_diff(quinn: Client) -> None:
    data = quinn.get(f"/people/{NADIA}.json?since=2026-03-01").json()
    assert data["gained"] == []
    assert [(each["app"], each["level"]) for each in data["lost"]] == [("Radish staging", "Admin")]
    levels = ("app", "level_before", "level", "direction")
    assert [[each[key] for key in levels] for each in data["level_changed"]] == [
        ["Figma", "Viewer", "Editor", "raised"]
    ]
    lines = table(quinn, f"/people/{NADIA}.csv?since=2026-03-01")
    assert lines[0] == ["Change", "What", "Native id", "Level", "Since", "Why"]
    assert ["attribute", "team", "", "Radish → Cucumber"] in [line[:4] for line in lines]
    assert ["level_raised", "Figma", "0oafigma", "Viewer → Editor"] in [line[:4] for line in lines]
    assert ["groups_lost", "team-radish", "00grad"] in [line[:3] for line in lines]


def test_the_reader_between_two_dates(conventions: None, as_person: SignIn) -> None:
    tell()
    text = words(as_person("nadia").get("/?since=2026-03-01&until=2026-03-10").content)
    assert "What has changed for you? What is different about you" in text
    assert "Because your team changed from Radish to Cucumber (rule “Radish team”)." in text
    nothing = words(as_person("lena").get("/?since=2026-03-03").content)
    assert "Nothing has changed Access, groups and attributes are the same at both dates." in nothing


def test_an_app_between_two_dates(quinn: Client) -> None:
    text, links = read(quinn.get("/apps/radish-staging-3ea1735a81/?since=2026-03-01").content)
    assert "What has changed for Radish staging?" in text
    assert "0 new, 1 gone, 0 different." in text
    assert (
        "Gone 1 Person E-mail Level Since Why Nadia Brandt nadia@nordwind.example Admin 1 March 2026" in text
    )
    assert links["Nadia Brandt"].startswith(f"/people/{NADIA}/?at=2026-03-01T23")
    assert links["Each change in between, with its cause"] == (
        "/changes/?app=radish-staging-3ea1735a81&since=2026-03-01&until=2026-03-10"
    )
    changed = words(quinn.get("/apps/figma-3cc92972d4/?since=2026-03-01").content)
    assert "Different 1 Nadia Brandt Level: Viewer → Editor" in changed


def test_a_group_between_two_dates(quinn: Client) -> None:
    text = words(quinn.get("/groups/team-cucumber-bcda84a3ba/?since=2026-03-01").content)
    assert "1 new, 0 gone, 0 different. New 1 Person E-mail Level Since Why Nadia Brandt" in text


def test_a_team_between_two_dates_is_compared_with_itself(quinn: Client) -> None:
    answer = quinn.get(f"/teams/radish/?{BOTH}", follow=True)
    assert answer.redirect_chain[0][0].startswith("/compare/?a=radish&at=2026-03-01T23")
    text = words(answer.content)
    assert "What has changed for Radish?" in text
    assert "In the team: 1 person only on 1 March 2026." in text
    data = quinn.get("/teams/radish.json?since=2026-03-01", follow=True).json()
    assert data["people_only_a"] == ["nadia@nordwind.example"]


def test_lists_between_two_dates(quinn: Client) -> None:
    facts = [
        fact
        for fact in (*nadia("cucumber"), *founded())
        if getattr(fact, "native_id", "") != "0oadog" and getattr(fact, "app", "") != "0oadog"
    ]
    new: list[Fact] = [app("0oanew", "Nova"), group("00gnew", "new-hands"), opens("00gnew", "0oanew")]
    read_and_apply(FactsReader([*facts, *new], size=500), CONVENTIONS, "okta", now=moment(2))
    apps = words(quinn.get("/apps/?since=2026-03-02").content)
    assert "What has changed among the apps?" in apps
    assert "New 1 Name Native id Type Status People Opens or opened by Nova 0oanew saml active 0 1" in apps
    assert "Gone 1 Name Native id Type Status People Opens or opened by Datadog 0oadog" in apps
    assert "Nova" not in words(quinn.get(f"/apps/?{BOTH}").content)
    teams = words(quinn.get("/teams/?since=2026-03-01").content)
    assert "Different" in teams
    assert "Radish People: 2 → 1" in teams


def test_a_rule_and_an_attribute_between_two_dates(quinn: Client) -> None:
    rule = words(quinn.get("/rules/1728d577b2/?since=2026-03-01").content)
    assert "What has changed for the rule “Cucumber team”?" in rule
    assert "New 1 Person Matches In the groups Nadia Brandt yes yes" in rule
    values = words(quinn.get("/attributes/team/?since=2026-03-01").content)
    assert "What has changed in the values of team?" in values
    assert "cucumber People: 2 → 3" in values
    assert "radish People: 2 → 1" in values


def test_the_same_for_machines(quinn: Client) -> None:
    data = quinn.get("/groups/team-cucumber-bcda84a3ba.json?since=2026-03-01").json()
    assert (data["since"], [each["Person"] for each in data["came"]]) == (
        "2026-03-01T23:59:59.999999+00:00",
        ["Nadia Brandt"],
    )
    lines = table(quinn, "/apps/figma-3cc92972d4.csv?since=2026-03-01")
    assert lines[0][:3] == ["Change", "Person", "E-mail"]
    assert [line[:2] for line in lines[1:]] == [["was", "Nadia Brandt"], ["is", "Nadia Brandt"]]


def test_nothing_hidden_shows_between_two_dates(quinn: Client) -> None:
    assert quinn.get("/groups/works-council-e5e40af171/?since=2026-03-01").status_code == 404
    assert "works-council" not in quinn.get("/groups/?since=2026-02-01").content.decode()


def test_hostile_names_stay_text(quinn: Client) -> None:
    page = quinn.get("/people/?since=2026-02-01").content.decode()
    assert "<script>alert" not in page
    assert HOSTILE[:1] not in page


def test_before_the_beginning_everything_is_new_and_it_says_so(quinn: Client) -> None:
    text = words(quinn.get("/people/?since=2026-02-01").content)
    assert "Sightline first read everything on 1 March 2026: of the time before, it knows nothing" in text
    assert "5 new, 0 gone, 0 different." in text


def test_between_two_reads_it_says_what_it_cannot_know(quinn: Client) -> None:
    text = words(quinn.get("/people/?at=2026-03-01T12:00").content)
    assert "Okta, Units: as read at 1 March 2026, 09:00 UTC" in text
    assert "; what came and went before the next read, at 2 March 2026, 09:00 UTC , is not known." in text
    last = words(quinn.get("/people/?at=2026-03-05").content)
    assert "Okta, Units: as read at 2 March 2026, 09:00 UTC" in last
    assert "the next read" not in last


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("since=2026-03-05&until=2026-03-01", "2026-03-05 is after 2026-03-01; give the earlier date"),
        ("since=2026-03-05&at=2026-03-01", "2026-03-05 is after 2026-03-01; give the earlier date"),
        ("since=2999-01-01", "2999-01-01 is in the future"),
        ("since=soon", "Give a date such as 2026-03-01"),
        ("at=0001-01-01T00:00:00%2B14:00", "Give a date such as 2026-03-01"),
        ("since=0001-01-01T00:00:00%2B14:00", "Give a date such as 2026-03-01"),
        ("since=2026-03-01&until=soon", "Give a date such as 2026-03-01"),
    ],
)
def test_dates_that_cannot_be_are_told_kindly(query: str, sentence: str, quinn: Client) -> None:
    for address in ("/", "/people/", "/teams/cucumber/", "/apps/figma-3cc92972d4/"):
        answer = quinn.get(f"{address}?q=nad&{query}")
        text, links = read(answer.content)
        assert (answer.status_code, sentence in text) == (400, True)
        assert links["The same without the date"] == f"{address}?q=nad"


def test_the_two_dates_keep_the_page(quinn: Client) -> None:
    page = quinn.get(f"/people/?q=na&{BOTH}").content.decode()
    picker = page[page.index('<form class="panel"') :]
    assert 'name="q" value="na"' in picker
    assert picker.count('name="since"') == 1
    assert 'name="since" value="2026-03-01"' in picker
    assert 'name="at" value="2026-03-02"' in picker
    once = quinn.get(f"/people/{NADIA}/why/figma-3cc92972d4/").content.decode()
    assert 'name="since"' not in once


@pytest.mark.parametrize(
    "address", [*(f"{page}?{BOTH}" for page in PAGES), f"/people/{NADIA}/?since=2026-03-01"]
)
def test_questions_do_not_grow_with_the_rows(address: str, conventions: None, as_person: SignIn) -> None:
    client = as_person("tomas")
    with transaction.atomic():
        tell()
        few = queries_of(client, address)
        transaction.set_rollback(True)
    grown(20)
    assert queries_of(client, address) == few
    assert few <= MOST


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return sum("django_session" not in each["sql"] and "auth_user" not in each["sql"] for each in seen)


def table(client: Client, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    return list(csv.reader(StringIO(answer.getvalue().decode().removeprefix("\ufeff"))))
