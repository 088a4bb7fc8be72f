"""Which lines of the log are read: whatever can say why access changed, asked of the pretend Okta."""

import pytest

from orgmodel.facts import EventFact
from sandbox.okta.server import OktaServer
from tests.sandbox.nordwind import TOMAS, small

from .organisation import of
from .test_okta_sandbox import read


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("access.request.resolve", True),
        ("access.review.item.remediate", True),
        ("app.access_request.grant", True),
        ("certification.campaign.item.remediate", True),
        ("governance.entitlement.assign", True),
        ("resource.collection.assignment.create", True),
        ("resource.owner.update", True),
        ("system.identity_sources.bulk_group_membership_delete", True),
        ("user.realm.update", True),
        ("user.lifecycle.delete.completed", True),
        ("group.user_membership.remove", True),
        ("user.authentication.sso", False),
        ("user.session.start", False),
        ("policy.evaluate_sign_on", False),
    ],
)
def test_what_can_say_why_access_changed_is_read(kind: str, kept: bool) -> None:
    tenant = small()
    with OktaServer(tenant) as okta:
        _, first = read(okta)
        radish = next(each for each in tenant.groups.values() if each.name == "team-radish")
        nadia = tenant.user("nadia.brandt@nordwind.example")
        tenant.log.add(kind, TOMAS, user=nadia, group=radish)
        facts, _ = read(okta, log_cursor=first.report.cursors["log"])
    found = [(fact.type, fact.account, fact.group) for fact in of(facts, EventFact)]
    assert found == ([(kind, nadia.id, radish.id)] if kept else [])
