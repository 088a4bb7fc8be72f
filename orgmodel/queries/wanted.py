"""Attribute values that somebody types, as Okta would hold them."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from orgmodel.rules.evaluate import Subject

from .nearest import nearest
from .people import NotFound


def typed(wanted: Mapping[str, str], subject: Subject) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The values as Okta would hold them, and what looks odd about them. Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, type FROM orgmodel_profileattribute WHERE source = 'okta' AND ended IS NULL"
        )
        types = dict(cursor.fetchall())
        cursor.execute(_KNOWN, {"names": list(wanted)})
        known: dict[str, list[str]] = {}
        for name, value in cursor.fetchall():
            known.setdefault(name, []).append(value)
    values: dict[str, Any] = {}
    notes: list[str] = []
    for name, text in wanted.items():
        if types and name not in types:
            raise NotFound("attribute", name, nearest(name, [(each, each) for each in types]))
        values[name] = _value(text, types.get(name, ""), subject.profile.get(name))
        if text and known.get(name) and text not in known[name]:
            near = nearest(text, [(each, each) for each in known[name]])
            alike = f" Nearest: {', '.join(near)}." if near else ""
            notes.append(f"Nobody has {name} {text} now.{alike}")
    return values, tuple(notes)


_KNOWN = """
    SELECT DISTINCT t.name, t.value #>> '{}' FROM orgmodel_attribute t
    JOIN orgmodel_account a ON a.id = t.account_id
    WHERE a.source = 'okta' AND t.ended IS NULL AND t.name = ANY(%(names)s) LIMIT 20000"""


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
