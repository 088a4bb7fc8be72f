"""Requests to Airtable: the tables of a base, and all records of one table."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from orgmodel.sources.http import LONGEST_WAIT, Host, HttpClient, RetryAfter, require_json
from orgmodel.sources.json_api import Bearer
from orgmodel.sources.list_end import ListEnd

from .answers import ListingLost, require_good, rows
from .columns import Table, tables_of
from .settings import AirtableSettings

PAGE = 100
SPACING = 0.2
"""Seconds between two calls: Airtable takes five a second for a base, whoever asks."""
PENALTY = 30.0
"""Seconds for which it refuses everything once it has refused one call for its rate."""
BEGINNINGS = 4
"""How many times a listing that loses its place is begun."""


class AirtableRates(RetryAfter):
    """Five calls a second; after a refusal half a minute of silence."""

    advice = "Let fewer programs read the base at the same time, or sync when less is going on."

    def __init__(self) -> None:
        self._next = 0.0
        self._lock = threading.Lock()

    def wait_for(self, path: str, now: float) -> float:
        """Until the call before is old enough."""
        with self._lock:
            if now < self._next:
                return self._next - now
            self._next = now + SPACING
            return 0.0

    def refused(self, headers: Mapping[str, str]) -> float:
        """What Retry-After says, but never less than the penalty."""
        return min(max(super().refused(headers), PENALTY), LONGEST_WAIT)


class AirtableClient:
    """Reads one base. Further arguments are those of the HttpClient."""

    def __init__(self, settings: AirtableSettings, **client: Any) -> None:
        self._host = Host(settings.url.rstrip("/"), "Airtable", "AIRTABLE_URL")
        self._base = quote(settings.base, safe="")
        options = {"auth": Bearer(settings.token), "rates": AirtableRates(), **client}
        self._http = HttpClient(self._host, **options)

    @property
    def calls(self) -> int:
        """How often Airtable was asked."""
        return self._http.calls

    def close(self) -> None:
        """Stop whatever still waits and close the connections."""
        self._http.close()

    def tables(self) -> list[Table]:
        """The tables of the base with their columns. Raises SourceFailed."""
        what = "the tables of the base"
        found, _ = rows(self._get(f"/v0/meta/bases/{self._base}/tables", what), "tables", what)
        return tables_of(found)

    def records(self, table: Table, fields: Sequence[str]) -> list[Any]:
        """All records of a table, of each the cells of these fields by id. Raises SourceFailed.

        A listing that loses its place is thrown away and begins again. Where something is changed meanwhile,
        a record may be given twice.
        """
        for _ in range(BEGINNINGS - 1):
            try:
                return self._listing(table, fields)
            except ListingLost:
                continue
        return self._listing(table, fields)

    def page(self, table: Table, fields: Sequence[str], offset: str = "") -> tuple[list[Any], str]:
        """Records of one page, and where the next one is (empty: there is none). Raises SourceFailed."""
        what = f"the records of {table.name}"
        query = [("pageSize", str(PAGE)), ("returnFieldsByFieldId", "true")]
        query += [("fields[]", field) for field in fields]
        query += [("offset", offset)] if offset else []
        return rows(self._get(f"{self._address(table)}?{urlencode(query)}", what), "records", what)

    def _listing(self, table: Table, fields: Sequence[str]) -> list[Any]:
        end = ListEnd(f"of the records of {table.name}", "Airtable")
        found: list[Any] = []
        offset = ""
        while True:
            end.expect(self._address(table), {"offset": offset})
            page, offset = self.page(table, fields, offset)
            found += page
            if not offset:
                return found
            end.given(repr(page).encode("utf-8", "replace") if page else b"[]")

    def _address(self, table: Table) -> str:
        return f"/v0/{self._base}/{quote(table.id, safe='')}"

    def _get(self, path: str, what: str) -> bytes:
        answer = self._http.get(path, {}, {})
        require_good(what, answer)
        require_json(answer, path, self._host)
        return answer.body
