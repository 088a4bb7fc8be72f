"""How it is known whose an account is, in words."""

import pytest

from orgmodel.why.causes import Cause
from orgmodel.why.identity import evidence_of


@pytest.mark.parametrize(
    ("match", "sentence", "confidence"),
    [
        ("e-mail", "same e-mail address", "medium"),
        ("several people: e-mail", "the e-mail fits several people", "none"),
        ("a word of an older version", "a word of an older version", "none"),
    ],
)
def test_evidence_and_how_sure_it_makes_one(match: str, sentence: str, confidence: str) -> None:
    found = evidence_of(match)
    assert (found.sentence, found.confidence) == (sentence, confidence)


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        (
            Cause("linked", actor="Tomas Okafor", reason="Asked her."),
            "Linked by hand by Tomas Okafor: Asked her.",
        ),
        (Cause("undone", actor="Tomas Okafor"), "Decision undone by Tomas Okafor."),
    ],
)
def test_who_decided_is_the_cause(cause: Cause, sentence: str) -> None:
    assert cause.sentence() == sentence
