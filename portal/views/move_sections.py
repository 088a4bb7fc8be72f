"""A move as its page tells it: from the values, and in the words, of the message about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from notifier.naming import Naming
from notifier.reasons import Because, Teller
from orgmodel.queries.access.holdings import Access
from orgmodel.queries.access.levels import LevelChange
from orgmodel.queries.access.target import Target
from orgmodel.queries.history.leaving import Leaving
from orgmodel.queries.pages.move_page import MoveStory
from orgmodel.why.levels import instead, named
from orgmodel.why.moved import headline
from orgmodel.why.sentences import state_words
from portal.templatetags.sightline import plural

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
    hint: str = ""

    @property
    def counted(self) -> str:
        """How many apps, and what is to be said of all of them."""
        number = plural(sum(len(line.apps) for line in self.lines), "app")
        return f"{number}, {self.hint}" if self.hint else number


@dataclass(frozen=True)
class Record:
    """What a record said: an attribute by its title, values by the units they mean."""

    attribute: str
    before: str
    after: str
    at: datetime
    dated: bool
    """`at` is a day that the record gives: it has no time."""


def titled(story: MoveStory, tell: Teller) -> str:
    """The move in its first words; of what is not told yet, by what the records say."""
    row, names = story.row, tell.names
    flips = [flip for flip in story.changed.attributes if names.kinds.get(flip.attribute)]
    flip = min(flips, key=lambda each: names.kinds[each.attribute] != "team", default=None)
    was = row.was or (names.value(flip.attribute, flip.before) if flip and flip.before else "")
    now = row.now or (names.value(flip.attribute, flip.after) if flip and flip.after else "")
    return headline(row.kind, was, now, replace(tell.voice, name=row.person.name))


def records_of(story: MoveStory, tell: Teller) -> list[Record]:
    """What changed about the person."""
    names = tell.names
    return [
        Record(
            names.attribute(flip.attribute),
            _called(names, flip.attribute, flip.before, flip.before_name),
            _called(names, flip.attribute, flip.after, flip.after_name),
            flip.at,
            flip.dated,
        )
        for flip in story.changed.attributes
    ]


def _called(names: Naming, attribute: str, value: str | None, known: str) -> str:
    """A unit as the names have it; managers are known by name already, states of accounts told in words."""
    called = names.value(attribute, value) if attribute in names.kinds or not known else known
    return str(state_words(attribute, called))


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
            f"{'You still have' if own else 'Still held'}{outside}",
            _lines(changed.kept_unexplained, tell.kept),
        ),
        ("pending", "Still pending", _lines(changed.pending, tell.waits)),
    ]
    return [
        Section(*part, hint="won’t be removed automatically" if part[0] == "kept" else "")
        for part in parts
        if part[2]
    ]


def steps_of(left: Leaving | None) -> list[str]:
    """What people must still do about the accounts of somebody who left; one step for each account."""
    if left is None:
        return []
    known = [("Deactivate", "Okta", state) for state in left.accounts]
    known += [("Close", system, state) for system, state in left.elsewhere]
    return [
        f"{verb} the {system} account. It is {'suspended' if state == 'suspended' else 'still active'}."
        for verb, system, state in known
    ]


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
