"""Which attribute of the Okta profile places somebody in a unit, and how it spells the unit."""

from collections import Counter
from collections.abc import Collection, Iterable
from functools import cached_property

from orgmodel.conventions import Conventions
from orgmodel.queries.rehearsal.copy_colleague import OWN
from orgmodel.queries.rehearsal.move_facts import MOSTLY, Boss, MoveFacts, Unit
from orgmodel.rules.accepted import sole_value
from orgmodel.rules.population import Rule

FORMS = ("slug", "name", "native_id")
"""What of a unit an attribute's value may be."""


class UnitValues:
    """How units, and whoever leads them, are written into Okta's profiles."""

    def __init__(self, facts: MoveFacts, rules: Iterable[Rule], conventions: Conventions) -> None:
        self._facts = facts
        self._named = {kind.kind: kind.attribute for kind in conventions.unit_kinds if kind.attribute}
        self._fed: dict[str, list[Rule]] = {}
        for rule in rules:
            for target in rule.targets:
                self._fed.setdefault(target, []).append(rule)

    def attribute(self, kind: str) -> str | None:
        """The attribute that names units of this kind: by the conventions, else by their groups’ rules."""
        return self._named.get(kind) or self._learned.get(kind)

    @property
    def declared(self) -> Collection[str]:
        """The attributes that name units by the conventions."""
        return self._named.values()

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Attribute → the kind of unit that it names."""
        return {name: kind for kind, name in (self._learned | self._named).items()}

    def value(self, unit: Unit) -> str:
        """What the profile of somebody in the unit says; where nothing tells, as most units are spelt."""
        if known := self._known(unit):
            return known
        people = self._facts.values.get(self.attribute(unit.kind) or "", {})
        return str(getattr(unit, self._form(unit.kind, people)))

    def is_assumed(self, unit: Unit) -> bool:
        """Neither people nor rules tell how profiles spell the unit."""
        return not self._known(unit)

    def _known(self, unit: Unit) -> str:
        """As people have it, else as its rules have it; empty where neither tells."""
        attribute = self.attribute(unit.kind)
        people = self._facts.values.get(attribute or "", {})
        fitting = [(count, text) for text, count in people.items() if text.casefold() in unit.names]
        if fitting:
            return max(fitting)[1]
        others = {
            name
            for each in self._facts.units.values()
            if each.kind == unit.kind and each.pk != unit.pk
            for name in each.names
        }
        # A rule may put another unit's people into the group as well: that is no spelling of this one.
        compared = {text for name, text in self._compared(unit) if name == attribute}
        ruled = {text for text in compared if text.casefold() not in others}
        return ruled.pop() if len(ruled) == 1 else ""

    def reference(self, boss: Boss) -> str:
        """How profiles name this manager; empty where that cannot be told."""
        forms = sorted(self._facts.forms.items(), key=lambda each: -each[1])
        return next((boss.fields[name] for name, _ in forms if boss.fields.get(name)), "")

    @cached_property
    def _learned(self) -> dict[str, str]:
        """Kinds that no convention gives an attribute: the one by which the rules of nearly all their groups
        ask for the name of the unit, unless people's values of it name something else.
        """
        named: dict[str, Counter[str]] = {}
        ruled: Counter[str] = Counter()
        taken = {*self._named.values(), *OWN}
        for unit in self._facts.units.values():
            if unit.kind not in self._named and (compared := self._compared(unit)):
                ruled[unit.kind] += 1
                names = {name for name, text in compared if text.casefold() in unit.names} - taken
                named.setdefault(unit.kind, Counter()).update(names)
        return {
            kind: name
            for kind, found in named.items()
            for name, units in found.most_common(1)
            if units >= MOSTLY * ruled[kind] and self._names_units(name, kind)
        }

    def _names_units(self, attribute: str, kind: str) -> bool:
        """Whether nearly all values that people have of it, as far as is known, are units of the kind."""
        names = {name for unit in self._facts.units.values() if unit.kind == kind for name in unit.names}
        values = [each for members in self._facts.members.values() for each in members.get(attribute, ())]
        fitting = sum(count for text, count in values if text.casefold() in names)
        return fitting >= MOSTLY * sum(count for _, count in values)

    def _compared(self, unit: Unit) -> set[tuple[str, str]]:
        """Attribute and text that the rules of the unit's groups ask for: alone, or a name of the unit."""
        found: set[tuple[str, str]] = set()
        for rule in (
            rule
            for group in self._facts.groups.get(unit.pk, ())
            for rule in self._fed.get(group.native_id, ())
        ):
            sole = sole_value(rule.node) if rule.node else None
            if sole:
                found.add(sole)
            elif rule.anchor and not rule.anchor.prefix:
                found |= {
                    (rule.anchor.attribute, text)
                    for text in rule.anchor.texts
                    if text.casefold() in unit.names
                }
        return found

    def _form(self, kind: str, people: dict[str, int]) -> str:
        """By what of a unit the values of this kind call it mostly."""
        folded = {text.casefold() for text in people}
        units = [unit for unit in self._facts.units.values() if unit.kind == kind]
        return max(FORMS, key=lambda form: sum(getattr(unit, form).casefold() in folded for unit in units))
