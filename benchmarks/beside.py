"""A pretend server in a process of its own, so that its work is not taken for ours."""

import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

FOUNDING = 600.0
"""Seconds that founding the largest company may take."""
ENDING = 10.0


class Beside:
    """Runs `serve(pipe, *arguments)` in a fresh process while `with` lasts.

    The first value it sends is `announced`; then it answers each question with one value, and ends when the
    pipe is closed. `serve` must stand in a module that imports nothing of Django's.
    """

    def __init__(self, serve: Callable[..., None], *arguments: object) -> None:
        meeting = multiprocessing.get_context("spawn")
        self._pipe, self._theirs = meeting.Pipe()
        self._process = meeting.Process(target=serve, args=(self._theirs, *arguments), daemon=True)
        self.announced: Any = None

    def __enter__(self) -> Self:
        self._process.start()
        self._theirs.close()
        if not self._pipe.poll(FOUNDING):
            self._process.kill()
            raise SystemExit("The pretend server did not start in time.")
        self.announced = self._pipe.recv()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pipe.close()
        self._process.join(ENDING)
        if self._process.is_alive():
            self._process.kill()

    def ask(self, *question: Any) -> Any:
        """Its answer."""
        self._pipe.send(question)
        return self._pipe.recv()


def questions(pipe: Connection) -> Iterator[Any]:
    """The questions of the other end, until it closes the pipe."""
    while True:
        try:
            yield pipe.recv()
        except EOFError:
            return
