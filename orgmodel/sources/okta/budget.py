"""How fast Okta may be called: a share of every rate bucket, according to its own headers.

Okta counts calls per bucket and per window of 60 seconds; one careless reader can stop an organisation's
sign-ins. So a bucket is left alone until its window resets once our share of it is used, and the last
tenth is never touched, whoever used the rest.
"""

import math
import re
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from orgmodel.sources.http import LONGEST_WAIT
from orgmodel.sources.http_headers import moment_of

WINDOW = 60.0
GLANCE = 0.25
NUMBER = re.compile(r"\s*-?[0-9]{1,15}\s*")
LEFT_FREE = 0.1
"""Share of a limit that is left to others even where our own share is not yet used."""
SPARED = 0.1
"""Share of ours that lists which can wait leave to reads of what has changed meanwhile."""


@dataclass
class _Bucket:
    """One window of one bucket. Times are on the local monotonic clock."""

    resets_at: float
    limit: int = 0
    """0: not yet known."""
    remaining: int = 0
    used: int = 0
    """Our own calls in this window."""
    window: int = 0
    """The end of the window in the server's epoch seconds, by which windows are told apart; 0: unknown."""


class Use(NamedTuple):
    """How much of one bucket we used in one window; `window` is its end in Okta's epoch seconds."""

    window: int
    used: int
    limit: int


Pace = dict[str, Use]
"""Bucket → what we used of it, from one read to the next: a minute may hold several."""


class Budget:
    """The buckets as last heard of. `share`: the part of each limit that may be used, above 0, at most 1.

    `before`: what earlier reads used, which counts while the window is still the same.
    """

    def __init__(self, share: float, before: Mapping[str, Use] | None = None) -> None:
        self._share, self._before = share, dict(before or {})
        self._buckets: dict[str, _Bucket] = {}
        self._promised: Counter[str] = Counter()
        """Calls that lists which were begun have still to make, by bucket."""
        self._lock = threading.Lock()

    def wait_for(self, bucket: str, now: float) -> float:
        """Seconds to wait before a call to this bucket at `now` (monotonic); 0 takes one call from it."""
        with self._lock:
            return self._take(bucket, now, calls=1, promised=0, spare=False)

    def begin(self, bucket: str, now: float, *, calls: int, spare: bool) -> float:
        """The same for the first call of a list that needs so many: where there is room for them, of a long
        one for half of our share, beside what was promised before. The others are promised to it.

        `spare`: none of the last calls of our share.
        """
        with self._lock:
            wait = self._take(bucket, now, calls=calls, promised=self._promised[bucket], spare=spare)
            self._promised[bucket] += 0 if wait else calls - 1
            return wait

    def keep(self, bucket: str, calls: int) -> None:
        """So many calls that were promised are made, or not needed any more."""
        with self._lock:
            self._promised[bucket] -= calls

    def _take(self, bucket: str, now: float, *, calls: int, promised: int, spare: bool) -> float:
        state = self._buckets.get(bucket)
        if state is None or now >= state.resets_at:
            limit = state.limit if state else 0
            state = self._buckets[bucket] = _Bucket(now + WINDOW, limit, limit)
        if state.limit and not self._has_room(state, calls, promised, spare=spare):
            # Until the first answer of a window its end is a guess: then it is soon looked at again.
            return min(state.resets_at - now, LONGEST_WAIT if state.window else GLANCE)
        state.used += 1
        return 0.0

    @property
    def pace(self) -> Pace:
        """What was used in the newest window of each bucket, of earlier reads as well."""
        heard = {
            name: Use(each.window, each.used, each.limit)
            for name, each in self._buckets.items()
            if each.window
        }
        return {**self._before, **heard}

    def heard(self, bucket: str, headers: Mapping[str, str], now: float) -> None:
        """Learn from an answer. A limit of 0 is about concurrency, not of the bucket."""
        limit, remaining = _number(headers, "x-rate-limit-limit"), _number(headers, "x-rate-limit-remaining")
        window, wait = _number(headers, "x-rate-limit-reset"), seconds_to_reset(headers)
        if not limit or remaining is None or window is None or wait is None:
            return
        with self._lock:
            state = self._buckets.get(bucket)
            if state is None:
                state = self._buckets[bucket] = _Bucket(now + wait, used=1)
            if state.window and limit != state.limit:
                # Okta counts these paths apart after all: each goes by the tightest that was heard of.
                if limit < state.limit:
                    state.limit, state.remaining = limit, min(state.remaining, remaining)
                return
            # Some clocks move the reset with every answer; a window is new only if it was filled up again.
            renewed = window > state.window + 1 and remaining > state.remaining
            if not state.window or renewed:
                state.used = 1 if state.window else state.used + self._used_before(bucket, window)
                state.resets_at, state.window, state.remaining = now + wait, window, remaining
            elif window >= state.window - 1:
                state.remaining = min(state.remaining, remaining)
            state.limit = limit

    def _used_before(self, bucket: str, window: int) -> int:
        known = self._before.get(bucket)
        return known.used if known and abs(known.window - window) <= 1 else 0

    def _has_room(self, state: _Bucket, calls: int, promised: int, *, spare: bool) -> bool:
        ours = max(1, int(state.limit * self._share))
        free = min(state.limit - ours, int(state.limit * LEFT_FREE))
        spared = min(ours - 1, math.ceil(ours * SPARED)) if spare else 0
        room = min(ours - state.used, state.remaining - free) - spared - promised
        return room >= min(calls, max(1, (ours - spared) // 2))


def seconds_to_reset(headers: Mapping[str, str]) -> float | None:
    """Seconds until the bucket's window ends, by the server's own clock on both sides where it tells it."""
    reset = _number(headers, "x-rate-limit-reset")
    if reset is None:
        return None
    try:
        date = moment_of(headers.get("date", ""))
    except ValueError:
        date = time.time()
    return min(max(reset - date, 0.0), LONGEST_WAIT)


def seconds_to_retry(headers: Mapping[str, str]) -> float:
    """Seconds that a refusal for rate asks to wait: Retry-After where it stands, else to the reset."""
    seconds = _number(headers, "retry-after")
    if seconds is not None:
        return min(max(float(seconds), 0.0), LONGEST_WAIT)
    wait = seconds_to_reset(headers)
    return 1.0 if wait is None else wait


def is_concurrency(headers: Mapping[str, str]) -> bool:
    """A 429 with a limit of 0 means too many calls at the same time."""
    return _number(headers, "x-rate-limit-limit") == 0


def _number(headers: Mapping[str, str], name: str) -> int | None:
    """The number of a header; of one that is given several times (`12, 15`) the most cautious one.

    Two resets mean the later; two limits, or two numbers of calls that remain, the smaller.
    """
    found = [int(part) for part in headers.get(name, "").split(",") if NUMBER.fullmatch(part)]
    return (min if name in _SMALLER else max)(found, default=None)


_SMALLER = frozenset({"x-rate-limit-limit", "x-rate-limit-remaining"})


def pace_of(cursor: str) -> Pace:
    """What the cursor says; nothing without one, and for one that cannot be read."""
    try:
        return msgspec.json.decode(cursor, type=Pace)
    except msgspec.MsgspecError:
        return {}


def pace_cursor(pace: Pace) -> str:
    """The pace as text."""
    return msgspec.json.encode(pace).decode()


def bucket_of(path: str) -> str:
    """The bucket that a path below /api/v1 counts against: single records have others than lists."""
    head, *rest = path.partition("?")[0].removeprefix("/api/v1/").split("/")
    if head not in {"users", "groups", "apps", "logs"}:
        return "other"
    if head == "users" and len(rest) > 1:
        return "users/{id}/*"
    return f"{head}/{{id}}" if len(rest) == 1 and rest != ["rules"] else head


class OktaRates:
    """Okta's buckets as the rates of a client."""

    advice = "Lower OKTA_BUDGET, or sync when less is going on."

    def __init__(self, share: float, before: Mapping[str, Use] | None = None) -> None:
        self._budget = Budget(share, before)
        self._taken: Counter[str] = Counter()
        """Paths whose next call was taken from its bucket before it is made."""
        self._promised: Counter[str] = Counter()
        """Calls that the list at a path may still make before others begin."""
        self._lock = threading.Lock()

    @property
    def pace(self) -> Pace:
        """What was used of each bucket."""
        return self._budget.pace

    def take(self, path: str, now: float, *, calls: int, spare: bool) -> float:
        """Take the first call of a list beforehand, and let it have the others; or else seconds until then.

        `spare`: not one of the last calls of our share.
        """
        wait = self._budget.begin(bucket_of(path), now, calls=calls, spare=spare)
        if not wait:
            with self._lock:
                self._taken.update([path])
                self._promised[path] = calls - 1
        return wait

    def ended(self, path: str) -> None:
        """The list was read: what it had too much is free again."""
        with self._lock:
            promised = self._promised.pop(path, 0)
        self._budget.keep(bucket_of(path), promised)

    def wait_for(self, path: str, now: float) -> float:
        """Until our share of the path's bucket is there again."""
        with self._lock:
            if self._taken[path]:
                self._taken[path] -= 1
                return 0.0
        wait = self._budget.wait_for(bucket_of(path), now)
        if not wait:
            self._made(path)
        return wait

    def _made(self, path: str) -> None:
        with self._lock:
            if not self._promised[path]:
                return
            self._promised[path] -= 1
        self._budget.keep(bucket_of(path), 1)

    def heard(self, path: str, headers: Mapping[str, str], now: float) -> None:
        """What the answer says of the path's bucket."""
        self._budget.heard(bucket_of(path), headers, now)

    def crowded(self, headers: Mapping[str, str]) -> bool:
        """A limit of 0 means too many calls at the same time."""
        return is_concurrency(headers)

    def refused(self, headers: Mapping[str, str]) -> float:
        """Until Retry-After, else until the bucket's window ends."""
        return seconds_to_retry(headers)
