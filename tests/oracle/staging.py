"""Where a step finds the people and things it happens to: the world and the dice."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from .books import Unit
from .world import World


class NothingToDo(LookupError):
    """The step makes no sense in the company as it is."""


@dataclass(frozen=True)
class Stage:
    """The world and the dice."""

    world: World
    dice: Random

    def one(self, found: "list[str]") -> str:
        """Any of these. Raises NothingToDo when there is none."""
        if not found:
            raise NothingToDo
        return self.dice.choice(sorted(found))

    def person(self, *statuses: str) -> str:
        """Somebody with an Okta account of this status; whoever can sign in when none is given."""
        wanted = statuses or ("ACTIVE", "SUSPENDED", "STAGED")
        accounts = self.world.books.accounts.values()
        return self.one([each.email for each in accounts if each.status in wanted])

    def unit(self, *kinds: str) -> Unit:
        """A unit of one of these kinds; without records only its group says that there is an area."""
        units, recorded = self.world.books.units, self.world.feed is not None
        grouped = {group.unit for group in self.world.books.groups.values()}
        there = (each for each in units.values() if recorded or each.kind != "area" or each.id in grouped)
        return units[self.one([each.id for each in there if each.kind in kinds])]

    def group(self) -> str:
        """A group that somebody can be put into."""
        return self.one([each.id for each in self.world.books.groups.values() if not each.everyone])

    def rule(self, *statuses: str) -> str:
        return self.one([each.id for each in self.world.books.rules.values() if each.status in statuses])

    def app(self) -> str:
        return self.one(list(self.world.books.apps))

    def later(self, act: Callable[[], None]) -> str:
        """The other source hears it at once, or some turns later."""
        turns = self.dice.choice((0, 0, 1, 2, 4))
        if turns:
            self.world.waiting.append((turns, act))
            return f", {turns} turns apart"
        act()
        return ""
