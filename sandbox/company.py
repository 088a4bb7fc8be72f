"""Nordwind: a pretend company with people, units, groups, rules, apps, and the mess that real ones have.

The HR records are the truth; an automation (here: this class) imports them into Okta, whose rules then
fill the groups. The same code makes about 220 people for the demo and 2,200 for size S.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from .hris.records import HrPerson, HrUnit
from .names import (
    DEPARTMENT_APPS,
    DEPARTMENTS,
    EVERYONE_APPS,
    FAMILY,
    GIVEN,
    ROLE_APPS,
    SPECIALISATIONS,
    TEAMS,
    TITLES,
)
from .okta.naive_rules import fits
from .okta.state import Actor, Group, User
from .okta.tenant import Tenant

DOMAIN = "nordwind.example"
AUTOMATION = Actor("0oaWorkflows00000001", "Okta Workflows", "PublicClientApp")
SIZES = {"demo": 220, "S": 2200}
SCIM = ("PUSH_NEW_USERS", "PUSH_PROFILE_UPDATES", "PUSH_USER_DEACTIVATION")


@dataclass
class Company:
    """The company as it stands: HR records beside the Okta tenant they are imported into."""

    now: Callable[[], datetime]
    seed: int = 7
    people_count: int = SIZES["demo"]
    people: dict[str, HrPerson] = field(default_factory=dict)
    units: dict[str, HrUnit] = field(default_factory=dict)
    played: int = 0
    """How many scenes of the year have been played."""

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311  # a pretend company
        self.tenant = Tenant(self.now)
        self.tenant.quiet = True
        self._found_units()
        self._found_people()
        self._found_groups()
        self._found_apps()
        self._open_for_business()
        self._mess()

    def __getstate__(self) -> dict[str, object]:
        return {key: value for key, value in self.__dict__.items() if key != "now"}

    def resume(self, now: Callable[[], datetime]) -> None:
        """Give a company that was read from disk its clock back."""
        self.now = self.tenant.now = self.tenant.log.now = now

    def person(self, email: str) -> HrPerson:
        """The HR record with this address."""
        return next(person for person in self.people.values() if person.email == email)

    def account(self, person: HrPerson) -> User:
        """The Okta user of an HR record."""
        return self.tenant.users[person.okta]

    def unit(self, slug: str, kind: str = "team") -> HrUnit:
        """The unit with this slug."""
        return next(unit for unit in self.units.values() if unit.slug == slug and unit.kind == kind)

    def hire(
        self,
        name: str,
        team: str,
        manager: str,
        *,
        worker_type: str = "Employee",
        title: str = "",
        start: date | None = None,
    ) -> HrPerson:
        """A new HR record and its Okta user; before the start date the user is STAGED."""
        unit = self.unit(team)
        department = self._department_of(unit)
        number = str(10_000 + len(self.people))
        special = self.random.choice(SPECIALISATIONS[department])
        made = HrPerson(
            id=f"hr-{number}",
            email=_address(name, {person.email for person in self.people.values()}),
            name=name,
            title=title or f"{special} {TITLES[department].lower()}",
            worker_type=worker_type,
            employee_number=number,
            start_date=start or self.now().date() - timedelta(days=self.random.randrange(400, 2000)),
            manager_id=manager,
            team=team,
            department=department,
            specialisation=special,
        )
        self.people[made.id] = made
        staged = bool(start and start > self.now().date())
        user = self.tenant.add_user(made.email, "STAGED" if staged else "ACTIVE", **self._profile(made))
        made.okta = user.id
        if staged:
            made.status = "pending"
        return made

    def tell_okta(self, person: HrPerson) -> None:
        """Import the HR record into the Okta profile, as the automation does; the rules run there."""
        self.tenant.set_profile(self.account(person), self._profile(person))

    def change(self, person: HrPerson, **values: object) -> None:
        """Change an HR record and import it."""
        for key, value in values.items():
            setattr(person, key, value)
        if "team" in values:
            person.department = self._department_of(self.unit(person.team))
        self.tell_okta(person)

    def leave(self, person: HrPerson, *, okta_too: bool = True) -> None:
        """The last day has come; the automation deactivates the Okta user, or forgets to."""
        person.status, person.end_date = "ended", self.now().date()
        if okta_too:
            self.tenant.deactivate(self.account(person), AUTOMATION)

    def add_team(self, name: str, parent: HrUnit, *, with_group: bool = True) -> HrUnit:
        """A new team with its AUTO group and rule."""
        unit = self._unit("team", name, parent)
        if with_group:
            self._team_group(unit)
        return unit

    def _unit(self, kind: str, name: str, parent: HrUnit | None = None) -> HrUnit:
        number = len(self.units) + 1
        made = HrUnit(
            f"rec{number:014d}", kind, name, name.lower().replace(" ", "-"), parent.id if parent else ""
        )
        self.units[made.id] = made
        return made

    def _department_of(self, unit: HrUnit) -> str:
        while unit.kind != "department":
            unit = self.units[unit.parent_id]
        return unit.name

    def _found_units(self) -> None:
        areas = []
        for department, names in DEPARTMENTS.items():
            top = self._unit("department", department)
            areas += [self._unit("team_group", name, top) for name in names]
            for special in SPECIALISATIONS[department]:
                self._unit("specialisation", special, top)
        count = max(len(TEAMS), self.people_count // 11)
        for number in range(count):
            name = TEAMS[number % len(TEAMS)] + (
                f" {number // len(TEAMS) + 1}" if number >= len(TEAMS) else ""
            )
            # The named teams of the documentation belong to the product area.
            self._unit("team", name, areas[0] if number < 3 else areas[number % len(areas)])

    def _found_people(self) -> None:
        heads = {
            name: self.hire(person, team, "", title=f"Head of {name}")
            for name, person, team in (
                ("Engineering", "Mirja Salo", "cucumber"),
                ("Design", "Oskar Lind", self._team_in("Design")),
                ("Sales", "Petra Engel", self._team_in("Sales")),
                ("People", "Ravi Nair", self._team_in("People")),
                ("Finance", "Greta Moss", self._team_in("Finance")),
            )
        }
        teams = [unit for unit in self.units.values() if unit.kind == "team"]
        for unit in teams:
            lead = {"cucumber": "Lena Osei", "radish": "Radovan Ilic"}.get(unit.slug, self._name())
            head = heads[self._department_of(unit)]
            unit.lead_id = self.hire(lead, unit.slug, head.id, title="Team lead").id
        for name, team, kind in (
            ("Nadia Brandt", "radish", "Employee"),
            ("Pia Lund", "cucumber", "Employee"),
            ("Quinn Abe", "cucumber", "Contractor"),
            ("Tomas Okafor", "fennel", "Employee"),
        ):
            self.hire(name, team, self.unit(team).lead_id, worker_type=kind)
        while len(self.people) < self.people_count:
            unit = teams[len(self.people) % len(teams)]
            kind = "Contractor" if len(self.people) % 12 == 0 else "Employee"
            self.hire(self._name(), unit.slug, unit.lead_id, worker_type=kind)

    def _team_in(self, department: str) -> str:
        return next(
            unit.slug
            for unit in self.units.values()
            if unit.kind == "team" and self._department_of(unit) == department
        )

    def _name(self) -> str:
        return f"{self.random.choice(GIVEN)} {self.random.choice(FAMILY)}"

    def _profile(self, person: HrPerson) -> dict[str, object]:
        first, _, last = person.name.partition(" ")
        manager = self.people.get(person.manager_id)
        return {
            "firstName": first,
            "lastName": last,
            "displayName": person.name,
            "title": person.title,
            "userType": person.worker_type,
            "employeeNumber": person.employee_number,
            "department": person.department,
            "team": person.team,
            "specialisation": person.specialisation,
            "timezone": "Europe/Berlin",
            "managerId": manager.employee_number if manager else None,
        }

    def _found_groups(self) -> None:
        tenant = self.tenant
        self.staff = tenant.add_group("BR-ALL-EMPLOYEES", "AUTO everybody on the payroll")
        tenant.add_rule("All employees", 'user.userType == "Employee"', self.staff)
        for unit in list(self.units.values()):
            if unit.kind == "team":
                self._team_group(unit)
            elif unit.kind == "department":
                group = tenant.add_group(
                    f"dept-{unit.slug}", f"AUTO department {unit.name}", recordId=unit.id
                )
                tenant.add_rule(
                    f"{unit.name} staff",
                    f'user.department == "{unit.name}" AND user.userType != "Contractor"',
                    group,
                )
            elif unit.kind == "specialisation":
                group = tenant.add_group(f"ROLE-{unit.slug.upper()}", f"AUTO specialisation {unit.name}")
                tenant.add_rule(f"{unit.name} role", f'user.specialisation == "{unit.name}"', group)
        leads = tenant.add_group("ROLE-LEADS", "People who lead a team")
        tenant.add_rule(
            "Leads",
            'String.startsWith(user.title, "Team lead") OR String.startsWith(user.title, "Head of")',
            leads,
        )
        for name, description in (
            ("radish-oncall", "On-call rota of Radish"),
            ("tableau-viewers", "Asked for one by one"),
            ("aws-admins", "Break glass"),
            ("sightline-admins", "Who runs Sightline"),
            ("Office Berlin", ""),
            ("team-gherkin", "AUTO team Gherkin"),
        ):
            tenant.add_group(name, description)
        tenant.edit_group(tenant.group("team-gherkin"), airtableId="rec00000000000999", active=False)

    def _team_group(self, unit: HrUnit) -> Group:
        group = self.tenant.add_group(
            f"team-{unit.slug}",
            f"AUTO team {unit.name}",
            airtableId=unit.id,
            parentId=unit.parent_id,
            active=True,
        )
        self.tenant.add_rule(f"{unit.name} team", f'user.team == "{unit.slug}"', group)
        return group

    def _found_apps(self) -> None:
        tenant = self.tenant
        for name in EVERYONE_APPS:
            tenant.assign_group(tenant.add_app(name, features=SCIM), self.staff)
        for department, names in DEPARTMENT_APPS.items():
            group = tenant.group(f"dept-{department.lower()}")
            for number, name in enumerate(names):
                app = tenant.add_app(name, features=(*SCIM, "GROUP_PUSH") if number % 3 == 0 else ())
                tenant.assign_group(app, group, 5, role="Viewer" if number % 2 else "Member")
        for special, name in ROLE_APPS.items():
            tenant.assign_group(
                tenant.add_app(name), tenant.group(f"ROLE-{special.upper().replace(' ', '-')}")
            )
        figma = tenant.app("Figma")
        tenant.assign_group(figma, tenant.group("dept-engineering"), 6, role="Viewer")
        tenant.assign_group(figma, tenant.group("team-cucumber"), 1, role="Editor")
        for label, group, role in (
            ("Cucumber dashboards", "team-cucumber", "Viewer"),
            ("Radish staging", "team-radish", "Admin"),
            ("Radish on-call", "radish-oncall", ""),
            ("Fennel sandbox", "team-fennel", "Developer"),
            ("Parsnip wiki", "team-parsnip", "Editor"),
            ("Gherkin archive", "team-gherkin", ""),
        ):
            app = tenant.add_app(label)
            tenant.assign_group(app, tenant.group(group), 2, **({"role": role} if role else {}))
        tenant.assign_group(tenant.app("Tableau"), tenant.group("tableau-viewers"), 7, role="Viewer")
        tenant.assign_group(tenant.app("AWS"), tenant.group("aws-admins"), 0, role="Admin")
        tenant.assign_group(tenant.app("PagerDuty"), tenant.group("team-cucumber"), 3, role="Responder")
        for label in ("Docs search", "Status page", "Feature flags", "Mail campaigns"):
            tenant.assign_group(tenant.add_app(label), tenant.group("ROLE-LEADS"))
        tenant.add_app("Old intranet", status="INACTIVE")

    def _open_for_business(self) -> None:
        """Let the rules place everybody, in one pass, before anything is logged."""
        tenant = self.tenant
        rules = [rule for rule in tenant.rules.values() if rule.status == "ACTIVE"]
        seen: dict[tuple[object, ...], list[str]] = {}
        for user in tenant.users.values():
            key = tuple(
                user.profile.get(name)
                for name in ("team", "department", "userType", "specialisation", "title")
            )
            if key not in seen:
                seen[key] = [rule.id for rule in rules if fits(rule.expression, user.profile, {})]
            for rule_id in seen[key]:
                for target in tenant.rules[rule_id].targets:
                    user.ruled.setdefault(target, set()).add(rule_id)
                    tenant.groups[target].members[user.id] = None
            tenant.reseat(user)
        tenant.quiet = False

    def _mess(self) -> None:
        """What every real company has, so that reconciliation has something true to find."""
        tenant, admin = self.tenant, self.admin
        nadia = self.account(self.person(f"nadia.brandt@{DOMAIN}"))
        everybody = [self.account(person) for person in self.people.values()]
        tenant.add_member(
            tenant.group("sightline-admins"), self.account(self.person(f"tomas.okafor@{DOMAIN}")), admin
        )
        tenant.add_member(tenant.group("radish-oncall"), nadia, admin)
        for user in everybody[40:44]:
            tenant.add_member(tenant.group("tableau-viewers"), user, admin)
        tenant.add_member(tenant.group("team-cucumber"), everybody[60], admin)
        tenant.add_member(tenant.group("team-gherkin"), everybody[61], admin)
        tenant.assign_user(tenant.app("Salesforce"), everybody[62], admin, role="Admin")
        tenant.assign_user(tenant.app("NetSuite"), everybody[63], admin, role="Viewer")
        tenant.add_push(
            tenant.app("GitHub"), tenant.group("dept-engineering"), "ERROR", "Group could not be linked"
        )
        tenant.app("GitHub").seats[self.account(self.person(f"lena.osei@{DOMAIN}")).id].sync_state = "ERROR"
        tenant.edit_rule(
            next(rule for rule in tenant.rules.values() if rule.name == "Payroll role"), status="INACTIVE"
        )
        tenant.group("dept-engineering").owners.append(
            ("USER", self.account(self.person(f"mirja.salo@{DOMAIN}")).id)
        )
        self._unit(
            "team", "Kohlrabi", next(unit for unit in self.units.values() if unit.kind == "team_group")
        )

    @property
    def admin(self) -> Actor:
        """Tomas, in the admin console."""
        return Actor(self.person(f"tomas.okafor@{DOMAIN}").okta, "Tomas Okafor")


def _address(name: str, taken: set[str]) -> str:
    plain = name.lower().replace(" ", ".")
    for number in range(1, 1000):
        address = f"{plain}{number if number > 1 else ''}@{DOMAIN}"
        if address not in taken:
            return address
    raise ValueError(name)


SIGHTLINE_TOML = """\
# The conventions of the pretend company Nordwind.
[moves]
attributes = ["team", "department", "manager"]

[units]
kinds = [
  {kind = "team", attribute = "team", group_pattern = "team-<slug>", description_prefix = "AUTO team", id_key = "airtableId", parent_key = "parentId", active_key = "active"},
  {kind = "department", attribute = "department", group_pattern = "dept-<slug>", description_prefix = "AUTO department", id_key = "recordId"},
  {kind = "team_group", group_pattern = "area-<slug>"},
  {kind = "specialisation", attribute = "specialisation", description_prefix = "AUTO specialisation"},
]

[notify]
settle_minutes = 0
quiet_hours = ""
time_zone = "Europe/Berlin"

[visibility]
admins_group = "sightline-admins"
confidential_groups = ["aws-admins"]
"""
