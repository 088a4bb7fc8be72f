"""What sources write as ids and slugs is said by name, on pages, in messages and in the sentences of JSON."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command

from notifier.naming import asking_naming
from orgmodel.configuration import Configuration
from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.models import Person
from orgmodel.queries.access.holdings import access
from orgmodel.queries.history.by_day import Filter, history
from orgmodel.queries.history.diff import diff
from orgmodel.queries.moments import Moment, just_before
from orgmodel.queries.moments import now as present
from orgmodel.queries.rehearsal.whatif import what_if
from orgmodel.queries.together import ask
from orgmodel.queries.unit_names import NamesOfUnits
from orgmodel.queries.visibility import OPERATOR, Viewer
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, app, group, member, moment, opens, rule

pytestmark = pytest.mark.django_db
RULE = rule("0pcu", "Cucumber team", 'user.team == "cucumber"', "00gcu")
LED = rule("0pled", "Of Lena", 'user.managerId == "10006"', "00gled")


def named() -> Viewer:
    """An admin to whom things are called by the names of now."""
    return replace(OPERATOR, spoken=NamesOfUnits(Conventions()))


def sync(day: float, *facts: Fact) -> None:
    stay: list[Fact] = [
        group("00gcu", "team-cucumber", "AUTO team Cucumber Crew"),
        group("00gled", "lena-reports"),
        app("0oafigma", "Figma"),
        app("0oajira", "Jira"),
        opens("00gcu", "0oafigma"),
        opens("00gled", "0oajira"),
        account("radovan", "Radovan Osei", employee_number="10005", team="radish", managerId="7"),
        account("lena", "Lena Osei", employee_number="10006", team="cucumber"),
        member("lena", "00gcu", "0pcu"),
        RULE,
        LED,
    ]
    found = read_and_apply(
        FactsReader([*facts, *stay], size=50), Conventions(shrink_share=1.0), "okta", now=moment(day)
    )
    assert found.outcome == "applied", found.reason


@pytest.fixture
def moved() -> int:
    """Nadia went from Radovan's Radish to Lena's Cucumber."""
    sync(0, account("nadia", "Nadia Brandt", team="radish", manager_ref="10005", managerId="10005"))
    nadia = account("nadia", "Nadia Brandt", team="cucumber", manager_ref="10006", managerId="10006")
    sync(1, nadia, member("nadia", "00gcu", "0pcu"), member("nadia", "00gled", "0pled"))
    return Person.objects.get(name="Nadia Brandt").pk


def test_a_manager_is_called_by_name_in_every_step(moved: int) -> None:
    entries = history(Filter(person=moved, kinds=("attribute",)), named(), most=10)
    assert sorted(each.sentence for each in entries) == [
        "now has manager Lena Osei instead of Radovan Osei in Okta.",
        "now has team Cucumber Crew instead of radish in Okta.",
    ]


def test_a_manager_is_called_by_name_in_a_message(moved: int) -> None:
    names = ask(asking_naming(moved, just_before(moment(1)), Configuration()))
    assert (names.attribute("managerId"), names.value("managerId", "10005")) == ("manager", "Radovan Osei")
    assert names.value("managerId", "10006") == "Lena Osei"
    assert names.value("managerId", "77") == "77"


def causes(found: Any) -> dict[str, str]:
    return {each["app"]: each["cause"] for each in found}


def test_json_of_access_and_of_a_difference_speaks_as_the_page_does(moved: int) -> None:
    sentences = {
        "Figma": "Because their team changed from radish to Cucumber Crew (rule “Cucumber team”).",
        "Jira": "Because their manager changed from Radovan Osei to Lena Osei (rule “Of Lena”).",
    }
    held = access(moved, present(), named()).as_json()
    assert causes(held["apps"]) == sentences
    assert {each["group"]: each["cause"] for each in held["groups"]} == {
        "team-cucumber": sentences["Figma"],
        "lena-reports": sentences["Jira"],
    }
    changed = diff(moved, Moment(moment(0.5), live=False), present(), named()).as_json()
    assert causes(changed["gained"]) == sentences
    assert [each["attribute"] for each in changed["attributes"]] == ["manager", "team"]


def test_json_of_what_was_lost_speaks_so_too(moved: int) -> None:
    sync(2, account("nadia", "Nadia Brandt", team="leek", manager_ref="10005", managerId="10005"))
    changed = diff(moved, Moment(moment(1.5), live=False), present(), named()).as_json()
    assert causes(changed["lost"]) == {
        "Figma": "Because their team changed from Cucumber Crew to leek (rule “Cucumber team”).",
        "Jira": "Because their manager changed from Lena Osei to Radovan Osei (rule “Of Lena”).",
    }


def test_json_of_what_would_change_speaks_so_too(moved: int) -> None:
    radovan = Person.objects.get(name="Radovan Osei").pk
    found = what_if(radovan, {"team": "cucumber"}, named()).as_json()
    assert causes(found["gains"]) == {
        "Figma": "Because their team would be Cucumber Crew (rule “Cucumber team”)."
    }


def test_counts_on_the_command_line_have_a_noun(moved: int, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("access", "lena@nordwind.example")
    printed = " ".join(capsys.readouterr().out.split())
    assert "Lena Osei has 1 app App" in printed
    assert "and is in 1 group Group" in printed
    call_command("access", "nadia@nordwind.example")
    assert "Nadia Brandt has 2 apps" in capsys.readouterr().out
