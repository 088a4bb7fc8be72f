"""Reading what has changed, over real connections to the pretend tenant: which calls, and what they give."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact, EdgeFact, Fact, GrantFact, ResourceFact, RuleFact, SeatFact
from orgmodel.marks import Covered
from orgmodel.reports import Part, Problem, WholeReadNeeded
from orgmodel.sources.okta import stamps
from orgmodel.sources.okta.changes import OktaChanges
from orgmodel.sources.okta.declared import reader as reader_of
from orgmodel.sources.okta.settings import OktaSettings
from orgmodel.sources.source import Reading
from sandbox.okta.server import OktaServer
from sandbox.okta.state import Actor
from sandbox.okta.tenant import Tenant
from tests.sandbox.nordwind import small

from .organisation import of

TOMAS = Actor("00uTomas", "Tomas Okafor")
NADIA = "nadia.brandt@nordwind.example"


class Following:
    """Reads of one tenant, each from where the one before ended."""

    def __init__(self, okta: OktaServer) -> None:
        self._okta, self.cursors = okta, dict[str, str]()
        self.calls, self.mode = 0, ""
        self.whole: datetime | None = None
        self.problems: list[Problem] = []
        self.opens: dict[str, list[str]] = {}
        """Group → the apps that it is known to open."""

    def opened_by(self, groups: Collection[str]) -> list[str]:
        return [app for group in groups for app in self.opens.get(group, ())]

    def read(
        self,
        *,
        full: bool = False,
        later: timedelta = timedelta(),
        seconds: float | None = None,
        left: Sequence[Part] = (),
    ) -> list[Fact | Any]:
        now = datetime.now(UTC) + later
        reading = Reading(Conventions(), now, self.cursors, full=full, whole=self.whole, seconds=seconds)
        reading = replace(reading, left=left, opened_by=self.opened_by)
        reader = reader_of(OktaSettings(url=self._okta.url, token=self._okta.token, budget=1.0), reading)
        facts = [fact for batch in reader.batches() for fact in batch]
        self.mode, self.calls = reader.report.mode, reader.report.calls
        self.whole = self.whole if reader.report.left is None else now
        self.problems, self.cursors = reader.report.problems, self.cursors | reader.report.cursors
        return facts

    def mode_of_next(self, *, full: bool = False, later: timedelta = timedelta()) -> str:
        self.read(full=full, later=later)
        return self.mode


def covered(facts: list[Any]) -> set[tuple[str, str]]:
    return {(each.kind, each.owner) for each in of(facts, Covered)}


@pytest.fixture
def tenant() -> Tenant:
    return small()


def test_a_quiet_organisation_takes_three_calls_and_the_log(tenant: Tenant) -> None:
    with OktaServer(tenant) as okta:
        following = Following(okta)
        assert following.mode_of_next() == "full"
        following.read()
        facts = following.read()
        assert (following.mode, following.calls) == ("incremental", 3 + 1)
    assert of(facts, GrantFact) == of(facts, SeatFact) == of(facts, EdgeFact) == []
    assert ("rule", "") in covered(facts)
    assert not {"account", "resource", "grant", "seat", "edge"} & {
        kind for kind, owner in covered(facts) if not owner
    }


def test_a_move_is_read_in_a_handful_of_calls(tenant: Tenant) -> None:
    nadia = tenant.user(NADIA)
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        tenant.set_profile(nadia, {"team": "cucumber"})
        facts = following.read()
        assert (following.mode, following.calls <= 14) == ("incremental", True)
        [account] = of(facts, AccountFact)
        assert account.attributes["team"] == "cucumber"
        groups = {fact.native_id: fact.name for fact in of(facts, ResourceFact) if fact.kind == "group"}
        members = {(groups[fact.target.native_id], fact.account) for fact in of(facts, GrantFact)}
        assert ("team-cucumber", nadia.id) in members
        left = next(native for native, name in groups.items() if name == "team-radish")
        assert ("grant", left) in covered(facts)
        assert ("team-radish", nadia.id) not in members
        again = following.read()
    assert of(again, GrantFact) == [], "no list of members is read a second time for one stamp"


def test_what_was_deleted_is_covered_and_not_given(tenant: Tenant) -> None:
    nadia = tenant.user(NADIA)
    group = tenant.add_group("newsletter", "Readers")
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        tenant.delete_group(group)
        tenant.deactivate(nadia)
        tenant.delete(nadia)
        facts = following.read()
    assert {("resource", group.id), ("account", nadia.id)} <= covered(facts)
    assert group.id not in {fact.native_id for fact in of(facts, ResourceFact)}
    assert nadia.id not in {fact.native_id for fact in of(facts, AccountFact)}


def test_apps_of_a_deleted_group_are_read_since_people_may_have_them_otherwise(tenant: Tenant) -> None:
    """The log says that the group is gone, and nothing of what its members have of the app by another one."""
    nadia, app, group = tenant.user(NADIA), tenant.add_app("Slack"), tenant.add_group("owners", "")
    tenant.add_member(group, nadia, TOMAS)
    tenant.assign_group(app, group, role="Owner")
    tenant.assign_group(app, tenant.group("team-radish"), role="Member")
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        following.opens = {group.id: [app.id], "another": ["0oaother"]}
        tenant.delete_group(group)
        facts = following.read()
    assert following.mode == "incremental"
    assert {("edge", app.id), ("seat", app.id)} <= covered(facts)
    assert nadia.id in {fact.account for fact in of(facts, SeatFact)}
    assert "0oaother" not in {owner for _, owner in covered(facts)}


def test_an_app_is_read_when_the_log_names_it(tenant: Tenant) -> None:
    app = tenant.add_app("Slack")
    group = next(each for each in tenant.groups.values() if each.name == "team-radish")
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        tenant.assign_group(app, group, role="Editor")
        opened = following.read()
        tenant.switch_app(app, on=False)
        off = following.read()
    assert [(edge.source.native_id, edge.target.native_id) for edge in of(opened, EdgeFact)] == [
        (group.id, app.id)
    ]
    assert app.id in {seat.app for seat in of(opened, SeatFact)}
    assert [(fact.native_id, fact.status) for fact in of(off, ResourceFact) if fact.kind == "app"] == [
        (app.id, "inactive")
    ]


def test_a_delivery_that_failed_is_read_though_nothing_else_changed(tenant: Tenant) -> None:
    app, nadia = tenant.add_app("Slack"), tenant.user(NADIA)
    tenant.assign_user(app, nadia, TOMAS)
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        tenant.deliver(app, nadia, failed=True)
        facts = following.read()
    assert (app.id, "ERROR") in {(seat.app, seat.sync_state) for seat in of(facts, SeatFact)}
    assert Covered("seat", nadia.id, "account") in facts


def test_members_are_read_again_when_a_rule_into_their_group_changes(tenant: Tenant) -> None:
    """Nobody enters or leaves, so the group bears no new stamp; by which rules they are in it has changed."""
    group = next(each for each in tenant.groups.values() if each.name == "team-radish")
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        rule = tenant.add_rule("Radish again", 'user.team == "radish"', group)
        facts = following.read()
    assert rule.id in {fact.native_id for fact in of(facts, RuleFact)}
    [grant] = [fact for fact in of(facts, GrantFact) if fact.target.native_id == group.id]
    assert rule.id in grant.rules


def test_who_is_new_belongs_to_everyone_and_who_is_deactivated_does_not(tenant: Tenant) -> None:
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        lena = tenant.add_user("lena@nordwind.example", displayName="Lena Osei")
        facts = following.read()
        everyone = tenant.everyone.id
        assert (lena.id, everyone) in {(fact.account, fact.target.native_id) for fact in of(facts, GrantFact)}
        assert okta.calls[f"GET /api/v1/groups/{everyone}/users"] <= 1, "the members of all are not listed"
        tenant.deactivate(lena)
        facts = following.read()
    assert Covered("grant", lena.id, "account") in facts
    assert (lena.id, everyone) not in {(fact.account, fact.target.native_id) for fact in of(facts, GrantFact)}


def test_a_rule_that_asks_for_an_attribute_that_was_not_kept_makes_the_next_read_a_full_one(
    tenant: Tenant,
) -> None:
    group = next(each for each in tenant.groups.values() if each.name == "team-radish")
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        tenant.add_rule("Shoes", 'user.shoeSize == "43"', group)
        assert following.mode_of_next() == "incremental"
        assert following.mode_of_next() == "full"


def test_everything_is_read_once_a_day_and_on_demand(tenant: Tenant) -> None:
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        assert following.mode_of_next(later=timedelta(hours=23)) == "incremental"
        assert following.mode_of_next(later=timedelta(hours=25)) == "full"
        assert following.mode_of_next(full=True) == "full"


def test_without_the_log_nothing_can_be_told_of_changes(tenant: Tenant) -> None:
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        okta.faults.forbid("/api/v1/logs")
        with pytest.raises(WholeReadNeeded, match="The log cannot be read, so nobody knows what changed"):
            following.read()


@pytest.mark.parametrize("stream", [stamps.KEPT, stamps.USERS, stamps.GROUPS, "log"])
def test_a_cursor_that_is_missing_or_broken_makes_it_a_full_read(tenant: Tenant, stream: str) -> None:
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        kept: Mapping[str, str] = dict(following.cursors)
        for broken in ("", "no cursor") if stream not in {"log", stamps.KEPT} else ("",):
            following.cursors = {**kept, stream: broken}
            assert following.mode_of_next() == "full"


def test_the_reader_of_changes_says_so(tenant: Tenant) -> None:
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        now = datetime.now(UTC)
        reading = Reading(Conventions(), now, following.cursors, full=False, whole=now)
        found = reader_of(OktaSettings(url=okta.url, token=okta.token), reading)
        assert isinstance(found, OktaChanges)


def test_a_record_that_is_there_and_cannot_be_read_does_not_end(tenant: Tenant) -> None:
    app = tenant.add_app("Slack")
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        tenant.edit_app(app, label="Slack (EU)")
        okta.faults.forbid(f"/apps/{app.id}")
        facts = following.read()
    assert {(each.record, each.kind) for each in following.problems} == {
        (app.id, kind) for kind in ("resource", "edge", "seat")
    }
    assert ("resource", app.id) not in covered(facts)


def test_of_an_app_that_was_deleted_nothing_more_is_requested(tenant: Tenant) -> None:
    app = tenant.add_app("Slack")
    tenant.assign_user(app, tenant.user(NADIA), TOMAS)
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        tenant.delete_app(app)
        facts = following.read()
    assert ("resource", app.id) in covered(facts)
    assert following.problems == []


def test_where_rules_cannot_be_read_what_they_asked_for_is_not_taken_from_anybody(tenant: Tenant) -> None:
    tenant.set_profile(tenant.user(NADIA), {"area": "produce"})
    tenant.add_rule("Produce", 'user.area == "produce"', tenant.add_group("produce"))
    with OktaServer(tenant) as okta:
        following = Following(okta)

        def areas(*, full: bool) -> list[object]:
            return [each.attributes.get("area") for each in of(following.read(full=full), AccountFact)]

        assert areas(full=True) == ["produce"]
        okta.faults.forbid("/groups/rules")
        assert areas(full=True) == ["produce"]
        tenant.set_profile(tenant.user(NADIA), {"title": "Lead"})
        assert areas(full=False) == ["produce"]
        assert areas(full=True) == ["produce"]
