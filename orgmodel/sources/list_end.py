"""Every list ends: no page is requested twice, returned twice, or one too many."""

from collections.abc import Mapping

from orgmodel.reports import SourceFailed

MOST_PAGES = 5_000
"""Pages of one list: a million people at 200 a page, ten times the largest company that is built for."""
MOST_EMPTY = 20
"""Empty pages one after another of a list that still names a next one."""


class ListEnd:
    """Sees to it that one list ends: no page is asked for twice, given twice, or one too many."""

    def __init__(self, path: str, label: str) -> None:
        self._path, self._label = path, label
        self._pages: set[int] = set()
        self._bodies: set[int] = set()
        self._empty = 0

    def expect(self, path: str, params: Mapping[str, str]) -> None:
        """Before each page. Raises SourceFailed."""
        place = hash((path, frozenset(params.items())))
        if place in self._pages:
            raise self._endless("points at one of its own pages as the next one")
        if len(self._pages) >= MOST_PAGES:
            raise self._endless(f"still goes on after {MOST_PAGES:,} pages")
        self._pages.add(place)

    def given(self, body: bytes) -> None:
        """After each page that names a next one. Raises SourceFailed."""
        if body.strip() == b"[]":
            self._empty += 1
            if self._empty >= MOST_EMPTY:
                raise self._endless(f"gave {MOST_EMPTY} empty pages and still goes on")
            return
        self._empty = 0
        if hash(body) in self._bodies:
            raise self._endless("gives the same page again")
        self._bodies.add(hash(body))

    def _endless(self, what: str) -> SourceFailed:
        return SourceFailed(
            f"{self._label}'s list {self._path} {what}; nothing was applied. Sync again later."
        )
