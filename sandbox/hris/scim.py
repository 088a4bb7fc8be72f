"""Pretend SCIM 2.0 service provider: users, groups, its configuration, and the habits of real ones."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from .records import HrPerson, Records
from .server import Handler, HrServer, Reply, Request

KIND = "application/scim+json; charset=utf-8"
CORE = "urn:ietf:params:scim:schemas:core:2.0"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
OWN = "urn:nordwind:params:scim:schemas:extension:2.0:User"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0"
TEAM = "team-"
"""What the names of groups begin with that stand for teams."""
EXTRAS = frozenset({"excludedAttributes", "attributes", "sortBy", "sortOrder", "filter"})
Json = dict[str, Any]


class ScimServer(HrServer):
    """Serves the records; each switch is a habit of some service provider.

    `users` and `groups`: rows that are served instead of those made of the records.
    """

    kind: ClassVar[str] = "scim"
    prefix: ClassVar[str] = "/scim/v2"
    token: ClassVar[str] = "scim-token"  # noqa: S105  # of a pretend system

    def __init__(self, records: Records, port: int = 0) -> None:
        super().__init__(records, port)
        self.most = 0
        """The most records of a page that it announces as filter.maxResults; 0: nothing."""
        self.page = 1_000
        """How many records it gives at most, whatever count says."""
        self.sorts = False
        self.plain = False
        """Other parameters than startIndex and count are refused with 400."""
        self.words = False
        """`active` is True or False as a word."""
        self.lower = False
        """Names of attributes in lower case."""
        self.zero_based = False
        self.lists_members = True
        """Whether the list of groups holds their members; else only a group alone does."""
        self.announced = 0
        """How many more records than it has it announces."""
        self.without_total = False
        self.users: list[Any] | None = None
        self.groups: list[Any] | None = None

    def routes(self) -> Mapping[str, Handler]:
        return {
            "GET /ServiceProviderConfig": self.configuration,
            "GET /Users": lambda request: self.page_of(request, self.user_rows()),
            "GET /Groups": lambda request: self.page_of(request, self.listed_groups()),
            "GET /Groups/{id}": self.group,
        }

    def settings(self) -> dict[str, str]:
        return {"HRIS": self.kind, "HRIS_URL": self.url, "HRIS_TOKEN": self.token}

    def conventions(self) -> str:
        fields = {"team": f"groups:{TEAM}<slug>", "specialisation": f"{OWN}:specialisation"}
        named = ", ".join(f'{name} = "{at}"' for name, at in fields.items())
        return f"people.fields = {{{named}}}\n"

    def signed_in(self, request: Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.token}"

    def refusal(self, status: int, request: Request) -> Reply:
        error = {"schemas": [f"{MESSAGES}:Error"], "status": str(status), "detail": "refused"}
        return Reply(error, status, kind=KIND)

    def configuration(self, request: Request) -> Reply:
        return self._sent(
            {"filter": {"supported": False, "maxResults": self.most}, "sort": {"supported": self.sorts}}
        )

    def page_of(self, request: Request, rows: Sequence[Any]) -> Reply:
        """One page of a list. startIndex is 1-based; less is read as 1, and count is an upper wish."""
        if self.plain and EXTRAS & {*request.query}:
            return self.refusal(400, request)
        try:
            start = max(int(request.query.get("startIndex", "1")), 1)
            count = max(int(request.query.get("count", self.page)), 0)
        except ValueError:
            return self.refusal(400, request)
        if "sortBy" in request.query and self.sorts:
            rows = sorted(rows, key=lambda row: str(row.get("id")))
        excluded = request.query.get("excludedAttributes", "").split(",")
        first = start if self.zero_based else start - 1
        shown = [_without(row, excluded) for row in rows[first : first + min(count, self.page)]]
        answer: Json = {
            "schemas": [f"{MESSAGES}:ListResponse"],
            "startIndex": start,
            "itemsPerPage": len(shown),
        }
        if not self.without_total:
            answer["totalResults"] = len(rows) + self.announced
        if shown:
            answer["Resources"] = shown
        return self._sent(answer)

    def group(self, request: Request) -> Reply:
        rows = self.group_rows() if self.groups is None else self.groups
        found = next((row for row in rows if row.get("id") == request.parts["id"]), None)
        return self._sent(found) if found else self.refusal(404, request)

    def listed_groups(self) -> list[Any]:
        """The groups as the list shows them."""
        rows = self.group_rows() if self.groups is None else self.groups
        return rows if self.lists_members else [_without(row, ["members"]) for row in rows]

    def user_rows(self) -> list[Any]:
        """The users, in the order of the records."""
        if self.users is not None:
            return self.users
        return [self.user_row(each) for each in self.records.people.values()]

    def user_row(self, person: HrPerson) -> Json:
        """One user with the enterprise extension, and one that nobody else knows."""
        row = self.records.current(person)
        first, _, last = person.name.partition(" ")
        active: Any = person.status != "ended"
        manager = {"value": row.manager_id, "$ref": f"{self.url}/Users/{row.manager_id}"}
        return {
            "schemas": [f"{CORE}:User", ENTERPRISE, OWN],
            "id": person.id,
            "userName": person.email,
            "name": {"givenName": first, "familyName": last},
            "displayName": person.name,
            "title": row.title,
            "userType": person.worker_type,
            "timezone": person.time_zone,
            "active": str(active) if self.words else active,
            "emails": [
                {"value": f"{person.id}@home.example", "type": "home"},
                {"value": person.email, "type": "work", "primary": True},
            ],
            "addresses": [{"type": "home", "locality": "Secret Hill"}],
            ENTERPRISE: {
                "employeeNumber": person.employee_number,
                "department": row.department,
                **({"manager": manager} if row.manager_id else {}),
            },
            OWN: {"specialisation": row.specialisation, "salary": 1},
            "meta": {"resourceType": "User", "location": f"{self.url}/Users/{person.id}"},
        }

    def group_rows(self) -> list[Json]:
        """A group for each team, those below it among its members, and one that is none."""
        people = [*self.records.people.values()]
        named: dict[str, str] = {}
        teams = [each for each in self.records.units.values() if each.kind == "team" and each.active]
        for unit in teams:
            named |= dict.fromkeys((unit.slug, unit.name), unit.id)
        for person in people:
            named.setdefault(self.records.current(person).team, f"g-{self.records.current(person).team}")
        names = {own: name for name, own in named.items() if name} | {each.id: each.name for each in teams}
        rows = []
        for own, name in names.items():
            users = [each.id for each in people if named[self.records.current(each).team] == own]
            below = [each.id for each in teams if each.parent_id == own]
            members = [_member(each, "User") for each in users] + [_member(each, "Group") for each in below]
            rows.append({"id": own, "displayName": TEAM + name, "members": members})
        everybody = [_member(each.id, "User") for each in people]
        return [*rows, {"id": "everybody", "displayName": "Everybody", "members": everybody}]

    def _sent(self, body: Any) -> Reply:
        return Reply(_lower(body) if self.lower else body, kind=KIND)


def moving(server: ScimServer, act: Callable[[], object]) -> Callable[[Reply], Reply]:
    """A change for a fault: something happens to the records once the answer is made."""

    def change(reply: Reply) -> Reply:
        with server.records.lock:
            act()
        return reply

    return change


def _member(own: str, type_: str) -> Json:
    return {"value": own, "type": type_}


def _without(row: Any, names: Sequence[str]) -> Any:
    return {name: value for name, value in row.items() if name not in names} if isinstance(row, dict) else row


def _lower(raw: Any) -> Any:
    if isinstance(raw, dict):
        return {name.lower(): _lower(value) for name, value in raw.items()}
    return [_lower(each) for each in raw] if isinstance(raw, list) else raw
