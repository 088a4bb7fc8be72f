"""List items as org units, where no control plane keeps them: `list:department:258136021`."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.facts import AccountFact, AssignmentFact, UnitFact
from orgmodel.recognition import slugify
from orgmodel.sources.values import day

from .fields import Fields, scalars
from .lists import Item, NamedLists


class ListUnits:
    """The units that the lists of attributes make, and who is in which of them now."""

    def __init__(self, lists: NamedLists, fields: Fields, conventions: Conventions) -> None:
        self._lists = lists
        self._kinds: dict[str, tuple[str, str]] = {}
        """Attribute → the kind of unit it names, and the field that holds it."""
        for kind in conventions.unit_kinds:
            path = fields.by_name.get(kind.attribute or "")
            if kind.attribute and path and lists.of(path):
                self._kinds[kind.attribute] = (kind.kind, path)
        self._held: set[tuple[str, str]] = set()

    def place(
        self, account: AccountFact, raw: dict[str, Any], planned: dict[str, date]
    ) -> Iterator[AssignmentFact]:
        """The units of one person. `raw`: attribute → the value as the record has it; `planned`: attribute
        → the first day on which it will be another."""
        for name, (_, path) in self._kinds.items():
            value = account.attributes.get(name)
            for shown in value if isinstance(value, list) else [value] if value else []:
                if item := self._item(path, str(shown), raw.get(name)):
                    where = self._lists.of(path)
                    self._held.add((where, item.id))
                    since = day(account.dated.get(name))
                    yield AssignmentFact(
                        account.native_id, native(where, item.id), "primary", since, planned.get(name)
                    )

    def _item(self, path: str, shown: str, raw: Any) -> Item | None:
        """Of several items with one name the one whose id the record holds."""
        items = self._lists.lists[self._lists.of(path)]
        held = (items.get(str(each)) for each in scalars(raw))
        return next((item for item in held if item and item.name == shown), None) or self._lists.item(
            path, shown
        )

    def units(self) -> list[UnitFact]:
        """All items of these lists. An archived one that somebody still holds is active."""
        return [
            self._unit(kind, where, item)
            for kind, where in dict.fromkeys(
                (kind, self._lists.of(path)) for kind, path in self._kinds.values()
            )
            for item in self._lists.lists[where].values()
        ]

    def _unit(self, kind: str, where: str, item: Item) -> UnitFact:
        return UnitFact(
            kind=kind,
            native_id=native(where, item.id),
            name=item.name,
            slug=slugify(item.name),
            parent=native(where, item.parent) if item.parent else "",
            lead="",
            active=not item.archived or (where, item.id) in self._held,
            active_from=None,
            active_to=None,
            merged_into="",
        )


def native(where: str, item: str) -> str:
    """The id of a unit that a list item is: ids of items are unique in one list alone."""
    return f"list:{where}:{item}"
