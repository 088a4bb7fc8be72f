"""What a what-if question assumes, as profile values: a move to a unit, and single attributes."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.queries.nearest import nearest
from orgmodel.queries.people import NotFound, PersonRef
from orgmodel.queries.refusals import NoAnswer
from orgmodel.queries.rules.rulebook import Standpoint, in_force
from orgmodel.queries.rules.unit_values import UnitValues
from orgmodel.rules.evaluate import Subject

from .attribute_input import BadValue, Words
from .move_facts import MoveFacts, Unit
from .whole_move import MANAGER, Brought, Follow, NoWayIn, brought, kind_words, unit_called

BY_ORIGIN = {
    "automation": "filled by an automation, not by a rule",
    "admin": "filled by hand, not by a rule",
    "request": "filled on request, not by a rule",
}


class CannotSuppose(NoAnswer):
    """What was asked cannot be worked out; `problems`: where it was written (an attribute, or move) → why.

    `candidates`: where the unit to move to may be several, what to write for each, and what it is.
    """

    def __init__(self, problems: Mapping[str, str], candidates: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems, self.candidates = dict(problems), tuple(candidates)


@dataclass(frozen=True)
class WhatIfQuestion:
    """What is asked. `set`: attribute → text, empty to take it away. `keep`: what a move is not to bring."""

    set: Mapping[str, str] = field(default_factory=dict)
    move_to: str = ""
    keep: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.set or self.move_to)

    @property
    def texts(self) -> list[str]:
        """Everything that may name a unit."""
        return [self.move_to, *self.set.values()]


@dataclass(frozen=True)
class Supposition:
    """The question as values. `set`: as asked for; `follows`: what the move brings along; both typed."""

    set: dict[str, Any]
    follows: dict[str, Any]
    brought: Brought | None
    notes: tuple[str, ...]
    unforeseen: tuple[tuple[str, str], ...]
    """Groups that no rule fills, of the units of before and after, and how they are filled."""

    @property
    def values(self) -> dict[str, Any]:
        return self.follows | self.set


def suppose(
    question: WhatIfQuestion,
    where: Standpoint,
    facts: MoveFacts,
    person: PersonRef,
    conventions: Conventions,
) -> Supposition:
    """Raises CannotSuppose, and NotFound for an attribute that does not exist."""
    return _Supposing(question, where, facts, person, conventions).found()


class _Supposing:
    def __init__(
        self,
        question: WhatIfQuestion,
        where: Standpoint,
        facts: MoveFacts,
        person: PersonRef,
        conventions: Conventions,
    ) -> None:
        self._question, self._where, self._facts, self._person = question, where, facts, person
        self._subject = where.subject or Subject()
        rules = [in_force(rule) for rule in where.book.rules.values()]
        self._targets = {target for rule in rules for target in rule.targets}
        self._written = UnitValues(facts, rules, conventions)
        self._manager = conventions.people.manager_attribute
        self._words = Words(facts, self._written, rules, where.types, self._manager, {})

    def found(self) -> Supposition:
        brings: Brought | None = None
        problems: dict[str, str] = {}
        candidates: tuple[tuple[str, str], ...] = ()
        try:
            brings = self._brought()
        except (NotFound, NoWayIn) as error:
            problems["move"] = str(error)
            candidates = getattr(error, "candidates", ())
        typed: dict[str, Any] = {}
        for name, text in self._question.set.items():
            try:
                typed[name] = self._value(name, text)
            except BadValue as error:
                problems[name] = str(error)
        if problems:
            raise CannotSuppose(problems, candidates)
        own = {brings.attribute: self._shaped(brings.attribute, brings.value)} if brings else {}
        follows = {
            each.attribute: self._shaped(each.attribute, each.value)
            for each in (brings.follows if brings else ())
            if each.attribute not in self._question.keep and each.attribute not in typed
        }
        profile = own | typed
        values = follows | profile
        notes = [*self._unread(typed), *self._left_out(brings, profile, follows), *self._staying(values)]
        return Supposition(profile, follows, brings, tuple(notes), tuple(self._unforeseen(brings, values)))

    def _brought(self) -> Brought | None:
        if not self._question.move_to:
            return None
        unit = unit_called(self._question.move_to, self._facts)
        return brought(unit, self._facts, self._written, self._manager, self._person.pk)

    def _value(self, name: str, text: str) -> Any:
        types = self._where.types
        if types and name not in types:
            raise NotFound("attribute", name, nearest(name, [(each, each) for each in types]))
        return self._words.value(name, text, self._subject.profile.get(name), self._subject)

    def _shaped(self, name: str, value: str) -> Any:
        """The value as a list where the attribute holds several."""
        several = self._where.types.get(name) == "array" or isinstance(self._subject.profile.get(name), list)
        return [value] if several else value

    def _unread(self, names: Iterable[str]) -> Iterable[str]:
        for name in names:
            if not self._words.read(name):
                yield f"No rule reads {name}."

    def _left_out(
        self, brings: Brought | None, profile: Mapping[str, Any], follows: Mapping[str, Any]
    ) -> Iterable[str]:
        """What a move would bring and does not: as was asked, or because no move was asked for."""
        if brings:
            if not brings.unit.active:
                yield f"{brings.unit.name} is retired."
            for each in brings.follows:
                if each.attribute in follows or profile.get(each.attribute) == self._shaped(
                    each.attribute, each.value
                ):
                    continue
                verb = "is set by you" if each.attribute in profile else "stays as it is, as you asked"
                yield f"{named(each).capitalize()} {verb}: the move would bring {each.shown}."
            yield from brings.left
            return
        for name, value in profile.items():
            for unit in self._words.meant(name, value):
                move = brought(unit, self._facts, self._written, self._manager, self._person.pk)
                others = [each for each in move.follows if each.attribute not in profile]
                more = [each for each in others if self._differs(each)]
                if more and value != self._subject.profile.get(name):
                    along = ", ".join(f"the {each.what} {each.shown}" for each in more)
                    yield (
                        f"Only what you named changes. Moving to {unit.name} would also bring {along}:"
                        f" ask for the move to {unit.name}."
                    )

    def _differs(self, each: Follow) -> bool:
        return bool(self._subject.profile.get(each.attribute) != self._shaped(each.attribute, each.value))

    def _staying(self, values: Mapping[str, Any]) -> Iterable[str]:
        """Units of the person that the change leaves behind in another part of the organisation."""
        new_units = {unit.kind: unit for unit in self._meant(values)}
        for ref in self._person.units:
            unit = self._facts.units.get(ref.pk)
            attribute = self._written.attribute(ref.kind)
            if unit is None or attribute is None or attribute in values:
                continue
            above = next((each for each in self._facts.above(unit) if each.kind in new_units), None)
            if above and above != new_units[above.kind]:
                yield f"The {kind_words(unit.kind)} stays {unit.name}, which belongs to {above.name}."
        for name, value in values.items():
            had = self._subject.profile.get(name)
            if (
                isinstance(had, list)
                and len(had) > 1
                and isinstance(value, list)
                and name in self._written.kinds
            ):
                yield f"{name} has several values now ({', '.join(map(str, had))}): all are replaced."

    def _meant(self, values: Mapping[str, Any]) -> list[Unit]:
        return [unit for name, value in values.items() for unit in self._words.meant(name, value)]

    def _unforeseen(self, brings: Brought | None, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        new_units = {unit.pk: unit for unit in self._meant(values)}
        if brings:
            new_units |= {unit.pk: unit for unit in (brings.unit, *self._facts.above(brings.unit))}
        kinds = {unit.kind for unit in new_units.values()} | {
            self._written.kinds.get(name, "") for name in values
        }
        old = {ref.pk for ref in self._person.units if ref.kind in kinds}
        return unforeseen({*new_units} ^ old, self._targets, self._facts)


def unforeseen(units: Iterable[int], ruled: Container[str], facts: MoveFacts) -> Iterator[tuple[str, str]]:
    """Groups of units that no rule in force fills, so that nothing foresees who is put there, and what does.

    `ruled`: native ids of the groups at which rules in force aim.
    """
    noted: set[str] = set()
    for unit in sorted(units):
        for group in facts.groups.get(unit, ()):
            if group.native_id not in ruled and group.native_id not in noted:
                noted.add(group.native_id)
                yield group.name, how_filled(group.origins)


def how_filled(origins: Mapping[str, int]) -> str:
    """What is known of how people come into a group that no rule fills."""
    for origin, words in BY_ORIGIN.items():
        if origins.get(origin, 0) and (origin == "automation" or set(origins) == {origin}):
            return words
    return (
        "no rule fills it, and what does is not known" if origins else "no rule fills it, and nobody is in it"
    )


def named(each: Follow) -> str:
    """What a follow is called in a sentence."""
    return "the manager" if each.what == MANAGER else f"the {each.what}"
