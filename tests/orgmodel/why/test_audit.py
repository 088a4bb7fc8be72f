"""The five answers for every way in which access comes about, word for word."""

from datetime import UTC, datetime
from typing import Any

import pytest

from orgmodel.facts import Origin
from orgmodel.why.audit import Revoked, Since, five_answers
from orgmodel.why.causes import Cause
from orgmodel.why.paths import Path, Step

DAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SINCE = Since(DAY, before=False)
FIRST = Since(datetime(2026, 3, 1, 9, tzinfo=UTC), before=True)
GROUP, APP = Step("group", "crew", "00gcrew"), Step("app", "Figma", "0oafigma", "Editor")
LOWERED = Revoked(DAY, "Admin", "Editor", "Removed by hand.", "log")
ENDED = Revoked(DAY, "assigned", "", "", "okta")


def answers(
    path: Path, cause: dict[str, Any], *more: Path, ended: tuple[Revoked, ...] = ()
) -> list[tuple[str, str]]:
    return [
        (each.answer, each.evidence)
        for each in five_answers([path, *more], SINCE, SINCE, Cause.read(cause), ended)
    ]


def test_a_rule() -> None:
    path = Path((Step("rule", "Crew", "0pr"), GROUP, APP), "", "okta", "rule")
    assert answers(path, {"event": "e1"}, path, ended=(LOWERED, ENDED)) == [
        ("Nobody asked for it: a rule gives it to everybody whom it matches.", "log"),
        ("Nobody approves it one by one: whoever keeps the rule “Crew” does.", "okta"),
        ("crew, by the rule “Crew”. There is 1 more way.", "okta"),
        ("Since 2026-03-02 09:30 UTC.", "log"),
        (
            (
                "Admin was revoked on 2026-03-02 09:30 UTC; Editor was left. Removed by hand."
                " Access was revoked on 2026-03-02 09:30 UTC."
            ),
            "log",
        ),
    ]


@pytest.mark.parametrize(
    ("origin", "cause", "sentence", "approved"),
    [
        (
            "request",
            {},
            "It was given on request; who asked is not in Okta’s log.",
            "The governance tool keeps the approval; Okta’s log does not name who gave it.",
        ),
        (
            "automation",
            {"actor": "Terraform"},
            "An automation put it there (Terraform); who asked it to is not in Okta’s log.",
            "Not known: no approval is in Okta’s log.",
        ),
        (
            "automation",
            {},
            "An automation put it there; who asked it to is not in Okta’s log.",
            "Not known: no approval is in Okta’s log.",
        ),
        (
            "admin",
            {"actor": "Tomas"},
            "It was added by hand by Tomas; no request is known.",
            "Not known: no approval is in Okta’s log.",
        ),
        (
            "admin",
            {},
            "It was added by hand; no request is known.",
            "Not known: no approval is in Okta’s log.",
        ),
        (
            "unknown",
            {},
            "Not known: neither Okta nor its log says how it came about.",
            "Not known: no approval is in Okta’s log.",
        ),
    ],
)
def test_every_other_origin(origin: Origin, cause: dict[str, Any], sentence: str, approved: str) -> None:
    found = answers(Path((GROUP, APP), "", "none", origin), cause)
    assert [found[0][0], found[1][0]] == [sentence, approved]
    assert found[4] == ("Nothing that Sightline has seen.", "none")


def test_an_app_that_is_assigned_directly() -> None:
    found = answers(Path((Step("direct", "Figma"), APP), "", "okta"), {})
    assert found[2] == ("None: it is assigned directly.", "okta")


def test_what_was_there_at_the_first_read_began_before() -> None:
    path = Path((GROUP, APP), "", "okta")
    found = five_answers([path, path, path], SINCE, FIRST, Cause(), (ENDED,), DAY)
    assert [each.answer for each in found[2:]] == [
        "crew. There are 2 more ways.",
        "Since 2026-03-02 09:30 UTC. At some level since before Sightline began (2026-03-01 09:00 UTC).",
        "Access was revoked on 2026-03-02 09:30 UTC.",
    ]
    assert found[4].evidence == "okta"
    nothing = five_answers([path], FIRST, FIRST, Cause(), (), DAY)
    assert [each.answer for each in nothing[3:]] == [
        "Since before Sightline began (2026-03-01 09:00 UTC).",
        "Nothing that Sightline has seen since it began (2026-03-02 09:30 UTC).",
    ]


def test_a_level_that_says_nothing_is_just_access() -> None:
    assert Revoked(DAY, "Editor", "assigned", "", "log").sentence == (
        "Editor was revoked on 2026-03-02 09:30 UTC; access was left."
    )


def test_a_level_of_which_nobody_can_say_that_it_is_less_was_not_revoked() -> None:
    assert Revoked(DAY, "Member", "Admin", "Added by hand.", "log").sentence == (
        "The level changed from Member to Admin on 2026-03-02 09:30 UTC; which of them is more is not known."
        " Added by hand."
    )
