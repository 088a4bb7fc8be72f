"""Whom somebody asks for what they lack, and what has to be done before; of today, whatever date is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from orgmodel.conventions import Ask
from orgmodel.queries.access.routes import Route
from orgmodel.queries.access.target import Target
from orgmodel.why.asking import Asking, settled
from orgmodel.why.obstacles import Obstacles, but
from orgmodel.why.paths import Path
from orgmodel.why.voice import Voice, started

from .asking import contacts_of
from .why_not import Surroundings


@dataclass(frozen=True)
class Lacking:
    """Somebody who lacks something on the date that is shown, and how it is today.

    `name`: of the person; `near`: of today; `given`: how they have been given it today; `open`: the app can
    be used today, as far as that is known.
    """

    name: str
    voice: Voice
    target: Target
    near: Surroundings
    given: Sequence[Route]
    open: bool

    def asking(self, ways: Sequence[Path], ask: Ask) -> Asking:
        """Whom to ask, nearest first by the ways into it."""
        if any(route.opens for route in self.given):
            has = "is in it", "are in it"
            has = has if self.target.kind == "group" else ("has it", "have it")
            return Asking(nobody=f"{started(self.voice.does(*has), self.voice)} today.")
        between = Obstacles(
            self.target.name, self.target.kind, bool(self.given), (), self.open, self.near.standing, False
        )
        if self.given:
            desk = settled((), Ask(ask.contact))
            return Asking(desk, nobody="", first=" ".join(between.takes(self.voice)))
        asking = contacts_of(
            self.near.named,
            self.target,
            _nearest(ways, self.near.into),
            ask,
            first=between.first(Voice(self.name)),
        )
        first = between.first(self.voice), but(self.voice, "", self.near.standing)
        return replace(asking, first=" ".join(filter(None, first)))


def _nearest(ways: Sequence[Path], into: Sequence[tuple[Target, str]]) -> list[Target]:
    """The groups in the order of the ways."""
    order = [step.native_id for way in ways for step in way.steps if step.kind == "group"]
    groups = [group for group, _ in into]
    return sorted(groups, key=lambda each: order.index(each.native_id) if each.native_id in order else 99)
