"""What is left over: the findings that the books can know, each as the subjects that must be found.

Of some the books know only bounds: what must be found, and what may be.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from . import answers, asking
from .asking import Json
from .books import GONE, Account, Books
from .comparing import Mismatch, plain

Pairs = set[tuple[str, str]]
"""A thing (app, group, account, unit), and a person or rule, or nothing."""


@dataclass(frozen=True)
class Expected:
    """What a detector must find, and what it may find at most."""

    sure: Pairs
    possible: Pairs


def check_leftovers(books: Books, detector: str) -> Iterator[Mismatch]:
    """One detector's findings."""
    question, found = f"drift {detector}", asking.findings(detector)
    expect, read = LEFTOVERS[detector]
    got = {pair for each in found for pair in read(each)}
    expected = expect(books)
    if missing := expected.sure - got:
        yield Mismatch(question, f"{plain(missing)} among them", plain(got))
    if extra := got - expected.possible:
        yield Mismatch(question, f"at most {plain(expected.possible)}", f"{plain(extra)} too")


def _exactly(pairs: Pairs) -> Expected:
    return Expected(pairs, pairs)


def _here(books: Books) -> list[Account]:
    """Accounts that are not deactivated, of people who have not left."""
    accounts = books.accounts.values()
    return [each for each in accounts if each.status != GONE and not answers.has_left(books, each.email)]


def _active_leavers(books: Books) -> Expected:
    """HR says that they have left, and they can still sign in."""
    left = [each for each in books.accounts.values() if answers.has_left(books, each.email)]
    return _exactly({(each.id, each.email) for each in left if each.status == "ACTIVE"})


def _direct(books: Books) -> Expected:
    """Apps that can be used and are assigned to people directly."""
    return _exactly(
        {(app, each.email) for each in _here(books) for app in each.direct if books.apps[app].active}
    )


def _stuck(books: Books) -> Expected:
    """Apps whose assignment is in error."""
    accounts = [each for each in books.accounts.values() if each.status != GONE]
    return _exactly(
        {(app, each.email) for each in accounts for app in each.hanging if books.apps[app].active}
    )


def _left_behind(books: Books) -> Expected:
    """Members whom only rules that do not run had put into a group; may be: whom a rule left there once."""
    accounts = [each for each in books.accounts.values() if each.status != GONE]
    sure, possible = set(), set()
    for account in accounts:
        for group, rules in account.ruled.items():
            if not any(books.rules[rule].status == "ACTIVE" for rule in rules):
                sure |= {(group, rule) for rule in rules}
        possible |= {(group, rule) for group, rule in account.given if group in books.groups_of(account)}
    return Expected(sure, sure | possible)


def _hand_made(books: Books) -> Expected:
    """Whom a human added to a group that an active rule fills; may be: whoever is in it without its rules."""
    fed = {group for rule in books.rules.values() if rule.status == "ACTIVE" for group in rule.targets}
    sure, possible = set(), set()
    for account in _here(books):
        for group in account.hand:
            if group in fed and account.by_human.get(group) and group not in {g for g, _ in account.given}:
                sure.add((group, account.email))
            if group in fed or books.groups[group].unit:
                possible.add((group, account.email))
    return Expected(sure, possible)


def _without_group(books: Books) -> Expected:
    """Recorded units for which no group stands."""
    stood_for = {each.unit for each in books.groups.values()}
    standing = [each.id for each in books.units.values() if not answers.retired(books, each.id)]
    return _exactly({(each, "") for each in standing if books.records and each not in stood_for})


def _without_unit(books: Books) -> Expected:
    """Groups that look like a team's, and stand for no unit on record."""
    strays = [each.id for each in books.groups.values() if each.name.startswith("team-") and not each.unit]
    return _exactly({(each, "") for each in strays})


def _of_retired(books: Books) -> Expected:
    """Groups of units that are no more, and that open something; may be: that have a member."""
    groups = [each for each in books.groups.values() if each.unit and answers.retired(books, each.unit)]
    opening = {group for app in books.apps.values() for group in app.opens}
    possible = {(each.id, each.unit) for each in groups}
    return Expected({pair for pair in possible if pair[0] in opening}, possible)


def _people(key: str) -> Callable[[Json], Pairs]:
    return lambda each: {(each["evidence"][key], email) for email in each["people"]}


LEFTOVERS: Mapping[str, tuple[Callable[[Books], Expected], Callable[[Json], Pairs]]] = {
    "leaver-active": (_active_leavers, _people("account")),
    "app-direct": (_direct, _people("app")),
    "seat-sync-error": (_stuck, _people("app")),
    "group-without-unit": (_without_unit, lambda each: {(each["evidence"]["group"], "")}),
    "hand-made-member": (_hand_made, _people("group")),
    "rule-inactive-left-members": (
        _left_behind,
        lambda each: {(each["evidence"]["group"], each["evidence"]["rule"])},
    ),
    "retired-unit-grants": (
        _of_retired,
        lambda each: {(each["evidence"]["group"], each["evidence"]["unit"])},
    ),
    "unit-without-group": (_without_group, lambda each: {(each["evidence"]["unit"], "")}),
}
"""Detector → what the books say, and how its findings name it."""
