"""Who has to be told what, and when: the product's promise about messages, worked out from the books alone.

A case of a person opens with the read that first sees a move, another manager, a beginning, an end, a return,
or access lost or lowered. It is to be told once a later read says the same and HR and Okta agree, or once the
longest wait is over.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from . import answers
from .books import GONE, Books
from .ledger import Stood

LONGEST = timedelta(hours=24)
SCALE = ("Viewer", "Editor", "Admin")
"""Levels that can be compared, the least first."""
CONFIDENTIAL = ("Vault",)
"""Apps that only admins, auditors and their holders know of."""
Truth = Mapping[str, frozenset[str]]
"""App → the levels at which a read may have seen it."""


@dataclass(frozen=True)
class Due:
    """A message that must be there. `to`: one of these gets it."""

    kind: str
    to: frozenset[str]


@dataclass(frozen=True)
class Case:
    """Reads: the last one before it, and the one that opened it."""

    base: int
    opened: int


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
        answers.units(books, email),
        answers.boss(books, email) if known else None,
        answers.hanging(books, email),
        answers.apps(books, email),
        answers.groups(books, email),
        answers.through(books, email),
        account and (account.status, account.profile, account.hand, account.ruled),
        record and (record.status, record.values, record.manager),
    )


def standing(books: Books, email: str, stood: Stood) -> str:
    """absent, ended, pending, suspended or active, as of that read."""
    if email not in books.accounts and email not in books.records:
        return "absent"
    return answers.status(books, email, stood.at.date())


def lost(before: Books, after: Books, email: str) -> bool:
    """Something ended, or is held at a lower level; what is in error waits and is not lowered yet."""
    has, waits = answers.apps(after, email), answers.hanging(after, email)
    return any(
        app not in has or (app not in waits and direction(level, has[app]) == "lowered")
        for app, level in answers.apps(before, email).items()
    )


@dataclass
class Cases:
    """The open cases of everybody. `history`: all reads so far, the newest last."""

    history: Sequence[Stood]
    recorded: bool
    """Whether HR keeps records of its own."""
    open: dict[str, Case] = field(default_factory=dict)
    late: dict[str, Case] = field(default_factory=dict)
    """Cases of which something should have been told, and was not."""
    told: dict[str, int] = field(default_factory=dict)
    """The last read after which somebody was told of a person."""

    def read(self) -> None:
        """One more read: cases open."""
        number = len(self.history) - 1
        if number < 1:
            return
        moments = self.history[number - 1], self.history[number]
        for email in sorted({each for stood in moments for each in answers.people(stood.books)}):
            if email not in self.open and self.opens(email, number):
                self.open[email] = Case(number - 1, number)

    def opens(self, email: str, number: int) -> bool:
        """Whether there is something in this read that opens a case."""
        was, now = self.history[number - 1], self.history[number]
        before, after = was.books, now.books
        one, other = standing(before, email, was), standing(after, email, now)
        if {one, other} & {"absent", "ended", "pending"}:
            return one != other and {one, other} != {"absent", "ended"}
        return (
            answers.units(before, email) != answers.units(after, email)
            or answers.boss(before, email) != answers.boss(after, email)
            or self.closed(before, email) != self.closed(after, email)
            or lost(before, after, email)
        )

    @staticmethod
    def closed(books: Books, email: str) -> bool:
        """The Okta account is deactivated, or there is none."""
        return email not in books.accounts or books.accounts[email].status == GONE

    def quiet(self, email: str, case: Case, number: int) -> bool:
        """Whether the read before said the same, also of what opens these apps: everything is confirmed."""
        one, other = self.history[number - 1], self.history[number]
        moments = self.history[case.base], one, other
        apps = {app for stood in moments for app in answers.apps(stood.books, email)}
        opened = [{app: stood.books.apps.get(app) for app in apps} for stood in (one, other)]
        same = opened[0] == opened[1] and face(one.books, email) == face(other.books, email)
        return same and not one.torn and not other.torn

    def waits(self, email: str, case: Case, number: int, slack: timedelta = timedelta()) -> bool:
        """HR and Okta do not agree yet on what changed, and the longest wait is not over."""
        if self.history[number].at - self.history[case.opened].at > LONGEST + slack:
            return False
        books, before = self.history[number].books, self.history[case.base].books
        account, record = books.accounts.get(email), books.records.get(email)
        if not self.recorded or record is None:
            return False
        active = account is not None and account.status not in {GONE, "STAGED"}
        if account is None or (record.status == "ended") == active:
            return True
        old = before.records.get(email), before.accounts.get(email)
        return any(
            account.profile.get(name, "") != record.values.get(name, "")
            and (
                (old[0].values.get(name) if old[0] else None) != record.values.get(name)
                or (old[1].profile.get(name) if old[1] else None) != account.profile.get(name)
            )
            for name in ("team", "department")
        )

    def due(self) -> Iterator[tuple[str, Case, list[Due]]]:
        """Whom something must have been told about by now, and what; their cases are closed with that."""
        number = len(self.history) - 1
        for email, case in sorted(self.open.items()):
            settled = case.opened < number and self.quiet(email, case, number)
            if settled and not self.waits(email, case, number, timedelta(hours=1)):
                yield email, case, list(self.of(email, case, number))
                del self.open[email]

    def of(self, email: str, case: Case, number: int) -> Iterator[Due]:
        """The messages of a case, as things stand after this read."""
        was, now = self.history[case.base], self.history[number]
        one, other = standing(was.books, email, was), standing(now.books, email, now)
        if other in {"absent", "ended"}:
            if one not in {"absent", "ended"}:
                yield from self._managers("leaver_manager", email, was.books, now.books)
        elif other == "active" and (one in {"absent", "pending", "ended"} or self._back(email, case, number)):
            if not self.recorded or email in now.books.records:
                yield Due("joiner", frozenset({email}))
                yield from self._managers("joiner_manager", email, now.books)
        elif one == other == "active":
            yield from self._of_change(email, was.books, now.books)

    def _back(self, email: str, case: Case, number: int) -> bool:
        one, other = self.history[case.base].books, self.history[number].books
        gained = answers.apps(other, email).keys() - answers.apps(one, email).keys()
        return self.closed(one, email) and not self.closed(other, email) and bool(gained)

    def _of_change(self, email: str, before: Books, after: Books) -> Iterator[Due]:
        had, has = answers.apps(before, email), answers.apps(after, email)
        moved = answers.units(before, email) != answers.units(after, email)
        old, new = answers.boss(before, email), answers.boss(after, email)
        differs = self.visibly(before, after, email)
        if moved and had != has:
            yield Due("mover", frozenset({email}))
            if old != new and differs:
                yield from self._managers("old_manager", email, before, now=after)
        elif lost(before, after, email):
            yield Due("lost", frozenset({email}))
        if old != new:
            yield from self._managers("new_manager", email, after)

    @staticmethod
    def visibly(before: Books, after: Books, email: str) -> bool:
        """Whether access differs in what everybody may know of."""

        def open_to_all(books: Books) -> set[tuple[str, str]]:
            found = answers.apps(books, email).items()
            return {(app, level) for app, level in found if books.apps[app].label not in CONFIDENTIAL}

        return open_to_all(before) != open_to_all(after)

    @staticmethod
    def _managers(kind: str, email: str, *moments: Books, now: Books | None = None) -> Iterator[Due]:
        """To the manager of one of these moments, where they may be written to."""
        found = {answers.boss(books, email) for books in moments if email in answers.people(books)}
        current = now or moments[-1]
        able = {each for each in found if each and each != email and not answers.has_left(current, each)}
        if able and len(able) == len(found):
            yield Due(kind, frozenset(able))


def seen(
    stood: Stood, email: str, possible: Callable[[Stood, str], tuple[set[str], dict[str, set[str]]]]
) -> Truth:
    """The apps that this read may have seen, each with its levels."""
    if stood.torn and email in stood.before.accounts and email in stood.books.accounts:
        return {app: frozenset(levels) for app, levels in possible(stood, email)[1].items() if levels}
    return {app: frozenset({level}) for app, level in answers.apps(stood.books, email).items()}
