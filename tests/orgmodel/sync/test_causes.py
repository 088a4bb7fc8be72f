"""Causes over a hand-made company: one story each, and the exact sentence."""

from typing import Any

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact, Fact
from orgmodel.models import Change
from orgmodel.reports import Report
from orgmodel.sync.runs import read_and_apply
from orgmodel.why.causes import Cause

from .world import (
    FactsReader,
    account,
    added,
    app,
    group,
    member,
    moment,
    opens,
    removed,
    rule,
)

pytestmark = pytest.mark.django_db

RED = rule("0pred", "Red team", 'user.team == "red"', "00gred")
STAY: list[Fact] = [
    group("00gred", "team-red"),
    group("00gcrew", "crew"),
    app("0oapaint", "Paint"),
    opens("00gred", "0oapaint"),
    account("lena", "Lena Osei", team="red", title="Lead", city="Rome"),
    member("lena", "00gred"),
    member("lena", "00gcrew"),
]
OTHER = rule("0pother", "Other", "false", "00gelse")


def sync(day: float, *facts: Fact, source: str = "okta", report: Report | None = None) -> None:
    reader = FactsReader([*facts, *STAY] if source == "okta" else facts, source=source, size=50)
    reader.report = report or reader.report
    outcome = read_and_apply(reader, Conventions(shrink_share=1.0), "okta", now=moment(day))
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def nadia(**values: object) -> AccountFact:
    return account("nadia", "Nadia Brandt", **values)


def red(*rules: str) -> Fact:
    return member("nadia", "00gred", *(rules or ("0pred",)))


def cause(verb: str, kind: str = "grant", **which: Any) -> str:
    """The sentence of the one such change of Nadia since the first sync, and its proof."""
    changes = Change.objects.filter(kind=kind, verb=verb, baseline=False, **which)
    change = changes.get() if kind in {"edge", "resource"} else changes.get(account__native_id="nadia")
    return f"{Cause.read(change.cause, verb).sentence()} ({change.evidence})"


def test_only_the_attribute_that_turned_a_clause_takes_the_blame() -> None:
    both = rule("0pred", "Red team", 'user.team == "red" AND user.title != "Boss"', "00gred")
    sync(0, nadia(team="red", title="Dev"), red(), both)
    sync(1, nadia(team="blue", title="Lead"), both)
    assert cause("ended") == "Because their team changed from red to blue (rule “Red team”). (okta)"


def test_a_rule_whose_answer_did_not_turn_is_named_alone_or_not_at_all() -> None:
    either = rule("0pred", "Red team", 'user.team == "red" OR user.city == "Rome"', "00gred")
    sync(0, nadia(team="blue", city="Rome"), either)
    sync(1, nadia(team="red", city="Rome"), red(), either)
    assert cause("began") == "Because of the rule “Red team”. (okta)"
    sync(2, nadia(team="blue", city="Rome"), either)
    assert cause("ended") == "The rule “Red team” had given it; what ended it is not known. (none)"


def test_an_attribute_that_another_account_changed_is_not_blamed() -> None:
    """HR runs ahead: the rule reads the profile in Okta, which has not changed."""
    sync(0, nadia(team="red"), red(), RED)
    sync(0.5, account("nadia", "Nadia Brandt", team="red"), source="hris")
    sync(0.7, account("nadia", "Nadia Brandt", team="blue"), source="hris")
    sync(1, nadia(team="red"), RED, removed("e1", "nadia", "00gred", moment(0.9)))
    assert cause("ended") == "Removed by hand by Tomas Okafor. (log)"
    sync(2, nadia(team="red"), red(), RED)
    sync(3, nadia(team="red"), RED)
    last = Change.objects.filter(kind="grant", verb="ended").latest("pk")
    assert last.cause == {"kind": "unknown", "rule": "0pred", "rule_name": "Red team"}


def test_an_attribute_seen_in_the_read_before() -> None:
    sync(0, nadia(team="red"), red(), RED)
    sync(1, nadia(team="blue"), red(), RED)
    sync(2, nadia(team="blue"), RED)
    assert cause("ended") == "Because their team changed from red to blue (rule “Red team”). (okta)"
    assert Change.objects.get(kind="grant", verb="ended").cause["attribute_at"] == moment(1).isoformat()


def test_a_torn_read_is_made_whole_by_the_next() -> None:
    sync(0, nadia(team="red"), red(), RED)
    sync(1, nadia(team="red"), RED)
    assert cause("ended") == "The rule “Red team” had given it; what ended it is not known. (none)"
    sync(1.1, nadia(team="blue"), RED)
    assert cause("ended") == "Because their team changed from red to blue (rule “Red team”). (okta)"


def test_what_changed_two_reads_later_was_not_it() -> None:
    sync(0, nadia(team="red"), red(), RED)
    sync(1, nadia(team="red"), RED)
    sync(1.1, nadia(team="red"), RED)
    sync(1.2, nadia(team="blue"), RED)
    assert cause("ended") == "The rule “Red team” had given it; what ended it is not known. (none)"


def test_an_attribute_that_was_never_read_before_did_not_change() -> None:
    sync(0, nadia(), RED)
    sync(1, nadia(squad="a"), red(), rule("0pred", "Red team", 'user.squad == "a"', "00gred"))
    assert cause("began") == "Because the rule “Red team” was changed. (okta)"


def test_a_group_that_the_rule_asks_for() -> None:
    crew = rule("0pred", "Crew rule", 'isMemberOfGroupName("crew") AND user.team == "red"', "00gred")
    sync(0, nadia(team="red"), crew)
    sync(1, nadia(team="red"), member("nadia", "00gcrew"), red(), crew)
    assert cause("began", what="team-red") == ("Because the person is now in crew (rule “Crew rule”). (okta)")
    sync(2, nadia(team="red"), crew)
    assert cause("ended", what="team-red") == (
        "Because the person is no longer in crew (rule “Crew rule”). (okta)"
    )


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (RED._replace(expression='user.team == "rot"'), "Because the rule “Red team” was changed. (okta)"),
        (RED._replace(targets=("00gelse",)), "Because the rule “Red team” was changed. (okta)"),
        (
            RED._replace(excluded=("nadia",)),
            "Because the person is now excluded from the rule “Red team” by name. (okta)",
        ),
        (OTHER, "Because the rule “Red team” was deleted. (okta)"),
        # Making a rule inactive removes nobody.
        (
            RED._replace(status="inactive"),
            "The rule “Red team” had given it; what ended it is not known. (none)",
        ),
    ],
)
def test_an_edit_of_the_rule(after: Fact, sentence: str) -> None:
    sync(0, nadia(team="red"), red(), RED)
    sync(1, nadia(team="red"), after)
    assert cause("ended") == sentence


def test_a_rule_that_is_new_and_one_that_became_active() -> None:
    sync(0, nadia(team="red"), RED._replace(status="inactive"), OTHER)
    blue = rule("0pblue", "Blue team", 'user.team == "red"', "00gcrew")
    sync(1, nadia(team="red"), red(), RED, blue, member("nadia", "00gcrew", "0pblue"), OTHER)
    assert cause("began", what="team-red") == "Because the rule “Red team” became active. (okta)"
    assert cause("began", what="crew") == "Because the rule “Blue team” is new. (okta)"


def test_an_admin_who_took_somebody_out_of_one_of_two_targets() -> None:
    two = rule("0pred", "Red team", 'user.team == "red"', "00gred", "00gcrew")
    sync(0, nadia(team="red"), red(), member("nadia", "00gcrew", "0pred"), two)
    sync(1, nadia(team="red"), red(), two, removed("e1", "nadia", "00gcrew", moment(0.9)))
    assert cause("ended") == "Removed by hand by Tomas Okafor. (log)"


def test_a_second_rule_that_still_takes_somebody_removed_nobody() -> None:
    city = rule("0pcity", "City", 'user.city == "Rome"', "00gred")
    sync(0, nadia(team="red", city="Rome"), red("0pred", "0pcity"), RED, city)
    sync(1, nadia(team="blue", city="Rome"), RED, city)
    assert cause("ended") == "The rule “Red team” had given it; what ended it is not known. (none)"


def test_a_membership_that_another_rule_keeps_now() -> None:
    city = rule("0pcity", "City", 'user.city == "Rome"', "00gred")
    sync(
        0, nadia(team="red", city="Oslo"), red("0pred"), RED, city, added("e0", "nadia", "00gred", moment(-1))
    )
    sync(1, nadia(team="blue", city="Rome"), red("0pcity"), RED, city)
    assert cause("changed") == "Because their city changed from Oslo to Rome (rule “City”). (okta)"


def test_without_attribution_the_rule_is_found_by_evaluation() -> None:
    sync(0, nadia(team="red"), member("nadia", "00gred", attributed=False), RED)
    sync(1, nadia(team="blue"), RED)
    assert cause("ended") == "Because their team changed from red to blue (rule “Red team”). (evaluated)"


def test_a_line_about_an_earlier_membership_proves_nothing() -> None:
    hand = member("nadia", "00gred")
    sync(0, nadia(), hand, RED, added("e1", "nadia", "00gred", moment(-1)))
    sync(1, nadia(), RED, removed("e2", "nadia", "00gred", moment(0.9)))
    assert cause("ended") == "Removed by hand by Tomas Okafor. (log)"
    sync(2, nadia(), hand, RED)
    assert cause("began") == "What made it happen is not known. (okta)"


def test_a_rule_made_after_the_rules_were_read_gets_its_name_with_the_next_read() -> None:
    new = rule("0pnew", "Blue team", 'user.team == "blue"', "00gred")
    sync(0, nadia(team="blue"), RED)
    sync(1, nadia(team="blue"), red("0pnew"), RED)
    assert cause("began") == "Because of a rule that Sightline has not read. (okta)"
    sync(1.1, nadia(team="blue"), red("0pnew"), RED, new)
    assert cause("began") == "Because of the rule “Blue team”. (okta)"
    assert Change.objects.filter(kind="grant", verb="began", rule__native_id="0pnew").count() == 1


@pytest.mark.parametrize(("first", "last"), [("Bo Bremer", "Tomas Okafor"), ("Tomas Okafor", "Bo Bremer")])
def test_of_lines_of_one_moment_the_last_one_counts(first: str, last: str) -> None:
    sync(0, nadia(team="red"), red())
    lines = [
        removed(f"e{number}", "nadia", "00gred", moment(0.9), actor_name=name)
        for number, name in ((2, first), (1, last))
    ]
    sync(1, nadia(team="red"), *lines)
    assert cause("ended") == f"Removed by hand by {last}. (log)"
