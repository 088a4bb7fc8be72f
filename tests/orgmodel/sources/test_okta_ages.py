"""Owners and group pushes are read once a day, and in between where the log tells of them."""

from datetime import UTC, datetime, timedelta

import pytest

from orgmodel.facts import OwnerFact, PushFact
from orgmodel.sources.okta import owner_age, push_search
from sandbox.okta.server import OktaServer
from sandbox.okta.state import OKTA
from sandbox.okta.tenant import Tenant
from tests.sandbox.nordwind import small

from .organisation import Organisation, always, of, small_organisation
from .test_okta_changes import NADIA, Following, covered

OWNERS = "GET /api/v1/groups/{id}/owners"
PUSHES = "GET /api/v1/apps/{id}/group-push/mappings"
HOURS = timedelta(hours=1)


@pytest.fixture
def tenant() -> Tenant:
    """Three groups and two apps, months old; one app takes pushes and has one."""
    tenant = small()
    radish = tenant.group("team-radish")
    tenant.add_push(tenant.add_app("Loud", features=("GROUP_PUSH",)), radish)
    tenant.add_owner(radish, tenant.user(NADIA))
    return tenant


def requests_of(okta: OktaServer) -> tuple[int, int]:
    """How many groups were asked for their owners, and apps for their pushes, since this was last called."""
    found = okta.calls[OWNERS], okta.calls[PUSHES]
    okta.calls.clear()
    return found


def test_in_slices_both_are_read_once_a_day_and_what_is_not_asked_for_stays(tenant: Tenant) -> None:
    with OktaServer(tenant) as okta:
        following = Following(okta)
        facts = following.read()
        assert (requests_of(okta), {("owner", ""), ("push", "")} <= covered(facts)) == ((3, 1), True)
        facts = following.read(full=True, later=6 * HOURS, seconds=60)
        assert (requests_of(okta), of(facts, OwnerFact), of(facts, PushFact)) == ((0, 0), [], [])
        assert not {kind for kind, _ in covered(facts)} & {"owner", "push"}
        assert {("grant", ""), ("edge", ""), ("seat", "")} <= covered(facts)
        following.read(full=True, later=25 * HOURS, seconds=60)
        assert requests_of(okta) == (3, 1)
        following.read(full=True, later=31 * HOURS, seconds=60)
        assert requests_of(okta) == (0, 0)


def test_whoever_reads_everything_in_one_piece_reads_both(tenant: Tenant) -> None:
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        requests_of(okta)
        following.read(full=True)
        assert requests_of(okta) == (3, 1)


def test_a_read_that_did_not_come_to_its_end_does_not_count(tenant: Tenant) -> None:
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        whole = following.whole
        following.read(full=True, later=25 * HOURS, seconds=0)
        following.whole = whole
        requests_of(okta)
        following.read(full=True, later=26 * HOURS, seconds=60)
        assert requests_of(okta) == (3, 1)


def test_what_is_new_is_asked_at_once(tenant: Tenant) -> None:
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        tenant.add_app("New", features=("GROUP_PUSH",)).updated = datetime.now(UTC)
        tenant.add_group("newsletter").created = datetime.now(UTC)
        requests_of(okta)
        following.read(full=True, later=6 * HOURS, seconds=60)
        assert requests_of(okta) == (1, 1)


def test_where_the_groups_count_other_pushes_all_are_read(tenant: Tenant) -> None:
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        [push] = tenant.app("Loud").pushes
        tenant.app("Loud").pushes.remove(push)  # no line of the log tells of it
        requests_of(okta)
        facts = following.read(full=True, later=6 * HOURS, seconds=60)
        assert (requests_of(okta), ("push", "") in covered(facts)) == ((0, 1), True)


def test_the_log_tells_whose_owners_and_pushes_to_read(tenant: Tenant) -> None:
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        following.read()
        cucumber, loud = tenant.group("team-cucumber"), tenant.app("Loud")
        tenant.add_owner(cucumber, tenant.user(NADIA))
        tenant.add_push(loud, cucumber)
        requests_of(okta)
        facts = following.read()
        assert (following.mode, requests_of(okta)) == ("incremental", (1, 1))
        assert [fact.group for fact in of(facts, OwnerFact)] == [cucumber.id]
        assert [fact.source_group for fact in of(facts, PushFact)] == [
            tenant.group("team-radish").id,
            cucumber.id,
        ]
        assert {("owner", cucumber.id), ("push", loud.id)} <= covered(facts)
        tenant.log.add("application.provision.group_push.pushed", OKTA, app=loud, group=cucumber)
        following.read()
        assert requests_of(okta) == (0, 0), "members went over by a mapping that stays as it was"


def test_lines_that_a_read_of_everything_takes_are_no_less_heeded(tenant: Tenant) -> None:
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        tenant.add_owner(tenant.group("team-cucumber"), tenant.user(NADIA))
        requests_of(okta)
        facts = following.read(full=True, later=6 * HOURS, seconds=60)
        assert (requests_of(okta), len(of(facts, OwnerFact))) == ((1, 0), 1)


def test_a_line_that_names_no_group_makes_the_next_read_ask_all(tenant: Tenant) -> None:
    with OktaServer(tenant) as okta:
        following = Following(okta)
        following.read()
        tenant.log.add("resource.owner.update", OKTA)
        following.read()
        assert following.cursors[owner_age.STREAM] == ""
        requests_of(okta)
        following.read(full=True, later=6 * HOURS, seconds=60)
        assert requests_of(okta) == (3, 0)


def test_what_could_not_be_read_is_asked_for_again_however_new_it_is(tenant: Tenant) -> None:
    with OktaServer(tenant) as okta:
        following = Following(okta)
        okta.faults.forbid(f"/groups/{tenant.group('team-radish').id}/owners")
        okta.faults.forbid(f"/apps/{tenant.app('Loud').id}/group-push/mappings")
        following.read()
        okta.faults.clear()
        requests_of(okta)
        facts = following.read(full=True, later=6 * HOURS, seconds=60)
        assert (requests_of(okta), len(of(facts, OwnerFact)), len(of(facts, PushFact))) == ((3, 1), 1, 1)


@pytest.mark.parametrize("cursor", ["", "x", "2026-03-02T09:00:00", "9999-01-01T00:00:00+00:00"])
def test_a_strange_cursor_is_none(cursor: str) -> None:
    now = datetime(2026, 3, 2, 10, tzinfo=UTC)
    age = owner_age.OwnerAge(cursor, now, whole=now, in_slices=True)
    assert (age.asks_all, age.cursor) == (True, now.isoformat())
    assert push_search.last_search(cursor) is None


def test_where_there_is_no_licence_for_owners_few_groups_are_asked() -> None:
    org = many_groups()
    org.special |= {path: [always(401, "E0000015")] for path in org.lists if path.endswith("/owners")}
    _, reader = org.read()
    assert sum(number for path, number in org.calls.items() if path.endswith("/owners")) < 10
    assert "no licence" in reader.report.not_visible["owner"]


def many_groups() -> Organisation:
    org = small_organisation()
    for number in range(100):
        row = {"id": f"00g{number:03}", "type": "OKTA_GROUP", "profile": {"name": f"group-{number}"}}
        org.lists["/groups"].append(row | {"_embedded": {"stats": {"usersCount": 0}}})
        org.lists[f"/groups/00g{number:03}/owners"] = []
    return org
