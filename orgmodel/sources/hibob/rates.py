"""How fast HiBob may be asked: people search 50 times a minute, everything else as its headers say."""

import threading
import time
from collections import deque
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from orgmodel.sources.http import LONGEST_WAIT, RetryAfter

SEARCH = "/people/search"
MOST_SEARCHES = 45
"""A minute; HiBob takes 50, and the rest is left to others."""
MINUTE = 60.0
WITHOUT_WORD = 15.0
"""Seconds to wait after a refusal that names no moment."""


class HiBobRates:
    """Counts our own searches and heeds X-RateLimit-Remaining and -Reset (epoch seconds) of each path."""

    advice = "HiBob takes 50 searches a minute for the whole company: sync when other programs are quiet."

    def __init__(self) -> None:
        self._searches: deque[float] = deque()
        self._free: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait_for(self, path: str, now: float) -> float:
        """Seconds to wait before asking at `now` (monotonic); 0 counts as asked."""
        with self._lock:
            if (wait := self._free.get(path, now) - now) > 0:
                return wait
            if path != SEARCH:
                return 0.0
            while self._searches and self._searches[0] <= now - MINUTE:
                self._searches.popleft()
            if len(self._searches) >= MOST_SEARCHES:
                return self._searches[0] + MINUTE - now
            self._searches.append(now)
            return 0.0

    def heard(self, path: str, headers: Mapping[str, str], now: float) -> None:
        """Where nothing is left, the path rests until its window ends."""
        if headers.get("x-ratelimit-remaining", "").strip() != "0":
            return
        if (wait := _until_reset(headers)) is not None:
            with self._lock:
                self._free[path] = now + wait

    def crowded(self, headers: Mapping[str, str]) -> bool:
        """HiBob does not complain of calls at the same time."""
        return False

    def refused(self, headers: Mapping[str, str]) -> float:
        """Retry-After is not documented and yet honoured; else the end of the window."""
        if headers.get("retry-after"):
            return RetryAfter().refused(headers)
        wait = _until_reset(headers)
        return WITHOUT_WORD if wait is None else wait


def _until_reset(headers: Mapping[str, str]) -> float | None:
    """Seconds until X-RateLimit-Reset by the clock of whoever answered; None where it does not say."""
    text = headers.get("x-ratelimit-reset", "").strip()
    if not text.isdecimal():
        return None
    try:
        now = parsedate_to_datetime(headers["date"]).timestamp()
    except (KeyError, ValueError):
        now = time.time()
    return min(max(float(text[:15]) - now, 0.0), LONGEST_WAIT)
