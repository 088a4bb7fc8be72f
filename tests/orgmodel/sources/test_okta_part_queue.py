"""A slice of a complete read ends early where a hook waits for the next run, though not at once."""

from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

from orgmodel.reports import Part
from orgmodel.sources.okta.part_queue import PartQueue


class Parts:
    """Each list of owners is empty."""

    def owners(self, _: str) -> Iterator[list[Any]]:
        yield []

    def are_nowhere(self, _: str) -> bool:
        return False


class Client:
    def take(self, _: str, *, spare: bool) -> float:
        return 0

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(
    ("awaited", "fewest", "most"),
    [
        (lambda _: False, 200, 200),
        # So many results may lie ready, or be on their way, when it is seen that somebody waits.
        (lambda second: second > 20, 21, 21 + 40),
        (lambda _: True, 10, 10 + 40),
    ],
    ids=["by nobody", "later", "from the beginning"],
)
def test_what_is_left_while_the_next_run_is_awaited(
    awaited: Callable[[int], bool], fewest: int, most: int
) -> None:
    second = 0
    queue = PartQueue(
        cast("Any", Client()),
        cast("Any", Parts()),
        1000,
        lambda: awaited(second),
        clock=lambda: float(second),
    )
    for _ in queue.results([[Part("owner", f"00g{number}") for number in range(200)]], cast("Any", None)):
        second += 1
    assert fewest <= second <= most
    assert len(queue.left) == 200 - second
