"""Reading the System Log from where the last read of it ended."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from orgmodel.facts import EventFact
from orgmodel.reports import Report

from . import parse, shapes
from .answers import Gone, NotVisible, Refused
from .client import OktaClient
from .decode import rows
from .log import LOG_FILTER

LOG = "log"
"""The stream of the System Log."""
LOG_PAGES = 500
"""At most so many pages of the log in one run; the next run goes on from its cursor."""


class LogReading:
    """One read of the log. `cursor`: where the last one ended; `since`: for the first one."""

    def __init__(
        self,
        client: OktaClient,
        report: Report,
        cursor: str,
        since: datetime | None,
    ) -> None:
        self._client, self._report = client, report
        self._cursor, self._since = cursor, since
        self.notice: Callable[[list[EventFact]], None] = lambda _: None
        """Is given every line, also of what failed."""

    def batches(self) -> Iterator[list[EventFact]]:
        """Lines that succeeded, page by page. Raises NotVisible, Gone, SourceFailed."""
        self._stands_at(self._cursor)
        if self._cursor:
            try:
                yield from self._from({"after": self._cursor})
            except Refused:
                # How long a cursor lives is not told; events are known by their uuid, so none doubles.
                self._stands_at("")
            else:
                return
        yield from self._from(self._first())

    def or_not_visible(self) -> Iterator[list[EventFact]]:
        """The same; what the token may not see is said in the report."""
        try:
            yield from self.batches()
        except NotVisible as why:
            self._report.not_visible.setdefault("event", str(why))
        except Gone as why:
            self._report.not_visible.setdefault("event", f"{why}: Okta has nothing at this address.")

    def _stands_at(self, cursor: str) -> None:
        self._report.cursors[LOG] = cursor

    def _first(self) -> dict[str, str]:
        if self._since is None:
            return {}
        return {"since": self._since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")}

    def _from(self, place: dict[str, str]) -> Iterator[list[EventFact]]:
        params = {"limit": "1000", "sortOrder": "ASCENDING", "filter": LOG_FILTER, **place}
        for number, (body, cursor) in enumerate(self._client.log_pages("/api/v1/logs", params), 1):
            found = rows(body, shapes.Event, "/api/v1/logs", "", self._report.problems)
            self.notice([parse.event(row) for row in found])
            yield parse.events(found)
            stands = cursor in {"", self._report.cursors[LOG]}
            self._stands_at(cursor or self._report.cursors[LOG])
            if not found or stands or number >= LOG_PAGES:
                return
