"""What happens while Okta is read, or soon after it was: the next read must see it, at once."""

from datetime import UTC, datetime, timedelta

import pytest

from orgmodel.facts import AccountFact, EdgeFact, EventFact, GrantFact
from orgmodel.marks import Unreadable
from orgmodel.reports import Part
from orgmodel.sources.okta import stamps
from sandbox.okta.server import OktaServer
from sandbox.okta.tenant import Tenant
from tests.sandbox.nordwind import small

from .organisation import of
from .test_okta_changes import NADIA, TOMAS, Following, covered


@pytest.fixture
def tenant() -> Tenant:
    return small()


@pytest.mark.parametrize("first", [True, False])
def test_what_happens_during_a_read_of_everything_is_read_by_the_next(tenant: Tenant, first: bool) -> None:
    """People were listed already, and the log is read whole: its lines must not pass for looked at."""
    nadia = tenant.user(NADIA)
    with OktaServer(tenant) as okta:
        following = Following(okta)
        if not first:
            following.read()
        okta.faults.before("/api/v1/groups", lambda: tenant.delete(nadia))
        facts = following.read(full=True)
        assert nadia.id in {fact.native_id for fact in of(facts, AccountFact)}
        facts = following.read()
        assert following.mode == "incremental"
        assert ("account", nadia.id) in covered(facts)
        assert nadia.id not in {fact.native_id for fact in of(facts, AccountFact)}


def test_the_first_read_has_each_line_of_the_months_before_and_the_next_those_since_it_began() -> None:
    tenant = Tenant(lambda: datetime.now(UTC))
    nadia = tenant.add_user(NADIA, displayName="Nadia Brandt")
    with OktaServer(tenant) as okta:
        following = Following(okta)
        okta.faults.before("/api/v1/users", lambda: tenant.set_profile(nadia, {"title": "Lead"}))
        first, second = of(following.read(), EventFact), of(following.read(), EventFact)
        assert [each.type for each in first].count("user.lifecycle.create") == 1
        assert [each.type for each in second][-1:] == ["user.account.update_profile"]


def test_what_was_deleted_soon_after_it_had_changed_is_not_missed_for_ever(tenant: Tenant) -> None:
    """Okta's lists no longer have it: they lack nothing that they must hold."""
    nadia, group = tenant.user(NADIA), tenant.add_group("newsletter", "Readers")
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        tenant.deactivate(nadia)
        tenant.edit_group(group, name="letters")
        following.read()
        tenant.delete(nadia)
        tenant.delete_group(group)
        facts = following.read()
        assert {("account", nadia.id), ("resource", group.id)} <= covered(facts)
        assert of(facts, Unreadable) == [], "of somebody who is gone no assignment is hidden"
        assert following.mode_of_next() == "incremental"


def test_a_read_of_everything_in_slices_begins_with_what_has_changed(tenant: Tenant) -> None:
    nadia, lena = tenant.user(NADIA), tenant.add_user("lena@nordwind.example", displayName="Lena Osei")
    for number in range(9):
        group = tenant.add_group(f"group-{number}")
        tenant.add_member(group, nadia, TOMAS)
        tenant.assign_group(tenant.add_app(f"App {number}"), group)
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        tenant.add_member(group, lena, TOMAS)
        facts = following.read(full=True, seconds=0)
    listed = {fact.target.native_id for fact in of(facts, GrantFact)} - {tenant.everyone.id}
    opened = {fact.target.native_id for fact in of(facts, EdgeFact)}
    assert (listed, opened) == (
        {group.id},
        {app.id for app in tenant.apps.values() if group.id in app.groups},
    )


def test_what_was_deleted_while_slices_of_everything_are_read_is_not_requested_any_more(
    tenant: Tenant,
) -> None:
    app, group = tenant.app("Figma"), tenant.group("team-radish")
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        tenant.delete_app(app)
        tenant.delete_group(group)
        left = [Part("edge", app.id), Part("seat", app.id), Part("grant", group.id, "own")]
        facts = following.read(left=left)
    assert {("resource", app.id), ("resource", group.id)} <= covered(facts)
    assert (of(facts, Unreadable), following.problems) == ([], [])


def test_a_stamp_may_be_shown_less_exactly_than_the_list_takes_it() -> None:
    """The newest but one changed in the very second in which the list of what has changed begins."""
    at = [datetime(2026, 3, 2, 9, tzinfo=UTC)]
    tenant = Tenant(lambda: at[0])
    nadia, lena = (tenant.add_user(f"{name}@nordwind.example") for name in ("nadia", "lena"))
    at[0] += timedelta(seconds=60, microseconds=400_900)
    tenant.set_profile(nadia, {"team": "radish"})
    at[0] += stamps.OVERLAP - timedelta(microseconds=400)
    tenant.set_profile(lena, {"team": "radish"})
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        facts = following.read()
    assert following.mode == "incremental"
    assert {fact.native_id for fact in of(facts, AccountFact)} == {nadia.id, lena.id}


def test_many_may_have_changed_over_a_long_time(tenant: Tenant) -> None:
    """The first page holds the newest stamp; the second others, that are older by more than the overlap."""
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        # The tenant's clock goes on by a minute with each look at it.
        made = [tenant.add_user(f"person{number}@nordwind.example") for number in range(230)]
        tenant.set_profile(made[0], {"team": "radish"})
        facts = following.read()
    assert {each.id for each in made} <= {fact.native_id for fact in of(facts, AccountFact)}
