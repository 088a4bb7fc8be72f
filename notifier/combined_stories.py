"""Several stories of one kind combined: what all the people have in common, and what differs. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from .messages.stories import (
    DigestStory,
    Entry,
    GatheredStory,
    Items,
    JoinerManagerStory,
    LeaverManagerStory,
    ManagerChangeStory,
    NewManagerStory,
    OldManagerStory,
    Story,
)

Shared = TypeVar("Shared")
ManagerStory = (
    NewManagerStory | OldManagerStory | ManagerChangeStory | JoinerManagerStory | LeaverManagerStory
)


@dataclass(frozen=True, slots=True)
class Key:
    """What messages to one reader have in common that are told as one."""

    what: str
    unit: str


@dataclass(frozen=True, slots=True)
class _Part:
    """One person of a gathered message."""

    story: ManagerStory
    what: str
    unit: str
    unit_kind: str
    origin: str
    has: Items
    carries: Items = ()
    pending: Items = ()
    yours: bool = True
    merged_into: str = ""


def key_of(story: Story) -> Key | None:
    """What to tell it together with; None for a story that is always told by itself."""
    part = _part(story)
    return Key(part.what, part.unit) if part else None


def gathered(stories: Sequence[Story], link: str, *, dissolved: bool = False) -> GatheredStory:
    """One story of several with the same key, in the order of the names. `dissolved`: the unit is no more."""
    parts = sorted(filter(None, map(_part, stories)), key=lambda part: part.story.person_name.casefold())
    held = Counter((item.native_id, item.level) for part in parts for item in part.has)
    first = parts[0]
    return GatheredStory(
        link=link,
        year=first.story.year,
        what=first.what,
        dissolved=dissolved and first.what == "left",
        merged_into=_same([part.merged_into for part in parts]) or "",
        unit=first.unit,
        unit_kind=first.unit_kind,
        yours=first.yours,
        origin=_same([part.origin for part in parts]) or "",
        when=_same([part.story.when for part in parts]),
        people=tuple(part.story.person_name for part in parts),
        shared=tuple(
            replace(item, because="", proof="")
            for item in first.has
            if held[item.native_id, item.level] == len(parts)
        ),
        differs=_by_person(
            (part, tuple(item for item in part.has if held[item.native_id, item.level] < len(parts)))
            for part in parts
        ),
        carries=_by_person((part, part.carries) for part in parts),
        pending=_by_person((part, part.pending) for part in parts),
    )


def digest(lines: Sequence[tuple[Story, str]], link: str) -> DigestStory:
    """One line for each story: its first words, which name no app."""
    return DigestStory(
        link=link,
        period="today",
        entries=tuple(Entry(text.partition("\n")[0], story.link) for story, text in lines),
    )


def _same(values: Sequence[Shared]) -> Shared | None:
    return values[0] if len(set(values)) == 1 else None


def _by_person(parts: Iterable[tuple[_Part, Items]]) -> Items:
    """Apps under the name of whom they are about."""
    return tuple(
        replace(item, because=part.story.person_name, proof="") for part, items in parts for item in items
    )


def _part(story: Story) -> _Part | None:
    match story:
        case NewManagerStory():
            return _Part(
                story,
                "joined",
                story.headline_to,
                story.unit_kind,
                story.headline_from,
                story.has,
                story.carries,
                story.pending,
                story.yours,
                story.merged_into,
            )
        case OldManagerStory():
            unit, kind = story.headline_from, story.unit_kind
            return _Part(
                story,
                "left",
                unit,
                kind,
                "",
                story.ended,
                story.keeps,
                yours=story.yours,
                merged_into=story.merged_into,
            )
        case ManagerChangeStory():
            return _Part(story, "reporting", "", "team", "", story.has)
        case JoinerManagerStory(back=False):
            unit, kind, missing = story.team, story.unit_kind, story.missing
            return _Part(story, "new", unit, kind, "", story.has, pending=missing, yours=story.yours)
        case LeaverManagerStory():
            return _Part(story, "gone", "", "team", "", story.removed, story.remains)
    return None
