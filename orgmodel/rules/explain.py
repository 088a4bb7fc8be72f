"""Why a rule matches somebody or not: its clauses, which of them decide, and what would have to change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import tree
from .evaluate import SubjectLike, evaluate, fits
from .render import render
from .similarity import nearness
from .spoken import AS_WRITTEN, Spoken
from .values import UNSET, Truth, Unknown, Value, opposite, truth
from .words import Names, condition, in_words, people

NOT_SET = "not set"


@dataclass(frozen=True)
class Clause:
    """One clause of a rule for one person. `holds` is None where it cannot be known."""

    text: str
    """As it is written; in brackets behind ! where the rule denies it."""
    value: str
    """What the person has there."""
    holds: bool | None
    words: str = ""
    people: str = ""
    """Of whom it is true, to go on after "people"."""
    reason: str = ""
    """Why it cannot be known."""
    called: str = ""
    """The value by the name that people use, where that is another."""
    decides: bool = False
    """Belongs to the smallest set of clauses that makes the answer what it is."""
    near: str = ""
    """How the value misses the wanted one by little."""
    since: datetime | None = None
    """Since when the value is there, where that was asked; `was` before, and `set_by` whom."""
    was: str = ""
    set_by: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "value": self.value,
            "holds": self.holds,
            "words": self.words,
            "reason": self.reason or None,
            "decides": self.decides,
            "near": self.near,
            **(self._setting() if self.set_by else {}),
        }

    def _setting(self) -> dict[str, Any]:
        since = self.since.isoformat() if self.since else None
        return {"since": since, "was": self.was or None, "set_by": self.set_by}


@dataclass(frozen=True)
class Explanation:
    """A rule and one person. `missing`: the fewest clauses that would have to change for it to fit."""

    value: bool | None
    reason: str
    words: str
    clauses: tuple[Clause, ...]
    missing: tuple[Clause, ...]

    @property
    def deciding(self) -> tuple[Clause, ...]:
        return tuple(clause for clause in self.clauses if clause.decides)


@dataclass(frozen=True)
class _Leaf:
    """A clause in the tree, and its truth as the rule wants it."""

    node: tree.Node
    denied: bool
    held: Truth


@dataclass(frozen=True)
class _Joint:
    """Parts that must all hold, or of which one must."""

    all: bool
    parts: tuple["_Leaf | _Joint", ...]


def explain(
    text: str, node: tree.Node, subject: SubjectLike, names: Names | None = None, spoken: Spoken = AS_WRITTEN
) -> Explanation:
    """`text` is what `node` was parsed from; `names` turns ids of groups into names."""
    value = fits(node, subject)
    shape = _shape(_condition(node), subject, denied=False)
    deciding = set(map(id, _deciding(shape)))
    missing = set(map(id, _missing(shape))) if value is not True else set()
    pairs = [
        (leaf, _clause(leaf, text, subject, (names or {}, spoken), decides=id(leaf) in deciding))
        for leaf in _leaves(shape)
    ]
    return Explanation(
        value=None if isinstance(value, Unknown) else value,
        reason=value.reason if isinstance(value, Unknown) else "",
        words=in_words(node, names, spoken),
        clauses=tuple(clause for _, clause in pairs),
        missing=tuple(clause for leaf, clause in pairs if id(leaf) in missing),
    )


def _condition(node: tree.Node) -> tree.Node:
    """`x ? true : false` asks for x."""
    match node:
        case tree.Ternary(
            condition=inner, then=tree.Literal(value=True), otherwise=tree.Literal(value=False)
        ):
            return _condition(inner)
    return node


def _shape(node: tree.Node, subject: SubjectLike, *, denied: bool) -> _Leaf | _Joint:
    match node:
        case tree.Not(operand=operand):
            return _shape(operand, subject, denied=not denied)
        case tree.And(parts=parts) | tree.Or(parts=parts):
            return _Joint(
                isinstance(node, tree.And) != denied,
                tuple(_shape(part, subject, denied=denied) for part in parts),
            )
    value = truth(evaluate(node, subject))
    return _Leaf(node, denied, opposite(value) if denied else value)


def _leaves(shape: _Leaf | _Joint) -> Iterable[_Leaf]:
    if isinstance(shape, _Leaf):
        return [shape]
    return [leaf for part in shape.parts for leaf in _leaves(part)]


def _held(shape: _Leaf | _Joint) -> bool | None:
    if isinstance(shape, _Leaf):
        return None if isinstance(shape.held, Unknown) else shape.held
    states = [_held(part) for part in shape.parts]
    if (not shape.all) in states:
        return not shape.all
    return None if None in states else shape.all


def _deciding(shape: _Leaf | _Joint) -> list[_Leaf]:
    """The fewest clauses that make the whole what it is."""
    if isinstance(shape, _Leaf):
        return [shape]
    held = _held(shape)
    if held is (not shape.all):
        return _fewest(_deciding(part) for part in shape.parts if _held(part) is held)
    parts = [part for part in shape.parts if held is not None or _held(part) is None]
    return [leaf for part in parts for leaf in _deciding(part)]


def _missing(shape: _Leaf | _Joint) -> list[_Leaf]:
    """The fewest clauses that would have to change to make the whole true."""
    if _held(shape) is True:
        return []
    if isinstance(shape, _Leaf):
        return [shape]
    if shape.all:
        return [leaf for part in shape.parts for leaf in _missing(part)]
    return _fewest(map(_missing, shape.parts))


def _fewest(sets: Iterable[list[_Leaf]]) -> list[_Leaf]:
    return min(sets, key=len)


def _clause(
    leaf: _Leaf, text: str, subject: SubjectLike, called: tuple[Names, Spoken], *, decides: bool
) -> Clause:
    start, end = leaf.node.span
    written = text[start:end]
    if leaf.denied:
        written = render(tree.Not(leaf.node))
    unknown = isinstance(leaf.held, Unknown)
    return Clause(
        text=written,
        value=_value(leaf.node, subject),
        called=_called(leaf.node, subject, called[1]),
        holds=None if isinstance(leaf.held, Unknown) else leaf.held,
        words=condition(leaf.node, *called, holds=not leaf.denied),
        people=people(leaf.node, *called, holds=not leaf.denied),
        reason=leaf.held.reason if isinstance(leaf.held, Unknown) else "",
        decides=decides,
        near="" if unknown or leaf.held or leaf.denied else near_value(leaf.node, subject),
    )


def _value(node: tree.Node, subject: SubjectLike) -> str:
    """What the person has where the clause looks."""
    names = tree.attributes_of(node)
    if len(names) == 1:
        return shown(subject.attribute(names[0]))
    if names:
        return ", ".join(f"{name} {shown(subject.attribute(name))}" for name in names)
    calls = tree.group_calls_of(node)
    if calls:
        member = evaluate(calls[0], subject)
        return "not known" if isinstance(member, Unknown) else "a member" if member else "no member"
    inner = [each for each in node.walk() if isinstance(each, tree.Call)]
    return shown(evaluate(inner[0], subject)) if inner else ""


def _called(node: tree.Node, subject: SubjectLike, spoken: Spoken) -> str:
    """What the person has there by the name that people use, where it has one."""
    names = tree.attributes_of(node)
    value = subject.attribute(names[0]) if len(names) == 1 else None
    called = spoken.value(names[0], value) if isinstance(value, str) and value else ""
    return called if called != value else ""


def shown(value: Value) -> str:
    """A value in a sentence."""
    match value:
        case Unknown():
            return "not known"
        case None:
            return NOT_SET
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(shown(each) for each in value) or "nothing"
    if value is UNSET:
        return NOT_SET
    return str(value) or "nothing"


def near_value(node: tree.Node, subject: SubjectLike) -> str:
    """How what the subject has misses by little what a clause asks for; empty where it does not."""
    match node:
        case tree.Compare(operator="==", left=tree.Attribute(name=name), right=tree.Literal(value=str(want))):
            have = subject.attribute(name)
            return nearness(have, want) if isinstance(have, str) else ""
        case tree.Call(
            name="Arrays.contains", arguments=(tree.Attribute(name=name), tree.Literal(value=str(want)))
        ):
            values = subject.attribute(name)
            found = values if isinstance(values, list) else []
            near = (nearness(each, want) for each in found if isinstance(each, str))
            return next(filter(None, near), "")
    return ""
