"""What operators deal with, made by hand: findings, messages, an answer that is held back."""

from datetime import datetime
from typing import Any

from notifier import outbox
from notifier.messages.stories import LostStory
from notifier.models import Outbox
from orgmodel.models import Finding, Person, Resource, Run
from tests.orgmodel.sync.world import moment
from tests.portal.keys import NADIA


def finding(fingerprint: str = "f1", **values: Any) -> Finding:
    """Nadia, who kept her on-call group by hand."""
    made = {
        "detector": "kept-after-move",
        "severity": "medium",
        "sentence": "Nadia Brandt kept radish-oncall after moving on 2026-03-02; nothing gives it any more.",
        "people": [Person.objects.get(key=NADIA).pk],
        "resources": [Resource.objects.get(native_id="00gonc").pk],
        "evidence": {"group": "00gonc", "moved": "2026-03-02T09:00:00+00:00"},
        "fix": [{"kind": "api", "text": "curl -X DELETE", "reverse": "curl -X PUT"}],
        "first_seen": moment(2),
        "last_seen": moment(9),
        **values,
    }
    return Finding.objects.create(fingerprint=fingerprint, **made)


def message(
    key: str = "one",
    *,
    held: str = "NOTIFY is set to hold",
    move: int | None = None,
    due: datetime | None = None,
) -> Outbox:
    """A message to Nadia about access lost, held or planned."""
    nadia = Person.objects.get(key=NADIA)
    draft = outbox.Draft(
        kind="lost",
        to=nadia.email,
        recipient_id=nadia.pk,
        story=LostStory(link="http://127.0.0.1:8000/moves/1/", person_name="Nadia", when=moment(9).date()),
        dedupe_key=f"lost:{key}",
        not_before=due or moment(9),
        deadline=moment(20),
        move_id=move,
        held=held,
    )
    (pk,) = outbox.enqueue([draft])
    return Outbox.objects.get(pk=pk)


def quarantined(days: float = 8) -> Run:
    """An answer of Okta with one user instead of five."""
    return Run.objects.create(
        source="okta",
        started=moment(days),
        finished=moment(days),
        outcome="quarantined",
        calls=17,
        reason="4 of 5 accounts would vanish.",
        counts={"account": {"seen": 1}, "group": {"seen": 7}},
        problems=[{"where": "/api/v1/users", "record": "00ubad", "reason": "unreadable", "kind": "account"}],
    )
