"""Which unit a group stands for and which unit a value means; a look-alike is no link."""

from dataclasses import replace
from typing import Any

import pytest

from orgmodel.conventions import UnitKind
from orgmodel.recognition import Group, Register, Sign, Unit, sign_of, signs, slug_of, slugify

TEAM = UnitKind("team", "team", "team-<slug>", "AUTO team", "airtableId", "parentId", "active")
GUILD = UnitKind("guild", None, "guild-<slug>", "AUTO guild", "airtableId")
DEPARTMENT = UnitKind("department", "department")
KEYED = UnitKind("squad", id_key="squadId")


def group(name: str, description: str = "", **profile: Any) -> Group:
    return Group(7, name, description, profile)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Data Platform", "data-platform"),
        ("Crème  brûlée!", "creme-brulee"),
        ("--Fennel--", "fennel"),
        ("<script>", "script"),
        ("R&D / 2", "r-d-2"),
    ],
)
def test_slug_of_a_name(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_names_without_latin_letters_have_slugs_of_their_own() -> None:
    # 株 is 26666, 札 is 26413: 26666 + 31 × 26413 = 845469 = 0xCE69D, and the other way round 0xD0443.
    assert slugify("株札") == "uce69d"
    assert slugify("札株") == "ud0443"


@pytest.mark.parametrize(
    ("pattern", "name", "slug"),
    [
        ("team-<slug>", "team-fennel", "fennel"),
        ("team-<slug>-all", "team-fennel-all", "fennel"),
        ("team-<slug>", "team-", ""),
        ("team-<slug>", "steam-fennel", ""),
        ("team-<slug>-all", "team-fennel", ""),
        ("a<slug>a", "a", ""),
        ("", "anything", ""),
    ],
)
def test_slug_in_a_group_name(pattern: str, name: str, slug: str) -> None:
    assert slug_of(pattern, name) == slug


def test_the_record_id_is_the_strongest_sign() -> None:
    found = sign_of(
        TEAM,
        group("team-fennel", "AUTO team: Fennel & Co\nmade by Sprout", airtableId="recF", parentId="recP"),
    )
    assert found == Sign("team", 7, "profile key", "recF", "fennel", "Fennel & Co", "recP", True)


def test_a_description_alone_names_the_unit() -> None:
    found = sign_of(TEAM, group("sprouts", "AUTO team – Brussels Sprouts"))
    assert found == Sign("team", 7, "description", "", "brussels-sprouts", "Brussels Sprouts", "", True)


def test_a_bare_description_leaves_the_name_to_the_group() -> None:
    found = sign_of(TEAM, group("brussels_sprouts", "AUTO team"))
    assert found == Sign("team", 7, "description", "", "brussels-sprouts", "Brussels Sprouts", "", True)


def test_a_name_alone_is_the_weakest_sign() -> None:
    found = sign_of(TEAM, group("team-data-platform"))
    assert found == Sign("team", 7, "name", "", "data-platform", "Data Platform", "", True)


def test_a_name_of_nothing_but_dashes_keeps_them() -> None:
    found = sign_of(TEAM, group("team---"))
    assert found is not None
    assert found.name == "--"


@pytest.mark.parametrize(
    "bearer", [group("Fennel lovers"), group("Fennel", "Not an AUTO team"), group("x", airtableId="recF")]
)
def test_look_alikes_bear_no_sign(bearer: Group) -> None:
    assert sign_of(TEAM, bearer) is None


def test_a_key_of_its_own_needs_no_pattern() -> None:
    found = sign_of(KEYED, group("Fennel Squad", squadId="recS"))
    assert found == Sign("squad", 7, "profile key", "recS", "fennel-squad", "Fennel Squad", "", True)
    assert sign_of(KEYED, group("Fennel Squad", squadId="")) is None


@pytest.mark.parametrize(
    ("value", "active"),
    [
        *[(True, True), (None, True), ("true", True), (" Yes ", True), (1, True), ("Active", True)],
        *[(False, False), ("false", False), ("", False), (0, False), ("retired", False)],
    ],
)
def test_whether_the_unit_is_active(value: Any, active: bool) -> None:
    found = sign_of(TEAM, group("team-fennel", active=value))
    assert found is not None
    assert found.active is active


def test_a_shared_key_belongs_to_the_kind_that_the_name_says() -> None:
    found = signs([TEAM, GUILD], [group("guild-bakers", airtableId="recB")])
    assert [(sign.kind, sign.record) for sign in found] == [("guild", "recB")]


def test_of_several_signs_the_strongest_counts_and_plain_groups_have_none() -> None:
    groups = [
        group("team-fennel", "AUTO guild Bakers"),
        replace(group("Everyone"), id=8),
        replace(group("team-kale"), id=9),
    ]
    found = signs([DEPARTMENT, TEAM, GUILD], groups)
    assert [(sign.group, sign.kind, sign.evidence) for sign in found] == [
        (7, "guild", "description"),
        (9, "team", "name"),
    ]


AREA = UnitKind("team_group", None, "team-group-<slug>", "AUTO team_group", "airtableId")
TRIBE = UnitKind("tribe", None, "team-<slug>-tribe", "AUTO team tribe")


@pytest.mark.parametrize("kinds", [[TEAM, AREA, TRIBE], [TRIBE, AREA, TEAM]])
@pytest.mark.parametrize(
    ("bearer", "kind", "slug"),
    [
        (group("a", "AUTO team_group Roots"), "team_group", "roots"),
        (group("a", "AUTO team Roots"), "team", "roots"),
        (group("a", "AUTO team tribe Roots"), "tribe", "roots"),
        (group("a", "AUTO team: Roots"), "team", "roots"),
        (group("a", "AUTO team:Roots"), "team", "roots"),
        (group("a", "AUTO team- Roots"), "team", "roots"),
        (group("roots", "AUTO team"), "team", "roots"),
        (group("roots", "AUTO team."), "team", "roots"),
        (group("team-group-roots"), "team_group", "roots"),
        (group("team-roots-tribe"), "tribe", "roots"),
        (group("team-roots"), "team", "roots"),
        (group("team-groups"), "team", "groups"),
        (group("team-group-roots", "AUTO team_group Roots", airtableId="rec1"), "team_group", "roots"),
        (group("team-group-roots", airtableId="rec1"), "team_group", "roots"),
        (group("team-group-roots", "AUTO team Group roots", airtableId="rec1"), "team", "group-roots"),
        (group("team-roots", "AUTO team_group Roots", airtableId="rec1"), "team_group", "roots"),
    ],
)
def test_the_longest_sign_wins_as_whole_words(
    kinds: list[UnitKind], bearer: Group, kind: str, slug: str
) -> None:
    assert [(sign.kind, sign.slug) for sign in signs(kinds, [bearer])] == [(kind, slug)]


@pytest.mark.parametrize(
    "described",
    [
        *("AUTO team_group Roots", "AUTO teams", "AUTO team2", "auto team Roots", "AUTO teamÉ"),
        *(
            "AUTO team-lead Roots",
            "AUTO team/area Roots",
            "AUTO team’s Roots",
            "AUTO team.x",
            " AUTO team Roots",
        ),
    ],
)
def test_a_word_that_goes_on_is_another_word(described: str) -> None:
    assert signs([TEAM], [group("roots", described)]) == []


def test_a_prefix_that_ends_with_a_sign_needs_no_space() -> None:
    kind = UnitKind("team", description_prefix="[team]")
    assert [sign.name for sign in signs([kind], [group("x", "[team]Roots")])] == ["Roots"]


def test_a_key_of_one_kind_alone_is_stronger_than_what_the_group_is_called() -> None:
    found = signs([TEAM, KEYED], [group("team-roots", "AUTO team Roots", squadId="recS")])
    assert [sign.kind for sign in found] == ["squad"]


FENNEL = Unit(1, "recF", "fennel", "Fennel & Co")
KALE = Unit(2, "recK", "kale", "Kale")
SHADOW = Unit(3, "kale", "chard", "Fennel & Co")


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        ("recF", FENNEL),
        (" FENNEL ", FENNEL),
        ("KALE", KALE),
        ("kale", SHADOW),
        ("Chard", SHADOW),
        ("fennel & co", None),
        ("recf", None),
        ("", None),
    ],
)
def test_which_unit_a_value_means(value: str, unit: Unit | None) -> None:
    assert Register([FENNEL, KALE, SHADOW]).meant(value) == unit


def test_a_name_that_one_unit_bears_means_it() -> None:
    assert Register([FENNEL, KALE]).meant("Fennel & co") == FENNEL
