"""The lists of single groups and apps, asked for in order, a few at a time, while there is time."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from orgmodel.reports import Part
from orgmodel.sources.http import LANES

from .client import OktaClient
from .long_lists import LongLists
from .parse import Parser
from .parts import PATHS, Batch, Parts
from .pushes import ANNOUNCED
from .workers import Job, Workers

A_LITTLE = 0.05
MOST_WAIT = 10.0
"""Seconds that a slice waits for the rate: meanwhile what it has read grows old. One slice after another
finds the windows of the rates a little further on."""
LEAST = 10.0
"""Seconds that a slice has even where the next run is awaited, so that a complete read comes to its end."""
GLANCE = 0.5
"""Seconds between two looks whether it is, or whether a list of another line has ended."""
MOST_BESIDE = 300.0
"""Seconds over its time that a line goes on beside a long list: what is cut off must be read again."""


@dataclass(eq=False)
class _Line:
    """Parts that are asked for one after another, against one bucket of the rate."""

    parts: deque[Part]
    ended: bool = False
    begun: set[Part] = field(default_factory=set)
    """Lists that were begun in time and are still being read."""


class PartQueue:
    """Asks for parts until `seconds` have passed since it was made, or the rate allows no more for now.

    A part that was begun in time is read to its end, and beside it the other lines go on. `seconds` None: all
    parts are read. `awaited`: somebody wants to know what has changed; asked in the thread that takes the
    results. `spare`: leave them some of the rate. `long`: lists of which one at most is read in that time.
    """

    def __init__(
        self,
        client: OktaClient,
        parts: Parts,
        seconds: float | None,
        awaited: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
        spare: bool = False,
        long: LongLists | None = None,
    ) -> None:
        self._client, self._parts, self._clock, self._spare = client, parts, clock, spare
        self._long = long or LongLists("")
        self._began = self._looked = clock()
        self._until = None if seconds is None else self._began + seconds
        self._awaited = awaited
        self._lines: list[_Line] = []
        self._put_off: list[Part] = []

    @property
    def left(self) -> list[Part]:
        """What was not asked for."""
        return [*(part for line in self._lines for part in line.parts), *self._put_off]

    def results(self, lines: Sequence[Iterable[Part]], parser: Parser) -> Iterator[Batch]:
        """The facts of these parts, each line beside the others. Raises SourceFailed."""
        self._lines = [_Line(deque(self._in_turn(line))) for line in lines]
        jobs = [self._jobs(line, parser) for line in self._lines]
        for batch in Workers(jobs, LANES, self._client.close).results():
            yield batch
            self._look()

    def _in_turn(self, line: Iterable[Part]) -> Iterable[Part]:
        if self._until is None:
            return line
        now, later = self._long.in_turn(line)
        self._put_off.extend(later)
        return now

    def _look(self) -> None:
        """End the slice early for whoever waits for the next one."""
        now = self._clock()
        if self._until is not None and now >= max(self._began + LEAST, self._looked + GLANCE):
            self._looked = now
            if self._awaited():
                self._until = min(self._until, now)

    def _jobs(self, line: _Line, parser: Parser) -> Iterator[Job[Batch]]:
        first = True
        while line.parts and not line.ended:
            yield partial(self._read, line, line.parts.popleft(), parser, first=first)
            first = False

    def _read(self, line: _Line, part: Part, parser: Parser, *, first: bool) -> Iterator[Batch]:
        """The part, or nothing: then it stands in its line again, which has ended."""
        if self._parts.are_nowhere(part.kind):
            return
        if self._may_ask(line, part, first=first):
            yield from self._ask(line, part, parser)
        else:
            line.parts.appendleft(part)
            line.ended = True

    def _may_ask(self, line: _Line, part: Part, *, first: bool) -> bool:
        """There is time, and the rate allows it; the first part of each line is read whatever the time."""
        if self._until is None:
            return True
        while first or self._clock() < self._until or self._is_waited_for(line):
            # Taken before the part is begun: who begins without, and then waits, holds up all others.
            wait = self._take(part, self._long.pages(part))
            if wait and first:
                wait = self._take(part, 1)  # Else nobody knows when it would ever fit.
            if not wait:
                return True
            if self._is_waited_for(line):
                wait = min(wait, GLANCE)
            elif wait > MOST_WAIT or self._clock() + wait >= self._until:
                return False
            self._client.pause(wait + A_LITTLE)
        return False

    def _take(self, part: Part, calls: int) -> float:
        return self._client.take(_path(part), calls=calls, spare=self._spare)

    def _is_waited_for(self, line: _Line) -> bool:
        """Whether the slice goes on anyway, for a list that another line has begun in time."""
        if self._until is None or self._clock() >= self._until + MOST_BESIDE:
            return False
        return any(each.begun for each in self._lines if each is not line)

    def _ask(self, line: _Line, part: Part, parser: Parser) -> Iterator[Batch]:
        pages = 0
        if self._until is None or self._clock() < self._until:
            line.begun.add(part)
        try:
            for page in self._pages_of(part, parser):
                pages += 1
                yield page
        finally:
            line.begun.discard(part)
            self._client.ended(_path(part))
        if self._parts.is_read(part.kind, part.owner):
            self._long.note(part, pages)

    def _pages_of(self, part: Part, parser: Parser) -> Iterator[Batch]:
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


def _path(part: Part) -> str:
    return PATHS[part.kind].format(part.owner)
