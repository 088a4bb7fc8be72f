"""A pretend SAP SuccessFactors: OData v2 with `/Date(…)/`, `$select`, `$expand`, dated rows and `__next`.

As there, an entity with dates gives only what holds today unless a span is asked for, a field that does not
exist is a refusal that names it, and a page ends with the link to the next one.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from .records import HrPerson, HrRow, HrUnit
from .server import Handler, HrServer, Reply, Request

DAY = timedelta(days=1)
OPEN_END = "/Date(253402214400000)/"
PAGE = 1000
CODES = {"active": "A", "leave": "U", "suspended": "S", "ended": "T", "garden_leave": "S", "pending": "A"}
OPTIONS = {"A": "6021", "U": "6022", "S": "6023", "T": "6028"}
"""Ids of the options of the picklist: every tenant has its own."""
UNITS = {"FODepartment": "department", "FODivision": "division"}
DATED = frozenset({"EmpJob", *UNITS})
MISSING = "COE_PROPERTY_NOT_FOUND"


def odata(day: date | None) -> str:
    """A calendar day as milliseconds of midnight UTC; None: no end."""
    if day is None:
        return OPEN_END
    return f"/Date({int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000})/"


class SuccessFactorsServer(HrServer):
    """Serves `/odata/v2/<Entity>`. `page`: rows of a page; `tables`: entity → rows of a test."""

    kind = "successfactors"
    prefix = "/odata/v2"
    user = "sightline@nordwind"

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.page = PAGE
        self.tables: dict[str, list[dict[str, Any]]] = {}
        self.unknown: set[str] = set()
        """Fields that this tenant does not have, such as `EmpJob/division`."""
        super().__init__(*arguments, **options)

    def routes(self) -> Mapping[str, Handler]:
        return {"GET /{entity}": self.entity}

    def conventions(self) -> str:
        return 'people.fields = {team = "customString1", specialisation = "customString2"}\n'

    def refusal(self, status: int, request: Request) -> Reply:
        return _refusal(status, "COE_GENERAL", f"refused with {status}")

    def entity(self, request: Request) -> Reply:
        """One page of an entity."""
        entity, query = request.parts["entity"], request.query
        rows = self.tables.get(entity, None)
        if rows is None:
            made = self._rows(entity)
            if made is None:
                return _refusal(404, "COE_ENTITY_NOT_FOUND", f"Entity {entity} is not found.")
            rows = made
        if "fromDate" not in query and entity in DATED:
            rows = [row for row in rows if self._today(row)]
        fields = query.get("$select", "").split(",")
        wrong = [each for each in fields if f"{entity}/{each}" in self.unknown]
        if wrong:
            names = ",".join(f"{entity}/{each}" for each in wrong)
            return _refusal(400, MISSING, f"[COE0021]Invalid property names: {names}.")
        first = int(query.get("$skiptoken", "0"))
        size = int(query.get("$top", self.page))
        shown: dict[str, Any] = {"results": [_selected(row, fields) for row in rows[first : first + size]]}
        if first + size < len(rows) and "$top" not in query:
            following = {**query, "$skiptoken": str(first + size)}
            shown["__next"] = f"{self.url}/{entity}?{urlencode(following)}"
        return Reply({"d": shown})

    def _rows(self, entity: str) -> list[dict[str, Any]] | None:
        people = self.records.people.values()
        if entity == "EmpEmployment":
            return [self.employment(each) for each in people]
        if entity == "EmpJob":
            return [row for each in people for row in self.jobs(each)]
        if entity in UNITS:
            units = self.records.units.values()
            return [self.unit(each) for each in units if each.kind == UNITS[entity]]
        return None

    def employment(self, person: HrPerson) -> dict[str, Any]:
        """A record of EmpEmployment with its user."""
        first, _, last = person.name.partition(" ")
        return {
            "personIdExternal": person.id,
            "userId": person.id,
            "startDate": odata(person.start_date),
            "endDate": odata(person.end_date - DAY) if person.end_date else None,
            "isContingentWorker": person.worker_type == "Contractor",
            "userNav": {
                "userId": person.id,
                "username": person.email.split("@")[0],
                "email": person.email,
                "defaultFullName": person.name,
                "firstName": first,
                "lastName": last,
                "timeZone": person.time_zone,
            },
        }

    def jobs(self, person: HrPerson) -> list[dict[str, Any]]:
        """The records of EmpJob of one person; the last one names how they stand now."""
        rows = self.records.rows_of(person)
        found = [self._job(person, row, "A") for row in rows]
        now = self.records.current(person)
        if person.status != "active":
            found[rows.index(now)] = self._job(person, now, CODES.get(person.status, "A"))
        return found

    def _job(self, person: HrPerson, row: HrRow, code: str) -> dict[str, Any]:
        of_kind = {each.name: each.id for each in self.records.units.values() if each.kind == "department"}
        return {
            "userId": person.id,
            "startDate": odata(row.since),
            "endDate": odata(row.until - DAY if row.until else None),
            "seqNumber": "1",
            "managerId": row.manager_id or "NO_MANAGER",
            "emplStatus": OPTIONS[code],
            "emplStatusNav": {"externalCode": code, "id": OPTIONS[code]},
            "jobTitle": row.title,
            "department": of_kind.get(row.department, ""),
            "division": None,
            "customString1": row.team,
            "customString2": row.specialisation,
        }

    def unit(self, unit: HrUnit) -> dict[str, Any]:
        """A record of a foundation object."""
        return {
            "externalCode": unit.id,
            "startDate": odata(unit.active_from or date(1900, 1, 1)),
            "endDate": odata(unit.active_to - DAY if unit.active_to else None),
            "name": unit.name,
            "parent": unit.parent_id or None,
            "headOfUnit": unit.lead_id or None,
            "status": "A" if unit.active else "I",
        }

    def _today(self, row: dict[str, Any]) -> bool:
        today = odata(self.records.now().date())
        return _number(row["startDate"]) <= _number(today) <= _number(row["endDate"])


def _number(moment: str) -> int:
    return int(moment.removeprefix("/Date(").removesuffix(")/"))


def _selected(row: Any, fields: list[str]) -> Any:
    """What was asked for of a row; of a navigation the fields behind the slash. What is no row stays."""
    if not isinstance(row, dict):
        return row
    found: dict[str, Any] = {"__metadata": {"type": "SFOData"}}
    for path in fields:
        name, _, rest = path.partition("/")
        inner = row.get(name)
        if not rest:
            found[name] = inner
        elif isinstance(inner, dict) and "results" in inner:
            found[name] = {"results": [_selected(each, [rest]) for each in inner["results"]]}
        elif isinstance(inner, dict):
            found.setdefault(name, {}).update(_selected(inner, [rest]))
        else:
            found[name] = inner
    return found


def _refusal(status: int, code: str, message: str) -> Reply:
    error = {"error": {"code": code, "message": {"lang": "en-US", "value": message}}}
    return Reply(json.dumps(error), status)
