"""Pretend Personio: API v2 with client credentials, cursor links, persons, employments and org units."""

import base64
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode

from .records import HrPerson, HrUnit, Records
from .server import Handler, HrServer, Reply, Request

LARGEST_PAGE, USUAL_PAGE = 50, 10
UNIT_TYPES = ("team", "department")
STATUSES = {
    "active": "ACTIVE",
    "garden_leave": "ACTIVE",
    "leave": "LEAVE",
    "pending": "ONBOARDING",
    "ended": "INACTIVE",
}
CUSTOM = (
    ("dynamic_101", "Personnel number", "employee_number"),
    ("dynamic_102", "Specialisation", "specialisation"),
    ("dynamic_103", "Worker type", "worker_type"),
    ("dynamic_104", "Time zone", "time_zone"),
)
"""Id, label, and the field of the record whose value a custom attribute holds."""
Json = dict[str, Any]


class PersonioServer(HrServer):
    """Serves the records. Tokens last `token_seconds`; what the attributes switch hides is left out.

    `employments`: person → the rows of the list instead of those made of the record.
    """

    kind: ClassVar[str] = "personio"
    user: ClassVar[str] = "papi-client"
    token: ClassVar[str] = "papi-secret"  # noqa: S105  # of a pretend system

    def __init__(self, records: Records, port: int = 0) -> None:
        super().__init__(records, port)
        self.token_seconds = 3600
        self.shows_attributes = True
        """Whether the credentials may read attributes; else ids, status and links come alone."""
        self.loses_limit = False
        """Next links carry the cursor alone."""
        self.link_origin = ""
        """Where next links lead, when elsewhere than here."""
        self.employments: dict[str, list[Any]] = {}
        self._tokens: list[str] = []

    def routes(self) -> Mapping[str, Handler]:
        return {
            "POST /v2/auth/token": self.give_token,
            "GET /v2/persons": self.list_persons,
            "GET /v2/persons/{id}/employments": self.list_employments,
            "GET /v2/org-units": self.list_units,
        }

    def conventions(self) -> str:
        fields = ", ".join(f'{name} = "{label}"' for _, label, name in CUSTOM)
        return f"people.fields = {{{fields}}}\n"

    def signed_in(self, request: Request) -> bool:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return request.path == "/v2/auth/token" or token in self._tokens[-1:]

    def refusal(self, status: int, request: Request) -> Reply:
        return Reply({"errors": [{"title": f"refused with {status}"}]}, status)

    def expire(self) -> None:
        """No token that was given is good any more."""
        self._tokens.append("")

    def give_token(self, request: Request) -> Reply:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        wanted = {
            "grant_type": "client_credentials",
            "client_id": self.user,
            "client_secret": self.token,
        }
        if form != wanted:
            return self.refusal(401, request)
        self._tokens.append(f"papi-{len(self._tokens)}-{time.monotonic_ns()}")
        answer = {"access_token": self._tokens[-1], "token_type": "Bearer", "expires_in": self.token_seconds}
        return Reply(answer)

    def list_persons(self, request: Request) -> Reply:
        return self._page(request, [*self.records.people.values()], self._person)

    def list_employments(self, request: Request) -> Reply:
        person = self.records.people.get(request.parts["id"])
        if person is None:
            return self.refusal(404, request)
        rows = self.employments.get(person.id)
        return self._page(request, self._employments(person) if rows is None else rows, lambda row: row)

    def list_units(self, request: Request) -> Reply:
        wanted = request.query.get("type", "")
        if wanted not in UNIT_TYPES:
            return self.refusal(400, request)
        return self._page(request, self._units(wanted), lambda row: row)

    def _page(self, request: Request, rows: Sequence[Any], shown: Callable[[Any], Any]) -> Reply:
        try:
            size = int(request.query.get("limit", USUAL_PAGE))
            start = int(base64.urlsafe_b64decode(request.query.get("cursor", "")) or b"0")
        except ValueError:
            return self.refusal(400, request)
        if not 1 <= size <= LARGEST_PAGE:
            return self.refusal(400, request)
        links: Json = {}
        if start + size < len(rows):
            cursor = base64.urlsafe_b64encode(str(start + size).encode()).decode()
            kept = {} if self.loses_limit else {**request.query}
            query = urlencode({**kept, "cursor": cursor})
            links["next"] = {"href": f"{self.link_origin or self.origin}{request.path}?{query}"}
        page = [shown(each) for each in rows[start : start + size]]
        return Reply({"_data": page, "_meta": {"links": links}})

    def _person(self, person: HrPerson) -> Json:
        links = {"employments": {"href": f"{self.origin}/v2/persons/{person.id}/employments"}}
        found: Json = {
            "id": person.id,
            "employments": [{"id": f"{person.id}-1"}],
            "_meta": {"links": links},
        }
        if not self.shows_attributes:
            return found
        first, _, last = person.name.partition(" ")
        return found | {
            "first_name": first,
            "last_name": last,
            "preferred_name": None,
            "email": person.email,
            "status": "INACTIVE" if person.status == "ended" else "ACTIVE",
            "custom_attributes": [
                {
                    "id": own,
                    "global_id": own,
                    "label": label,
                    "type": "string",
                    "value": getattr(person, name) or None,
                }
                for own, label, name in CUSTOM
            ],
        }

    def _employments(self, person: HrPerson) -> list[Json]:
        row = self.records.current(person)
        found: Json = {
            "id": f"{person.id}-1",
            "person": {"id": person.id},
            "status": STATUSES[person.status],
        }
        if not self.shows_attributes:
            return [found]
        last = person.end_date - timedelta(days=1) if person.end_date else None
        today = self.records.now().date()
        at_work = today - timedelta(days=1) if person.status == "garden_leave" else last
        ends = {"termination_date": last and last.isoformat(), "last_working_day": at_work and str(at_work)}
        return [
            found
            | {
                "employment_start_date": person.start_date.isoformat(),
                "supervisor": {"id": row.manager_id} if row.manager_id else None,
                "position": {"title": row.title},
                "org_units": [
                    {"type": type_, "id": self._unit(type_, named)}
                    for type_, named in (("team", row.team), ("department", row.department))
                    if named
                ],
                "termination": ends if last else None,
            }
        ]

    def _units(self, type_: str) -> list[Json]:
        found = {
            unit.id: {"id": unit.id, "name": unit.name, "parent_id": self._parent(unit)}
            for unit in self.records.units.values()
            if unit.kind == type_ and unit.active
        }
        for person in self.records.people.values():
            named = str(getattr(self.records.current(person), type_))
            own = self._unit(type_, named)
            if named:
                found.setdefault(own, {"id": own, "name": named, "parent_id": None})
        return [*found.values()]

    def _parent(self, unit: HrUnit) -> str | None:
        """There are no other units than teams and departments, so none above them either."""
        above = self.records.units.get(unit.parent_id)
        return unit.parent_id if above and above.kind in UNIT_TYPES else None

    def _unit(self, type_: str, named: str) -> str:
        """The id of the unit that a record names by its slug or name; where none is kept, one is made up."""
        units = (each for each in self.records.units.values() if each.kind == type_ and each.active)
        return next((each.id for each in units if named in (each.slug, each.name)), f"{type_}-{named}")
