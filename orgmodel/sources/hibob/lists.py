"""Named lists: what HiBob calls the items that fields hold by id, how they nest, and which became units."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orgmodel.sources.values import NAME, clean

from .fields import id_of

DEEPEST = 50
"""Levels of nesting that are followed."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list. `parent`: the id of the item above it, or empty."""

    id: str
    name: str
    parent: str
    archived: bool


Items = dict[str, Item]


@dataclass
class NamedLists:
    """The lists by name. Names are told apart by capital letters, as HiBob tells them."""

    lists: Mapping[str, Items] = field(default_factory=dict)
    of_fields: Mapping[str, str] = field(default_factory=dict)
    """Field → the list that its description names."""

    def __post_init__(self) -> None:
        self._names = {name: {item.name for item in items.values()} for name, items in self.lists.items()}

    def of(self, path: str) -> str:
        """The name of the list that a field takes its values from; empty: none is known."""
        *above, last = path.split(".")
        names = (self.of_fields.get(path, ""), last, f"{above[0]}.{last}" if above else "", path)
        return next((name for name in names if name in self.lists), "")

    def label(self, path: str, value: str) -> str | None:
        """The name of the item that is meant, by id first, then by its own name; None: no item of it."""
        if name := self.of(path):
            item = self.lists[name].get(value)
            if item is not None:
                return item.name
            return value if value in self._names[name] else None
        labels = {items[value].name for items in self.lists.values() if value in items}
        return labels.pop() if len(labels) == 1 else None

    def item(self, path: str, value: str) -> Item | None:
        """The item that is meant; None where none or several fit."""
        items = self.lists.get(self.of(path), {})
        if value in items:
            return items[value]
        named = [item for item in items.values() if item.name == value]
        return named[0] if len(named) == 1 else None


def read(content: Any) -> dict[str, Items]:
    """Every list of an answer, whether it is one, a list of them, or they stand under their names."""
    found: dict[str, Items] = {}
    for name, raw in _lists(content):
        items: Items = {}
        for item in _items(raw, "", 0):
            items.setdefault(item.id, item)
        found[name] = items
    return found


def _lists(content: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(content, list):
        for each in content:
            yield from _lists(each)
    elif isinstance(content, dict):
        if isinstance(content.get("name"), str):
            yield content["name"], _content(content)
            return
        for name, each in content.items():
            if isinstance(each, dict | list):
                yield name, _content(each)


def _content(raw: Any) -> Any:
    return raw.get("items", raw.get("values", [])) if isinstance(raw, dict) else raw


def _items(raw: Any, parent: str, depth: int) -> Iterator[Item]:
    if not isinstance(raw, list) or depth > DEEPEST:
        return
    for each in raw:
        key = id_of(each) if isinstance(each, dict) else ""
        if not key:
            continue
        name = clean(each.get("name") or each.get("value"), NAME).strip() or key
        yield Item(key, name, parent, each.get("archived") is True)
        yield from _items(each.get("children"), key, depth + 1)


def field_types(content: Any) -> tuple[dict[str, str], dict[str, str]]:
    """Of the description of all fields: field → type in lower case, and field → list."""
    types: dict[str, str] = {}
    of_fields: dict[str, str] = {}
    for each in content if isinstance(content, list) else ():
        if not isinstance(each, dict) or not isinstance(each.get("id"), str):
            continue
        types[each["id"]] = str(each.get("type", "")).casefold()
        more = each.get("typeData")
        if isinstance(more, dict) and isinstance(more.get("listId"), str):
            of_fields[each["id"]] = more["listId"]
    return types, of_fields
