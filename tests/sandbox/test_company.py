"""Nordwind as founded: its people, its order and its mess."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from sandbox.company import Company
from sandbox.okta.naive_rules import fits
from sandbox.okta.placement import Placed, place
from sandbox.okta.state import User

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def nordwind() -> Company:
    return Company(7, "demo", lambda: NOW)


def member_of(company: Company, email: str) -> set[str]:
    user = company.tenant.user(email)
    return {group.name for group in company.tenant.groups.values() if user.id in group.members}


def test_it_is_as_large_as_said(nordwind: Company) -> None:
    assert len(nordwind.people) == 220
    assert len(nordwind.tenant.users) == 220
    assert len(nordwind.tenant.apps) == 45
    kinds = [unit.kind for unit in nordwind.units.values()]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "department": 5,
        "team_group": 7,
        "specialisation": 12,
        "team": 22,
    }


def test_the_people_of_the_documentation_are_there(nordwind: Company) -> None:
    nadia, quinn, lena = (
        nordwind.person(f"{name}@nordwind.example") for name in ("nadia.brandt", "quinn.abe", "lena.osei")
    )
    assert (nadia.team, nadia.department) == ("radish", "Engineering")
    assert nordwind.people[nadia.manager_id].name == "Radovan Ilic"
    assert (quinn.worker_type, quinn.team, quinn.manager_id) == ("Contractor", "cucumber", lena.id)
    assert nordwind.unit("cucumber").lead_id == lena.id
    assert {"team-radish", "area-product", "dept-engineering", "radish-oncall"} <= member_of(
        nordwind, nadia.email
    )
    assert "dept-engineering" not in member_of(nordwind, quinn.email)
    assert "BR-ALL-EMPLOYEES" not in member_of(nordwind, quinn.email)
    assert "sightline-admins" in member_of(nordwind, "tomas.okafor@nordwind.example")


def test_the_same_seed_makes_the_same_company(nordwind: Company) -> None:
    again, other = Company(7, "demo", lambda: NOW), Company(8, "demo", lambda: NOW)
    assert list(again.people.values()) == list(nordwind.people.values())
    assert list(again.tenant.groups) == list(nordwind.tenant.groups)
    assert [person.name for person in other.people.values()] != [
        person.name for person in nordwind.people.values()
    ]


def test_the_first_placement_is_what_the_rules_say(nordwind: Company) -> None:
    """Placing everybody at once takes short cuts; here every rule is asked about everybody."""
    tenant = nordwind.tenant
    names = {group.id: group.name for group in tenant.groups.values()}
    for user in tenant.users.values():
        held = {group: names[group] for group in user.groups}
        for rule in tenant.rules.values():
            if rule.status == "ACTIVE":
                given = [target for target in rule.targets if rule.id in user.ruled.get(target, ())]
                wanted = user.id not in rule.excluded and fits(rule.expression, user.profile, held)
                assert bool(given) == wanted, (rule.name, user.profile)


def assert_seats_follow(company: Company) -> None:
    for app in company.tenant.apps.values():
        through = {user for group in app.groups for user in company.tenant.groups[group].members}
        assert set(app.seats) == through | app.direct.keys()


def test_seats_follow_from_groups_and_direct_assignments(nordwind: Company) -> None:
    tenant = nordwind.tenant
    assert_seats_follow(nordwind)
    figma = tenant.app("Figma")
    assert figma.seats[tenant.user("pia.lund@nordwind.example").id].profile == {"role": "Editor"}
    assert figma.seats[tenant.user("nadia.brandt@nordwind.example").id].profile == {"role": "Viewer"}


def test_the_mess_is_there(nordwind: Company) -> None:
    tenant, people = nordwind.tenant, nordwind.people.values()
    assert nordwind.unit("kohlrabi").active
    assert "team-kohlrabi" not in {group.name for group in tenant.groups.values()}
    assert "sorrel" not in {unit.slug for unit in nordwind.units.values()}
    assert len(tenant.group("team-sorrel").members) == 1
    endive = tenant.group("team-endive")
    assert not nordwind.unit("endive").active
    assert list(tenant.app("Endive archive").seats) == list(endive.members)
    assert len(endive.members) == 1
    assert [person.name for person in people if person.status == "pending"] == ["Ilse Kramer", "Bo Lindqvist"]
    ended = [nordwind.account(person).status for person in people if person.status == "ended"]
    assert ended == ["ACTIVE"]
    astray = [person for person in people if nordwind.account(person).profile["title"] != person.title]
    assert [nordwind.account(person).profile["title"] for person in astray] == ["Vice president of soup"]
    bossless = [person.title for person in people if not person.manager_id]
    assert len([title for title in bossless if not title.startswith("Head of")]) == 1
    github = tenant.app("GitHub")
    assert [push.status for push in github.pushes] == ["ERROR"]
    assert [seat.sync_state for seat in github.seats.values()].count("ERROR") == 1
    assert [group.name for group in tenant.groups.values() if group.type == "APP_GROUP"] == [
        "Printers 3rd floor"
    ]
    assert tenant.rule("Payroll role").status == "INACTIVE"
    assert len(tenant.group("ROLE-PAYROLL").members) > 0
    assert [rule.name for rule in tenant.rules.values() if rule.status == "INVALID"] == ["Chicory project"]
    (shut,) = [rule for rule in tenant.rules.values() if rule.excluded]
    (outcast,) = [tenant.users[each] for each in shut.excluded]
    assert shut.expression == f'user.team == "{outcast.profile["team"]}"'
    assert outcast.id not in tenant.groups[shut.targets[0]].members
    assert [app.label for app in tenant.apps.values() if app.status == "INACTIVE"] == ["Old intranet"]
    movers = [user for user in tenant.users.values() if tenant.group("team-radish").id in user.hand]
    assert [user.profile["team"] for user in movers] != ["radish"]
    assert len(movers) == 1


def test_a_large_company_is_founded_to_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    placed: list[str] = []

    def counted(user: User, *others: Any) -> Placed | None:
        placed.append(user.id)
        return place(user, *others)

    monkeypatch.setattr("sandbox.okta.tenant.place", counted)
    company = Company(7, "S", lambda: NOW)
    assert len(placed) < 20  # One by one, for everybody, would take minutes at size XL.
    tenant = company.tenant
    assert (len(company.people), len(tenant.groups), len(tenant.apps)) == (2200, 400, 45)
    members = sum(len(group.members) for group in tenant.groups.values() if group is not tenant.everyone)
    assert members == 20_000
    assert sum(len(user.groups) for user in tenant.users.values()) == 20_000
    assert len(tenant.log.events) < 100
    assert_seats_follow(company)
    assert sum(len(app.seats) for app in tenant.apps.values()) > 20_000


def test_hr_keeps_with_dates_what_was_and_what_is() -> None:
    company = Company(now=lambda: datetime(2026, 9, 14, 12, tzinfo=UTC))
    nadia = company.person("nadia.brandt@nordwind.example")
    lead = company.unit("cucumber").lead_id
    company.change(nadia, team="cucumber", manager_id=lead)
    rows = company.records.rows_of(nadia)
    assert [each.team for each in rows] == ["radish", "cucumber"]
    assert (rows[0].until, rows[1].since, rows[1].manager_id) == (date(2026, 9, 14), date(2026, 9, 14), lead)
