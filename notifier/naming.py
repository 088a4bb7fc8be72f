"""What a message calls things: groups and values by the unit they mean, attributes by their title.

And where a change was seen: in HR, in Okta's profile, or in somebody's edit there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from orgmodel.configuration import Configuration
from orgmodel.queries.moments import Moment
from orgmodel.queries.people import UnitRef
from orgmodel.queries.rows import json_value
from orgmodel.queries.together import Question
from orgmodel.queries.unit_names import MERGED, managers_of
from orgmodel.recognition import slugify
from orgmodel.rules.spoken import Spoken, shown, spoken
from orgmodel.sources.registry import truth
from orgmodel.sources.roles import HR, IS_DIRECTORY, IS_HR
from orgmodel.why.causes import Cause
from orgmodel.why.voice import Voice


@dataclass(frozen=True)
class Naming(Spoken):
    """The words for what the reasons of one person name."""

    current: Mapping[int, UnitRef] = field(default_factory=dict)
    """Group → the unit it stands for, of units the person belongs to, and of those above."""
    former: Mapping[int, UnitRef] = field(default_factory=dict)
    """The same of units that the person has left in the case."""
    units: tuple[UnitRef, ...] = ()
    """All of them."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Attribute → the kind of unit that its value names."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Attribute → its title in the schema."""
    mergers: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """Of units that were merged: the name of the one they are part of now, and since which day (ISO)."""
    manager: str = Spoken.manager
    people: Mapping[str, str] = field(default_factory=dict)
    """Folded reference to a manager whom the person has or had → the name."""

    def unit(self, attribute: str, value: Any) -> UnitRef | None:
        """The unit that a value of the attribute means, by slug, name or id."""
        kind, text = self.kinds.get(attribute), shown(value)
        if kind is None:
            return None
        own = (unit for unit in self.units if unit.kind == kind)
        return next((unit for unit in own if _means(unit, text)), None)

    def value(self, attribute: str, value: Any) -> str:
        """A value as HR writes it, where it names a unit, or a person."""
        if attribute == self.manager:
            return self.people.get(str(value).casefold()) or shown(value)
        unit = self.unit(attribute, value)
        return unit.name if unit else shown(value)

    def merged(self, attribute: str, before: Any, after: Any, at: str) -> bool:
        unit = self.unit(attribute, before)
        return unit is not None and self._went_into(unit, self.value(attribute, after), at[:10])

    def heir(self, was: str, now: str, when: date) -> str:
        """The unit joined, by name, where the one left had been merged into it by then; else empty."""
        left = (unit for unit in self.units if unit.name == was)
        return now if any(self._went_into(unit, now, when.isoformat()) for unit in left) else ""

    def _went_into(self, unit: UnitRef, heir: str, day: str) -> bool:
        into, since = self.mergers.get(unit.pk, ("", ""))
        return bool(into) and into == heir and since <= day

    def attribute(self, name: str) -> str:
        """What an attribute is called inside a sentence."""
        if name == self.manager:
            return "manager"
        return self.kinds.get(name, "").replace("_", " ") or spoken(self.titles.get(name) or name)

    def kind_of(self, name: str) -> str:
        """The kind of the unit with this name; team where it is none of these."""
        return next((unit.kind for unit in self.units if unit.name == name), "team")


def _means(unit: UnitRef, text: str) -> bool:
    return text.casefold() in {unit.slug, unit.native_id.casefold(), unit.name.casefold()} or (
        slugify(text) == unit.slug
    )


def whose(unit: UnitRef, voice: Voice) -> str:
    """A unit as the reader calls it: your team Cucumber, the team Cucumber."""
    kind = unit.kind.replace("_", " ")
    return f"{'your' if voice.own else 'the'} {kind} {unit.name}"


def asking_naming(person: int, since: Moment, configuration: Configuration) -> Question[Naming]:
    """The words for one person's reasons since a moment."""
    kinds = {kind.attribute: kind.kind for kind in configuration.conventions.unit_kinds if kind.attribute}
    rows = yield _UNITS, {"person": person, "since": since.at}
    titles, people = (json_value(each) or {} for each in rows[0][-2:])
    mergers = {row[0]: (heir, day) for row in rows for heir, day in [row[-4:-2]] if day}
    rows = [row[:-4] for row in rows if row[0] is not None]
    now = {unit[0] for *unit, current, _ in rows if current}
    units = {row[0]: UnitRef(*row[:6]) for row in rows}
    standing = [(row[7], units[row[0]]) for row in rows if row[7] is not None]
    return Naming(
        current={group: unit for group, unit in standing if unit.pk in now},
        former={group: unit for group, unit in standing if unit.pk not in now},
        units=tuple(units.values()),
        kinds=kinds,
        titles=titles,
        mergers=mergers,
        manager=configuration.conventions.people.manager_attribute,
        people=people,
    )


# Nearest first, so that of two units with one group the nearer is named.
_UNITS = f"""
    WITH RECURSIVE above (id, current, depth, seen) AS (
        SELECT s.unit_id, s.ended IS NULL, 0, ARRAY[s.unit_id] FROM orgmodel_assignment s
        WHERE s.person_id = %(person)s AND (s.ended IS NULL OR s.ended > %(since)s)
        UNION ALL
        SELECT u.parent_id, a.current, a.depth + 1, a.seen || u.parent_id
        FROM above a JOIN orgmodel_orgunit u ON u.id = a.id
        WHERE u.parent_id IS NOT NULL AND NOT u.parent_id = ANY(a.seen)
    ), found AS (
        SELECT id, bool_or(current) AS current, min(depth) AS depth FROM above GROUP BY id
    )
    SELECT u.id, u.native_id, u.kind, u.name, u.slug, u.address, f.current, l.group_id, m.name, m.day::text,
           s.titles, (SELECT jsonb_object_agg(p.ref, p.name) FROM ({managers_of("%(person)s")}) p)
    FROM (SELECT jsonb_object_agg(name, title) AS titles FROM orgmodel_profileattribute
          WHERE source {IS_DIRECTORY} AND ended IS NULL AND title <> '' AND kept) s
    LEFT JOIN (found f JOIN orgmodel_orgunit u ON u.id = f.id) ON true {MERGED}
    LEFT JOIN orgmodel_unitlink l ON l.unit_id = u.id AND (l.ended IS NULL OR l.ended > %(since)s)
    ORDER BY f.depth DESC, u.id"""


def asking_where_seen(moves: Iterable[int], configuration: Configuration) -> Question[str]:
    """Where what opened the cases was seen, as it appears after the date; empty where no record says it."""
    conventions = configuration.conventions
    names = {kind.attribute for kind in conventions.unit_kinds if kind.attribute}
    parameters = {
        "moves": list(moves),
        "truth": truth(configuration),
        "attributes": sorted(
            {*names, *conventions.move_attributes, conventions.people.manager_attribute, "status"}
        ),
    }
    rows = yield _SEEN, parameters
    if not rows:
        return ""
    source, cause = rows[0]
    return _where(source, Cause.read(json_value(cause) or {}, "changed"))


# The record that speaks for people comes first; an assignment may be stated by HR without any attribute.
_SEEN = f"""
    SELECT c.what, c.cause FROM orgmodel_change c
    WHERE c.move_id = ANY(%(moves)s) AND c.kind = 'attribute' AND c.attribute = ANY(%(attributes)s)
      AND c.what = %(truth)s
    UNION ALL
    SELECT s.source, c.cause FROM orgmodel_change c JOIN orgmodel_assignment s ON s.id = c.fact
    WHERE c.move_id = ANY(%(moves)s) AND c.kind = 'assignment' AND s.source {IS_HR}
    LIMIT 1"""


def _where(source: str, cause: Cause) -> str:
    if cause.kind == "admin":
        return f"edited in Okta by {cause.actor or 'an admin'}"
    if cause.kind == "import":
        return "an import into Okta"
    if cause.kind == "automation":
        return f"changed in Okta by the automation {cause.actor}" if cause.actor else "an automation in Okta"
    return "HR" if source in HR or cause.kind == "hr" else "Okta profile"
