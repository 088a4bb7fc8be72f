"""Messages whose delivery is unknown: the direct message is searched before they are sent again."""

from datetime import datetime, timedelta

from django.db.models import F

from . import claims, rate_limit
from .models import Outbox, SlackIdentity
from .slack import CANNOT_LOOK, Sent, Slack, SlackBusy, SlackRefused, SlackUncertain

State = Outbox.State
SETTLES_IN = timedelta(seconds=60)
"""A message that Slack stored is in the history by then; before that an empty look proves nothing."""
LOOKS = 2
LEASED = claims.LEASE + timedelta(seconds=10)
"""A deliverer that seems dead may live, with a clock of ours that jumped: so long it could still post."""
CLOCKS_APART = timedelta(days=1)
"""How much earlier than our own time of sending the search begins: the clock of Slack counts there."""
MOST_DEATHS = 5
"""A message during which the deliverer died so often is left to an admin: it may be the cause."""
AGAIN = timedelta(seconds=30)


def resolve(now: datetime, slack: Slack, limit: int) -> tuple[int, int]:
    """Look for uncertain messages that are due for a look. Gives how many proved sent and how many failed."""
    if rate_limit.blocked(now, rate_limit.LOOK):
        return 0, 0
    sent = failed = 0
    due = Outbox.objects.filter(state=State.UNCERTAIN, not_before__lte=now).select_related("corrects")
    for row in due.order_by("not_before")[:limit]:
        try:
            found = _look(row, slack)
        except SlackBusy as busy:
            rate_limit.block(rate_limit.LOOK, busy.until)
            break
        except SlackUncertain:
            rate_limit.back_off(now, rate_limit.LOOK)
            break
        except SlackRefused as refused:
            if refused.scope == "queue" and refused.code != CANNOT_LOOK:
                rate_limit.open_breaker(now, refused.code)
                break
            failed += _change(
                row,
                state=State.FAILED,
                reason="it cannot be found out whether it was delivered",
                last_error=refused.code,
            )
            continue
        rate_limit.works(rate_limit.LOOK)
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
    thread = row.corrects.ts if row.corrects else ""
    return slack.find_sent(channel, str(row.pk), since - CLOCKS_APART, thread)


def _not_there(row: Outbox, now: datetime) -> int:
    since = row.uncertain_since or now
    settles = since + (LEASED if row.last_error == claims.DIED else SETTLES_IN)
    if row.looks + 1 < LOOKS or now < settles:
        _change(row, looks=F("looks") + 1, not_before=max(settles, now + AGAIN))
        return 0
    if now >= row.deadline:
        _change(row, state=State.SUPPRESSED, looks=F("looks") + 1, reason=claims.EXPIRED)
        return 0
    if row.attempts - row.doubts >= MOST_DEATHS:
        return _change(
            row,
            state=State.FAILED,
            looks=F("looks") + 1,
            reason="sending it was cut off again and again, and it is not in the direct message",
        )
    _change(
        row,
        state=State.PLANNED,
        looks=F("looks") + 1,
        uncertain_since=None,
        not_before=max(since + rate_limit.after(max(row.doubts, 1)), now),
        reason="it was not delivered and is sent again",
    )
    return 0


def _change(row: Outbox, **columns: object) -> int:
    """Change the row only if nobody else looked meanwhile: two looks at once count as one."""
    return Outbox.objects.filter(
        pk=row.pk, state=State.UNCERTAIN, looks=row.looks, attempts=row.attempts
    ).update(**columns)
