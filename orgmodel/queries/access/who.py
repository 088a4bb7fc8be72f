"""Who has an app or is in a group, at a moment, and who is assigned but cannot use it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from orgmodel.queries.moments import Moment
from orgmodel.queries.visibility import Viewer

from .caveats import unusable_people
from .holdings import Holder, who
from .target import Target


@dataclass(frozen=True)
class Who:
    """Everybody who has a thing."""

    target: Target
    moment: Moment
    people: tuple[Holder, ...]
    unusable: tuple[str, ...] = ()
    """Sentences about people who are assigned to it and cannot use it."""

    def as_json(self) -> dict[str, Any]:
        return {**who_json(self.target, self.moment, ()), "people": [each.as_json() for each in self.people]}


def who_has(target: Target, moment: Moment, viewer: Viewer) -> Who:
    """Everybody who has the app or is in the group at the moment, by name."""
    return Who(target, moment, who(target, moment, viewer), unusable_people(target, moment))


def who_json(target: Target, moment: Moment, people: Iterable[Holder]) -> dict[str, Any]:
    """The contract's `who`; `people` are taken one by one, while the answer is sent."""
    return {
        "target": target.as_json(),
        "at": moment.at.isoformat(),
        "everybody": target.for_all,
        "people": (holder.as_json() for holder in people),
    }
