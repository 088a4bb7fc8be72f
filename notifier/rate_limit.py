"""How fast and whether at all: the token bucket, the pause Slack asked for, and the breaker, in one row."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from .models import SendPace

logger = logging.getLogger(__name__)

POST = "chat.postMessage"
LOOK = "conversations.history"
LOOKUP = "users.lookupByEmail"
BURST_SECONDS = 10
"""How many seconds of unused pace may be spent at once, since nothing sleeps between two wakings."""
PAUSES = tuple(timedelta(seconds=each) for each in (30, 60, 120, 300, 600, 1200, 1800, 3600))
"""How long to wait after the first, second, … failure in a row; the last one counts from then on."""
FIRST_BREAKER = 4
"""Where among the pauses the breaker begins: at ten minutes, for an admin must mend something."""
LONGEST = PAUSES[-1] + timedelta(minutes=1)
"""A pause that ends later than this was set by a clock that ran ahead: it does not hold."""


@dataclass(frozen=True, slots=True)
class Grant:
    """How many messages may be posted now, and when to ask again if it is none."""

    allowed: int
    again_at: datetime | None = None


def grant(now: datetime, number: int, per_second: float | None) -> Grant:
    """How many of `number` posts are allowed. With a pace: call it, and `spend`, inside one transaction."""
    rows = SendPace.objects.filter(method=POST)
    if per_second is not None:
        SendPace.objects.bulk_create([SendPace(method=POST)], ignore_conflicts=True)
        rows = rows.select_for_update()
    row = rows.first()
    if row is None:
        return Grant(number)
    if row.blocked_until is not None and now < row.blocked_until <= now + LONGEST:
        return Grant(0, row.blocked_until)
    # After a failure of all one message tries whether the matter is mended.
    number = min(number, 1) if row.reason or row.failures else number
    if per_second is None:
        return Grant(number)
    if row.refilled_at is not None and row.refilled_at > now:
        # The clock went back: tokens come from now on, not only once it is as late as it was.
        row.refilled_at = now
        row.save(update_fields=["refilled_at"])
    tokens = _refilled(row, now, per_second)
    if tokens < 1:
        return Grant(0, now + timedelta(seconds=(1 - tokens) / per_second))
    return Grant(min(number, int(tokens)))


def spend(now: datetime, number: int, per_second: float | None) -> None:
    """Take tokens for messages just claimed; the row is locked by `grant`."""
    if per_second is None:
        return
    row = SendPace.objects.get(method=POST)
    row.tokens = _refilled(row, now, per_second) - number
    row.refilled_at = now
    row.save(update_fields=["tokens", "refilled_at"])


def after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row; `failures` is 1 or more."""
    return PAUSES[min(failures, len(PAUSES)) - 1]


def blocked(now: datetime, method: str) -> datetime | None:
    """Until when a method must not be called; None when it may."""
    rows = SendPace.objects.filter(method=method, blocked_until__gt=now, blocked_until__lte=now + LONGEST)
    return rows.values_list("blocked_until", flat=True).first()


def block(method: str, until: datetime) -> None:
    """Slack asked for a pause."""
    SendPace.objects.update_or_create(method=method, defaults={"blocked_until": until})


def back_off(now: datetime, method: str = POST) -> datetime:
    """A method fails: leave it alone, longer each time. Gives until when."""
    row, _created = SendPace.objects.get_or_create(method=method)
    row.failures += 1
    row.blocked_until = now + after(row.failures)
    row.save(update_fields=["failures", "blocked_until"])
    return row.blocked_until


def failing(method: str = POST) -> bool:
    """Whether the method has failed and not worked since."""
    return SendPace.objects.filter(method=method, failures__gt=0).exists()


def open_breaker(now: datetime, code: str) -> datetime:
    """Every message would be refused alike: stop all, and say so once. Gives until when."""
    row, _created = SendPace.objects.get_or_create(method=POST)
    if row.reason != code:
        logger.error("Slack refuses every message (%s): the queue waits until this is mended", code)
        row.opened_at = now
    row.failures = max(row.failures, FIRST_BREAKER) + 1
    row.reason, row.blocked_until = code, now + after(row.failures)
    row.save(update_fields=["reason", "blocked_until", "opened_at", "failures"])
    return row.blocked_until


def works(method: str = POST) -> None:
    """A call went through: what stood in its way is over."""
    SendPace.objects.filter(method=method).exclude(reason="", failures=0).update(
        reason="", opened_at=None, blocked_until=None, failures=0
    )


def breaker() -> str:
    """Slack's code that stopped the queue; empty while it runs."""
    return SendPace.objects.filter(method=POST).values_list("reason", flat=True).first() or ""


def _refilled(row: SendPace, now: datetime, per_second: float) -> float:
    most = max(1.0, per_second * BURST_SECONDS)
    if row.refilled_at is None:
        return most
    gone = max(0.0, (now - row.refilled_at).total_seconds())
    return min(most, row.tokens + gone * per_second)
