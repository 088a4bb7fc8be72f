"""What admins do to groups, rules, units and apps. Each step says in words what it did."""

from .answers import apps, hanging
from .books import GONE
from .conditions import Both, Condition, Either, Is, IsNot, Unless
from .founding import LEVELS, SITES, add_unit, condition_of, open_anew, stand_for
from .staging import NothingToDo, Stage


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


def take_out_of_one(on: Stage) -> str:
    """Out of one of several groups that a rule gives: the rule excludes the person from all of them."""
    books = on.world.books
    several = [each for each in books.rules.values() if each.status == "ACTIVE" and len(each.targets) > 1]
    held = [
        f"{account.email} {group}"
        for account in books.accounts.values()
        if account.status != GONE
        for rule in several
        for group in rule.targets
        if rule.id in account.ruled.get(group, ())
    ]
    email, _, group = on.one(held).partition(" ")
    on.world.take_out(email, group)
    return f"{email} is taken out of {books.groups[group].name}, one of the groups of a rule"


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
    on.world.add_rule(f"Rule {on.world.number()}", condition, targets, on=active)
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


def for_all(on: Stage, wanted: str = "") -> tuple[str, str]:
    """Everyone gets an app, this one or any, or has it no more; its id, and what happened."""
    everyone = next(each.id for each in on.world.books.groups.values() if each.everyone)
    app = wanted or on.app()
    label, opens = on.world.books.apps[app].label, on.world.books.apps[app].opens
    if everyone in opens:
        on.world.close_app(app, everyone)
        return app, f"{label} is taken from Everyone"
    open_anew(on.world, on.dice, app, everyone)
    return app, f"Everyone gets {label}"


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


def lead(on: Stage) -> str:
    """Records say who leads a team, or no more."""
    if on.world.feed is None:
        raise NothingToDo
    unit = on.unit("team", "department")
    people = [each.email for each in on.world.books.records.values() if each.status == "active"]
    unit.lead = on.one(people) if not unit.lead or on.dice.random() < 0.7 else ""
    return f"{unit.kind} {unit.value} is led by {unit.lead or 'nobody'}"


def unit_first(on: Stage) -> str:
    """A team that attributes, and records where there are any, name before a group stands for it."""
    number = len(on.world.tenant.groups) + len(on.world.books.units)
    unit = add_unit(on.world, "team", f"squash{number}", on.unit("area").id)
    email = on.person("ACTIVE")
    if email in on.world.books.records:
        on.world.books.records[email].values["team"] = unit.value
    if on.world.feed is None or on.dice.random() < 0.5:
        on.world.set_profile(email, {"team": unit.value})
    if on.world.feed is None:
        unit.parent = ""

    def group() -> None:
        made = stand_for(on.world, unit)
        on.world.add_rule(f"team {unit.name}", condition_of(on.world, unit), [made])

    return f"{email} is in team {unit.value}, which is new{on.later(group)}"


def hang(on: Stage) -> str:
    """An app refuses the account that it is to make; or it takes it at last."""
    stuck = [each for each in on.world.books.accounts.values() if hanging(on.world.books, each.email)]
    error = not stuck or on.dice.random() < 0.6
    email = on.person("ACTIVE") if error else on.one([each.email for each in stuck])
    held = apps(on.world.books, email).keys()
    app = on.one([*held] if error else [*hanging(on.world.books, email)])
    on.world.hang(email, app, error=error)
    return f"{on.world.books.apps[app].label} of {email} is {'in error' if error else 'there'}"


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
