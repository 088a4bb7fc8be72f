"""The play of one seed: a company is founded, steps happen, Sightline reads, and its answers are compared."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from re import fullmatch

import time_machine

from sandbox.okta.server import OktaServer
from sandbox.slack.server import SlackPerson, SlackServer

from . import answers, asking, comparing, differing
from .books import Books, home
from .comparing import Mismatch
from .founding import SITES, found
from .hearing import Ears
from .ledger import Ledger, Stood
from .steps import happen
from .telling import Cases
from .world import ACTORS, World, full_name

BEGINNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
TORN_SHARE = 0.15
"""Of the reads, during which something happens."""
PHASES = (
    r"/api/v1/users",
    r"/api/v1/groups",
    r"/api/v1/apps",
    r"/api/v1/groups/[^/]+/users",
    r"/api/v1/apps/[^/]+/groups",
    r"/api/v1/apps/[^/]+/users",
    r"/api/v1/logs",
)
"""The call before which it happens, as the reader comes to it."""


class Interrupted(OktaServer):
    """A pretend Okta in which something happens before a certain call of a read."""

    act: Callable[[], None] | None = None
    before = ""

    def take(self, path: str, method: str = "GET") -> tuple[int, int, int]:
        if self.act is not None and fullmatch(self.before, path):
            with self.tenant.lock:
                act, self.act = self.act, None
                if act is not None:
                    act()
        return super().take(path, method)


@dataclass
class Play:
    """One seed. `say` is told every step in words; `found` are the mismatches, each with its step."""

    seed: int
    steps: int
    folder: Path
    say: Callable[[str], None] = lambda text: None
    skip: frozenset[str] = frozenset()
    """What is not compared: causes, messages, moves."""
    found: list[str] = field(default_factory=list)
    asked: int = 0
    reads: int = 0
    step: int = 0
    first_wrong: int = 0
    """The step after which an answer first differed; 0: none did."""

    def run(self) -> None:
        """Play it. The database must be empty."""
        feed = self.folder / "feed" if self.seed % 2 else None
        with time_machine.travel(BEGINNING, tick=True) as clock:
            world = found(self.seed, feed)
            slack = SlackServer(lambda: list(_colleagues(world)))
            with Interrupted(world.tenant) as okta, slack, asking.connected(okta, slack, feed):
                _Story(self, world, okta, clock).tell()


def _colleagues(world: World) -> Iterator[SlackPerson]:
    """Everybody has Slack."""
    for email in answers.people(world.books):
        yield SlackPerson(email, full_name(email), f"U{email.partition('@')[0].upper()}")


@dataclass
class _Story:
    play: Play
    world: World
    okta: Interrupted
    clock: time_machine.Traveller
    now: datetime = BEGINNING

    def __post_init__(self) -> None:
        # Two dice: what is asked must not change what happens.
        self.dice, self.curious = Random(f"steps {self.play.seed}"), Random(f"questions {self.play.seed}")
        actors = frozenset(each.name for each in ACTORS)
        self.ledger = Ledger(self.world.books.events, actors, "causes" not in self.play.skip)
        self.history = self.ledger.history
        self.ears = Ears(Cases(self.history, self.world.feed is not None), self.ledger)

    def tell(self) -> None:
        self.later(minutes=30)
        self.read(self.world.books.copy(), torn=False)
        while self.play.step < self.play.steps:
            for _ in range(self.dice.choice((0, 1, 1, 2, 3))):
                self.later(minutes=self.dice.choice((1, 20, 180, 1440, 4000)))
                self.turn()
            self.later(minutes=self.dice.choice((2, 15, 60)))
            before = self.world.books.copy()
            if torn := self.dice.random() < TORN_SHARE:
                self.interrupt()
            self.read(before, torn=torn)
            if torn:
                self.later(minutes=5)
                self.read(self.world.books.copy(), torn=False)

    def later(self, *, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.clock.move_to(self.now)

    def turn(self) -> None:
        """One step, and what was still on its way."""
        self.play.step += 1
        self.world.turn()
        words = happen(self.world, self.dice)
        self.play.say(f"{self.play.step:4} {self.now:%d %b %H:%M}  {words}")

    def interrupt(self) -> None:
        self.okta.before = self.dice.choice(PHASES)
        self.play.say(f"     during the next read, before {self.okta.before}:")
        self.okta.act = self.turn

    def read(self, before: Books, *, torn: bool) -> None:
        """Sightline reads; then it is asked."""
        self.world.write()
        outcomes = asking.sync()
        self.play.reads += 1
        books = self.world.books.copy()
        if self.okta.act is not None:  # The call before which it was to happen was never made.
            self.okta.act, torn, books = None, False, before
            self.turn()
        for wrong in self.world.disagreements():
            raise AssertionError(f"the pretend Okta is not as the books have it: {wrong}")
        refused = [each for each in outcomes if each["outcome"] not in {"applied", "unchanged"}]
        if refused and torn:
            return  # An answer that does not fit together is rightly held back: everything stays as it was.
        for each in refused:
            self.compare(
                [Mismatch(f"sync {each['source']}", "applied", f"{each['outcome']}: {each['reason']}")]
            )
        last = self.history[-1] if self.history else None
        self.ledger.add(Stood(self.now, books, before if torn else books))
        self.world.books.is_read()
        self.later(minutes=1)
        for mismatches in self.during() if torn else self.questions(last):
            self.compare(mismatches)
        if "messages" not in self.play.skip:
            self.ears.cases.read()
            self.compare(self.ears.listen(asking.messages()))

    def compare(self, mismatches: "Iterator[Mismatch] | list[Mismatch]") -> None:
        self.play.asked += 1
        for each in mismatches:
            self.play.first_wrong = self.play.first_wrong or self.play.step
            line = f"seed {self.play.seed}, step {self.play.step}: {each}"
            self.play.found.append(line)
            self.play.say(f"  !! {line}")

    def during(self) -> Iterator[Iterator[Mismatch]]:
        """After a torn read: what may have been seen, of those whom it touched."""
        stood = self.history[-1]
        for email in self.touched(stood.before, stood.books)[:6]:
            yield comparing.check_torn(stood, email)

    def questions(self, last: Stood | None) -> Iterator[Iterator[Mismatch]]:
        """Of those whom the steps touched and of some others; of today and of the past."""
        books, ask, today = self.history[-1].books, self.curious, self.now.date()
        everybody, things, newest = answers.people(books), [*books.apps, *books.groups], len(self.history) - 1
        touched = self.touched(last.books, books) if last else everybody
        for email in {*ask.sample(touched, min(5, len(touched))), *ask.sample(everybody, 2)}:
            yield comparing.check_access(books, email, today)
        for email in ask.sample(touched, min(2, len(touched))) + ask.sample(everybody, 1):
            yield differing.check_why(self.ledger, email, ask.choice(things), newest)
        for thing in ask.sample(things, 2):
            yield comparing.check_who(books, thing)
        for unit in ask.sample(sorted(books.units), 2):
            yield comparing.check_team(books, unit)
        yield from self.what_ifs(books)
        if last and not last.torn:
            since = last.at + timedelta(seconds=30)
            for email in ask.sample(touched, min(3, len(touched))):
                if email in (*last.books.accounts, *last.books.records):
                    yield differing.check_diff(self.ledger, email, (newest - 1, newest), (since, None))
        for _ in range(2):
            yield from self.past(touched or everybody)

    def what_ifs(self, books: Books) -> Iterator[Iterator[Mismatch]]:
        """Other attributes, and a whole move."""
        able, ask = comparing.usable(books, answers.people(books)), self.curious
        for email in ask.sample(able, min(2, len(able))):
            yield comparing.check_what_if(books, email, self.supposed(books))
        if leaning := comparing.leaning(books, able):
            email, attribute = ask.choice(leaning)
            yield comparing.check_what_if(books, email, {attribute: ""})
        teams = [each for each in books.units.values() if each.kind == "team" and home(books, each)]
        if able and teams and "moves" not in self.play.skip:
            yield comparing.check_move(books, ask.choice(able), ask.choice(teams))

    def supposed(self, books: Books) -> dict[str, str]:
        """Attributes to ask about: values that people have."""
        teams = [each.value for each in books.units.values() if each.kind == "team"]
        departments = [each.value for each in books.units.values() if each.kind == "department"]
        kinds = ("Employee", "Contractor")
        chosen = {
            "team": self.curious.choice(teams),
            "department": self.curious.choice([*departments, ""]),
            "site": self.curious.choice(SITES),
            "userType": self.curious.choice(kinds),
        }
        return {
            name: chosen[name] for name in self.curious.sample(sorted(chosen), self.curious.choice((1, 1, 2)))
        }

    def past(self, people: list[str]) -> Iterator[Iterator[Mismatch]]:
        """A random moment since the first read."""
        number = self.curious.randrange(len(self.history))
        stood, at = self.history[number], self.within(number)
        email = self.curious.choice(sorted({*people, *answers.people(stood.books)}))
        if stood.torn:
            yield comparing.check_torn(stood, email, at)
            return
        known = any(
            email in (*each.books.accounts, *each.books.records) for each in self.history[: number + 1]
        )
        if known:
            yield comparing.check_access(stood.books, email, stood.at.date(), at)
            yield differing.check_diff(self.ledger, email, (number, len(self.history) - 1), (at, None))
            thing = self.curious.choice([*stood.books.apps, *stood.books.groups])
            yield differing.check_why(self.ledger, email, thing, number, at)
        yield comparing.check_who(
            stood.books, self.curious.choice([*stood.books.apps, *stood.books.groups]), at
        )
        yield comparing.check_team(stood.books, self.curious.choice(sorted(stood.books.units)), at)

    def within(self, number: int) -> datetime:
        """A moment between one read and the next."""
        start = self.history[number].at + timedelta(seconds=30)
        end = self.history[number + 1].at if number + 1 < len(self.history) else self.now
        return start + (end - start) * self.curious.random()

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
