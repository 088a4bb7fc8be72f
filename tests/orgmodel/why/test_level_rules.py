"""Several levels of one thing, and levels that go on: by example, and the laws of each rule."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgmodel.facts import UNRANKED
from orgmodel.why.level_rules import Combine, Given, capped, counting, together

SCALE = {"viewer": 20, "commenter": 30, "editor": 40, "admin": 60}
WAYS = st.builds(
    Given,
    level=st.sampled_from(["viewer", "editor", "admin", "member", "billing"]),
    direct=st.booleans(),
    priority=st.sampled_from([0, 1, 2, UNRANKED]),
).map(lambda way: way._replace(rank=SCALE.get(way.level)))
COMBINES = st.sampled_from(["priority", "max", "union"])
LEVELS = st.sampled_from(sorted(SCALE))


def levels(ways: Sequence[Given], combine: Combine) -> set[str]:
    return {ways[at].level for at in counting(ways, combine)}


@pytest.mark.parametrize(
    ("ways", "combine", "which"),
    [
        ([], "priority", ()),
        ([], "max", ()),
        # Okta: direct first, then the lowest number; equal numbers, and groups without one, stay open.
        ([Given("admin", priority=0), Given("viewer", direct=True, priority=0)], "priority", (1,)),
        ([Given("admin", priority=2), Given("viewer", priority=1)], "priority", (1,)),
        ([Given("admin", priority=1), Given("viewer", priority=1)], "priority", (0, 1)),
        ([Given("admin"), Given("viewer", priority=1), Given("editor", priority=2)], "priority", (0, 1)),
        # The highest by any way; belonging counts only alone; what is on no scale stays beside it.
        ([Given("viewer", 20, direct=True), Given("admin", 60, priority=9)], "max", (1,)),
        ([Given("editor", 40), Given("editor", 40)], "max", (0, 1)),
        ([Given("member"), Given("viewer", 20)], "max", (1,)),
        ([Given("member"), Given("member")], "max", (0, 1)),
        ([Given("billing"), Given("viewer", 20), Given("member")], "max", (0, 1)),
        ([Given("viewer", 20), Given("admin", 60)], "union", (0, 1)),
    ],
)
def test_which_ways_count(ways: list[Given], combine: Combine, which: tuple[int, ...]) -> None:
    assert counting(ways, combine) == which


@pytest.mark.parametrize(
    ("level", "cap", "left"),
    [
        ("owner", "", "owner"),
        ("admin", "editor", "editor"),
        ("viewer", "editor", "viewer"),
        ("billing", "billing", "billing"),
        ("billing", "editor", "at most editor"),
        ("admin", "billing", "at most billing"),
        ("at most editor", "viewer", "at most viewer"),
        ("at most editor", "editor", "at most editor"),
    ],
)
def test_what_a_cap_leaves(level: str, cap: str, left: str) -> None:
    assert capped(level, cap, SCALE.get) == left


def test_levels_that_count_at_once_are_named_once_and_the_highest_first() -> None:
    ways = [Given("viewer", 20), Given("billing"), Given("admin", 60), Given("viewer", 20), Given("audit")]
    assert together(ways) == "admin, viewer, audit, billing"
    assert together([]) == ""


@given(st.lists(WAYS, max_size=6), st.integers(0, 5), COMBINES)
def test_the_order_in_which_ways_are_given_decides_nothing(
    ways: list[Given], turn: int, combine: Combine
) -> None:
    turned = [*ways[turn:], *ways[:turn]]
    assert levels(ways, combine) == levels(turned, combine) == levels(turned[::-1], combine)


@given(st.lists(WAYS, max_size=6), COMBINES)
def test_what_counts_counts_again_alone_and_something_always_counts(
    ways: list[Given], combine: Combine
) -> None:
    kept = [ways[at] for at in counting(ways, combine)]
    assert [kept[at] for at in counting(kept, combine)] == kept
    assert bool(kept) == bool(ways)


@given(st.lists(WAYS, max_size=5), st.lists(WAYS, max_size=5), st.sampled_from(["max", "union"]))
def test_combining_in_parts_is_combining_at_once(
    one: list[Given], two: list[Given], combine: Combine
) -> None:
    part = [two[at] for at in counting(two, combine)]
    assert levels(one + part, combine) == levels(one + two, combine)


@given(st.lists(WAYS, min_size=1, max_size=6), st.integers(3, 9))
def test_in_okta_a_group_behind_all_others_changes_nothing(ways: list[Given], behind: int) -> None:
    numbered = [way for way in ways if way.priority != UNRANKED or way.direct]
    if numbered:
        assert levels([*ways, Given("admin", 60, priority=behind)], "priority") == levels(ways, "priority")


@given(LEVELS, LEVELS, LEVELS)
def test_caps_on_the_way_down_a_tree_commute_never_raise_and_keep_the_order(
    level: str, one: str, two: str
) -> None:
    once = capped(level, one, SCALE.get)
    assert SCALE[once] == min(SCALE[level], SCALE[one])
    assert capped(once, one, SCALE.get) == once
    assert capped(once, two, SCALE.get) == capped(capped(level, two, SCALE.get), one, SCALE.get)
