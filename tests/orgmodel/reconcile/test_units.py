"""Units and their groups: each test adds one thing that is wrong, or looks wrong and is not."""

from datetime import date
from typing import Any

import pytest

from orgmodel.conventions import Conventions, UnitKind
from orgmodel.facts import Fact
from tests.orgmodel.sync.world import group, member, rule, unit

from .company import (
    CUCUMBER,
    NADIA_HR,
    OKTA,
    PEOPLE,
    QUINN,
    QUINN_HR,
    RADISH,
    RADISH_UNIT,
    TEAM,
    UNITS,
    only,
    tell,
    without,
)

pytestmark = pytest.mark.django_db

FENNEL = unit("team", "recFEN", "Fennel", "fennel", parent="recPRO")


def test_unit_without_group() -> None:
    assert tell(units=[*UNITS, FENNEL]) == {
        "unit-without-group": ["The team Fennel has no group in Okta: it gives nothing."]
    }
    assert only().evidence == {"unit": "recFEN", "kind": "team", "people": 0}


def test_unit_without_group_and_with_people() -> None:
    people = [*without(PEOPLE, QUINN_HR), QUINN_HR._replace(attributes={"team": "fennel"})]
    found = tell(people=people, units=[*UNITS, FENNEL])
    assert found["unit-without-group"] == [
        "The team Fennel has no group in Okta: its 1 person gets nothing with it."
    ]


@pytest.mark.parametrize(
    "quiet",
    [
        {"active": False},
        {"active_from": date(2026, 4, 1)},
        {"active_to": date(2026, 3, 1)},
        {"kind": "department"},
    ],
)
def test_a_unit_that_needs_no_group(quiet: dict[str, Any]) -> None:
    assert tell(units=[*UNITS, FENNEL._replace(**quiet)]) == {}


def test_group_without_unit() -> None:
    lone = group("00gsor", "team-sorrel", "AUTO team Sorrel", airtableId="recSOR")
    assert tell(
        [
            *OKTA,
            lone,
            rule("0prsor", "Sorrel", 'user.title == "Team lead"', "00gsor"),
            member("lena", "00gsor", "0prsor"),
        ]
    ) == {"group-without-unit": ["team-sorrel: it looks like a team group, but no such unit is on record."]}
    assert only().evidence == {"group": "00gsor", "known by": "profile key", "record": "recSOR"}


@pytest.mark.parametrize(
    "ends", [{"active": False, "active_to": date(2026, 2, 1)}, {"active_to": date(2026, 3, 1)}]
)
def test_retired_unit_grants(ends: dict[str, Any]) -> None:
    units = [*without(UNITS, RADISH_UNIT), RADISH_UNIT._replace(**ends)]
    assert tell(units=units) == {
        "retired-unit-grants": [
            "team-radish: the team Radish is retired, but its group still has 1 member and opens 1 app."
        ],
        "rule-target": ["Radish team: Its target “team-radish” is the group of a retired unit."],
    }
    grants = only("retired-unit-grants")
    assert grants.severity == "high"
    assert grants.evidence["since"] == str(ends["active_to"])


def test_the_group_of_a_unit_whose_record_is_gone() -> None:
    tell()
    people = [*without(PEOPLE, NADIA_HR), NADIA_HR._replace(attributes={"team": "cucumber"})]
    found = tell(people=people, units=without(UNITS, RADISH_UNIT), day=1)
    assert found["retired-unit-grants"] == [
        "team-radish: the team Radish is retired, but its group still has 1 member and opens 1 app."
    ]
    assert "group-without-unit" not in found


def test_a_retired_unit_whose_group_gives_nothing_is_no_leak() -> None:
    gherkin = unit("team", "recGHE", "Gherkin", "gherkin", active=False)
    found = tell([*OKTA, group("00gghe", "team-gherkin", "AUTO team Gherkin")], units=[*UNITS, gherkin])
    assert set(found) == {"empty-group"}


def test_unit_cycle() -> None:
    circle = [
        unit("team_group", "recEAS", "East", "east", parent="recWES"),
        unit("team_group", "recWES", "West", "west", parent="recEAS"),
    ]
    assert tell(units=[*UNITS, *circle]) == {
        "unit-cycle": ["East and West stand above one another in a circle."]
    }


def test_unit_under_a_retired_one() -> None:
    old = unit("tribe", "recOLD", "Old tribe", "old-tribe", active=False)
    units = [*without(UNITS, RADISH_UNIT), RADISH_UNIT._replace(parent="recOLD"), old]
    assert tell(units=units) == {
        "unit-parent-missing": ["The team Radish stands under Old tribe, which is retired."]
    }


def test_unit_under_one_that_nobody_knows() -> None:
    lost = RADISH._replace(profile={**RADISH.profile, "parentId": "recNIX"})
    assert tell([*without(OKTA, RADISH), lost]) == {
        "unit-parent-missing": ["The team Radish names a parent that no record has."]
    }
    known = RADISH._replace(profile={**RADISH.profile, "parentId": "recPRO"})
    assert tell([*without(OKTA, RADISH), known], day=1) == {}


def test_unmapped_attribute() -> None:
    people = [*without(PEOPLE, QUINN_HR), QUINN_HR._replace(attributes={"team": "Gherkin "})]
    okta = [*without(OKTA, QUINN), QUINN._replace(attributes={"team": "Gherkin "})]
    assert tell(okta, people) == {
        "unmapped-attribute": ["The team “Gherkin” means no unit on record; 1 person has it."]
    }
    assert only().evidence == {"attribute": "team", "value": "Gherkin ", "count": 1}


def test_empty_attribute() -> None:
    people = [*without(PEOPLE, QUINN_HR), QUINN_HR._replace(attributes={})]
    okta = [*without(OKTA, QUINN), QUINN._replace(attributes={})]
    found = tell(okta, people)
    assert found.pop("rule-unclear") == [
        (
            "Staff: Whether it takes 1 of 3 people cannot be known: Okta may keep null or the empty text for"
            " an attribute without a value, and here they differ."
        )
    ]
    assert found == {"unmapped-attribute": ["Quinn Abe has no team on record."]}
    assert only("unmapped-attribute").severity == "low"


@pytest.mark.parametrize(
    ("name", "description", "wrong"),
    [
        ("Cucumbers", "AUTO team Cucumber", "its description says “AUTO team”, but its name is not “team-…”"),
        (
            "team-cucumber",
            "Cucumber",
            "it is named like a team, but its description does not say “AUTO team”",
        ),
        ("area-cucumber", "AUTO team Cucumber", "it is named like an area and described as a team"),
    ],
)
def test_naming_convention(name: str, description: str, wrong: str) -> None:
    named = CUCUMBER._replace(name=name, description=description)
    assert tell([*without(OKTA, CUCUMBER), named]) == {"naming-convention": [f"{name}: {wrong}."]}


def test_the_longer_sign_decides() -> None:
    guild = UnitKind("guild", None, "team-guild-<slug>", "AUTO team guild")
    conventions = Conventions(unit_kinds=(TEAM, guild, UnitKind("department", "department")))
    facts: list[Fact] = [
        group("00ggui", "team-guild-soup", "AUTO team guild Soup"),
        member("lena", "00ggui", "0prall"),
    ]
    found = tell([*OKTA, *facts], conventions=conventions)
    assert "naming-convention" not in found


def test_without_a_pattern_and_a_prefix_no_name_is_wrong() -> None:
    conventions = Conventions(unit_kinds=(UnitKind("team", "team", id_key="airtableId"),))
    units = without(UNITS, UNITS[0])
    assert (
        tell(
            [*OKTA, group("00gteam", "team-cumin"), member("lena", "00gteam", "0prall")],
            units=units,
            conventions=conventions,
        )
        == {}
    )
    found = tell(units=[*units, FENNEL], conventions=conventions, day=1)
    assert found == {"unit-without-group": ["The team Fennel has no group in Okta: it gives nothing."]}
    assert only().fix[0]["kind"] == "console"


def test_a_group_of_a_kind_without_records_is_no_stray() -> None:
    conventions = Conventions(unit_kinds=(TEAM, UnitKind("guild", None, "guild-<slug>")))
    guild: list[Fact] = [group("00ggui", "guild-soup"), member("lena", "00ggui", "0prall")]
    assert "group-without-unit" not in tell([*OKTA, *guild], conventions=conventions)
