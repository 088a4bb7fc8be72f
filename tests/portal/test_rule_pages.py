"""What the pages of rules, attributes and what-if say, and to whom."""

import pytest

from orgmodel.conventions import Conventions
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, app, group, member, moment, opens, rule
from tests.portal.company import FORMULA, founded, nadia, tell
from tests.portal.conftest import SignIn
from tests.portal.keys import LENA, MALLORY, NADIA, TOMAS
from tests.portal.reading import words

pytestmark = pytest.mark.django_db


def table(as_person: SignIn, who: str, address: str) -> str:
    """A page as CSV."""
    answer = as_person(who).get(address)
    return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # a streamed answer


@pytest.fixture
def synced(conventions: None) -> None:
    tell()


def test_the_list_says_rules_in_words(synced: None, as_person: SignIn) -> None:
    page = words(as_person("nadia").get("/rules/").content)
    assert "Cucumber team everyone whose team is Cucumber team-cucumber active" in page
    assert "Engineering,0preng,active" in table(as_person, "nadia", "/rules.csv")
    assert [each["native_id"] for each in as_person("nadia").get("/rules.json?q=radish").json()] == ["0prrad"]


def test_a_rule_says_whom_it_takes(synced: None, as_person: SignIn) -> None:
    page = words(as_person("quinn").get("/rules/1728d577b2/").content)
    assert "Everyone whose team is Cucumber" in page
    assert "matches 3 people" in page
    assert "Nobody comes close." in page
    rows = table(as_person, "quinn", "/rules/1728d577b2.csv").splitlines()
    assert rows[0].lstrip("\ufeff") == "Person,Matches,In the groups"
    assert "Nadia Brandt,yes,yes" in rows
    assert "Nadia Brandt" in as_person("quinn").get("/rules/1728d577b2.json").json()["fits"]


def test_a_broken_rule_says_where(synced: None, as_person: SignIn) -> None:
    facts = [*nadia("cucumber"), *founded(), rule("0prbad", "Broken", 'user.team = "x"', "00gcuc")]
    read_and_apply(FactsReader(facts), Conventions(), "okta", now=moment(2))
    page = words(as_person("nadia").get("/rules/16356401c5/").content)
    assert "Column 11: = is not an operator. Write == to compare." in page


def test_what_a_rule_said_before_is_not_what_it_says(synced: None, as_person: SignIn) -> None:
    """A rule that was never edited has no such past."""
    facts = [*nadia("cucumber"), *founded()]
    assert "What it said before" not in words(as_person("nadia").get("/rules/1728d577b2/").content)
    edited = [
        rule("0prcuc", "Cucumber people", 'user.team == "cucumber"', "00gcuc")
        if getattr(fact, "native_id", "") == "0prcuc"
        else fact
        for fact in facts
    ]
    assert edited != facts
    read_and_apply(FactsReader(edited), Conventions(), "okta", now=moment(9))
    page = words(as_person("nadia").get("/rules/1728d577b2/").content)
    before = page.partition("What it said before")[2]
    assert before.count('user.team == "cucumber"') == 1
    assert "“Cucumber team”, active" in before


def test_an_attribute_leads_to_apps(synced: None, as_person: SignIn) -> None:
    page = words(as_person("nadia").get("/attributes/team/").content)
    assert "5 of 5 people have a value" in page
    assert "cucumber 3 Cucumber team team-cucumber 1" in page
    assert as_person("nadia").get("/attributes/team.json").json()["different"] == 3
    assert as_person("nadia").get("/attributes/planet/").status_code == 404


def test_what_feeds_something_confidential_is_not_there(conventions: None, as_person: SignIn) -> None:
    facts = [
        *nadia("cucumber"),
        *founded(),
        rule("0prwrk", "Council", 'user.title == "Team lead"', "00gwrk"),
        rule("0prask", "Asks", 'isMemberOfGroupName("works-council")', "00gask"),
        group("00gask", "asked"),
        app("0oaask", "Asked app"),
        opens("00gask", "0oaask"),
        member("lena", "00gask", "0prask"),
    ]
    read_and_apply(FactsReader(facts), Conventions(), "okta", now=moment(0))
    assert as_person("quinn").get("/rules/212c346622/").status_code == 404
    assert "Council" not in words(as_person("quinn").get("/rules/").content)
    assert as_person("tomas").get("/rules/212c346622/").status_code == 200
    text = words(as_person("quinn").get(f"/people/{LENA}/why/asked-app-1bc7af2b09/").content)
    assert "it asks about a group that is confidential" in text
    assert "a member" not in text
    own = words(as_person("lena").get(f"/people/{LENA}/why/asked-app-1bc7af2b09/").content)
    assert "a member" in own
    supposed = as_person("quinn").get(f"/people/{TOMAS}/what-if.json?title=Team+lead").json()
    assert supposed["groups_gained"] == []
    assert "Council" not in str(supposed)


def test_what_would_change(synced: None, as_person: SignIn) -> None:
    empty = words(as_person("quinn").get(f"/people/{NADIA}/what-if/").content)
    assert "Nothing is asked yet" in empty
    page = words(as_person("quinn").get(f"/people/{NADIA}/what-if/?team=radish&at=2026-03-01").content)
    assert "Nadia Brandt would gain 1 app, lose 0 apps and keep 3 apps." in page
    assert "1 app would be held at another level." in page
    assert "Lowered 1 F Figma came with the team Cucumber Viewer instead of Editor" in page
    assert "comes with the team Radish" in page
    answer = as_person("quinn").get(f"/people/{NADIA}/what-if.json?set=team%3Dradish").json()
    assert [(each["app"], each["level"], each["cause"]) for each in answer["gains"]] == [
        ("Radish staging", "Admin", "Because their team would be Radish (rule “Radish team”)."),
    ]
    (figma,) = answer["level_changed"]
    assert (figma["app"], figma["level_before"], figma["level"], figma["direction"], figma["cause"]) == (
        *("Figma", "Editor", "Viewer", "lowered"),
        (
            "It comes with team-cucumber, and the rule “Cucumber team” would no longer match:"
            " their team would be Radish."
        ),
    )
    assert answer["set"] == {"team": "radish"}
    rows = table(as_person, "quinn", f"/people/{NADIA}/what-if.csv?attribute=team&value=radish")
    assert "Radish staging,0oastag,Admin,gained,Because their team would be Radish" in rows
    assert as_person("quinn").get(f"/people/{NADIA}/what-if.json").json() == {
        "set": {},
        "refusal": None,
        "note": "Confidential groups and apps may be left out here.",
    }


def test_hostile_values_are_shown_and_do_nothing(synced: None, as_person: SignIn) -> None:
    hostile = "%3Cscript%3Ealert(1)%3C/script%3E"
    page = as_person("quinn").get(f"/people/{NADIA}/what-if/?title={hostile}")
    assert b"<script>alert" not in page.content
    assert f"\n{FORMULA}" not in table(as_person, "quinn", "/attributes/title.csv")


def test_whom_no_rule_looks_at(synced: None, as_person: SignIn) -> None:
    facts = [each for each in [*nadia("cucumber"), *founded()] if each[0] != "hostile"]
    read_and_apply(FactsReader(facts), Conventions(shrink_share=1.0), "okta", now=moment(2))
    page = words(as_person("quinn").get(f"/people/{MALLORY}/what-if/?team=radish").content)
    assert "Nothing to evaluate" in page
