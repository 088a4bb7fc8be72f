"""Field values as people read them: ids of list items become their names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orgmodel.facts import Scalar, Value

from .fields import scalars
from .lists import NamedLists

PLAIN = frozenset({"work.site"})
"""Texts of their own, though a list goes by the name, too."""


class Unresolved(ValueError):
    """A value that must be an item of a list and is none that is known."""


@dataclass(frozen=True)
class Labels:
    """What values mean. `types`: field → its type, as HiBob describes its fields."""

    lists: NamedLists
    types: Mapping[str, str] = field(default_factory=dict)

    def value(self, path: str, raw: Any, readable: Any = None) -> Value:
        """The name, or the names of several; empty where there is none. Raises Unresolved.

        `readable`: what HiBob itself writes for it. A work row may hold ids or names: an id counts first.
        """
        given = scalars(raw)
        written = scalars(readable)
        shown = written if len(written) == len(given) else [""] * len(given)
        found = [self._one(path, str(each), str(text)) for each, text in zip(given, shown, strict=True)]
        if isinstance(raw, list):
            return found
        return found[0] if found else ""

    def _one(self, path: str, value: str, readable: str) -> Scalar:
        if (known := self.lists.label(path, value)) is not None:
            return known
        if readable:
            return readable
        listed = bool(self.lists.of(path)) and path not in PLAIN
        if listed or (value.isdecimal() and "list" in self.types.get(path, "")):
            raise Unresolved(path)
        return value
