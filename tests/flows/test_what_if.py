"""What-if and rehearsal against what Okta does: random whole moves, foretold and done.

Once for each place that the structure of the organisation may come from: the records of a control plane, what
Okta's groups carry, and nothing but people's attributes. The sandbox evaluates rules with code of its own,
which shares nothing with ours. The company of 2,200 with 500 moves each is run by hand, with -m slow.
"""

import random
import tomllib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from orgmodel.configuration import Configuration
from orgmodel.conventions import Conventions, parse_conventions
from orgmodel.models import Account
from orgmodel.queries.access.holdings import Access
from orgmodel.queries.people import find_person
from orgmodel.queries.rehearsal.proposal import read_proposal
from orgmodel.queries.rehearsal.rehearse import rehearse
from orgmodel.queries.rehearsal.supposition import WhatIfQuestion
from orgmodel.queries.rehearsal.whatif import WhatIf, what_if
from orgmodel.queries.visibility import OPERATOR
from sandbox.company import Company
from sandbox.hris.records import HrPerson, HrUnit, write_feed
from sandbox.okta.server import OktaServer
from sandbox.okta.state import User
from tests.configurations import feed_in, okta_at

pytestmark = pytest.mark.django_db(transaction=True)

MOVES = {"demo": 60, "S": 500}
SIZES = ("demo", pytest.param("S", marks=pytest.mark.slow))
LEVEL = "role"
"""The key under which Nordwind's assignments carry a level."""
ONLY_ATTRIBUTES = """
[[units.kinds]]
kind = "team"
attribute = "team"

[[units.kinds]]
kind = "department"
attribute = "department"

[[units.kinds]]
kind = "team_group"
attribute = "area"

[[units.kinds]]
kind = "specialisation"
attribute = "specialisation"
"""


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["records", "groups", "attributes"])
def company(request: pytest.FixtureRequest, size: str, settings: Any, tmp_path: Path) -> Iterator[Company]:
    """The company, read once."""
    founded = Company(size=size)
    written = ONLY_ATTRIBUTES if request.param == "attributes" else founded.sightline_toml()
    feed: dict[str, Any] = {}
    hris = "okta"
    if request.param == "records":
        held = (each for some in founded.assignments.values() for each in some)
        write_feed(tmp_path, founded.people.values(), founded.units.values(), held)
        feed, hris = feed_in(tmp_path), "csv"
    with OktaServer(founded.tenant) as okta:
        settings.SIGHTLINE = Configuration(
            entrance="tests",
            sources=okta_at(okta) | feed,
            conventions=parse_conventions(tomllib.loads(written)),
            hris=hris,
        )
        call_command("sync", stdout=StringIO())
        yield founded


def test_what_was_foretold_is_what_okta_did(company: Company, size: str, settings: Any) -> None:
    conventions: Conventions = settings.SIGHTLINE.conventions
    moved = chosen_moves(company, MOVES[size])
    rehearsed = rehearsal(company, moved, conventions)
    led = 0
    for person, team, title in moved:
        user = company.account(person)
        question = WhatIfQuestion({"title": title} if title else {}, f"team:{team.slug}")
        foretold = what_if(find_person(user.id), question, OPERATOR, conventions)
        follows = dict(foretold.follows)
        led += leads(company, team, follows.pop("managerId", ""), foretold)
        assert (foretold.set, follows) == expected(company, team, title)
        groups = set(user.groups)
        company.change(person, team=team.slug, manager_id=team.lead_id, **({"title": title} if title else {}))
        names = {each: company.tenant.groups[each].name for each in groups | set(user.groups)}
        came = {names[each] for each in set(user.groups) - groups}
        went = {names[each] for each in groups - set(user.groups)}
        assert came or went, "a move that moves nothing proves nothing"
        assert (set(foretold.comes), set(foretold.goes)) == (came, went), user.id
        assert apps(foretold) == seats(company, user), user.id
        assert all(each.group for each in foretold.unknown), "every rule can be judged"
        planned = rehearsed[user.id]
        assert (set(planned.comes), set(planned.goes)) == (came, went)
        assert (planned.values, lists(planned)) == (foretold.values, lists(foretold))
    assert led >= 0.9 * len(moved)


def chosen_moves(company: Company, moves: int) -> list[tuple[HrPerson, HrUnit, str]]:
    """Who moves where; some get a title beside, so that groups come and go by groups that come and go."""
    chosen = random.Random(11)
    present = [each for each in company.people.values() if company.account(each).status == "ACTIVE"]
    peopled = {each.team for each in present}
    teams = [unit for unit in company.units.values() if unit.kind == "team" and unit.slug in peopled]
    titles = ["Team lead", chosen.choice(present).title, *[""] * 6]
    return [
        (person, chosen.choice([each for each in teams if each.slug != person.team]), chosen.choice(titles))
        for person in chosen.sample(present, moves)
    ]


def leads(company: Company, team: HrUnit, manager: str, foretold: WhatIf) -> bool:
    """Whether the new manager is foretold; where not, the answer says why."""
    if not manager:
        assert any(note.startswith("The manager does not follow:") for note in foretold.notes)
        return False
    assert manager == company.people[team.lead_id].employee_number
    return True


def expected(company: Company, team: HrUnit, title: str) -> tuple[dict[str, str], dict[str, str]]:
    """What HR's change will write into the Okta profile, but for the manager: as asked, and what follows."""
    area, department = company.above(team, "team_group").slug, company.above(team, "department").name
    values = {"team": team.slug} | ({"title": title} if title else {})
    return values, {"area": area, "department": department}


def rehearsal(
    company: Company, moved: list[tuple[HrPerson, HrUnit, str]], conventions: Conventions
) -> dict[str, WhatIf]:
    """All moves as one reorganisation; Okta id → what is foretold."""
    rows = (f"{company.account(person).id},team:{team.slug},{title}" for person, team, title in moved)
    lines = ["person,move_to,title", *rows]
    rehearsed = rehearse(read_proposal(lines, conventions), conventions.unit_kinds)
    assert rehearsed.people == len(rehearsed.per_person) == len(moved)
    people = Account.objects.filter(source="okta").values_list("person_id", "native_id")
    natives = dict(people)
    return {natives[each.person.pk]: each for each in rehearsed.per_person}


def lists(foretold: WhatIf) -> list[list[str]]:
    """Gained, lost and at another level, as text."""
    levels = [f"{each.app.native_id} {each.before} {each.now.level}" for each in foretold.level_changed]
    return [*named(foretold.gains, foretold.loses), sorted(levels)]


def named(*some: tuple[Access, ...]) -> list[list[str]]:
    return [sorted(f"{each.app.native_id} {each.level}" for each in accesses) for accesses in some]


def apps(foretold: WhatIf) -> dict[str, str]:
    """App → level, as foretold."""
    changed = (each.now for each in foretold.level_changed)
    return {each.app.native_id: each.level for each in (*foretold.gains, *foretold.keeps, *changed)}


def seats(company: Company, user: User) -> dict[str, str]:
    """App → level, as Okta has it."""
    return {
        app.id: str(app.seats[user.id].profile.get(LEVEL) or "assigned")
        for app in company.tenant.apps.values()
        if user.id in app.seats and app.status == "ACTIVE"
    }
