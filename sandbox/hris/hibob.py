"""A pretend HiBob, with the oddities of the real one: docs/sources/hibob.md names them.

People search has no pages and drops what it does not know or may not show; every record holds its values
twice, nested and under flat keys; work rows are dated with the last day that counts; a wrong path answers
with the web app.
"""

import json
import zlib
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from .faults import PAGE
from .hibob_forms import (
    DEFAULT,
    FIELDS,
    LISTS,
    SPECIALISATION,
    TEAM,
    TIME_ZONE,
    WORKER_TYPE,
    Json,
    filtered,
    iso,
    plain_value,
    put,
    reference,
    row_value,
    stages_of,
)
from .records import HrPerson, HrRow, Records
from .server import Handler, HrServer, Reply, Request

SEARCH = "POST /people/search"
MOST_FIELDS, MOST_ROWS, USUAL_ROWS = 400, 200, 50


class HiBobServer(HrServer):
    """HiBob on loopback.

    `hidden_fields`: fields that the service user may not see. `audience`: whom it may see. `hidden_tables`:
    people whose tables it may not see. `histories`: whether it may see more than current rows. `row_ids`:
    whether work rows hold ids of list items, or names. `whole_tables`: tables are given whole, whomever they
    are asked for. `lifecycles`: person → dated words, in place of those
    that follow from the record. `above`: item → the item of its list that it lies below. `archived`: items.
    """

    kind = "hibob"
    prefix = "/v1"

    def __init__(self, records: Records, port: int = 0) -> None:
        self.hidden_fields: set[str] = set()
        self.audience: Callable[[HrPerson], bool] = lambda _: True
        self.hidden_tables: set[str] = set()
        self.histories = True
        self.row_ids = False
        self.whole_tables = False
        self.page_size = MOST_ROWS
        self.lifecycles: dict[str, list[tuple[date, str]]] = {}
        self.above: dict[str, str] = {}
        self.archived: set[str] = set()
        self.item_ids: dict[tuple[str, str], str] = {}
        """(list, name) → the id of the item, where a test wants one of its own."""
        super().__init__(records, port)
        self.limits[SEARCH] = 50

    def routes(self) -> Mapping[str, Handler]:
        return {
            "GET /company/people/fields": self._json_only(self.field_list),
            "GET /company/named-lists": self._json_only(self.named_lists),
            "GET /company/named-lists/{name}": self._json_only(self.named_list),
            "GET /bulk/people/work": self._json_only(self.work),
            "GET /bulk/people/lifecycle": self._json_only(self.lifecycle),
            SEARCH: self.search,
        }

    def conventions(self) -> str:
        fields = {"team": TEAM, "specialisation": SPECIALISATION}
        fields |= {"worker_type": WORKER_TYPE, "time_zone": TIME_ZONE}
        named = ", ".join(f'{name} = "{path}"' for name, path in fields.items())
        return f"[people]\nfields = {{{named}}}\n"

    def rate_headers(self, limit: int, left: int, until: int) -> Mapping[str, str]:
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(left, 0)),
            "X-RateLimit-Reset": str(until),
        }

    def unrouted(self, status: int, request: Request) -> Reply:
        """A path that is none is the web app's."""
        return Reply(PAGE, kind="text/html; charset=utf-8")

    def refusal(self, status: int, request: Request) -> Reply:
        return Reply({"key": f"errors.{status}", "error": "refused", "args": {}}, status)

    @staticmethod
    def _json_only(handler: Handler) -> Handler:
        """A question without a body that says it has a JSON one gets a page."""

        def answer(request: Request) -> Reply:
            if request.headers.get("Content-Type"):
                return Reply(PAGE, 400, kind="text/html")
            return handler(request)

        return answer

    # Fields and lists.

    def field_list(self, _: Request) -> Reply:
        """Every field, whatever may be seen."""
        return Reply(
            [
                {
                    "id": name,
                    "category": name.partition(".")[0],
                    "name": name.rpartition(".")[2],
                    "type": kind,
                }
                for name, kind in FIELDS.items()
            ]
        )

    def named_lists(self, request: Request) -> Reply:
        """All lists under their names."""
        wanted = request.query.get("includeArchived") == "true"
        return Reply({name: self._list(name, archived=wanted) for name in LISTS.values()})

    def named_list(self, request: Request) -> Reply:
        """One list; names are told apart by capital letters."""
        if request.parts["name"] not in LISTS.values():
            return self.refusal(404, request)
        return Reply(self._list(request.parts["name"], archived=True))

    def _list(self, name: str, *, archived: bool) -> Json:
        path = next(path for path, each in LISTS.items() if each == name)
        rows = [row for person in self.records.people.values() for row in self.records.rows_of(person)]
        labels = dict.fromkeys(filter(None, (row_value(row, path) for row in rows)))
        extra = [item for (where, item) in self.item_ids if where == name]
        labels |= dict.fromkeys([*extra, *(self.above[each] for each in labels if each in self.above)])
        shown = [each for each in labels if archived or each not in self.archived]
        tops = [each for each in shown if self.above.get(each) not in shown]
        return {"name": name, "items": [self._item(name, each, shown) for each in tops]}

    def _item(self, where: str, name: str, shown: list[str]) -> Json:
        below = [each for each in shown if self.above.get(each) == name]
        key = self.item_id(where, name)
        return {
            "id": int(key) if key.isdecimal() else key,
            "value": name,
            "name": name,
            "archived": name in self.archived,
            "children": [self._item(where, each, shown) for each in below],
        }

    def item_id(self, where: str, name: str) -> str:
        """The id of a list item, the same after every start."""
        return self.item_ids.get((where, name)) or str(258_000_000 + zlib.crc32(f"{where}/{name}".encode()))

    # People.

    def search(self, request: Request) -> Reply:
        """Everybody whom the filter names, at once."""
        try:
            question = request.json()
            ids, emails = filtered(question)
            fields = question.get("fields", DEFAULT)[: MOST_FIELDS + 1]
        except (ValueError, AttributeError, TypeError, KeyError):
            return self.refusal(400, request)
        if len(fields) > MOST_FIELDS:
            return self.refusal(400, request)
        inactive, readable = question.get("showInactive", False), question.get("humanReadable", "")
        shown = [name for name in fields if name in FIELDS and name not in self.hidden_fields]
        found = [
            self._employee(person, shown, readable)
            for person in self.records.people.values()
            if (ids is None or person.id in ids)
            and (emails is None or person.email in emails)
            and (inactive or person.status != "ended")
            and self.audience(person)
        ]
        # JSON allows escaped slashes, and HiBob writes them.
        body = json.dumps({"employees": found}, ensure_ascii=False).replace("/", "\\/")
        return Reply(body)

    def _employee(self, person: HrPerson, fields: list[str], readable: str) -> Json:
        record: Json = {}
        labels: Json = {}
        for name in fields:
            value, label = self._value(person, name)
            put(record, name.removeprefix("root."), label if readable == "REPLACE" else value)
            if value is not None:
                record["/" + name.replace(".", "/")] = {"value": value}
                put(labels, name.removeprefix("root."), label)
        return {**record, "humanReadable": labels} if readable == "APPEND" else record

    def _value(self, person: HrPerson, name: str) -> tuple[Any, Any]:
        if name not in LISTS:
            return plain_value(self.records, person, name)
        label = row_value(self.records.current(person), name)
        return (self.item_id(LISTS[name], label), label) if label else (None, None)

    # Tables.

    def work(self, request: Request) -> Reply:
        """Everybody's work rows, page by page."""
        return self._bulk(request, self._work_rows)

    def lifecycle(self, request: Request) -> Reply:
        """Everybody's lifecycle rows."""
        return self._bulk(request, self._stages)

    def _bulk(self, request: Request, rows: Callable[[HrPerson], list[Json]]) -> Reply:
        size = int(request.query.get("limit", USUAL_ROWS))
        start = int(request.query.get("cursor", "0"))
        only = [each for each in request.query.get("employeeIds", "").split(",") if each]
        if not 1 <= size <= MOST_ROWS or len(only) > MOST_ROWS:
            return self.refusal(400, request)
        only = [] if self.whole_tables else only
        size = min(size, self.page_size)
        people = [each for each in self.records.people.values() if not only or each.id in only]
        page = people[start : start + size]
        hidden = [each.id for each in page if each.id in self.hidden_tables]
        results = [
            {"employeeId": each.id, "values": rows(each)}
            for each in page
            if each.id not in hidden and self.audience(each)
        ]
        following = str(start + size) if start + size < len(people) else None
        errors = [{"employeeId": each, "error": "MISSING_PERMISSION"} for each in hidden]
        return Reply({"results": results, "response_metadata": {"next_cursor": following}, "errors": errors})

    def _work_rows(self, person: HrPerson) -> list[Json]:
        rows, current = self.records.rows_of(person), self.records.current(person)
        shown = rows if self.histories else [current]
        return [
            {
                "id": 90_001 + number,
                "effectiveDate": row.since.isoformat(),
                "endEffectiveDate": iso(row.until and row.until - timedelta(days=1)),
                "activeEffectiveDate": row.since.isoformat(),
                "isCurrent": row is current,
                "workChangeType": "New hire" if number == 0 else "Transfer",
                "title": self._cell(row, "work.title"),
                "department": self._cell(row, "work.department"),
                "site": "Berlin",
                "siteId": 2874651,
                "reportsTo": reference(self.records, row.manager_id),
                "change": {"reason": None, "changedBy": "A. Admin", "changedById": "1"},
                "customColumns": {
                    path.rpartition(".")[2]: self._cell(row, path) for path in (TEAM, SPECIALISATION)
                },
                "creationDate": row.since.isoformat(),
                "modificationDate": row.since.isoformat(),
            }
            for number, row in enumerate(shown)
        ]

    def _cell(self, row: HrRow, path: str) -> str | None:
        label = row_value(row, path)
        return (self.item_id(LISTS[path], label) if self.row_ids else label) or None

    def _stages(self, person: HrPerson) -> list[Json]:
        stages = self.lifecycles.get(person.id) or stages_of(self.records, person)
        stages = stages if self.histories else stages[-1:]
        return [
            {
                "id": number,
                "effectiveDate": since.isoformat(),
                "status": word,
                "employeeStatus": "Inactive" if word.casefold() == "terminated" else "Active",
                "reasonType": None,
                "leaveReason": None,
            }
            for number, (since, word) in enumerate(stages)
        ]
