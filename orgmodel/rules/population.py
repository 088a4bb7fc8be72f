"""Rules in force, people as rules see them, and the result of evaluating them: plain values."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from . import tree
from .anchors import Anchor, anchor_of
from .mistakes import BadExpression
from .parse import parse

PROPERTIES = ("status", "id")
DEACTIVATED = "ended"
"""The state of an account for which no rule runs."""
LOOKED_AT = frozenset({"active", DEACTIVATED})
"""States of which it is known whether Okta runs its rules for such an account. Of a pending or suspended one,
and of a state that we do not know, it is not."""


def looked_at(state: str) -> bool:
    """Whether it is known that Okta runs, or does not run, its rules for an account in this state."""
    return state in LOOKED_AT


@dataclass(frozen=True)
class Rule:
    """A rule that is in force: whoever fits is put into the target groups, but for those left out."""

    native_id: str
    expression: str
    targets: tuple[str, ...]
    excluded: frozenset[str] = frozenset()
    """Native ids of accounts."""

    @cached_property
    def node(self) -> tree.Node | None:
        """None for what is no expression."""
        try:
            return parse(self.expression)
        except BadExpression:
            return None

    @cached_property
    def reads(self) -> tuple[str, ...]:
        return tree.attributes_of(self.node) if self.node else ()

    @cached_property
    def calls(self) -> tuple[tree.Call, ...]:
        return tree.group_calls_of(self.node) if self.node else ()

    @cached_property
    def anchor(self) -> Anchor | None:
        return anchor_of(self.node) if self.node else None

    @cached_property
    def properties(self) -> tuple[str, ...]:
        return PROPERTIES if self.node and "getInternalProperty" in repr(self.node) else ()


@dataclass(frozen=True)
class Population:
    """People as rules see them, all in the same order.

    `attributes`: values by name, None for an attribute without one. `members`: group → people in it by other
    ways than the rules in question. `schema`: the attributes that exist; None when that is not known.
    `complete`: all groups of everybody are known, but for the members of `unread` (group → name).
    """

    natives: Sequence[str]
    statuses: Sequence[str]
    """How the accounts stand in the words that rules read, which are the source's."""
    states: Sequence[str]
    """The same in our words."""
    attributes: Mapping[str, Sequence[Any]]
    members: Mapping[str, AbstractSet[int]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """Native id of a group → its name."""
    schema: frozenset[str] | None = None
    complete: bool = True
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fit:
    """Whom one rule takes, and of whom it cannot be known. People are places in the population."""

    people: frozenset[int]
    unknown: Mapping[int, str] = field(default_factory=dict)
    """Person → reason."""


@dataclass(frozen=True)
class Expected:
    """What the rules come to: by rule, and the groups that follow from them."""

    fits: Mapping[str, Fit]
    """Native id of the rule → whom it takes; a rule that cannot be read is missing."""
    groups: Mapping[str, frozenset[int]]
    """Group → people whom a rule puts there."""
    unknown: Mapping[str, frozenset[int]]
    """Group → people of whom it cannot be known."""
