"""What a unit has: through the unit, from the units above, as everybody, or held by some."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from orgmodel.queries.moments import Moment
from orgmodel.queries.people import PersonRef, UnitRef, asking_people
from orgmodel.queries.together import Question, together
from orgmodel.queries.visibility import Viewer

from .holdings import visible
from .level_choice import deciding, level_of
from .routes import LONGEST, Route, of_people
from .target import Target, columns

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
    giving: tuple[Target, ...] = ()
    """The groups that give just this level, where `through` may hold those that give another."""

    @property
    def nearly(self) -> bool:
        """Of an app from everyone: through a group that nearly everyone is in, and not Okta's own of all."""
        return any(group.type != "built-in" for group in self.through)

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
    groups: tuple[tuple[Target, str], ...] = ()
    """The groups that stand for the unit, each with the evidence of the link."""
    routes: tuple[Route, ...] = ()
    """Everything its members hold, unfiltered: only for the page of a member's own access."""

    @property
    def app_count(self) -> int:
        """How many apps there are, each once: of one that members have at two levels there are two rows."""
        return len({each.app.pk for each in self.apps})

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
class _Promise:
    """A group of this unit, or of one above it, and an app it opens; the app may be missing."""

    group: Target
    unit: int
    app: Target | None
    level: str
    evidence: str


def team(unit: UnitRef, moment: Moment, viewer: Viewer) -> Team:
    """What the unit has at the moment, as far as the viewer may see it; four queries."""
    ancestors, members, open_apps = together(
        _asking_ancestors(unit.pk, moment),
        _asking_members(unit.pk, moment),
        _asking_apps_for_all(moment, viewer),
    )
    units = {each.pk: each for each in (unit, *ancestors, *shared_by_all(members, unit, ancestors))}
    promises = promises_of(list(units), moment, viewer)
    routes = of_people([member.pk for member in members], moment)
    rows = team_rows(unit, members, visible(routes, viewer.hidden), promises, units)
    rows = with_open_apps(rows, members, open_apps)
    groups = {each.group.pk: (each.group, each.evidence) for each in promises if each.unit == unit.pk}
    return Team(unit, moment, members, rows, ancestors, tuple(groups.values()), tuple(routes))


def _asking_members(unit: int, moment: Moment) -> Question[tuple[PersonRef, ...]]:
    """People assigned to the unit, or to a unit below it, who have not left; by name."""
    where = f"""p.id IN (
        SELECT s.person_id FROM orgmodel_assignment s
        WHERE s.unit_id = ANY(ARRAY({moment.inside("ARRAY[%(unit)s]")})) AND {moment.holds("s")})"""
    found = yield from asking_people(where, {"unit": unit}, moment)
    present = [ref for ref in found.values() if ref.usable]
    return tuple(sorted(present, key=lambda ref: (ref.name.casefold(), ref.pk)))


def _asking_ancestors(unit: int, moment: Moment) -> Question[tuple[UnitRef, ...]]:
    """The units above, nearest first, as the hierarchy stood at the moment; a cycle ends the walk."""
    rows = yield (
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
    return tuple(UnitRef(*row) for row in rows)


def shared_by_all(
    members: Sequence[PersonRef], unit: UnitRef, ancestors: Sequence[UnitRef]
) -> tuple[UnitRef, ...]:
    """Units of other kinds to which every member belongs: they stand above where no parent is stated."""
    if not members:
        return ()
    kinds = {unit.kind, *(each.kind for each in ancestors)}
    common = set.intersection(*(set(member.units) for member in members))
    return tuple(each for each in common if each.kind not in kinds)


def promises_of(units: list[int], moment: Moment, viewer: Viewer) -> list[_Promise]:
    """What the groups that stand for these units open at the moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE opened (opener, id, priority, edge, steps) AS (
                SELECT s.resource_id, e.target_id, {moment.priority("e")}, e.id, 1
                FROM orgmodel_unitlink l JOIN orgmodel_entitlement s ON s.resource_id = l.group_id
                JOIN orgmodel_edge e ON e.source_id = s.id AND {moment.holds("e")}
                WHERE l.unit_id = ANY(%(units)s) AND {moment.holds("l")}
                UNION
                SELECT o.opener, e.target_id, {moment.priority("e")}, e.id, o.steps + 1
                FROM opened o JOIN orgmodel_edge e ON e.source_id = o.id AND {moment.holds("e")}
                JOIN orgmodel_entitlement s ON s.id = o.id AND NOT s.resource_id = ANY(%(hidden)s)
                WHERE o.steps < {LONGEST}
            )
            SELECT DISTINCT ON (o.priority, o.edge, l.unit_id, g.id)
                   l.unit_id, l.evidence, g.id, g.kind, {moment.label("g", "resource", "name")},
                   g.native_id, g.key, t.level, {columns("r", moment)}
            FROM orgmodel_unitlink l JOIN orgmodel_resource g ON g.id = l.group_id
            LEFT JOIN (
                opened o JOIN orgmodel_entitlement t ON t.id = o.id
                JOIN orgmodel_resource r ON r.id = t.resource_id AND r.kind = 'app'
                 AND NOT r.id = ANY(%(hidden)s)
            ) ON o.opener = g.id
            WHERE l.unit_id = ANY(%(units)s) AND {moment.holds("l")} AND NOT g.id = ANY(%(hidden)s)
            ORDER BY o.priority, o.edge, l.unit_id, g.id""",
            {"units": units, "at": moment.at, "hidden": sorted(viewer.hidden)},
        )
        return [
            _Promise(Target(*row[2:7]), row[0], Target(*row[8:]) if row[8] else None, row[7] or "", row[1])
            for row in cursor.fetchall()
        ]


def _asking_apps_for_all(moment: Moment, viewer: Viewer) -> Question[tuple[Target, ...]]:
    """The apps that whoever can sign in may use."""
    rows = yield (
        f"""
        SELECT {columns("r", moment)} FROM orgmodel_resource r
        WHERE r.kind = 'app' AND r.profile ->> 'implicit' = 'true' AND NOT r.id = ANY(%(hidden)s)
          AND r.began <= %(at)s AND (r.ended IS NULL OR r.ended > %(at)s)""",
        {"hidden": sorted(viewer.hidden), "at": moment.at},
    )
    return tuple(target for row in rows if (target := Target(*row)).for_all)


def with_open_apps(
    rows: Sequence[TeamApp], members: Sequence[PersonRef], open_apps: Sequence[Target]
) -> tuple[TeamApp, ...]:
    """The rows with what everybody may use; who is assigned to that without a level has nothing more."""
    free = {app.pk for app in open_apps}
    others = [row for row in rows if row.app.pk not in free or row.level not in {"", "assigned"}]
    size = len(members)
    shared = [TeamApp(app, "", "everyone", (), size, size, tuple(members)) for app in open_apps]
    return _sorted([*others, *shared])


def _sorted(rows: Sequence[TeamApp]) -> tuple[TeamApp, ...]:
    """By where they come from, then by name."""
    return tuple(
        sorted(rows, key=lambda row: (SOURCES.index(row.source), row.app.name.casefold(), row.level))
    )


def team_rows(
    unit: UnitRef,
    members: Sequence[PersonRef],
    routes: Sequence[Route],
    promises: Sequence[_Promise],
    units: dict[int, UnitRef],
) -> tuple[TeamApp, ...]:
    standing = {each.group.pk: each.unit for each in promises}
    rows: dict[tuple[int, str], _Row] = {}
    refs = {member.pk: member for member in members}
    for (person, _), ways in _by_app(routes).items():
        app, level = ways[0].end.place, level_of(ways)
        row = rows.setdefault((app.pk, level), _Row(app, level))
        row.holders.append(refs[person])
        source, groups = _source_of(ways, standing, unit.pk)
        row.sources.setdefault(source, {}).update(groups)
        giving = _giving(ways)
        row.giving |= groups if len(giving) == len(ways) else _source_of(giving, standing, unit.pk)[1]
    shown = {app for app, _ in rows}
    for each in promises:
        if each.app and each.app.open and each.app.pk not in shown:
            row = rows.setdefault((each.app.pk, each.level), _Row(each.app, each.level))
            source = "unit" if each.unit == unit.pk else "ancestor"
            row.sources.setdefault(source, {})[each.group.pk] = each.group
    made = [
        row.finished(len(members), {key: units[of] for key, of in standing.items()}) for row in rows.values()
    ]
    return _sorted(made)


def _by_app(routes: Sequence[Route]) -> dict[tuple[int, int], list[Route]]:
    """Person and app → the person's routes to it."""
    found: dict[tuple[int, int], list[Route]] = {}
    for route in routes:
        if route.end.place.kind == "app" and route.end.place.open:
            found.setdefault((route.person, route.end.resource), []).append(route)
    return found


def _giving(ways: Sequence[Route]) -> list[Route]:
    """The routes that give the level that counts."""
    levels = {route.end.level for route in deciding(ways)}
    return [route for route in ways if route.end.level in levels]


def _source_of(ways: Sequence[Route], standing: dict[int, int], unit: int) -> tuple[str, dict[int, Target]]:
    """The first source that applies, and the groups through which it does."""
    before = (hop for route in ways for hop in route.hops[:-1])
    groups = {hop.resource: hop.place for hop in before if hop.place.kind == "group"}
    tests: tuple[tuple[str, Callable[[Target], bool]], ...] = (
        ("unit", lambda group: standing.get(group.pk) == unit),
        ("ancestor", lambda group: group.pk in standing),
        ("everyone", lambda group: group.everyone),
    )
    for source, fits in tests:
        fitting = {key: group for key, group in groups.items() if fits(group)}
        if fitting:
            return source, fitting
    return "individual", groups


@dataclass
class _Row:
    """An app at a level while it is being put together."""

    app: Target
    level: str
    holders: list[PersonRef] = field(default_factory=list)
    sources: dict[str, dict[int, Target]] = field(default_factory=dict)
    giving: dict[int, Target] = field(default_factory=dict)

    def finished(self, of: int, standing: dict[int, UnitRef]) -> TeamApp:
        source = next(each for each in SOURCES if each in self.sources)
        through = sorted(self.sources[source].values(), key=lambda group: group.name)
        unit = next((standing[group.pk] for group in through if group.pk in standing), None)
        holders = tuple(sorted(self.holders, key=lambda ref: (ref.name.casefold(), ref.pk)))
        giving = tuple(sorted(self.giving.values(), key=lambda group: group.name))
        return TeamApp(self.app, self.level, source, tuple(through), len(holders), of, holders, unit, giving)
