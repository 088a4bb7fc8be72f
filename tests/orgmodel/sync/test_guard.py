"""What the guard holds back, what it lets pass, and how a human lets an answer through."""

from collections.abc import Sequence

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.models import Account, Change, Grant, OrgUnit, Person, Resource, Run, RunDecision
from orgmodel.sync.decisions import Decider, Refused
from orgmodel.sync.run_decisions import drop, release
from orgmodel.sync.runs import SyncOutcome, read_and_apply

from .world import FactsReader, account, app, group, member, moment, opens, seat, unit

pytestmark = pytest.mark.django_db

CROWD: list[Fact] = [account(f"p{number}") for number in range(20)]
BEDS: list[Fact] = [group(f"00g{number}") for number in range(4)]
HELD: list[Fact] = [member(f"p{number}", f"00g{number % 4}") for number in range(20)]
APPS: list[Fact] = [app("0oa1"), opens("00g0", "0oa1"), seat("p1", "0oa1")]
COMPANY = [*CROWD, *BEDS, *HELD, *APPS]


def sync(facts: Sequence[Fact], day: float, *, source: str = "okta", preview: bool = False) -> SyncOutcome:
    return read_and_apply(
        FactsReader(facts, source=source), Conventions(), "okta", now=moment(day), preview=preview
    )


def without_people(number: int) -> list[Fact]:
    """The company after the last so many people left; whoever left holds nothing."""
    gone = {f"p{20 - back}" for back in range(1, number + 1)}
    return [fact for fact in COMPANY if fact[0] not in gone]


def test_too_many_people_vanish() -> None:
    sync(COMPANY, 0)
    outcome = sync(without_people(5), 1)
    assert outcome.outcome == "quarantined"
    assert outcome.reason == (
        "5 of 20 accounts would vanish, more than the 20% that limits.shrink_share allows in one run."
        " Check the source, then run the sync again or release this run."
    )
    assert Account.objects.filter(ended=None).count() == 20
    assert Grant.objects.filter(ended=None).count() == 21


def test_as_many_as_the_limit_says_may_go() -> None:
    sync(COMPANY, 0)
    assert sync(without_people(4), 1).outcome == "applied"
    assert Account.objects.filter(ended=None).count() == 16


def test_the_same_number_of_other_people_is_no_company_either() -> None:
    sync(COMPANY, 0)
    strangers = [account(f"x{number}") for number in range(5)]
    outcome = sync([*without_people(5), *strangers], 1)
    assert (outcome.outcome, outcome.reason[:34]) == ("quarantined", "5 of 20 accounts would vanish, mor")


def test_two_groups_of_four_may_always_go() -> None:
    sync(COMPANY, 0)
    facts: list[Fact] = [*CROWD, *BEDS[:2], *HELD[0::4], *HELD[1::4], *APPS]
    assert sync(facts, 1).outcome == "applied"
    assert Resource.objects.filter(kind="group", ended=None).count() == 2


def test_ten_memberships_may_always_go_and_eleven_may_not() -> None:
    sync(COMPANY, 0)
    assert sync([*CROWD, *BEDS, *HELD[11:], *APPS], 1).reason.startswith("11 of 20 memberships would vanish")
    assert sync([*CROWD, *BEDS, *HELD[10:], *APPS], 2).outcome == "applied"


@pytest.mark.parametrize(
    ("left_out", "name"),
    [(opens("00g0", "0oa1"), "assignments of groups to apps"), (seat("p1", "0oa1"), "app assignments")],
)
def test_the_last_of_a_kind_does_not_vanish_in_silence(left_out: Fact, name: str) -> None:
    sync(COMPANY, 0)
    outcome = sync([fact for fact in COMPANY if fact != left_out], 1)
    assert outcome.reason.startswith(f"The answer holds no {name} at all, where 1 is known")


def test_a_group_that_has_members_by_its_statistics_is_not_empty() -> None:
    sync(COMPANY, 0)
    beds = [*BEDS[:3], group("00g3")._replace(members=5)]
    outcome = sync([*CROWD, *beds, *HELD[0::4], *HELD[1::4], *HELD[2::4], *APPS], 1)
    assert (outcome.outcome, outcome.reason) == (
        "quarantined",
        (
            "No members were listed for a group that has members by the source's own statistics: the answer"
            " is partial. Check the source, then run the sync again or release this run."
        ),
    )
    assert Grant.objects.filter(ended=None, entitlement__resource__native_id="00g3").count() == 5


def test_statistics_that_agree_let_a_group_become_empty() -> None:
    sync(COMPANY, 0)
    beds = [*BEDS[:3], group("00g3")._replace(members=0)]
    assert sync([*CROWD, *beds, *HELD[0::4], *HELD[1::4], *HELD[2::4], *APPS], 1).outcome == "applied"
    assert not Grant.objects.filter(ended=None, entitlement__resource__native_id="00g3").exists()


def test_a_released_answer_passes_once() -> None:
    sync(COMPANY, 0)
    sync(without_people(8), 1)
    release(Run.objects.get(outcome="quarantined"), Decider(None, moment(1.5), "True."))
    assert sync(without_people(9), 2).outcome == "quarantined"
    assert sync(without_people(8), 3).outcome == "applied"
    assert Account.objects.filter(ended=None).count() == 12
    assert sync(without_people(12), 4).outcome == "quarantined"


def test_a_release_keeps_who_when_and_why() -> None:
    sync(COMPANY, 0)
    sync(without_people(8), 1)
    run, somebody = Run.objects.get(outcome="quarantined"), Person.objects.order_by("pk")[0]
    with pytest.raises(Refused, match="Say what you checked"):
        release(run, Decider(somebody.pk, moment(1.5), " "))
    assert Run.objects.get(pk=run.pk).released is None
    release(run, Decider(somebody.pk, moment(1.5), " HR confirmed it. "))
    assert Run.objects.get(pk=run.pk).released == moment(1.5)
    kept = RunDecision.objects.values_list("run", "at", "actor", "reason")
    assert list(kept) == [(run.pk, moment(1.5), somebody.pk, "HR confirmed it.")]


def test_what_is_held_back_says_what_it_would_have_done() -> None:
    sync(COMPANY, 0)
    sync(without_people(5), 1)
    would = Run.objects.get(outcome="quarantined").would
    assert would["account"] == {"ended": 5, "names": [["ended", f"P{n}", "okta"] for n in range(15, 20)]}
    assert would["grant"]["ended"] == 5
    assert ["ended", "P16", "00g0"] in would["grant"]["names"]
    assert Account.objects.filter(ended=None).count() == 20
    sync(COMPANY, 2)
    assert Run.objects.latest("pk").would == {}


def test_an_answer_that_is_dropped_waits_for_nobody() -> None:
    sync(COMPANY, 0)
    sync(without_people(8), 1)
    run = Run.objects.get(outcome="quarantined")
    with pytest.raises(Refused, match="Say what is wrong"):
        drop(run, Decider(None, moment(1.5), " "))
    drop(run, Decider(None, moment(1.5), "Half an answer."))
    kept = RunDecision.objects.values_list("run", "act", "reason")
    assert (Run.objects.get(pk=run.pk).outcome, list(kept)) == (
        "dropped",
        [(run.pk, "dropped", "Half an answer.")],
    )
    assert sync(without_people(8), 2).outcome == "quarantined"
    with pytest.raises(ValueError, match="Only a quarantined run"):
        release(run, Decider(None, moment(3), "True."))


def test_only_what_was_held_back_can_be_released() -> None:
    sync(COMPANY, 0)
    with pytest.raises(ValueError, match="Only a quarantined run"):
        release(Run.objects.get(), Decider(None, moment(1), "True."))


@pytest.mark.parametrize(("facts", "name"), [(BEDS, "users"), (CROWD, "groups"), ([], "users")])
def test_a_first_answer_without_people_or_groups_is_held(facts: list[Fact], name: str) -> None:
    outcome = sync(facts, 0)
    assert outcome.outcome == "quarantined"
    assert outcome.reason.startswith(f"The answer holds no {name} at all, where 0 are known")
    assert not Person.objects.exists()
    assert not Resource.objects.exists()


def test_after_a_held_first_answer_the_next_is_still_the_beginning() -> None:
    sync(BEDS, 0)
    sync(COMPANY, 1)
    assert Run.objects.get(outcome="applied").baseline
    assert not Change.objects.filter(baseline=False).exists()


def test_units_are_guarded_too() -> None:
    beds: list[Fact] = [unit("team", f"rec{number}", f"Bed {number}", f"bed-{number}") for number in range(4)]
    sync(beds, 0, source="control")
    assert sync(beds[:1], 1, source="control").reason.startswith("3 of 4 recorded units would vanish")
    assert sync([], 2, source="control").reason.startswith("The answer holds no recorded units at all")
    assert sync(beds[:2], 3, source="control").outcome == "applied"
    assert OrgUnit.objects.filter(ended=None).count() == 2


def test_a_preview_is_judged_and_leaves_no_trace() -> None:
    sync(COMPANY, 0)
    assert sync(without_people(5), 1, preview=True).outcome == "quarantined"
    seen = sync(without_people(4), 2, preview=True)
    assert (seen.outcome, seen.counts["account"]["ended"], seen.counts["grant"]["ended"]) == ("applied", 4, 4)
    assert Run.objects.count() == 1
    assert Account.objects.filter(ended=None).count() == 20
    assert sync(COMPANY, 3).outcome == "unchanged"


def test_an_empty_answer_of_hr_speaks_of_people_and_of_no_token() -> None:
    sync(CROWD, 0, source="hris")
    reason = sync([], 1, source="hris").reason
    assert reason.startswith("The answer holds no people at all, where ")
    assert "Check what the source gives, then run the sync again" in reason
