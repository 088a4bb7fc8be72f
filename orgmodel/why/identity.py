"""How it is known whose an account is, in words: the evidence, and how sure it makes one. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Evidence:
    """By what an account was joined to a person. `confidence`: certain, high, medium or none."""

    sentence: str
    confidence: str


EVIDENCE = {
    "linked by hand": Evidence("linked by hand", "certain"),
    "own record": Evidence("the record by which the person is known", "certain"),
    "app assignment": Evidence("the app is assigned to the person under this user name", "certain"),
    "employee number": Evidence("same employee number", "high"),
    "e-mail": Evidence("same e-mail address", "medium"),
    "kept apart by hand": Evidence("kept apart by hand", "certain"),
    "": Evidence("nothing names a person", "none"),
}
"""In the order in which evidence counts; a name is none."""
FITS_SEVERAL = "several people: "


def evidence_of(match: str) -> Evidence:
    """The evidence that `Account.match` names.

    >>> evidence_of("several people: e-mail").sentence
    'the e-mail fits several people'
    """
    if match.startswith(FITS_SEVERAL):
        return Evidence(f"the {match.removeprefix(FITS_SEVERAL)} fits several people", "none")
    return EVIDENCE.get(match, Evidence(match, "none"))


DECIDED = {"linked": "linked by hand", "unlinked": "taken apart by hand", "undone": "decision undone"}
"""Kind of a cause → what was decided about whose an account is."""


def decided(kind: str, actor: str, reason: str) -> str:
    """Who decided whose an account is, and why, inside a line.

    >>> decided("linked", "Tomas Okafor", "asked her")
    'linked by hand by Tomas Okafor: asked her'
    """
    return f"{DECIDED[kind]} by {actor}" + (f": {reason.rstrip('.')}" if reason else "")
