"""How fast Okta may be asked: a share of every rate bucket, as its own headers tell it.

Okta counts calls per bucket and per window of 60 seconds; one careless reader can stop an organisation's
sign-ins. So a bucket is left alone until its window resets once our share of it is used.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 90.0
"""Seconds; a window lasts 60."""


@dataclass
class _Bucket:
    limit: int
    remaining: int
    resets_at: float
    """On the local monotonic clock."""


class Budget:
    """The buckets as last heard of. `share`: the part of each limit that may be used."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._buckets: dict[str, _Bucket] = {}
        self._lock = threading.Lock()

    def wait_for(self, bucket: str, now: float) -> float:
        """Seconds to wait before a call to this bucket at `now` (monotonic); 0 takes one call from it."""
        with self._lock:
            state = self._buckets.get(bucket)
            if state is None or now >= state.resets_at:
                self._buckets.pop(bucket, None)
                return 0.0
            reserve = state.limit - max(1, int(state.limit * self._share))
            if state.remaining > reserve:
                state.remaining -= 1
                return 0.0
            return min(state.resets_at - now, LONGEST_WAIT)

    def heard(self, bucket: str, headers: Mapping[str, str], now: float) -> None:
        """Learn from an answer. A limit of 0 speaks of concurrency, not of the bucket."""
        limit, remaining = _number(headers, "x-rate-limit-limit"), _number(headers, "x-rate-limit-remaining")
        wait = seconds_to_reset(headers)
        if not limit or remaining is None or wait is None:
            return
        with self._lock:
            state = self._buckets.get(bucket)
            if state is None or now >= state.resets_at:
                self._buckets[bucket] = _Bucket(limit, remaining, now + wait)
            else:
                state.limit, state.remaining = limit, min(state.remaining, remaining)


def seconds_to_reset(headers: Mapping[str, str]) -> float | None:
    """Seconds until the bucket's window ends, by the server's own clock on both sides."""
    reset = _number(headers, "x-rate-limit-reset")
    date = headers.get("date")
    if reset is None or not date:
        return None
    try:
        wait = reset - parsedate_to_datetime(date).timestamp()
    except ValueError:
        return None
    return min(max(wait, 0.0), LONGEST_WAIT)


def is_concurrency(headers: Mapping[str, str]) -> bool:
    """A 429 with a limit of 0 means too many calls at the same time."""
    return _number(headers, "x-rate-limit-limit") == 0


def _number(headers: Mapping[str, str], name: str) -> int | None:
    try:
        return int(headers[name])
    except (KeyError, ValueError):
        return None


def bucket_of(path: str) -> str:
    """The bucket that a path below /api/v1 counts against."""
    head = path.removeprefix("/api/v1/").split("/")[0].split("?")[0]
    return head if head in {"users", "groups", "apps", "logs"} else "other"
