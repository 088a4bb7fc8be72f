"""A list of users or groups by startIndex and count, and whether all of it was seen.

Pages are stateless: what comes or goes while a list is read moves the rest from page to page. So a list is
walked through again until its number stood still and every record came once.
"""

from collections.abc import Iterator
from typing import Any

from orgmodel.reports import SourceFailed
from orgmodel.sources.json_api import Refused
from orgmodel.sources.json_records import Record, Repeats, key_of
from orgmodel.sources.list_end import ListEnd

from .client import LABEL, Limits, ScimClient

WALKS = 3
UNNEEDED = {
    "/Users": "addresses,phoneNumbers,photos,ims,entitlements,roles,x509Certificates,groups",
    "/Groups": "",
}
"""What a service provider is told to leave out; one that does not know how sends it, and it is dropped."""


class Walk:
    """One way through a list from its first page to its last."""

    def __init__(self) -> None:
        self.rows = 0
        self.repeats = Repeats()
        self.totals: set[int] = set()

    def doubt(self, what: str) -> str:
        """Why this may not have been all; empty: it was."""
        if len(self.totals) > 1:
            return f"the number of {what} changed while they were read"
        if self.repeats.count:
            return f"some {what} came twice, so others may have been passed over"
        if self.totals and self.totals != {self.rows}:
            (total,) = self.totals
            return f"{total} {what} were announced and {self.rows} came"
        return ""


class Listing:
    """All records of one list. `doubt` after the last page: why it may not be all, or empty."""

    def __init__(self, client: ScimClient, path: str, limits: Limits) -> None:
        self._client, self._path, self._limits = client, path, limits
        self._what = path.strip("/").lower()
        self._known: set[str] = set()
        self._extras = self._choices()
        self.doubt = ""

    def __iter__(self) -> Iterator[str]:
        """The ids of all that came."""
        return iter(self._known)

    def __contains__(self, native_id: str) -> bool:
        return native_id in self._known

    def pages(self) -> Iterator[list[Any]]:
        """The records of each page, none of them twice. Raises NotVisible, Gone, SourceFailed."""
        for number in range(WALKS):
            walk = Walk()
            for page in self._walk(walk):
                yield [row for row in page if self._fresh(row, walk, first=number == 0)]
            self.doubt = walk.doubt(self._what)
            if not self.doubt:
                return

    def _fresh(self, row: Any, walk: Walk, *, first: bool) -> bool:
        """Whether a row is to be given: a new one, or in the first walk a second form of a known one."""
        own = key_of(row)
        same = walk.repeats.seen(own, _without_meta(row))
        if own not in self._known:
            self._known.update([own] if own else [])
            return bool(own) or first
        return first and not same and walk.repeats.differs(own)

    def _walk(self, walk: Walk) -> Iterator[list[Any]]:
        end, start = ListEnd(self._path, LABEL), 1
        while True:
            params = {"startIndex": str(start), "count": str(self._limits.page)}
            end.expect(self._path, params)
            found, body = self._answer(params)
            total, page = self._total(found), self._resources(found)
            walk.rows += len(page)
            if total is not None:
                walk.totals.add(total)
            start += len(page)
            if page and (total is None or start <= total):
                end.given(body)
            yield page
            if not page or (total is not None and start > total):
                return

    def _answer(self, params: dict[str, str]) -> tuple[Record, bytes]:
        """The answer with as many of the extra parameters as the service provider accepts."""
        while True:
            try:
                return self._client.get(self._path, {**params, **self._extras[0]})
            except Refused:
                if len(self._extras) == 1:
                    raise
                del self._extras[0]

    def _choices(self) -> list[dict[str, str]]:
        without = {"excludedAttributes": UNNEEDED[self._path]} if UNNEEDED[self._path] else {}
        sort = {"sortBy": "id", "sortOrder": "ascending"} if self._limits.sorts else {}
        choices: tuple[dict[str, str], ...] = ({**without, **sort}, without, {})
        return [each for at, each in enumerate(choices) if each not in choices[:at]]

    def _total(self, found: Record) -> int | None:
        raw = found.get("totalresults")
        if isinstance(raw, str) and raw.isdecimal():
            raw = int(raw)
        return raw if isinstance(raw, int) and not isinstance(raw, bool) else None

    def _resources(self, found: Record) -> list[Any]:
        """The records; where there are none, the list of them may be left out."""
        raw = found.get("resources")
        if isinstance(raw, list):
            return raw
        if raw is None and self._total(found) is not None:
            return []
        raise SourceFailed(
            f"{LABEL}'s answer to {self._path} is no list of resources; nothing was applied. Check HRIS_URL."
        )


def _without_meta(row: Any) -> Any:
    return {name: value for name, value in row.items() if name != "meta"} if isinstance(row, dict) else row
