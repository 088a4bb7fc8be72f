"""What is planned for somebody, as sentences. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final, Literal

from .days import day
from .voice import Voice, opened

What = Literal["unit", "manager", "status", "value"]
UNIT: Final = "unit"
MANAGER: Final = "manager"
STATUS: Final = "status"
VALUE: Final = "value"
ORDER = (STATUS, UNIT, MANAGER, VALUE)
ACTIVE, ENDED = "active", "ended"
STATES: Mapping[str, tuple[str, str]] = {
    "active": ("starts", "you start"),
    "ended": ("leaves", "you leave"),
    "leave": ("goes on leave", "you go on leave"),
    "garden_leave": ("goes on garden leave", "you go on garden leave"),
    "suspended": ("is suspended", "you are suspended"),
}
"""What becomes of the person: of them, and to them."""


@dataclass(frozen=True)
class Plan:
    """One thing that will be so from a day on. Names as people use them."""

    valid_from: date
    what: What
    name: str
    """The kind of unit, or what the attribute is called."""
    after: str
    """Empty: then there is none. Of a manager whom nobody knows: empty, too, with `unknown`."""
    before: str = ""
    unknown: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"attribute": self.name, "value": self.after or None, "instead_of": self.before or None}


@dataclass(frozen=True)
class PlannedDay:
    """What is planned for one day, in one sentence."""

    day: date
    """The first day on which it is so."""
    plans: tuple[Plan, ...]
    sentence: str

    def as_json(self) -> dict[str, Any]:
        return {
            "valid_from": self.day.isoformat(),
            "sentence": self.sentence,
            "changes": [plan.as_json() for plan in self.plans],
        }


def planned_days(plans: Iterable[Plan], voice: Voice, today: date) -> tuple[PlannedDay, ...]:
    """A line for each day, the nearest first; with a first day stands what begins on it, and a last day or
    leave has a line of its own.

    >>> moved = Plan(date(2027, 3, 1), "unit", "team", "Payments", "Ledger")
    >>> [each.sentence for each in planned_days([moved], Voice("Inès"), date(2027, 1, 9))]
    ['Coming on 1 March: moves from Ledger to Payments']
    """
    found = []
    for first, same in groupby(_employed(plans), key=lambda plan: plan.valid_from):
        together = tuple(same)
        states = tuple(plan for plan in together if plan.what == STATUS)
        changes = together[len(states) :]
        if changes and states and states[-1].after == ACTIVE:
            begins = f"{_status(states, voice, today)}: {_listed(changes, voice)}"
            found.append(PlannedDay(first, together, begins))
            continue
        found += [PlannedDay(first, states, _status(states, voice, today))] if states else []
        found += [PlannedDay(first, changes, _changes(changes, voice, today))] if changes else []
    return tuple(found)


def _employed(plans: Iterable[Plan]) -> list[Plan]:
    """Without what would begin after somebody has left and before they are back."""
    kept: list[Plan] = []
    gone = False
    for plan in sorted(plans, key=lambda plan: (plan.valid_from, ORDER.index(plan.what), plan.name)):
        if plan.what == STATUS:
            gone = plan.after == ENDED
        if plan.what == STATUS or not gone:
            kept.append(plan)
    return kept


def _status(plans: Sequence[Plan], voice: Voice, today: date) -> str:
    plan = plans[-1]
    words = voice.form(*STATES.get(plan.after, (f"is {plan.after}", f"you are {plan.after}")))
    # Whoever leaves is still there on the last day.
    on = plan.valid_from - timedelta(days=1) if plan.after == ENDED else plan.valid_from
    return f"{opened(words)} on {day(on, today)}"


def _changes(plans: Sequence[Plan], voice: Voice, today: date) -> str:
    first = day(plans[0].valid_from, today)
    if len(plans) == 1 and plans[0].what == MANAGER:
        return f"{opened(_part(plans[0], voice))} from {first}"
    return f"Coming on {first}: {_listed(plans, voice)}"


def _listed(plans: Sequence[Plan], voice: Voice) -> str:
    parts = [_part(plan, voice) for plan in plans]
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]


def _part(plan: Plan, voice: Voice) -> str:
    if plan.what == UNIT:
        return _unit(plan, voice)
    if plan.what == MANAGER:
        if not plan.after and not plan.unknown:
            return voice.form("has no manager", "you have no manager")
        return f"{voice.form('reports', 'you report')} to {plan.after or 'somebody else'}"
    thing = f"{voice.form('the', 'your')} {plan.name}"
    if not plan.after:
        return f"{thing} is no longer {plan.before}" if plan.before else f"{thing} becomes empty"
    return (
        f"{thing} changes from {plan.before} to {plan.after}"
        if plan.before
        else f"{thing} becomes {plan.after}"
    )


def _unit(plan: Plan, voice: Voice) -> str:
    if not plan.after:
        return f"{voice.form('leaves', 'you leave')} {plan.before or f'the {plan.name}'}"
    if not plan.before:
        return f"{voice.form('joins', 'you join')} {plan.after}"
    return f"{voice.form('moves', 'you move')} from {plan.before} to {plan.after}"
