"""What is true of one person at a moment, and what differs between two of them."""

from . import answers
from .books import Books
from .ledger import Stood

SCALE = ("Viewer", "Editor", "Admin")
"""Levels that can be compared, the least first."""


def direction(before: str, after: str) -> str:
    """raised, lowered, other where that cannot be said; empty where nothing changed."""
    if before == after:
        return ""
    if before not in SCALE or after not in SCALE:
        return "other"
    return "raised" if SCALE.index(before) < SCALE.index(after) else "lowered"


def face(books: Books, email: str) -> tuple[object, ...]:
    """Everything of a person that could be told of."""
    account, record = books.accounts.get(email), books.records.get(email)
    known = account is not None or record is not None
    return (
        answers.has_left(books, email),
        answers.belongs(books, email),
        answers.boss(books, email) if known else None,
        answers.hanging(books, email),
        answers.apps(books, email),
        answers.groups(books, email),
        answers.through(books, email),
        account and (account.status, account.profile, account.hand, account.ruled, account.direct),
        record and (record.status, record.values, record.manager),
    )


def standing(books: Books, email: str, stood: Stood) -> str:
    """absent, ended, pending, suspended or active, as of that read."""
    if email not in books.accounts and email not in books.records:
        return "absent"
    return answers.status(books, email, stood.at.date())


def moved(before: Books, after: Books, email: str) -> bool:
    """A unit was joined or left, and not because of how the unit hangs that the person stays in."""
    old, new = answers.units(before, email), answers.units(after, email)
    above = {up for unit in old & new for up in answers.above(after, unit) if up in after.units}

    def follows(unit: str) -> bool:
        kind = (after.units.get(unit) or before.units[unit]).kind
        return any((up == unit) == (unit in new) for up in above if after.units[up].kind == kind)

    return any(not follows(unit) for unit in old ^ new)


def lost(before: Books, after: Books, email: str) -> bool:
    """Something ended, or is held at a lower level; what is in error waits and is not lowered yet."""
    has, waits = answers.apps(after, email), answers.hanging(after, email)
    return any(
        app not in has or (app not in waits and direction(level, has[app]) == "lowered")
        for app, level in answers.apps(before, email).items()
    )
