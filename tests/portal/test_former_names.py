"""Search and the filter of teams: former names lead to the unit of today, beginnings first."""

import json

import pytest

from orgmodel.models import OrgUnit, Resource
from tests.portal.conftest import SignIn
from tests.portal.reading import read, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nordwind")]


def found(as_person: SignIn, text: str) -> dict[str, list[tuple[str, str]]]:
    """Names and hints of the hits, by the label of their group."""
    answer = as_person("nadia").get("/search.json", {"q": text})
    return {
        group["label"]: [(item["name"], item["hint"]) for item in group["items"]]
        for group in json.loads(answer.content)
    }


def test_a_former_name_finds_the_unit_and_says_so(as_person: SignIn) -> None:
    assert found(as_person, "gherk")["Teams"] == [("Cucumber", "team · formerly Gherkin")]
    assert found(as_person, "cucum")["Teams"] == [("Cucumber", "team")]
    page, links = read(as_person("nadia").get("/search/?q=Gherkin").content)
    assert "Cucumber team · formerly Gherkin" in page
    assert links["Cucumber"] == "/teams/cucumber/"
    assert found(as_person, "") == {}


def test_the_filter_of_teams_takes_former_names(as_person: SignIn) -> None:
    nadia = as_person("nadia")
    assert "Cucumber team · formerly Gherkin" in words(nadia.get("/teams/?q=gherkin").content)
    assert "formerly" not in words(nadia.get("/teams/?q=cucumber").content)
    (row,) = json.loads(nadia.get("/teams.json?q=gherkin").content)
    assert (row["name"], row["formerly"]) == ("Cucumber", "Gherkin")


def test_at_a_day_before_the_new_name_the_unit_has_no_former_one(as_person: SignIn) -> None:
    page = words(as_person("nadia").get("/teams/?q=gherkin&at=2026-03-01T12:00").content)
    assert "Gherkin team" in page
    assert "formerly" not in page


def test_what_has_a_word_that_begins_so_comes_before_what_holds_it_inside(as_person: SignIn) -> None:
    OrgUnit.objects.filter(native_id="recFEN").update(name="A pulled ear")
    OrgUnit.objects.filter(native_id="recRAD").update(name="The earth")
    OrgUnit.objects.filter(native_id="recCUC").update(name="Bears")
    named = [name for name, _ in found(as_person, "ear")["Teams"]]
    assert named == ["A pulled ear", "The earth", "Bears"]
    _, links = read(as_person("nadia").get("/teams/?q=ear").content)
    shown = [name for name in links if name in {"A pulled ear", "The earth", "Bears"}]
    assert shown == ["A pulled ear", "The earth", "Bears"]


def test_letters_inside_an_id_find_nothing(as_person: SignIn) -> None:
    Resource.objects.filter(name="team-radish").update(native_id="00gXZumNAD1YBeSO3qo0")
    assert "Groups" not in found(as_person, "nad")
    assert found(as_person, "00gXZumNAD1YBeSO3qo0")["Groups"] == [("team-radish", "1 person")]
