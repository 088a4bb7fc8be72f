"""Messages nobody knows the fate of: search the direct message before sending again."""

from datetime import datetime, timedelta

from django.db.models import F

from . import pace
from .models import Outbox, SlackIdentity
from .slack import Sent, Slack, SlackBusy, SlackRefused, SlackUncertain

State = Outbox.State
SETTLES_IN = timedelta(seconds=60)
"""A message that Slack stored is in the history by then; before that an empty look proves nothing."""
LOOKS = 2
MOST_DOUBTS = 1
"""How many unclear answers a message may get and still be sent again: once."""
MOST_ATTEMPTS = 5
"""A message during which the deliverer died so often is left to a human: it may be the cause."""
AGAIN = timedelta(seconds=30)


def resolve(now: datetime, slack: Slack, limit: int) -> tuple[int, int]:
    """Look for uncertain messages that are due for a look. Gives how many proved sent and how many failed."""
    if pace.blocked(now, pace.LOOK):
        return 0, 0
    sent = failed = 0
    for row in Outbox.objects.filter(state=State.UNCERTAIN, not_before__lte=now).order_by("not_before")[
        :limit
    ]:
        try:
            found = _look(row, slack)
        except SlackBusy as busy:
            pace.block(pace.LOOK, busy.until)
            break
        except SlackUncertain:
            pace.block(pace.LOOK, now + AGAIN)
            break
        except SlackRefused as refused:
            if refused.scope == "queue" and refused.code != "missing_scope":
                pace.open_breaker(now, refused.code)
                break
            failed += _change(
                row,
                state=State.FAILED,
                reason="it cannot be found out whether it was delivered",
                last_error=refused.code,
            )
            continue
        if found is not None:
            sent += _change(row, state=State.SENT, channel=found.channel, ts=found.ts, sent_at=now, reason="")
        else:
            failed += _not_there(row, now)
    return sent, failed


def _look(row: Outbox, slack: Slack) -> Sent | None:
    channel = row.channel or (
        SlackIdentity.objects.filter(email=row.to.lower()).values_list("user_id", flat=True).first()
    )
    if not channel:
        # Without a known account nothing can have been posted.
        return None
    since = row.first_claimed or row.created
    return slack.find_sent(channel, str(row.pk), since - SETTLES_IN)


def _not_there(row: Outbox, now: datetime) -> int:
    since = row.uncertain_since or now
    if row.looks + 1 < LOOKS or now < since + SETTLES_IN:
        later = max(since + SETTLES_IN, now + AGAIN)
        _change(row, looks=F("looks") + 1, not_before=later)
        return 0
    if row.doubts > MOST_DOUBTS or row.attempts >= MOST_ATTEMPTS:
        return _change(
            row,
            state=State.FAILED,
            looks=F("looks") + 1,
            reason="sent more than once without an answer and not found in the direct message",
        )
    _change(
        row,
        state=State.PLANNED,
        looks=F("looks") + 1,
        uncertain_since=None,
        reason="it was not delivered and is sent again",
    )
    return 0


def _change(row: Outbox, **columns: object) -> int:
    """Change the row only if nobody else looked meanwhile: two looks at once count as one."""
    return Outbox.objects.filter(
        pk=row.pk, state=State.UNCERTAIN, looks=row.looks, attempts=row.attempts
    ).update(**columns)
