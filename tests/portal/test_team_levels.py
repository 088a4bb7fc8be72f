"""Levels on the page of a team and on my own: each says whose it is, and what is there is not lacking."""

import pytest

from orgmodel.facts import Fact
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, app, group, member, moment, opens, seat
from tests.portal.company import CONVENTIONS, founded, nadia
from tests.portal.conftest import SignIn
from tests.portal.reading import read, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nordwind")]


def sync(*more: Fact, extra: int = 0) -> None:
    reader = FactsReader([*nadia("cucumber"), *founded(extra), *more], size=500)
    assert read_and_apply(reader, CONVENTIONS, "okta", now=moment(6)).outcome == "applied"


def test_an_app_held_at_two_levels_says_who_has_each_and_through_what(as_person: SignIn) -> None:
    sync(
        app("0oapage", "Pager"),
        group("00gsre", "site-reliability"),
        group("00gduty", "duty"),
        opens("00gsre", "0oapage"),
        opens("00gduty", "0oapage", "Responder"),
        member("lena", "00gduty"),
        member("nadia", "00gsre"),
        member("hostile", "00gsre"),
    )
    text, links = read(as_person("quinn").get("/teams/cucumber/").content)
    assert "Pager Responder Lena Osei duty Pager no level 2 of 3 site-reliability" in text
    assert "Radish on-call Nadia Brandt radish-oncall" in text, "of one level nothing is said"
    assert "duty" in links
    mine = words(as_person("nadia").get("/").content)
    assert "My team Cucumber 3 people, 6 apps" in mine, "an app at two levels is one app"
    assert "Held by some does not come with the department" in words(
        as_person("quinn").get("/teams/engineering/").content
    )


def test_another_level_is_not_lacking_and_a_higher_one_stands_apart(as_person: SignIn) -> None:
    sync(
        app("0oasnow", "Snow"),
        seat("nadia", "0oasnow", "USER", "Member"),
        seat("lena", "0oasnow", "USER", "Analyst"),
        app("0oadraw", "Draw"),
        seat("nadia", "0oadraw", "USER", "Viewer"),
        seat("lena", "0oadraw", "USER", "Editor"),
    )
    text = words(as_person("nadia").get("/").content)
    lacking, higher = (
        "What others in Cucumber have that you don’t",
        "What others in Cucumber have at a higher level",
    )
    missing = text[text.index(lacking) : text.index(higher)]
    assert "Radish staging Viewer 1 of 3" in missing
    assert "Draw" not in missing
    assert "Snow" not in text[text.index(lacking) :].partition("Lately")[0]
    assert (
        f"{higher} App Who has it Why not for you Draw Editor; you have Viewer 1 of 3"
        " given to people one by one Why : Draw"
    ) in text


def test_what_nearly_everyone_has_is_called_so_in_a_comparison_too(as_person: SignIn) -> None:
    """But for Quinn."""
    people = ("lena", "tomas", "nadia", "hostile", *(f"crowd{number}" for number in range(20)))
    staff: list[Fact] = [group("00gstaff", "all-staff"), *(member(person, "00gstaff") for person in people)]
    sync(*staff, app("0oawiki", "Wiki"), opens("00gstaff", "0oawiki"), extra=20)
    text = words(as_person("nadia").get("/compare/?a=cucumber&b=radish").content)
    assert "Wiki nearly everyone at the company has it" in text
    assert "Slack everyone at the company has it" in text


def test_the_ways_of_an_app_are_counted_as_its_list_names_them(as_person: SignIn) -> None:
    sync(
        app("0oapage", "Pager"),
        group("00gsre", "site-reliability"),
        group("00gduty", "duty"),
        opens("00gsre", "0oapage", "Viewer", priority=5),
        opens("00gduty", "0oapage", "Responder", priority=1),
        member("lena", "00gsre"),
        member("lena", "00gduty"),
        member("nadia", "00gsre"),
    )
    client = as_person("quinn")
    _, links = read(client.get("/apps/?q=pager").content)
    text = words(client.get(links["Pager"]).content)
    assert "1 in site-reliability without a rule" in text
    assert "1 in duty without a rule" in text
