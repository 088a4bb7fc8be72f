"""The pretend Airtable on loopback: the schema of a base, and listings that lose their place."""

import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from sandbox.hris.records import Records
from sandbox.hris.server import Handler, HrServer, Reply, Request

from .tables import Table, people_table, records_of, shown, units_table

BASE = "appNordwind000001"
PAGE = 100
ERRORS = {
    401: {"type": "AUTHENTICATION_REQUIRED", "message": "Authentication required"},
    403: {
        "type": "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND",
        "message": "Invalid permissions, or the requested model was not found.",
    },
    404: "NOT_FOUND",
    422: {"type": "INVALID_REQUEST_UNKNOWN", "message": "Invalid request: parameter validation failed."},
}
CREATED = "2024-06-11T14:00:02.000Z"


class AirtableServer(HrServer):
    """Serves the units of `records`, and their leads, as two tables that a test may change.

    `rate`: calls in a second; one more, and all are refused for `penalty` seconds. `lose`: so many next pages
    are refused because the place in the listing is gone. `wanted`: the columns of every listing.
    """

    kind = "airtable"
    token = "patPretend.0123"  # noqa: S105  # of a pretend system

    def __init__(self, records: Records, port: int = 0) -> None:
        self.units, self.people = units_table(), people_table()
        self.tables = [self.units, self.people]
        self.scopes = {"data.records:read", "schema.bases:read"}
        self.rate, self.penalty = 1_000_000, 30.0
        self.page_size = PAGE
        self.lose = 0
        self.wanted: list[list[str]] = []
        self._places: dict[str, list[str]] = {}
        self._recent: list[float] = []
        self._free_at = 0.0
        super().__init__(records, port)

    def routes(self) -> Mapping[str, Handler]:
        """The schema, and a listing by GET or, where an address would be too long, by POST."""
        return {
            "GET /v0/meta/bases/{base}/tables": self._schema,
            "GET /v0/{base}/{table}": self._listing,
            "POST /v0/{base}/{table}/listRecords": self._long_listing,
        }

    def settings(self) -> dict[str, str]:
        """The variables by which Sightline reads the units from here."""
        return {
            "CONTROL_PLANE": self.kind,
            "AIRTABLE_URL": self.origin,
            "AIRTABLE_TOKEN": self.token,
            "AIRTABLE_BASE": BASE,
            "AIRTABLE_TABLE": self.units.name,
        }

    def signed_in(self, request: Request) -> bool:
        """A personal access token."""
        return request.headers.get("Authorization") == f"Bearer {self.token}"

    def refusal(self, status: int, request: Request) -> Reply:
        """An error has a type, or is one word; a refusal for rate is a list of them, without Retry-After."""
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return Reply(
                {"errors": [{"error": "RATE_LIMIT_REACHED", "message": "Rate limit exceeded."}]}, 429
            )
        return Reply({"error": ERRORS.get(status, {"type": "SERVER_ERROR", "message": "Try again."})}, status)

    def answer(self, request: Request) -> Reply:
        """Five calls a second; whoever asks more often waits in vain for half a minute."""
        if self._too_fast():
            self.calls["refused for rate"] += 1
            return self.refusal(429, request)
        return super().answer(request)

    def _too_fast(self) -> bool:
        with self._lock:
            now = time.monotonic()
            self._recent = [each for each in self._recent if each > now - 1] + [now]
            if len(self._recent) > self.rate:
                self._free_at = now + self.penalty
            return now < self._free_at

    def _schema(self, request: Request) -> Reply:
        if request.parts["base"] != BASE or "schema.bases:read" not in self.scopes:
            return self.refusal(403, request)
        return Reply({"tables": [each.described() for each in self.tables]})

    def _long_listing(self, request: Request) -> Reply:
        given = request.json()
        by_id = bool(given.get("returnFieldsByFieldId"))
        return self._page(request, given, given.get("fields", []), by_id=by_id)

    def _listing(self, request: Request) -> Reply:
        by_id = request.query.get("returnFieldsByFieldId") in {"true", "1"}
        fields = [value for name, value in request.pairs if name == "fields[]"]
        return self._page(request, request.query, fields, by_id=by_id)

    def _page(
        self, request: Request, given: Mapping[str, Any], fields: Sequence[str], *, by_id: bool
    ) -> Reply:
        names = request.parts["table"]
        table = next((each for each in self.tables if names in {each.id, each.name}), None)
        if request.parts["base"] != BASE or "data.records:read" not in self.scopes:
            return self.refusal(403, request)
        if table is None:
            return self._error(404, "TABLE_NOT_FOUND")
        if not set(fields) <= {name for each in table.fields.values() for name in (each.id, each.name)}:
            return self._error(422, "UNKNOWN_FIELD_NAME")
        size = int(given.get("pageSize", PAGE))
        if not 1 <= size <= PAGE:
            return self.refusal(422, request)
        return self._records(
            table, str(given.get("offset", "")), min(size, self.page_size), fields, by_id=by_id
        )

    def _records(self, table: Table, offset: str, size: int, fields: Sequence[str], *, by_id: bool) -> Reply:
        found = records_of(table, self.records)
        if offset:
            coming = self._places.pop(offset, None)
            if coming is None or self.lose > 0:
                self.lose -= 1
                return self._error(422, "LIST_RECORDS_ITERATOR_NOT_AVAILABLE")
        else:
            self.wanted.append(list(fields))
            coming = list(found)
        page, rest = coming[:size], coming[size:]
        kept = set(fields)
        body: dict[str, Any] = {
            "records": [
                {
                    "id": record,
                    "createdTime": CREATED,
                    "fields": dict(shown(table, found[record], kept, by_id=by_id)),
                }
                for record in page
                if record in found
            ]
        }
        if rest:
            place = f"itr{sum(self.calls.values()):014d}/{page[-1]}"
            self._places[place] = rest
            body["offset"] = place
        return Reply(body)

    def _error(self, status: int, kind: str) -> Reply:
        return Reply({"error": {"type": kind, "message": "As the name says."}}, status)
