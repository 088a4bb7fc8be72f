"""The reading threads: they share the work, and none outlives the read."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from orgmodel.facts import EdgeFact, GrantFact, OwnerFact
from orgmodel.reports import SourceFailed
from orgmodel.sources.okta.workers import Workers

from .organisation import Organisation, always, group, member, small_organisation


def counting(*numbers: int) -> Iterator[int]:
    yield from numbers


def never() -> None:
    raise AssertionError("nothing was given up")


def test_every_result_of_every_line_comes_out_once() -> None:
    lines = [
        [partial(counting, number, number + 1) for number in range(first, first + 200, 2)]
        for first in (0, 1000)
    ]
    found = sorted(Workers(lines, 4, never).results())
    assert found == [*range(200), *range(1000, 1200)]
    assert threads() == []


def test_no_jobs_are_no_results() -> None:
    assert list(Workers[int]([[], []], 4, never).results()) == []


def test_a_line_that_waits_does_not_hold_up_the_other() -> None:
    opened = threading.Event()
    seen: list[int] = []

    def waiting() -> Iterator[int]:
        assert opened.wait(5)
        yield -1

    lines: list[list[Callable[[], Iterator[int]]]] = [
        [waiting] * 5,
        [partial(counting, each) for each in range(50)],
    ]
    for number in Workers(lines, 4, never).results():
        seen.append(number)
        if len(seen) == 50:
            opened.set()
    assert sorted(seen) == [-1, -1, -1, -1, -1, *range(50)]
    assert seen[-5:] == [-1, -1, -1, -1, -1]


def test_an_error_is_raised_to_the_caller_and_the_rest_given_up() -> None:
    stopped = threading.Event()

    def failing() -> Iterator[int]:
        yield 1
        raise SourceFailed("no")

    def endless() -> Iterator[int]:
        while not stopped.is_set():
            yield 2

    with pytest.raises(SourceFailed, match="no"):
        list(Workers([[failing], [endless] * 9], 4, stopped.set).results())
    assert stopped.is_set()
    assert threads() == []


def threads() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name.startswith("okta-reader")]


def crowded() -> Organisation:
    org = small_organisation()
    org.lists["/groups"] = [group(f"00g{number}", 1) for number in range(300)]
    org.lists |= {f"/groups/00g{number}/users": [member("00unadia")] for number in range(300)}
    return org


def test_a_reader_left_early_stops_its_threads() -> None:
    org = crowded()
    batches: Any = org.reader().batches()
    for batch in batches:
        if batch and isinstance(batch[0], GrantFact | OwnerFact | EdgeFact):
            break
    assert threads() != []
    batches.close()
    assert threads() == []
    assert len(org.requests) < 600


def test_when_one_thread_fails_the_others_stop() -> None:
    org = crowded()
    org.special["/groups/00g5/users"] = [always(401, "E0000011")]
    with pytest.raises(SourceFailed, match="refused the token"):
        org.read()
    assert threads() == []
    assert len(org.requests) < 300
