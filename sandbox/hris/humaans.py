"""Humaans as it answers on the wire: lists in an envelope, teams as tags, roles whose last day counts."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from .records import HrPerson, HrRow
from .server import Handler, HrServer, Reply, Request

MOST = 100
SCOPES = ("public:read", "private:read")
STATUS = {"ended": "offboarded", "pending": "newHire"}
SPECIALISATION = "cf_spec"


class HumaansServer(HrServer):
    """`scopes`: those of the token. `most`: the largest page, whatever was asked for.

    `customs`: id of a custom field → its name; only the first has values.
    `tags`: person → further teams. `same`: whether each page begins at the start, as if $skip were not known.
    """

    kind = "humaans"
    prefix = "/api"
    token = "pretend-access-token"  # noqa: S105  # of a pretend system

    def __init__(self, *arguments: Any, **more: Any) -> None:
        self.scopes = set(SCOPES)
        self.most = MOST
        self.tags: dict[str, list[str]] = {}
        self.customs = {SPECIALISATION: "Specialisation"}
        self.same = False
        super().__init__(*arguments, **more)

    @property
    def url(self) -> str:
        """The host that all organisations share; the reader knows the path."""
        return self.origin

    def settings(self) -> dict[str, str]:
        """The token is all that it takes."""
        return {"HRIS": self.kind, "HRIS_URL": self.url, "HRIS_TOKEN": self.token}

    def conventions(self) -> str:
        """Specialisations are a custom field; teams and departments are known by themselves."""
        return 'people.fields = {specialisation = "Specialisation"}\n'

    def routes(self) -> Mapping[str, Handler]:
        return {
            "GET /people": self.people,
            "GET /job-roles": self.job_roles,
            "GET /custom-fields": self.custom_fields,
            "GET /custom-values": self.custom_values,
        }

    def signed_in(self, request: Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.token}"

    def refusal(self, status: int, request: Request) -> Reply:
        return Reply({"code": status, "name": "Refused", "message": "Refused", "issues": []}, status)

    def people(self, request: Request) -> Reply:
        """Everybody, leavers and new hires among them."""
        if "public:read" not in self.scopes:
            return self.refusal(403, request)
        return self._page(request, map(self._person, self.records.people.values()))

    def job_roles(self, request: Request) -> Reply:
        """Past, current and coming roles, in no order."""
        roles = [
            self._role(person, row, at)
            for person in self.records.people.values()
            for at, row in enumerate(self.records.rows_of(person))
        ]
        return self._private(request, roles[::-1])

    def custom_fields(self, request: Request) -> Reply:
        """Choices of words, which have no ids."""
        found = (
            {
                "id": native,
                "name": name,
                "section": "Work",
                "resourceId": None,
                "type": "select",
                "config": {"choices": ["Backend", "Payments"]},
            }
            for native, name in self.customs.items()
        )
        return self._private(request, found)

    def custom_values(self, request: Request) -> Reply:
        """Values are a text, or a list of texts."""
        values = (
            {
                "id": f"cv_{person.id}",
                "personId": person.id,
                "customFieldId": SPECIALISATION,
                "resourceId": None,
                "value": [self.records.current(person).specialisation],
            }
            for person in self.records.people.values()
            if self.records.current(person).specialisation
        )
        return self._private(request, values)

    def _private(self, request: Request, rows: Iterable[dict[str, Any]]) -> Reply:
        return self._page(request, rows) if "private:read" in self.scopes else self.refusal(403, request)

    def _page(self, request: Request, rows: Iterable[dict[str, Any]]) -> Reply:
        found = list(rows)
        limit = min(int(request.query.get("$limit", MOST)), self.most)
        skip = 0 if self.same else int(request.query.get("$skip", "0"))
        data = found[skip : skip + limit]
        return Reply({"total": len(found), "limit": limit, "skip": skip, "data": data})

    def _person(self, person: HrPerson) -> dict[str, Any]:
        first, _, last = person.name.partition(" ")
        tags = [each for each in (self.records.current(person).team, *self.tags.get(person.id, ())) if each]
        found = {
            "id": person.id,
            "companyId": "T7uqPFK7am4lFTZm39AmNuxx",
            "firstName": first,
            "lastName": last,
            "preferredName": None,
            "email": person.email or None,
            "personalEmail": "private@elsewhere.example",
            "timezone": person.time_zone,
            "employmentStartDate": person.start_date.isoformat(),
            "employmentEndDate": _last_day(person.end_date),
            "contractType": person.worker_type or "Full time",
            "employeeId": person.employee_number or None,
            "status": STATUS.get(person.status, "active"),
            "createdAt": "2023-01-02T08:44:42.000Z",
            "updatedAt": "2026-05-04T14:52:21.000Z",
        }
        return (
            found | {"teams": [{"name": each} for each in tags]} if "private:read" in self.scopes else found
        )

    def _role(self, person: HrPerson, row: HrRow, at: int) -> dict[str, Any]:
        return {
            "id": f"jr_{person.id}_{at}",
            "personId": person.id,
            "jobTitle": row.title,
            "department": row.department or None,
            "reportingTo": row.manager_id or None,
            "effectiveDate": row.since.isoformat(),
            "endDate": _last_day(row.until),
            "note": None,
        }


def _last_day(first_day_out: date | None) -> str | None:
    return (first_day_out - timedelta(days=1)).isoformat() if first_day_out else None
