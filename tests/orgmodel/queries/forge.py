"""Okta and a second system for tests: the highest level counts there, and it has words of its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random

from orgmodel.conventions import Conventions
from orgmodel.facts import EdgeFact, EdgeSort, Fact, Ref
from orgmodel.sources import registry
from orgmodel.sources.source import Source
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, group, member, moment

LEVELS = ("visitor", "member", "steward")
ADA = account("ada", "Ada Lund")
ALWAYS = (account("bot", "Build bot"), group("all", "forge-all"))
"""An answer without any account or group is not believed."""


@contextmanager
def registered() -> Iterator[None]:
    """GitHub under another name: the highest level counts, and it has words of its own for levels."""
    source: Source[None] = Source(
        name="forge",
        kind="forge",
        label="Forge",
        roles=frozenset({"access"}),
        set_up="set FORGE_URL",
        settings=lambda _: None,
        reader=lambda _given, _reading: FactsReader(()),
        levels={"visitor": 10, "member": 40, "steward": 50},
    )
    with registry.add(source):
        yield


def edge(
    source: Ref, target: Ref, sort: EdgeSort = "opens", levels: tuple[str, str] = ("", ""), cap: str = ""
) -> EdgeFact:
    return EdgeFact(source, levels[0], target, levels[1], sort, 0, cap)


def okta(name: str) -> Ref:
    return Ref("okta", "group", name)


def team(name: str) -> Ref:
    return Ref("forge", "group", name)


def repo(name: str) -> Ref:
    return Ref("forge", "app", name)


def say(day: float, *facts: Fact, source: str = "forge") -> None:
    stated = [*facts, *ALWAYS] if source == "forge" else facts
    outcome = read_and_apply(
        FactsReader(stated, source=source, size=50), Conventions(), "okta", now=moment(day)
    )
    assert outcome.outcome in {"applied", "unchanged"}, outcome.reason


def begin(*groups: str) -> None:
    """Okta with Ada in the first of the groups."""
    say(0, ADA, *(group(name) for name in groups), member("ada", groups[0]), source="okta")


def model(held: set[tuple[Ref, str]], edges: Sequence[EdgeFact]) -> dict[str, str]:
    """Brute force: whatever any edge gives, until nothing new comes; of an app the highest level."""
    while True:
        more = {
            (e.target, e.target_level or LEVELS[min(LEVELS.index(level), LEVELS.index(e.cap or "steward"))])
            for e in edges
            for thing, level in held
            if thing == e.source and e.source_level in {"", level}
        }
        if more <= held:
            break
        held = held | more
    apps: dict[str, str] = {}
    for thing, level in sorted(held, key=lambda each: LEVELS.index(each[1])):
        apps.update({thing.native_id: level} if thing.kind == "app" else {})
    return apps


def made_up(chance: Random) -> list[EdgeFact]:
    """Edges between Okta groups, teams and repositories, cycles included."""
    teams, repos = [team(f"t{n}") for n in range(3)], [repo(f"r{n}") for n in range(4)]
    found = {(okta("g0"), teams[0]): edge(okta("g0"), teams[0], "mirrors", ("member", chance.choice(LEVELS)))}
    for _ in range(9):
        start, end = chance.choice([okta("g0"), okta("g1"), *teams, *repos]), chance.choice([*teams, *repos])
        levels = chance.choice([("", ""), ("", chance.choice(LEVELS)), (chance.choice(LEVELS), "")])
        sort: EdgeSort = chance.choice(["opens", "cascades", "contains"])
        found[start, end] = edge(
            start, end, sort, levels, chance.choice(["", *LEVELS]) if not levels[1] else ""
        )
    return [each for pair, each in found.items() if pair[0] != pair[1]]
