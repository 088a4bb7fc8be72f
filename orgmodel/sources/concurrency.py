"""How many calls may run at the same time; fewer once the system complains of concurrency."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

GLANCE = 0.2
"""Seconds between looks at whether the read was stopped."""


class Lanes:
    """At most `most` callers are inside `lane` at once; each complaint halves the number, down to one."""

    def __init__(self, most: int) -> None:
        self.allowed = most
        self._busy = 0
        self._changed = threading.Condition()

    @contextmanager
    def lane(self, stopped: Callable[[], bool]) -> Iterator[None]:
        """Wait for a free lane and keep it for the block; `stopped` ends the wait without one."""
        with self._changed:
            while self._busy >= self.allowed and not stopped():
                self._changed.wait(GLANCE)
            self._busy += 1
        try:
            yield
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify()

    def narrow(self) -> None:
        """Refused for concurrency: half as many from now on."""
        with self._changed:
            self.allowed = max(1, self.allowed // 2)
