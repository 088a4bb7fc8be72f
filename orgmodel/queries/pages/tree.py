"""The org tree with head counts and app counts, rolled up from the leaves."""

import re
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from orgmodel.queries.moments import Moment
from orgmodel.queries.visibility import Viewer

from .former_names import FORMER


@dataclass(frozen=True)
class Node:
    """A unit and what is below it. `people` and `apps` include everything below."""

    name: str
    address: str
    """Its key in addresses."""
    kind: str
    people: int
    apps: int
    units: tuple["Node", ...]
    open: bool = True
    formerly: str = ""
    """A former name, where that is what a text was found in."""


def tree(moment: Moment, viewer: Viewer, *, text: str = "") -> tuple[Node, ...]:
    """Units of the moment, nested; two queries.

    With a text only those whose name, or a former one, holds it, flat, what begins so first; three queries.
    """
    rows, holdings = _rows(moment, viewer)
    below: dict[int | None, list[int]] = {}
    for key, row in rows.items():
        parent = row["parent"] if row["parent"] in rows and row["parent"] != key else None
        below.setdefault(parent, []).append(key)
    made: dict[int, Node] = {}
    for root in below.get(None, []):
        _node(root, rows, below, holdings, made, frozenset())
    if text:
        former = _former(moment, text)
        found = {
            key: "" if text.casefold() in row["name"].casefold() else former[key]
            for key, row in rows.items()
            if key in made and (text.casefold() in row["name"].casefold() or key in former)
        }
        flat = [replace(made[key], units=(), open=True, formerly=name) for key, name in found.items()]
        return tuple(sorted(flat, key=lambda node: _place(node, text)))
    return tuple(made[root] for root in _sorted(below.get(None, []), rows))


def _place(node: Node, text: str) -> tuple[bool, bool, str]:
    """What begins with the text, what has a word that does, and the rest, by name."""
    name, sought = (node.formerly or node.name).casefold(), text.casefold()
    words = re.split(r"[\W_]+", name)
    return not name.startswith(sought), not any(word.startswith(sought) for word in words), name


def _former(moment: Moment, text: str) -> dict[int, str]:
    """Units by id with the latest of their former names that holds the text."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT u.id, f.name FROM orgmodel_orgunit u CROSS JOIN LATERAL ({FORMER}) f
            WHERE f.ended <= %(at)s AND strpos(lower(f.name), lower(%(text)s)) > 0 ORDER BY f.ended""",
            {"at": moment.at, "text": text},
        )
        return dict(cursor.fetchall())


def _sorted(keys: list[int], rows: dict[int, dict[str, Any]]) -> list[int]:
    return sorted(keys, key=lambda key: (rows[key]["kind"], rows[key]["name"].casefold()))


def _node(
    key: int,
    rows: dict[int, dict[str, Any]],
    below: dict[int | None, list[int]],
    holdings: dict[int, tuple[set[int], set[int]]],
    made: dict[int, Node],
    above: frozenset[int],
) -> tuple[set[int], set[int]]:
    people, apps = (set(part) for part in holdings.get(key, (set(), set())))
    children = [child for child in _sorted(below.get(key, []), rows) if child not in above]
    for child in children:
        inner = _node(child, rows, below, holdings, made, above | {key})
        people |= inner[0]
        apps |= inner[1]
    row = rows[key]
    made[key] = Node(
        row["name"],
        row["address"],
        row["kind"].replace("_", " "),
        len(people),
        len(apps),
        tuple(made[child] for child in children),
        open=row["kind"] != "team_group",
    )
    return people, apps


def _rows(
    moment: Moment, viewer: Viewer
) -> tuple[dict[int, dict[str, Any]], dict[int, tuple[set[int], set[int]]]]:
    joined, status = moment.labels("p", "person", "status")
    switched, state = moment.labels("r", "resource", "status")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT u.id, coalesce({moment.of_unit("u", "name")}, u.name), u.address, u.kind,
                   {moment.of_unit("u", "parent")}::bigint FROM orgmodel_orgunit u
            WHERE u.began <= %(at)s AND (u.ended IS NULL OR u.ended > %(at)s)
              AND ({moment.of_unit("u", "active")}::boolean OR u.active_to > %(day)s)"""
            if not moment.live
            else """
            SELECT u.id, u.name, u.address, u.kind, u.parent_id FROM orgmodel_orgunit u
            WHERE u.ended IS NULL AND (u.active OR u.active_to > %(day)s)""",
            {"at": moment.at, "day": moment.at.date()},
        )
        rows = {
            row[0]: {"name": row[1], "address": row[2], "kind": row[3], "parent": row[4]}
            for row in cursor.fetchall()
        }
        cursor.execute(
            f"""
            SELECT s.unit_id, array_agg(DISTINCT s.person_id), NULL::bigint[] FROM orgmodel_assignment s
            JOIN orgmodel_person p ON p.id = s.person_id {joined}
            WHERE {status} <> 'ended' AND {moment.holds("s")} GROUP BY 1
            UNION ALL
            SELECT led.unit_id, NULL, array_agg(DISTINCT t.resource_id)
            FROM (
                WITH RECURSIVE led (unit_id, id) AS (
                    SELECT l.unit_id, g.id FROM orgmodel_unitlink l
                    JOIN orgmodel_entitlement g ON g.resource_id = l.group_id
                    WHERE {moment.holds("l")} AND NOT l.group_id = ANY(%(hidden)s)
                    UNION SELECT led.unit_id, e.target_id FROM led
                    JOIN orgmodel_edge e ON e.source_id = led.id AND {moment.holds("e")}
                    JOIN orgmodel_entitlement t ON t.id = e.target_id AND NOT t.resource_id = ANY(%(hidden)s)
                ) SELECT * FROM led) led
            JOIN orgmodel_entitlement t ON t.id = led.id
            JOIN orgmodel_resource r ON r.id = t.resource_id AND r.kind = 'app' {switched}
            WHERE {state} <> 'inactive' GROUP BY 1""",
            {"at": moment.at, "hidden": sorted(viewer.hidden)},
        )
        holdings: dict[int, tuple[set[int], set[int]]] = {}
        for unit, people, apps in cursor.fetchall():
            known = holdings.setdefault(unit, (set(), set()))
            known[0].update(people or ())
            known[1].update(apps or ())
    return rows, holdings
