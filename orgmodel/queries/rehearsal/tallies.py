"""A rehearsal counted: per app with its seats, and per unit."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from orgmodel.conventions import UnitKind
from orgmodel.queries.access.target import Target
from orgmodel.recognition import slugify

from .rehearsal_state import by_name
from .whatif import WhatIf

NOWHERE = "nowhere"
"""The unit of people whom a plan takes out of theirs."""


@dataclass(frozen=True)
class AppTally:
    """People who would gain and lose an app, and who would hold it at another level."""

    app: Target
    gains: int
    loses: int
    levels: int
    seats: int

    @property
    def then(self) -> int:
        return self.seats + self.gains - self.loses

    def as_json(self) -> dict[str, Any]:
        return {
            "app": self.app.name,
            "native_id": self.app.native_id,
            "key": self.app.key,
            "gains": self.gains,
            "loses": self.loses,
            "levels": self.levels,
            "seats": self.seats,
            "seats_then": self.then,
        }


@dataclass(frozen=True)
class UnitTally:
    """A unit: who would come and go, and what its people of then would gain and lose."""

    kind: str
    name: str
    comes: int
    goes: int
    gains: int
    loses: int

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "unit": self.name,
            "comes": self.comes,
            "goes": self.goes,
            "gains": self.gains,
            "loses": self.loses,
        }


def per_app(answers: Iterable[WhatIf]) -> tuple[AppTally, ...]:
    """Every app that somebody would gain or lose; one query."""
    gains, loses, levels = (Counter[Target]() for _ in range(3))
    for each in answers:
        levels.update(change.app for change in each.level_changed)
        gains.update(access.app for access in each.gains)
        loses.update(access.app for access in each.loses)
    apps = sorted({*gains, *loses, *levels}, key=by_name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, holders FROM orgmodel_resource WHERE id = ANY(%s)", [[app.pk for app in apps]]
        )
        seats = dict(cursor.fetchall())
    return tuple(AppTally(app, gains[app], loses[app], levels[app], seats.get(app.pk, 0)) for app in apps)


def per_unit(answers: Iterable[WhatIf], kinds: Sequence[UnitKind]) -> tuple[UnitTally, ...]:
    """Every unit that people come into or leave, or whose people gain or lose something; one query."""
    names = _names()
    comes, goes, gains, loses = (Counter[tuple[str, str]]() for _ in range(4))
    for each in answers:
        own_units = {unit.kind: unit.name for unit in each.person.units}
        for kind, attribute in ((kind.kind, kind.attribute) for kind in kinds):
            was = then = own_units.get(kind, NOWHERE)
            if attribute and attribute in each.values:
                value = str(each.values[attribute] or "")
                then = names.get((kind, slugify(value)), value) or NOWHERE
            if was != then:
                goes[kind, was] += 1
                comes[kind, then] += 1
            gains[kind, then] += len(each.gains)
            loses[kind, then] += len(each.loses)
    units = sorted({key for counted in (comes, goes, gains, loses) for key in +counted})
    return tuple(
        UnitTally(*key, comes[key], goes[key], gains[key], loses[key]) for key in units if key[1] != NOWHERE
    )


def _names() -> dict[tuple[str, str], str]:
    """Kind and slug → name of a unit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, slug, name FROM orgmodel_orgunit WHERE ended IS NULL ORDER BY id DESC")
        return {
            (kind, form): name for kind, slug, name in cursor.fetchall() for form in (slug, slugify(name))
        }
