"""Which lists take long, as they did when they were last read: a slice reads one of them at most.

A list that was begun is read to its end, and what has changed waits for it. A company whose apps are given to
everybody has dozens of lists that take minutes each: one after another, with a run of its own each, changes
wait for one of them, not for all.
"""

from collections.abc import Collection, Iterable

from orgmodel.reports import Part

STREAM = "long-lists"
"""The cursor that names them, as `kind:owner`."""
LONG = 20
"""Pages; at a usual rate limit half a minute and more."""
MOST = 1_000
"""So many are known at most: the cursor is one row."""


class LongLists:
    """Those that a cursor names, and what this read finds out."""

    def __init__(self, cursor: str) -> None:
        self._known = {*cursor.split()}

    def in_turn(self, parts: Iterable[Part]) -> tuple[list[Part], list[Part]]:
        """What a slice asks for, with one long list at its end, and the long ones that are put off."""
        short: list[Part] = []
        long: list[Part] = []
        for part in parts:
            (long if _word(part) in self._known else short).append(part)
        return short + long[:1], long[1:]

    def note(self, part: Part, pages: int) -> None:
        """The list was read, and had so many pages."""
        (self._known.add if pages >= LONG else self._known.discard)(_word(part))

    def forget(self, *, all_but: Collection[str]) -> None:
        """Groups and apps that are no more."""
        self._known = {word for word in self._known if word.partition(":")[2] in all_but}

    @property
    def cursor(self) -> str:
        """For the next read."""
        return " ".join(sorted(self._known)[:MOST])


def _word(part: Part) -> str:
    return f"{part.kind}:{part.owner}"
