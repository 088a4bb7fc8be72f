"""What the books answer: access, who, team, difference, what-if. Nothing here was asked of the product."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .books import GONE, Account, Books

DIRECT = "direct"
STATUS = {GONE: "ended", "STAGED": "pending", "SUSPENDED": "suspended", "ACTIVE": "active"}
NEAREST = ("unit", "ancestor", "elsewhere")
Levels = dict[str, str]
"""App → level."""


@dataclass(frozen=True)
class Way:
    """One way to an app: a direct assignment (priority -1), or a group."""

    app: str
    priority: int
    level: str
    through: str


def ways(books: Books, email: str) -> list[Way]:
    """All ways of a person to apps that can be used, the one that counts first."""
    account = books.accounts.get(email)
    if account is None or account.status == GONE:
        return []
    held = books.groups_of(account)
    found = [
        *(Way(app, -1, level, DIRECT) for app, level in account.direct.items()),
        *(
            Way(app.id, priority, level, group)
            for app in books.apps.values()
            for group, (priority, level) in app.opens.items()
            if group in held
        ),
    ]
    return sorted((way for way in found if books.apps[way.app].active), key=lambda way: way.priority)


def apps(books: Books, email: str) -> Levels:
    """What a person has, at the level that counts: direct first, then the lowest priority number."""
    found: Levels = {}
    for way in ways(books, email):
        found.setdefault(way.app, way.level)
    return found


def through(books: Books, email: str) -> dict[str, set[str]]:
    """App → the groups that open it for the person, or DIRECT."""
    found: dict[str, set[str]] = {}
    for way in ways(books, email):
        found.setdefault(way.app, set()).add(way.through)
    return found


def explained(books: Books, email: str, app: str) -> bool:
    """Whether an active rule, or being one of everybody, keeps a way to the app open."""
    account = books.accounts[email]
    return any(
        books.groups[way.through].everyone
        or any(
            books.rules[rule].status == "ACTIVE"
            for rule in account.ruled.get(way.through, ())
            if rule in books.rules
        )
        for way in ways(books, email)
        if way.app == app and way.through != DIRECT
    )


def groups(books: Books, email: str) -> set[str]:
    """The groups a person is in; who was deactivated stays in all but Everyone."""
    account = books.accounts.get(email)
    return books.groups_of(account) if account else set()


def people(books: Books) -> list[str]:
    """Everybody of whom a source speaks."""
    return sorted({*books.accounts, *books.records})


def holders(books: Books, thing: str) -> Levels:
    """Who has an app or is in a group: address → level."""
    if thing in books.groups:
        return {email: "member" for email in people(books) if thing in groups(books, email)}
    return {email: held[thing] for email in people(books) if thing in (held := apps(books, email))}


def values(books: Books, email: str) -> dict[str, str]:
    """The attributes that count for units and manager: HR's where HR knows the person, else Okta's."""
    if email in books.records:
        return books.records[email].values
    return books.accounts[email].profile


def units(books: Books, email: str) -> set[str]:
    """Ids of the units that a person's attributes name."""
    if email not in books.records and email not in books.accounts:
        return set()
    profile = values(books, email)
    return {
        unit.id
        for unit in books.units.values()
        if unit.kind in {"team", "department"} and profile.get(unit.kind) == unit.value
    }


def belongs(books: Books, email: str) -> set[str]:
    """Ids of all units of a person: also those in which HR places them today."""
    record = books.records.get(email)
    placed = {each.unit for each in record.placed if each.counts(books.today)} if record else set()
    return units(books, email) | placed


def retired(books: Books, unit: str) -> bool:
    """Its last day is over."""
    until = books.units[unit].until
    return until is not None and until <= books.today


def manager(books: Books, email: str) -> str | None:
    """The manager's address."""
    if email in books.records:
        wanted = books.records[email].manager
        return next((each.email for each in books.records.values() if each.id == wanted), None)
    return _in_profile(books, books.accounts[email]) if email in books.accounts else None


def _in_profile(books: Books, account: Account) -> str | None:
    everybody = (*books.accounts.values(), *books.departed.values())
    number = account.profile.get("managerId", "")
    numbered = (each.email for each in everybody if each.profile.get("employeeNumber") == number)
    return next(numbered, None) if number else None


def boss(books: Books, email: str) -> str | None:
    """Who hears of the person: the manager; without one, who leads the team, or else the department."""
    if email not in books.records and email not in books.accounts:
        return None
    if found := manager(books, email):
        return found
    own = sorted((books.units[each] for each in units(books, email)), key=lambda unit: unit.kind != "team")
    return next((unit.lead for unit in own if unit.lead), None)


def hearers(books: Books, email: str, now: Books) -> set[str]:
    """The boss, if still here now; else all who may hear instead: leads, and managers and units above."""
    first = boss(books, email)
    if first is None or first == email:
        return set()
    if not has_left(now, first):
        return {first}
    above: list[str] = []
    gone = {each.email: each for each in books.departed.values()}
    up = manager(books, email)
    while up and up not in above:
        above.append(up)
        up = manager(books, up) or (_in_profile(books, gone[up]) if up in gone else None)
    places = set(units(books, email))
    while more := {books.units[place].parent for place in places} & books.units.keys() - places:
        places |= more
    found = {*above, *(books.units[place].lead for place in places)} - {"", email}
    return {each for each in found if not has_left(now, each)}


def hanging(books: Books, email: str) -> set[str]:
    """Apps that a person has, but whose assignment is in error."""
    return books.accounts[email].hanging & apps(books, email).keys() if email in books.accounts else set()


def status(books: Books, email: str, today: date) -> str:
    """As HR says it, else as Okta's status means it."""
    if email in books.records:
        record = books.records[email]
        return "pending" if record.start > today and record.status != "ended" else record.status
    if email not in books.accounts:
        return "ended"
    return STATUS[books.accounts[email].status]


def has_left(books: Books, email: str) -> bool:
    """HR says so, or, where HR does not know the person, the account is deactivated."""
    if email in books.records:
        return books.records[email].status == "ended"
    return email not in books.accounts or books.accounts[email].status == GONE


def below(books: Books, unit: str) -> set[str]:
    """The unit and all units under it."""
    found = {unit}
    while more := {each.id for each in books.units.values() if each.parent in found} - found:
        found |= more
    return found


def above(books: Books, unit: str) -> list[str]:
    """The units above, nearest first."""
    found: list[str] = []
    parent = books.units[unit].parent
    while parent and parent not in (unit, *found):
        found.append(parent)
        parent = books.units[parent].parent
    return found


def unhang(books: Books, unit: str) -> None:
    """A unit hangs nowhere any more; of an area nothing else tells, so nothing hangs under it either."""
    for each in books.units.values() if unit else ():
        if each.id == unit or (each.parent == unit and books.units[unit].kind == "area"):
            each.parent = ""


def members(books: Books, unit: str) -> set[str]:
    """Who belongs to the unit or to one below it, and has not left."""
    inside = below(books, unit)
    return {email for email in people(books) if not has_left(books, email) and belongs(books, email) & inside}


def team(books: Books, unit: str) -> set[tuple[str, str, int, int]]:
    """App, level, held by, of: what members have, and what the unit's groups open though nobody has it."""
    inside = members(books, unit)
    counted: dict[tuple[str, str], int] = {}
    for email in inside:
        for pair in apps(books, email).items():
            counted[pair] = counted.get(pair, 0) + 1
    held = {app for app, _ in counted}
    for app in books.apps.values():
        for group, (_, level) in app.opens.items():
            if (
                app.active
                and app.id not in held
                and books.groups[group].unit in standing(books, unit, inside)
            ):
                counted.setdefault((app.id, level), 0)
    return {(app, level, count, len(inside)) for (app, level), count in counted.items()}


def standing(books: Books, unit: str, inside: Iterable[str]) -> set[str]:
    """The unit, those above, and those of other kinds to which every member belongs."""
    line = [unit, *above(books, unit)]
    kinds = {books.units[each].kind for each in line}
    shared = [belongs(books, email) for email in inside]
    common = set.intersection(*shared) if shared else set()
    return {*line, *(each for each in common if books.units[each].kind not in kinds)}


def sources(books: Books, unit: str) -> dict[tuple[str, str], str]:
    """App and level → where it comes from, for anybody in the unit: the nearest that there is."""
    inside = members(books, unit)
    line = standing(books, unit, inside)
    found: dict[tuple[str, str], set[str]] = {}
    for email in inside:
        opened = through(books, email)
        for app, level in apps(books, email).items():
            held = [books.groups[each] for each in opened[app] if each != DIRECT]
            here = {"unit" if each.unit == unit else "ancestor" for each in held if each.unit in line}
            found.setdefault((app, level), set()).add(min({*here, "elsewhere"}, key=NEAREST.index))
    return {pair: min(there, key=NEAREST.index) for pair, there in found.items()}


@dataclass(frozen=True)
class Difference:
    """What differs between two moments: pairs of app and level."""

    gained: frozenset[tuple[str, str]]
    lost: frozenset[tuple[str, str]]
    other_level: frozenset[tuple[str, str, str]]
    """App, level before, level after."""


def difference(before: Levels, after: Levels) -> Difference:
    """From one set of access to the other."""
    both = before.keys() & after.keys()
    return Difference(
        frozenset((app, level) for app, level in after.items() if app not in before),
        frozenset((app, level) for app, level in before.items() if app not in after),
        frozenset((app, before[app], after[app]) for app in both if before[app] != after[app]),
    )


def supposed(books: Books, email: str, attributes: dict[str, str]) -> Books:
    """The books as Okta would make them, had the person's profile these values ("" takes one away)."""
    found = books.copy()
    account: Account = found.accounts[email]
    account.profile |= attributes
    account.profile = {name: value for name, value in account.profile.items() if value}
    found.look(account)
    return found
