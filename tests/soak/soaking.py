"""The soak: acts, reads, hints and kills in random order, and in the end what is known beside what is so."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from orgmodel.models import PartLeft
from orgmodel.models import Run as RunRow
from orgmodel.sources.hooks import Contents, Named
from orgmodel.sync import hooks
from sandbox.okta.server import OktaServer
from sandbox.okta.tenant import Tenant

from .acts import Company
from .facts import SELDOM, without_rules
from .journal import Journal
from .judging import Feed, Run, differing
from .known import feed, of_read_model
from .readers import Killed, Reader

AT_ONCE = (0, 1, 2, 5, 13, 34, 55, 89)
"""Acts between two reads: few, and what is left when a read takes long or comes late."""
JUDGED = 1_000
"""After so many acts the feed is judged on the way; what it is found to lack then may still come."""
PROGRESS = 60.0
"""Seconds after which it is said how far it is."""
SLICES = (None, 0.05, 0.5)
"""After so many seconds the rest of a read of everything is left to the next; None: it is read to its end."""
TORN, HINTED, FULL, LOOKED = 0.3, 0.3, 0.02, 0.05
"""Shares of the reads: during which something happens; before which a hook names what did; that read
everything; after which all that is known is looked at, if nothing happened meanwhile."""
PHASES = (
    r"/api/v1/logs",
    r"/api/v1/groups/rules",
    r"/api/v1/users",
    r"/api/v1/groups",
    r"/api/v1/groups/[^/]+/users",
    r"/api/v1/apps/[^/]+/users",
    r"/api/v1/apps",
)
"""Before a call of one of these."""


def company(seed: int) -> Company:
    """The company of this seed, before anything happens."""
    made = Company(Tenant(lambda: datetime.now(UTC)), Random(f"soak {seed}"))  # a pretend company
    made.found()
    return made


@dataclass
class Soak:
    """`kill_share`: of the reads. `say` is told what goes wrong, and where it is."""

    company: Company
    okta: OktaServer
    reader: Reader
    kill_share: float = 0.0
    say: Callable[[str], None] = lambda text: None
    at_once: Sequence[int] = AT_ONCE
    runs: list[Run] = field(default_factory=list)
    ticks: int = 0
    kills: int = 0
    hints: int = 0
    slices: int = 0
    """Reads that left the rest of a read of everything to the next, or took it up."""
    stopped: bool = False
    """Somebody wants it to end: what has happened so far is judged."""
    failed: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    judged: int = 0
    """Rows of the feed."""

    def __post_init__(self) -> None:
        self.journal = Journal(self.company.tenant)
        self.dice = Random("order of things")
        self._named = 0
        self._begun = self._progressed = time.monotonic()
        self._judged_until = 0
        self._lacking: set[str] = set()

    def run(self, changes: int) -> None:
        """Let so many changes happen while it is read, unless it is stopped, then compare."""
        self.read(full=True)
        while self.journal.acts < changes and not self.stopped:
            self._one_read()
            self._on_the_way()
        while self.read(full=False) or PartLeft.objects.exists():
            pass
        self.look("at the end, ")
        self.read(full=True)
        self.look("after a read of everything, ", seldom=True)
        self.found.extend(self.wrong())

    def stop(self) -> None:
        """Let nothing more happen."""
        self.stopped = True

    def _one_read(self) -> None:
        for _ in range(self.dice.choice(self.at_once)):
            self.act()
        if self.dice.random() < HINTED:
            self.hint()
        torn = self.dice.random() < TORN
        if torn:
            self.okta.faults.before(self.dice.choice(PHASES), self.act)
        if killed := self.dice.random() < self.kill_share:
            self.okta.faults.before(self.dice.choice(PHASES), self.reader.kill)
        self.read(full=self.dice.random() < FULL)
        self.okta.faults.forget_acts()
        if not torn and not killed and self.dice.random() < LOOKED and not PartLeft.objects.exists():
            self.look("")

    def _on_the_way(self) -> None:
        """Say now and then how far it is, and what the feed lacks so far."""
        now = time.monotonic()
        if now > self._progressed + PROGRESS:
            self._progressed = now
            self.say(next(figures(self, now - self._begun)))
        if self.journal.acts >= self._judged_until + JUDGED:
            self._judged_until = self.journal.acts
            for each in sorted({*self.wrong()} - self._lacking):
                self._lacking.add(each)
                self.say(f"so far, {each}")

    def wrong(self) -> list[str]:
        """What the feed tells otherwise than it was."""
        heard = Feed(self.journal, self.runs, feed())
        self.judged = heard.changes
        return [*heard.wrong()]

    def act(self) -> None:
        self.journal.act(self.company.act)

    def read(self, *, full: bool) -> bool:
        """Read, and note what came of it; after a kill, that too. Whether anything was new."""
        self.ticks += 1
        begun, under_way = self.journal.acts, PartLeft.objects.exists()
        try:
            answers = self.reader.read(full=full, seconds=None if full else self.dice.choice(SLICES))
        except Killed:
            self.kills += 1
            answers = []
        known = max((run.number for run in self.runs), default=0)
        rows = RunRow.objects.filter(pk__gt=known, outcome__in=["applied", "unchanged"]).order_by("pk")
        goes_on = PartLeft.objects.exists()
        self.slices += under_way or goes_on
        self.runs += [
            Run(number, begun, self.journal.acts, mode == "full", not goes_on)
            for number, mode in rows.values_list("pk", "mode")
        ]
        wrong = [each for each in answers if not each.startswith(("applied", "unchanged"))]
        self.failed += wrong
        for each in wrong:
            self.say(f"read {self.ticks}, after act {self.journal.acts}: {each}")
        return answers[:1] != ["unchanged"]

    def hint(self) -> None:
        """A hook names what the log's newest lines are about."""
        events = self.company.tenant.log.events
        kinds = {"User": "account", "UserGroup": "group", "AppInstance": "app"}
        named = {
            Named(kinds[target["type"]], target["id"])
            for event in events[self._named :]
            for target in event["target"]
            if target["type"] in kinds
        }
        self._named = len(events)
        self.hints += hooks.accept(
            "okta", Contents(frozenset(named), f"soak {self.ticks}"), datetime.now(UTC)
        )

    def look(self, when: str, *, seldom: bool = False) -> None:
        """What is known now beside what is so."""
        kinds = None if seldom else {fact[0] for fact in self.journal.facts} - SELDOM
        so, known = self.journal.facts, of_read_model()
        if not seldom:
            so, known = without_rules(so), without_rules(known)
        for each in differing(so, known, kinds):
            self.found.append(f"{when}read {self.ticks}, act {self.journal.acts}: {each}")
            self.say(self.found[-1])


def figures(soak: Soak, seconds: float) -> Iterator[str]:
    """What it came to."""
    full, calls = sum(run.full for run in soak.runs), sum(soak.okta.calls.values())
    yield (
        f"{soak.journal.acts} changes, {soak.ticks} reads ({full} of everything, {soak.slices} in slices,"
        f" {soak.kills} killed, {len(soak.failed)} failed), {soak.hints} hints, {calls} calls,"
        f" {soak.judged} rows of the feed judged, {len(soak.found)} mismatches, {seconds:.0f} s"
    )
    if soak.stopped:
        yield "It was stopped early: what had happened until then was judged."
