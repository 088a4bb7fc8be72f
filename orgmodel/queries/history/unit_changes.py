"""Changes of units as a feed tells them: by the names of what they belong to and of who leads them."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from orgmodel.queries.rows import json_value

Row = Sequence[Any]
REFERENCES = ("parent", "lead")
"""Attributes of a unit whose values are ids."""


def is_implied(verb: str, attribute: str, after: Any, *, gone: bool) -> bool:
    """Another line says it: who created a unit made it active, and one that is gone belongs nowhere."""
    if verb == "began":
        return attribute == "active" and after is True
    return verb == "ended" and gone and attribute != "name"


def with_names(rows: Sequence[Row], kind: int, attribute: int, sides: slice) -> list[Row]:
    """The rows with names in place of the ids of parents and leads; one query where there are any.

    `kind`, `attribute`, `sides`: where in a row the kind of the change, the attribute and its values stand.
    """
    ids = {
        name: sorted(
            {
                json_value(value)
                for row in rows
                if (row[kind], row[attribute]) == ("unit", name)
                for value in row[sides]
                if value is not None
            }
        )
        for name in REFERENCES
    }
    if not any(ids.values()):
        return list(rows)
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, ids)
        names = {(name, key): json.dumps(called) for name, key, called in cursor.fetchall()}
    return [_named(row, kind, attribute, sides, names) for row in rows]


def _named(row: Row, kind: int, attribute: int, sides: slice, names: dict[tuple[str, int], str]) -> Row:
    name = row[attribute]
    if row[kind] != "unit" or name not in REFERENCES:
        return row
    found = [None if value is None else names.get((name, json_value(value))) for value in row[sides]]
    return (*row[: sides.start], *found, *row[sides.stop :])


_NAMES = """
    SELECT 'parent', id, name FROM orgmodel_orgunit WHERE id = ANY(%(parent)s)
    UNION ALL SELECT 'lead', id, name FROM orgmodel_person WHERE id = ANY(%(lead)s)"""
