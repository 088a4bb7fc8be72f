"""What it would take for a rule to fit, and what would come and go: every sentence by hand."""

from orgmodel.rules.explain import Clause, Explanation
from orgmodel.why.supposing import would_come, would_go
from orgmodel.why.wanting import FITS, LEFT_OUT, MISSES, UNKNOWN, UNREADABLE, wanting

TEAM = Clause('user.team == "cucumber"', "cucumbr", False, "team is cucumber", near="one letter away")
CITY = Clause("user.city == null", "not set", None, "city is unset", reason="it differs")
PLAIN = Clause("1 == 2", "", False, "1 is 2")


def said(value: bool | None, *missing: Clause, reason: str = "") -> Explanation:
    return Explanation(value, reason, "", missing, missing)


def test_how_far_away_a_rule_is() -> None:
    assert wanting("R", None) == (UNREADABLE, "The rule “R” cannot be read: its expression is invalid.")
    assert wanting("R", said(True), left_out=True) == (
        LEFT_OUT,
        "The rule “R” leaves this person out by name.",
    )
    assert wanting("R", said(True)) == (
        FITS,
        "The rule “R” fits; Okta has not put this person into the group.",
    )
    assert wanting("R", said(None, CITY, reason="it differs")) == (
        UNKNOWN,
        "Whether the rule “R” fits is not known: it differs.",
    )
    assert wanting("R", said(False, TEAM, CITY, PLAIN)) == (
        MISSES,
        (
            "The rule “R” would match if team is cucumber (now cucumbr, one letter away)"
            " and city is unset (not known now) and 1 is 2 (not so now)."
        ),
    )


def test_what_would_come() -> None:
    assert would_come(["A"], {"team": "cucumber", "isLead": True}).sentence() == (
        "Because team would be cucumber and isLead would be yes (rule “A”)."
    )
    assert would_come(["A", "B"], {}).sentence() == "Because rules “A” and “B” would fit."


def test_what_would_go() -> None:
    assert would_go("crew", ["A", "B"], {"team": None}).sentence() == (
        "It comes with crew, and the rules “A” and “B” would not fit any more: team would be nothing."
    )
    assert (
        would_go("crew", ["A"], {}).sentence()
        == "It comes with crew, and the rule “A” does not fit even now."
    )
