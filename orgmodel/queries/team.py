"""What a unit has: with the unit, from the units above, as everybody, or held by some."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from .access import Access, access_of_many
from .moments import Moment
from .people import PersonRef, UnitRef, people
from .routes import Target, targets
from .visibility import Viewer

SOURCES = ("unit", "ancestor", "everyone", "individual")
"""Where an app of a unit comes from; the first that applies is shown."""


@dataclass(frozen=True)
class TeamApp:
    """An app that members of a unit have at one level."""

    app: Target
    level: str
    source: str
    through: tuple[Target, ...]
    held_by: int
    of: int
    holders: tuple[PersonRef, ...] = ()
    from_unit: UnitRef | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "app": self.app.name,
            "native_id": self.app.native_id,
            "level": self.level,
            "source": self.source,
            "through": [group.name for group in self.through],
            "held_by": self.held_by,
            "of": self.of,
        }


@dataclass(frozen=True)
class Team:
    """A unit at a moment: its people and what they have."""

    unit: UnitRef
    moment: Moment
    members: tuple[PersonRef, ...]
    apps: tuple[TeamApp, ...]
    ancestors: tuple[UnitRef, ...]

    def of_source(self, source: str) -> tuple[TeamApp, ...]:
        return tuple(each for each in self.apps if each.source == source)

    def as_json(self) -> dict[str, Any]:
        return {
            "unit": self.unit.as_json(),
            "at": self.moment.at.isoformat(),
            "members": [member.as_json() for member in self.members],
            "apps": [each.as_json() for each in self.apps],
        }


@dataclass(frozen=True)
class _Links:
    """Group → the unit it stands for, of this unit and of those above it."""

    own: dict[int, int]
    above: dict[int, int]


def team(unit: UnitRef, moment: Moment, viewer: Viewer) -> Team:
    """What the unit has at the moment, as far as the viewer may see it."""
    ancestors = ancestors_of(unit.pk, moment)
    members = members_of(unit.pk, moment)
    shared = _shared_by_all(members, unit, ancestors)
    links = _links(unit, (*ancestors, *shared), moment)
    held = access_of_many({member.pk: member for member in members}, moment, viewer)
    promised = _promised(links, moment, viewer)
    rows = _rows(members, held, links, promised, {each.pk: each for each in (unit, *ancestors, *shared)})
    return Team(unit, moment, members, rows, ancestors)


def members_of(unit: int, moment: Moment) -> tuple[PersonRef, ...]:
    """People assigned to the unit, or to a unit below it, who have not left; by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE below (id) AS (
                SELECT %(unit)s::bigint
                UNION SELECT u.id FROM orgmodel_orgunit u JOIN below b ON u.parent_id = b.id
            )
            SELECT DISTINCT s.person_id FROM orgmodel_assignment s
            JOIN below b ON b.id = s.unit_id WHERE {moment.holds("s")}""",
            {"unit": unit, "at": moment.at},
        )
        ids = [row[0] for row in cursor.fetchall()]
    refs = people(ids, moment).values()
    present = [ref for ref in refs if ref.usable or not moment.live]
    return tuple(sorted(present, key=lambda ref: (ref.name.casefold(), ref.pk)))


def ancestors_of(unit: int, moment: Moment) -> tuple[UnitRef, ...]:
    """The units above, nearest first, as the hierarchy stood at the moment; a cycle ends the walk."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE above (id, depth, seen) AS (
                SELECT %(unit)s::bigint, 0, ARRAY[%(unit)s::bigint]
                UNION ALL
                SELECT (t.value #>> '{{}}')::bigint, a.depth + 1, a.seen || (t.value #>> '{{}}')::bigint
                FROM above a JOIN orgmodel_attribute t ON t.unit_id = a.id AND t.name = 'parent'
                 AND {moment.holds("t")}
                WHERE NOT (t.value #>> '{{}}')::bigint = ANY(a.seen)
            )
            SELECT u.id, u.native_id, u.kind, u.name, u.slug, u.address
            FROM above a JOIN orgmodel_orgunit u ON u.id = a.id WHERE a.depth > 0 ORDER BY a.depth""",
            {"unit": unit, "at": moment.at},
        )
        return tuple(UnitRef(*row) for row in cursor.fetchall())


def _shared_by_all(
    members: Sequence[PersonRef], unit: UnitRef, ancestors: Sequence[UnitRef]
) -> tuple[UnitRef, ...]:
    """Units of other kinds to which every member belongs: they stand above where no parent is stated."""
    if not members:
        return ()
    kinds = {unit.kind, *(each.kind for each in ancestors)}
    common = set.intersection(*(set(member.units) for member in members))
    return tuple(each for each in common if each.kind not in kinds)


def _links(unit: UnitRef, ancestors: Sequence[UnitRef], moment: Moment) -> _Links:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT group_id, unit_id FROM orgmodel_unitlink l WHERE unit_id = ANY(%(units)s)"
            f" AND {moment.holds('l')}",
            {"units": [unit.pk, *(each.pk for each in ancestors)], "at": moment.at},
        )
        pairs = dict(cursor.fetchall())
    own = {group: of for group, of in pairs.items() if of == unit.pk}
    return _Links(own, {group: of for group, of in pairs.items() if of != unit.pk})


def _promised(links: _Links, moment: Moment, viewer: Viewer) -> list[tuple[int, str, int]]:
    """App, level and group of everything that the unit's own group and those above open."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT t.resource_id, t.level, s.resource_id FROM orgmodel_edge e
            JOIN orgmodel_entitlement s ON s.id = e.source_id
            JOIN orgmodel_entitlement t ON t.id = e.target_id
            JOIN orgmodel_resource r ON r.id = t.resource_id AND r.kind = 'app' AND r.status <> 'INACTIVE'
            WHERE s.resource_id = ANY(%(groups)s) AND {moment.holds("e")} ORDER BY e.priority, e.id""",
            {"groups": [*links.own, *links.above], "at": moment.at},
        )
        return [row for row in cursor.fetchall() if not {row[0], row[2]} & viewer.hidden]


def _source_of(held: Access, links: _Links, everyones: set[int]) -> tuple[str, set[int]]:
    groups = {hop.resource for route in held.routes for hop in route.hops[:-1]}
    for source, known in (("unit", set(links.own)), ("ancestor", set(links.above)), ("everyone", everyones)):
        if groups & known:
            return source, groups & known
    return "individual", groups


def _rows(
    members: Sequence[PersonRef],
    held: dict[int, tuple[Access, ...]],
    links: _Links,
    promised: Sequence[tuple[int, str, int]],
    units: dict[int, UnitRef],
) -> tuple[TeamApp, ...]:
    touched = {
        hop.resource for own in held.values() for each in own for route in each.routes for hop in route.hops
    }
    places = targets([*touched, *(app for app, _, _ in promised), *(group for _, _, group in promised)])
    everyones = {key for key, place in places.items() if place.everyone}
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for member in members:
        for each in held[member.pk]:
            source, through = _source_of(each, links, everyones)
            row = found.setdefault((each.app.pk, each.level), {"sources": {}, "holders": []})
            row["sources"].setdefault(source, set()).update(through)
            row["holders"].append(member)
    shown = {app for app, _ in found}
    for app, level, group in promised:
        if app not in shown:
            source = "unit" if group in links.own else "ancestor"
            found.setdefault((app, level), {"sources": {}, "holders": []})["sources"].setdefault(
                source, set()
            ).add(group)
    rows = [_row(key, row, places, links, units, len(members)) for key, row in found.items()]
    return tuple(
        sorted(rows, key=lambda row: (SOURCES.index(row.source), row.app.name.casefold(), row.level))
    )


def _row(
    key: tuple[int, str],
    row: dict[str, Any],
    places: dict[int, Target],
    links: _Links,
    units: dict[int, UnitRef],
    of: int,
) -> TeamApp:
    source = next(each for each in SOURCES if each in row["sources"])
    through = sorted(row["sources"][source], key=lambda group: places[group].name)
    standing = {**links.above, **links.own}
    unit = next((units[standing[group]] for group in through if group in standing), None)
    return TeamApp(
        places[key[0]],
        key[1],
        source,
        tuple(places[group] for group in through),
        len(row["holders"]),
        of,
        tuple(row["holders"]),
        unit,
    )
