"""What there is to tell, as frozen values: the input of every message, kept as JSON in the outbox.

`Item.because` is a clause without a capital and without a full stop, in the words of the person:
gained 'because your team is now Cucumber (rule "Cucumber team")'; lost "came with the team Radish"; through
another path "department Engineering"; kept "added by hand in January; it will not go by itself".
Stories never hold secrets, and only what the recipient may see in the portal.
"""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Story:
    """What every story has: the page of the portal that tells the same, as an absolute address."""

    link: str


@dataclass(frozen=True, slots=True)
class MoverStory(Story):
    """To the person who moved: everything that changed for them."""

    person_name: str
    headline_from: str
    headline_to: str
    when: date
    source: str = "HR"
    gained: tuple[Item, ...] = ()
    lost: tuple[Item, ...] = ()
    kept: tuple[Item, ...] = ()
    still: tuple[Item, ...] = ()
    pending: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class OldManagerStory(Story):
    """To the manager of the team left: what ended with the team, and what the person keeps of it."""

    person_name: str
    headline_from: str
    when: date
    source: str = "HR"
    ended: tuple[Item, ...] = ()
    keeps: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class NewManagerStory(Story):
    """To the manager of the team joined: what the person has now, and what they still carry."""

    person_name: str
    headline_from: str
    headline_to: str
    when: date
    source: str = "HR"
    has: tuple[Item, ...] = ()
    carries: tuple[Item, ...] = ()
    pending: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class ManagerChangeStory(Story):
    """To a new manager when only the manager changed: the new report and what they have."""

    person_name: str
    when: date
    source: str = "HR"
    has: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class JoinerStory(Story):
    """To a joiner on the first day, or to somebody who is `back`: what they have and why."""

    person_name: str
    team: str
    when: date
    has: tuple[Item, ...] = ()
    pending: tuple[Item, ...] = ()
    back: bool = False


@dataclass(frozen=True, slots=True)
class JoinerManagerStory(Story):
    """To the manager of a joiner, or of somebody who is `back`: what they have and what is still missing."""

    person_name: str
    team: str
    when: date
    has: tuple[Item, ...] = ()
    missing: tuple[Item, ...] = ()
    back: bool = False


@dataclass(frozen=True, slots=True)
class LeaverManagerStory(Story):
    """To the leaver's manager: what was removed, and what only a human can remove."""

    person_name: str
    when: date
    source: str = "HR"
    removed: tuple[Item, ...] = ()
    remains: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class LostStory(Story):
    """To a person who lost access without a move: what, and who or what removed it."""

    person_name: str
    when: date
    lost: tuple[Item, ...] = ()
    still: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class CorrectionStory(Story):
    """To whoever got a message that turned out wrong, in its thread: what is so instead, and since when.

    `what`: access (the apps of `restored` are back), back (in `unit`), not_joined (`unit`), not_reporting,
    active, as_before. `person_name` is empty when the reader is the person.
    """

    person_name: str
    what: str
    since: datetime
    """On the reader's clock."""
    unit: str = ""
    restored: tuple[Item, ...] = ()
    whole: bool = False
    """Nothing of the message holds any more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a digest: a sentence that names no app, and its page."""

    sentence: str
    link: str


@dataclass(frozen=True, slots=True)
class DigestStory(Story):
    """To a manager of many: one message for several moves. `period` is "today" or "this week"."""

    period: str
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class AdminStory(Story):
    """To an admin: one thing that waits for a decision. Sentences, the headline without a full stop."""

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
