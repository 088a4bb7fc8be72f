"""What made a change happen, in words."""

from typing import Any

import pytest

from orgmodel.why.causes import cause_sentence, flip, shown

RULE = {"kind": "rule", "rule": "0pr1", "rule_name": "Fennel team"}


@pytest.mark.parametrize(
    ("cause", "verb", "sentence"),
    [
        (RULE, "began", "Because of the rule “Fennel team”."),
        ({"kind": "rule", "rule": "0pr1"}, "ended", "Because of the rule “0pr1”."),
        (
            {**RULE, "attribute": "team", "before": "kale", "after": "fennel"},
            "began",
            "Because team changed from kale to fennel (rule “Fennel team”).",
        ),
        ({"kind": "admin", "actor": "Tomas Okafor"}, "began", "Added by hand by Tomas Okafor."),
        ({"kind": "admin"}, "ended", "Removed by hand."),
        ({"kind": "automation", "actor": "Sprout"}, "changed", "Changed by the automation Sprout."),
        ({"kind": "automation", "actor": None}, "began", "Added by an automation."),
        ({"kind": "hr"}, "changed", "The HR record says so."),
        ({"kind": "request"}, "began", "Given on request."),
        ({"kind": "request"}, "ended", "Taken back on request."),
        ({"kind": "request"}, "changed", "Changed on request."),
        ({"kind": "import"}, "began", "Added by an import."),
        ({"kind": "import"}, "changed", "Changed by an import."),
        ({"kind": "system"}, "ended", "Removed by Okta itself."),
        ({"kind": "unknown"}, "began", "What made it happen is not known."),
        ({}, "began", "What made it happen is not known."),
    ],
)
def test_cause(cause: dict[str, Any], verb: str, sentence: str) -> None:
    assert cause_sentence(cause, verb) == sentence


def test_the_flipped_attribute() -> None:
    assert flip({"attribute": "team", "after": "fennel"}) == "team became fennel"
    assert flip({"attribute": "team", "before": "fennel"}) == "team is no longer fennel"
    assert flip({"attribute": "remote", "before": False, "after": True}) == "remote changed from no to yes"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        ("", "nothing"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (["a", True, ""], "a, yes, nothing"),
        ("kale", "kale"),
    ],
)
def test_a_value_as_text(value: Any, text: str) -> None:
    assert shown(value) == text
