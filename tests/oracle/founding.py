"""A random company of a dozen people: units, groups, rules, apps, and HR's records where it keeps any."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random

from .books import Unit, home
from .conditions import Both, Condition, Either, In, Is, IsNot
from .world import World

LEVELS = ("assigned", "Viewer", "Editor", "Admin")
FRONT_DESK = "front.desk@nordwind.example"
DESKS = {"desk-1@nordwind.example": "Desk1 Shared", "desk-2@nordwind.example": "Desk2 Shared"}
"""Two accounts, by their logins, whose address is the same; no rule ever takes them."""
SITES = ("Leek", "Bergen", "Ghent")
NAMES = (
    *(
        "ada",
        "ben",
        "cleo",
        "dora",
        "emil",
        "fay",
        "gus",
        "hana",
        "ivo",
        "jana",
        "kai",
        "lena",
        "mio",
        "nell",
    ),
    *("ole", "pia", "quin", "rosa", "sven", "tia", "udo", "vera", "wim", "xenia", "yara", "zoe"),
)
TEAMS = ("cucumber", "radish", "okra", "pepper", "chard")
AREAS = {"garden": ("cucumber", "radish"), "kitchen": ("okra", "pepper")}
CHAPTERS = ("backend", "design")
"""Units that no attribute names: HR places people there, where it keeps records."""
DEPARTMENTS = {"growth": ("garden", "chard"), "produce": ("kitchen",)}


def found(seed: int, feed: Path | None) -> World:
    """The company of this seed. `feed`: folder of the HR files; None: Okta's profiles are the HR."""
    random, world = Random(seed), World(feed)
    _units(world)
    for unit in list(world.books.units.values()):
        stand_for(world, unit)
    for name in ("oncall", "guild", "wine-club", "oncall-plus", "BR-ALL", "site-leek", "leek-plus"):
        world.add_group(name)
    _people(world, random, random.randrange(10, 16))
    for login, name in DESKS.items():
        first, _, last = name.partition(" ")
        profile = {"email": FRONT_DESK, "firstName": first, "lastName": last, "userType": "Contractor"}
        world.tenant.add_user(login, **profile)
    _rules(world)
    for label in ("Figma", "Grafana", "Sentry", "Notion", "Zoom", "Jira", "Vault", "Miro"):
        app = world.add_app(label)
        for group in random.sample(sorted(world.books.groups), random.randrange(1, 4)):
            open_anew(world, random, app.id, group)
    for _ in range(4):
        world.hand_in(random.choice(sorted(world.books.accounts)), named(world, random.choice(HAND_MADE)))
        world.assign(
            random.choice(sorted(world.books.accounts)),
            random.choice(sorted(world.books.apps)),
            random.choice(LEVELS),
        )
    return world


HAND_MADE = ("oncall", "guild", "wine-club")
"""Groups that no rule fills when the company is founded."""


def named(world: World, name: str) -> str:
    """The id of the group with this name."""
    return next(each.id for each in world.books.groups.values() if each.name == name)


def open_anew(world: World, random: Random, app: str, group: str) -> None:
    """The group opens the app at a priority that no other group has there."""
    taken = {priority for priority, _ in world.books.apps[app].opens.values()}
    free = [each for each in range(12) if each not in taken]
    world.open_app(app, group, random.choice(free), random.choice(LEVELS))


def stand_for(world: World, unit: Unit) -> str:
    """A group for the unit; its id."""
    prefix = "dept" if unit.kind == "department" else unit.kind
    return world.add_group(f"{prefix}-{unit.slug}", f"AUTO {unit.kind} {unit.name}", unit).id


def add_unit(world: World, kind: str, value: str, parent: str) -> Unit:
    """A unit in the books; its group and its record follow."""
    unit = Unit(f"rec{value}", kind, value, value.title(), value, parent)
    world.books.units[unit.id] = unit
    return unit


def condition_of(world: World, unit: Unit) -> Condition:
    """Whom the rule of a unit's group takes: those whose attribute names it, or a unit below it."""
    if unit.kind != "area":
        return Is(unit.kind, unit.value)
    one, *others = [Is("team", each.value) for each in world.books.units.values() if each.parent == unit.id]
    made: Condition = one
    for other in others:
        made = Either(made, other)
    return made


def home_of(world: World, team: Unit) -> str:
    """The value of the department above a team, or empty."""
    return home(world.books, team)


def _units(world: World) -> None:
    for value in DEPARTMENTS:
        add_unit(world, "department", value, "")
    for value in AREAS:
        add_unit(world, "area", value, _above(value, DEPARTMENTS))
    for value in CHAPTERS if world.feed is not None else ():
        add_unit(world, "chapter", value, "")
    for value in TEAMS:
        add_unit(world, "team", value, _above(value, AREAS) or _above(value, DEPARTMENTS))


def _above(value: str, tree: Mapping[str, tuple[str, ...]]) -> str:
    return next((f"rec{name}" for name, inside in tree.items() if value in inside), "")


def _people(world: World, random: Random, count: int) -> None:
    for number in range(1, count + 1):
        join(world, random, f"{NAMES[number - 1]}@nordwind.example", number)


def join(
    world: World,
    random: Random,
    email: str,
    number: int,
    *,
    status: str = "ACTIVE",
    start: date = date(2024, 1, 1),
    account: bool = True,
) -> None:
    """Somebody new, in a random team; a contractor, whom HR does not know, once in six times."""
    team = random.choice([each for each in world.books.units.values() if each.kind == "team"])
    boss = str(random.randrange(1, number)) if number > 1 else ""
    values = {"team": team.value, "department": home_of(world, team)}
    contractor = random.random() < 1 / 6
    kind = "Contractor" if contractor else "Employee"
    if not contractor:
        world.record(email, values, f"h{boss}" if boss else "", str(number), start)
    if account or contractor or world.feed is None:
        own = {
            "employeeNumber": str(number),
            "managerId": boss,
            "userType": kind,
            "site": random.choice(SITES),
        }
        world.hire(email, {name: value for name, value in (values | own).items() if value}, status)


def _rules(world: World) -> None:
    for group in [each for each in world.books.groups.values() if each.unit]:
        unit = world.books.units[group.unit]
        if unit.kind != "chapter":
            world.add_rule(f"{unit.kind} {unit.name}", condition_of(world, unit), [group.id])
    world.add_rule("All employees", IsNot("userType", "Contractor"), [named(world, "BR-ALL")])
    world.add_rule("People of Leek", Is("site", "Leek"), [named(world, "site-leek")])
    world.add_rule(
        "Leek and employed",
        Both(In("site-leek"), IsNot("userType", "Contractor")),
        [named(world, "leek-plus")],
    )
    world.add_rule(
        "On call and employed",
        Both(In("oncall"), IsNot("userType", "Contractor")),
        [named(world, "oncall-plus")],
    )
    world.add_rule("Wine for Ghent", Is("site", "Ghent"), [named(world, "wine-club")], on=False)
