"""The lists of single groups and apps, asked for in order, a few at a time, while there is time."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from orgmodel.reports import Part
from orgmodel.sources.http import LANES

from .client import OktaClient
from .parse import Parser
from .parts import PATHS, Batch, Parts
from .pushes import ANNOUNCED
from .workers import Job, Workers


class PartQueue:
    """Asks for parts until `seconds` have passed since it was made, or the rate allows no more until then.

    A part that was begun is read to its end. `seconds` None: all of them.
    """

    def __init__(
        self,
        client: OktaClient,
        parts: Parts,
        seconds: float | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._parts, self._clock = client, parts, clock
        self._until = None if seconds is None else clock() + seconds
        self._lines: list[deque[Part]] = []

    @property
    def left(self) -> list[Part]:
        """What was not asked for."""
        return [part for line in self._lines for part in line]

    def results(self, lines: Sequence[Iterable[Part]], parser: Parser) -> Iterator[Batch]:
        """The facts of these parts, each line beside the others. Raises SourceFailed."""
        self._lines = [deque(line) for line in lines]
        jobs = [self._jobs(line, parser) for line in self._lines]
        yield from Workers(jobs, LANES, self._client.close).results()

    def _jobs(self, line: deque[Part], parser: Parser) -> Iterator[Job[Batch]]:
        begun = 0
        while line and self._may_ask(line[0], begun):
            begun += 1
            yield partial(self._ask, line.popleft(), parser)

    def _may_ask(self, part: Part, begun: int) -> bool:
        """There is time for it; where the rate allows, one part of each line is read in any case."""
        if self._until is None:
            return True
        wait = self._client.delay(PATHS[part.kind].format(part.owner))
        return self._clock() + wait < self._until or not (begun or wait)

    def _ask(self, part: Part, parser: Parser) -> Iterator[Batch]:
        if part.kind == "grant":
            yield from self._parts.members(part.owner, part.note)
        elif part.kind == "owner":
            yield from self._parts.owners(part.owner)
        elif part.kind == "edge":
            yield from self._parts.app_groups(parser, part.owner)
        elif part.kind == "seat":
            yield from self._parts.app_users(parser, part.owner)
        else:
            yield from self._parts.pushes(part.owner, announced=part.note == ANNOUNCED)
