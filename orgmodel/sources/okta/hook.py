"""Okta's event hook: which deliveries are Okta's, and which objects their events name.

Okta signs nothing. A delivery is known by the value of its Authorization header, which an admin chose. Only
ids are taken from it, and only those that look like Okta's.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from orgmodel.sources.hooks import (
    Contents,
    Delivery,
    Hook,
    Named,
    Secrets,
    each_of,
    equals_one,
    fields_of,
    text_of,
)

CHALLENGE = "X-Okta-Verification-Challenge"
LONGEST_CHALLENGE = 512
LEAST_LENGTH = 20
"""The value is of our own making, and all there is against a stranger."""
NAMING = (
    "app.user_management",
    "application.lifecycle.",
    "application.provision.",
    "application.user_membership.",
    "group.application_assignment.",
    "group.lifecycle.",
    "group.privilege.",
    "group.profile.",
    "group.user_membership.",
    "resource.owner.",
    "system.import.",
    "user.account.",
    "user.lifecycle.",
)
"""How the types of events begin that tell of what Sightline reads (docs/operating.md)."""
OF_NO_CONCERN = {"application.user_membership.change_password"}
TARGETS = {"User": ("account", "00u"), "UserGroup": ("group", "00g"), "AppInstance": ("app", "0oa")}
"""Okta's type of a target → our kind, and how its ids begin."""
RULE = "0pr"
"""How ids of group rules begin; what Okta calls their type in an event is not written down anywhere."""
NATIVE = re.compile(r"[A-Za-z0-9]{13,40}")


def verify(secrets: Secrets, delivery: Delivery) -> bool:
    """Whether the Authorization header says what was agreed."""
    return equals_one(delivery.headers.get("Authorization", ""), secrets)


def challenge(headers: Mapping[str, str]) -> Mapping[str, str] | None:
    """Okta asks once whether the address is ours; the answer is its own question."""
    value = headers.get(CHALLENGE, "")
    good = 0 < len(value) <= LONGEST_CHALLENGE and value.isascii() and value.isprintable()
    return {"verification": value} if good else None


def contents(body: Any) -> Contents:
    """What the events of a delivery name."""
    fields = fields_of(body)
    events = each_of(fields_of(fields.get("data")).get("events"))
    named = frozenset(each for event in events for each in _named(fields_of(event)))
    return Contents(named, text_of(fields.get("eventId")))


def _named(event: dict[str, Any]) -> Iterator[Named]:
    kind = text_of(event.get("eventType"))
    if not kind.startswith(NAMING) or kind in OF_NO_CONCERN:
        return
    if fields_of(event.get("outcome")).get("result") != "SUCCESS":
        return
    for target in map(fields_of, each_of(event.get("target"))):
        native = text_of(target.get("id"))
        ours, begin = TARGETS.get(text_of(target.get("type")), ("rule", RULE))
        if native.startswith(begin) and NATIVE.fullmatch(native):
            yield Named(ours, native)


HOOK = Hook(
    path="okta",
    variable="OKTA_EVENT_HOOK_SECRET",
    verify=verify,
    contents=contents,
    challenge=challenge,
    least=LEAST_LENGTH,
)
