"""Conditions of group rules, as text for Okta and as the simulator itself decides them."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Protocol

Profile = Mapping[str, str]


class Condition(Protocol):
    """What a rule asks of a person."""

    @property
    def text(self) -> str:
        """The expression that Okta is given."""

    def holds(self, profile: Profile, groups: Set[str]) -> bool:
        """Whether a person with these attributes, in the groups of these names, fits."""

    def clauses(self) -> "Clauses":
        """The single questions that it is made of, each with the attribute it reads."""


Clauses = tuple[tuple[str, Condition], ...]


@dataclass(frozen=True)
class Is:
    """An attribute has this value."""

    name: str
    value: str

    @property
    def text(self) -> str:
        return f'user.{self.name} == "{self.value}"'

    def holds(self, profile: Profile, groups: Set[str]) -> bool:
        return profile.get(self.name) == self.value

    def clauses(self) -> Clauses:
        return ((self.name, self),)


@dataclass(frozen=True)
class IsNot:
    """An attribute has another value, or none."""

    name: str
    value: str

    @property
    def text(self) -> str:
        return f'user.{self.name} != "{self.value}"'

    def holds(self, profile: Profile, groups: Set[str]) -> bool:
        return profile.get(self.name) != self.value

    def clauses(self) -> Clauses:
        return ((self.name, self),)


@dataclass(frozen=True)
class In:
    """The person is in the group of this name."""

    group: str

    @property
    def text(self) -> str:
        return f'isMemberOfGroupName("{self.group}")'

    def holds(self, profile: Profile, groups: Set[str]) -> bool:
        return self.group in groups

    def clauses(self) -> Clauses:
        return (("", self),)


@dataclass(frozen=True)
class Both:
    """Two conditions hold."""

    one: Condition
    other: Condition

    @property
    def text(self) -> str:
        return f"({self.one.text}) AND ({self.other.text})"

    def holds(self, profile: Profile, groups: Set[str]) -> bool:
        return self.one.holds(profile, groups) and self.other.holds(profile, groups)

    def clauses(self) -> Clauses:
        return (*self.one.clauses(), *self.other.clauses())


@dataclass(frozen=True)
class Either:
    """At least one of two conditions holds."""

    one: Condition
    other: Condition

    @property
    def text(self) -> str:
        return f"({self.one.text}) OR ({self.other.text})"

    def holds(self, profile: Profile, groups: Set[str]) -> bool:
        return self.one.holds(profile, groups) or self.other.holds(profile, groups)

    def clauses(self) -> Clauses:
        return (*self.one.clauses(), *self.other.clauses())


@dataclass(frozen=True)
class Unless:
    """A condition does not hold."""

    one: Condition

    @property
    def text(self) -> str:
        return f"!({self.one.text})"

    def holds(self, profile: Profile, groups: Set[str]) -> bool:
        return not self.one.holds(profile, groups)

    def clauses(self) -> Clauses:
        return self.one.clauses()
