"""What must be said beside access, in words."""

import pytest

from orgmodel.why.caveats import Unusable, cannot_sign_in, not_read, unusable


@pytest.mark.parametrize(
    ("kinds", "sentence"),
    [
        ([], ""),
        (["resource"], ""),
        (
            ["grant"],
            "The members could not be read yet: unknown, not empty. What was known stays.",
        ),
        (
            ["push", "edge", "seat"],
            (
                "The groups that open it, people assigned to it and groups pushed to it could not be read"
                " yet: unknown, not empty. What was known stays."
            ),
        ),
    ],
)
def test_what_could_not_be_read(kinds: list[str], sentence: str) -> None:
    assert not_read(kinds) == sentence


def test_assignments_that_cannot_be_used() -> None:
    many = tuple(f"Person {number}" for number in range(7))
    found = [
        Unusable("not ready yet", many),
        Unusable("not ready yet", ("Nadia",)),
        Unusable("revoked", ("Lena",)),
    ]
    assert unusable(found, "people") == (
        "Assigned, but may be unable to open it: Person 0, Person 1, Person 2, Person 3, Person 4 and 3 more"
        " people (not ready yet); Lena (revoked)."
    )
    assert unusable([Unusable("revoked", ())], "people") == unusable([], "apps") == ""


@pytest.mark.parametrize(
    ("hindrances", "sentence"),
    [
        ([], ""),
        ([""], ""),
        (["is locked", ""], ""),
        (["is locked"], "The Okta account is locked; for now nothing of this can be used."),
        (
            ["is locked", "is suspended", "is locked"],
            "The Okta account is locked or is suspended; for now nothing of this can be used.",
        ),
    ],
)
def test_why_nobody_can_sign_in(hindrances: list[str], sentence: str) -> None:
    assert cannot_sign_in(hindrances) == sentence
