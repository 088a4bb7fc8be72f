"""What had turned a rule is still told once another rule into the same group is gone."""

import pytest

from orgmodel.queries.access.holdings import access
from orgmodel.queries.moments import now
from orgmodel.queries.people import find_person
from orgmodel.queries.visibility import OPERATOR
from tests.orgmodel.sync.test_causes import nadia, sync
from tests.orgmodel.sync.world import member, rule

pytestmark = pytest.mark.django_db


def test_of_two_rules_one_is_deleted() -> None:
    first = rule("0pred", "Red team", 'user.team == "red"', "00gred")
    second = rule("0pwarm", "Warm teams", 'user.team == "red" OR user.team == "orange"', "00gred")
    sync(0, nadia(team="blue"), first, second)
    sync(1, nadia(team="red"), member("nadia", "00gred", "0pred", "0pwarm"), first, second)
    sync(2, nadia(team="red"), member("nadia", "00gred", "0pred"), first)
    held = access(find_person("nadia"), now(), OPERATOR)
    assert [each.cause.sentence() for each in held.groups if each.group.name == "team-red"] == [
        "Because their team changed from blue to red (rule “Red team”)."
    ]
