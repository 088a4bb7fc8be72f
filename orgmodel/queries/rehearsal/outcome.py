"""Plan against actual: what a rehearsal foresaw, what happened, and why they differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orgmodel.models import Forecast, Foreseen
from orgmodel.queries.moments import Moment, just_before, now
from orgmodel.rules.spoken import AS_WRITTEN, Spoken

from .rehearsal_deviations import AccessAtMoment, PlannedPerson, facts, not_gained, not_lost, unforeseen
from .rehearsal_state import Held, Opened, held, left_open, openings, ways_through

Names = Mapping[int, tuple[str, str]]
"""App → its name and native id."""


@dataclass(frozen=True)
class Difference:
    """One app of one person that came otherwise than foreseen.

    `what`: not gained, not lost, gained, lost, level not changed, other level.
    """

    app: int
    name: str
    native_id: str
    what: str
    why: str

    def as_json(self) -> dict[str, str]:
        return {"app": self.name, "native_id": self.native_id, "what": self.what, "why": self.why}


@dataclass(frozen=True)
class PersonOutcome:
    """A person of the plan. `as_planned`: apps that came or went as foreseen."""

    pk: int
    key: str
    name: str
    as_planned: int
    differences: tuple[Difference, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "person": self.name,
            "key": self.key,
            "as_planned": self.as_planned,
            "differences": [each.as_json() for each in self.differences],
        }


@dataclass(frozen=True)
class RehearsalOutcome:
    """Everybody of a forecast for whom something was foreseen."""

    until: Moment
    people: tuple[PersonOutcome, ...]

    @property
    def as_planned(self) -> int:
        return sum(each.as_planned for each in self.people)

    @property
    def differing(self) -> tuple[PersonOutcome, ...]:
        return tuple(each for each in self.people if each.differences)

    def as_json(self) -> dict[str, Any]:
        return {
            "until": self.until.at.isoformat(),
            "people": len(self.people),
            "as_planned": self.as_planned,
            "differing": [each.as_json() for each in self.differing],
        }


def outcome(forecast: int, spoken: Spoken = AS_WRITTEN) -> RehearsalOutcome:
    """What has become of a forecast up to now; five queries, or six."""
    row = Forecast.objects.get(pk=forecast)
    foreseen = list(Foreseen.objects.filter(forecast=row).select_related("person").order_by("person__name"))
    since, until, who = just_before(row.at), now(), [each.person_id for each in foreseen]
    known = facts(foreseen, row.at)
    then, today = openings(since, until)
    before, after = held(who, since, until, undecided=left_open(then) | left_open(today))
    people = (
        _person(
            each,
            _side(before[each.person_id], then, known.apps),
            _side(after[each.person_id], today, known.apps),
            PlannedPerson(each.person_id, each.values, known, spoken),
        )
        for each in foreseen
    )
    return RehearsalOutcome(until, tuple(people))


def _side(holds: Held, opens: Opened, names: Names) -> AccessAtMoment:
    levels = {app: way.level for app, (_, way) in ways_through(holds.groups, holds, opens).items()}
    return AccessAtMoment({**levels, **{app: "" for app in holds.direct if app in names}}, holds, opens)


def _person(
    each: Foreseen, was: AccessAtMoment, then: AccessAtMoment, planned: PlannedPerson
) -> PersonOutcome:
    gains, loses = ({app["id"]: app for app in apps} for apps in (each.gains, each.loses))
    gained = {app for app in then.apps if then.differs(was, app)}
    lost = {app for app in was.apps if was.differs(then, app)}
    # An app at another level is both gained and lost; it is told once.
    kept, stays = gains.keys() & loses.keys(), gained & lost
    differ = [
        *(("not gained", app, not_gained(gains[app], then, planned)) for app in gains.keys() - gained),
        *(("not lost", app, not_lost(loses[app], then, planned)) for app in loses.keys() - lost - kept),
        *(("gained", app, unforeseen(app, "began", then, was, planned)) for app in gained - gains.keys()),
        *(("lost", app, unforeseen(app, "ended", was, then, planned)) for app in lost - loses.keys() - stays),
    ]
    words = {"not gained": "level not changed", "gained": "other level"}
    names = planned.facts.apps
    found = [
        Difference(app, *names[app], words.get(what, what) if app in kept | stays else what, why)
        for what, app, why in differ
        if app in names
    ]
    return PersonOutcome(
        each.person_id,
        each.person.key,
        each.person.name,
        len(gains.keys() & gained) + len((loses.keys() & lost) - kept),
        tuple(sorted(found, key=lambda one: (one.name.casefold(), one.native_id, one.what))),
    )
