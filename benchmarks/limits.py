"""How long reads take at the rate limits of a real organisation, on a clock that nobody waits for.

The pretend Okta counts calls and refuses as Okta does; nothing is written to the database.
"""

import random
import statistics
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from orgmodel.conventions import parse_conventions
from orgmodel.facts import AccountFact, GrantFact
from orgmodel.marks import Covered
from orgmodel.reports import Part
from orgmodel.sources.http import LANES
from orgmodel.sources.okta import OktaSettings
from orgmodel.sources.okta import reader as reading_of_okta
from orgmodel.sources.okta.client import OktaClient
from orgmodel.sources.okta.declared import reader as reader_of
from orgmodel.sources.okta.part_queue import PartQueue
from orgmodel.sources.source import Reading

from .calls import LOG, LONG, formula
from .report import Line
from .simulated import Clock, Distant
from .tenant import age, count

if TYPE_CHECKING:
    from sandbox.okta.server import OktaServer

LIMITS = {
    "users": 600,
    "groups": 500,
    "apps": 100,
    "logs": 50,
    "users/{id}": 1000,
    "groups/{id}": 600,
    "apps/{id}": 500,
    "other": 600,
}
"""Calls a minute, per bucket of Okta's."""
SHARE = 0.5
"""Ours; so many as are on their way at once may come on top, where two reads fall into one minute."""
ANSWER = 0.2
"""Seconds that Okta takes for one."""
EVERY = 60.0
"""Seconds from one read to the next."""
TICKS, MOVES = 20, 5
"""How many reads of what has changed are looked at, and how many people move before each."""
REORGANISED = 200
MOST_MINUTES, MOST_CALLS = 1.1, 1.02
"""Times the bound; times the formula: each slice looks for changes, too."""
QUIET = 4
"""Users, groups, a page of rules, the log."""
OLDEST = 75
"""Seconds that a change may be old when it was read."""
SLICE = 40.0
"""As the worker has it: after so many seconds the rest is left to the next read."""
KEPT = (AccountFact, GrantFact, Covered)
HOUR = 3600.0
MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)


def measure(size: str) -> Iterator[Line]:
    """A first read, some of what has changed, and one after a reorganisation."""
    from sandbox.company import Company
    from sandbox.okta.server import OktaServer

    clock = Clock(MORNING)
    company = Company(size=size, now=clock.moment)
    # The company is old enough for its founding to be no news.
    clock.sleep(HOUR)
    age(company.tenant)
    with OktaServer(company.tenant) as okta, _simulated(clock):
        okta.clock, okta.limits = clock.epoch, LIMITS
        following = _Following(okta, clock, company.sightline_toml())
        yield from _first(following)
        yield from _ticks(following)
        yield from _reorganisation(following)
        for name in ("users", "groups", "apps", "logs"):
            ours, most = LIMITS[name] * SHARE + LANES, okta.most[name]
            yield Line(f"most calls a minute: {name}", str(most), f"{ours:.0f}", most / ours, 1.0)


@contextmanager
def _simulated(clock: Clock) -> Iterator[None]:
    """Whoever reads Okta lives by this clock."""

    def client(*arguments: Any, **more: Any) -> OktaClient:
        more |= {"sleep": clock.sleep, "clock": clock.now, "transport": Distant(clock, ANSWER)}
        return OktaClient(*arguments, **more)

    queue = partial(PartQueue, clock=clock.now)
    with (
        patch.object(reading_of_okta, "OktaClient", client),
        patch.object(reading_of_okta, "PartQueue", queue),
    ):
        yield


class _Following:
    """Reads of one tenant, each from where the one before ended, as the worker makes them.

    `left`: what a read of everything, which goes on in slices, has still to ask for.
    """

    def __init__(self, okta: "OktaServer", clock: Clock, conventions: str) -> None:
        self.okta, self.clock = okta, clock
        self._conventions = parse_conventions(tomllib.loads(conventions))
        self._settings = OktaSettings(url=okta.url, token=okta.token, budget=SHARE)
        self._cursors: dict[str, str] = {}
        self._begun: datetime | None = None
        self._whole: datetime | None = None
        self._next = 0.0
        self.left: list[Part] = []
        self.dice = random.Random(7)  # noqa: S311  # a pretend company

    def read(self, *, full: bool = False) -> Sequence[Any]:
        """The next minute's read: the accounts and memberships that it gives."""
        self.clock.sleep(max(self._next - self.clock.now(), 0.0))
        self._next, started = self.clock.now() + EVERY, self.clock.moment()
        reading = Reading(
            self._conventions,
            started,
            self._cursors,
            full=full,
            seconds=SLICE,
            whole=self._whole,
            under_way=self._begun is not None and not full,
            left=() if full else self.left,
        )
        reader = reader_of(self._settings, reading)
        facts = [fact for batch in reader.batches() for fact in batch if isinstance(fact, KEPT)]
        self._cursors |= reader.report.cursors
        if reader.report.left is not None:
            self._begun, self.left = started, [*reader.report.left]
        read = {(fact.kind, fact.owner) for fact in facts if isinstance(fact, Covered)}
        self.left = [part for part in self.left if (part.kind, part.owner) not in read]
        if self._begun and not self.left:
            self._whole, self._begun = self._begun, None
        return facts

    def read_after_moves(self, *, full: bool = False) -> float:
        """Some people move in the minute before the next read. Seconds from there until a read has shown it.

        Where the lists of a read of everything take all of a slice, that is the slice after it.
        """
        self.clock.sleep(max(self._next - self.clock.now(), 0.0) * self.dice.random())
        moved, at = self.move(MOVES), self.clock.now()
        facts = [*self.read(full=full)]
        while self.left and self._not_given(facts, moved):
            facts += self.read()
        self.require_given(facts, moved)
        return self.clock.now() - at

    def require_given(self, facts: Sequence[Any], moved: Mapping[str, str]) -> None:
        """Ends the measuring where a move, or a membership of who moved, was not read."""
        if missing := self._not_given(facts, moved):
            raise SystemExit(f"The move of {missing[0]} to {moved[missing[0]]} was not read.")

    def _not_given(self, facts: Sequence[Any], moved: Mapping[str, str]) -> list[str]:
        teams = {
            each.native_id: each.attributes.get("team") for each in facts if isinstance(each, AccountFact)
        }
        members = {(each.account, each.target.native_id) for each in facts if isinstance(each, GrantFact)}
        groups = {team: self.okta.tenant.group(f"team-{team}").id for team in moved.values()}
        return [
            native
            for native, team in moved.items()
            if teams.get(native) != team or (native, groups[team]) not in members
        ]

    def calls(self) -> Counter[str]:
        """How often each address was asked since the last time this was called."""
        found = Counter(self.okta.calls)
        self.okta.calls.clear()
        return found

    def move(self, people: int) -> Mapping[str, str]:
        """About so many people change to the team of another; who, and to which team."""
        users = [user for user in self.okta.tenant.users.values() if user.status == "ACTIVE"]
        chosen = self.dice.sample([user for user in users if user.profile.get("team")], people)
        teams = [user.profile["team"] for user in (*chosen[1:], *chosen[:1])]
        pairs = zip(chosen, teams, strict=True)
        moved = {user.id: team for user, team in pairs if user.profile["team"] != team}
        with self.okta.tenant.lock:
            for native, team in moved.items():
                self.okta.tenant.set_profile(self.okta.tenant.users[native], {"team": team})
        return moved


def bound(calls: Mapping[str, int]) -> float:
    """Minutes that so many calls need at least, by the slowest bucket."""
    used: Counter[str] = Counter()
    for address, number in calls.items():
        bucket = address.removeprefix("GET /api/v1/").split("/")[0]
        used[bucket if bucket in LIMITS else "other"] += number
    return max(number / (SHARE * LIMITS[bucket]) for bucket, number in used.items())


def _first(following: _Following) -> Iterator[Line]:
    right = formula(count(following.okta.tenant))
    following.read()
    slices = 1
    while following.left:
        following.read()
        slices += 1
    minutes, made = (following.clock.now() - HOUR) / 60, following.calls()
    made.pop(LOG, 0)
    least, total = bound(right), sum(right.values())
    yield Line("first complete read", f"{minutes:.1f} min", f"{least:.1f} min", minutes / least, MOST_MINUTES)
    yield Line(
        f"its calls, in {slices} slices", str(made.total()), str(total), made.total() / total, MOST_CALLS
    )


def _ticks(following: _Following) -> Iterator[Line]:
    """How old a change is when it was read: as a rule, and while everything is read anew."""
    ages, calls = [], []
    for _ in range(TICKS):
        ages.append(following.read_after_moves())
        calls.append(following.calls().total())
    yield from _ages("", ages)
    yield Line(f"calls of a read after {MOVES} people moved", f"{statistics.median(calls):.0f}")
    following.read()
    quiet = following.calls().total()
    yield Line("calls of a read after nothing happened", str(quiet), str(QUIET), quiet / QUIET, 1.0)
    ages = [following.read_after_moves(full=True)]
    while following.left:
        ages.append(following.read_after_moves())
    yield from _ages(" while all is read anew", ages[1:] or ages)
    following.calls()


def _ages(when: str, ages: Sequence[float]) -> Iterator[Line]:
    yield Line(f"from a change to its read{when}, middle", f"{statistics.median(ages):.0f} s")
    most = max(ages)
    yield Line(
        f"from a change to its read{when}, longest", f"{most:.0f} s", f"{OLDEST} s", most / OLDEST, 1.0
    )


def _reorganisation(following: _Following) -> Iterator[Line]:
    """Only the groups that it touched are read again."""
    groups = following.okta.tenant.groups.values()
    before = {group.id: group.membership for group in groups}
    moved, began = following.move(REORGANISED), following.clock.now()
    touched = [group for group in groups if group.membership != before[group.id]]
    following.require_given(following.read(), moved)
    made, seconds = following.calls(), following.clock.now() - began
    least = sum(max(1, -(-len(group.members) // LONG)) for group in touched)
    lists = made["GET /api/v1/groups/{id}/users"]
    words = f"after {len(moved)} people moved"
    yield Line(f"{words}: members of {len(touched)} groups", f"{lists} calls", str(least), lists / least, 1.0)
    yield Line(f"{words}: all calls", str(made.total()))
    yield Line(f"{words}: read in", f"{seconds:.0f} s")
