"""Many rules: each quiet minute looks at a page of them, and finds every edit in as many minutes as pages."""

from datetime import timedelta

import pytest

from orgmodel.facts import RuleFact
from orgmodel.sources.okta import rule_look
from sandbox.okta.server import OktaServer
from sandbox.okta.tenant import Tenant
from tests.sandbox.nordwind import small

from .organisation import of
from .test_okta_changes import NADIA, Following, covered

RULES = "GET /api/v1/groups/rules"
MINUTE = timedelta(minutes=1)
MANY = 900


@pytest.fixture
def tenant() -> Tenant:
    """902 rules: five pages."""
    tenant = small()
    add_rules(tenant, range(MANY))
    return tenant


def add_rules(tenant: Tenant, numbers: range) -> None:
    """Long ago."""
    tenant.quiet = True
    for number in numbers:
        tenant.add_rule(f"Rule {number}", f'user.city == "{number}"', tenant.group("team-radish"))
    tenant.quiet = False


def requests_of(okta: OktaServer) -> int:
    """For how many pages of rules."""
    found = okta.calls[RULES]
    okta.calls.clear()
    return found


def quiet(following: Following, minute: int) -> list[RuleFact]:
    return of(following.read(later=minute * MINUTE), RuleFact)


def begun(okta: OktaServer) -> Following:
    following = Following(okta)
    following.read()
    following.read()
    requests_of(okta)
    return following


def test_each_quiet_minute_takes_three_calls_and_one_to_the_log(tenant: Tenant) -> None:
    with OktaServer(tenant) as okta:
        following = begun(okta)
        for minute in range(1, 13):
            facts = following.read(later=minute * MINUTE)
            assert (following.mode, following.calls, of(facts, RuleFact)) == ("incremental", 3 + 1, [])
            assert ("rule", "") not in covered(facts)
        assert requests_of(okta) == 12


@pytest.mark.parametrize("which", [0, 450, 901])
def test_an_edit_that_no_log_tells_of_is_found_in_as_many_minutes_as_there_are_pages(
    tenant: Tenant, which: int
) -> None:
    with OktaServer(tenant) as okta:
        following = begun(okta)
        quiet(following, 1)
        rule = [*tenant.rules.values()][which]
        rule.name, rule.updated = "Edited", tenant.now()
        found = [quiet(following, minute) for minute in range(2, 8)]
        [(minute, facts)] = [(place, facts) for place, facts in enumerate(found, 1) if facts]
        assert (minute <= 6, len(facts), "Edited" in {fact.name for fact in facts}) == (True, MANY + 2, True)


@pytest.mark.parametrize("which", [0, 901])
def test_so_is_a_rule_that_was_deleted(tenant: Tenant, which: int) -> None:
    with OktaServer(tenant) as okta:
        following = begun(okta)
        del tenant.rules[[*tenant.rules][which]]
        found = [quiet(following, minute) for minute in range(1, 7)]
        assert [len(facts) for facts in found if facts] == [MANY + 1]


def test_more_rules_take_more_minutes_and_no_more_calls(tenant: Tenant) -> None:
    add_rules(tenant, range(MANY, 3 * MANY))
    with OktaServer(tenant) as okta:
        following = begun(okta)
        for minute in range(1, 15):
            assert (quiet(following, minute), following.calls) == ([], 3 + 1)
        rule = [*tenant.rules.values()][MANY]
        rule.name, rule.updated = "Edited", tenant.now()
        found = [quiet(following, minute) for minute in range(15, 15 + 14)]
        assert [len(facts) for facts in found if facts] == [3 * MANY + 2]


def test_all_are_read_with_other_news_and_after_a_longer_time(tenant: Tenant) -> None:
    with OktaServer(tenant) as okta:
        following = begun(okta)
        tenant.set_profile(tenant.user(NADIA), {"title": "Lead"})
        assert len(quiet(following, 1)) == MANY + 2
        assert quiet(following, 2) == []
        assert len(quiet(following, 7)) == MANY + 2
        requests_of(okta)
        assert quiet(following, 9) == []
        assert requests_of(okta) == 2, "two minutes are two pages of five"


def test_where_okta_no_longer_knows_the_place_all_are_read(tenant: Tenant) -> None:
    with OktaServer(tenant) as okta:
        following = begun(okta)
        quiet(following, 1)
        place = following.cursors[rule_look.PLACE]
        following.cursors[rule_look.PLACE] = place.replace('"after":"', '"after":"x')
        assert len(quiet(following, 2)) == MANY + 2
        following.cursors[rule_look.PLACE] = "{"
        assert len(quiet(following, 3)) == MANY + 2
