"""Every kind of change as the sentence a person reads."""

from typing import Any

import pytest

from orgmodel.why.causes import Cause
from orgmodel.why.sentences import ChangeSentence, say
from orgmodel.why.voice import YOU

BLANK: dict[str, Any] = {
    "what": "",
    "level": "",
    "attribute": "",
    "before": None,
    "after": None,
    "cause": {},
}


def change(**values: Any) -> dict[str, Any]:
    return {**BLANK, **values}


@pytest.mark.parametrize(
    ("kind", "verb", "values", "mark", "sentence"),
    [
        ("grant", "began", {"what": "team-fennel", "level": "member"}, "gained", "is now in team-fennel."),
        (
            "grant",
            "ended",
            {"what": "team-fennel", "level": "member"},
            "lost",
            "is no longer in team-fennel.",
        ),
        (
            *("grant", "changed", {"what": "team-fennel", "level": "member"}, "changed"),
            "is still in team-fennel, for a different reason.",
        ),
        ("grant", "began", {"what": "Figma", "level": "assigned"}, "gained", "was assigned Figma directly."),
        (
            "grant",
            "began",
            {"what": "Figma", "level": "Editor"},
            "gained",
            "was assigned Figma as Editor directly.",
        ),
        (
            *("grant", "ended", {"what": "Figma", "level": "Editor"}, "lost"),
            "is no longer assigned Figma as Editor directly.",
        ),
        ("edge", "began", {"what": "Figma", "level": "assigned"}, "gained", "now opens Figma."),
        ("edge", "ended", {"what": "Figma", "level": "Viewer"}, "lost", "no longer opens Figma as Viewer."),
        (
            *("edge", "changed", {"what": "Figma", "level": "Viewer"}, "changed"),
            "now opens Figma as Viewer with a different priority.",
        ),
        *(
            ("edge", verb, {"what": "Lab", "level": "member", "relation": relation}, mark, sentence)
            for verb, relation, mark, sentence in (
                ("began", "part", "gained", "is now part of Lab."),
                ("ended", "part", "lost", "is no longer part of Lab."),
                ("began", "cascades", "gained", "now passes on to Lab as member."),
                ("ended", "cascades", "lost", "no longer passes on to Lab as member."),
                ("began", "contains", "gained", "now contains Lab as member."),
                ("ended", "mirrors", "lost", "is no longer mirrored as Lab."),
            )
        ),
        (
            *("assignment", "began", {"what": "Radish", "attribute": "cost_center"}, "moved"),
            "joined the cost center Radish.",
        ),
        ("assignment", "ended", {"what": "Radish", "attribute": "team"}, "moved", "left the team Radish."),
        (
            "assignment",
            "changed",
            {"what": "Radish", "attribute": "team", "before": "secondary", "after": "primary"},
            "changed",
            "is still in the team Radish, now primary instead of secondary.",
        ),
        (
            *("attribute", "began", {"attribute": "team", "what": "Okta", "after": "fennel"}, "changed"),
            "now has team fennel in Okta.",
        ),
        (
            *("attribute", "ended", {"attribute": "floor", "what": "HR", "before": 3}, "changed"),
            "no longer has a value for floor in HR; it was 3.",
        ),
        (
            "attribute",
            "changed",
            {"attribute": "remote", "what": "ledger", "before": False, "after": ["Mon", "Fri"]},
            "changed",
            "now has remote Mon, Fri instead of no in ledger.",
        ),
        ("manager", "began", {"what": "Lena Osei"}, "changed", "reports to Lena Osei."),
        ("manager", "changed", {"what": "Lena Osei"}, "changed", "now reports to Lena Osei."),
        ("manager", "ended", {"what": "Lena Osei"}, "changed", "no longer has a manager on record."),
        ("person", "began", {}, "joined", "appeared in the records."),
        ("person", "changed", {"after": {"status": "ended"}}, "left", "has left the company."),
        ("person", "changed", {"after": {"status": "leave"}}, "changed", "is on leave."),
        ("person", "changed", {"after": {"status": "pending"}}, "changed", "has not started yet."),
        ("person", "changed", {"after": "away"}, "changed", "changed."),
        (
            *("unit", "changed", {"attribute": "name", "before": "Kale", "after": "Chard"}, "renamed"),
            "was renamed from Kale.",
        ),
        ("unit", "began", {"attribute": "name", "after": "Kale"}, "changed", "was created."),
        ("unit", "ended", {"attribute": "name", "before": "Kale"}, "changed", "no longer exists."),
        ("unit", "changed", {"attribute": "active", "after": True}, "changed", "is active again."),
        ("unit", "changed", {"attribute": "active", "after": False}, "changed", "was retired."),
        (
            *(
                "unit",
                "changed",
                {"attribute": "parent", "before": "Product", "after": "Platform"},
                "changed",
            ),
            "is now part of Platform instead of Product.",
        ),
        (
            "unit",
            "began",
            {"attribute": "parent", "after": "Platform"},
            "changed",
            "is now part of Platform.",
        ),
        (
            *("unit", "ended", {"attribute": "parent", "before": "Platform"}, "changed"),
            "is no longer part of Platform.",
        ),
        ("unit", "began", {"attribute": "lead", "after": "Lena Osei"}, "changed", "is now led by Lena Osei."),
        (
            *(
                "unit",
                "changed",
                {"attribute": "lead", "before": "Ada Lund", "after": "Lena Osei"},
                "changed",
            ),
            "is now led by Lena Osei instead of Ada Lund.",
        ),
        (
            *("unit", "ended", {"attribute": "lead", "before": "Ada Lund"}, "changed"),
            "is no longer led by Ada Lund.",
        ),
        ("unit", "began", {"attribute": "active", "after": False}, "changed", "is not active."),
        ("unit", "changed", {"attribute": "colour", "after": 2}, "changed", "changed."),
        ("rule", "began", {}, "changed", "was created."),
        ("rule", "ended", {}, "changed", "was deleted."),
        (
            *(
                "rule",
                "changed",
                {"before": {"status": "active"}, "after": {"status": "inactive"}},
                "changed",
            ),
            "is now inactive.",
        ),
        (
            "rule",
            "changed",
            {"before": {"name": "A", "targets": ["00g1"]}, "after": {"name": "B", "targets": []}},
            "changed",
            "was changed: name, targets.",
        ),
        ("rule", "changed", {"after": {"expression": "true"}}, "changed", "was changed: expression."),
        ("resource", "began", {}, "changed", "was created."),
        ("resource", "ended", {}, "changed", "was deleted."),
        (
            *("resource", "changed", {"before": {"name": "Old"}, "after": {"name": "New"}}, "renamed"),
            "was renamed from Old.",
        ),
        (
            *("resource", "changed", {"before": {"status": "active"}, "after": {"status": "inactive"}}),
            *("changed", "is now inactive."),
        ),
        ("resource", "changed", {"after": {"description": "B"}}, "changed", "has a new description."),
        ("resource", "changed", {}, "changed", "has different details."),
        (
            "resource",
            "changed",
            {"before": {"name": "A", "status": "active"}, "after": {"name": "B", "status": "inactive"}},
            "renamed",
            "was renamed from A and is now inactive.",
        ),
        (
            *("person", "changed", {"after": {"into": "Nadia Osei"}}, "changed"),
            "is the same person as Nadia Osei.",
        ),
        ("handover", "began", {"what": "Okta account"}, "changed", "now has the Okta account."),
        ("handover", "ended", {"what": "Okta account"}, "changed", "no longer has the Okta account."),
        ("link", "began", {"what": "Fennel"}, "changed", "is now linked to Fennel."),
        ("link", "ended", {"what": "Fennel"}, "changed", "is no longer linked to Fennel."),
        ("push", "changed", {"what": "Figma"}, "changed", "changed: Figma."),
        *(
            ("seat", verb, {"what": "Figma"}, "changed", sentence)
            for verb, sentence in (
                ("began", "is now on the list of people assigned to Figma."),
                ("ended", "is no longer on the list of people assigned to Figma."),
                ("changed", "is still on the list of people assigned to Figma, with other details."),
            )
        ),
    ],
)
def test_what_happened(kind: str, verb: str, values: dict[str, Any], mark: str, sentence: str) -> None:
    assert say(kind, verb, change(**values)) == ChangeSentence(mark, sentence, None)


@pytest.mark.parametrize(
    ("kind", "verb", "values", "sentence"),
    [
        ("grant", "began", {"what": "team-fennel", "level": "member"}, "are now in team-fennel."),
        ("grant", "ended", {"what": "team-fennel", "level": "member"}, "are no longer in team-fennel."),
        ("grant", "began", {"what": "Figma", "level": "assigned"}, "were assigned Figma directly."),
        (
            "attribute",
            "began",
            {"attribute": "team", "what": "Okta", "after": "a"},
            "now have team a in Okta.",
        ),
        ("manager", "began", {"what": "Lena Osei"}, "report to Lena Osei."),
        ("manager", "ended", {}, "no longer have a manager on record."),
        ("person", "changed", {"after": {"status": "leave"}}, "are on leave."),
        ("assignment", "began", {"what": "{is} is", "attribute": "team"}, "joined the team {is} is."),
    ],
)
def test_what_happened_to_the_reader(kind: str, verb: str, values: dict[str, Any], sentence: str) -> None:
    assert say(kind, verb, change(**values), YOU).sentence == sentence


def test_a_known_cause_is_said() -> None:
    line = say("grant", "began", change(what="team-fennel", level="member", cause={"kind": "hr"}))
    assert line == ChangeSentence("gained", "is now in team-fennel.", Cause("hr"))


def test_an_unknown_cause_is_not_said() -> None:
    line = say("grant", "began", change(what="team-fennel", level="member", cause={"kind": "unknown"}))
    assert line.cause is None


def test_hostile_names_stand_as_they_are() -> None:
    name = "<!channel> <script>\u202e"
    assert say("manager", "began", change(what=name)).sentence == f"reports to {name}."


def test_states_of_accounts_are_told_without_the_capitals_of_their_source() -> None:
    change = {
        "what": "Okta",
        "attribute": "status",
        "before": "ACTIVE",
        "after": "PASSWORD_EXPIRED",
        "cause": {},
    }
    assert say("attribute", "changed", change).sentence == (
        "now has status password expired instead of active in Okta."
    )
