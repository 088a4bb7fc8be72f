"""The value of an expression for one subject: true, false or unknown, never a guess and never a crash."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Protocol

from . import tree
from .confidential import CONFIDENTIAL
from .functions import LONGEST_TEXT, MEMBERSHIPS, PROPERTY, apply
from .patterns import matches, somewhere
from .values import (
    UNSET,
    Known,
    Truth,
    Unknown,
    Value,
    all_of,
    any_of,
    kind,
    opposite,
    ordered,
    same,
    truth,
)

MOST_UNSET = 4
"""So many attributes without a value are read both ways, in all combinations."""


UNREAD = "the members of a group it asks for could not be read"


class SubjectLike(Protocol):
    """Whoever an expression is about: answers what it reads."""

    def attribute(self, name: str) -> Value: ...
    def member(self, call: tree.Call, values: list[str]) -> Truth: ...
    def internal(self, name: str) -> Value: ...


@dataclass(frozen=True)
class Subject:
    """A user as the rules see it.

    `profile` holds what has a value; None or absent is an attribute without one. `schema`: the attributes
    that exist, None when that is not known. `group_ids` and `group_names` are complete but for `unread`,
    or None.
    """

    profile: Mapping[str, Any] = field(default_factory=dict)
    schema: frozenset[str] | None = None
    kept: frozenset[str] | None = None
    """The attributes whose values are stored; None: all."""
    group_ids: frozenset[str] | None = None
    group_names: frozenset[str] | None = None
    unread: Mapping[str, str] = field(default_factory=dict)
    """Groups whose members could not be read: native id → name."""
    native_id: str = ""
    status: str = ""
    """The account's status in the word that rules read, which is the source's."""
    state: str = "active"
    """The same in our words."""

    def attribute(self, name: str) -> Value:
        value = self.profile.get(name)
        if value is not None:
            return list(value) if isinstance(value, list | tuple) else value
        if self.schema is not None and name not in self.schema:
            return Unknown(f"the Okta profile has no attribute {name}")
        if self.kept is not None and name not in self.kept:
            return Unknown(f"Sightline does not read the attribute {name}")
        return UNSET

    def member(self, call: tree.Call, values: list[str]) -> Truth:
        sure = member_of(call.name, values, self.group_ids, self.group_names)
        return Unknown(UNREAD) if sure is False and may_be_in(call, values, self.unread) else sure

    def internal(self, name: str) -> Value:
        found = {"id": self.native_id, "status": self.status}.get(name, "")
        return found or Unknown(f"the internal property {name} is not known")


def may_be_in(call: tree.Call, values: list[str], groups: Mapping[str, str]) -> bool:
    """Whether the call asks about one of these groups (native id → name), or may do so."""
    ids, names = frozenset(groups), frozenset(groups.values())
    return bool(groups) and member_of(call.name, values, ids, names) is not False


def member_of(
    name: str, values: list[str], ids: frozenset[str] | None, names: frozenset[str] | None
) -> Truth:
    """The answer to one isMemberOf… about somebody in these groups."""
    if CONFIDENTIAL in values:
        return Unknown("it asks about a group that is confidential")
    known = ids if name in {"isMemberOfGroup", "isMemberOfAnyGroup"} else names
    if known is None:
        return Unknown("not all groups of the user are known")
    if known is ids:
        return not known.isdisjoint(values)
    sought = values[0]
    if name == "isMemberOfGroupName":
        return sought in known
    if name == "isMemberOfGroupNameStartsWith":
        return any(each.startswith(sought) for each in known)
    if name == "isMemberOfGroupNameContains":
        return any(sought in each for each in known)
    return any_of(somewhere(each, sought) for each in sorted(known))


def fits(node: tree.Node, subject: SubjectLike) -> Truth:
    """Whether a rule with this expression takes the subject: what is not yes or no fits nobody."""
    value = evaluate(node, subject)
    if isinstance(value, Unknown):
        return _agreed(node, subject, value)
    return value if isinstance(value, bool) else False


def _agreed(node: tree.Node, subject: SubjectLike, unknown: Unknown) -> Truth:
    """What holds whether Okta keeps null or the empty text for each attribute that has no value.

    `user.x == null or user.x == ""` is true of such an attribute, though neither side is known by itself.
    """
    unset = [name for name in tree.attributes_of(node) if subject.attribute(name) is UNSET]
    if not 0 < len(unset) <= MOST_UNSET:
        return unknown
    readings = product((None, ""), repeat=len(unset))
    found = {_decided(node, _Read(subject, dict(zip(unset, each, strict=True)))) for each in readings}
    only = found.pop()
    return unknown if found or only is None else only


def _decided(node: tree.Node, subject: SubjectLike) -> bool | None:
    value = evaluate(node, subject)
    return value if isinstance(value, bool) else None


@dataclass(frozen=True)
class _Read:
    """A subject whose attributes without a value are read in one of the two ways."""

    subject: SubjectLike
    values: Mapping[str, Value]

    def attribute(self, name: str) -> Value:
        return self.values[name] if name in self.values else self.subject.attribute(name)

    def member(self, call: tree.Call, values: list[str]) -> Truth:
        return self.subject.member(call, values)

    def internal(self, name: str) -> Value:
        return self.subject.internal(name)


def evaluate(node: tree.Node, subject: SubjectLike) -> Value:
    """The value of a part of an expression."""
    return _BY_NODE[type(node)](node, subject)


def _attribute(node: tree.Attribute, subject: SubjectLike) -> Value:
    return subject.attribute(node.name)


def _list(node: tree.ListOf, subject: SubjectLike) -> Value:
    values = [evaluate(part, subject) for part in node.parts]
    return next((value for value in values if isinstance(value, Unknown)), values)


def _call(node: tree.Call, subject: SubjectLike) -> Value:
    values: list[Known] = []
    for argument in node.arguments:
        value = evaluate(argument, subject)
        if isinstance(value, Unknown):
            return value
        values.append(value)
    if node.name in MEMBERSHIPS:
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) < len(values):
            return Unknown(f"{node.name} is asked for something that is not text")
        return subject.member(node, texts)
    if node.name == PROPERTY:
        return subject.internal(str(values[0]))
    return apply(node.name, values)


def _undocumented(node: tree.Node, _: SubjectLike) -> Value:
    what = f".{node.name}" if isinstance(node, tree.Member | tree.Method) else "this"
    return Unknown(f"{what} is not documented for group rules")


def _index(node: tree.Index, subject: SubjectLike) -> Value:
    base = evaluate(node.base, subject)
    if isinstance(base, list) and isinstance(node.key, int) and 0 <= node.key < len(base):
        found: Value = base[node.key]
        return found
    return base if isinstance(base, Unknown) else Unknown("nothing stands at this place of the list")


def _compare(node: tree.Compare, subject: SubjectLike) -> Value:
    left, right = evaluate(node.left, subject), evaluate(node.right, subject)
    if isinstance(left, Unknown):
        return left
    if isinstance(right, Unknown):
        return right
    if node.operator == "==":
        return same(left, right)
    if node.operator == "!=":
        return opposite(same(left, right))
    if node.operator == "matches":
        if isinstance(left, str) and isinstance(right, str):
            return matches(left, right)
        return Unknown(f"what matches makes of {kind(left)} and {kind(right)} is not documented")
    return ordered(left, right, _ORDERS[node.operator])


def _add(node: tree.Add, subject: SubjectLike) -> Value:
    values = [evaluate(part, subject) for part in node.parts]
    if unknown := next((value for value in values if isinstance(value, Unknown)), None):
        return unknown
    if all(isinstance(value, str) for value in values):
        joined = "".join(map(str, values))
        return joined if len(joined) <= LONGEST_TEXT else Unknown("the text grows too long")
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) == len(values):
        return sum(numbers)
    return Unknown("+ of something else than texts or numbers is not documented")


def _ternary(node: tree.Ternary, subject: SubjectLike) -> Value:
    condition = truth(evaluate(node.condition, subject))
    if condition is True:
        return evaluate(node.then, subject)
    otherwise = evaluate(node.otherwise, subject)
    if condition is False:
        return otherwise
    then = evaluate(node.then, subject)
    agreed = type(then) is type(otherwise) and then == otherwise
    return then if agreed else condition


def _elvis(node: tree.Elvis, subject: SubjectLike) -> Value:
    value = evaluate(node.value, subject)
    return evaluate(node.otherwise, subject) if value is None or value is UNSET or value == "" else value


_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_BY_NODE: dict[type[tree.Node], Callable[[Any, SubjectLike], Value]] = {
    tree.Literal: lambda node, _: node.value,
    tree.Attribute: _attribute,
    tree.ListOf: _list,
    tree.Call: _call,
    tree.Member: _undocumented,
    tree.Method: _undocumented,
    tree.Index: _index,
    tree.Not: lambda node, subject: opposite(truth(evaluate(node.operand, subject))),
    tree.And: lambda node, subject: all_of(truth(evaluate(part, subject)) for part in node.parts),
    tree.Or: lambda node, subject: any_of(truth(evaluate(part, subject)) for part in node.parts),
    tree.Compare: _compare,
    tree.Add: _add,
    tree.Ternary: _ternary,
    tree.Elvis: _elvis,
}
