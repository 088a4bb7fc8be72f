"""What a message is about, as frozen values: the input of every message, kept as JSON in the outbox.

`Item.because` is how a line begins that ends with the apps: "Because your team is now Cucumber", "Came with
your team Radish", "Everyone has it". `Item.proof` is what proves it, by the name that the systems give it:
'rule “Cucumber team”'. Both are made for the reader of the story and shown as they are. Items stand in the
order in which they are told. Stories never hold secrets, and only what the recipient may see in the portal.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec

from .escape import storable

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One app at one level, and the cause. A level of "" or "assigned" is not worth saying."""

    app: str
    level: str = ""
    because: str = ""
    native_id: str = ""
    before: str | None = None
    """The level before, where the level is what changed."""
    proof: str = ""


Items = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """What every story has: the page of the portal that tells the same, as an absolute address."""

    link: str
    year: int = field(default=0, kw_only=True)
    """The year in which it is told, so that dates of another one say so; 0: it is not asked."""
    instead: str = field(default="", kw_only=True)
    """The name of the manager or lead who has left, where the reader hears in their place."""


@dataclass(frozen=True, slots=True)
class MoverStory(Story):
    """To the person who moved: everything that changed for them.

    `unit_kind`: what kind of unit the two of the headline are; `source`: where the move was seen, see Case.
    """

    person_name: str
    headline_from: str
    headline_to: str
    when: date
    source: str = ""
    unit_kind: str = "team"
    merged_into: str = ""
    """The unit joined, where the one left was merged into it."""
    gained: Items = ()
    raised: Items = ()
    lowered: Items = ()
    relevelled: Items = ()
    """At a level of which it cannot be said whether it is more or less."""
    lost: Items = ()
    still: Items = ()
    kept: Items = ()
    pending: Items = ()


@dataclass(frozen=True, slots=True)
class OldManagerStory(Story):
    """To the manager of the team left: what ended with the team, and what the person keeps of it.

    `yours`: the reader leads the unit or is in it; a manager need not.
    """

    person_name: str
    headline_from: str
    when: date
    source: str = ""
    unit_kind: str = "team"
    merged_into: str = ""
    ended: Items = ()
    lowered: Items = ()
    keeps: Items = ()
    yours: bool = True


@dataclass(frozen=True, slots=True)
class NewManagerStory(Story):
    """To the manager of the team joined: what the person has now, and what they still carry.

    `yours`: the reader leads the unit or is in it.
    """

    person_name: str
    headline_from: str
    headline_to: str
    when: date
    source: str = ""
    unit_kind: str = "team"
    merged_into: str = ""
    has: Items = ()
    carries: Items = ()
    pending: Items = ()
    yours: bool = True


@dataclass(frozen=True, slots=True)
class ManagerChangeStory(Story):
    """To a new manager when only the manager changed: the new report and what they have."""

    person_name: str
    when: date
    source: str = ""
    has: Items = ()


@dataclass(frozen=True, slots=True)
class JoinerStory(Story):
    """To a joiner on the first day, or to somebody who is `back`: what they have and why."""

    person_name: str
    team: str
    when: date
    has: Items = ()
    pending: Items = ()
    back: bool = False


@dataclass(frozen=True, slots=True)
class JoinerManagerStory(Story):
    """To the manager of a joiner, or of somebody who is `back`: what they have, and what is still pending.

    `yours`: the reader leads the team or is in it. `first_day`: where it was before the day in `when`.
    """

    person_name: str
    team: str
    when: date
    has: Items = ()
    missing: Items = ()
    back: bool = False
    first_day: date | None = None
    unit_kind: str = "team"
    yours: bool = True


@dataclass(frozen=True, slots=True)
class LeaverManagerStory(Story):
    """To the leaver's manager: what was removed, and what people must still do.

    `accounts`: states of Okta accounts that are not deactivated; to deactivate one is one step. `elsewhere`:
    system and state of accounts behind Okta that are not closed. `remains`: apps that keep an account when
    Okta's ends.
    """

    person_name: str
    when: date
    source: str = ""
    removed: Items = ()
    accounts: tuple[str, ...] = ()
    elsewhere: tuple[tuple[str, str], ...] = ()
    remains: Items = ()
    last_day: date | None = None
    """The last day at work, where the record names it; `when` is then not told."""


@dataclass(frozen=True, slots=True)
class LostStory(Story):
    """To a person who lost access, or a level of it, without a move: what, why, what came instead."""

    person_name: str
    when: date
    until: date | None = None
    """The last day of what is told, where it is another than the first."""
    lost: Items = ()
    lowered: Items = ()
    relevelled: Items = ()
    gained: Items = ()
    raised: Items = ()
    still: Items = ()
    pending: Items = ()


@dataclass(frozen=True, slots=True)
class CorrectionStory(Story):
    """To whoever got a message that turned out wrong, in its thread: what is so instead, and since when.

    `what`: access (the apps of `restored` are back, those of `levels` at their former level), back (in
    `unit`), not_joined (`unit`), not_reporting, active, as_before. `person_name` is empty when the reader is
    the person.
    """

    person_name: str
    what: str
    since: datetime
    """On the reader's clock."""
    unit: str = ""
    restored: Items = ()
    levels: Items = ()
    whole: bool = False
    """Nothing of the message holds any more."""
    source: str = ""
    """Where it was seen that the move was taken back, in words; empty where no record says it."""
    unit_kind: str = "team"
    yours: bool = True
    """The reader leads the unit or is in it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a digest: a whole sentence that names no app, and its page."""

    sentence: str
    link: str


@dataclass(frozen=True, slots=True)
class DigestStory(Story):
    """To a manager of many: one message for several moves. `period` is "today" or "this week"."""

    period: str
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class GatheredStory(Story):
    """To a reader who would hear the same of several people.

    `what`: joined or left (the `unit`), reporting (to the reader), new (in the company), gone (from it).
    `dissolved`: the unit that they left is no more. `yours`: the reader leads the unit or is in it.
    `origin` and `when` where they are the same for all. In `differs`, `carries` and `pending` the reason of
    an item is the name of the person.
    """

    what: str
    unit: str
    unit_kind: str
    people: tuple[str, ...]
    origin: str = ""
    when: date | None = None
    last_day: date | None = None
    """Of those who are gone, where it is the same for all; `when` is then not told."""
    shared: Items = ()
    differs: Items = ()
    carries: Items = ()
    pending: Items = ()
    dissolved: bool = False
    merged_into: str = ""
    """The unit joined, where the one left was merged into it."""
    yours: bool = True


@dataclass(frozen=True, slots=True)
class AdminStory(Story):
    """To an admin: one thing that waits for a decision, in whole sentences."""

    headline: str
    lines: tuple[str, ...] = ()
    next_step: str = ""


STORIES: dict[str, type[Story]] = {
    "mover": MoverStory,
    "old_manager": OldManagerStory,
    "new_manager": NewManagerStory,
    "manager_change": ManagerChangeStory,
    "joiner": JoinerStory,
    "joiner_manager": JoinerManagerStory,
    "leaver_manager": LeaverManagerStory,
    "lost": LostStory,
    "correction": CorrectionStory,
    "digest": DigestStory,
    "gathered": GatheredStory,
    "admin": AdminStory,
}
_NAMES = {story: name for name, story in STORIES.items()}


def to_json(story: Story) -> Json:
    """The story as JSON that a database can hold; `story` names its kind."""
    fields: Json = storable(msgspec.to_builtins(story))
    return {"story": _NAMES[type(story)], **fields}


def from_json(payload: Json) -> Story:
    """The story that `to_json` wrote. Raises ValueError when the payload is of no known kind or shape."""
    kind = STORIES.get(str(payload.get("story")))
    if kind is None:
        raise ValueError("the payload names no known story")
    fields = {key: value for key, value in payload.items() if key != "story"}
    try:
        return msgspec.convert(fields, type=kind)
    except msgspec.ValidationError as error:
        raise ValueError(f"the payload is not a story of its kind: {error}") from error
