"""What the comparison of two people, two teams, one of each or two dates says, and to whom."""

import re
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from django.conf import LazySettings

from orgmodel.models import Person
from tests.portal.company import CONVENTIONS
from tests.portal.conftest import SignIn
from tests.portal.keys import LENA, NADIA, QUINN
from tests.portal.reading import read, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nordwind")]


def test_before_anybody_is_chosen_there_are_ideas(as_person: SignIn) -> None:
    text, links = read(as_person("nadia").get("/compare/").content)
    assert "Who has what?" in text
    assert links["Cucumber and I"] == f"/compare/?a={NADIA}&b=cucumber"
    assert links["Lena Osei and I"] == f"/compare/?a={NADIA}&b={LENA}"
    assert links["My access a month ago and today"] == f"/compare/?a={NADIA}&at=2026-02-08"


def test_two_people_side_by_side(as_person: SignIn) -> None:
    text, links = read(as_person("tomas").get("/compare/?a=quinn&b=nadia@nordwind.example").content)
    assert "How do Quinn Abe and Nadia Brandt differ?" in text
    assert "Quinn Abe (Fennel, Design) Nadia Brandt (Cucumber, Engineering)" in text
    assert (
        "Quinn Abe has no app that Nadia Brandt does not have."
        " Nadia Brandt has 3 apps that Quinn Abe does not have. Both have 1 app."
    ) in text
    assert "Only Quinn Abe Nothing that Nadia Brandt does not have too." in text
    assert (
        "Figma Editor Nadia Brandt’s team is Cucumber. The rule “Cucumber team” puts Nadia Brandt into"
        " team-cucumber, which opens Figma as Editor. And 1 more way. Why Quinn Abe does not : Figma"
        " : The rule “Cucumber team” would match if team is Cucumber (now Fennel)."
    ) in text
    assert links["Why Quinn Abe does not: Figma"] == f"/people/{QUINN}/why/figma-3cc92972d4/"
    assert links["Figma"] == f"/people/{NADIA}/why/figma-3cc92972d4/"
    assert "Someone must add them to radish-oncall manually." in text


def test_who_is_not_named_is_the_reader(as_person: SignIn) -> None:
    text = words(as_person("nadia").get("/compare/?b=lena").content)
    assert "How do Nadia Brandt and Lena Osei differ?" in text


def test_both_at_different_levels_stand_first(as_person: SignIn) -> None:
    text = words(as_person("quinn").get("/compare/?a=nadia&b=tomas").content)
    assert "Both have 3 apps, 1 of them at another level." in text
    assert (
        "Both 3 App Nadia Brandt Tomas Okafor F Figma another level Editor comes with team-cucumber"
        " and 1 more : Figma Viewer comes with dept-engineering : Figma D Datadog"
    ) in text


def test_a_person_beside_a_team(as_person: SignIn) -> None:
    text, links = read(as_person("quinn").get("/compare/?a=quinn&b=Cucumber").content)
    assert "Cucumber has 2 apps that Quinn Abe does not have." in text
    assert (
        "Figma Editor Comes with team-cucumber. 3 of 3 have it Why Quinn Abe does not : Figma"
        " : The rule “Cucumber team” would match if team is Cucumber (now Fennel)."
    ) in text
    assert "Datadog Comes from Engineering. 3 of 3 have it" in text
    assert "2 more apps held by less than half of a unit, not through it Radish on-call 1 of 3" in text
    assert links["Figma"] == "/apps/figma-3cc92972d4/"


def test_what_a_person_has_and_few_of_the_team(as_person: SignIn) -> None:
    text = words(as_person("quinn").get("/compare/?a=cucumber&b=nadia").content)
    assert "Only Nadia Brandt 1 R Radish on-call" in text
    assert "1 of 3 there has it, not through the unit" in text


def test_two_teams(as_person: SignIn) -> None:
    text = words(as_person("nadia").get("/compare/?a=cucumber&b=radish").content)
    assert "How do Cucumber and Radish differ?" in text
    assert "Only Radish 1 R Radish staging Admin Comes with team-radish. 1 of 1 have it 1 of 3 there" in text
    assert "Figma another level Editor comes with team-cucumber : Figma Viewer comes from Engineering" in text
    assert "Slack everyone at the company has it" in text


def test_a_person_then_and_now(as_person: SignIn) -> None:
    client = as_person("nadia")
    text, links = read(client.get("/compare/?a=nadia&at=2026-03-01").content)
    assert "What has changed for Nadia Brandt?" in text
    assert "You are looking at what is different between 1 March 2026 and today." in text
    assert "Nadia Brandt (Radish, Engineering) on 1 March 2026 Nadia Brandt (Cucumber, Engineering)" in text
    assert (
        "Only on 1 March 2026: 1 app. Only today: no app. On both days: 4 apps, 1 of them at another level."
        in text
    )
    assert "Radish staging Admin Nadia Brandt’s team is Radish. The rule “Radish team” puts" in text
    assert "Only today Nothing: all of it is there on the other day too." in text
    assert links["Radish staging"] == f"/people/{NADIA}/why/radish-staging-3ea1735a81/?at=2026-03-01"
    assert (
        links["Why not today: Radish staging"]
        == f"/people/{NADIA}/why/radish-staging-3ea1735a81/?at=2026-03-10"
    )
    turned = words(client.get("/compare/?a=nadia&b=nadia&until=2026-03-01").content)
    assert "Only today: no app. Only on 1 March 2026: 1 app." in turned


def test_a_team_then_and_now_by_its_names_of_then_and_now(as_person: SignIn) -> None:
    text = words(as_person("quinn").get("/compare/?a=gherkin&at=2026-03-01").content)
    assert "What has changed for Cucumber? Gherkin on 1 March 2026 Cucumber Who" in text
    assert "Only on 1 March 2026: no app. Only today: no app. On both days: 4 apps." in text
    assert "On both days: 4 apps. In the team: 1 person only today." in text
    assert "In the team only today NB Nadia Brandt" in text
    data = as_person("quinn").get("/compare.json?a=gherkin&at=2026-03-01").json()
    assert (data["people_only_a"], data["people_only_b"]) == ([], ["nadia@nordwind.example"])


def test_from_the_page_of_a_team(as_person: SignIn) -> None:
    client = as_person("quinn")
    links = read(client.get("/teams/cucumber/").content)[1]
    assert links["Compare with what I have"] == "/compare/?b=cucumber"
    assert "How do Quinn Abe and Cucumber differ?" in words(client.get("/compare/?b=cucumber").content)


def test_two_people_at_two_dates_say_theirs(as_person: SignIn) -> None:
    text = words(as_person("quinn").get("/compare/?a=nadia&b=tomas&at=2026-03-01&until=2026-03-10").content)
    assert "How do Nadia Brandt on 1 March 2026 and Tomas Okafor today differ?" in text
    same = words(as_person("quinn").get("/compare/?a=nadia&b=tomas&at=2026-03-01").content)
    assert "How do Nadia Brandt and Tomas Okafor differ?" in same
    assert "Tomas Okafor (Radish, Engineering) on 1 March 2026" in same


def test_one_and_the_same_is_told_so(as_person: SignIn) -> None:
    for query in ("a=nadia&b=nadia", "a=nadia&b=nadia@nordwind.example", "a=cucumber&b=gherkin"):
        answer = as_person("nadia").get(f"/compare/?{query}")
        assert answer.status_code == 200
        assert "These are the same" in words(answer.content)


@pytest.mark.parametrize(
    ("query", "status", "field", "sentence"),
    [
        (
            "a=nadia&b=cucumbr",
            404,
            "compare-b",
            "No person or team is known as “cucumbr”. Nearest: Cucumber.",
        ),
        ("a=nadia+brand&b=lena", 404, "compare-a", "known as “nadia brand”. Nearest: Nadia Brandt"),
        ("a=nadia&b=lena&until=soon", 400, "compare-until", "Give a date such as 2026-03-01"),
        ("a=nadia&b=lena&until=2999-01-01", 400, "compare-until", "2999-01-01 is in the future"),
        ("a=nadia&b=lena&at=2999-01-01&until=2026-03-01", 400, "compare-at", "2999-01-01 is in the future"),
    ],
)
def test_what_leads_nowhere_is_told_kindly(
    query: str, status: int, field: str, sentence: str, as_person: SignIn
) -> None:
    answer = as_person("nadia").get(f"/compare/?{query}")
    assert answer.status_code == status
    assert sentence in words(answer.content)
    page = answer.content.decode()
    for name, value in parse_qsl(query):
        assert re.search(rf'name="{name}"\s+value="{value}"', page), name
    (tag,) = (each for each in page.split("<") if f'id="{field}"' in each)
    assert 'aria-invalid="true" aria-describedby="error-1' in tag
    assert f'<a href="#{field}">' in page
    assert as_person("nadia").get(f"/compare.json?{query}").status_code == status


def test_the_same_for_machines(as_person: SignIn) -> None:
    client = as_person("quinn")
    data = client.get("/compare.json?a=quinn&b=cucumber").json()
    assert data["a"]["email"] == "quinn@nordwind.example"
    assert [each["slug"] for each in data["a"]["units"]] == ["fennel", "design"]
    assert (data["b"]["kind"], data["b"]["slug"]) == ("team", "cucumber")
    assert [(row["app"], row["b"]["level"], row["b"]["source"]) for row in data["only_b"]] == [
        ("Datadog", "assigned", "ancestor"),
        ("Figma", "Editor", "unit"),
    ]
    assert data["only_a"] == []
    assert [row["app"] for row in data["held_by_few"]] == ["Radish on-call", "Radish staging"]
    lines = b"".join(client.get("/compare.csv?a=quinn&b=cucumber").streaming_content).decode().splitlines()  # type: ignore[attr-defined]  # a streamed answer
    assert lines[0].endswith("App,Native id,Where,Level A,Level B,Why A,Why B,What it would take")
    assert (
        "Figma,0oafigma,only B,,Editor,,Comes with team-cucumber. 3 of 3 have it.,"
        "The rule “Cucumber team” would match if team is Cucumber (now Fennel)."
    ) in lines
    assert client.get("/compare.json").json() == {
        "a": "",
        "b": "",
        "note": "Confidential groups and apps may be left out here.",
    }


def test_what_is_confidential_is_not_compared(settings: LazySettings, as_person: SignIn) -> None:
    visibility = replace(CONVENTIONS.visibility, confidential_apps=("0oawrk",))
    settings.SIGHTLINE = replace(settings.SIGHTLINE, conventions=replace(CONVENTIONS, visibility=visibility))
    own = words(as_person("lena").get("/compare/?a=lena&b=nadia").content)
    assert "Council files" not in own
    left_out = "Confidential groups and apps may be left out here."
    assert left_out in own
    theirs = words(as_person("quinn").get("/compare/?a=lena&b=nadia").content)
    assert "Council files" not in theirs
    assert left_out in theirs
    admins = words(as_person("tomas").get("/compare/?a=lena&b=nadia").content)
    assert "Council files" in admins
    assert left_out not in admins
    assert "Council files" in words(as_person("lena").get("/compare/?a=lena&at=2026-03-01").content)


def test_a_confidential_group_is_in_no_advice(as_person: SignIn) -> None:
    text = as_person("nadia").get("/compare/?a=nadia&b=lena").content.decode()
    assert "works-council" not in text
    assert "Council files" not in text


def test_hostile_names_stay_text(as_person: SignIn) -> None:
    page = as_person("nadia").get("/compare/?a=hostile&b=lena&x=<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "x" * 5000 not in page
    text = as_person("nadia").get("/compare/?a=%3Cscript%3Ealert(1)&b=%22%3E%3Cscript%3E").content.decode()
    assert "<script>alert" not in text


def test_a_person_s_page_leads_here(as_person: SignIn) -> None:
    _, links = read(as_person("nadia").get(f"/people/{LENA}/?at=2026-03-01").content)
    assert links["Compare with what I have"] == f"/compare/?b={LENA}&at=2026-03-01"
    _, own = read(as_person("nadia").get(f"/people/{NADIA}/").content)
    assert own["Compare with somebody, a team or an earlier day"] == f"/compare/?a={NADIA}"


def test_who_has_left_is_said_to_have_left_as_on_their_own_page(as_person: SignIn) -> None:
    Person.objects.filter(key=QUINN).update(status="ended")
    lena = as_person("lena")
    for name, key, behind in (("Quinn Abe", QUINN, "1 app"), ("Nadia Brandt", NADIA, "4 apps")):
        Person.objects.filter(key=key).update(status="ended")
        page = words(lena.get("/compare/", {"a": "lena", "b": key}).content)
        assert f"{name} has left: {behind} " in page
    own = words(lena.get(f"/people/{QUINN}/").content)
    assert "This person has left 1 app and 1 group are left behind." in own


def test_a_person_who_came_by_a_link_is_called_by_address_in_the_form(as_person: SignIn) -> None:
    page = as_person("lena").get("/compare/", {"a": QUINN, "b": NADIA}).content.decode()
    assert 'value="quinn@nordwind.example"' in page
    assert re.search(r'id="compare-b"[^>]* value="nadia@nordwind.example"', page)
