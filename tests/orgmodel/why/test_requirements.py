"""What it would take for a rule to fit, and what would come and go: every sentence by hand."""

from orgmodel.rules.explain import Clause, Explanation
from orgmodel.why.hypothetical import would_come, would_go
from orgmodel.why.requirements import FITS, LEFT_OUT, MISSES, UNKNOWN, UNREADABLE, by_hand, requirement

TEAM = Clause('user.team == "cucumber"', "cucumbr", False, "team is cucumber", near="one letter away")
CITY = Clause("user.city == null", "not set", None, "city is unset", reason="it differs")
PLAIN = Clause("1 == 2", "", False, "1 is 2")


def explanation(value: bool | None, *missing: Clause, reason: str = "") -> Explanation:
    return Explanation(value, reason, "", missing, missing)


def test_how_far_away_a_rule_is() -> None:
    assert requirement("R", None, absent=True) == (
        UNKNOWN,
        "Whether the rule “R” matches is not known: this person has no Okta account.",
    )
    assert requirement("R", None) == (UNREADABLE, "The rule “R” cannot be read: its expression is invalid.")
    assert requirement("R", explanation(True), left_out=True) == (
        LEFT_OUT,
        "This person is excluded from the rule “R” by name.",
    )
    assert requirement("R", explanation(True)) == (
        FITS,
        "The rule “R” matches, but Okta has not added this person to the group.",
    )
    assert requirement("R", explanation(None, CITY, reason="it differs")) == (
        UNKNOWN,
        "Whether the rule “R” matches is not known: it differs.",
    )
    assert requirement("R", explanation(False, TEAM, CITY, PLAIN)) == (
        MISSES,
        (
            "The rule “R” would match if team is cucumber (now cucumbr, one letter away)"
            " and city is unset (not known now) and 1 is 2 (not so now)."
        ),
    )


def test_what_would_come() -> None:
    assert would_come(["A"], {"team": "cucumber", "isLead": True}).sentence() == (
        "Because their team would be cucumber and is lead would be yes (rule “A”)."
    )
    assert would_come(["A", "B"], {}).sentence() == "Because rules “A” and “B” would match."


def test_what_would_go() -> None:
    assert would_go("crew", ["A", "B"], {"team": None}).sentence() == (
        "It comes with crew, and the rules “A” and “B” would no longer match: their team would be nothing."
    )
    assert (
        would_go("crew", ["A"], {}).sentence()
        == "It comes with crew, and the rule “A” does not match even now."
    )


def test_rules_pass_over_a_deactivated_account() -> None:
    assert requirement("R", explanation(True), shut=True) == (
        FITS,
        "The rule “R” matches, but Okta’s rules add nobody whose account is deactivated.",
    )


def test_a_way_in_without_a_rule() -> None:
    assert by_hand("crew") == "Someone must add them to crew manually."
    assert by_hand("Everyone", "built-in") == "Okta itself decides who is in Everyone."
    assert by_hand("jira-admins", "imported") == "jira-admins comes from an app, which decides who is in it."
    assert by_hand("jira-admins", "imported", "Jira") == (
        "jira-admins comes from Jira, which decides who is in it."
    )
