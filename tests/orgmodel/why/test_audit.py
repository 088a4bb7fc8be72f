"""The five answers for every way in which access comes about, word for word."""

from datetime import UTC, datetime
from typing import Any

import pytest

from orgmodel.facts import Origin
from orgmodel.why.audit import five_answers
from orgmodel.why.causes import Cause
from orgmodel.why.paths import Path, Step

SINCE = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
GROUP, APP = Step("group", "crew", "00gcrew"), Step("app", "Figma", "0oafigma", "Editor")


def answers(
    path: Path, cause: dict[str, Any], *more: Path, ended: tuple[str, ...] = ()
) -> list[tuple[str, str]]:
    return [
        (each.answer, each.evidence) for each in five_answers([path, *more], SINCE, Cause.read(cause), ended)
    ]


def test_a_rule() -> None:
    path = Path((Step("rule", "Crew", "0pr"), GROUP, APP), "", "okta", "rule")
    assert answers(path, {"event": "e1"}, path, ended=("crew ended on 2026-01-01.",)) == [
        ("Nobody asked for it: a rule gives it to everybody whom it fits.", "log"),
        ("Nobody approves it one by one: whoever keeps the rule “Crew” does.", "okta"),
        ("crew, by the rule “Crew”. There are 1 more ways.", "okta"),
        ("Since 2026-03-02 09:30 UTC, as far as known.", "log"),
        ("crew ended on 2026-01-01.", "log"),
    ]


@pytest.mark.parametrize(
    ("origin", "cause", "asked", "approved"),
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
def test_every_other_origin(origin: Origin, cause: dict[str, Any], asked: str, approved: str) -> None:
    found = answers(Path((GROUP, APP), "", "none", origin), cause)
    assert [found[0][0], found[1][0]] == [asked, approved]
    assert found[4] == ("Nothing that Sightline has seen.", "none")


def test_an_app_that_is_assigned_directly() -> None:
    found = answers(Path((Step("direct", "Figma"), APP), "", "okta"), {})
    assert found[2] == ("None: it is assigned directly.", "okta")
