"""Scenes: what happens in a company, as functions over the running Nordwind; and the year that has passed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .company import DOMAIN, Company

Play = Callable[..., None]


@dataclass(frozen=True)
class Scene:
    """A scene with the names of what it needs; `sample` fills the controller's form."""

    title: str
    play: Play
    sample: dict[str, str]


def joiner(company: Company, name: str, team: str) -> None:
    """Somebody starts today."""
    company.hire(name, team, company.unit(team).lead_id, start=company.now().date())


def move(company: Company, person: str, team: str) -> None:
    """Somebody changes team, and with it the manager."""
    company.change(company.person(person), team=team, manager_id=company.unit(team).lead_id)


def manager_change(company: Company, person: str, manager: str) -> None:
    """Only the manager changes."""
    company.change(company.person(person), manager_id=company.person(manager).id)


def title_change(company: Company, person: str, title: str) -> None:
    """A promotion in words."""
    company.change(company.person(person), title=title)


def rename_unit(company: Company, team: str, name: str) -> None:
    """A team gets a new name: HR, Okta's group, rule and profiles follow, the id stays."""
    unit = company.unit(team)
    group = company.tenant.group(f"team-{team}")
    old, unit.name, unit.slug = unit.slug, name, name.lower().replace(" ", "-")
    company.tenant.edit_group(group, name=f"team-{unit.slug}", description=f"AUTO team {name}")
    rule = next(rule for rule in company.tenant.rules.values() if group.id in rule.targets)
    members = [person for person in company.people.values() if person.team == old]
    company.tenant.quiet = True  # Rule and profiles change in one maintenance window: nobody falls out.
    for person in members:
        person.team = unit.slug
        company.tell_okta(person)
    rule.name, rule.expression, rule.updated = f"{name} team", f'user.team == "{unit.slug}"', company.now()
    company.tenant.quiet = False


def reorg(company: Company, team: str, into: str) -> None:
    """A team is dissolved into another one."""
    unit, new = company.unit(team), company.unit(into)
    for person in [each for each in company.people.values() if each.team == team and each.status == "active"]:
        company.change(
            person, team=into, manager_id=new.lead_id if person.id != new.lead_id else person.manager_id
        )
    unit.active, unit.active_to, unit.merged_into = False, company.now().date(), new.id
    company.tenant.edit_group(company.tenant.group(f"team-{team}"), active=False)


def leaver(company: Company, person: str) -> None:
    """Somebody leaves, and the automation closes the account."""
    company.leave(company.person(person))


def leaver_forgotten(company: Company, person: str) -> None:
    """Somebody leaves, and nothing closes the account."""
    company.leave(company.person(person), okta_too=False)


def add_by_hand(company: Company, person: str, group: str) -> None:
    """An admin adds somebody to a group."""
    company.tenant.add_member(
        company.tenant.group(group), company.account(company.person(person)), company.admin
    )


def remove_by_hand(company: Company, person: str, group: str) -> None:
    """An admin takes somebody out of a group."""
    company.tenant.remove_member(
        company.tenant.group(group), company.account(company.person(person)), company.admin
    )


def burst_and_revert(company: Company, person: str, team: str) -> None:
    """HR types a wrong team and puts it right at once."""
    record = company.person(person)
    before = (record.team, record.manager_id)
    move(company, person, team)
    company.change(record, team=before[0], manager_id=before[1])


def open_app(company: Company, group: str, app: str, role: str = "Viewer") -> None:
    """A group begins to open an app."""
    company.tenant.assign_group(
        company.tenant.app(app), company.tenant.group(group), 4, company.admin, role=role
    )


def spoil(company: Company, person: str, title: str) -> None:
    """Somebody edits the Okta profile past HR."""
    company.tenant.set_profile(company.account(company.person(person)), {"title": title}, company.admin)


NADIA = f"nadia.brandt@{DOMAIN}"
SCENES: dict[str, Scene] = {
    "move": Scene("Somebody changes team", move, {"person": NADIA, "team": "cucumber"}),
    "joiner": Scene("Somebody joins", joiner, {"name": "Edda Holm", "team": "radish"}),
    "manager_change": Scene(
        "A new manager", manager_change, {"person": NADIA, "manager": f"pia.lund@{DOMAIN}"}
    ),
    "title_change": Scene("A new title", title_change, {"person": NADIA, "title": "Senior engineer"}),
    "rename_unit": Scene("A team is renamed", rename_unit, {"team": "fennel", "name": "Dill"}),
    "reorg": Scene("A team is dissolved into another", reorg, {"team": "parsnip", "into": "turnip"}),
    "leaver": Scene("Somebody leaves", leaver, {"person": f"quinn.abe@{DOMAIN}"}),
    "leaver_forgotten": Scene(
        "Somebody leaves and Okta is forgotten", leaver_forgotten, {"person": f"pia.lund@{DOMAIN}"}
    ),
    "add_by_hand": Scene(
        "An admin adds somebody by hand", add_by_hand, {"person": NADIA, "group": "tableau-viewers"}
    ),
    "remove_by_hand": Scene(
        "An admin removes somebody", remove_by_hand, {"person": NADIA, "group": "radish-oncall"}
    ),
    "burst_and_revert": Scene(
        "HR errs and corrects itself", burst_and_revert, {"person": NADIA, "team": "leek"}
    ),
    "open_app": Scene("A group begins to open an app", open_app, {"group": "team-radish", "app": "Grafana"}),
    "spoil": Scene("Somebody edits Okta past HR", spoil, {"person": NADIA, "title": "Wizard"}),
}
"""Every scene by name."""


@dataclass(frozen=True)
class Dated:
    """A scene of the year, so many days before today."""

    days_ago: int
    scene: str
    with_: dict[str, str]


FOUNDED = Dated(365, "", {})
"""When the year begins: the first read of Nordwind."""


def year(company: Company) -> Sequence[Dated]:
    """The year that has passed at Nordwind, oldest first."""
    others = [
        person.email
        for person in company.people.values()
        if person.name not in {"Nadia Brandt", "Tomas Okafor"}
    ]
    pick = [others[place] for place in range(30, 210, 9)]
    return (
        Dated(330, "joiner", {"name": "Edda Falk", "team": "radish"}),
        Dated(310, "add_by_hand", {"person": NADIA, "group": "tableau-viewers"}),
        Dated(290, "move", {"person": pick[0], "team": "leek"}),
        Dated(271, "leaver", {"person": pick[1]}),
        Dated(250, "rename_unit", {"team": "rocket", "name": "Arugula"}),
        Dated(232, "move", {"person": pick[2], "team": "cucumber"}),
        Dated(210, "open_app", {"group": "team-cucumber", "app": "Grafana", "role": "Editor"}),
        Dated(190, "manager_change", {"person": pick[3], "manager": f"lena.osei@{DOMAIN}"}),
        Dated(171, "joiner", {"name": "Ivo Stein", "team": "cucumber"}),
        Dated(150, "add_by_hand", {"person": pick[4], "group": "team-radish"}),
        Dated(131, "reorg", {"team": "okra", "into": "pepper"}),
        Dated(110, "leaver", {"person": pick[5]}),
        Dated(92, "move", {"person": pick[6], "team": "fennel"}),
        Dated(75, "remove_by_hand", {"person": pick[4], "group": "team-radish"}),
        Dated(61, "leaver_forgotten", {"person": pick[7]}),
        Dated(45, "spoil", {"person": pick[8], "title": "Chief of vegetables"}),
        Dated(30, "move", {"person": pick[9], "team": "radish"}),
        Dated(18, "open_app", {"group": "team-radish", "app": "Sentry", "role": "Member"}),
        Dated(8, "move", {"person": NADIA, "team": "cucumber"}),
        Dated(2, "title_change", {"person": pick[10], "title": "Principal engineer"}),
    )


def moment_of(scene: Dated, today: datetime) -> datetime:
    """When a scene of the year took place: nine in the morning, so many days ago."""
    return (today - timedelta(days=scene.days_ago)).replace(hour=9, minute=12, second=0, microsecond=0)
