"""What every real company has besides order, so that reconciliation has something true to find."""

from datetime import timedelta

from .apps import SCIM
from .firm import Firm
from .names import DOMAIN
from .okta.state import User

JOINERS = ((14, "Ilse Kramer"), (21, "Bo Lindqvist"))
"""Days until the first day, and who."""
FIRST = 37
"""Place of the first of the people it happens to; the scenes of the year pick others."""


def make_mess(firm: Firm) -> None:
    """All of it, by hand of the admin; the log tells."""
    tenant = firm.tenant
    people = [person for person in firm.people.values() if person.manager_id][FIRST : FIRST + 99 : 9]
    hand, mover, titled, boss_less, forgotten, sales, finance, retired, sorrel, viewer, outcast = people
    tomas, nadia = (firm.person(f"{name}@{DOMAIN}") for name in ("tomas.okafor", "nadia.brandt"))
    _by_hand(firm, "sightline-admins", firm.account(tomas))
    _by_hand(firm, "radish-oncall", firm.account(nadia))
    for person in (viewer, sales, finance):
        _by_hand(firm, "tableau-viewers", firm.account(person))
    _by_hand(firm, "team-cucumber", firm.account(hand))
    # Moved away long ago; what was added by hand stayed.
    _by_hand(firm, "radish-oncall", firm.account(mover))
    _by_hand(firm, "team-radish", firm.account(mover))
    tenant.set_profile(firm.account(titled), {"title": "Vice president of soup"}, firm.admin)
    firm.change(boss_less, manager_id="")
    firm.leave(forgotten, okta_too=False)
    tenant.assign_user(tenant.app("Salesforce"), firm.account(sales), firm.admin, role="Admin")
    tenant.assign_user(tenant.app("NetSuite"), firm.account(finance), firm.admin, role="Viewer")
    _units(firm, firm.account(retired), firm.account(sorrel))
    _apps(firm)
    _rules(firm, firm.account(outcast))
    for days, name in JOINERS:
        team = firm.unit("leek")
        firm.hire(name, team, team.lead_id, start=firm.now().date() + timedelta(days=days))


def _by_hand(firm: Firm, group: str, user: User) -> None:
    firm.tenant.add_member(firm.tenant.group(group), user, firm.admin)


def _units(firm: Firm, left: User, sorrel: User) -> None:
    """A unit without a group, a group without a unit, a retired unit whose group still opens an app."""
    tenant, area = firm.tenant, firm.unit("product", "team_group")
    firm.add_unit("team", "Kohlrabi", area)
    retired = firm.add_unit("team", "Endive", area)
    retired.active, retired.active_to = False, firm.now().date() - timedelta(days=200)
    firm.add_team_group(retired)
    _by_hand(firm, "team-endive", left)
    tenant.assign_group(tenant.add_app("Endive archive"), tenant.group("team-endive"), actor=firm.admin)
    tenant.add_group("team-sorrel", "AUTO team Sorrel", airtableId="rec00000000000999", active=True)
    _by_hand(firm, "team-sorrel", sorrel)


def _apps(firm: Firm) -> None:
    """A push and a seat that fail, an app that is off, a group from outside."""
    tenant = firm.tenant
    github, engineering = tenant.app("GitHub"), tenant.group("dept-engineering")
    tenant.add_push(github, engineering, "ERROR", "Group could not be linked")
    tenant.add_push(tenant.app("Figma"), tenant.group("dept-design"))
    tenant.deliver(github, firm.account(firm.person(f"lena.osei@{DOMAIN}")), failed=True)
    tenant.add_owner(engineering, firm.account(firm.person(f"mirja.salo@{DOMAIN}")))
    directory = tenant.add_app("Office directory", features=(*SCIM, "IMPORT_NEW_USERS"))
    tenant.add_group("Printers 3rd floor", "Comes from the office directory", "APP_GROUP", source=directory)
    _by_hand(firm, "Printers 3rd floor", firm.account(firm.person(f"pia.lund@{DOMAIN}")))
    tenant.add_app("Old intranet", status="INACTIVE")


def _rules(firm: Firm, outcast: User) -> None:
    """A rule that was switched off and left its members, one that lost its group, and a silent exclusion."""
    tenant = firm.tenant
    tenant.edit_rule(tenant.rule("Payroll role"), status="INACTIVE")
    project = tenant.add_group("project-chicory", "Until the fair")
    # Never switched on: an active one would be evaluated for everybody, which takes minutes at size XL.
    tenant.add_rule("Chicory project", 'user.team == "salsify"', project, status="INACTIVE")
    tenant.delete_group(project)
    team = tenant.group(f"team-{outcast.profile['team']}")
    tenant.remove_member(team, outcast, firm.admin)
