"""A company of a given size as JSON pages, the way a source would hand it over, without a network."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from orgmodel.facts import AccountFact, EdgeFact, Fact, GrantFact, Ref, ResourceFact, RuleFact, SeatFact
from orgmodel.marks import Covered
from orgmodel.reports import Report

PAGE = 200
WHOLE = ("account", "resource", "schema", "rule", "grant", "edge", "seat", "push", "owner")
TEAMS, DEPARTMENTS, LEVELS = 180, 20, ("assigned", "Viewer", "Editor", "Admin")
PROJECTS_EACH = 6
"""Project groups that one person is in, besides everybody, the team and the department."""


@dataclass(frozen=True)
class Size:
    """How many of each."""

    people: int = 2_200
    groups: int = 400
    apps: int = 40


@dataclass(frozen=True)
class Page:
    """One page of one kind of fact: JSON arrays in the order of the fact's fields."""

    kind: type[Any]
    body: bytes

    def decode(self) -> list[Fact]:
        """The facts of the page."""
        facts: list[Fact] = msgspec.json.decode(self.body, type=list[self.kind])  # type: ignore[name-defined]  # chosen at run time
        return facts


@dataclass
class Pages:
    """A reader that decodes pages it has in memory."""

    pages: Sequence[Page]
    source: str = "okta"
    report: Report = field(default_factory=Report)

    def batches(self) -> Iterator[Sequence[Fact]]:
        """One batch per page."""
        for page in self.pages:
            yield page.decode()
        yield [Covered(kind) for kind in WHOLE]


def pages(facts: Sequence[Fact]) -> list[Page]:
    """The facts, which stand kind by kind, as pages of one kind each."""
    found = []
    for kind in dict.fromkeys(type(fact) for fact in facts):
        same = [fact for fact in facts if type(fact) is kind]
        found += [
            Page(kind, msgspec.json.encode(same[start : start + PAGE])) for start in range(0, len(same), PAGE)
        ]
    return found


def company(size: Size) -> list[Fact]:
    """People in teams and departments by rule, in projects by hand, and the apps that this opens."""
    return [
        *(_person(number) for number in range(size.people)),
        *(_group(number) for number in range(size.groups)),
        *(_app(number) for number in range(size.apps)),
        *(grant for number in range(size.people) for grant in _grants(number, size)),
        *_edges(size),
        *(_seat(number, size) for number in range(size.people)),
        *(_rule(number) for number in range(1, 1 + TEAMS + DEPARTMENTS)),
    ]


def _person(number: int) -> AccountFact:
    attributes = {
        "team": f"bed-{number % TEAMS}",
        "department": f"Garden {number % DEPARTMENTS}",
        "city": f"Town {number % 7}",
    }
    address = f"p{number}@nordwind.example"
    manager = f"00u{number // 8:06}" if number else ""
    return AccountFact(
        native_id=f"00u{number:06}",
        login=address,
        email=address,
        name=f"Person {number}",
        status="ACTIVE",
        title="Gardener",
        worker_type="employee",
        manager_ref=manager,
        employee_number=str(number),
        start_date=None,
        end_date=None,
        time_zone="Europe/Berlin",
        attributes=attributes,
        created=None,
        updated=None,
    )


def _group(number: int) -> ResourceFact:
    name, description, profile = f"project-{number}", "", {}
    if number == 0:
        name = "Everyone"
    elif number <= TEAMS:
        name, description = f"team-bed-{number - 1}", f"AUTO team Bed {number - 1}"
        profile = {"airtableId": f"rec{number - 1}"}
    elif number <= TEAMS + DEPARTMENTS:
        name = f"dept-garden-{number - 1 - TEAMS}"
    kind = "own" if number else "built-in"
    return ResourceFact("group", f"00g{number:04}", name, description, kind, "", profile, (), "", None, None)


def _app(number: int) -> ResourceFact:
    return ResourceFact(
        "app", f"0oa{number:03}", f"App {number}", "", "saml", "active", {}, (), "", None, None
    )


def _ref(kind: str, number: int) -> Ref:
    return Ref("", kind, f"00g{number:04}" if kind == "group" else f"0oa{number:03}")


def _grants(number: int, size: Size) -> Iterator[GrantFact]:
    who = f"00u{number:06}"
    team, department = 1 + number % TEAMS, 1 + TEAMS + number % DEPARTMENTS
    yield GrantFact(who, _ref("group", 0), "member", "unknown", (), "okta")
    for ruled in (team, department):
        yield GrantFact(who, _ref("group", ruled), "member", "rule", (f"0pr{ruled:04}",), "okta")
    first = 1 + TEAMS + DEPARTMENTS
    for nth in range(PROJECTS_EACH):
        project = first + (number * 7 + nth * 31) % (size.groups - first)
        yield GrantFact(who, _ref("group", project), "member", "unknown", (), "okta")


def _edges(size: Size) -> Iterator[EdgeFact]:
    for number in range(5):
        yield EdgeFact(_ref("group", 0), "member", _ref("app", number), "assigned", "opens", 0, "")
    for number in range(1, size.groups):
        app = 5 + number % (size.apps - 5)
        yield EdgeFact(
            _ref("group", number), "member", _ref("app", app), LEVELS[number % 4], "opens", number % 3, ""
        )


def _seat(number: int, size: Size) -> SeatFact:
    app, scope = number % size.apps, "USER" if number % 10 == 0 else "GROUP"
    return SeatFact(f"00u{number:06}", f"0oa{app:03}", scope, "ACTIVE", "DISABLED", "assigned", None)


def _rule(number: int) -> RuleFact:
    team = number <= TEAMS
    expression = (
        f'user.team == "bed-{number - 1}"' if team else f'user.department == "Garden {number - 1 - TEAMS}"'
    )
    return RuleFact(f"0pr{number:04}", f"Rule {number}", "active", expression, (f"00g{number:04}",), (), None)
