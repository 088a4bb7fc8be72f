"""The sentence of a path: from the reason to what it opens."""

import pytest

from orgmodel.facts import Evidence, Origin
from orgmodel.why.paths import Step, path_sentence, quoted

GROUP = Step("group", "team-fennel")
FIGMA = Step("app", "Figma", level="Editor")
JIRA = Step("app", "Jira", level="assigned")
DIRECT = Step("direct", "Figma")
TEAM = Step("attribute", "team", level="fennel")
SITE = Step("attribute", "site", level="Oslo")
UNKNOWN_VALUE = Step("attribute", "grade")
RULE = Step("rule", "Fennel team", "0pr1")
NAMELESS = Step("rule", "", "0pr2")


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
                "Nadia’s team is fennel and site is Oslo. The rules “Fennel team” and “0pr2” put Nadia into"
                " team-fennel, which opens Jira."
            ),
        ),
    ],
)
def test_direct_and_by_rule(steps: list[Step], actor: str, sentence: str) -> None:
    assert path_sentence("Nadia", steps, "unknown", actor, "okta") == sentence


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
        ("app", "", "okta", "Nadia is in team-fennel, a group that comes from an app, which opens Jira."),
        (
            *("unknown", "", "okta"),
            "Nadia was added to team-fennel directly; who did it is not known, which opens Jira.",
        ),
        ("unknown", "", "none", "Nadia is in team-fennel; why is not known, which opens Jira."),
    ],
)
def test_membership_without_a_rule(origin: Origin, actor: str, evidence: Evidence, sentence: str) -> None:
    assert path_sentence("Nadia", [GROUP, JIRA], origin, actor, evidence) == sentence


def test_everybody_is_in_the_group() -> None:
    steps = [Step("group", "Everyone"), JIRA]
    sentence = path_sentence("Nadia", steps, "unknown", "", "okta", by_itself=True)
    assert sentence == "Nadia is in Everyone, as everybody is, which opens Jira."


def test_a_quoted_name_shows_its_end() -> None:
    assert quoted("Kale. Everything is fine") == "“Kale. Everything is fine”"
