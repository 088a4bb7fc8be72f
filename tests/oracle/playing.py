"""The play of one seed: a company is founded, steps happen, Sightline reads, and its answers are compared."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import time_machine

from sandbox.okta.server import OktaServer
from sandbox.slack.server import SlackPerson, SlackServer

from . import answers, asking
from .books import Books
from .comparing import Mismatch
from .curiosity import Curious
from .founding import FRONT_DESK, found
from .hearing import Ears
from .holding import Held
from .ledger import Ledger, Stood
from .staging import Stage
from .steps import happen
from .telling import Cases
from .tinkering import for_all
from .world import ACTORS, World, full_name, present

BEGINNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
WAKINGS = 10
"""Of the worker after a read, before the next one."""
TORN_SHARE = 0.15
"""Of the reads, during which something happens."""
LATE_SHARE = 0.1
"""Of the other reads, those that come before the log's lines of what they see."""
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


@dataclass
class Play:
    """One seed. `say` is told every step in words; `found` are the mismatches, each with its step."""

    seed: int
    steps: int
    folder: Path
    say: Callable[[str], None] = lambda text: None
    skip: frozenset[str] = frozenset()
    """What is not compared: causes, messages, moves, holds."""
    incremental: bool = False
    """Sightline reads what has changed where it may, and the log is never late: without it a deletion, or
    what happens to an app, is not seen before the next read."""
    found: list[str] = field(default_factory=list)
    questions: int = 0
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
            with OktaServer(world.tenant) as okta, slack, asking.connected(okta, slack, feed):
                story = _Story(self, world, okta, clock)
                story.tell()
                if "holds" not in self.skip:
                    story.hold(slack)


def _colleagues(world: World) -> Iterator[SlackPerson]:
    """Everybody has Slack."""
    for email in answers.people(world.books):
        yield SlackPerson(email, full_name(email), f"U{email.partition('@')[0].upper()}")


@dataclass
class _Story:
    play: Play
    world: World
    okta: OktaServer
    clock: time_machine.Traveller
    now: datetime = BEGINNING
    held: bool = False
    """The last act: messages are held."""
    lines: int = 0
    """How many lines the log had when the last read began."""

    def __post_init__(self) -> None:
        # Dice of their own: neither what is asked nor a late log must change what happens.
        self.dice = Random(f"steps {self.play.seed}")
        self.luck = Random(f"log {self.play.seed}")
        actors = frozenset(each.name for each in ACTORS)
        self.ledger = Ledger(self.world.books.events, actors, "causes" not in self.play.skip)
        self.history = self.ledger.history
        self.curious = Curious(self.ledger, Random(f"questions {self.play.seed}"), self.play.skip)
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

    def hold(self, slack: SlackServer) -> None:
        """The last act: messages are held."""

        def turn() -> None:
            self.later(minutes=self.dice.choice((1, 20)))
            self.turn()

        def read() -> None:
            self.later(minutes=10)
            self.read(self.world.books.copy(), torn=False)

        def mass(app: str) -> str:
            found, words = for_all(Stage(self.world, self.dice), app)
            self.play.say(f"     held: {words}")
            return found

        self.held = True
        held = Held(self.history, lambda: slack.workspace.posts, turn, read, mass, self.play.say)
        for mismatches in held.tell():
            self.compare(mismatches)

    def later(self, *, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.clock.move_to(self.now)
        self.world.books.today = self.now.date()

    def turn(self) -> None:
        """One step, and what was still on its way."""
        self.play.step += 1
        self.world.turn()
        words = happen(self.world, self.dice)
        self.play.say(f"{self.play.step:4} {self.now:%d %b %H:%M}  {words}")

    def interrupt(self) -> None:
        path = self.dice.choice(PHASES)
        self.play.say(f"     during the next read, before {path}:")
        self.okta.faults.before(path, self.turn)

    def read(self, before: Books, *, torn: bool) -> None:
        """Sightline reads; then it is asked."""
        self.world.write()
        late = self.late_log(torn=torn)
        begun, outcomes = self.now, asking.sync(full=not self.play.incremental)
        # The clock ticks, and a busy machine reads slowly: half a minute from now the read is over.
        self.now = max(begun, present() - timedelta(seconds=30))
        self.logged += late
        self.play.reads += 1
        books = self.world.books.copy()
        missed = self.okta.faults.to_happen
        if missed:  # The call before which it was to happen was never made.
            self.okta.faults.forget_acts()
            torn, books = False, before
            self.world.books.is_read()
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
        if late:
            self.ledger.dark.add(len(self.history))
        self.ledger.add(Stood(self.now, books, before if torn else books, begun))
        if not missed:
            self.world.books.is_read()
        self.later(minutes=1)
        for mismatches in self.curious.during() if torn else self.curious.questions(last, self.now):
            self.compare(mismatches)
        if "messages" not in self.play.skip and not self.held:
            self.ears.cases.read()
            self.compare(self.ears.listen([row for row in self.sent() if row["to"] != FRONT_DESK]))

    def sent(self) -> list[asking.Json]:
        """Every message; what Slack did not take at once goes when the worker wakes the next time."""
        rows = asking.messages()
        for _ in range(WAKINGS):
            if not any(row["state"] == "planned" for row in rows):
                break
            self.later(minutes=1)
            rows = asking.messages()
        return rows

    @property
    def logged(self) -> list[asking.Json]:
        """Okta's log."""
        return self.world.tenant.log.events

    @logged.setter
    def logged(self, events: list[asking.Json]) -> None:
        self.world.tenant.log.events = events

    def late_log(self, *, torn: bool) -> list[asking.Json]:
        """The lines of what happened since the last read, where the next read comes before them."""
        known, self.lines = self.lines, len(self.logged)
        if not self.history or torn or self.play.incremental or self.luck.random() >= LATE_SHARE:
            return []
        late, self.logged = self.logged[known:], self.logged[:known]
        if late:
            self.play.say(f"     Okta's log is late by {len(late)} lines")
        return late

    def compare(self, mismatches: "Iterator[Mismatch] | list[Mismatch]") -> None:
        self.play.questions += 1
        for each in mismatches:
            self.play.first_wrong = self.play.first_wrong or self.play.step
            line = f"seed {self.play.seed}, step {self.play.step}: {each}"
            self.play.found.append(line)
            self.play.say(f"  !! {line}")
