"""BambooHR as it answers on the wire: a cursor list that names what it hides, and tables of labels."""

import base64
import binascii
from collections.abc import Mapping
from datetime import date
from typing import Any

from .records import HrPerson, HrRow
from .server import Handler, HrServer, Reply, Request

DEFAULT, MOST = 250, 2500
ALWAYS = ("employeeId", "firstName", "lastName", "preferredName", "photoUrl", "jobTitleName", "status")
OPEN = ("workEmail", "employeeNumber", "hireDate", "reportsToId", "departmentName", "customTeam")
ALSO = ("customSpecialisation", "customTribe")
EMPLOYED = "Full-Time"


class BambooServer(HrServer):
    """`hidden`: employee → the fields that the key may not see of them; under "": of anybody.

    `lists`: alias of a list → its options by id, beside that of the departments; `archived`: ids of options
    that are no longer offered.
    `queries`: what each call of the list of employees carried.
    `employments`: employee → rows of employmentStatus in place of those that follow from the record.
    """

    kind = "bamboohr"
    prefix = "/api/v1"
    token = "pretend-api-key"  # noqa: S105  # of a pretend system

    def __init__(self, *arguments: Any, **more: Any) -> None:
        self.hidden: dict[str, set[str]] = {}
        self.lists: dict[str, dict[str, str]] = {}
        self.archived: set[str] = set()
        self.queries: list[Mapping[str, str]] = []
        self.employments: dict[str, list[tuple[str, str]]] = {}
        super().__init__(*arguments, **more)

    @property
    def url(self) -> str:
        """The organisation's own host; the reader knows the path."""
        return self.origin

    def settings(self) -> dict[str, str]:
        """The key is all that it takes."""
        return {"HRIS": self.kind, "HRIS_URL": self.url, "HRIS_TOKEN": self.token}

    def conventions(self) -> str:
        """BambooHR has no teams: they are a field of the company's own."""
        return 'people.fields = {team = "customTeam", specialisation = "customSpecialisation"}\n'

    def routes(self) -> Mapping[str, Handler]:
        return {
            "GET /employees": self.employees,
            "GET /employees/{id}/tables/{table}": self.table,
            "GET /meta/lists": self.meta_lists,
        }

    def signed_in(self, request: Request) -> bool:
        """The key is the user; the password may be anything."""
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        try:
            user, _, _ = base64.b64decode(given).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        return scheme == "Basic" and user == self.token

    def employees(self, request: Request) -> Reply:
        """A page of everybody, leavers and future hires among them, by the cursor."""
        self.queries.append(request.query)
        limit = int(request.query.get("page[limit]", DEFAULT))
        if limit > MOST:
            return self.refusal(400, request)
        people = [self.records.people[each] for each in sorted(self.records.people)]
        at = int(request.query.get("page[after]", "c0").removeprefix("c"))
        wanted = [*ALWAYS, *request.query.get("fields", "").split(",")]
        following = f"c{at + limit}" if at + limit < len(people) else None
        body = {
            "data": [self._employee(each, wanted) for each in people[at : at + limit]],
            "meta": {"total": len(people), "page": {"nextCursor": following, "prevCursor": None}},
            "_links": {"self": request.path},
        }
        return self._json(request, body)

    def table(self, request: Request) -> Reply:
        """All rows of a table in no order; columns that may not be seen are left out."""
        rows = {"jobInfo": self._jobs, "employmentStatus": self._employments}.get(request.parts["table"])
        if rows is None:
            return self.refusal(404, request)
        wanted = request.parts["id"]
        found = [
            row
            for person in self.records.people.values()
            if wanted in ("all", person.id)
            for row in rows(person)
        ]
        return self._json(request, found[::-1])

    def meta_lists(self, request: Request) -> Reply:
        """The lists whose options have ids; an option that is no longer offered is archived."""
        units = (each for each in self.records.units.values() if each.kind == "department")
        departments = {"department": {each.id: each.name for each in units}}
        body = [
            {
                "fieldId": at,
                "alias": alias,
                "manageable": "yes",
                "multiple": "no",
                "name": alias.title(),
                "options": [
                    {"id": native, "name": name, "archived": "yes" if native in self.archived else "no"}
                    for native, name in options.items()
                ],
            }
            for at, (alias, options) in enumerate((departments | self.lists).items(), 4)
        ]
        return self._json(request, body)

    def _json(self, request: Request, body: Any) -> Reply:
        if "json" in request.headers.get("Accept", ""):
            return Reply(body)
        return Reply("<employees/>", kind="text/xml; charset=utf-8")

    def _hidden(self, person: HrPerson) -> set[str]:
        return self.hidden.get("", set()) | self.hidden.get(person.id, set())

    def _employee(self, person: HrPerson, wanted: list[str]) -> dict[str, Any]:
        begun = person.start_date <= self.records.now().date()
        row = self.records.current(person) if begun else None
        first, _, last = person.name.partition(" ")
        values: dict[str, Any] = {
            "employeeId": person.id,
            "firstName": first,
            "lastName": last,
            "preferredName": None,
            "photoUrl": "https://images.nordwind.example/none",
            "jobTitleName": row.title if row else None,
            "status": "Inactive" if person.status == "ended" else "Active",
            "workEmail": person.email or None,
            "employeeNumber": person.employee_number or None,
            "hireDate": person.start_date.isoformat(),
            "reportsToId": (row.manager_id or None) if row else None,
            "departmentName": (row.department or None) if row else None,
            "customTeam": (row.team or None) if row else None,
            "customSpecialisation": (row.specialisation or None) if row else None,
        }
        hidden = sorted(self._hidden(person).intersection(wanted, values))
        shown = {name: None if name in hidden else values[name] for name in wanted if name in values}
        return shown | {"_restrictedFields": hidden}

    def _jobs(self, person: HrPerson) -> list[dict[str, Any]]:
        rows = enumerate(self.records.rows_of(person), 1)
        found = [self._job(person, row, f"{person.id}{number:02}") for number, row in rows]
        hidden = self._hidden(person)
        return [{name: value for name, value in each.items() if name not in hidden} for each in found]

    def _job(self, person: HrPerson, row: HrRow, number: str) -> dict[str, Any]:
        manager = self.records.people.get(row.manager_id)
        return {
            "id": number,
            "employeeId": person.id,
            "date": row.since.isoformat(),
            "location": "Lisbon",
            "department": row.department,
            "division": "",
            "jobTitle": row.title,
            "reportsTo": manager.name if manager else "",
            "customTeam": row.team,
            "customSpecialisation": row.specialisation,
        }

    def _employments(self, person: HrPerson) -> list[dict[str, Any]]:
        rows = self.employments.get(person.id)
        if rows is None:
            rows = [(person.start_date.isoformat(), person.worker_type or EMPLOYED)]
            rows += self._away(person)
            rows += [(person.end_date.isoformat(), "Terminated")] if person.end_date else []
        return [
            {"id": f"{person.id}{at:02}", "employeeId": person.id, "date": day, "employmentStatus": word}
            for at, (day, word) in enumerate(rows)
        ]

    def _away(self, person: HrPerson) -> list[tuple[str, str]]:
        word = {"leave": "Leave of Absence", "garden_leave": "Garden Leave"}.get(person.status)
        since: date = self.records.current(person).since
        return [(since.isoformat(), word)] if word else []
