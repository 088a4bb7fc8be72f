"""Okta and a second system for tests: the highest level counts there, and it has words of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

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
