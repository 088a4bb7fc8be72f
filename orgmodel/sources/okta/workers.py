"""A few threads that work through jobs; what they find comes out in the calling thread, as it arrives."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Job = Callable[[], Iterator[T]]

WAITING = 32
"""Results that may wait to be taken; the threads pause when so many do."""
GLANCE = 0.1
PATIENCE = 5.0
"""Seconds to wait for the threads at the end; one that hangs in the network dies with its time-out."""


class Workers(Generic[T]):
    """Runs lines of jobs in `threads` threads; `stop` is called when the rest is given up early.

    The threads share out the lines, so that one line that has to wait does not hold up another; who is
    through with his own helps with the next.
    """

    def __init__(self, lines: Sequence[Iterable[Job[T]]], threads: int, stop: Callable[[], None]) -> None:
        self._lines = [iter(line) for line in lines]
        self._next = threading.Lock()
        self._done: queue.Queue[tuple[str, Any]] = queue.Queue(maxsize=WAITING)
        self._given_up = threading.Event()
        self._stop = stop
        self._threads = [
            threading.Thread(target=self._work, args=(number,), name=f"okta-reader-{number}", daemon=True)
            for number in range(threads)
        ]

    def results(self) -> Iterator[T]:
        """What the jobs yield, in any order. Raises what a job raises; the other threads then stop soon."""
        for thread in self._threads:
            thread.start()
        running = len(self._threads)
        try:
            while running:
                what, item = self._done.get()
                if what == "result":
                    yield item
                elif what == "error":
                    raise item
                else:
                    running -= 1
        finally:
            self._given_up.set()
            if running:
                self._stop()
            for thread in self._threads:
                thread.join(PATIENCE)

    def _work(self, number: int) -> None:
        own = number % len(self._lines)
        try:
            while (job := self._take(own)) is not None:
                for result in job():
                    if not self._hand(("result", result)):
                        return
        except BaseException as error:  # noqa: BLE001  # handed to the calling thread, which raises it
            self._hand(("error", error))
        else:
            self._hand(("end", None))

    def _take(self, own: int) -> Job[T] | None:
        with self._next:
            if self._given_up.is_set():
                return None
            for line in (*self._lines[own:], *self._lines[:own]):
                if (job := next(line, None)) is not None:
                    return job
            return None

    def _hand(self, item: tuple[str, Any]) -> bool:
        """Put into the queue; False when nobody takes from it any more."""
        while not self._given_up.is_set():
            try:
                self._done.put(item, timeout=GLANCE)
            except queue.Full:
                continue
            return True
        return False
