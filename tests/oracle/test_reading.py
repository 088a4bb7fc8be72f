"""The reader of causes: it must see each kind of false word, and let each true one pass."""

import pytest

from .conditions import Both, In, Is, IsNot, Unless
from .happened import Because, Sight, turned
from .reading import Company, judged, wrong

COMPANY = Company(
    rules=frozenset({"team Radish", "All employees"}),
    things=frozenset({"team-radish", "Figma"}),
    actors=frozenset({"Ada Admin", "Bo Bremer"}),
    values={"team": (frozenset({"okra"}), frozenset({"radish", "Radish"}))},
)
RULE = Because("rule", frozenset({"team Radish"}), frozenset({"team"}), sure=True)
EDITED = Because("rule changed", frozenset({"team Radish"}))
ADMIN = Because("admin", actor="Ada Admin")
DELETED = Because("group deleted", thing="team-radish")
INACTIVE = Because("app inactive", actor="Ada Admin", thing="Figma")


@pytest.mark.parametrize(
    ("because", "sentence"),
    [
        (RULE, "Because their team changed from okra to radish (rule “team Radish”)."),
        (
            RULE,
            "“team Radish” asks that team is radish, which holds: their team changed from okra to Radish.",
        ),
        (EDITED, "Because of the rule “team Radish”."),
        (EDITED, "The rule “team Radish” was changed: it asked for user.team == “okra”."),
        (ADMIN, "Added by hand by Ada Admin."),
        (ADMIN, "team-radish opens Figma: Added by hand by Ada Admin."),
        (DELETED, "The group team-radish was deleted."),
        (INACTIVE, "Figma is inactive in Okta."),
        (INACTIVE, "Figma was made inactive by Ada Admin."),
        (Because("activated"), "What made it happen is not known."),
    ],
)  # fmt: skip
def test_a_true_cause_passes(because: Because, sentence: str) -> None:
    assert wrong(sentence, because, COMPANY) == ""


@pytest.mark.parametrize(
    ("because", "sentence", "expected"),
    [
        (RULE, "What made it happen is not known.", "not known"),
        (RULE, "Because of the rule “team Radish”.", "does not name the attribute ['team']"),
        (RULE, "Because of the rule “All employees”.", "names the rule ['All employees']"),
        (
            RULE,
            "Because their department changed from growth to produce (rule “team Radish”).",
            "blames ['department']",
        ),
        (
            RULE,
            "Because their team changed from chard to radish (rule “team Radish”).",
            "does not say that team was, or is, ['okra']",
        ),
        (EDITED, "Because their team changed from okra to radish (rule “team Radish”).", "blames ['team']"),
        (ADMIN, "Removed by hand by Bo Bremer.", "names ['Bo Bremer']"),
        (ADMIN, "Removed by Okta itself.", "does not name who did it"),
        (DELETED, "Because of the rule “team Radish”.", "names the rule ['team Radish']"),
        (DELETED, "Removed by Okta itself.", "does not say what happened"),
        (DELETED, "The group was deleted.", "does not name team-radish"),
        (INACTIVE, "The way to it ended.", "not known"),
        (EDITED, "Because of the rule “0pr9vUiENtu5gBR7ekx0”.", "calls something by its id"),
    ],
)
def test_a_false_cause_is_seen(because: Because, sentence: str, expected: str) -> None:
    assert wrong(sentence, because, COMPANY) == expected


def test_one_true_cause_is_enough_and_none_is_never() -> None:
    causes = [(ADMIN, COMPANY), (RULE, COMPANY)]
    assert judged("Added by hand by Ada Admin.", causes) == ""
    assert judged("Added by hand by Bo Bremer.", causes).startswith("names ['Bo Bremer'] (admin Ada Admin); ")
    assert judged("Added by hand by Ada Admin.", []) == "nothing made it happen"


def test_only_a_clause_whose_truth_turned_is_blamed() -> None:
    before = Sight({"team": "okra", "userType": "Employee", "site": "Leek"}, frozenset({"oncall"}))
    after = Sight({"team": "radish", "userType": "Intern", "site": "Ghent"}, frozenset())
    rule = Both(Both(Is("team", "radish"), IsNot("userType", "Contractor")), Unless(In("oncall")))
    assert set(turned(rule, before, after)) == {"team"}
    assert set(turned(Unless(Is("site", "Leek")), before, after)) == {"site"}
