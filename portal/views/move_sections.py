"""A move as its page tells it: from the values, and in the words, of the message about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from notifier.because import Because, Teller
from orgmodel.queries.access.holdings import Access
from orgmodel.queries.access.levels import LevelChange
from orgmodel.queries.access.target import Target
from orgmodel.queries.history.leaving import Leaving
from orgmodel.queries.pages.move_page import MoveStory
from orgmodel.why.levels import instead, named

AS_HELD = {"joiner", "back"}
"""Moves before which nothing was there: it is told why somebody has it, not what changed."""
Held = TypeVar("Held", Access, LevelChange)


@dataclass(frozen=True)
class Shown:
    """An app in a line, with what is worth saying of its level."""

    app: Target
    level: str


@dataclass(frozen=True)
class Line:
    """One reason, and the apps that share it; the reason may be empty."""

    because: str
    apps: tuple[Shown, ...]


@dataclass(frozen=True)
class Section:
    """One part of the story; `id` is its anchor."""

    id: str
    title: str
    lines: tuple[Line, ...]

    @property
    def count(self) -> int:
        return sum(len(line.apps) for line in self.lines)


@dataclass(frozen=True)
class Record:
    """What a record said: an attribute by its title, values by the units they mean."""

    attribute: str
    before: str
    after: str
    at: object


def records_of(story: MoveStory, tell: Teller) -> list[Record]:
    """What changed about the person."""
    names = tell.names
    return [
        Record(
            names.attribute(flip.attribute),
            names.value(flip.attribute, flip.before),
            names.value(flip.attribute, flip.after),
            flip.at,
        )
        for flip in story.changed.attributes
    ]


def groups_of(story: MoveStory, tell: Teller) -> dict[str, list[tuple[Target, str]]]:
    """The groups somebody came into and out of, each with its cause."""
    changed = story.changed
    pairs = {"into": changed.groups_gained, "out": changed.groups_lost}
    return {
        way: [(each.group, each.cause.sentence(tell.voice)) for each in held] for way, held in pairs.items()
    }


def sections_of(story: MoveStory, tell: Teller) -> list[Section]:
    """What access became, in the order in which a message tells it; only what there is."""
    changed, levels = story.changed, story.changed.level_changed
    own = tell.voice.own
    outside = f", outside {'your' if own else 'the'} new team" if story.row.kind == "mover" else ""
    parts: list[tuple[str, str, tuple[Line, ...]]] = [
        ("new", "New", _lines(changed.gained, tell.held if story.row.kind in AS_HELD else tell.came)),
        ("raised", "Raised", _levels(levels, "raised", tell)),
        ("lowered", "Lowered", _levels(levels, "lowered", tell)),
        ("levels", "At another level", _levels(levels, "other", tell)),
        *(_left(story.left) if story.left else _lost(changed.lost, tell)),
        (
            "still",
            "You still have it another way" if own else "Still held another way",
            _lines(changed.still_through, tell.held),
        ),
        (
            "kept",
            f"{'You still have' if own else 'Still held'}{outside}; won’t be removed automatically",
            _lines(changed.kept_unexplained, tell.kept),
        ),
        ("pending", "Still pending", _lines(changed.pending, tell.waits)),
    ]
    return [Section(*part) for part in parts if part[2]]


def steps_of(left: Leaving | None) -> list[str]:
    """What people must still do about the accounts of somebody who left; one step for each account."""
    states = (
        ("suspended" if state == "suspended" else "still active" for state in left.accounts) if left else ()
    )
    return [f"Deactivate the Okta account. It is {state}." for state in states]


def _lost(lost: Iterable[Access], tell: Teller) -> list[tuple[str, str, tuple[Line, ...]]]:
    return [("gone", "Gone", _lines(lost, lambda each: tell.went(each, each.cause)))]


def _left(left: Leaving) -> list[tuple[str, str, tuple[Line, ...]]]:
    return [
        ("removed", "Removed", _lines(left.removed)),
        ("manual", "Needs manual removal", _lines(left.by_hand)),
    ]


def _levels(levels: Iterable[LevelChange], way: str, tell: Teller) -> tuple[Line, ...]:
    return _lines((each for each in levels if each.direction == way), tell.changed)


def _lines(held: Iterable[Held], reason: Callable[[Held], Because] | None = None) -> tuple[Line, ...]:
    """One line for each reason, the most particular first."""
    found: dict[Because, list[Shown]] = {}
    for each in held:
        found.setdefault(reason(each) if reason else Because(0, ""), []).append(_shown(each))
    return tuple(
        Line(because.text, tuple(shown)) for because, shown in sorted(found.items(), key=lambda one: one[0])
    )


def _shown(each: Access | LevelChange) -> Shown:
    if isinstance(each, LevelChange):
        return Shown(each.app, instead(each.before, each.now.level))
    return Shown(each.app, named(each.level))
