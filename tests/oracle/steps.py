"""What can happen in a company, one random step at a time; each says in words what it did."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from .books import GONE, Unit
from .conditions import Both, Condition, Either, Is, IsNot, Unless
from .founding import LEVELS, NAMES, SITES, add_unit, condition_of, home_of, join, open_anew, stand_for
from .world import World, present


class NothingToDo(LookupError):
    """The step makes no sense in the company as it is."""


@dataclass(frozen=True)
class Stage:
    """The world and the dice."""

    world: World
    dice: Random

    def one(self, found: "list[str]") -> str:
        """Any of these. Raises NothingToDo when there is none."""
        if not found:
            raise NothingToDo
        return self.dice.choice(sorted(found))

    def person(self, *statuses: str) -> str:
        """Somebody with an Okta account of this status; whoever can sign in when none is given."""
        wanted = statuses or ("ACTIVE", "SUSPENDED", "STAGED")
        accounts = self.world.books.accounts.values()
        return self.one([each.email for each in accounts if each.status in wanted])

    def unit(self, *kinds: str) -> Unit:
        """A unit of one of these kinds."""
        units = self.world.books.units
        return units[self.one([each.id for each in units.values() if each.kind in kinds])]

    def group(self) -> str:
        """A group that somebody can be put into."""
        return self.one([each.id for each in self.world.books.groups.values() if not each.everyone])

    def rule(self, *statuses: str) -> str:
        return self.one([each.id for each in self.world.books.rules.values() if each.status in statuses])

    def app(self) -> str:
        return self.one(list(self.world.books.apps))

    def later(self, act: Callable[[], None]) -> str:
        """The other source hears it at once, or some turns later."""
        turns = self.dice.choice((0, 0, 1, 2, 4))
        if turns:
            self.world.waiting.append((turns, act))
            return f", {turns} turns apart"
        act()
        return ""


def move(on: Stage) -> str:
    """The whole move: team, the department above it, another manager; HR first, or Okta first."""
    email, team = on.person("ACTIVE", "SUSPENDED"), on.unit("team")
    said = {"team": team.value, "department": home_of(on.world, team)}
    boss = on.one(
        [each.profile["employeeNumber"] for each in on.world.books.accounts.values() if each.email != email]
    )

    def okta() -> None:
        if email in on.world.books.accounts:
            on.world.set_profile(email, {**said, "managerId": boss})

    def hr() -> None:
        if email in on.world.books.records:
            record = on.world.books.records[email]
            record.values, record.manager = dict(said), f"h{boss}"

    first, second = on.dice.choice(((okta, hr), (hr, okta)))
    first()
    return f"{email} moves to {team.value}, {first.__name__} first{on.later(second)}"


def attribute(on: Stage) -> str:
    """Only one attribute changes, in Okta alone."""
    email = on.person()
    name, value = on.dice.choice(
        (
            ("team", on.unit("team").value),
            ("department", on.unit("department").value),
            ("site", on.dice.choice(SITES)),
            ("userType", on.dice.choice(("Employee", "Contractor", "Intern"))),
            ("department", ""),
        )
    )
    on.world.set_profile(email, {name: value})
    return f"{email}: {name} is now {value or 'empty'}"


def hand_in(on: Stage) -> str:
    email, group = on.person(), on.group()
    on.world.hand_in(email, group)
    return f"{email} is added to {on.world.books.groups[group].name}"


def take_out(on: Stage) -> str:
    email = on.person()
    groups = on.world.books.groups
    group = on.one(
        [each for each in on.world.books.groups_of(on.world.account(email)) if not groups[each].everyone]
    )
    on.world.take_out(email, group)
    return f"{email} is taken out of {groups[group].name}"


def _condition(on: Stage) -> Condition:
    team, other = on.unit("team").value, on.unit("team").value
    site = on.dice.choice(SITES)
    return on.dice.choice(
        (
            Is("team", team),
            Either(Is("team", team), Is("team", other)),
            Both(Is("team", team), IsNot("userType", "Contractor")),
            Both(Is("site", site), Unless(Is("department", on.unit("department").value))),
            Is("site", site),
        )
    )


def new_rule(on: Stage) -> str:
    condition, active = _condition(on), on.dice.random() < 0.8
    targets = sorted({on.group(), on.group()})
    names = [on.world.books.groups[each].name for each in targets]
    on.world.add_rule(f"Rule {len(on.world.tenant.rules)}", condition, targets, on=active)
    return f"a new rule, {'active' if active else 'inactive'}: {condition.text} → {names}"


def edit_rule(on: Stage) -> str:
    rule, condition = on.rule("ACTIVE"), _condition(on)
    on.world.edit_rule(rule, condition)
    return f"{on.world.tenant.rules[rule].name} asks now {condition.text}"


def switch_rule(on: Stage) -> str:
    rule = on.rule("ACTIVE", "INACTIVE")
    active = on.world.books.rules[rule].status != "ACTIVE"
    on.world.switch_rule(rule, on=active)
    return f"{on.world.tenant.rules[rule].name} is switched {'on' if active else 'off'}"


def delete_rule(on: Stage) -> str:
    if len(on.world.books.rules) < 6:
        raise NothingToDo
    rule, members_too = on.rule("ACTIVE", "INACTIVE", "INVALID"), on.dice.random() < 0.5
    name = on.world.tenant.rules[rule].name
    on.world.delete_rule(rule, members_too=members_too)
    return f"{name} is deleted, {'with' if members_too else 'without'} its members"


def new_group(on: Stage) -> str:
    """A group of its own, or a team with its group, its rule and its app."""
    number = len(on.world.tenant.groups) + len(on.world.books.units)
    if on.dice.random() < 0.5:
        group = on.world.add_group(f"club-{number}").id
        open_anew(on.world, on.dice, on.app(), group)
        return f"club-{number} is created"
    unit = add_unit(on.world, "team", f"leek{number}", on.unit("area").id)
    group = stand_for(on.world, unit)
    on.world.add_rule(f"team {unit.name}", condition_of(on.world, unit), [group])
    open_anew(on.world, on.dice, on.app(), group)
    return f"team {unit.value} is created"


def delete_group(on: Stage) -> str:
    if len(on.world.books.groups) < 8:
        raise NothingToDo
    group = on.group()
    name = on.world.books.groups[group].name
    on.world.delete_group(group)
    return f"group {name} is deleted"


def rename_unit(on: Stage) -> str:
    """Its records and its group get another name; attributes still say the former."""
    unit = on.unit("team", "department")
    unit.slug = f"{unit.value}-{on.dice.randrange(100, 1000)}"
    unit.name = unit.slug.title()
    prefix = "dept" if unit.kind == "department" else unit.kind
    for group in [each for each in on.world.books.groups.values() if each.unit == unit.id]:
        on.world.rename_group(group.id, f"{prefix}-{unit.slug}", f"AUTO {unit.kind} {unit.name}")
    return f"{unit.kind} {unit.value} is now called {unit.name}"


def reparent(on: Stage) -> str:
    unit, parent = on.unit("team"), on.unit("area", "department")
    standing = [each for each in on.world.books.groups.values() if each.unit == unit.id]
    if not standing:
        raise NothingToDo
    on.world.reparent(unit.id, parent.id)
    return f"team {unit.value} hangs under {parent.value}"


def open_app(on: Stage) -> str:
    app, group = on.app(), on.group()
    if group in on.world.books.apps[app].opens:
        raise NothingToDo
    open_anew(on.world, on.dice, app, group)
    return f"{on.world.books.groups[group].name} opens {on.world.books.apps[app].label}"


def close_app(on: Stage) -> str:
    app = on.app()
    group = on.one(list(on.world.books.apps[app].opens))
    on.world.close_app(app, group)
    return f"{on.world.books.groups[group].name} no longer opens {on.world.books.apps[app].label}"


def other_level(on: Stage) -> str:
    """The group gives another level, or the same at another priority."""
    app = on.app()
    opens = on.world.books.apps[app].opens
    group = on.one(list(opens))
    priority, level = opens[group]
    free = [each for each in range(12) if each not in {number for number, _ in opens.values()}]
    if on.dice.random() < 0.3:
        priority = on.dice.choice(free)
    else:
        level = on.dice.choice([each for each in LEVELS if each != level])
    on.world.open_app(app, group, priority, level)
    return (
        f"{on.world.books.groups[group].name} gives {on.world.books.apps[app].label} as {level} ({priority})"
    )


def assign(on: Stage) -> str:
    email, app, level = on.person(), on.app(), on.dice.choice(LEVELS)
    on.world.assign(email, app, level)
    return f"{email} gets {on.world.books.apps[app].label} as {level} directly"


def unassign(on: Stage) -> str:
    email = on.one([each.email for each in on.world.books.accounts.values() if each.direct])
    app = on.one(list(on.world.account(email).direct))
    on.world.unassign(email, app)
    return f"{email} has {on.world.books.apps[app].label} no longer directly"


def switch_app(on: Stage) -> str:
    app = on.world.books.apps[on.app()]
    on.world.switch_app(app.id, on=not app.active)
    return f"{app.label} is switched {'on' if app.active else 'off'}"


def _newcomer(on: Stage) -> tuple[str, int]:
    number = len(on.world.tenant.users) + len(on.world.books.departed) + len(on.world.books.records) + 100
    return f"{on.dice.choice(NAMES)}{number}@nordwind.example", number


def hire(on: Stage) -> str:
    email, number = _newcomer(on)
    join(on.world, on.dice, email, number)
    return f"{email} joins"


def future_hire(on: Stage) -> str:
    """HR, or a staged account, tells of somebody who begins in some days; then they begin."""
    email, number = _newcomer(on)
    start = present().date() + timedelta(days=on.dice.randrange(1, 9))
    join(on.world, on.dice, email, number, status="STAGED", start=start, account=on.dice.random() < 0.7)

    def begins() -> None:
        if email in on.world.books.records:
            on.world.books.records[email].status = "active"
        if email in on.world.books.accounts and on.world.account(email).status == "STAGED":
            on.world.set_status(email, "ACTIVE")

    on.world.waiting.append((on.dice.randrange(2, 8), begins))
    return f"{email} will join on {start}"


def leave(on: Stage) -> str:
    """HR ends the record, Okta is deactivated; one before the other, sometimes."""
    email = on.person("ACTIVE", "SUSPENDED")

    def okta() -> None:
        if email in on.world.books.accounts and on.world.account(email).status != GONE:
            on.world.set_status(email, GONE)

    def hr() -> None:
        if email in on.world.books.records:
            on.world.books.records[email].status = "ended"

    first, second = on.dice.choice(((okta, hr), (hr, okta)))
    first()
    return f"{email} leaves, {first.__name__} first{on.later(second)}"


def suspend(on: Stage) -> str:
    email = on.person("ACTIVE")
    on.world.set_status(email, "SUSPENDED")
    return f"{email} is suspended"


def come_back(on: Stage) -> str:
    """Unsuspended, or taken on again with the same account."""
    email = on.person("SUSPENDED", GONE)
    on.world.set_status(email, "ACTIVE")
    if email in on.world.books.records:
        on.world.books.records[email].status = "active"
    return f"{email} is active again"


def delete_user(on: Stage) -> str:
    email = on.person(GONE)
    on.world.delete_user(email)
    return f"{email} is deleted from Okta"


def other_manager(on: Stage) -> str:
    email, boss = on.person(), on.person()
    if email == boss:
        raise NothingToDo
    number = on.world.account(boss).profile["employeeNumber"]
    on.world.set_profile(email, {"managerId": number})
    if email in on.world.books.records:
        on.world.books.records[email].manager = f"h{number}"
    return f"{email} reports to {boss}"


def nothing(_on: Stage) -> str:
    return "nothing happens"


STEPS: tuple[tuple[int, Callable[[Stage], str]], ...] = (
    (10, move),
    (6, attribute),
    (5, hand_in),
    (5, take_out),
    (3, new_rule),
    (3, edit_rule),
    (3, switch_rule),
    (2, delete_rule),
    (2, new_group),
    (2, delete_group),
    (2, rename_unit),
    (2, reparent),
    (3, open_app),
    (2, close_app),
    (4, other_level),
    (4, assign),
    (3, unassign),
    (3, switch_app),
    (3, hire),
    (2, future_hire),
    (4, leave),
    (2, suspend),
    (4, come_back),
    (1, delete_user),
    (2, other_manager),
    (1, nothing),
)
"""How often, beside the others, each kind of step is drawn."""


def happen(world: World, dice: Random) -> str:
    """One random step; what it was."""
    on = Stage(world, dice)
    weights, kinds = [weight for weight, _ in STEPS], [step for _, step in STEPS]
    while True:
        try:
            return dice.choices(kinds, weights)[0](on)
        except NothingToDo:
            continue
