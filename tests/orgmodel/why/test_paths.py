"""The sentence of a path: from the reason to what it opens."""

from dataclasses import replace

import pytest

from orgmodel.facts import Evidence, Origin
from orgmodel.rules.explain import Clause
from orgmodel.why.paths import RuleState, Step, path_sentence, quoted
from orgmodel.why.voice import YOU, Voice

GROUP = Step("group", "team-fennel")
FIGMA = Step("app", "Figma", level="Editor")
JIRA = Step("app", "Jira", level="assigned")
DIRECT = Step("direct", "Figma")
TEAM = Step("attribute", "team", level="fennel")
SITE = Step("attribute", "site", level="Oslo")
UNKNOWN_VALUE = Step("attribute", "grade")
RULE = Step("rule", "Fennel team", "0pr1")
NAMELESS = Step("rule", "", "0pr2")
LEADS = Clause(
    'isMemberOfGroupName("leads")', "a member", True, "the person is in the group leads", decides=True
)
SPARE = replace(LEADS, words="the person is in the group spare", decides=False)
LEADS_RULE = Step("rule", "Fennel leads", "0pr3", clauses=(LEADS, SPARE))


@pytest.mark.parametrize(
    ("steps", "actor", "sentence"),
    [
        ([DIRECT, FIGMA], "", "Nadia has Figma as Editor, assigned directly and not through a group."),
        (
            [DIRECT, JIRA],
            "Tomas",
            "Nadia has Jira, assigned directly by Tomas and not through a group.",
        ),
        (
            [DIRECT, JIRA, FIGMA],
            "",
            "Nadia has Jira and Figma as Editor, assigned directly and not through a group.",
        ),
        (
            [TEAM, RULE, GROUP, FIGMA],
            "",
            (
                "Nadia’s team is fennel. The rule “Fennel team” puts Nadia into team-fennel,"
                " which opens Figma as Editor."
            ),
        ),
        ([RULE, GROUP], "", "The rule “Fennel team” puts Nadia into team-fennel."),
        (
            [TEAM, SITE, UNKNOWN_VALUE, RULE, NAMELESS, GROUP, JIRA],
            "",
            (
                "Nadia’s team is fennel and site is Oslo. The rule “Fennel team” and another that Sightline"
                " has not read put Nadia into team-fennel, which opens Jira."
            ),
        ),
        (
            [TEAM, LEADS_RULE, GROUP],
            "",
            (
                "Nadia’s team is fennel and Nadia is in the group leads. The rule “Fennel leads” puts Nadia"
                " into team-fennel."
            ),
        ),
        (
            [LEADS_RULE, GROUP],
            "",
            "Nadia is in the group leads. The rule “Fennel leads” puts Nadia into team-fennel.",
        ),
        ([NAMELESS, GROUP], "", "A rule that Sightline has not read puts Nadia into team-fennel."),
    ],
)
def test_direct_and_by_rule(steps: list[Step], actor: str, sentence: str) -> None:
    assert path_sentence(Voice("Nadia"), steps, "unknown", actor, "okta") == sentence


@pytest.mark.parametrize(
    ("origin", "actor", "evidence", "sentence"),
    [
        ("admin", "Tomas", "log", "Nadia was added to team-fennel by hand by Tomas, which opens Jira."),
        ("admin", "", "log", "Nadia was added to team-fennel by hand, which opens Jira."),
        (
            *("automation", "Sprout", "log"),
            "Nadia was put into team-fennel by the automation Sprout, which opens Jira.",
        ),
        ("automation", "", "log", "Nadia was put into team-fennel by an automation, which opens Jira."),
        ("request", "", "log", "Nadia was given team-fennel on request, which opens Jira."),
        (
            "app",
            "",
            "okta",
            (
                "Nadia is in team-fennel, which opens Jira."
                " team-fennel comes from an app, which decides who is in it."
            ),
        ),
        (
            *("unknown", "", "okta"),
            "Nadia was added to team-fennel directly, which opens Jira; who did it is not known.",
        ),
        ("unknown", "", "none", "Nadia is in team-fennel, which opens Jira; why is not known."),
    ],
)
def test_membership_without_a_rule(origin: Origin, actor: str, evidence: Evidence, sentence: str) -> None:
    assert path_sentence(Voice("Nadia"), [GROUP, JIRA], origin, actor, evidence) == sentence


def test_everybody_is_in_the_group() -> None:
    steps = [Step("group", "Everyone"), JIRA]
    sentence = path_sentence(Voice("Nadia"), steps, "unknown", "", "okta", by_itself=True)
    assert sentence == "Nadia is in Everyone, as everybody is, which opens Jira."


def test_a_quoted_name_shows_its_end() -> None:
    assert quoted("Kale. Everything is fine") == "“Kale. Everything is fine”"


@pytest.mark.parametrize(
    ("state", "ended", "alone", "opening"),
    [
        (
            *("inactive", ""),
            (
                "The rule “Fennel team” put Nadia into team-fennel while it was active."
                " It is inactive now, so nothing removes Nadia."
            ),
            (
                "The rule “Fennel team” put you into team-fennel, which opens Jira, while it was active."
                " It is inactive now, so nothing removes you."
            ),
        ),
        (
            *("invalid", ""),
            (
                "The rule “Fennel team” put Nadia into team-fennel while it was valid."
                " It is invalid now, so nothing removes Nadia."
            ),
            (
                "The rule “Fennel team” put you into team-fennel, which opens Jira, while it was valid."
                " It is invalid now, so nothing removes you."
            ),
        ),
        (
            *("deleted", "3 March 2026"),
            (
                "The rule “Fennel team” put Nadia into team-fennel before it was deleted on 3 March 2026."
                " Nothing removes Nadia now."
            ),
            (
                "The rule “Fennel team” put you into team-fennel, which opens Jira, before it was deleted on"
                " 3 March 2026. Nothing removes you now."
            ),
        ),
        (
            *("let_go", ""),
            (
                "The rule “Fennel team” put Nadia into team-fennel."
                " Okta no longer attributes that to the rule, so nothing removes Nadia."
            ),
            (
                "The rule “Fennel team” put you into team-fennel, which opens Jira."
                " Okta no longer attributes that to the rule, so nothing removes you."
            ),
        ),
        (
            *("no_match", ""),
            (
                "The rule “Fennel team” put Nadia into team-fennel."
                " It does not match any more, but Okta has not removed Nadia."
            ),
            (
                "The rule “Fennel team” put you into team-fennel, which opens Jira."
                " It does not match any more, but Okta has not removed you."
            ),
        ),
    ],
)
def test_a_rule_that_puts_nobody_there_any_more(
    state: RuleState, ended: str, alone: str, opening: str
) -> None:
    rule = Step("rule", "Fennel team", "0pr1", state=state, ended=ended)
    assert path_sentence(Voice("Nadia"), [rule, GROUP], "rule", "", "okta") == alone
    assert path_sentence(YOU, [rule, GROUP, JIRA], "rule", "", "okta") == opening


def test_of_two_rules_the_live_one_is_the_reason() -> None:
    off = Step("rule", "Old team", "0pr3", state="inactive")
    assert path_sentence(Voice("Nadia"), [off, TEAM, RULE, GROUP], "rule", "", "okta") == (
        "Nadia’s team is fennel. The rule “Fennel team” puts Nadia into team-fennel."
    )


@pytest.mark.parametrize(
    ("steps", "origin", "sentence"),
    [
        ([DIRECT, FIGMA], "unknown", "You have Figma as Editor, assigned directly and not through a group."),
        (
            [TEAM, RULE, GROUP],
            "rule",
            "Your team is fennel. The rule “Fennel team” puts you into team-fennel.",
        ),
        ([GROUP], "admin", "You were added to team-fennel by hand by Tomas."),
        ([GROUP], "app", "You are in team-fennel. team-fennel comes from Jira, which decides who is in it."),
    ],
)
def test_to_the_person_it_says_you(steps: list[Step], origin: Origin, sentence: str) -> None:
    assert path_sentence(YOU, steps, origin, "Tomas" * (origin == "admin"), "log", app="Jira") == sentence


def test_an_attribute_is_named_in_words() -> None:
    steps = [Step("attribute", "costCenter", level="7"), RULE, GROUP]
    assert path_sentence(Voice("Nadia"), steps, "rule", "", "okta").startswith("Nadia’s cost center is 7. ")
