"""What was seen by which read, and what truly made it so: the causes that an answer may give."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from . import answers
from .books import Books, Unit
from .happened import Because, Event, on_the_way
from .reading import Company

AGAIN = {"activated", "account created", "app active"}
"""What opens ways that were there."""
Causes = list[tuple[Because, Company]]


@dataclass(frozen=True)
class Stood:
    """How things stood from a moment on. `before`: not `books` where something happened during the read."""

    at: datetime
    books: Books
    before: Books
    begun: datetime | None = None
    """When the read began, where that was not at once."""

    @property
    def torn(self) -> bool:
        return self.before is not self.books


@dataclass
class Ledger:
    """All reads so far, oldest first, and all that happened."""

    events: Sequence[Event]
    actors: frozenset[str]
    causes: bool = True
    """Whether causes are compared at all."""
    history: list[Stood] = field(default_factory=list)
    dark: set[int] = field(default_factory=set)
    """Reads that came before the log's lines of what they saw."""
    rules: set[str] = field(default_factory=set)
    things: set[str] = field(default_factory=set)
    """Names that rules, and groups, apps and units, have or had."""
    units: list[Unit] = field(default_factory=list)

    def add(self, stood: Stood) -> None:
        """One more read."""
        self.history.append(stood)
        books = stood.books
        self.rules |= {each.name for each in books.rules.values()}
        self.things |= {each.name for each in books.groups.values() if not each.everyone}
        self.things |= {each.label for each in books.apps.values()}
        self.units += [each for each in books.units.values() if each not in self.units]

    def between(self, first: int, last: int) -> list[Event]:
        """What the reads after `first`, up to `last`, may have seen first."""
        begins = first if self.history[first].torn else first + 1
        return [each for each in self.events if begins <= each.read <= last]

    def of_group(self, verb: str, email: str, group: str, first: int, last: int) -> Causes:
        """Why the person came into the group, or out of it."""
        found = [each for each in self.between(first, last) if (each.email, each.thing) == (email, group)]
        return self._causes(each for each in found if each.verb == verb)

    def of_app(self, verb: str, email: str, app: str, first: int, last: int) -> Causes:
        """Why the person got the app, or has it no more."""
        moments = self.history[first : last + 1]
        groups = {each for stood in moments for each in getattr(stood.books.apps.get(app), "opens", ())}
        found = on_the_way(self.between(first, last), verb, email, app, groups)
        if any(each.because.kind in AGAIN for each in found):
            # Back again: what had given the way before is no wrong answer.
            found = on_the_way(self.between(0, last), verb, email, app, groups)
            found += on_the_way([each for each in self.events if not each.read], verb, email, app, groups)
        return self._causes(found)

    def last_held(self, email: str, thing: str, last: int) -> int | None:
        """The last read up to this one that saw the person with the app, or in the group."""
        for number in range(last, -1, -1):
            books = self.history[number].books
            if thing in (
                answers.groups(books, email) if thing in books.groups else answers.apps(books, email)
            ):
                return number
        return None

    def _causes(self, events: Iterable[Event]) -> Causes:
        return [(replace(each.because, unlogged=self.unlogged(each)), self.company(each)) for each in events]

    def unlogged(self, event: Event) -> bool:
        """The log has not told it in time: of who put in and took out, it still will at the next read.

        The log is read before the lists: what happens during those stands in the log of the next read.
        """
        read = event.read
        if read < len(self.history) and self.history[read].torn and read not in self.dark:
            read += 1
        late = event.because.kind not in {"admin", "automation"} or read == len(self.history) - 1
        return read in self.dark and late

    def company(self, event: Event) -> Company:
        """What a sentence about the event may name, and from what to what the attributes turned."""
        values = {}
        last = min(event.read, len(self.history) - 1)
        reads = [self.history[number] for number in (last - 1, last) if number >= 0]
        profiles = [
            each.books.accounts[event.email].profile for each in reads if event.email in each.books.accounts
        ]
        if len(profiles) == 2 and not any(each.torn for each in reads):
            before, after = profiles
            for name in {*before, *after}:
                if before.get(name) != after.get(name):
                    values[name] = (self._called(name, before.get(name)), self._called(name, after.get(name)))
        return Company(frozenset(self.rules), frozenset(self.things), self.actors, values)

    def _called(self, attribute: str, value: str | None) -> frozenset[str]:
        """A value, or the names of the unit that it means."""
        if not value:
            return frozenset()
        meant = {each.name for each in self.units if each.kind == attribute and each.value == value}
        return frozenset({value, *meant})
