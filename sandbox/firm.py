"""A company's HR records beside its Okta tenant, and what HR and the automation between the two do."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from .hris.records import HrAssignment, HrPerson, HrRow, HrUnit, Records, add_row, reassign, row_of
from .names import DOMAIN, FAMILY, GIVEN, SPECIALISATIONS, TITLES
from .okta.state import Actor, Group, User
from .okta.tenant import Tenant
from .refusals import Refused

AUTOMATION = Actor("0oaWorkflows00000001", "Okta Workflows", "PublicClientApp")


def real_time() -> datetime:
    """The moment it is."""
    return datetime.now(UTC)


@dataclass
class Firm:
    """HR is the truth; every change of it is imported into the Okta profile, and Okta's rules do the rest."""

    seed: int = 7
    now: Callable[[], datetime] = real_time
    people: dict[str, HrPerson] = field(default_factory=dict)
    units: dict[str, HrUnit] = field(default_factory=dict)
    assignments: dict[str, list[HrAssignment]] = field(default_factory=dict)
    """Person → teams, oldest first. Department and specialisation follow from the record."""
    rows: dict[str, list[HrRow]] = field(default_factory=dict)
    """Person → what HR kept with dates, oldest first."""

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311  # a pretend company
        self.tenant = Tenant(self.now)
        self._addresses: Counter[str] = Counter()

    def __getstate__(self) -> dict[str, object]:
        return {key: value for key, value in self.__dict__.items() if key != "now"}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update({"rows": {}} | state)

    @property
    def records(self) -> Records:
        """What an HR system serves of the company: always as it stands, by the clock of now."""
        return Records(self.people, self.units, self.assignments, self.rows, self.now, self.tenant.lock)

    def resume(self, now: Callable[[], datetime]) -> None:
        """Give a company that was read from disk its clock back."""
        self.now = self.tenant.now = self.tenant.log.now = now

    def person(self, email: str) -> HrPerson:
        """The HR record with this address. Raises LookupError."""
        for person in self.people.values():
            if person.email == email:
                return person
        raise Refused(f"nobody has the address {email}")

    def account(self, person: HrPerson) -> User:
        """The Okta user of an HR record."""
        return self.tenant.users[person.okta]

    def unit(self, slug: str, kind: str = "team") -> HrUnit:
        """The unit with this slug. Raises LookupError."""
        for unit in self.units.values():
            if unit.slug == slug and unit.kind == kind:
                return unit
        raise Refused(f"no {kind.replace('_', ' ')} is called {slug}")

    @property
    def admin(self) -> Actor:
        """Tomas, in the admin console."""
        return Actor(self.person(f"tomas.okafor@{DOMAIN}").okta, "Tomas Okafor")

    def hire(
        self,
        name: str,
        team: HrUnit,
        manager: str,
        *,
        worker_type: str = "Employee",
        title: str = "",
        start: date | None = None,
    ) -> HrPerson:
        """A new HR record and its Okta user; with a start in the future: pending, and STAGED in Okta."""
        department = self.above(team, "department").name
        number = str(10_000 + len(self.people))
        special = self.random.choice(SPECIALISATIONS[department])
        made = HrPerson(
            id=f"hr-{number}",
            email=self._address(name),
            name=name,
            title=title or f"{special} {TITLES[department].lower()}",
            worker_type=worker_type,
            employee_number=number,
            start_date=start or self.now().date() - timedelta(days=self.random.randrange(400, 2000)),
            manager_id=manager,
            team=team.slug,
            department=department,
            specialisation=special,
        )
        self.people[made.id] = made
        self.assignments[made.id] = [HrAssignment(made.id, team.id, made.start_date)]
        self.rows[made.id] = [row_of(made, made.start_date)]
        pending = made.start_date > self.now().date()
        made.status = "pending" if pending else "active"
        status = "STAGED" if pending else "ACTIVE"
        made.okta = self.tenant.add_user(made.email, status, **self._profile(made, team)).id
        return made

    def change(self, person: HrPerson, **values: str) -> None:
        """Change an HR record (its department follows its team) and import it into Okta."""
        rows = self.rows.setdefault(person.id, [row_of(person, person.start_date)])
        for key, value in values.items():
            setattr(person, key, value)
        team = self.unit(person.team)
        reassign(self.assignments[person.id], person.id, team.id, self.now().date())
        person.department = self.above(team, "department").name
        day = max(self.now().date(), person.start_date)
        add_row(rows, row_of(person, day))
        self.tenant.set_profile(self.account(person), self._profile(person, team))

    def start_due(self) -> None:
        """Whoever was hired for today or earlier starts."""
        for person in self.people.values():
            if person.status == "pending" and person.start_date <= self.now().date():
                person.status = "active"
                self.tenant.activate(self.account(person), AUTOMATION)

    def leave(self, person: HrPerson, *, okta_too: bool = True) -> None:
        """The last day has come; the automation deactivates the Okta user, or forgets to."""
        person.status, person.end_date = "ended", self.now().date()
        if okta_too:
            self.tenant.deactivate(self.account(person), AUTOMATION)

    def add_unit(self, kind: str, name: str, parent: HrUnit | None = None, slug: str = "") -> HrUnit:
        """A new record of the control plane; Okta knows nothing of it yet."""
        slug = slug or name.lower().replace(" ", "-")
        made = HrUnit(f"rec{len(self.units) + 1:014d}", kind, name, slug, parent.id if parent else "")
        self.units[made.id] = made
        return made

    def add_team_group(self, team: HrUnit) -> Group:
        """What the automation makes for a team: a marked group and the rule that feeds it."""
        group = self.tenant.add_group(
            f"team-{team.slug}",
            f"AUTO team {team.name}",
            airtableId=team.id,
            parentId=team.parent_id,
            active=team.active,
        )
        if team.active:
            self.tenant.add_rule(f"{team.name} team", f'user.team == "{team.slug}"', group)
        return group

    def above(self, unit: HrUnit, kind: str) -> HrUnit:
        """The nearest unit of a kind at or above this one."""
        while unit.kind != kind:
            unit = self.units[unit.parent_id]
        return unit

    def invent_name(self) -> str:
        """A name; two people may share one."""
        return f"{self.random.choice(GIVEN)} {self.random.choice(FAMILY)}"

    def _address(self, name: str) -> str:
        plain = name.lower().replace(" ", ".")
        self._addresses[plain] += 1
        number = self._addresses[plain]
        return f"{plain}{number if number > 1 else ''}@{DOMAIN}"

    def _profile(self, person: HrPerson, team: HrUnit) -> dict[str, object]:
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
            "area": self.above(team, "team_group").slug,
            "team": person.team,
            "specialisation": person.specialisation,
            "timezone": person.time_zone,
            "managerId": manager.employee_number if manager else None,
        }
