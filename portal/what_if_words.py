"""The words of what-if: what would be gained and lost, and why, as people say it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orgmodel.queries.access.holdings import Access
from orgmodel.queries.access.levels import LevelChange
from orgmodel.queries.rehearsal.whatif import WhatIf
from orgmodel.queries.rehearsal.whole_move import MANAGER
from orgmodel.rules.spoken import AS_WRITTEN, Spoken
from orgmodel.why.causes import Cause
from orgmodel.why.levels import instead

from .templatetags.addresses import level_shown
from .templatetags.sightline import plural


@dataclass(frozen=True)
class Card:
    """An app as it would be: half a sentence and a level."""

    app: Any
    because: str
    level: str


class Words:
    """`kinds`: attribute → the kind of unit it names."""

    def __init__(
        self, found: WhatIf, kinds: Mapping[str, str], own: bool, spoken: Spoken = AS_WRITTEN
    ) -> None:
        self._found, self._own, self._spoken = found, own, spoken
        self._kinds = {name: kind.replace("_", " ") for name, kind in kinds.items()}
        self._then: dict[str, str] = {}
        if found.brought:
            self._then = {each.attribute: each.shown for each in found.brought.follows}
            self._then[found.brought.attribute] = found.brought.unit.name
            self._kinds |= {each.attribute: each.what for each in found.brought.follows}
        self._now = {unit.kind.replace("_", " "): unit.name for unit in found.person.units}

    def question(self) -> str:
        """The page's heading."""
        who = "you" if self._own else self._found.person.name
        if self._found.brought:
            return f"What if {who} moved to {self._found.brought.unit.name}?"
        return f"What would change for {who}?"

    def headline(self) -> str:
        """The answer in one sentence, or two."""
        found = self._found
        who = "You" if self._own else found.person.name
        sentence = (
            f"{who} would gain {plural(len(found.gains), 'app')}, lose {plural(len(found.loses), 'app')}"
            f" and keep {plural(len(found.keeps), 'app')}."
        )
        if levels := len(found.level_changed):
            sentence += f" {plural(levels, 'app')} would be held at another level."
        return sentence

    def sections(self) -> list[dict[str, Any]]:
        """New, raised, lowered, other level, gone: those that there are."""
        found = self._found
        levels = {
            way: [self._changed(each) for each in found.level_changed if each.direction == way]
            for way in ("raised", "lowered", "other")
        }
        listed = [
            (
                "new",
                "New",
                [Card(each.app, self.coming(each.cause), level_shown(each.level)) for each in found.gains],
            ),
            ("raised", "Raised", levels["raised"]),
            ("lowered", "Lowered", levels["lowered"]),
            ("other", "Another level", levels["other"]),
            ("gone", "Gone", [self._gone(each) for each in found.loses]),
        ]
        return [{"id": name, "title": title, "cards": cards} for name, title, cards in listed if cards]

    def coming(self, cause: Cause) -> str:
        """With what something would come."""
        values = [self._value(name, value) for name, value in cause.values]
        return f"comes with {' and '.join(values)}" if values and cause.kind == "would_come" else _half(cause)

    def going(self, cause: Cause) -> str:
        """With what something would go."""
        units = [self._kinds.get(name, "") for name, _ in cause.values]
        left = [f"the {kind} {self._now[kind]}" for kind in units if kind in self._now]
        if cause.kind != "would_go":
            return _half(cause)
        return f"came with {' and '.join(left)}" if left else f"came with the group {cause.group}"

    def _gone(self, each: Access) -> Card:
        return Card(each.app, self.going(each.cause), level_shown(each.level))

    def _changed(self, each: LevelChange) -> Card:
        cause = each.now.cause
        because = self.coming(cause) if cause.kind == "would_come" else self.going(cause)
        return Card(each.app, because, instead(each.before, each.now.level))

    def _value(self, name: str, value: Any) -> str:
        what = self._kinds.get(name) or self._spoken.attribute(name)
        if value in (None, ""):
            return f"no {what}"
        label = self._then.get(name) if name in self._found.follows or not self._typed(name) else None
        return f"the {what} {label or self._spoken.value(name, value)}"

    def _typed(self, name: str) -> bool:
        """The value was written out, not brought by the move."""
        return bool(self._found.brought and name != self._found.brought.attribute and name in self._found.set)


def manager_or_unit(what: str) -> str:
    """The label of a field that a move fills."""
    return "Manager" if what == MANAGER else what.capitalize()


def _half(cause: Cause) -> str:
    """A cause as half a sentence."""
    return cause.phrase()
