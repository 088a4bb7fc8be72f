"""A clock that nobody waits for: it jumps to the next moment at which a sleeper wants to wake up."""

import threading
from datetime import UTC, datetime

import httpx

READERS = "okta-reader-"
"""How the threads are called that ask questions side by side."""
GLANCE = 0.002


class Clock:
    """Stands still while anybody works. `now` are its seconds since it was made, monotonic."""

    def __init__(self, begins: datetime) -> None:
        self._begins = begins.timestamp()
        self._now = 0.0
        self._asleep: dict[int, float] = {}
        self._turn = threading.Condition()

    def now(self) -> float:
        """Seconds since it was made."""
        return self._now

    def epoch(self) -> float:
        """Seconds since 1970."""
        return self._begins + self._now

    def moment(self) -> datetime:
        """The moment it is."""
        return datetime.fromtimestamp(self.epoch(), UTC)

    def sleep(self, seconds: float) -> None:
        """Until so many seconds have passed on this clock."""
        me = threading.get_ident()
        with self._turn:
            until = self._asleep[me] = self._now + seconds
            while self._now < until:
                # Whoever should be up already, and is still on the list, is about to go on.
                if self._all_asleep() and (earliest := min(self._asleep.values())) > self._now:
                    self._now = earliest
                    self._turn.notify_all()
                else:
                    self._turn.wait(GLANCE)
            del self._asleep[me]

    def _all_asleep(self) -> bool:
        readers = [each.ident for each in threading.enumerate() if each.name.startswith(READERS)]
        return all(each in self._asleep for each in readers)


class Distant(httpx.BaseTransport):
    """Every answer takes so many seconds of the clock."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock, self._seconds = clock, seconds
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._clock.sleep(self._seconds)
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()
