"""Claiming messages and recording their outcome: the only statements that change a message's state.

A claim is a token and a lease, committed before anything is posted. An outcome is written only while the
token still matches, so a deliverer that slept through its lease cannot overwrite what another one found out.
"""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from . import rate_limit
from .models import MassCase, MassChange, Outbox, Stop

logger = logging.getLogger(__name__)

State = Outbox.State
LEASE = timedelta(seconds=120)
FIRST_LOOK = timedelta(seconds=5)
"""How long after an unclear outcome the direct message is searched for the first time."""
DIED = "deliverer_died"
EXPIRED = "expired before it was sent"
WAITS = "NOTIFY=hold: nothing is sent until it is released and NOTIFY=on"

HOLDING = MassCase.objects.filter(move=OuterRef("move"), mass__decision__in=["", MassChange.Decision.DROPPED])
DELIVERED = {"channel", "ts", "sent_at", "reason", "last_error"}
WRITE_DELIVERED = """
UPDATE notifier_outbox AS o SET state = 'sent', reason = '', last_error = '', claim_token = NULL,
  claimed_until = NULL, channel = d.channel, ts = d.ts, sent_at = d.sent_at
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::timestamptz[])
  AS d(id, claim_token, channel, ts, sent_at)
WHERE o.id = d.id AND o.state = 'sending' AND o.claim_token = d.claim_token
RETURNING o.id
"""


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """What became of one claimed message: the new state and the columns that go with it."""

    state: str
    columns: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def sent(cls, channel: str, ts: str, at: datetime) -> "DeliveryOutcome":
        return cls(State.SENT, {"channel": channel, "ts": ts, "sent_at": at, "reason": "", "last_error": ""})

    @classmethod
    def failed(cls, reason: str, code: str = "") -> "DeliveryOutcome":
        return cls(State.FAILED, {"reason": reason, "last_error": code})

    @classmethod
    def suppressed(cls, reason: str) -> "DeliveryOutcome":
        return cls(State.SUPPRESSED, {"reason": reason})

    @classmethod
    def put_back(
        cls, *, until: datetime | None = None, reason: str = "", code: str = "", waits: int | None = None
    ) -> "DeliveryOutcome":
        """It was certainly not posted and stays due, at once or from `until` on, for the `waits`-th time."""
        later = {"not_before": until} if until else {}
        counted = {} if waits is None else {"waits": waits}
        return cls(
            State.PLANNED,
            {"attempts": F("attempts") - 1, "reason": reason, "last_error": code, **later, **counted},
        )

    @classmethod
    def uncertain(cls, at: datetime, code: str, *, doubt: int = 1) -> "DeliveryOutcome":
        """Nobody knows whether it was delivered. `doubt` 0: because we died, not because of an answer."""
        return cls(
            State.UNCERTAIN,
            {
                "doubts": F("doubts") + doubt,
                "looks": 0,
                "uncertain_since": at,
                "not_before": at + FIRST_LOOK,
                "reason": "it is not known whether it was delivered",
                "last_error": code,
            },
        )


def claim(now: datetime, most: int, per_second: float | None) -> tuple[list[Outbox], datetime | None]:
    """Claim up to `most` due messages, the longest waiting first, and commit.

    Gives the claimed rows and, when pace or a pause allows none, the time to come back. Nothing is claimed
    while an admin has stopped everything, nor what belongs to a mass change that waits for a decision.
    """
    with transaction.atomic():
        if Stop.objects.filter(ended=None).exists():
            return [], None
        granted = rate_limit.grant(now, most, per_second)
        if not granted.allowed:
            return [], granted.again_at
        due = Outbox.objects.filter(state=State.PLANNED, not_before__lte=now, deadline__gt=now, gathered=None)
        due = due.filter(Q(released=True) | ~Exists(HOLDING))
        rows = list(
            due.select_for_update(skip_locked=True, of=("self",)).order_by("not_before", "id")[
                : granted.allowed
            ]
        )
        if not rows:
            return [], None
        token = uuid.uuid4()
        Outbox.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=State.SENDING,
            claim_token=token,
            claimed_until=now + LEASE,
            attempts=F("attempts") + 1,
            first_claimed=Coalesce("first_claimed", now),
        )
        rate_limit.spend(now, len(rows), per_second)
    for row in rows:
        row.claim_token = token
    return rows, None


def settle(outcomes: Sequence[tuple[Outbox, DeliveryOutcome]]) -> int:
    """Write the outcomes of claimed messages; one whose claim was lost is left alone. Gives how many."""
    delivered = [(row, out) for row, out in outcomes if out.columns.keys() == DELIVERED]
    others = [(row, out) for row, out in outcomes if out.columns.keys() != DELIVERED]
    with transaction.atomic():
        written = _write_delivered(delivered) if delivered else set()
        for row, outcome in others:
            mine = Outbox.objects.filter(pk=row.pk, state=State.SENDING, claim_token=row.claim_token)
            if mine.update(state=outcome.state, claim_token=None, claimed_until=None, **outcome.columns):
                written.add(row.pk)
    for row, _outcome in outcomes:
        if row.pk not in written:
            logger.warning("message %s: the claim was lost before its outcome was written", row.pk)
    return len(written)


def _write_delivered(delivered: Sequence[tuple[Outbox, DeliveryOutcome]]) -> set[uuid.UUID]:
    """The usual outcome in one statement for all."""
    columns = [out.columns for _row, out in delivered]
    values: list[list[Any]] = [
        [row.pk for row, _out in delivered],
        [row.claim_token for row, _out in delivered],
        *([each[name] for each in columns] for name in ("channel", "ts", "sent_at")),
    ]
    with connection.cursor() as cursor:
        cursor.execute(WRITE_DELIVERED, values)
        return {pk for (pk,) in cursor.fetchall()}


def expire(now: datetime) -> int:
    """Messages whose deliverer died: uncertain, for nobody knows how far it came. Gives how many."""
    outcome = DeliveryOutcome.uncertain(now, DIED, doubt=0)
    return Outbox.objects.filter(state=State.SENDING, claimed_until__lt=now).update(
        state=outcome.state, claim_token=None, claimed_until=None, **outcome.columns
    )


def suppress_late(now: datetime) -> int:
    """Messages past their deadline are not sent any more. Gives how many."""
    late = Outbox.objects.filter(state__in=[State.PLANNED, State.HELD], deadline__lte=now)
    return late.update(state=State.SUPPRESSED, reason=EXPIRED)


def hold_all() -> int:
    """Under NOTIFY=hold: keep every planned message that no admin released. Gives how many."""
    planned = Outbox.objects.filter(state=State.PLANNED, released=False, gathered=None)
    return planned.update(state=State.HELD, reason=WAITS)
