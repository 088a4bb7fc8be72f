"""The facts a move is computed from: all units, what profiles say, who leads and who is where.

Rows of one question, so that what-if reads them together with the rules, and a rehearsal for all its units.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db import connection

from orgmodel.conventions import Conventions
from orgmodel.queries.rows import json_value

from .copy_colleague import OWN
from .follows import ACCOUNT, Follows

FIELDS = ("native_id", "employee_number", "email", "login", "name")
"""Of an Okta account: what a manager may be called by in the profile of a report."""
MOSTLY = 0.8
"""The share of people, or of units, from which on they speak for all."""
MOST_VALUES = 20_000
REPORTS = 200
"""Accounts that are looked at to learn how profiles name a manager."""
SEVERAL = 3
"""Values that are told of where the members of a unit differ."""


@dataclass(frozen=True)
class LinkedGroup:
    """An Okta group that stands for a unit. `origins`: how its members came to be there → how many."""

    native_id: str
    name: str
    origins: Mapping[str, int]


@dataclass(frozen=True)
class Unit:
    """A unit as it is now."""

    pk: int
    native_id: str
    kind: str
    name: str
    slug: str
    address: str
    parent: int | None
    lead: int | None
    active: bool
    former: frozenset[str] = frozenset()
    """Names that it had before, folded, and that mean no other unit of its kind."""

    @cached_property
    def names(self) -> frozenset[str]:
        """What an attribute's value may call it, folded: people's values may still be of before a rename."""
        return self.former | {each.casefold() for each in (self.native_id, self.slug, self.name)}


@dataclass(frozen=True)
class Boss:
    """Somebody whom a profile may name as manager, by everything that it may say."""

    pk: int
    name: str
    key: str
    email: str
    here: bool
    fields: Mapping[str, str]


@dataclass(frozen=True)
class MoveFacts:
    """`members`: unit → attribute → the most frequent values of the people there, and how many have each."""

    units: dict[int, Unit] = field(default_factory=dict)
    values: dict[str, dict[str, int]] = field(default_factory=dict)
    """Attribute → value → how many people have it, of the attributes that were asked about."""
    sizes: dict[int, int] = field(default_factory=dict)
    members: dict[int, dict[str, list[tuple[str, int]]]] = field(default_factory=dict)
    lines: dict[int, list[tuple[int, int, bool]]] = field(default_factory=dict)
    """Unit → managers of its members, most frequent first: how many have them, whether they belong to it."""
    bosses: dict[int, Boss] = field(default_factory=dict)
    forms: dict[str, int] = field(default_factory=dict)
    """Field of an account → how many profiles name their manager by it."""
    follows: Follows = field(default_factory=Follows)
    groups: dict[int, list[LinkedGroup]] = field(default_factory=dict)
    """Unit → the groups that stand for it, but those that are hidden; only where units were asked about."""

    def above(self, unit: Unit) -> list[Unit]:
        """The units above, nearest first; a circle ends."""
        found: list[Unit] = []
        parent = self.units.get(unit.parent or 0)
        while parent and parent not in (unit, *found):
            found.append(parent)
            parent = self.units.get(parent.parent or 0)
        return found


def parameters(
    texts: Iterable[str], people: Sequence[int], names: Iterable[str], conventions: Conventions
) -> dict[str, Any]:
    """What the SQL takes: units by these texts, and those of these people; values of these attributes.

    Where the texts name units, also the values of the attributes that place people in units.
    """
    placing = {kind.attribute for kind in conventions.unit_kinds if kind.attribute}
    stripped = sorted({text.strip() for text in texts if text.strip()})
    return {
        "texts": stripped,
        "folded": sorted({text.lower() for text in stripped}),
        "who": list(people),
        "valued": sorted(names),
        "placing": sorted({*names} | placing),
        "manager": conventions.people.manager_attribute,
        "own": sorted(OWN),
    }


def move_facts(values: Mapping[str, Any], hidden: frozenset[int] = frozenset()) -> MoveFacts:
    """The facts by themselves; one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"{WITH} {FACTS}", {**values, "hidden": sorted(hidden)})
        return facts_in((kind, json_value(values)) for kind, values in cursor.fetchall())


def facts_in(rows: Iterable[tuple[str, Any]]) -> MoveFacts:
    """The facts in rows of the SQL below; rows of other kinds are passed over."""
    of: dict[str, list[Any]] = {kind: [] for kind in (*_ROWS, *_LISTS)}
    for kind, values in rows:
        if kind in _ROWS:
            of[kind].append(values)
        elif kind in _LISTS:
            of[kind] = values or []
    members: dict[int, dict[str, list[tuple[str, int]]]] = {}
    for unit, name, text, count in sorted(of["member"], key=lambda row: (-row[3], row[2])):
        members.setdefault(unit, {}).setdefault(name, []).append((text, count))
    lines: dict[int, list[tuple[int, int, bool]]] = {}
    for unit, manager, count, inside in sorted(of["line"], key=lambda row: (-row[2], row[1])):
        lines.setdefault(unit, []).append((manager, count, inside))
    groups: dict[int, list[LinkedGroup]] = {}
    for unit, native, name, origins in of["groups"]:
        groups.setdefault(unit, []).append(LinkedGroup(native, name, origins or {}))
    return MoveFacts(
        units={unit.pk: unit for unit in _units(of["units"])},
        values=_nested(of["value"]),
        sizes=dict(of["size"]),
        members=members,
        lines=lines,
        bosses={row[0]: boss(row) for row in of["boss"]},
        forms=dict(of["form"]),
        groups=groups,
    )


def _units(rows: Iterable[Sequence[Any]]) -> list[Unit]:
    """Each with those of its former names that no other unit of the kind has, or had."""
    known = [(Unit(*row[:-1]), {text.strip().casefold() for text in row[-1] or ()}) for row in rows]
    if not any(former for _, former in known):
        return [unit for unit, _ in known]
    called = Counter((unit.kind, text) for unit, former in known for text in {*unit.names, *former})
    owned = ((unit, [text for text in former if called[unit.kind, text] == 1]) for unit, former in known)
    return [replace(unit, former=frozenset(own)) if own else unit for unit, own in owned]


def boss(row: Sequence[Any]) -> Boss:
    """Id, name, key, address, whether they are here, then what `FIELDS` names."""
    pk, name, key, email, here, *fields = row
    return Boss(pk, name, key, email, here, dict(zip(FIELDS, fields, strict=True)))


def _nested(rows: Iterable[tuple[str, str, Any]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for outer, inner, value in rows:
        found.setdefault(outer, {})[inner] = value
    return found


_ROWS = ("value", "size", "member", "line", "boss", "form")
_LISTS = ("units", "groups")
"""Of each of these all in one row."""
# One account after another: how few the people are is not seen beforehand, and all profiles are many.
_PROFILE = f"""
            CROSS JOIN LATERAL (
                SELECT a.id FROM orgmodel_account a WHERE a.person_id = s.person_id AND {ACCOUNT} OFFSET 0) a
            CROSS JOIN LATERAL (
                SELECT t.name, t.value FROM orgmodel_attribute t
                WHERE t.account_id = a.id AND t.ended IS NULL AND t.name <> ALL(%(own)s) OFFSET 0) t"""
WITH = """
    WITH RECURSIVE named (id) AS (
        SELECT u.id FROM orgmodel_orgunit u WHERE u.ended IS NULL AND (
            u.native_id = ANY(%(texts)s) OR lower(u.slug) = ANY(%(folded)s) OR lower(u.name) = ANY(%(folded)s)
            OR lower(u.address) = ANY(%(folded)s) OR lower(u.kind || ':' || u.slug) = ANY(%(folded)s)
            OR u.id IN (SELECT t.unit_id FROM orgmodel_attribute t WHERE t.name IN ('name', 'slug')
                AND t.unit_id IS NOT NULL AND lower(t.value #>> '{}') = ANY(%(folded)s)))
    ), above (id) AS (
        SELECT id FROM named
        UNION SELECT u.parent_id FROM above JOIN orgmodel_orgunit u ON u.id = above.id
        WHERE u.parent_id IS NOT NULL
    ), there (unit_id, person_id) AS (
        SELECT DISTINCT s.unit_id, s.person_id FROM orgmodel_assignment s
        WHERE s.ended IS NULL AND s.unit_id = ANY(ARRAY(SELECT id FROM named))
    ), line (unit_id, manager_id, times) AS (
        SELECT t.unit_id, l.manager_id, count(*) FROM there t
        JOIN orgmodel_managerline l ON l.person_id = t.person_id AND l.ended IS NULL
        WHERE l.manager_id <> t.person_id GROUP BY 1, 2
    ), former (unit_id, names) AS MATERIALIZED (
        SELECT t.unit_id, jsonb_agg(DISTINCT t.value #>> '{}') FROM orgmodel_attribute t
        WHERE t.unit_id IS NOT NULL AND t.name IN ('name', 'slug') AND t.ended IS NOT NULL GROUP BY 1
    )"""
FACTS = f"""
    SELECT 'units', jsonb_agg(jsonb_build_array(u.id, u.native_id, u.kind, u.name, u.slug, u.address,
                                                u.parent_id, u.lead_id, u.active, f.names) ORDER BY u.id)
    FROM orgmodel_orgunit u LEFT JOIN former f ON f.unit_id = u.id WHERE u.ended IS NULL
    UNION ALL
    SELECT 'value', said FROM (
        SELECT jsonb_build_array(c.name, v.value #>> '{{}}', sum(c.times)) AS said FROM (
            SELECT t.name, t.value, count(*) AS times FROM orgmodel_attribute t
            JOIN orgmodel_account a ON a.id = t.account_id AND {ACCOUNT}
            WHERE t.ended IS NULL AND t.name = ANY(
                CASE WHEN EXISTS (SELECT FROM named) THEN %(placing)s::text[] ELSE %(valued)s::text[] END)
            GROUP BY 1, 2) c
        CROSS JOIN LATERAL jsonb_path_query(c.value, '$[*]') v (value)
        GROUP BY c.name, v.value #>> '{{}}' ORDER BY sum(c.times) DESC LIMIT {MOST_VALUES}) had
    UNION ALL
    SELECT 'size', jsonb_build_array(unit_id, count(*)) FROM there GROUP BY unit_id
    UNION ALL
    SELECT 'member', said FROM (
        SELECT jsonb_build_array(unit_id, name, value, times) AS said, row_number() OVER (
            PARTITION BY unit_id, name ORDER BY times DESC, value) AS place
        FROM (
            SELECT s.unit_id, t.name, v.value #>> '{{}}' AS value, count(*) AS times FROM there s
            {_PROFILE}
            CROSS JOIN LATERAL jsonb_path_query(t.value, '$[*]') v (value) GROUP BY 1, 2, 3) counted
        ) ranked WHERE place <= {SEVERAL}
    UNION ALL
    SELECT 'line', said FROM (
        SELECT jsonb_build_array(l.unit_id, l.manager_id, l.times, EXISTS (
            SELECT FROM there t WHERE t.unit_id = l.unit_id AND t.person_id = l.manager_id)) AS said
        FROM line l ORDER BY l.times DESC, l.manager_id) most
    UNION ALL
    SELECT 'boss', jsonb_build_array(p.id, p.name, p.key, p.email, p.ended IS NULL AND p.status <> 'ended',
                                     a.native_id, a.employee_number, a.email, a.login, p.name)
    FROM orgmodel_person p LEFT JOIN LATERAL (
        SELECT a.* FROM orgmodel_account a WHERE a.person_id = p.id AND {ACCOUNT}
        ORDER BY a.id LIMIT 1) a ON true
    WHERE p.id IN (SELECT u.lead_id FROM named n JOIN orgmodel_orgunit u ON u.id = n.id)
       OR p.id IN (SELECT manager_id FROM line)
    UNION ALL
    SELECT 'form', jsonb_build_array(f.field, count(*)) FROM (
        SELECT l.manager_id, lower(t.value #>> '{{}}') AS value FROM orgmodel_managerline l
        JOIN orgmodel_account a ON a.person_id = l.person_id AND {ACCOUNT}
        JOIN orgmodel_attribute t ON t.account_id = a.id AND t.ended IS NULL AND t.name = %(manager)s
        WHERE l.ended IS NULL AND EXISTS (SELECT FROM named) LIMIT {REPORTS}) s
    JOIN orgmodel_person p ON p.id = s.manager_id
    JOIN orgmodel_account a ON a.person_id = p.id AND {ACCOUNT}
    CROSS JOIN LATERAL (VALUES ('native_id', a.native_id), ('employee_number', a.employee_number),
        ('email', a.email), ('login', a.login), ('name', p.name)) f (field, value)
    WHERE lower(f.value) = s.value GROUP BY f.field
    UNION ALL
    SELECT 'groups', jsonb_agg(jsonb_build_array(l.unit_id, r.native_id, r.name, CASE WHEN l.unit_id IN (
        SELECT id FROM above UNION ALL
        SELECT s.unit_id FROM orgmodel_assignment s WHERE s.person_id = ANY(%(who)s) AND s.ended IS NULL
    ) THEN (
        SELECT jsonb_object_agg(c.origin, c.times) FROM (
            SELECT g.origin, count(*) AS times FROM orgmodel_entitlement e
            CROSS JOIN LATERAL (
                SELECT g.origin FROM orgmodel_grant g
                WHERE g.entitlement_id = e.id AND g.ended IS NULL OFFSET 0) g
            WHERE e.resource_id = r.id GROUP BY 1) c) END))
    FROM orgmodel_unitlink l JOIN orgmodel_resource r ON r.id = l.group_id AND r.ended IS NULL
    WHERE l.ended IS NULL AND NOT r.id = ANY(%(hidden)s) AND EXISTS (SELECT FROM named)"""
"""Takes what `parameters` gives, and hidden; `WITH` is the head of the question of which this is a part."""
