"""Which apps a group opens, and which groups open an app: by themselves, or through what lies between."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from orgmodel.queries.access.routes import LONGEST
from orgmodel.queries.access.target import Target, columns
from orgmodel.queries.moments import Moment


@dataclass(frozen=True)
class Opening:
    """A group opens an app at a level, by itself or through others."""

    group: Target
    app: Target
    level: str
    priority: int
    through: tuple[str, ...] = ()
    """By name: what lies between them."""


def openings_sql(kind: str, moment: Moment) -> str:
    """SQL: rows ('opens', jsonb) for `openings_in`, of the group or app `target`. Takes hidden."""
    return _OPENINGS.format(
        group=columns("g", moment),
        app=columns("a", moment),
        between=moment.label("b", "resource", "name"),
        priority=moment.priority("e"),
        edge=moment.holds("e"),
        **(_FORWARDS if kind == "group" else _BACKWARDS),
    )


def openings_in(rows: Iterable[Any]) -> tuple[Opening, ...]:
    """Of the ways from one group to one level of an app the shortest, in the order in which they count."""
    ways = [
        Opening(Target(*group), Target(*app), level, priority, tuple(between))
        for group, app, level, priority, between in rows
    ]
    found: dict[tuple[int, int, str], Opening] = {}
    for way in sorted(ways, key=lambda each: (len(each.through), each.priority, each.through)):
        found.setdefault((way.group.pk, way.app.pk, way.level), way)
    return tuple(sorted(found.values(), key=_order))


def _order(each: Opening) -> tuple[object, ...]:
    return len(each.through), each.priority, each.app.name.casefold(), each.group.name.casefold()


# One row for each way between a group and an app; `via`: the entitlements between, the group's side first.
_OPENINGS = f"""
    SELECT 'opens', jsonb_build_array(
        jsonb_build_array({{group}}), jsonb_build_array({{app}}), t.level, {{priority}}, ARRAY(
            SELECT {{between}} FROM unnest(way.via) WITH ORDINALITY v (id, place)
            JOIN orgmodel_entitlement m ON m.id = v.id JOIN orgmodel_resource b ON b.id = m.resource_id
            ORDER BY v.place))
    FROM (
        WITH RECURSIVE way (near, far, via, edge) AS (
            SELECT e.source_id, e.target_id, '{{{{}}}}'::bigint[], e.id FROM orgmodel_edge e
            JOIN orgmodel_entitlement o ON o.id = e.{{own}}_id WHERE o.resource_id = %(target)s AND {{edge}}
            UNION ALL
            SELECT {{further}} FROM way JOIN orgmodel_edge e ON {{next}} AND {{edge}}
             AND NOT e.{{other}}_id = ANY(way.via || way.near || way.far)
            JOIN orgmodel_entitlement x ON x.id = {{turn}} AND NOT x.resource_id = ANY(%(hidden)s)
            WHERE cardinality(way.via) < {LONGEST}
        ) SELECT * FROM way) way
    JOIN orgmodel_edge e ON e.id = way.edge
    JOIN orgmodel_entitlement s ON s.id = way.near JOIN orgmodel_resource g ON g.id = s.resource_id
    JOIN orgmodel_entitlement t ON t.id = way.far JOIN orgmodel_resource a ON a.id = t.resource_id
    WHERE g.kind = 'group' AND a.kind = 'app'
      AND NOT g.id = ANY(%(hidden)s) AND NOT a.id = ANY(%(hidden)s)"""
_FORWARDS = {
    "own": "source",
    "other": "target",
    "next": "e.source_id = way.far",
    "turn": "way.far",
    "further": "way.near, e.target_id, way.via || way.far, e.id",
}
_BACKWARDS = {
    "own": "target",
    "other": "source",
    "next": "e.target_id = way.near",
    "turn": "way.near",
    "further": "e.source_id, way.far, way.near || way.via, way.edge",
}
