"""What the lines of a message say of why: each beside what truly made it so, or what is so now.

A line says the cause in few words, and names the rule only where all its apps share it. So an attribute that
turned, with its value, says as much as the rule does; and what has come may be told by what gives it now.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from . import answers
from .answers import DIRECT
from .books import Account, Books
from .happened import Because
from .ledger import Causes, Ledger, Stood
from .reading import KINDS, NOT_KNOWN, Company, judged, named

CAME = re.compile(r"^Came with (?:your|the) (\w+) (.+)$")
COMES = re.compile(r"^Comes with (?:your|the) (\w+) (.+)$")
GIVES = re.compile(r"^(?:Your|The) (\w+) (.+) (?:has it now|gives this level now|no longer has it)$")
REMOVED = re.compile(r"^Removed from (?:your|the) (\w+) (.+) by (?:the automation )?(.+)$")
QUOTED = re.compile(r"“([^”]*)”")
BEGAN, ENDED = "began", "ended"
VERBS = {"new": (BEGAN,), "gone": (ENDED,), **dict.fromkeys(("raised", "lowered", "other"), (BEGAN, ENDED))}
"""Categories whose lines tell what happened; those of the others tell what is so."""


@dataclass(frozen=True)
class Line:
    """Why an app stands in a category, as a message about somebody says it."""

    category: str
    app: str
    """By id."""
    text: str


def untrue(line: Line, email: str, ledger: Ledger, base: int) -> str:
    """What is wrong with the line; empty: nothing. `base`: the last read before what is told."""
    last = len(ledger.history) - 1
    stood = ledger.history[last]
    if line.category in VERBS:
        causes = [
            cause
            for verb in VERBS[line.category]
            for cause in ledger.of_app(verb, email, line.app, base, last)
        ]
        wrong = _mistake(line.text, causes, ledger, (base, last), line.app)
        if NOT_KNOWN.search(line.text) and _reordered(line, ledger, (base, last)):
            return ""
        if not wrong or line.category == "gone":
            return wrong
        return "" if _held(line, email, stood) else wrong
    if line.category in {"has", "still"}:
        return (
            "" if _held(line, email, stood) or _given(line, email, ledger) else "that is not why it is held"
        )
    return ""


def _reordered(line: Line, ledger: Ledger, reads: tuple[int, int]) -> bool:
    """A group came before another one, at the level it gave: Sightline does not say who did that."""
    changed = (each for each in ledger.between(*reads) if each.verb == "changed" and each.thing)
    return line.category != "gone" and any(each.app == line.app for each in changed)


def _mistake(text: str, causes: Causes, ledger: Ledger, reads: tuple[int, int], app: str) -> str:
    """Whether it tells one of these causes."""
    if CAME.match(text):
        there = any(_came_with(text, because, company) for because, company in causes)
        return "" if there else "it came with something else, or went by itself"
    if REMOVED.match(text) or GIVES.match(text):
        there = any(_of_group(text, because, ledger, reads, app) for because, _ in causes)
        return "" if there else "another group, or somebody else"
    if any(_attribute(text, because, company) for because, company in causes):
        return ""
    return judged(text, causes)


def _came_with(text: str, because: Because, company: Company) -> bool:
    """Came with your team Okra: the team turned, and was Okra; or nothing tells, and a group stood for it."""
    found = CAME.match(text)
    if not found or found[1] not in (because.attributes or ({found[1]} if KINDS[because.kind].guess else ())):
        return False
    values = company.values.get(found[1])
    return values is None or found[2] in values[0]


def _attribute(text: str, because: Because, company: Company) -> bool:
    """Because your team is now Okra: the attribute turned, and that is its value; no rule need be named."""
    found = named(text, company)
    if not found.attributes or not found.attributes <= because.attributes or found.rules - because.rules:
        return False
    shown = [company.values[each] for each in found.attributes if each in company.values]
    side = 0 if "no longer" in text else 1
    return all(any(value in text for value in values[side]) for values in shown if values[side])


def _of_group(text: str, because: Because, ledger: Ledger, reads: tuple[int, int], app: str) -> bool:
    """A group that stands for a unit, or has a name, began or ceased to open the app, and who did it."""
    found = REMOVED.match(text) or GIVES.match(text)
    if not found or (found.re is REMOVED and because.actor != found[3]):
        return False
    if text.endswith("no longer has it") and because.actor and not because.unlogged:
        return False
    noted = replace(because, unlogged=False)
    groups = {
        group
        for event in ledger.between(*reads)
        if event.because == noted and event.app == app
        for group in [event.thing]
    }
    return any(
        _called(stood.books, group, found[1], found[2]) for stood in ledger.history for group in groups
    )


def _called(books: Books, group: str, kind: str, name: str) -> bool:
    """Whether the group is called so: by the unit it stands for, or by its own name."""
    found = books.groups.get(group)
    if found is None:
        return False
    unit = books.units.get(found.unit)
    return (kind, name) == ("group", found.name) or bool(unit and (kind, name) == (unit.kind, unit.name))


def _held(line: Line, email: str, stood: Stood) -> bool:
    """Whether it is what gives the app, as the read saw it."""
    return any(holds(line, email, books) for books in (stood.before, stood.books))


def holds(line: Line, email: str, books: Books) -> bool:
    """Whether the line says what gives the app now."""
    account = books.accounts.get(email)
    ways = [way for way in answers.ways(books, email) if way.app == line.app]
    return account is not None and any(_gives(line.text, way.through, account, books) for way in ways)


def _gives(text: str, group: str, account: Account, books: Books) -> bool:
    if group == DIRECT:
        return text in {"Assigned to you directly", "Assigned directly"}
    if text in {"Everyone has it", "Nearly everyone has it"}:
        return books.groups[group].everyone or (text.startswith("Nearly") and _crowded(books, group))
    if found := COMES.match(text) or GIVES.match(text):
        may_give = found.re is COMES and _rule_asks(account, group, found[1], found[2], books)
        return may_give or _called(books, group, found[1], found[2])
    rules = {books.rules[each].name for each in account.ruled.get(group, ()) if each in books.rules}
    if text.startswith("Added by the rule") and text.endswith("which is no longer active"):
        return not any(
            books.rules[each].status == "ACTIVE"
            for each in account.ruled.get(group, ())
            if each in books.rules
        )
    quoted = set(QUOTED.findall(text))
    if text.startswith("Because") and (quoted or rules):
        return quoted <= rules and _is_so(text, account, books)
    return False


def _rule_asks(account: Account, group: str, kind: str, name: str, books: Books) -> bool:
    """A rule that gives the group asks for the unit."""
    value = account.profile.get(kind, "")
    rules = [books.rules[each] for each in account.ruled.get(group, ()) if each in books.rules]
    named = any((unit.kind, unit.name, unit.value) == (kind, name, value) for unit in books.units.values())
    return named and any(kind == attribute for rule in rules for attribute, _ in rule.condition.clauses())


def _crowded(books: Books, group: str) -> bool:
    """Most of those who are active are in it."""
    active = [each for each in books.accounts.values() if each.status == "ACTIVE"]
    return sum(group in books.groups_of(each) for each in active) * 2 > len(active)


def _is_so(text: str, account: Account, books: Books) -> bool:
    """Whether every value that the line says is one of the person's."""
    values = {value for value in account.profile.values() if value}
    values |= {unit.name for unit in books.units.values() if unit.value in values}
    bare = re.sub(r" \(rules? .*\)$", "", text)
    shown = re.findall(r" (?:is|is now) (.+?)(?= and (?:your|the) |$)", bare)
    return all(each in values for each in shown)


def _given(line: Line, email: str, ledger: Ledger) -> bool:
    """Added by somebody, now or long ago."""
    began = ledger.of_app(BEGAN, email, line.app, 0, len(ledger.history) - 1)
    opens = ledger.history[-1].books.apps[line.app].opens
    before = [
        each
        for each in ledger.events
        if not each.read and each.email == email and (each.app == line.app or each.thing in opens)
    ]
    causes = [*began, *((each.because, ledger.company(each)) for each in before)]
    return not judged(line.text, causes) or line.text == "Added by an admin"


def lines(category: str, causes: dict[str, str], ids: dict[str, str]) -> Iterator[Line]:
    """The lines of one category. `causes`: label → what is said; `ids`: label → id."""
    for label, text in causes.items():
        if text:
            yield Line(category, ids[label], text)
