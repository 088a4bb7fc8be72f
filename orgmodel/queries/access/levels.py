"""Apps held at both moments at different levels: neither gained nor lost."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from orgmodel.sources.registry import direction
from orgmodel.why.causes import Cause
from orgmodel.why.levels import Direction

from .holdings import Access
from .level_choice import winning
from .target import Target


@dataclass(frozen=True)
class LevelChange:
    """An app as it was held and as it is held now, with the cause of the change."""

    was: Access
    now: Access
    direction: Direction

    @property
    def app(self) -> Target:
        return self.now.app

    @property
    def before(self) -> str:
        return self.was.level

    def as_json(self) -> dict[str, Any]:
        return {**self.now.as_json(), "level_before": self.before, "direction": self.direction}


def level_changes(
    had: Mapping[int, Access],
    has: Iterable[Access],
    ended: Callable[[Access], Cause],
    resolved: Callable[[Access], Cause],
) -> Iterator[LevelChange]:
    """`had`: by app, what was held before. `ended`: the cause of the end of an access by its ways.

    `resolved`: what made another of the same ways count for the level.
    """
    for now in has:
        was = had.get(now.app.pk)
        if was is not None and was.level != now.level:
            caused = replace(now, cause=_cause(was, now, ended, resolved))
            yield LevelChange(was, caused, direction(now.app.source, was.level, now.level))


def _cause(
    was: Access, now: Access, ended: Callable[[Access], Cause], resolved: Callable[[Access], Cause]
) -> Cause:
    """The way that decides now is new, or the one that decided before has ended; else which one decides."""
    before, after = winning(was.routes), winning(now.routes)
    if after.key not in {route.key for route in was.routes}:
        return now.cause
    if before.key not in {route.key for route in now.routes}:
        return ended(replace(was, routes=(before,)))
    return resolved(now)
