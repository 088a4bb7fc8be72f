"""In which fields of a source stands what Sightline reads by its own names. Pure; see docs/settings.md."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST = 100


@dataclass(frozen=True, slots=True)
class FieldNames:
    """What only the tenant knows: which of its fields is the team, and where its reports lie."""

    fields: Mapping[str, str] = field(default_factory=dict)
    """Our name (an attribute such as team, or specialisation) → the field of the source, as that calls it."""
    reports: Mapping[str, str] = field(default_factory=dict)
    """Name of a report or table that the connector reads → its path, id or name there."""


def _names(value: object, key: str) -> Mapping[str, str]:
    if not isinstance(value, dict) or len(value) > MOST:
        raise ValueError(f"{key} must be a table of at most {MOST} texts.")
    for name, text in value.items():
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"{key}.{name} must be a text.")
    return {name: text.strip() for name, text in value.items()}


FIELD_NAMES: Mapping[str, Callable[[object, str], Any]] = {"fields": _names, "reports": _names}
