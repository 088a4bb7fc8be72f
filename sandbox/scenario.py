"""Scenes: what happens in a company, as functions over the running Nordwind, each with its form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from .company import Company
from .names import DOMAIN
from .okta.faults import Faults
from .refusals import Refused

NADIA = f"nadia.brandt@{DOMAIN}"


@dataclass(frozen=True)
class Scene:
    """A scene over the company or, when `over` says so, over Okta's faults. `sample` fills the form."""

    title: str
    play: Callable[..., None]
    sample: Mapping[str, str]
    over: str = "company"


def joiner(company: Company, name: str, team: str, days: str = "0") -> None:
    """Somebody starts in so many days, 0 being today."""
    unit = company.unit(team)
    company.hire(name, unit, unit.lead_id, start=company.now().date() + timedelta(days=int(days)))


def move(company: Company, person: str, team: str) -> None:
    """Somebody changes team, and with it the manager."""
    record, unit = company.person(person), company.unit(team)
    company.change(record, team=team, manager_id=_boss(record.id, record.manager_id, unit.lead_id))


def manager_change(company: Company, person: str, manager: str) -> None:
    """Only the manager changes."""
    company.change(company.person(person), manager_id=company.person(manager).id)


def title_change(company: Company, person: str, title: str) -> None:
    """A promotion in words."""
    company.change(company.person(person), title=title)


def rename_unit(company: Company, team: str, name: str) -> None:
    """A team gets a new name: HR, Okta's group, rule and profiles follow, the id stays.

    For a while the rule takes both names, so that nobody falls out.
    """
    unit, tenant = company.unit(team), company.tenant
    group = tenant.group(f"team-{team}")
    rule = next(rule for rule in tenant.rules.values() if group.id in rule.targets)
    slug = name.lower().replace(" ", "-")
    if any(each.slug == slug and each.kind == "team" for each in company.units.values()):
        raise Refused(f"there is a team {slug} already")
    unit.name, unit.slug = name, slug
    tenant.edit_group(group, name=f"team-{unit.slug}", description=f"AUTO team {name}")
    tenant.edit_rule(rule, expression=f'user.team == "{team}" OR user.team == "{unit.slug}"')
    for person in [each for each in company.people.values() if each.team == team]:
        company.change(person, team=unit.slug)
    tenant.edit_rule(rule, name=f"{name} team", expression=f'user.team == "{unit.slug}"')


def reparent_unit(company: Company, team: str, area: str) -> None:
    """A team goes to another area, with everybody in it."""
    unit, parent = company.unit(team), company.unit(area, "team_group")
    unit.parent_id = parent.id
    company.tenant.edit_group(company.tenant.group(f"team-{team}"), parentId=parent.id)
    for person in [each for each in company.people.values() if each.team == team]:
        company.change(person)


def reorg(company: Company, team: str, into: str) -> None:
    """A team is dissolved into another one."""
    unit, new = company.unit(team), company.unit(into)
    if unit is new:
        raise Refused("a team cannot be dissolved into itself")
    for person in [each for each in company.people.values() if each.team == team and each.status == "active"]:
        company.change(person, team=into, manager_id=_boss(person.id, person.manager_id, new.lead_id))
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
    user = company.account(company.person(person))
    company.tenant.add_member(company.tenant.group(group), user, company.admin)


def remove_by_hand(company: Company, person: str, group: str) -> None:
    """An admin takes somebody out of a group."""
    user = company.account(company.person(person))
    company.tenant.remove_member(company.tenant.group(group), user, company.admin)


def burst_and_revert(company: Company, person: str, team: str) -> None:
    """HR types a wrong team and puts it right at once."""
    record = company.person(person)
    before = (record.team, record.manager_id)
    move(company, person, team)
    company.change(record, team=before[0], manager_id=before[1])


def open_app(company: Company, group: str, app: str, role: str = "Viewer") -> None:
    """A group begins to open an app."""
    tenant = company.tenant
    tenant.assign_group(tenant.app(app), tenant.group(group), 4, company.admin, role=role)


def spoil(company: Company, person: str, title: str) -> None:
    """Somebody edits the Okta profile past HR."""
    company.tenant.set_profile(company.account(company.person(person)), {"title": title}, company.admin)


def okta_answers_nothing(faults: Faults) -> None:
    """Okta answers 200 with no users, as it does to a token without a role."""
    faults.empty("users")


def okta_recovers(faults: Faults) -> None:
    """Every fault is over."""
    faults.clear()


def _boss(person: str, now: str, lead: str) -> str:
    """Nobody reports to themselves: a lead who comes to their own team keeps the manager."""
    return now if lead == person else lead


SCENES: Mapping[str, Scene] = {
    "move": Scene("Somebody changes team", move, {"person": NADIA, "team": "cucumber"}),
    "joiner": Scene("Somebody joins", joiner, {"name": "Edda Holm", "team": "radish", "days": "0"}),
    "manager_change": Scene(
        "A new manager", manager_change, {"person": NADIA, "manager": f"pia.lund@{DOMAIN}"}
    ),
    "title_change": Scene("A new title", title_change, {"person": NADIA, "title": "Senior engineer"}),
    "rename_unit": Scene("A team is renamed", rename_unit, {"team": "fennel", "name": "Dill"}),
    "reparent_unit": Scene(
        "A team goes to another area", reparent_unit, {"team": "leek", "area": "platform"}
    ),
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
    "open_app": Scene(
        "A group begins to open an app",
        open_app,
        {"group": "team-radish", "app": "Grafana", "role": "Viewer"},
    ),
    "spoil": Scene("Somebody edits Okta past HR", spoil, {"person": NADIA, "title": "Wizard"}),
    "okta_answers_nothing": Scene("Okta suddenly answers no users", okta_answers_nothing, {}, "faults"),
    "okta_recovers": Scene("Okta recovers", okta_recovers, {}, "faults"),
}
"""Every scene by name."""
