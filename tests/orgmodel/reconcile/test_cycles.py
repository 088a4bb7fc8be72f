"""Cycles in "who stands above whom"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgmodel.reconcile.cycles import find_cycles


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ({}, []),
        ({1: 2, 2: 3}, []),
        ({1: 1}, [(1,)]),
        ({1: 2, 2: 1}, [(1, 2)]),
        ({3: 1, 1: 2, 2: 3, 4: 1, 5: 4}, [(1, 2, 3)]),
        ({1: 2, 2: 1, 8: 9, 9: 8, 7: 8}, [(1, 2), (8, 9)]),
    ],
)
def test_cycles(above: dict[int, int], expected: list[tuple[int, ...]]) -> None:
    assert find_cycles(above) == expected


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 12)))
def test_every_cycle_closes_and_cutting_each_once_leaves_none(above: dict[int, int]) -> None:
    found = find_cycles(above)
    for cycle in found:
        assert [above[each] for each in cycle] == [*cycle[1:], cycle[0]]
        assert cycle[0] == min(cycle)
    cut = {below: up for below, up in above.items() if below not in {cycle[0] for cycle in found}}
    assert find_cycles(cut) == []
