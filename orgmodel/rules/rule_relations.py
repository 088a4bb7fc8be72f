"""How rules relate: the same, one contained in another, one waiting for another.

A tree is brought to one shape that takes the same people, so that another way of writing changes nothing.
What is told here can be proved from the trees alone; it does not depend on who is there today.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from . import tree
from .evaluate import Subject, fits, member_of
from .functions import MEMBERSHIPS
from .population import Rule
from .render import render

STEPS = 1_000_000
"""So many rules and parts are compared in all; beyond that the rest is not proved."""

_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_Proofs = dict[tuple[int, int], bool]
_DENIED = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True, eq=False)
class Shape:
    """The one way of writing an expression. Two shapes take the same people if their texts are equal."""

    node: tree.Node
    text: str
    parts: tuple["Shape", ...] = ()
    """Of "and" and "or"; anything else is a clause and has none."""

    @cached_property
    def pins(self) -> Mapping[str, frozenset[str]]:
        """Attribute → texts of which it must be one, or the shape does not hold."""
        if pinned := equality(self.node):
            return {pinned[0]: frozenset({pinned[1]})}
        known = [part.pins for part in self.parts]
        if isinstance(self.node, tree.Or):
            shared = set.intersection(*map(set, known))
            return {name: frozenset().union(*(each[name] for each in known)) for name in shared}
        return {name: texts for each in known for name, texts in each.items()}


def text_of(node: tree.Node) -> str | None:
    """The text that stands in the expression; None for anything else."""
    return node.value if isinstance(node, tree.Literal) and isinstance(node.value, str) else None


def equality(node: tree.Node, sign: str = "==") -> tuple[str, str] | None:
    """Attribute and text of `user.team == "cucumber"`, whichever stands first; None for anything else."""
    if isinstance(node, tree.Compare) and node.operator == sign:
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, tree.Attribute) and (text := text_of(other)) is not None:
                return one.name, text
    return None


def constants(node: tree.Node) -> Iterator[tuple[str, str]]:
    """Attribute and texts, where a clause asks whether somebody has one of them."""
    if pinned := equality(node) or equality(node, "!="):
        yield pinned
    match node:
        case tree.Call(
            name="Arrays.contains" | "String.stringContains",
            arguments=(tree.ListOf(parts=parts), tree.Attribute(name=name)),
        ):
            yield from ((name, text) for text in map(text_of, parts) if text is not None)


def shape(node: tree.Node, *, denied: bool = False) -> Shape:
    """The shape of a tree, or of its opposite."""
    match node:
        case tree.Not(operand=operand):
            return shape(operand, denied=not denied)
        case tree.Ternary(
            condition=asked, then=tree.Literal(value=True), otherwise=tree.Literal(value=False)
        ):
            return shape(asked, denied=denied)
        case tree.Ternary(
            condition=asked, then=tree.Literal(value=False), otherwise=tree.Literal(value=True)
        ):
            return shape(asked, denied=not denied)
        case tree.And(parts=parts) | tree.Or(parts=parts):
            return _joined(parts, all_=isinstance(node, tree.And) != denied, denied=denied)
        case tree.Call(name="isMemberOfAnyGroup", arguments=(_, *_) as groups) if None not in map(
            text_of, groups
        ):
            single = [tree.Call("isMemberOfGroup", (group,), span=node.span) for group in groups]
            return _joined(single, all_=denied, denied=denied)
        case tree.Call(name="Arrays.contains", arguments=(tree.ListOf(parts=ones), sought)) if (
            ones and None not in map(text_of, ones)
        ):
            equal = [tree.Compare("==", sought, one, span=node.span) for one in ones]
            return _joined(equal, all_=denied, denied=denied)
        case tree.Compare(operator=sign) if sign in _DENIED:
            node, denied = _compared(node, _DENIED[sign] if denied else sign), False
    clause = tree.Not(node, span=node.span) if denied else node
    return Shape(clause, render(clause))


def _joined(nodes: Iterable[tree.Node], *, all_: bool, denied: bool) -> Shape:
    """Parts in the order of their texts, each once; parts of a part of the same kind are parts themselves."""
    kind = tree.And if all_ else tree.Or
    found: dict[str, Shape] = {}
    for part in (shape(node, denied=denied) for node in nodes):
        found |= {each.text: each for each in (part.parts if type(part.node) is kind else (part,))}
    parts = tuple(found[text] for text in sorted(found))
    if len(parts) == 1:
        return parts[0]
    text = (" AND " if all_ else " OR ").join(each.text for each in parts)
    return Shape(kind(tuple(each.node for each in parts)), f"({text})", parts)


def _compared(node: tree.Compare, sign: str) -> tree.Node:
    """A constant stands on the right, and a yes-or-no attribute by itself."""
    left, right = node.left, node.right
    if _place(right) < _place(left):
        left, right, sign = right, left, _TURNED[sign]
    match left, sign, right:
        case tree.Attribute(), "==" | "!=", tree.Literal(value=bool(wanted)):
            return left if wanted == (sign == "==") else tree.Not(left, span=node.span)
    return tree.Compare(sign, left, right, span=node.span)


def _place(node: tree.Node) -> tuple[bool, str]:
    return isinstance(node, tree.Literal), render(node)


def implies(one: Shape, other: Shape, known: _Proofs) -> bool:
    """Whether it can be proved that whoever fits one fits the other. `known`: proved before."""
    key = id(one), id(other)
    if key not in known:
        known[key] = _proved(one, other, known)
    return known[key]


def _proved(one: Shape, other: Shape, known: _Proofs) -> bool:
    if one.text == other.text:
        return True
    if isinstance(other.node, tree.And):
        return all(implies(one, part, known) for part in other.parts)
    if isinstance(one.node, tree.Or):
        return all(implies(part, other, known) for part in one.parts)
    if any(implies(part, other, known) for part in one.parts):
        return True
    if isinstance(other.node, tree.Or):
        return any(implies(one, part, known) for part in other.parts)
    # Who has just this value, and of whom nothing else is known, must fit.
    pinned = equality(one.node)
    return pinned is not None and fits(other.node, Subject(dict([pinned]), kept=frozenset())) is True


def duplicates(shapes: Mapping[str, Shape], rules: Mapping[str, Rule]) -> list[tuple[str, ...]]:
    """Rules that say the same and aim at the same groups."""
    same: dict[tuple[str, frozenset[str]], list[str]] = {}
    for native, each in shapes.items():
        same.setdefault((each.text, frozenset(rules[native].targets)), []).append(native)
    return [tuple(natives) for (_, targets), natives in same.items() if targets and len(natives) > 1]


def contained(
    shapes: Mapping[str, Shape], rules: Mapping[str, Rule]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Rule → rule that takes all the same people → groups, each once. Of equal rules, the later one."""
    aims = {native: frozenset(rules[native].targets) for native in shapes}
    inside: dict[tuple[str, str], frozenset[str]] = {}
    left = STEPS
    for narrow, wide in _candidates(shapes, rules):
        one, other, known = shapes[narrow], shapes[wide], _Proofs()
        if (
            not aims[narrow].isdisjoint(aims[wide])
            and (one.text, aims[narrow]) != (other.text, aims[wide])
            and rules[wide].excluded <= rules[narrow].excluded
            and all(name in one.pins and one.pins[name] <= texts for name, texts in other.pins.items())
            and implies(one, other, known)
        ):
            inside[narrow, wide] = aims[narrow] & aims[wide]
        if (left := left - 1 - len(known)) < 0:
            break
    order = {native: place for place, native in enumerate(shapes)}
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for (narrow, wide), groups in inside.items():
        if (wide, narrow) not in inside or order[narrow] > order[wide]:
            wider = found.setdefault(narrow, {})
            if new := groups.difference(*wider.values()):
                wider[wide] = tuple(sorted(new))
    return found


def _candidates(shapes: Mapping[str, Shape], rules: Mapping[str, Rule]) -> Iterator[tuple[str, str]]:
    """Pairs of rules that share a group and of which the first may be contained in the second.

    Whoever is contained has at most the texts that the other one allows: rules are looked up by these.
    """
    feeding: dict[str, list[str]] = {}
    having: dict[tuple[str, str], list[str]] = {}
    for native, each in shapes.items():
        for target in rules[native].targets:
            feeding.setdefault(target, []).append(native)
        for name, texts in each.pins.items():
            for text in texts:
                having.setdefault((name, text), []).append(native)
    for wide, each in shapes.items():
        ways = [[feeding[target] for target in rules[wide].targets]]
        ways += [[having[name, text] for text in texts] for name, texts in each.pins.items()]
        shortest = min(ways, key=lambda lists: sum(map(len, lists)))
        for narrow in dict.fromkeys(native for natives in shortest for native in natives):
            yield narrow, wide


@dataclass(frozen=True)
class Waiting:
    """A rule that asks for groups which rules feed. `depth`: rules in the longest chain; None: no end.

    `circle`: the rules that wait for one another, this one among them; empty where it is told who is first.
    """

    groups: tuple[str, ...]
    feeders: tuple[str, ...]
    depth: int | None
    circle: tuple[str, ...]


def waiting(rules: Iterable[Rule], names: Mapping[str, str]) -> dict[str, Waiting]:
    """Rule → what it waits for; `names`: native id of a group → its name."""
    feeding: dict[str, list[str]] = {}
    calls: dict[str, tuple[tree.Call, ...]] = {}
    for rule in rules:
        calls[rule.native_id] = rule.calls
        for target in rule.targets:
            feeding.setdefault(target, []).append(rule.native_id)
    named = {group: names.get(group, "") for group in feeding}
    answers = {call: _required_groups(call, named) for each in calls.values() for call in each}
    groups = {
        native: tuple(dict.fromkeys(group for call in each for group in answers[call]))
        for native, each in calls.items()
    }
    graph = {
        native: tuple(dict.fromkeys(feeder for group in required for feeder in feeding[group]))
        for native, required in groups.items()
    }
    depths = _depths(graph)
    endless = {native: feeders for native, feeders in graph.items() if native not in depths}
    behind: dict[str, list[str]] = {native: [] for native in graph}
    for native, feeders in endless.items():
        for feeder in feeders:
            behind[feeder].append(native)
    circles: dict[str, tuple[str, ...]] = {}
    for native in endless:
        if native not in circles:
            both = _reached(native, graph) & _reached(native, behind)
            circles |= dict.fromkeys(both or {native}, tuple(sorted(both)))
    return {
        native: Waiting(required, graph[native], depths.get(native), circles.get(native, ()))
        for native, required in groups.items()
        if required
    }


def _required_groups(call: tree.Call, names: Mapping[str, str]) -> list[str]:
    """The groups, of those named, whose members a question is surely about."""
    texts = [text for text in map(text_of, call.arguments) if text is not None]
    if call.name in {"isMemberOfGroup", "isMemberOfAnyGroup"}:
        return [text for text in texts if text in names]
    if call.name not in MEMBERSHIPS or not texts:
        return []
    return [
        group
        for group, name in names.items()
        if name and member_of(call.name, texts, None, frozenset({name})) is True
    ]


def _depths(graph: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How many rules the longest chain to a rule has; rules in or behind a circle are missing."""
    depths: dict[str, int] = {}
    order = TopologicalSorter(graph)
    with suppress(CycleError):  # The order still goes on as far as no circle stands in the way.
        order.prepare()
    while ready := order.get_ready():
        for native in ready:
            depths[native] = 1 + max((depths[feeder] for feeder in graph[native]), default=0)
        order.done(*ready)
    return depths


def _reached(start: str, graph: Mapping[str, Sequence[str]]) -> set[str]:
    """What can be reached in one step or more."""
    seen: set[str] = set()
    left = [start]
    while left:
        new = [each for each in graph[left.pop()] if each not in seen]
        seen.update(new)
        left.extend(new)
    return seen
