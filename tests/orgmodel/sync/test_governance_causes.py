"""What a review or a request decided, and Okta carried out, is not "Okta itself"."""

from datetime import timedelta
from typing import Any

import pytest

from orgmodel.facts import EventFact

from .test_causes import RED, cause, nadia, sync
from .world import added, member, moment, removed

pytestmark = pytest.mark.django_db
SYSTEM = {"actor_type": "SystemPrincipal", "actor_id": "sys", "actor_name": "Okta System"}


def beside(kind: str, minutes: float = 3, account: str = "nadia", group: str = "00gcrew") -> EventFact:
    """A line of governance, in a transaction of its own."""
    return added("e9", account, group, moment(0.9) + timedelta(minutes=minutes), **SYSTEM)._replace(type=kind)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (beside("certification.campaign.item.remediate"), "Removed in an access review. (log)"),
        (beside("access.review.item.remediate", -14), "Removed in an access review. (log)"),
        (beside("app.access_request.expire"), "Taken back on request. (log)"),
        (beside("resource.collection.assignment.delete"), "Removed by access governance. (log)"),
        (beside("certification.campaign.item.decide"), "Removed by Okta itself. (log)"),
        (beside("certification.campaign.item.remediate", 16), "Removed by Okta itself. (log)"),
        (beside("certification.campaign.item.remediate", account="lena"), "Removed by Okta itself. (log)"),
        (beside("certification.campaign.item.remediate", group="00gred"), "Removed by Okta itself. (log)"),
        (beside("certification.campaign.item.remediate", group=""), "Removed by Okta itself. (log)"),
        (beside("app.access_request.grant"), "Removed by Okta itself. (log)"),
    ],
)
def test_a_removal_that_a_review_decided(line: EventFact, sentence: str) -> None:
    sync(0, nadia(), member("nadia", "00gcrew"), RED)
    sync(1, nadia(), RED, removed("e1", "nadia", "00gcrew", moment(0.9), **SYSTEM), line)
    assert cause("ended") == sentence


@pytest.mark.parametrize("kind", ["app.access_request.grant", "access.request.resolve"])
@pytest.mark.parametrize("actor", [SYSTEM, {"actor_type": "PublicClientApp", "actor_name": "Okta Workflows"}])
def test_what_was_given_on_request(kind: str, actor: dict[str, Any]) -> None:
    sync(0, nadia(), RED)
    given = added("e1", "nadia", "00gcrew", moment(0.9), **actor)
    sync(1, nadia(), member("nadia", "00gcrew"), RED, given, beside(kind))
    assert cause("began") == "Given on request. (log)"


def test_what_an_admin_does_stays_theirs() -> None:
    sync(0, nadia(), member("nadia", "00gcrew"), RED)
    out = removed("e1", "nadia", "00gcrew", moment(0.9))
    sync(1, nadia(), RED, out, beside("certification.campaign.item.remediate"))
    assert cause("ended") == "Removed by hand by Tomas Okafor. (log)"
