"""How values of attributes are called: the units they mean by name, the attributes by their title."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db import connection

from orgmodel.conventions import Conventions
from orgmodel.rules.spoken import Spoken, UnitNames
from orgmodel.sources.roles import IS_DIRECTORY


class NamesOfUnits(Spoken):
    """The names that people use today; one query, when the first is asked for."""

    def __init__(self, conventions: Conventions) -> None:
        kinds = conventions.unit_kinds
        self._kinds: Mapping[str, str] = {kind.attribute: kind.kind for kind in kinds if kind.attribute}

    def attribute(self, name: str) -> str:
        return self._known.attribute(name)

    def value(self, attribute: str, value: Any) -> str:
        return self._known.value(attribute, value)

    @cached_property
    def _known(self) -> UnitNames:
        with connection.cursor() as cursor:
            cursor.execute(_NAMES, {"kinds": sorted({*self._kinds.values()})})
            rows = cursor.fetchall()
        titles = {name: title for kind, name, title, _ in rows if not kind}
        # A slug is what values are most often; what is retired is called only where nothing else is.
        units = {(kind, written.casefold()): name for kind, written, name, _ in rows if kind}
        return UnitNames(self._kinds, units, titles)


_NAMES = f"""
    SELECT '' AS kind, name AS written, title AS called, 0 AS place FROM orgmodel_profileattribute
    WHERE source {IS_DIRECTORY} AND ended IS NULL AND title <> '' AND kept
    UNION ALL
    SELECT u.kind, w.written, u.name, w.place + CASE WHEN u.ended IS NULL THEN 3 ELSE 0 END
    FROM orgmodel_orgunit u
    CROSS JOIN LATERAL (VALUES (u.name, 0), (u.native_id, 1), (u.slug, 2)) w (written, place)
    WHERE u.kind = ANY(%(kinds)s) AND w.written <> ''
    ORDER BY place"""
