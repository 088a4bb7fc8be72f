"""Delivery: claim, commit, check, post with no transaction open, commit the outcome.

It never sleeps and never retries by itself: whatever is left waits in the outbox for the next waking.

    planned ──claim──▶ sending ──▶ sent
       ▲                  │  ├───▶ failed, suppressed
       │                  │  └───▶ planned            certainly not posted
       └──── not found ── uncertain ──found──▶ sent   outcome unknown, or the deliverer died
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from . import claims, rate_limit, uncertain
from .checks import Ready, check, forget
from .claims import DeliveryOutcome
from .gathering import follow, gather
from .messages import Rendered, from_json, render
from .models import Outbox
from .notices import Composer
from .options import Options
from .slack import Sent, Slack, SlackBusy, SlackRefused, SlackUncertain

logger = logging.getLogger(__name__)

State = Outbox.State
BATCH = 96
POSTERS = 4
MANY = 3
"""So many unclear answers at once, and no good one, stop the queue for a while."""
NOT_THERE = frozenset({"user_not_found", "user_disabled", "channel_not_found"})
"""Slack's codes for an account that was recreated since it was looked up."""
LONGEST_RUN = 40
"""Seconds after which a delivery ends by itself, well before a worker's own time limit would kill it."""

Clock = Callable[[], datetime]
Posted = DeliveryOutcome | SlackBusy | SlackRefused | SlackUncertain


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages ended how in one delivery; `again_at`: when pace or Slack allow more."""

    sent: int = 0
    failed: int = 0
    uncertain: int = 0
    suppressed: int = 0
    again_at: datetime | None = None


def deliver(now: datetime, slack: Slack, limit: int = 200, *, options: Options | None = None) -> Delivered:
    """Send what is due, at most `limit` messages; several deliverers may run at once.

    `now` is aware. Without `options` the organisation's settings hold. Nothing is raised for what Slack does.
    """
    options = options or Options.from_settings()
    if options.notify == "off":
        return Delivered()
    claims.expire(now)
    late = claims.suppress_late(now)
    found, lost = uncertain.resolve(now, slack, limit)
    total: Counter[str] = Counter({State.SENT: found, State.FAILED: lost, State.SUPPRESSED: late})
    if options.notify == "hold":
        claims.hold_all()
        return _delivered(total, None)
    gather(Composer(options.configuration, now))
    with _posters() as pool:
        outcomes, again_at = _Run(slack, options, _clock(now), pool).send(limit - found)
    follow()
    return _delivered(total + outcomes, again_at)


def _delivered(total: Counter[str], again_at: datetime | None) -> Delivered:
    return Delivered(
        total[State.SENT], total[State.FAILED], total[State.UNCERTAIN], total[State.SUPPRESSED], again_at
    )


def _clock(now: datetime) -> Clock:
    """A clock that reads `now` at this moment and goes on from there."""
    started = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - started)


@contextmanager
def _posters() -> Iterator[Executor]:
    """Threads that only talk to Slack; the database belongs to the caller's thread."""
    pool = ThreadPoolExecutor(POSTERS, "post")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Run:
    """Batch after batch: while one is being posted, the next is claimed and checked."""

    def __init__(self, slack: Slack, options: Options, clock: Clock, pool: Executor):
        self.slack = slack
        self.options = options
        self.clock = clock
        self.pool = pool
        self.again_at: datetime | None = None

    def send(self, limit: int) -> tuple[Counter[str], datetime | None]:
        """Post up to `limit` messages. Gives how many ended in which state, and when to come back."""
        total: Counter[str] = Counter()
        ends = time.monotonic() + LONGEST_RUN
        batch = self._start(limit)
        while batch is not None:
            room = limit - total[State.SENT] - len(batch.rows)
            following = self._start(room) if room > 0 and time.monotonic() < ends else None
            total.update(self._finish(batch, following))
            batch = following or (self._start(limit - total[State.SENT]) if time.monotonic() < ends else None)
        return total, self.again_at

    def _start(self, room: int) -> "_Batch | None":
        if self.again_at is not None or room <= 0:
            return None
        rows, self.again_at = claims.claim(self.clock(), min(room, BATCH), self.options.pace_per_second)
        if not rows:
            return None
        batch = _Batch(rows, self.slack, self.clock)
        batch.start(self.options, self.pool)
        return batch

    def _finish(self, batch: "_Batch", following: "_Batch | None") -> list[str]:
        outcomes, pause = batch.finish()
        if pause is not None:
            self.again_at = max(pause, self.again_at or pause)
            if following is not None:
                following.stop.set()
        return [outcome.state for _row, outcome in outcomes]


class _Batch:
    """Claimed messages on their way."""

    def __init__(self, rows: list[Outbox], slack: Slack, clock: Clock):
        self.rows = rows
        self.slack = slack
        self.clock = clock
        self.stop = threading.Event()
        # Posting later than this could outlive the lease, and somebody else would post it too.
        self.last_moment = time.monotonic() + claims.LEASE.total_seconds() - 3 * slack.timeout
        self.outcomes: list[tuple[Outbox, DeliveryOutcome]] = []
        self.ready: list[Ready] = []
        self.answers: Iterator[Posted] = iter(())
        self.refusal = ""

    def start(self, options: Options, pool: Executor) -> None:
        """Check, and hand what may go to the posters."""
        checked = check(self.clock(), self.rows, self.slack, options, pool)
        self.outcomes, self.ready, self.refusal = checked.outcomes, checked.ready, checked.refusal
        if self.refusal:
            self.stop.set()
        self.answers = pool.map(self._post, self.ready)

    def finish(self) -> tuple[list[tuple[Outbox, DeliveryOutcome]], datetime | None]:
        """Wait for the answers and settle. Gives the outcomes and, when the queue must pause, until when."""
        posted = list(zip(self.ready, self.answers, strict=True))
        judged, pause = self._judge(posted)
        if self.refusal:
            pause = rate_limit.open_breaker(self.clock(), self.refusal)
        outcomes = self.outcomes + judged
        claims.settle(outcomes)
        return outcomes, pause

    def _post(self, ready: Ready) -> Posted:
        """One message, in a thread, without the database."""
        row = ready.row
        if self.stop.is_set() or time.monotonic() > self.last_moment:
            return DeliveryOutcome.put_back()
        try:
            rendered = render(from_json(row.payload))
        except ValueError:
            logger.exception("message %s cannot be put into words", row.pk)
            return DeliveryOutcome.failed("its payload cannot be read")
        try:
            sent = self._send(ready, rendered)
        except SlackRefused as refused:
            if refused.scope == "queue":
                self.stop.set()
            return refused
        except (SlackBusy, SlackUncertain) as error:
            self.stop.set()
            return error
        outcome = DeliveryOutcome.sent(sent.channel, sent.ts, self.clock())
        if rendered == Rendered(row.text, row.blocks):
            return outcome
        # Words changed since it was planned: the record shows what was really sent.
        return replace(outcome, columns=outcome.columns | {"text": rendered.text, "blocks": rendered.blocks})

    def _send(self, ready: Ready, rendered: Rendered) -> Sent:
        key = str(ready.row.pk)
        try:
            return self.slack.post(ready.channel, rendered.text, rendered.blocks, key, ready.thread)
        except SlackRefused as refused:
            if refused.scope != "ours":
                raise
            logger.exception("message %s: Slack refuses our blocks, only the text is sent", key)
            return self.slack.post(ready.channel, rendered.text, [], key, ready.thread)

    def _judge(
        self, posted: list[tuple[Ready, Posted]]
    ) -> tuple[list[tuple[Outbox, DeliveryOutcome]], datetime | None]:
        """Turn Slack's answers into outcomes, and pause the queue where they ask for it."""
        now = self.clock()
        answers = [answer for _ready, answer in posted]
        outcomes = [(ready.row, _outcome(ready, answer, now)) for ready, answer in posted]
        refusals = [a.code for a in answers if isinstance(a, SlackRefused) and a.scope == "queue"]
        if refusals:
            return outcomes, rate_limit.open_breaker(now, refusals[0])
        pauses = [answer.until for answer in answers if isinstance(answer, SlackBusy)]
        unclear = sum(isinstance(answer, SlackUncertain) for answer in answers)
        if any(isinstance(a, DeliveryOutcome) and a.state == State.SENT for a in answers):
            rate_limit.works()
        elif unclear >= MANY or (unclear and rate_limit.failing()):
            pauses.append(rate_limit.back_off(now))
        if pauses:
            rate_limit.block(rate_limit.POST, max(pauses))
        return outcomes, max(pauses, default=None)


def _outcome(ready: Ready, answer: Posted, now: datetime) -> DeliveryOutcome:
    if isinstance(answer, DeliveryOutcome):
        return answer
    if isinstance(answer, SlackBusy):
        return DeliveryOutcome.put_back(reason="waits for Slack", code=str(answer))
    if isinstance(answer, SlackUncertain):
        return DeliveryOutcome.uncertain(now, str(answer))
    if answer.scope == "queue":
        return DeliveryOutcome.put_back(reason="waits until Slack accepts messages again", code=answer.code)
    if answer.code in NOT_THERE and not ready.fresh:
        forget(ready.row.to)
        return DeliveryOutcome.put_back(reason="waits for a Slack account", code=answer.code)
    return DeliveryOutcome.failed(f"Slack refused it: {answer.code}", answer.code)
