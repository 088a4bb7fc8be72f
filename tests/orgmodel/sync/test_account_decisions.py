"""What an admin decides about whose an account is lasts, can be taken back, and moves nobody."""

from datetime import UTC, datetime

import pytest

from orgmodel.facts import AccountFact, AssignmentFact, Fact
from orgmodel.models import (
    Account,
    AccountDecision,
    Assignment,
    Change,
    Grant,
    Handover,
    ManagerLine,
    Move,
    Person,
)
from orgmodel.queries.accounts import accounts_of
from orgmodel.queries.moments import Moment
from orgmodel.queries.people import find_person
from orgmodel.queries.visibility import OPERATOR
from orgmodel.sources import registry
from orgmodel.sync import account_decisions as decisions
from orgmodel.sync.decisions import Decider, Refused
from tests.orgmodel.sources.doors import DOORS

from .test_people import hr, joined, sync
from .world import account, group, member, moment, unit

pytestmark = pytest.mark.django_db

NADIA_HR = hr("1001", "Nadia Brandt", email="nadia@nordwind.example", title="Engineer", manager_ref="1002")
LENA_HR = hr("1002", "Lena Osei", email="lena@nordwind.example")
TWIN_HR = hr("1003", "Nadia Brandt", email="nadia@nordwind.example")
NADIA = account("00unadia", "Nadia", email="nadia@nordwind.example")
LENA = account("00ulena", "Lena", email="lena@nordwind.example")
STAFF: list[Fact] = [group("00gstaff"), member("00unadia", "00gstaff"), member("00ulena", "00gstaff")]
APART = {("1001",), ("1003",), ("00unadia",), ("00ulena", "1002")}


def by(reason: str = "asked her", actor: Person | None = None) -> Decider:
    return Decider(actor.pk if actor else None, datetime(2026, 3, 2, tzinfo=UTC), reason)


def of(native_id: str) -> Account:
    return Account.objects.get(native_id=native_id)


def person_of(native_id: str) -> Person:
    found = of(native_id).person
    assert found is not None
    return found


def read(day: float, *hris: AccountFact) -> None:
    sync(hris or [NADIA_HR, LENA_HR, TWIN_HR], day, "hris")
    sync([NADIA, LENA, *STAFF], day + 0.1)


def link(native_id: str, to: Person, **more: bool) -> None:
    decisions.link(of(native_id).pk, to.pk, by(), **more)


def test_what_was_ambiguous_is_linked_by_hand_and_stays_so() -> None:
    read(0)
    assert joined() == APART
    nadia = person_of("1001")
    link("00unadia", nadia)
    assert joined() == APART
    read(1)
    linked = {("00unadia", "1001"), ("1003",), ("00ulena", "1002"), ()}
    assert joined() == linked
    sync([LENA, *STAFF[::2]], 2)
    sync([NADIA._replace(email="other@nordwind.example", employee_number="1003"), LENA, *STAFF], 3)
    assert joined() == linked
    assert of("00unadia").match == "linked by hand"


def test_a_link_moves_nobody_and_says_who_decided_it() -> None:
    read(0)
    nadia, alone = person_of("1001"), person_of("00unadia")
    link("00unadia", nadia)
    read(1)
    alone.refresh_from_db()
    assert (alone.status, alone.merged_into) == ("ended", nadia)
    assert not Move.objects.exists()
    changed = Change.objects.filter(run__started=moment(1), baseline=False).order_by(
        "kind", "verb", "person_id"
    )
    assert [(each.kind, each.verb, each.person) for each in changed] == [
        ("handover", "began", nadia),
        ("handover", "ended", alone),
        ("person", "changed", alone),
    ]
    cause = {"kind": "linked", "actor": "somebody on the server", "reason": "asked her"}
    assert [each.cause for each in changed] == [cause] * 3
    assert find_person(alone.key) == nadia.pk


def test_undone_both_are_there_again_with_their_own_past() -> None:
    read(0)
    nadia, alone = person_of("1001"), person_of("00unadia")
    link("00unadia", nadia)
    read(1)
    decisions.undo(of("00unadia").pk, by("it was not her"))
    read(2)
    assert joined() == APART
    alone.refresh_from_db()
    assert (alone.status, alone.ended, alone.merged_into) == ("active", None, None)
    assert of("00unadia").match == "own record"
    assert find_person(alone.key) == alone.pk
    assert Change.objects.filter(kind="grant", person=alone).count() == 1
    assert [each.act for each in AccountDecision.objects.order_by("pk")] == ["link", "undo"]
    assert not Move.objects.exists()


def test_an_unlinked_account_is_somebody_of_its_own_whatever_the_evidence_says() -> None:
    read(0, NADIA_HR, LENA_HR)
    assert joined() == {("00unadia", "1001"), ("00ulena", "1002")}
    decisions.unlink(of("00unadia").pk, by("a test account"))
    for day in (1, 2):
        read(day, NADIA_HR, LENA_HR)
        assert joined() == {("00unadia",), ("1001",), ("00ulena", "1002")}
    sync([LENA, *STAFF[::2]], 3)
    read(4, NADIA_HR, LENA_HR)
    assert joined() == {("00unadia",), ("1001",), ("00ulena", "1002")}
    assert not Move.objects.exclude(person=person_of("00unadia")).exists()
    decisions.undo(of("00unadia").pk, by())
    read(5, NADIA_HR, LENA_HR)
    assert joined() == {("00unadia", "1001"), ("00ulena", "1002"), ()}
    assert Grant.objects.filter(account__person=person_of("1001"), ended=None).exists()
    assert Handover.objects.count() == 2


BACK_HR = hr("2001", "Nadia Brandt", email="n.brandt@nordwind.example", title="Engineer", manager_ref="1002")
CUCUMBER = unit("team", "t1", "Cucumber", "cucumber")


def placed(person: str) -> AssignmentFact:
    return AssignmentFact(person, "t1", "primary", None, None)


def test_a_record_made_anew_takes_units_and_reports_along_and_nobody_moves() -> None:
    lena = LENA_HR._replace(manager_ref="2001")
    hris: list[Fact] = [CUCUMBER, NADIA_HR, BACK_HR, lena, placed("2001"), placed("1002")]
    okta = [NADIA, LENA, *STAFF]
    for day in (0, 1):
        sync(hris, day, "hris")
        sync(okta, day + 0.1)
    nadia, back = person_of("1001"), person_of("2001")
    assert ManagerLine.objects.get(person__name="Lena Osei", ended=None).manager == back
    link("2001", nadia)
    sync(okta, 2)
    for day in (3, 4):
        sync(hris, day, "hris")
        sync(okta, day + 0.1)
    assert ("00unadia", "1001", "2001") in joined()
    assert ManagerLine.objects.get(person__name="Lena Osei", ended=None).manager == nadia
    assert Assignment.objects.get(person=nadia, ended=None).unit.name == "Cucumber"
    assert Assignment.objects.filter(person=back).count() == 1
    assert not Move.objects.exists()
    then, today = Moment(moment(1.5), live=False), Moment(moment(5), live=True)
    of_nadia = [accounts_of(nadia.pk, at, OPERATOR) or () for at in (then, today)]
    assert [len(each) for each in of_nadia] == [2, 3]
    assert [each.native_id for each in accounts_of(back.pk, then, OPERATOR) or ()] == ["2001"]
    decisions.undo(of("2001").pk, by("they are two"))
    sync(okta, 5)
    for day in (6, 7):
        sync(hris, day, "hris")
        sync(okta, day + 0.1)
    assert ManagerLine.objects.get(person__name="Lena Osei", ended=None).manager == back
    assert Assignment.objects.get(person=back, ended=None).unit.name == "Cucumber"
    assert not Assignment.objects.filter(person=nadia, ended=None).exists()
    assert not Move.objects.exists()


def test_with_all_accounts_two_people_are_one_and_both_are_back_when_each_is_taken_back() -> None:
    porter = account("d1", "Porter", email="", login="", employee_number="2001")
    with registry.add(DOORS):
        sync([NADIA_HR, LENA_HR, BACK_HR], 0, "hris")
        sync([NADIA, LENA, *STAFF], 0.1)
        sync([porter], 0.2, "doors")
        nadia, back = person_of("1001"), person_of("2001")
        assert person_of("d1") == back
        link("2001", nadia)
        sync([NADIA, LENA, *STAFF], 1)
        assert person_of("d1") == person_of("2001") == nadia
        decisions.undo(of("2001").pk, by())
        sync([porter], 2, "doors")
        assert person_of("d1") == person_of("2001") == back
        link("00ulena", back, with_others=True)
        sync([NADIA, LENA, *STAFF], 3)
        assert ("00ulena", "1002", "2001", "d1") in joined()
        decisions.unlink(of("d1").pk, by("the porter has left"))
        for day in (4, 5):
            sync([porter], day, "doors")
            assert (of("d1").person, of("d1").match) == (None, "kept apart by hand")
    assert not Move.objects.exists()


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_decision_needs_a_reason(reason: str) -> None:
    read(0)
    with pytest.raises(Refused, match="Say why"):
        decisions.link(of("00unadia").pk, person_of("1001").pk, by(reason))
    assert not AccountDecision.objects.exists()


def test_whoever_really_leaves_while_a_decision_is_applied_has_left() -> None:
    read(0)
    link("00unadia", person_of("1001"))
    sync([NADIA_HR._replace(status="ended"), LENA_HR, TWIN_HR], 1, "hris")
    assert [(each.person.name, each.kind) for each in Move.objects.all()] == [("Nadia Brandt", "leaver")]
