"""What made a change happen, in words."""

from typing import Any

import pytest

from orgmodel.rules.spoken import shown
from orgmodel.why.causes import Cause, flip
from orgmodel.why.hypothetical import OTHER_LEVEL
from orgmodel.why.voice import YOU, Voice

RULE = {"kind": "rule", "rule": "0pr1", "rule_name": "Fennel team"}


@pytest.mark.parametrize(
    ("cause", "verb", "sentence"),
    [
        (RULE, "began", "Because of the rule “Fennel team”."),
        ({"kind": "rule", "rule": "0pr1"}, "ended", "Because of a rule that Sightline has not read."),
        (
            {**RULE, "attribute": "team", "before": "kale", "after": "fennel"},
            "began",
            "Because their team changed from kale to fennel (rule “Fennel team”).",
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
    read_cause = Cause.read(cause, verb)
    assert read_cause.sentence() == str(read_cause) == sentence
    assert read_cause.phrase() == sentence[0].lower() + sentence[1:-1]


def test_a_cause_is_kept_as_it_was_read() -> None:
    kept = {**RULE, "attribute": "teams", "before": ["a"], "after": ["a", "b"], "event": "e1"}
    assert Cause.read(kept).stored() == {**kept, "before": ("a",), "after": ("a", "b")}
    assert Cause.read({}).stored() == {"kind": "unknown"}
    assert hash(Cause.read(kept)) == hash(Cause.read(kept))


FENNEL = Cause("rule", rule="0pr1", rule_name="Fennel team", attribute="team", before="kale", after="fennel")


@pytest.mark.parametrize(
    ("voice", "sentence"),
    [
        (YOU, "Because your team changed from kale to fennel (rule “Fennel team”)."),
        (Voice("Nadia"), "Because Nadia’s team changed from kale to fennel (rule “Fennel team”)."),
    ],
)
def test_a_cause_in_the_voice_of_its_reader(voice: Voice, sentence: str) -> None:
    assert FENNEL.sentence(voice) == sentence


def test_the_person_is_called_by_the_voice() -> None:
    assert (YOU.subject, Voice("Nadia").subject, Voice().subject) == ("you", "Nadia", "the person")
    assert (YOU.does("has", "have"), Voice("Nadia").does("has", "have")) == ("you have", "Nadia has")


@pytest.mark.parametrize(
    ("cause", "sentence", "phrase"),
    [
        (Cause(""), "", ""),
        (
            Cause("will_come", rules=("Fennel team",)),
            "Because of the rule “Fennel team”, which Okta has not applied yet.",
            "because of the rule “Fennel team”, which Okta has not applied yet",
        ),
        (
            Cause("before"),
            "Since before Sightline began.",
            "since before Sightline began",
        ),
        (Cause("path", "ended"), "The way to it ended.", "the way to it ended"),
        (Cause("level", "changed", level="Viewer"), "It is held as Viewer now.", "it is held as Viewer now"),
        (
            Cause("admin", "began", "Tomas", group="green", app="Paint"),
            "green opens Paint: Added by hand by Tomas.",
            "green opens Paint: added by hand by Tomas",
        ),
        (
            Cause("admin", "ended", group="green", app="Paint"),
            "green no longer opens it. Removed by hand.",
            "green no longer opens it: removed by hand",
        ),
        (
            Cause("admin", "began", "Tomas", group="Campus", app="Lab", relation="cascades"),
            "Campus passes on to Lab: Added by hand by Tomas.",
            "Campus passes on to Lab: added by hand by Tomas",
        ),
        (
            Cause("admin", "ended", group="crew", app="cucumber", relation="mirrors"),
            "crew is no longer mirrored as cucumber. Removed by hand.",
            "crew is no longer mirrored as cucumber: removed by hand",
        ),
        (
            Cause("app_deleted", "ended", app="Lab", system="Doors"),
            "Because Lab was deleted from Doors.",
            "because Lab was deleted from Doors",
        ),
        (
            Cause("hr", waits="ERROR"),
            "The HR record says so. Not delivered yet: Okta says ERROR.",
            "the HR record says so; not delivered yet: Okta says ERROR",
        ),
        (OTHER_LEVEL, "It would be held at another level.", "it would be held at another level"),
    ],
)
def test_what_an_answer_finds(cause: Cause, sentence: str, phrase: str) -> None:
    assert (cause.sentence(), cause.phrase()) == (sentence, phrase)
    assert cause.known is (cause.kind != "")


def test_the_flipped_attribute() -> None:
    assert flip(Cause(attribute="team", after="fennel")) == "their team became fennel"
    assert flip(Cause(attribute="team", before="fennel")) == "their team is no longer fennel"
    assert flip(Cause(attribute="remote", before=False, after=True)) == "their remote changed from no to yes"


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
