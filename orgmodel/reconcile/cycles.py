"""Cycles in chains of who is above whom. Pure."""

from collections.abc import Mapping


def find_cycles(above: Mapping[int, int]) -> list[tuple[int, ...]]:
    """Every cycle of "who stands above whom", each once, from its smallest id; a self-loop is one too.

    >>> find_cycles({1: 2, 2: 3, 3: 1, 4: 1})
    [(1, 2, 3)]
    """
    found: list[tuple[int, ...]] = []
    done: set[int] = set()
    for start in above:
        way: dict[int, None] = {}
        at: int | None = start
        while at is not None and at not in done and at not in way:
            way[at] = None
            at = above.get(at)
        if at is not None and at in way:
            walked = list(way)
            cycle = walked[walked.index(at) :]
            turn = cycle.index(min(cycle))
            found.append((*cycle[turn:], *cycle[:turn]))
        done.update(way)
    return sorted(found)
