"""Which lists take many calls, as they did when they were last read.

A list that was begun is read to its end, and what has changed waits for it. So one of several pages is begun
where they fit into what is left of the minute; and of those that take minutes a slice reads one at most.
"""

from collections.abc import Collection, Iterable

from orgmodel.reports import Part

STREAM = "long-lists"
"""The cursor that names them, as `kind:owner=pages`."""
LONG = 20
"""Pages; at a usual rate limit half a minute and more."""
SOME = 5
"""Pages from which on it is known how many a list has: it is begun where they fit into the minute."""
MOST = 2_000
"""So many lists are known at most, the longest: the cursor is one row."""


class LongLists:
    """The lists that a cursor names, and what this read finds out."""

    def __init__(self, cursor: str) -> None:
        found = (word.rpartition("=") for word in cursor.split())
        self._pages = {word: int(pages) for word, _, pages in found if pages.isdecimal()}

    def pages(self, part: Part) -> int:
        """How many pages the list had, where they were more than a few; else 1."""
        return self._pages.get(_word(part), 1)

    def in_turn(self, parts: Iterable[Part]) -> tuple[list[Part], list[Part]]:
        """What a slice asks for, with one long list at its end, and the long ones that are put off."""
        short: list[Part] = []
        long: list[Part] = []
        for part in parts:
            (long if self._pages.get(_word(part), 0) >= LONG else short).append(part)
        return short + long[:1], long[1:]

    def note(self, part: Part, pages: int) -> None:
        """The list was read, and had so many pages."""
        if pages >= SOME:
            self._pages[_word(part)] = pages
        else:
            self._pages.pop(_word(part), None)

    def forget(self, *, all_but: Collection[str]) -> None:
        """Groups and apps that are no more."""
        kept = {word: pages for word, pages in self._pages.items() if word.partition(":")[2] in all_but}
        self._pages = kept

    @property
    def cursor(self) -> str:
        """For the next read."""
        longest = sorted(self._pages, key=lambda word: (-self._pages[word], word))[:MOST]
        return " ".join(sorted(f"{word}={self._pages[word]}" for word in longest))


def _word(part: Part) -> str:
    return f"{part.kind}:{part.owner}"
