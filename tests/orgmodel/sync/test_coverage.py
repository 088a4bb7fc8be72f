"""Absence ends a fact only where the reader has looked: parts, single records, kinds nobody declared."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import MEMBER, EdgeFact, Fact, GrantFact, Ref
from orgmodel.marks import Covered, Unreadable
from orgmodel.models import Account, Attribute, Change, Edge, Grant, Owner, Resource, RuleVersion, Run, Seat
from orgmodel.reports import Report
from orgmodel.sources import registry
from orgmodel.sync.runs import SyncOutcome, read_and_apply
from tests.orgmodel.sources.doors import DOORS

from .twelve import APPS, GROUPS, OKTA, PEOPLE, RULES
from .twelve import sync as whole
from .world import FactsReader, account, group, member, moment, seat

pytestmark = pytest.mark.django_db
Marks = Sequence[Covered | Unreadable]


@pytest.fixture(scope="module", autouse=True)
def doors() -> Iterator[None]:
    with registry.add(DOORS):
        yield


def partial(
    facts: Sequence[Fact], day: float, *marks: Covered | Unreadable, source: str = "okta"
) -> SyncOutcome:
    """A read of these facts that has looked only where the marks say."""
    return read_and_apply(FactsReader(facts, source, marks=marks), Conventions(), "okta", now=moment(day))


def standing() -> dict[str, int]:
    tables = (Account, Resource, Grant, Edge, Seat, RuleVersion, Owner, Attribute)
    return {table.__name__: table.objects.filter(ended=None).count() for table in tables}


def members(group_id: str) -> set[str]:
    rows = Grant.objects.filter(ended=None, entitlement__resource__native_id=group_id)
    return set(rows.values_list("account__native_id", flat=True))


def test_a_read_that_looked_at_nothing_ends_nothing() -> None:
    whole(OKTA, 0)
    before = standing()
    assert partial([], 1).outcome == "unchanged"
    assert standing() == before


def test_the_members_of_one_group_are_all_that_may_end() -> None:
    whole(OKTA, 0)
    assert (members("00g1"), members("00g2")) == ({"p1", "p9"}, {"p2", "p10"})
    outcome = partial([member("p1", "00g1"), member("p7", "00g1")], 1, Covered("grant", "00g1"))
    assert (outcome.outcome, outcome.counts["grant"]) == (
        "applied",
        {"seen": 2, "began": 1, "ended": 1, "changed": 0},
    )
    assert (members("00g1"), members("00g2")) == ({"p1", "p7"}, {"p2", "p10"})
    assert Change.objects.filter(baseline=False).count() == 2


def test_what_was_not_covered_begins_and_never_ends() -> None:
    whole(OKTA, 0)
    assert partial([member("p7", "00g1")], 1).outcome == "applied"
    assert members("00g1") == {"p1", "p7", "p9"}


def test_all_that_one_account_holds_was_asked_for() -> None:
    whole(OKTA, 0)
    partial([member("p1", "00g5")], 1, Covered("grant", "p1", "account"))
    assert {name: members(name) for name in ("00g1", "00g5")} == {"00g1": {"p9"}, "00g5": {"p1", "p5"}}


def test_the_same_id_of_a_group_and_of_an_account_are_two_owners() -> None:
    facts: list[Fact] = [account("5"), account("6"), group("5"), group("6")]
    held: list[Fact] = [member("5", "6"), member("6", "5"), member("6", "6")]
    whole([*facts, *held], 0)
    partial([], 1, Covered("grant", "5"))
    assert (members("5"), members("6")) == (set(), {"5", "6"})
    partial([], 2, Covered("grant", "5", "account"))
    assert members("6") == {"6"}


def test_single_records_that_were_asked_for() -> None:
    whole(OKTA, 0)
    changed = PEOPLE[3]._replace(attributes={"badge": "new"})
    covered = (Covered("account", "p3"), Covered("resource", "00g7"), Covered("rule", "0pr7"))
    assert partial([changed], 1, *covered).outcome == "applied"
    ended = (
        Resource.objects.exclude(ended=None).values_list("native_id", flat=True),
        RuleVersion.objects.exclude(ended=None).values_list("rule__native_id", flat=True),
        Account.objects.exclude(ended=None).values_list("native_id", flat=True),
    )
    assert [list(each) for each in ended] == [["00g7"], ["0pr7"], []]
    values = Attribute.objects.filter(ended=None, account__native_id="p3").values_list("name", "value")
    assert dict(values) == {"badge": "new", "status": "ACTIVE", "title": "Gardener"}
    assert Attribute.objects.filter(ended=None, name="team").count() == 11


def test_an_unreadable_record_shelters_what_hangs_on_it() -> None:
    whole(OKTA, 0)
    before = standing()
    assert partial([], 1, Covered("grant", "00g1"), Unreadable("grant", "00g1")).outcome == "unchanged"
    assert partial([], 2, Covered("grant", "00g1"), Unreadable("account", "p1")).outcome == "applied"
    assert members("00g1") == {"p1"}
    assert partial([], 3, Covered("grant", "00g1"), Unreadable("resource", "00g1")).outcome == "unchanged"
    assert standing() == before | {"Grant": before["Grant"] - 1}


@pytest.mark.parametrize(("kind", "stays"), [("account", "p1"), ("resource", "p1"), ("grant", "p1")])
def test_a_record_that_may_be_any_shelters_all_that_may_hang_on_it(kind: str, stays: str) -> None:
    whole(OKTA, 0)
    assert partial([], 1, Covered("grant", "00g1"), Unreadable(kind, "")).outcome == "unchanged"
    assert stays in members("00g1")


def test_a_direct_assignment_ends_with_the_list_that_it_came_from() -> None:
    direct: list[Fact] = [seat("p0", "0oa0"), seat("p1", "0oa0")]
    company: list[Fact] = [*PEOPLE, *GROUPS, *APPS, member("p0", "00g0"), *direct]
    whole(company, 0)
    partial([], 1, Covered("grant", "0oa0"))
    assert members("0oa0") == {"p0", "p1"}
    partial([seat("p1", "0oa0")], 2, Covered("seat", "0oa0"))
    assert (members("0oa0"), members("00g0")) == ({"p1"}, {"p0"})


def test_a_group_may_lose_most_of_its_members_and_the_company_may_not() -> None:
    crowd = [account(f"p{number}") for number in range(60)]
    groups = [group(f"00g{number}") for number in range(3)]
    held = [member(f"p{number}", f"00g{number % 3}") for number in range(60)]
    whole([*crowd, *groups, *held], 0)
    both = (Covered("grant", "00g0"), Covered("grant", "00g1"))
    outcome = partial([*held[0:27:3], *held[1:48:3]], 1, *both)
    assert (outcome.outcome, outcome.reason) == (
        "quarantined",
        (
            "15 of 60 memberships would vanish, more than the 20% that limits.shrink_share allows in one run."
            " Check the source, then run the sync again or release this run."
        ),
    )
    assert len(members("00g0")) == 20
    assert partial(held[0:27:3], 2, both[0]).outcome == "applied"
    assert len(members("00g0")) == 9
    assert partial([], 3, both[0]).outcome == "applied"
    assert members("00g0") == set()


def test_many_groups_that_lose_half_of_their_members_are_held_back_in_whatever_a_company() -> None:
    crowd = [account(f"p{number}") for number in range(300)]
    groups = [group("crowd"), *(group(f"00g{number}") for number in range(20))]
    held = [member(f"p{number}", f"00g{number % 20}") for number in range(40)]
    whole([*crowd, *groups, *held, *(member(f"p{number}", "crowd") for number in range(300))], 0)
    outcome = partial(held[:20], 1, *(Covered("grant", f"00g{number}") for number in range(20)))
    assert outcome.reason.startswith("20 of 40 memberships would vanish")


def test_a_group_listed_as_empty_against_its_statistics_is_not_believed() -> None:
    whole(OKTA, 0)
    listed = GROUPS[1]._replace(members=2)
    covered = (Covered("resource", "00g1"), Covered("grant", "00g1"))
    assert partial([listed], 1, *covered).reason.startswith("No members were listed for a group that has")
    assert partial([listed], 2, Covered("resource", "00g1")).outcome == "unchanged"


def test_what_another_source_says_is_not_touched() -> None:
    doors: list[Fact] = [account("d1"), account("d2"), group("z1"), member("d1", "z1"), member("d2", "z1")]
    whole(OKTA, 0)
    whole(doors, 0.1, "doors")
    partial([member("d2", "z1")], 1, Covered("grant", "z1"), Covered("grant", "00g1"), source="doors")
    assert (members("z1"), members("00g1")) == ({"d2"}, {"p1", "p9"})
    assert whole(OKTA, 2).outcome == "unchanged"
    assert members("z1") == {"d2"}


def test_not_visible_is_what_was_not_covered_with_the_readers_reason() -> None:
    report = Report(not_visible={"grant": "403", "rule": "403"})
    whole(OKTA, 0)
    marks = [Covered("rule"), Covered("grant", "00g1")]
    outcome = read_and_apply(
        FactsReader([*RULES, member("p1", "00g1"), member("p9", "00g1")], report=report, marks=marks),
        Conventions(),
        "okta",
        now=moment(1),
    )
    assert (outcome.outcome, outcome.not_visible) == ("unchanged", {"grant": "403"})
    assert Run.objects.latest("pk").not_visible == {"grant": "403"}


ZONE = (
    "The source speaks of the kind of resource zone, and none of that name is declared in orgmodel/kinds;"
    " nothing was applied."
)


class DoorFact(NamedTuple):
    native_id: str


@pytest.mark.parametrize(
    ("facts", "marks", "reason"),
    [
        (
            [DoorFact("d1")],
            [],
            (
                "The source gave a DoorFact, and no kind of that is declared in orgmodel/kinds;"
                " nothing was applied."
            ),
        ),
        (
            [GrantFact("p1", Ref("gates", "group", "g1"), MEMBER, "unknown", (), "none")],
            [],
            "The source refers to things of gates, and no source has that name; nothing was applied.",
        ),
        (
            [EdgeFact(Ref("", "group", "00g1"), MEMBER, Ref("gates", "app", "a"), "", "mirrors", 0, "")],
            [],
            "The source refers to things of gates, and no source has that name; nothing was applied.",
        ),
        (
            [EdgeFact(Ref("", "zone", "z1"), "", Ref("", "app", "0oa1"), "", "opens", 0, "")],
            [],
            ZONE,
        ),
        ([group("z1")._replace(kind="zone")], [], ZONE),  # type: ignore[arg-type]
        (
            [],
            [Covered("door")],
            (
                "The source speaks of door, and no such kind of fact is declared in orgmodel/kinds;"
                " nothing was applied."
            ),
        ),
        (
            [],
            [Unreadable("zone", "z1")],
            (
                "The source speaks of zone, and no such kind of fact is declared in orgmodel/kinds;"
                " nothing was applied."
            ),
        ),
    ],
)
def test_a_kind_that_nobody_declared_fails_the_run_by_its_name(
    facts: list[Fact], marks: Marks, reason: str
) -> None:
    outcome = partial([*OKTA, *facts], 0, *marks)
    assert (outcome.outcome, outcome.reason) == ("failed", reason)
    assert not Account.objects.exists()


def test_a_source_of_any_name_is_guarded() -> None:
    facts: list[Fact] = [*PEOPLE, *GROUPS, member("p0", "00g0")]
    assert whole(facts, 0, "doors").outcome == "applied"
    assert whole([], 1, "doors").reason.startswith(
        "The answer holds no users at all, where 12 are known: an empty answer is not an empty company."
    )
    assert whole([*PEOPLE[3:], *facts[12:]], 2, "doors").reason == (
        "3 of 12 accounts would vanish, more than the 20% that limits.shrink_share allows in one run."
        " Check the source, then run the sync again or release this run."
    )
    assert Account.objects.filter(source="doors", ended=None).count() == 12
