"""What-if and rehearsal against what Okta does: 500 random moves in a company of 2,200, foretold and done.

The sandbox evaluates rules with code of its own, which shares nothing with ours.
"""

import random
import tomllib
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from orgmodel.configuration import Configuration
from orgmodel.conventions import UnitKind, parse_conventions
from orgmodel.models import Account
from orgmodel.queries.access import Access
from orgmodel.queries.people import find_person
from orgmodel.queries.proposal import read_proposal
from orgmodel.queries.rehearsal import rehearse
from orgmodel.queries.visibility import OPERATOR
from orgmodel.queries.whatif import WhatIf, what_if
from sandbox.company import Company
from sandbox.hris.records import HrPerson, HrUnit
from sandbox.okta.server import OktaServer
from sandbox.okta.state import User

pytestmark = pytest.mark.django_db(transaction=True)

MOVES = 500
KINDS = (UnitKind("team", "team", "team-<slug>"), UnitKind("department", "department", "dept-<slug>"))
LEVEL = "role"
"""The key under which Nordwind's assignments carry a level."""


@pytest.fixture
def company(settings: Any) -> Iterator[Company]:
    """The company of size S, read once."""
    founded = Company(size="S")
    with OktaServer(founded.tenant) as okta:
        settings.SIGHTLINE = Configuration(
            entrance="tests",
            okta_url=okta.url,
            okta_token=okta.token,
            okta_budget=1.0,
            conventions=parse_conventions(tomllib.loads(founded.sightline_toml())),
        )
        call_command("sync", stdout=StringIO())
        yield founded


def test_what_was_foretold_is_what_okta_did(company: Company) -> None:
    chosen = random.Random(11)
    present = [each for each in company.people.values() if company.account(each).status == "ACTIVE"]
    teams = [unit for unit in company.units.values() if unit.kind == "team" and unit.active]
    moved = [
        (person, chosen.choice([each for each in teams if each.slug != person.team]))
        for person in chosen.sample(present, MOVES)
    ]
    rehearsed = rehearsal(company, moved)
    different = 0
    for person, team in moved:
        user = company.account(person)
        groups = set(user.groups)
        foretold = what_if(find_person(user.id), wanted(company, person, team.slug), OPERATOR)
        company.change(person, team=team.slug)
        names = {each: company.tenant.groups[each].name for each in groups | set(user.groups)}
        came = {names[each] for each in set(user.groups) - groups}
        went = {names[each] for each in groups - set(user.groups)}
        assert came or went, "a move that moves nothing proves nothing"
        planned = rehearsed[user.id]
        assert (set(planned.comes), set(planned.goes)) == (came, went)
        assert apps(planned) == {app: level for app, level in apps(foretold).items() if app in apps(planned)}
        assert named(planned.gains, planned.loses) == named(foretold.gains, foretold.loses)
        if (set(foretold.comes), set(foretold.goes), apps(foretold)) != (came, went, seats(company, user)):
            assert foretold.unknown, f"{user.id}: not explained by anything unknown"
            different += 1
    assert different == 0


def rehearsal(company: Company, moved: list[tuple[HrPerson, HrUnit]]) -> dict[str, WhatIf]:
    """All moves as one reorganisation; Okta id → what is foretold."""
    rows = [
        {"person": company.account(person).id, **wanted(company, person, team.slug)} for person, team in moved
    ]
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    told = rehearse(read_proposal(lines, KINDS), KINDS)
    assert (told.people, len(told.per_person)) == (MOVES, MOVES)
    people = Account.objects.filter(source="okta").values_list("person_id", "native_id")
    natives = dict(people)
    return {natives[each.person.pk]: each for each in told.per_person}


def named(*lists: tuple[Access, ...]) -> list[list[str]]:
    return [sorted(f"{each.app.native_id} {each.level}" for each in some) for some in lists]


def wanted(company: Company, person: HrPerson, team: str) -> dict[str, str]:
    """The attributes that HR's change will write into the Okta profile."""
    unit = company.unit(team)
    return {
        "team": team,
        "area": company.above(unit, "team_group").slug,
        "department": company.above(unit, "department").name,
    }


def apps(foretold: WhatIf) -> dict[str, str]:
    """App → level, as foretold."""
    return {each.app.native_id: each.level for each in (*foretold.gains, *foretold.keeps)}


def seats(company: Company, user: User) -> dict[str, str]:
    """App → level, as Okta has it."""
    return {
        app.id: str(app.seats[user.id].profile.get(LEVEL) or "assigned")
        for app in company.tenant.apps.values()
        if user.id in app.seats and app.status == "ACTIVE"
    }
