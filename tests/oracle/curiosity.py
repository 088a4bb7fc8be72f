"""What is asked after each read, drawn at random: of those whom the steps touched, and of some others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from . import answers, comparing, differing, lacking, leftovers, namesakes
from .books import GONE, Books, home
from .comparing import Mismatch
from .ledger import Ledger, Stood


@dataclass
class Curious:
    """Asks. `skip`: what is not compared."""

    ledger: Ledger
    dice: Random
    skip: frozenset[str] = frozenset()

    def during(self) -> Iterator[Iterator[Mismatch]]:
        """After a torn read: what may have been seen, of those whom it touched."""
        stood = self.ledger.history[-1]
        for email in self.touched(stood.before, stood.books)[:6]:
            yield comparing.check_torn(stood, email)

    def questions(self, last: Stood | None, now: datetime) -> Iterator[Iterator[Mismatch]]:
        """Of those whom the steps touched and of some others; of today and of the past."""
        books, ask, today = self.ledger.history[-1].books, self.dice, now.date()
        everybody, things, newest = (
            answers.people(books),
            [*books.apps, *books.groups],
            len(self.ledger.history) - 1,
        )
        touched = self.touched(last.books, books) if last else everybody
        for email in {*ask.sample(touched, min(5, len(touched))), *ask.sample(everybody, 2)}:
            yield comparing.check_access(books, email, today)
        for email in ask.sample(touched, min(2, len(touched))) + ask.sample(everybody, 1):
            yield differing.check_why(self.ledger, email, ask.choice(things), newest)
        for email in ask.sample(touched, min(1, len(touched))) + ask.sample(everybody, 1):
            yield lacking.check_why_not(books, email, ask.choice(things))
        yield from self.of_things(books)
        yield from self.what_ifs(books)
        if last and not last.torn:
            since = last.at + timedelta(seconds=30)
            for email in ask.sample(touched, min(3, len(touched))):
                if email in (*last.books.accounts, *last.books.records):
                    yield differing.check_diff(self.ledger, email, (newest - 1, newest), (since, None))
        for _ in range(2):
            yield from self.past(touched or everybody, now)

    def of_things(self, books: Books) -> Iterator[Iterator[Mismatch]]:
        """Apps, groups, units and findings."""
        for thing in self.dice.sample([*books.apps, *books.groups], 2):
            yield comparing.check_who(books, thing)
        for unit in self.dice.sample(sorted(books.units), 2):
            yield comparing.check_team(books, unit)
        if self.dice.random() < 0.2:
            yield namesakes.check_namesakes(books)
        for detector in self.dice.sample(sorted(leftovers.LEFTOVERS), 2):
            yield leftovers.check_leftovers(books, detector)

    def what_ifs(self, books: Books) -> Iterator[Iterator[Mismatch]]:
        """Other attributes, and a whole move."""
        able, ask = comparing.usable(books, answers.people(books)), self.dice
        for email in ask.sample(able, min(2, len(able))):
            yield comparing.check_what_if(books, email, self.supposed(books))
        if leaning := comparing.leaning(books, able):
            email, attribute = ask.choice(leaning)
            yield comparing.check_what_if(books, email, {attribute: ""})
        teams = [each for each in books.units.values() if each.kind == "team" and home(books, each)]
        if able and teams and "moves" not in self.skip:
            yield comparing.check_move(books, ask.choice(able), ask.choice(teams))

    def supposed(self, books: Books) -> dict[str, str]:
        """Attributes to ask about: values that people have."""
        teams = [each.value for each in books.units.values() if each.kind == "team"]
        departments = [each.value for each in books.units.values() if each.kind == "department"]
        accounts = [each for each in books.accounts.values() if each.status != GONE]
        sites, kinds = (
            sorted({each.profile[name] for each in accounts if name in each.profile})
            for name in ("site", "userType")
        )
        chosen = {
            "team": self.dice.choice(teams),
            "department": self.dice.choice([*departments, ""]),
            "site": self.dice.choice(sites),
            "userType": self.dice.choice(kinds),
        }
        return {name: chosen[name] for name in self.dice.sample(sorted(chosen), self.dice.choice((1, 1, 2)))}

    def past(self, people: list[str], now: datetime) -> Iterator[Iterator[Mismatch]]:
        """A random moment since the first read."""
        number = self.dice.randrange(len(self.ledger.history))
        stood, at = self.ledger.history[number], self.within(number, now)
        email = self.dice.choice(sorted({*people, *answers.people(stood.books)}))
        if stood.torn:
            yield comparing.check_torn(stood, email, at)
            return
        known = any(
            email in (*each.books.accounts, *each.books.records) for each in self.ledger.history[: number + 1]
        )
        if known:
            yield comparing.check_access(stood.books, email, stood.at.date(), at)
            yield differing.check_diff(self.ledger, email, (number, len(self.ledger.history) - 1), (at, None))
            thing = self.dice.choice([*stood.books.apps, *stood.books.groups])
            yield differing.check_why(self.ledger, email, thing, number, at)
        yield comparing.check_who(stood.books, self.dice.choice([*stood.books.apps, *stood.books.groups]), at)
        yield comparing.check_team(stood.books, self.dice.choice(sorted(stood.books.units)), at)

    def within(self, number: int, now: datetime) -> datetime:
        """A moment between one read and the next."""
        start = self.ledger.history[number].at + timedelta(seconds=30)
        later = self.ledger.history[number + 1 : number + 2]
        end = (later[0].begun or later[0].at) if later else now
        return start + (end - start) * self.dice.random()

    @staticmethod
    def touched(before: Books, after: Books) -> list[str]:
        """Whose access, groups, units or manager differ."""

        def face(books: Books, email: str) -> tuple[object, ...]:
            return (
                answers.apps(books, email),
                answers.groups(books, email),
                answers.units(books, email),
                answers.manager(books, email) if email in (*books.records, *books.accounts) else None,
            )

        everybody = {*answers.people(before), *answers.people(after)}
        return sorted(each for each in everybody if face(before, each) != face(after, each))
