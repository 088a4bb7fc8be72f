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
class _PersonStory:
    """What a gathered message takes from the story of one person."""

    story: ManagerStory
    what: str
    """What happened: joined, left, reporting (to another manager), new or gone."""
    unit: str
    """The unit that they joined or left, by name; empty where it is about none."""
    unit_kind: str
    origin: str
    """The unit that those who joined came from."""
    apps: Items
    """What came with it; of those who left or are gone what ended."""
    kept: Items = ()
    """What they still have beside that."""
    pending: Items = ()
    yours: bool = True
    """The reader leads the unit or is in it."""
    merged_into: str = ""


def key_of(story: Story) -> Key | None:
    """What to tell it together with; None for a story that is always told by itself."""
    part = _person_story(story)
    return Key(part.what, part.unit) if part else None


def gathered(stories: Sequence[Story], link: str, *, dissolved: bool = False) -> GatheredStory:
    """One story of several with the same key, in the order of the names. `dissolved`: the unit is no more."""
    parts = sorted(
        filter(None, map(_person_story, stories)), key=lambda part: part.story.person_name.casefold()
    )
    held = Counter((item.native_id, item.level) for part in parts for item in part.apps)
    last_days = [getattr(part.story, "last_day", None) for part in parts]
    dated = [getattr(part.story, "first_day", None) for part in parts] + last_days
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
        when=_same([part.story.when for part in parts]) if not any(dated) else None,
        last_day=_same(last_days),
        people=tuple(part.story.person_name for part in parts),
        shared=tuple(
            replace(item, because="", proof="")
            for item in first.apps
            if held[item.native_id, item.level] == len(parts)
        ),
        differs=_by_person(
            (part, tuple(item for item in part.apps if held[item.native_id, item.level] < len(parts)))
            for part in parts
        ),
        carries=_by_person((part, part.kept) for part in parts),
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


def _by_person(parts: Iterable[tuple[_PersonStory, Items]]) -> Items:
    """Apps under the name of whom they are about."""
    return tuple(
        replace(item, because=part.story.person_name, proof="") for part, items in parts for item in items
    )


def _person_story(story: Story) -> _PersonStory | None:
    match story:
        case NewManagerStory():
            return _PersonStory(
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
            return _PersonStory(
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
            return _PersonStory(story, "reporting", "", "team", "", story.has)
        case JoinerManagerStory(back=False):
            unit, kind, missing = story.team, story.unit_kind, story.missing
            return _PersonStory(story, "new", unit, kind, "", story.has, pending=missing, yours=story.yours)
        case LeaverManagerStory():
            return _PersonStory(story, "gone", "", "team", "", story.removed, story.remains)
    return None
