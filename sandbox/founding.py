"""How Nordwind comes to be: its units, people, groups with their rules, and the apps these open."""

from .firm import Firm
from .hris.records import HrUnit
from .names import DEPARTMENTS, SPECIALISATIONS, TEAMS
from .sizes import Size

FIRST_TEAMS = 3
"""The named teams of the documentation belong to the product area."""
HEADS = {
    "Engineering": ("Mirja Salo", "cucumber"),
    "Design": ("Oskar Lind", ""),
    "Sales": ("Petra Engel", ""),
    "People": ("Ravi Nair", ""),
    "Finance": ("Greta Moss", ""),
}
LEADS = {"cucumber": "Lena Osei", "radish": "Radovan Ilic"}
KNOWN = (
    ("Nadia Brandt", "radish", "Employee"),
    ("Pia Lund", "cucumber", "Employee"),
    ("Quinn Abe", "cucumber", "Contractor"),
    ("Tomas Okafor", "fennel", "Employee"),
)
CONTRACTORS = 12
"""One person in so many is a contractor."""


def found_units(firm: Firm, size: Size) -> None:
    """Departments with their areas and specialisations, then teams spread over the areas."""
    areas: list[HrUnit] = []
    for department, names in DEPARTMENTS.items():
        top = firm.add_unit("department", department)
        areas += [firm.add_unit("team_group", f"{name} area", top, name.lower()) for name in names]
        for special in SPECIALISATIONS[department]:
            firm.add_unit("specialisation", special, top)
    for number in range(size.teams):
        again, place = divmod(number, len(TEAMS))
        area = areas[0] if number < FIRST_TEAMS else areas[number % len(areas)]
        firm.add_unit("team", TEAMS[place] + (f" {again + 1}" if again else ""), area)


def found_people(firm: Firm, count: int) -> None:
    """Heads, leads, the people of the documentation, then everybody else in turn over the teams."""
    teams = [unit for unit in firm.units.values() if unit.kind == "team"]
    heads: dict[str, str] = {}
    for department, (name, slug) in HEADS.items():
        team = firm.unit(slug) if slug else _first_team(firm, teams, department)
        heads[department] = firm.hire(name, team, "", title=f"Head of {department}").id
    for team in teams:
        name = LEADS.get(team.slug) or firm.invent_name()
        head = heads[firm.above(team, "department").name]
        team.lead_id = firm.hire(name, team, head, title="Team lead").id
    for name, slug, kind in KNOWN:
        team = firm.unit(slug)
        firm.hire(name, team, team.lead_id, worker_type=kind)
    while len(firm.people) < count:
        number = len(firm.people)
        team = teams[number % len(teams)]
        kind = "Employee" if number % CONTRACTORS else "Contractor"
        firm.hire(firm.invent_name(), team, team.lead_id, worker_type=kind)


def _first_team(firm: Firm, teams: list[HrUnit], department: str) -> HrUnit:
    return next(team for team in teams if firm.above(team, "department").name == department)


def found_groups(firm: Firm) -> None:
    """Groups for everybody, for units and for roles, with the rules that feed them."""
    tenant = firm.tenant
    staff = tenant.add_group("BR-ALL-EMPLOYEES", "AUTO everybody on the payroll")
    tenant.add_rule("All employees", 'user.userType == "Employee"', staff)
    for unit in list(firm.units.values()):
        _found_unit_group(firm, unit)
    leads = tenant.add_group("ROLE-LEADS", "People who lead a team")
    tenant.add_rule(
        "Leads",
        'String.startsWith(user.title, "Team lead") OR String.startsWith(user.title, "Head of")',
        leads,
    )
    maintainers = tenant.add_group("app-github-maintainers", "Leads in Engineering")
    tenant.add_rule(
        "GitHub maintainers",
        'isMemberOfGroupName("ROLE-LEADS") AND user.department == "Engineering"',
        maintainers,
    )
    analysts = tenant.add_group("app-snowflake-analyst", "Reads the warehouse")
    tenant.add_rule(
        "Snowflake analysts",
        'user.specialisation == "Data" || String.stringContains(String.toLowerCase(user.title), "analyst")',
        analysts,
    )
    for name, description in (
        ("radish-oncall", "On-call rota of Radish"),
        ("tableau-viewers", "Asked for one by one"),
        ("aws-admins", "Break glass"),
        ("sightline-admins", "Who runs Sightline"),
        ("Office Berlin", ""),
    ):
        tenant.add_group(name, description)


def _found_unit_group(firm: Firm, unit: HrUnit) -> None:
    tenant = firm.tenant
    if unit.kind == "team":
        firm.add_team_group(unit)
    elif unit.kind == "department":
        group = tenant.add_group(f"dept-{unit.slug}", f"AUTO department {unit.name}", recordId=unit.id)
        expression = f'user.department == "{unit.name}" AND user.userType != "Contractor"'
        tenant.add_rule(f"{unit.name} staff", expression, group)
    elif unit.kind == "team_group":
        group = tenant.add_group(f"area-{unit.slug}", f"Everybody in the {unit.name}")
        tenant.add_rule(unit.name, f'user.area == "{unit.slug}"', group)
    else:
        group = tenant.add_group(f"ROLE-{unit.slug.upper()}", f"AUTO specialisation {unit.name}")
        tenant.add_rule(f"{unit.name} role", f'user.specialisation == "{unit.name}"', group)
