"""The pretend event hook: what happened in the tenant is delivered to an address, as Okta delivers it."""

import json
import secrets
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .log import Json, stamp
from .tenant import Tenant

NOT_DELIVERED = ("group.user_membership.rule.", "user.lifecycle.delete.completed")
"""How types of events begin that are in the log and cannot feed a hook."""
TIMEOUT = 3
"""Seconds that Okta waits for an answer."""
AT_ONCE = 10
NO_ANSWER = 504
"""Stands for the status of a delivery whose answer did not come in time."""


@dataclass
class EventHook:
    """Delivers to a loopback address what the tenant's log gets from now on, whenever `deliver` is called.

    `answers`: the status of each delivery so far. Okta tries once more after a 5xx; so does this.
    """

    tenant: Tenant
    address: str
    authorization: str
    headers: dict[str, str] = field(default_factory=dict)
    """Further ones, which the owner of the hook has given."""
    answers: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        if urlsplit(self.address).hostname != "127.0.0.1":
            raise ValueError("the pretend Okta delivers on this machine only")
        self._seen = len(self.tenant.log.events)

    def verify(self) -> bool:
        """Ask the address whether it is one of its owner's, who answers with our own question."""
        question = secrets.token_urlsafe(24)
        status, body = self._send("GET", {"X-Okta-Verification-Challenge": question}, None)
        return status == 200 and json.loads(body) == {"verification": question}  # noqa: PLR2004

    def deliver(self, *, doubled: bool = False) -> None:
        """Send what has happened since the last time, several events at once, the newest first."""
        with self.tenant.lock:
            events = [*self.tenant.log.events[self._seen :]]
            self._seen += len(events)
        events = [each for each in events if not each["eventType"].startswith(NOT_DELIVERED)]
        for start in reversed(range(0, len(events), AT_ONCE)):
            delivery = self._delivery(events[start : start + AT_ONCE])
            for _ in range(1 + doubled):
                self.answers.append(self._post(delivery))

    def _delivery(self, events: list[Json]) -> bytes:
        body = {
            "eventType": "com.okta.event_hook",
            "eventTypeVersion": "1.0",
            "cloudEventsVersion": "0.1",
            "source": "https://nordwind.okta.com/api/v1/eventHooks/who1hooKid234567i5d7",
            "eventId": str(uuid.uuid4()),
            "eventTime": stamp(self.tenant.now()),
            "contentType": "application/json",
            "data": {"events": events},
        }
        return json.dumps(body).encode()

    def _post(self, body: bytes) -> int:
        sent = {"Authorization": self.authorization, "Content-Type": "application/json"}
        status, _ = self._send("POST", sent, body)
        if status >= 500:  # noqa: PLR2004
            status, _ = self._send("POST", sent, body)
        return status

    def _send(self, method: str, headers: dict[str, str], body: bytes | None) -> tuple[int, bytes]:
        headers = self.headers | headers
        request = urllib.request.Request(self.address, body, headers, method=method)  # noqa: S310  # loopback
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
                return answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read()
        except OSError:
            return NO_ANSWER, b""
