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
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from orgmodel.conventions import parse_conventions
from orgmodel.facts import AccountFact, GrantFact
from orgmodel.sources.okta import OktaSettings
from orgmodel.sources.okta import reader as reading_of_okta
from orgmodel.sources.okta.client import OktaClient
from orgmodel.sources.okta.declared import reader as reader_of
from orgmodel.sources.source import Reading

from .calls import LOG, formula
from .report import Line
from .simulated import Clock, Distant
from .tenant import count

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
ANSWER = 0.2
"""Seconds that Okta takes for one."""
EVERY = 60.0
"""Seconds from one read to the next."""
TICKS, MOVES = 20, 5
"""How many reads of what has changed are looked at, and how many people move before each."""
REORGANISED = 200
MOST_MINUTES = 1.1
"""Times the bound."""
MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)


def measure(size: str) -> Iterator[Line]:
    """A first read, some of what has changed, and one after a reorganisation."""
    from sandbox.company import Company
    from sandbox.okta.server import OktaServer

    clock = Clock(MORNING)
    company = Company(size=size, now=clock.moment)
    with OktaServer(company.tenant) as okta, _simulated(clock):
        okta.clock, okta.limits = clock.epoch, LIMITS
        following = _Following(okta, clock, company.sightline_toml())
        yield from _first(following)
        yield from _ticks(following)
        yield from _reorganisation(following)
        for name in ("users", "groups", "apps", "logs"):
            ours = LIMITS[name] * SHARE
            most = okta.most[name]
            yield Line(f"most calls a minute: {name}", str(most), f"{ours:.0f}", most / ours, 1.0)


@contextmanager
def _simulated(clock: Clock) -> Iterator[None]:
    """Whoever reads Okta lives by this clock."""

    def client(*arguments: Any, **more: Any) -> OktaClient:
        more |= {"sleep": clock.sleep, "clock": clock.now, "transport": Distant(clock, ANSWER)}
        return OktaClient(*arguments, **more)

    with patch.object(reading_of_okta, "OktaClient", client):
        yield


class _Following:
    """Reads of one tenant, each from where the one before ended."""

    def __init__(self, okta: "OktaServer", clock: Clock, conventions: str) -> None:
        self.okta, self.clock = okta, clock
        self._conventions = parse_conventions(tomllib.loads(conventions))
        self._cursors: dict[str, str] = {}
        self._settings = OktaSettings(url=okta.url, token=okta.token, budget=SHARE)
        self.dice = random.Random(7)  # noqa: S311  # a pretend company

    def read(self) -> Sequence[Any]:
        """The accounts and memberships that a read gives."""
        reading = Reading(self._conventions, self.clock.moment(), self._cursors, full=False)
        reader = reader_of(self._settings, reading)
        kept = (AccountFact, GrantFact) if self._cursors else ()
        facts = [fact for batch in reader.batches() for fact in batch if isinstance(fact, kept)]
        self._cursors |= reader.report.cursors
        return facts

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
    began = following.clock.now()
    following.read()
    minutes = (following.clock.now() - began) / 60
    made = following.calls()
    made.pop(LOG, 0)
    least = bound(right)
    total = sum(right.values())
    yield Line("first complete read", f"{minutes:.1f} min", f"{least:.1f} min", minutes / least, MOST_MINUTES)
    yield Line("its calls", str(made.total()), str(total), made.total() / total, 1.02)


def _ticks(following: _Following) -> Iterator[Line]:
    """From a move to the end of the read that gives it with its groups."""
    ages, calls = [], []
    for _ in range(TICKS):
        waited = following.dice.uniform(0, EVERY)
        following.clock.sleep(EVERY - waited)
        moved, at = following.move(MOVES), following.clock.now()
        following.clock.sleep(waited)
        facts = following.read()
        calls.append(following.calls().total())
        require_given(facts, moved, following)
        ages.append(following.clock.now() - at)
    yield Line("from a change to its read, middle", f"{statistics.median(ages):.0f} s")
    yield Line("from a change to its read, longest", f"{max(ages):.0f} s", "300 s", max(ages) / 300, 1.0)
    yield Line(f"calls of a read after {MOVES} people moved", f"{statistics.median(calls):.0f}")
    following.clock.sleep(EVERY)
    following.read()
    quiet, least = following.calls().total(), 3 + -(-len(following.okta.tenant.rules) // 200)
    yield Line("calls of a read after nothing happened", str(quiet), str(least), quiet / least, 1.0)


def require_given(facts: Sequence[Any], moved: Mapping[str, str], following: _Following) -> None:
    """Ends the measuring where a move, or a membership of who moved, was not read."""
    teams = {fact.native_id: fact.attributes.get("team") for fact in facts if isinstance(fact, AccountFact)}
    members = {(fact.account, fact.target.native_id) for fact in facts if isinstance(fact, GrantFact)}
    tenant = following.okta.tenant
    for native, team in moved.items():
        group = tenant.group(f"team-{team}").id
        if teams.get(native) != team or (native, group) not in members:
            raise SystemExit(f"The move of {native} to {team} was not read.")


def _reorganisation(following: _Following) -> Iterator[Line]:
    """Only the groups that it touched are read again."""
    groups = following.okta.tenant.groups.values()
    before = {group.id: group.membership for group in groups}
    following.clock.sleep(EVERY)
    moved, began = following.move(REORGANISED), following.clock.now()
    touched = [group for group in groups if group.membership != before[group.id]]
    facts = following.read()
    require_given(facts, moved, following)
    made, seconds = following.calls(), following.clock.now() - began
    least = sum(max(1, -(-len(group.members) // 200)) for group in touched)
    lists = made["GET /api/v1/groups/{id}/users"]
    words = f"after {len(moved)} people moved"
    yield Line(f"{words}: members of {len(touched)} groups", f"{lists} calls", str(least), lists / least, 1.0)
    yield Line(f"{words}: all calls", str(made.total()))
    yield Line(f"{words}: read in", f"{seconds:.0f} s")
