"""One question at a time: what the books say beside what Sightline answers."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from . import answers
from .answers import DIRECT, Difference, Levels
from .asking import Json, ask
from .books import GONE, Books, Unit, home
from .conditions import In
from .founding import FRONT_DESK
from .ledger import Stood


@dataclass(frozen=True)
class Mismatch:
    """Sightline answered something else than what is true."""

    question: str
    expected: object
    got: object

    def __str__(self) -> str:
        return f"{self.question}: expected {plain(self.expected)}, got {plain(self.got)}"


def plain(value: object) -> str:
    """Sets in order, so that two runs print the same."""
    if isinstance(value, set | frozenset):
        return "{" + ", ".join(sorted(map(plain, value))) + "}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {plain(each)}" for key, each in sorted(value.items())) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(plain, value)) + ")"
    return str(value)


def differ(question: str, at: datetime | None, **parts: tuple[object, object]) -> Iterator[Mismatch]:
    """Each part of an answer as expected and as given."""
    for part, (expected, got) in parts.items():
        if expected != got:
            yield Mismatch(f"{question}{f' at {at.isoformat()}' if at else ''}, {part}", expected, got)


def refused(question: str, found: Json) -> Iterator[Mismatch]:
    if "refused" in found:
        yield Mismatch(question, "an answer", found["refused"])


def _levels(accesses: Iterable[Json]) -> Levels:
    return {each["native_id"]: each["level"] for each in accesses}


def shown_ways(paths: Iterable[Json]) -> set[str]:
    """The groups of the paths; DIRECT for a path without one."""
    found: set[str] = set()
    for path in paths:
        groups = {step["native_id"] for step in path["steps"] if step["kind"] == "group"}
        found |= groups or {DIRECT}
    return found


def check_access(books: Books, email: str, today: date, at: datetime | None = None) -> Iterator[Mismatch]:
    """What a person has, by which ways, in which groups; who they are."""
    question, found = f"access {email}", ask("access", email, at=at)
    if "refused" in found:
        yield from refused(question, found)
        return
    who = found["person"]
    yield from differ(
        question,
        at,
        apps=(answers.apps(books, email), _levels(found["apps"])),
        ways=(
            answers.through(books, email),
            {each["native_id"]: shown_ways(each["paths"]) for each in found["apps"]},
        ),
        groups=(answers.groups(books, email), {each["native_id"] for each in found["groups"]}),
        status=(answers.status(books, email, today), who["status"]),
        units=(answers.belongs(books, email), {_unit(books, each) for each in who["units"]}),
        manager=(answers.manager(books, email), who["manager"]),
    )


def _unit(books: Books, shown: Json) -> str:
    """The id of a unit; of one that only attributes name yet, what it will be."""
    found = (
        each for each in books.units.values() if (each.kind, each.slug) == (shown["kind"], shown["slug"])
    )
    return next((each.id for each in found if shown["id"] not in books.units), shown["id"])


def check_who(books: Books, thing: str, at: datetime | None = None) -> Iterator[Mismatch]:
    """Who has an app or is in a group."""
    question, found = f"who {thing}", ask("who", thing, at=at)
    if "refused" in found:
        yield from refused(question, found)
        return
    shown = ((each["person"]["email"], each["level"]) for each in found["people"])
    got = {email: level for email, level in shown if email != FRONT_DESK}
    yield from differ(question, at, people=(answers.holders(books, thing), got))


NEARBY = {"unit": "unit", "ancestor": "ancestor"}
"""Whom nearly everybody belongs to is not looked at: there, it is the same as anywhere else."""


def check_team(books: Books, unit: str, at: datetime | None = None) -> Iterator[Mismatch]:
    """Who belongs to a unit and what they have, counted."""
    question, found = f"team {unit}", ask("team", unit, at=at)
    inside, stands = answers.members(books, unit), any(each.unit == unit for each in books.groups.values())
    if "refused" in found:  # Where only attributes name it, it has no id yet; where nobody does, it is none.
        found = ask("team", books.units[unit].value, at=at)
    if "refused" in found and not inside and not stands:
        return
    if "refused" in found:
        yield from refused(question, found)
        return
    rows = {(each["native_id"], each["level"], each["held_by"], each["of"]) for each in found["apps"]}
    yield from differ(
        question,
        at,
        members=(inside, {each["email"] for each in found["members"]}),
        apps=(answers.team(books, unit), rows),
        sources=(
            answers.sources(books, unit),
            {
                (each["native_id"], each["level"]): NEARBY.get(each["source"], "elsewhere")
                for each in found["apps"]
                if each["held_by"]
            },
        ),
    )


def check_what_if(books: Books, email: str, attributes: dict[str, str]) -> Iterator[Mismatch]:
    """What other attributes would do, as Okta's rules would have it."""
    words = [email, *(f"--set={name}={value}" for name, value in attributes.items())]
    question, found = "whatif " + " ".join(words), ask("whatif", *words)
    if "refused" in found:
        yield from refused(question, found)
        return
    then = answers.supposed(books, email, attributes)
    now, after = answers.apps(books, email), answers.apps(then, email)
    kept = {app: level for app, level in after.items() if now.get(app) == level}
    yield from differ(
        question,
        None,
        changes=(
            answers.difference(now, after),
            difference_of(found["gains"], found["loses"], found.get("level_changed")),
        ),
        keeps=(kept, _levels(found["keeps"])),
        unknown=([], [each for each in found["unknown"] if each.get("group") not in _without_rule(books)]),
    )


def leaning(books: Books, emails: Iterable[str]) -> list[tuple[str, str]]:
    """Who is in a group by a rule when another rule asks for that group; and what the first one reads."""
    clauses = [clause for rule in books.rules.values() for _, clause in rule.condition.clauses()]
    groups = {clause.group for clause in clauses if isinstance(clause, In)}
    return [
        (email, attribute)
        for email in emails
        for group, rules in books.accounts[email].ruled.items()
        if books.groups[group].name in groups
        for rule in sorted(rules & books.rules.keys())
        for attribute, _ in books.rules[rule].condition.clauses()
        if attribute in books.accounts[email].profile
    ]


def _without_rule(books: Books) -> set[str]:
    """Names of the groups that no active rule fills: what would happen to them is not known."""
    ruled = {group for rule in books.rules.values() if rule.status == "ACTIVE" for group in rule.targets}
    return {group.name for group in books.groups.values() if group.id not in ruled}


def check_move(books: Books, email: str, unit: Unit) -> Iterator[Mismatch]:
    """What moving to a team would do: the department above it and its lead come along."""
    question, found = f"whatif {email} --move-to {unit.name}", ask("whatif", email, f"--move-to={unit.slug}")
    if "refused" in found:
        yield from refused(question, found)
        return
    brought = {"team": unit.value, "department": home(books, unit)}
    if unit.lead and unit.lead != email and not answers.has_left(books, unit.lead):
        brought["managerId"] = books.records[unit.lead].id[1:]
    profile = books.accounts[email].profile
    follows = {name: value for name, value in brought.items() if name != "team"}
    shown = {name: value for name, value in found["follows"].items() if name in {*follows, "department"}}
    now, after = answers.apps(books, email), answers.apps(answers.supposed(books, email, brought), email)
    yield from differ(
        question,
        None,
        retired=(answers.retired(books, unit.id), f"{unit.name} is retired." in found["notes"]),
        follows=(follows, {**{name: profile.get(name, "") for name in follows}, **shown}),
        changes=(
            answers.difference(now, after),
            difference_of(found["gains"], found["loses"], found.get("level_changed")),
        ),
    )


def difference_of(new: list[Json], gone: list[Json], levels: list[Json] | None) -> Difference:
    """The lists of an answer; an app on both sides is held at another level, however it is listed."""
    gained, lost = _levels(new), _levels(gone)
    both = gained.keys() & lost.keys()
    changed = {(app, lost[app], gained[app]) for app in both}
    changed |= {(each["native_id"], each["level_before"], each["level"]) for each in levels or ()}
    return Difference(
        frozenset((app, level) for app, level in gained.items() if app not in both),
        frozenset((app, level) for app, level in lost.items() if app not in both),
        frozenset(changed),
    )


def check_torn(stood: Stood, email: str, at: datetime | None = None) -> Iterator[Mismatch]:
    """During a read something changed: each fact may be seen as it was or as it is, nothing else."""
    old, new = stood.before.accounts.get(email), stood.books.accounts.get(email)
    if old is None or new is None:
        return
    question, found = f"access {email}", ask("access", email, at=at)
    if "refused" in found:
        yield from refused(question, found)
        return
    one, other = stood.before.groups_of(old), stood.books.groups_of(new)
    got = {each["native_id"] for each in found["groups"]}
    if not one & other <= got <= one | other:
        yield Mismatch(f"{question} during a change, groups", f"{plain(one)} or {plain(other)}", got)
    sure, possible = possible_in_torn(stood, email)
    there = _levels(found["apps"])
    strange = {app: level for app, level in there.items() if level not in possible.get(app, ())}
    missing = sure - there.keys()
    if strange or missing:
        yield Mismatch(
            f"{question} during a change, apps", f"{plain(sure)} and at most {plain(possible)}", there
        )


def possible_in_torn(stood: Stood, email: str) -> tuple[set[str], dict[str, set[str]]]:
    """Apps that both moments give by the same way; every level that a mixture of the two may give."""
    moments = (stood.before, stood.books)
    one, other = ({(way.app, way.through) for way in answers.ways(books, email)} for books in moments)
    possible: dict[str, set[str]] = {}
    held = {group for books in moments for group in answers.groups(books, email)}
    open_apps = {app.id for books in moments for app in books.apps.values() if app.active}
    for books in moments:
        for app in books.apps.values():
            if app.id in open_apps:
                levels = {level for group, (_, level) in app.opens.items() if group in held}
                possible.setdefault(app.id, set()).update(levels)
        for app_id, level in books.accounts[email].direct.items():
            possible.setdefault(app_id, set()).add(level)
    return {app for app, _ in one & other}, possible


def usable(books: Books, emails: Collection[str]) -> list[str]:
    """Those whom rules look at: with an Okta account that is not deactivated."""
    accounts = books.accounts
    return [each for each in sorted(emails) if each in accounts and accounts[each].status != GONE]
