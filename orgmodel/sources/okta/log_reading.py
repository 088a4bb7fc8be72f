"""Reading the System Log from where the last read of it ended.

It is read before the lists: what happens to these while they are read stands in lines that the next read
takes, so that it looks again at what they name. The first read, which has months of lines to catch up on,
only marks the place before the lists and reads the lines after them.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

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
PARAMS = {"limit": "1000", "sortOrder": "ASCENDING", "filter": LOG_FILTER}
JUST_NOW = timedelta(minutes=5)
"""So far before our own clock's present the place is marked: Okta's clock may be behind it."""


class LogReading:
    """One read of the log. `cursor`: where the last one ended; `since`: for the first one; `notice`: is given
    every line, also of what failed.
    """

    def __init__(
        self,
        client: OktaClient,
        report: Report,
        cursor: str,
        since: datetime | None,
        notice: Callable[[list[EventFact]], None] = lambda _: None,
    ) -> None:
        self._client, self._report = client, report
        self._cursor, self._since = cursor, since
        self._notice = notice
        self._marked = ""
        """Where the log stood before the lists were read."""
        self._ended = False
        """The last page that was read is the newest."""

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

    def before_the_lists(self) -> Iterator[list[EventFact]]:
        """All lines; where none was ever read, only a look at where the log stands, for the next read.

        What the token may not see is said in the report.
        """
        if self._cursor:
            yield from self._or_not_visible(self.batches())
            return
        yield from self._or_not_visible(self._mark())

    def after_the_lists(self) -> Iterator[list[EventFact]]:
        """What is left to be read: the lines of the time before, where none was ever read."""
        if self._cursor and self._report.cursors.get(LOG):
            return
        if "event" not in self._report.not_visible:
            yield from self._or_not_visible(self._history())

    def _mark(self) -> Iterator[list[EventFact]]:
        place = {"limit": "1", **_query(datetime.now(UTC) - JUST_NOW)}
        _, self._marked = next(self._client.log_pages("/api/v1/logs", PARAMS | place))
        yield []

    def _history(self) -> Iterator[list[EventFact]]:
        yield from self._from(self._first())
        if self._ended:
            self._stands_at(self._marked)

    def _or_not_visible(self, lines: Iterator[list[EventFact]]) -> Iterator[list[EventFact]]:
        try:
            yield from lines
        except NotVisible as why:
            self._report.not_visible.setdefault("event", str(why))
        except Gone as why:
            self._report.not_visible.setdefault("event", f"{why}: Okta has nothing at this address.")

    def _stands_at(self, cursor: str) -> None:
        self._report.cursors[LOG] = cursor

    def _first(self) -> dict[str, str]:
        return {} if self._since is None else _query(self._since)

    def _from(self, place: dict[str, str]) -> Iterator[list[EventFact]]:
        for number, (body, cursor) in enumerate(self._client.log_pages("/api/v1/logs", PARAMS | place), 1):
            found = rows(body, shapes.Event, "/api/v1/logs", "", self._report.problems)
            self._notice([parse.event(row) for row in found])
            yield parse.events(found)
            known = self._report.cursors.get(LOG, "")
            self._ended = not found or cursor in {"", known}
            self._stands_at(cursor or known)
            if self._ended or number >= LOG_PAGES:
                return


def _query(since: datetime) -> dict[str, str]:
    return {"since": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")}
