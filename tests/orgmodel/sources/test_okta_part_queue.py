"""A slice of a complete read ends early where a hook waits for the next run, and reads one long list."""

import threading
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

from orgmodel.reports import Part
from orgmodel.sources.okta.long_lists import LongLists
from orgmodel.sources.okta.part_queue import PartQueue


class Parts:
    """Each list of owners is empty."""

    def owners(self, _: str) -> Iterator[list[Any]]:
        yield []

    def app_users(self, _: Any, app: str) -> Iterator[list[Any]]:
        """An app called big-… gives twenty pages, which is long; others four, which are few."""
        yield from [[app]] * (20 if app.startswith("big-") else 4)

    def is_read(self, _: str, owner: str) -> bool:
        return owner != "big-unreadable"

    def are_nowhere(self, _: str) -> bool:
        return False


class Client:
    def take(self, _: str, *, calls: int, spare: bool) -> float:
        return 0

    def ended(self, _: str) -> None:
        """Nothing was taken."""

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


APPS = ("big-0", "small-0", "big-1", "small-1", "big-unreadable")


def read(known: str, seconds: float | None) -> tuple[set[str], list[str], str]:
    """Apps whose lists were read, those that are left, and what is long now."""
    long = LongLists(known)
    queue = PartQueue(cast("Any", Client()), cast("Any", Parts()), seconds, long=long)
    pages = queue.results([[Part("seat", app) for app in APPS]], cast("Any", None))
    return {str(app) for (app,) in pages}, [part.owner for part in queue.left], long.cursor


def test_what_is_long_is_known_from_the_read_before() -> None:
    assert read("seat:small-1=9", None) == ({*APPS}, [], "seat:big-0=20 seat:big-1=20")


def test_a_slice_reads_one_long_list_after_the_short_ones() -> None:
    known = "seat:big-0=20 seat:big-1=20"
    assert read(known, 1000) == ({*APPS} - {"big-1"}, ["big-1"], known)
    now, later = LongLists(known).in_turn(Part("seat", app) for app in APPS)
    assert [part.owner for part in now] == ["small-0", "small-1", "big-unreadable", "big-0"]
    assert [part.owner for part in later] == ["big-1"]


class Slow(Parts):
    """One list takes longer than the slice has; owners are given when its time is over."""

    def __init__(self, seconds_of_a_page: float) -> None:
        self.second, self.a_page = 0.0, seconds_of_a_page
        self.late, self.others = threading.Event(), threading.Semaphore(0)

    def app_users(self, _: Any, app: str) -> Iterator[list[Any]]:
        for page in range(30):
            self.second += self.a_page
            if page == 15:
                self.late.set()
                self.others.acquire(timeout=2)
            yield [app]

    def owners(self, owner: str) -> Iterator[list[Any]]:
        self.late.wait(5)
        if owner == "last":
            self.others.release()
        yield [owner]


@pytest.mark.parametrize(("seconds_of_a_page", "left"), [(1.0, False), (100.0, True)])
def test_other_lines_go_on_beside_a_list_that_is_waited_for(seconds_of_a_page: float, left: bool) -> None:
    """But not for ever: the longer a slice, the more is lost where it is cut off."""
    slow = Slow(seconds_of_a_page)
    queue = PartQueue(cast("Any", Client()), cast("Any", slow), 10, clock=lambda: slow.second)
    owners = [Part("owner", f"00g{number}") for number in range(50)] + [Part("owner", "last")]
    for _ in queue.results([[Part("seat", "big")], owners], cast("Any", None)):
        pass
    assert bool(queue.left) is left


def test_lists_of_what_is_no_more_are_forgotten() -> None:
    long = LongLists("seat:big-0=20 seat:big-1=20")
    long.forget(all_but={"big-1"})
    assert long.cursor == "seat:big-1=20"
