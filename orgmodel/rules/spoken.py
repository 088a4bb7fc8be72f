"""How attributes and their values appear in sentences: units and people by name. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Spoken:
    """Values as they are written, the names of attributes as words."""

    manager: str = "managerId"
    """The attribute whose value means a person, in whatever way the source refers to people."""

    def attribute(self, name: str) -> str:
        """What an attribute is called inside a sentence."""
        return "manager" if name == self.manager else spoken(name)

    def value(self, attribute: str, value: Any) -> str:
        """A value of the attribute in a sentence."""
        return shown(value)

    def merged(self, attribute: str, before: Any, after: Any, at: str) -> bool:
        """Whether the unit that was the value had been merged into the one that is, by then (ISO)."""
        return False


AS_WRITTEN = Spoken()


@dataclass(frozen=True)
class UnitNames(Spoken):
    """Values that mean a unit by its name, attributes by their title.

    >>> names = UnitNames({"team": "team"}, {("team", "cucumber"): "Cucumber"}, {"userType": "Worker type"})
    >>> names.value("team", "cucumber"), names.attribute("userType")
    ('Cucumber', 'worker type')
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    """Attribute → the kind of unit that its value names."""
    units: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Kind and folded slug, id or name → the name."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Attribute → its title in the schema."""
    mergers: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """As `units`, of those that were merged → the name of the one they went into, and on which day."""
    former: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """As `units` → what the unit was called at the moment that is asked about, where that is another name."""
    manager: str = Spoken.manager
    people: Mapping[str, str] = field(default_factory=dict)
    """Folded reference to a person → the name."""

    def attribute(self, name: str) -> str:
        if name == self.manager:
            return "manager"
        return self.kinds.get(name, "").replace("_", " ") or spoken(self.titles.get(name) or name)

    def value(self, attribute: str, value: Any) -> str:
        if attribute == self.manager:
            return self.people.get(str(value).casefold()) or shown(value)
        kind = self.kinds.get(attribute)
        if kind is None:
            return shown(value)
        if isinstance(value, list | tuple):
            return ", ".join(self.value(attribute, each) for each in value)
        key = (kind, str(value).casefold())
        name = self.units.get(key) or shown(value)
        return f"{name}, then called {self.former[key]}" if key in self.former else name

    def merged(self, attribute: str, before: Any, after: Any, at: str) -> bool:
        heir, day = self.mergers.get((self.kinds.get(attribute, ""), str(before).casefold()), ("", ""))
        return (
            bool(heir)
            and day <= at[:10]
            and heir == self.units.get((self.kinds[attribute], str(after).casefold()))
        )


def spoken(attribute: str) -> str:
    """An attribute's name as words: costCenter → cost center."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_+", " ", attribute).strip()
    return " ".join(word if word.isupper() else word.lower() for word in words.split())


def shown(value: Any) -> str:
    """An attribute value as text: lists joined, truth as yes and no, nothing as a word."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(shown(item) for item in value)
    return str(value)
