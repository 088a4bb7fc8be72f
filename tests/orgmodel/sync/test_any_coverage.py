"""The merge under any coverage, over two sources, against a model of ten lines.

What is current afterwards is what was given, and of what was current before all that no mark covers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.marks import Covered, Unreadable
from orgmodel.models import Grant, Owner
from orgmodel.sources import registry
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sources.doors import DOORS

from .world import FactsReader, account, group, member, moment

pytestmark = pytest.mark.django_db

SOURCES = ("okta", "doors")
ACCOUNTS = ("alma", "bo", "chen")
GROUPS = ("alma", "g1", "g2")
"""One group bears the id of an account: ids of another kind are other ids."""
CONVENTIONS = Conventions(shrink_share=1.0)
Pair = tuple[str, str]


@dataclass(frozen=True)
class Read:
    """One read of one source: memberships given, and how far it looked."""

    source: str
    given: frozenset[Pair]
    marks: tuple[Covered | Unreadable, ...]

    def facts(self) -> Sequence[Fact]:
        return [member(*pair) for pair in sorted(self.given)]


def sees(marks: Sequence[Covered | Unreadable], pair: Pair) -> bool:
    """The model: whether the absence of a membership, as account and group, says that it has ended."""
    who, what = pair
    hidden = {("grant", who), ("grant", what), ("account", who), ("resource", what)}
    anything = {("grant", ""), ("account", ""), ("resource", "")}
    unread = {(mark.kind, mark.native_id) for mark in marks if isinstance(mark, Unreadable)}
    covered = {mark for mark in marks if isinstance(mark, Covered)}
    whole = any(mark.kind == "grant" and not mark.owner for mark in covered)
    looked = whole or {Covered("grant", what), Covered("grant", who, "account")} & covered
    return bool(looked) and not unread & (hidden | anything)


def reads() -> st.SearchStrategy[Read]:
    """Mostly a few marks; a mark that speaks of nothing known is one, too."""
    lists = st.builds(Covered, st.just("grant"), st.sampled_from(["", *GROUPS, "nobody"]))
    people = st.builds(Covered, st.just("grant"), st.sampled_from(ACCOUNTS), st.just("account"))
    others = st.builds(Covered, st.sampled_from(["owner", "seat"]), st.sampled_from(["", *GROUPS]))
    hidden = st.builds(
        Unreadable,
        st.sampled_from(["grant", "account", "resource", "owner"]),
        st.sampled_from(["", *ACCOUNTS, *GROUPS]),
    )
    marks = st.lists(st.one_of(lists, lists, people, others, hidden), max_size=4, unique=True)
    pairs = st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(GROUPS))
    return st.builds(
        Read,
        st.sampled_from(SOURCES),
        st.frozensets(pairs, max_size=6),
        marks.map(tuple),
    )


def current(source: str) -> set[Pair]:
    rows = Grant.objects.filter(ended=None, account__source=source)
    found = rows.values_list("account__native_id", "entitlement__resource__native_id")
    assert len(found) == len(set(found))
    return set(found)


# A transaction of its own per example, rolled back: no company knows of the one before.
@pytest.mark.no_cover
@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(reads(), min_size=2, max_size=6))
def test_what_is_current_after_any_reads_of_two_sources(played: list[Read]) -> None:
    people: list[Fact] = [*map(account, ACCOUNTS), *map(group, GROUPS)]
    known: dict[str, set[Pair]] = {source: {("alma", "g1")} for source in SOURCES}
    with registry.add(DOORS), transaction.atomic():
        for source in SOURCES:
            read_and_apply(
                FactsReader([*people, member("alma", "g1")], source), CONVENTIONS, "okta", now=moment(0)
            )
        for number, read in enumerate(played, 1):
            note(f"read {number}: {read}")
            before = known[read.source]
            known[read.source] = set(read.given) | {pair for pair in before if not sees(read.marks, pair)}
            reader = FactsReader(read.facts(), read.source, marks=read.marks)
            outcome = read_and_apply(reader, CONVENTIONS, "okta", now=moment(number))
            if outcome.outcome == "quarantined":
                # Only where all was seen can all of it be missed; nothing was applied then.
                assert "no memberships at all" in outcome.reason
                assert not known[read.source]
                known[read.source] = before
            assert {source: current(source) for source in SOURCES} == known
        assert not Owner.objects.exists()
        transaction.set_rollback(True)
