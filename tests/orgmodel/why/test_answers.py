"""The sentence that answers why, or why not, in each voice and with the hedge."""

from typing import Any

from orgmodel.why import answers
from orgmodel.why.paths import Path, Step
from orgmodel.why.voice import YOU, Voice

NADIA = Voice("Nadia")
GROUP = Path((Step("group", "crew"), Step("app", "Paint")), "Someone must add them to crew manually.", "none")
RULE = Path((Step("rule", "R"), Step("group", "crew")), "The rule “R” would match if so.", "evaluated")


def test_somebody_has_it() -> None:
    options: dict[str, Any] = {"kind": "app", "hedged": False}
    assert answers.has(NADIA, "Paint", "Editor", [RULE], **options) == (
        "Nadia has Paint as Editor, in one way. The rule “R” would match if so."
    )
    assert answers.has(YOU, "Paint", "", [RULE, RULE], **options) == (
        "You have Paint, in 2 ways. The rule “R” would match if so."
    )
    assert answers.has(NADIA, "Paint", "", [RULE], kind="app", hedged=True) == (
        "As far as you can see, Nadia has Paint, in one way. The rule “R” would match if so."
    )
    assert answers.has(YOU, "crew", "", [RULE], kind="group", hedged=False) == (
        "You are in crew. The rule “R” would match if so."
    )


def test_somebody_has_it_no_longer() -> None:
    gone = ("Paint", "no longer in crew", "2 March 2026", "Removed by hand.")
    assert answers.no_longer(NADIA, *gone, kind="app", hedged=False) == (
        "Nadia no longer has Paint: no longer in crew since 2 March 2026. Removed by hand."
    )
    assert answers.no_longer(YOU, "crew", "", "2 March 2026", "", kind="group", hedged=False) == (
        "You are no longer in crew since 2 March 2026."
    )
    assert answers.no_longer(
        NADIA, "Paint", "crew no longer opens Paint", *gone[2:], kind="app", hedged=False
    ) == ("Nadia no longer has Paint: crew no longer opens Paint since 2 March 2026. Removed by hand.")


def test_somebody_lacks_it() -> None:
    assert answers.lacks(NADIA, "Paint", [GROUP], kind="app", hedged=True) == (
        "As far as you can see, Nadia does not have Paint. It comes with crew."
    )
    assert answers.lacks(YOU, "Paint", [RULE], kind="app", hedged=False) == (
        "You do not have Paint. It comes with crew. The rule “R” would match if so."
    )
    assert answers.lacks(YOU, "Paint", [], kind="app", hedged=False) == (
        "You do not have Paint, and no group that Sightline can see opens it."
    )
    assert answers.lacks(NADIA, "crew", [RULE], kind="group", hedged=False) == (
        "Nadia is not in crew. The rule “R” would match if so."
    )
