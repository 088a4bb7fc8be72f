"""Memberships that nothing explains, over a company in which everything else is right."""

import pytest

from orgmodel.facts import Fact
from tests.orgmodel.sync.world import added, app, group, member, moment, opens, rule, seat, unit

from .company import (
    NADIA,
    NADIA_HR,
    NADIA_IN_CUCUMBER,
    NADIA_IN_RADISH,
    OKTA,
    PEOPLE,
    RADISH_RULE,
    RADISH_UNIT,
    UNITS,
    only,
    tell,
    without,
)

pytestmark = pytest.mark.django_db

# A group of no unit that a rule keeps; Quinn is in it by the rule.
FED: list[Fact] = [
    group("00gfed", "figma-users"),
    rule("0prfed", "Figma users", 'user.title == "Engineer"', "00gfed"),
    member("quinn", "00gfed", "0prfed"),
]
ONCALL: list[Fact] = [
    group("00gonc", "radish-oncall"),
    app("0oaonc", "Pager"),
    opens("00gonc", "0oaonc"),
]


def moved(okta: list[Fact]) -> tuple[list[Fact], list[Fact]]:
    """Nadia moves from Radish to Cucumber: Okta's answer with her new profile and group, and HR's."""
    there = [*without(okta, NADIA, NADIA_IN_RADISH), NADIA._replace(attributes={"team": "cucumber"})]
    return [*there, NADIA_IN_CUCUMBER], [
        *without(PEOPLE, NADIA_HR),
        NADIA_HR._replace(attributes={"team": "cucumber"}),
    ]


def test_nothing_is_wrong_in_the_company_the_tests_begin_with() -> None:
    assert tell() == {}
    assert tell([*OKTA, *FED, *ONCALL, member("nadia", "00gonc")], day=1) == {}


def test_hand_made_member_by_somebody() -> None:
    added_by_hand = added("e1", "nadia", "00gfed", moment(-3), actor_name="Tomas Okafor")
    assert tell([*OKTA, *FED, member("nadia", "00gfed"), added_by_hand]) == {
        "hand-made-member": [
            "figma-users: Nadia Brandt was added by hand by Tomas Okafor to a group that a rule keeps."
        ]
    }
    finding = only()
    assert (finding.evidence["account"], finding.evidence["group"]) == ("nadia", "00gfed")
    assert finding.evidence["since"] == "2026-02-26T09:00:00+00:00"
    assert "since_before" not in finding.evidence
    assert (len(finding.people), len(finding.resources), finding.severity) == (1, 1, "medium")


def test_hand_made_member_by_nobody_knows_whom() -> None:
    assert tell([*OKTA, *FED, member("nadia", "00gfed")]) == {
        "hand-made-member": [
            (
                "figma-users: Nadia Brandt was added directly to a group that a rule keeps."
                " Who did it is not known."
            )
        ]
    }
    assert only().evidence["since_before"] is True


def test_an_automation_is_no_hand() -> None:
    by_token = added("e1", "nadia", "00gfed", moment(-3), token_id="00T1")
    assert tell([*OKTA, *FED, member("nadia", "00gfed"), by_token]) == {}


def test_without_attribution_nobody_is_accused() -> None:
    assert tell([*OKTA, *FED, member("nadia", "00gfed", attributed=False)]) == {}


def test_in_a_unit_group_that_no_rule_keeps_only_whom_hr_places_elsewhere() -> None:
    unruled = [*without(OKTA, RADISH_RULE, NADIA_IN_RADISH), member("nadia", "00grad")]
    assert tell(unruled) == {}
    found = tell([*unruled, member("quinn", "00grad")], day=1)
    assert found["hand-made-member"] == [
        (
            "team-radish: Quinn Abe was added directly to the group of the team Radish,"
            " where HR does not place them. Who did it is not known."
        )
    ]
    assert found["two-role-groups"] == [
        "Quinn Abe is in the groups of 2 teams at once, team-cucumber and team-radish, where HR gives one."
    ]


def test_kept_after_move() -> None:
    before = [*OKTA, *ONCALL, member("nadia", "00gonc")]
    assert tell(before) == {}
    okta, people = moved(before)
    found = tell(okta, people, day=1)
    assert found.pop("empty-group") == ["team-radish: the group opens 1 app and has no members."]
    assert found == {
        "kept-after-move": [
            "radish-oncall: Nadia Brandt kept it after the move of 2 March 2026; no rule gives it."
        ],
        "rule-never": ["Radish team: It takes nobody: none of 3 people matches."],
    }


def test_what_a_rule_keeps_or_was_given_later_is_not_kept_after_a_move() -> None:
    by_rule = [
        *OKTA,
        *ONCALL,
        rule("0pronc", "On call", 'user.title == "Designer"', "00gonc"),
        member("nadia", "00gonc", "0pronc"),
    ]
    tell(by_rule)
    okta, people = moved(by_rule)
    later = [*okta, *FED[:1], opens("00gfed", "0oafigma"), member("nadia", "00gfed")]
    assert set(tell(later, people, day=1)) == {"empty-group", "rule-never"}


def test_kept_in_the_group_of_the_former_unit() -> None:
    unruled = [*without(OKTA, RADISH_RULE, NADIA_IN_RADISH), member("nadia", "00grad", attributed=False)]
    assert tell(unruled) == {}
    changed = NADIA._replace(attributes={"team": "cucumber"})
    okta = [*without(unruled, NADIA), changed, NADIA_IN_CUCUMBER]
    people = [*without(PEOPLE, NADIA_HR), NADIA_HR._replace(attributes={"team": "cucumber"})]
    assert tell(okta, people, day=1)["kept-after-move"] == [
        (
            "team-radish: Nadia Brandt kept it after the move of 2 March 2026;"
            " it is the group of the team Radish, which they left."
        )
    ]


def test_a_direct_app_kept_after_a_move() -> None:
    before = [*OKTA, seat("nadia", "0oafigma")]
    assert set(tell(before)) == {"app-direct"}
    okta, people = moved(before)
    assert tell(okta, people, day=1)["kept-after-move"] == [
        "Figma: Nadia Brandt kept it after the move of 2 March 2026; no rule gives it."
    ]


@pytest.mark.parametrize("still_attributed", [True, False])
def test_left_behind_by_a_rule_that_was_switched_off(still_attributed: bool) -> None:
    assert tell([*OKTA, *FED]) == {}
    off = rule("0prfed", "Figma users", 'user.title == "Engineer"', "00gfed", status="inactive")
    quinn = member("quinn", "00gfed", "0prfed") if still_attributed else member("quinn", "00gfed")
    assert tell([*OKTA, FED[0], off, quinn], day=1) == {
        "rule-inactive-left-members": [
            (
                "figma-users: 1 person is still in it through the rule “Figma users”, which is inactive."
                " Nothing takes them out."
            )
        ]
    }


def test_left_behind_by_a_rule_that_was_deleted() -> None:
    tell([*OKTA, *FED])
    assert tell([*OKTA, FED[0], FED[2]], day=1) == {
        "rule-inactive-left-members": [
            (
                "figma-users: 1 person is still in it through the rule “Figma users”, which is deleted."
                " Nothing takes them out."
            )
        ]
    }


def test_a_second_rule_that_lives_leaves_nobody_behind() -> None:
    off = rule("0proff", "Old rule", "true", "00gfed", status="inactive")
    both = member("quinn", "00gfed", "0proff", "0prfed")
    assert tell([*OKTA, *FED[:2], off, both]) == {}


def test_rule_invalid() -> None:
    broken = rule("0prbad", "Gherkins", 'isMemberOfGroup("00ggone")', "00gfed", status="invalid")
    assert tell([*OKTA, *FED, broken]) == {
        "rule-invalid": ["The rule “Gherkins” is invalid for Okta: it gives and takes nothing any more."]
    }
    assert only().severity == "high"


def test_two_role_groups_only_where_hr_gives_one() -> None:
    facts = [*OKTA, member("quinn", "00grad", "0prrad")]
    assert tell(facts) == {
        "two-role-groups": [
            (
                "Quinn Abe is in the groups of 2 teams at once, team-cucumber and team-radish,"
                " where HR gives one."
            )
        ]
    }
    assert only().evidence["not by HR"] == ["00grad"]


def test_whoever_is_in_a_unit_is_rightly_in_the_one_above_it() -> None:
    above = unit("team", "recVEG", "Vegetables", "vegetables")
    units = [*without(UNITS, RADISH_UNIT), RADISH_UNIT._replace(parent="recVEG"), above]
    group_above = group("00gveg", "team-vegetables", "AUTO team Vegetables", airtableId="recVEG")
    assert tell([*OKTA, group_above, member("nadia", "00gveg", "0prrad")], units=units) == {}


def test_many_names_are_counted() -> None:
    twins: list[Fact] = [
        each
        for number, name in enumerate(("Staff", "STAFF", "st-aff", "s taff"))
        for each in (group(f"00gtwin{number}", name), member("quinn", f"00gtwin{number}"))
    ]
    assert tell([*OKTA, *twins]) == {
        "near-duplicate-group": ["staff, Staff, STAFF and 2 more are nearly the same name."]
    }
