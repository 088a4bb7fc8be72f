"""Attribute values that somebody types, as Okta would hold them."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection

from .nearest import nearest
from .people import NotFound
from .rulebook import Standpoint

MOST_VALUES = 300


def known_values(names: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The most frequent values of these attributes, for whoever has to choose one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT name, value FROM (
                SELECT t.name, t.value #>> '{}' AS value,
                       row_number() OVER (PARTITION BY t.name ORDER BY count(*) DESC) AS place
                FROM orgmodel_attribute t JOIN orgmodel_account a ON a.id = t.account_id
                WHERE a.source = 'okta' AND t.ended IS NULL AND t.name = ANY(%s) GROUP BY 1, 2
            ) counted WHERE place <= %s AND value <> '' ORDER BY name, value""",
            [list(names), MOST_VALUES],
        )
        found: dict[str, tuple[str, ...]] = {}
        for name, value in cursor.fetchall():
            found[name] = (*found.get(name, ()), value)
        return found


def typed(wanted: Mapping[str, str], where: Standpoint) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The values as Okta would hold them, and what looks odd about them. Raises NotFound."""
    there = where.subject.profile if where.subject else {}
    values: dict[str, Any] = {}
    notes: list[str] = []
    for name, text in wanted.items():
        if where.types and name not in where.types:
            raise NotFound("attribute", name, nearest(name, [(each, each) for each in where.types]))
        values[name] = _value(text, where.types.get(name, ""), there.get(name))
        known = where.known.get(name, [])
        if text and known and text not in known:
            near = nearest(text, [(each, each) for each in known])
            alike = f" Nearest: {', '.join(near)}." if near else ""
            notes.append(f"Nobody has {name} {text} now.{alike}")
    return values, tuple(notes)


def _value(text: str, kind: str, there: Any) -> Any:
    """A text as the type that the schema, or the value that is there, calls for."""
    if text == "":
        return None
    if kind == "boolean" or isinstance(there, bool):
        return text.strip().casefold() in {"true", "yes", "1"}
    if kind in {"number", "integer"} or (isinstance(there, int | float) and not kind):
        try:
            return float(text) if "." in text else int(text)
        except ValueError:
            return text
    if kind == "array" or isinstance(there, list):
        return [part.strip() for part in text.split(",") if part.strip()]
    return text
