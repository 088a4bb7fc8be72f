"""The reader over real connections to the pretend tenant on loopback: formula, faults, endings."""

from typing import Any

import pytest

from orgmodel.facts import AccountFact, EventFact, GrantFact, ResourceFact
from orgmodel.reports import SourceFailed
from orgmodel.sources.okta import OktaConnection, OktaReader
from orgmodel.sources.okta.auth import Credentials
from orgmodel.sources.okta.check import check
from sandbox.okta.server import OktaServer
from sandbox.okta.tenant import Tenant
from tests.sandbox.nordwind import small

from .organisation import of


def read(okta: OktaServer, budget: float = 1.0, **options: Any) -> tuple[list[Any], OktaReader]:
    reader = OktaReader(
        OktaConnection(okta.url, Credentials(okta.token), budget), level_keys=("role",), jitter=0.0, **options
    )
    return [fact for batch in reader.batches() for fact in batch], reader


def many() -> Tenant:
    """250 people in Radish: more than one page of people."""
    tenant = small()
    for number in range(249):
        tenant.add_user(f"person{number}@nordwind.example", displayName=f"Person {number}", team="radish")
    return tenant


def test_calls_equal_the_formula() -> None:
    with OktaServer(many()) as okta:
        facts, reader = read(okta)
        log = okta.calls["GET /api/v1/logs"]
    assert len(of(facts, AccountFact)) == 250
    groups = [fact for fact in of(facts, ResourceFact) if fact.kind == "group"]
    assert sorted(fact.members for fact in groups) == [0, 250, 250]  # Cucumber, Radish, Everyone
    people, members, owners, rules, apps, seats = 2, 1, 3, 1, 1, 1
    assert reader.report.calls - log == people + 1 + members + owners + rules + apps + 1 + seats + 3
    grants = {(fact.origin, fact.evidence) for fact in of(facts, GrantFact)}
    assert grants == {("rule", "okta"), ("automation", "okta")}
    assert reader.report.problems == []


def test_the_log_goes_on_where_it_ended() -> None:
    tenant = small()
    with OktaServer(tenant) as okta:
        _, first = read(okta)
        nadia = tenant.user("nadia.brandt@nordwind.example")
        tenant.set_profile(nadia, {"team": "cucumber"})
        facts, second = read(okta, log_cursor=first.report.cursors["log"])
    kinds = [fact.type for fact in of(facts, EventFact) if fact.account == nadia.id]
    assert "user.account.update_profile" in kinds
    assert "user.lifecycle.create" not in kinds
    assert second.report.cursors["log"] != first.report.cursors["log"]


def test_an_answer_cut_in_the_middle_is_read_again() -> None:
    with OktaServer(small()) as okta:
        okta.faults.cut("/users", after_bytes=30)
        facts, _ = read(okta)
        assert len(of(facts, AccountFact)) == 1
        okta.faults.cut("/groups", after_bytes=10, times=9)
        with pytest.raises(SourceFailed, match=r"could not be reached at 127\.0\.0\.1"):
            read(okta, sleep=lambda seconds: None)


def test_a_limit_is_kept_to_and_a_refusal_waited_out() -> None:
    with OktaServer(small()) as okta:
        okta.window = 2
        okta.limits["apps"] = 4
        okta.faults.refuse(1)
        _, reader = read(okta, budget=0.5)
        log = okta.calls["GET /api/v1/logs"]
    # rules, schemas, people, groups, apps; members, owners; groups and people of Figma
    assert reader.report.calls - log == 1 + 3 + 1 + 1 + 1 + 1 + 3 + 2
    assert log == 2 + 2, "the look at where it stands is refused once; then its lines"


def test_an_empty_answer_is_given_as_it_came() -> None:
    with OktaServer(small()) as okta:
        okta.faults.empty("users")
        facts, reader = read(okta)
    assert of(facts, AccountFact) == []
    assert reader.report.problems == []


def test_rows_that_slip_between_pages_are_all_there() -> None:
    with OktaServer(many()) as okta:
        okta.faults.shuffle()
        facts, _ = read(okta)
    assert len({fact.native_id for fact in of(facts, AccountFact)}) == 250


def test_nobody_listens() -> None:
    with OktaServer(small()) as okta:
        url = okta.url
    reader = OktaReader(OktaConnection(url, Credentials("t")), sleep=lambda seconds: None)
    with pytest.raises(SourceFailed, match="ConnectError"):
        list(reader.batches())
    (line,) = check(OktaConnection(url, Credentials("t")), sleep=lambda seconds: None)
    assert line.what == "Okta cannot be reached"
