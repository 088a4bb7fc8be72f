"""How attribute values are shown: units by name, attributes by title."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db import connection

from orgmodel.conventions import Conventions
from orgmodel.queries.moments import BadMoment, now, parse_moment
from orgmodel.queries.together import Lasting, ask, rows
from orgmodel.rules.spoken import Spoken, UnitNames, shown
from orgmodel.sources.roles import IS_DIRECTORY, KEEPS_UNITS


class NamesOfUnits(Spoken):
    """The names that people use today; one query when the first is asked for, one for the first manager."""

    def __init__(self, conventions: Conventions, at: str = "") -> None:
        """`at`: the moment that is asked about, as typed; whoever reads it says where it is none."""
        kinds = conventions.unit_kinds
        self._kinds: Mapping[str, str] = {kind.attribute: kind.kind for kind in kinds if kind.attribute}
        self.manager = conventions.people.manager_attribute
        try:
            self._at = parse_moment(at)
        except BadMoment:
            self._at = now()

    def attribute(self, name: str) -> str:
        return "manager" if name == self.manager else self._known.attribute(name)

    def value(self, attribute: str, value: Any) -> str:
        if attribute == self.manager:
            return self._people.get(str(value).casefold()) or shown(value)
        return self._known.value(attribute, value)

    def merged(self, attribute: str, before: Any, after: Any, at: str) -> bool:
        return attribute in self._kinds and self._known.merged(attribute, before, after, at)

    @cached_property
    def _people(self) -> Mapping[str, str]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT ref, name FROM ({managers_of()}) m")
            return dict(cursor.fetchall())

    @cached_property
    def _known(self) -> UnitNames:
        then = "NULL" if self._at.live else self._at.of_unit("u", "name")
        parameters = {"kinds": sorted({*self._kinds.values()}), "at": self._at.at}
        found = ask(rows(Lasting(_NAMES.format(then=then)), parameters))
        titles = {row[1]: row[2] for row in found if not row[0]}
        # A slug is what values are most often; what is retired is called only where nothing else is.
        keyed = [((kind, written.casefold()), *row) for kind, written, *row in found if kind]
        units = {key: name for key, name, *_ in keyed}
        mergers = {key: (heir, day) for key, _, _, heir, day, _ in keyed if day}
        former = {key: then for key, name, *_, then in keyed if then and then != name == units[key]}
        return UnitNames(self._kinds, units, titles, mergers, former)


def managers_of(person: str = "") -> str:
    """SQL: what sources write of those who are or were managers, folded, with the name, where it means one.

    `person`: SQL of the id of whom they manage; empty: anybody.
    """
    lines = f"WHERE l.person_id = {person}" if person else ""
    return f"""
    SELECT r.ref, min(p.name) AS name
    FROM orgmodel_person p JOIN orgmodel_account a ON a.person_id = p.id
    CROSS JOIN LATERAL (SELECT DISTINCT lower(x) AS ref FROM unnest(
        ARRAY[a.native_id, a.employee_number, a.email, a.login]) x WHERE x <> '') r
    WHERE p.id IN (SELECT l.manager_id FROM orgmodel_managerline l {lines})
    GROUP BY r.ref HAVING count(DISTINCT p.id) = 1"""


# A unit that only a value or a group carried goes on under a better known identity: that is no merger.
MERGED = f"""
    LEFT JOIN LATERAL (
        SELECT h.name, h.address, coalesce(u.active_to, (
            SELECT max(t.ended)::date FROM orgmodel_attribute t
            WHERE t.unit_id = u.id AND t.name = 'active' AND t.value = 'true')) AS day
        FROM orgmodel_orgunit h WHERE h.id = u.merged_into_id AND NOT u.active AND u.source {KEEPS_UNITS}
    ) m ON true"""
"""SQL: of a unit u the one that it was merged into (m: name, address), and the day, null where not known."""
_NAMES = f"""
    SELECT '' AS kind, name AS written, title AS called, 0 AS place, NULL AS heir, NULL AS day, NULL AS former
    FROM orgmodel_profileattribute
    WHERE source {IS_DIRECTORY} AND ended IS NULL AND title <> '' AND kept
    UNION ALL
    SELECT u.kind, w.written, u.name, w.place + CASE WHEN u.ended IS NULL THEN 3 ELSE 0 END,
           m.name, m.day::text, {{then}}
    FROM orgmodel_orgunit u {MERGED}
    CROSS JOIN LATERAL (VALUES (u.name, 0), (u.native_id, 1), (u.slug, 2)) w (written, place)
    WHERE u.kind = ANY(%(kinds)s) AND w.written <> ''
    ORDER BY place"""
