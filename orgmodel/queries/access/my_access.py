"""A person's apps by where they come from: their units, what HR says of them, themselves alone, everyone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from orgmodel.queries.moments import Moment
from orgmodel.queries.people import PersonRef, UnitRef
from orgmodel.queries.together import Lasting, Question, ask
from orgmodel.why.paths import Path, member_clauses

from .holdings import Access, AccessOfPerson
from .routes import Route

UNIT, ATTRIBUTE, GROUP, OWN, EVERYONE = "unit", "attribute", "group", "own", "everyone"
"""Where an app comes from: a unit of the person, values of their profile, another group that fills itself,
themselves alone, or the whole company.
"""
BUILT_IN = "built-in"
"""Okta's type of the group that really holds everybody."""
ORDER = (UNIT, ATTRIBUTE, GROUP, OWN, EVERYONE)


UnitsOfGroups = dict[int, list[tuple[UnitRef, int | None]]]
"""Group → the units it stands for, each with how far it is above the person; None for one not theirs."""


@dataclass(frozen=True)
class Section:
    """Apps of one origin, by name."""

    source: str
    apps: tuple[Access, ...]
    unit: UnitRef | None = None
    """Of a unit: the one whose group gives these apps."""
    values: tuple[tuple[str, str], ...] = ()
    """Of values: attribute and value, as the rule reads them."""
    member: tuple[str, ...] = ()
    """Of values: the groups that the rule asks for besides, as `member_clauses` says it."""
    nearly: bool = False
    """Of everyone: not every single person is in the group."""
    former: Mapping[int, UnitRef] = field(default_factory=dict)
    """Of apps held alone: app → the unit left behind, where its group gives the app."""


@dataclass(frozen=True)
class _Origin:
    """What one section has in common. `depth`: how far the unit is above the person's own."""

    source: str
    depth: int = 0
    unit: UnitRef | None = None
    values: tuple[tuple[str, str], ...] = ()
    member: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[int, int, str, tuple[tuple[str, str], ...], tuple[str, ...]]:
        unit = self.unit.name if self.unit else ""
        return ORDER.index(self.source), self.depth, unit, self.values, self.member


def sections(mine: AccessOfPerson, units: UnitsOfGroups) -> tuple[Section, ...]:
    """The apps of a person, the most particular origin first. `units`: of all groups on the way to them."""
    found: dict[_Origin, list[Access]] = {}
    for each in mine.apps:
        origin = min(_origins(each, units), key=lambda one: one.rank)
        found.setdefault(origin, []).append(each)
    ordered = sorted(found.items(), key=lambda each: each[0].rank)
    return tuple(_section(origin, apps, units) for origin, apps in ordered)


def _origins(held: Access, units: UnitsOfGroups) -> Iterator[_Origin]:
    """Where the level that counts comes from: every way that gives it."""
    for route, path in zip(held.routes, held.paths, strict=True):
        if route.end.level == held.level:
            yield _origin(route, path, units)


def _origin(route: Route, path: Path, units: UnitsOfGroups) -> _Origin:
    groups = [hop.place for hop in route.hops if hop.place.kind == "group"]
    mine = [(depth, unit) for group in groups for unit, depth in units.get(group.pk, ()) if depth is not None]
    if mine and path.explained is not False:
        depth, unit = min(mine, key=lambda each: (each[0], each[1].name))
        return _Origin(UNIT, depth, unit)
    if any(group.everyone for group in groups):
        return _Origin(EVERYONE)
    values = tuple((step.name, step.level) for step in path.steps if step.kind == "attribute" and step.level)
    if path.origin == "rule" and path.explained and values:
        return _Origin(ATTRIBUTE, values=values, member=member_clauses(path.steps))
    return _Origin(GROUP if path.explained and groups else OWN)


def _section(origin: _Origin, apps: Sequence[Access], units: UnitsOfGroups) -> Section:
    groups = {hop.place for each in apps for route in each.routes for hop in route.hops}
    return Section(
        origin.source,
        tuple(apps),
        unit=origin.unit,
        values=origin.values,
        member=origin.member,
        nearly=any(group.everyone and group.type != BUILT_IN for group in groups),
        former=_former(apps, units) if origin.source == OWN else {},
    )


def _former(apps: Sequence[Access], units: UnitsOfGroups) -> dict[int, UnitRef]:
    """App → a unit that is not the person's and whose group still gives it."""
    return {
        each.app.pk: unit
        for each in apps
        for route in each.routes
        for hop in route.hops
        for unit, depth in units.get(hop.resource, ())
        if depth is None
    }


def groups_behind(mine: AccessOfPerson) -> set[int]:
    """The groups on the way to a person's apps."""
    return {hop.resource for each in mine.apps for route in each.routes for hop in route.hops[:-1]}


def units_of_groups(groups: Iterable[int], person: PersonRef, moment: Moment) -> UnitsOfGroups:
    """The units that groups stand for, as the person sees them; one query."""
    return ask(asking_units_of_groups(groups, person, moment))


def asking_units_of_groups(
    groups: Iterable[int], person: PersonRef, moment: Moment
) -> Question[UnitsOfGroups]:
    """The same as a question."""
    sql = f"""
        WITH RECURSIVE above (id, depth, seen) AS (
            SELECT unit, 0, ARRAY[unit] FROM unnest(%(mine)s::bigint[]) unit
            UNION ALL
            SELECT (t.value #>> '{{}}')::bigint, a.depth + 1, a.seen || (t.value #>> '{{}}')::bigint
            FROM above a JOIN orgmodel_attribute t ON t.unit_id = a.id AND t.name = 'parent'
             AND {moment.holds("t")}
            WHERE NOT (t.value #>> '{{}}')::bigint = ANY(a.seen)
        )
        SELECT l.group_id, (SELECT min(depth) FROM above WHERE above.id = u.id),
               u.id, u.native_id, u.kind, coalesce({moment.of_unit("u", "name")}, u.name), u.slug,
               u.address
        FROM orgmodel_unitlink l JOIN orgmodel_orgunit u ON u.id = l.unit_id
        WHERE l.group_id = ANY(%(groups)s) AND {moment.holds("l")} ORDER BY u.kind, u.name"""
    mine = [unit.pk for unit in person.units]
    rows = yield Lasting(sql), {"mine": mine, "groups": sorted(set(groups)), "at": moment.at}
    found: UnitsOfGroups = {}
    for group, depth, *unit in rows:
        found.setdefault(group, []).append((UnitRef(*unit), depth))
    return found
