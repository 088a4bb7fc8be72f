"""Rules judged together with everybody: what they left undone, whom they pass over, what is odd."""

from typing import Any, get_args

import pytest

from orgmodel.facts import Fact, ProfileFact
from orgmodel.models import Finding
from orgmodel.reconcile.detectors import DETECTORS
from orgmodel.reconcile.lint import KINDS
from orgmodel.rules.remarks import Kind
from tests.orgmodel.sync.world import account, group, member, rule

from .company import CUCUMBER_RULE, OKTA, only, tell, without

pytestmark = pytest.mark.django_db

SORREL = group("00gsor", "sorrel")


def test_people_whom_a_rule_did_not_put_in() -> None:
    both = rule("0prsor", "Sorrel", 'user.team == "cucumber"', "00gsor")
    assert tell([*OKTA, SORREL, both, member("lena", "00gsor", "0prsor")]) == {
        "rule-not-applied": ["sorrel: Quinn Abe matches the rule “Sorrel”, and is not in it."]
    }
    found = only()
    assert found.severity == "medium"
    assert found.evidence == {
        "group": "00gsor",
        "rule": "0prsor",
        "expression": 'user.team == "cucumber"',
        "accounts": ["quinn"],
        "evidence": "our own evaluation of the rule",
    }
    assert found.fix[0]["text"] == (
        "Directory › Groups › Rules › 0prsor: deactivate and activate, to look at everybody anew"
    )


def test_one_finding_however_many_are_missing() -> None:
    crowd: list[Fact] = [account(f"p{number}", f"Person {number}", title="Cook") for number in range(5)]
    cooks = rule("0prsor", "Cooks", 'user.title == "Cook"', "00gsor")
    assert tell([*OKTA, SORREL, cooks, *crowd])["rule-not-applied"] == [
        "sorrel: Person 0, Person 1, Person 2 and 2 more match the rule “Cooks”, and are not in it."
    ]
    assert len(only("rule-not-applied").people) == 5


@pytest.mark.parametrize(
    "change",
    [
        {"status": "inactive"},
        {"expression": "user.team == "},
        {"expression": 'user.badge == "gold"'},
        {"targets": ("00gnowhere",)},
        {"excluded": ("quinn",)},
    ],
)
def test_no_word_where_a_rule_does_not_ask_for_them(change: dict[str, Any]) -> None:
    odd = rule("0prsor", "Sorrel", 'user.title == "Engineer"', "00gsor")._replace(**change)
    assert "rule-not-applied" not in tell([*OKTA, SORREL, odd, member("lena", "00gsor", "0prsor")])


def test_who_may_not_sign_in_any_more_is_not_missed() -> None:
    gone = account("quinn2", "Quinn Other", team="cucumber", status="DEPROVISIONED")
    assert tell([*OKTA, gone], ()).get("rule-not-applied") is None


def test_kept_out_of_a_rule_by_name() -> None:
    keeps_out = CUCUMBER_RULE._replace(excluded=("quinn", "nadia", "nobody"))
    facts = [*without(OKTA, CUCUMBER_RULE, member("quinn", "00gcuc", "0prcuc")), keeps_out]
    assert tell(facts) == {
        "rule-exception": [
            (
                "Cucumber team: Quinn Abe matches the rule, but is excluded from it by name:"
                " it never puts them into its group."
            )
        ]
    }
    assert only().fix == [
        {
            "kind": "console",
            "text": "Directory › Groups › Rules › 0prcuc: remove quinn from the excluded people",
            "reverse": "Directory › Groups › Rules › 0prcuc: add quinn to the excluded people",
        }
    ]


ODD: list[tuple[Fact, str, str, str]] = [
    (
        rule("0prodd", "Odd", 'user.team == "Cucumber"', "00gsor"),
        "rule-near-value",
        "high",
        "Odd: Nobody has “Cucumber” in “team”, but “cucumber” (2 people) differs only in capital letters.",
    ),
    (
        rule("0prodd", "Odd", 'user.taem == "x"', "00gsor"),
        "rule-attribute",
        "high",
        "Odd: The Okta profile has no attribute “taem”. Is “team” meant?",
    ),
    (
        rule("0prodd", "Odd", 'user.city == "x"', "00gsor"),
        "rule-attribute",
        "medium",
        "Odd: Nobody has a value in “city”.",
    ),
    (
        rule("0prodd", "Odd", 'user.title == "Designer"'),
        "rule-target",
        "medium",
        "Odd: It has no target group: whoever matches gets nothing.",
    ),
    (
        rule("0prodd", "Odd", 'user.team == "a" AND user.team == "b"', "00gsor"),
        "rule-never",
        "high",
        "Odd: It asks that “team” is “a” and “b” at once, which it never is. Is OR meant?",
    ),
    (
        rule("0prodd", "Odd", 'user.team == "cucumber" AND user.title == "Engineer"', "00gcuc"),
        "rule-repeated",
        "low",
        "Odd: For “team-cucumber” it adds nothing: whoever matches it matches “Cucumber team” too.",
    ),
    (
        rule("0prodd", "Odd", 'isMemberOfGroupName("team-radish")', "00gsor"),
        "rule-waiting",
        "low",
        "Odd: It asks for “team-radish”, fed by “Radish team”: a chain of 2 rules, one after the other.",
    ),
    (
        rule("0prodd", "Odd", "user.team = x", "00gsor"),
        "rule-unclear",
        "high",
        "Odd: It cannot be read. Column 11: = is not an operator. Write == to compare.",
    ),
    (
        rule("0prodd", "O" * 60, 'user.title == "Designer"', "00gsor"),
        "rule-limit",
        "low",
        f"{'O' * 60}: Its name has 60 characters; Okta allows 50.",
    ),
]


@pytest.mark.parametrize(("odd", "detector", "severity", "sentence"), ODD, ids=lambda each: str(each)[:60])
def test_what_is_odd_about_a_rule(odd: Fact, detector: str, severity: str, sentence: str) -> None:
    schema = [ProfileFact(name, name, "string", True) for name in ("team", "title", "city", "manager_ref")]
    found = tell([*OKTA, *schema, SORREL, member("lena", "00gsor"), odd])
    assert found[detector][0] == sentence
    finding = Finding.objects.get(sentence=sentence)
    assert finding.severity == severity
    assert finding.evidence["rule"] == "0prodd"


def test_everybody_is_worth_a_word_where_there_are_many() -> None:
    crowd: list[Fact] = [account(f"p{number}", f"Person {number}", team="cucumber") for number in range(8)]
    assert tell([*OKTA, *crowd], ())["rule-always"] == ["Staff: It takes everybody: all 11 people match."]


def test_a_target_that_is_gone_and_one_that_came_back() -> None:
    feeding = rule("0prsor", "Sorrel", 'user.title == "Designer"', "00gsor")
    into = member("nadia", "00gsor", "0prsor")
    assert tell([*OKTA, SORREL, feeding, into]) == {}
    assert tell([*OKTA, feeding], day=1) == {"rule-target": ["Sorrel: Its target “sorrel” no longer exists."]}
    assert tell([*OKTA, SORREL, feeding, into], day=2) == {}


def test_an_attribute_that_is_not_read_is_not_said_to_be_empty() -> None:
    unread = [ProfileFact("team", "", "string", True), ProfileFact("badge", "", "string", False)]
    asks = rule("0prodd", "Odd", 'user.badge == "gold"', "00gsor", status="inactive")
    assert "rule-attribute" not in tell([*OKTA, *unread, SORREL, asks, member("lena", "00gsor")])


def test_every_kind_of_remark_has_its_detector() -> None:
    assert {kind for *_, kinds in KINDS for kind in kinds.split()} == set(get_args(Kind))
    assert {name for name, *_ in KINDS} <= set(DETECTORS)
