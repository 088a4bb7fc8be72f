"""An expression in plain words: "everyone whose team is Cucumber, except contractors"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import tree
from .render import render
from .spoken import AS_WRITTEN, Spoken, spoken

Names = Mapping[str, str]
"""Native id of a group → its name."""


@dataclass(frozen=True)
class Called:
    """What is called by a name: groups, and the values of attributes."""

    groups: Names
    spoken: Spoken = AS_WRITTEN


_SIGNS = {
    "==": "is",
    "!=": "is not",
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
    "matches": "matches the pattern",
}
_DENIED = {
    "==": "is not",
    "!=": "is",
    "<": "is not below",
    "<=": "is above",
    ">": "is not above",
    ">=": "is below",
    "matches": "does not match the pattern",
}


def in_words(node: tree.Node, names: Names | None = None, spoken: Spoken = AS_WRITTEN) -> str:
    """Whom a rule takes, as one phrase.

    >>> from orgmodel.rules.parse import parse
    >>> in_words(parse('user.team == "cucumber" AND !user.isContractor'))
    'everyone whose team is cucumber, except contractors'
    """
    known = Called(names or {}, spoken)
    node = _bare(node)
    if isinstance(node, tree.Literal):
        return "everyone" if node.value is True else "nobody"
    parts = node.parts if isinstance(node, tree.And) else (node,)
    left_out = [part.operand for part in parts if isinstance(part, tree.Not)]
    taken = [part for part in parts if not isinstance(part, tree.Not)]
    head = f"everyone {_joined(taken, ' and ', known)}" if taken else "everyone"
    if not left_out:
        return head
    several = len(left_out) > 1
    return f"{head}, except {' and '.join(_left_out(part, known, several) for part in left_out)}"


def people(node: tree.Node, names: Names | None = None, spoken: Spoken = AS_WRITTEN, *, holds: bool) -> str:
    """Of whom one clause is true, to go on after "people": "whose team is red", "in the group crew"."""
    return _who(node if holds else tree.Not(node), Called(names or {}, spoken), many=True)


def condition(
    node: tree.Node, names: Names | None = None, spoken: Spoken = AS_WRITTEN, *, holds: bool = True
) -> str:
    """One clause as a sentence without its full stop: "team is red", "the person is in the group crew"."""
    return _condition(node, Called(names or {}, spoken), holds=holds)


def _condition(node: tree.Node, known: Called, *, holds: bool = True) -> str:
    match node:
        case tree.Not(operand=operand):
            return _condition(operand, known, holds=not holds)
        case tree.Attribute(name=name):
            return f"the person {_noun(known.spoken.attribute(name))[0 if holds else 1]}"
        case tree.Compare():
            return _comparison(node, holds, known)
        case tree.Call(name="String.stringContains", arguments=(whole, part)):
            if isinstance(whole, tree.ListOf):
                return f"{_thing(part)} is {'one' if holds else 'none'} of {_listed(whole, part, known)}"
            return f"{_thing(whole)} {'contains' if holds else 'does not contain'} {_thing(part)}"
        case tree.Call(name="Arrays.contains", arguments=(whole, part)):
            return f"{_thing(whole)} {'include' if holds else 'do not include'} {_value(part, whole, known)}"
        case tree.Call(name="String.startsWith", arguments=(whole, part)):
            return f"{_thing(whole)} {'begins' if holds else 'does not begin'} with {_thing(part)}"
        case tree.Call(name="Arrays.isEmpty", arguments=(whole,)):
            return f"{_thing(whole)} {'is' if holds else 'is not'} empty"
        case tree.Call(name=name, arguments=arguments) if name.startswith("isMemberOf"):
            return f"the person is {'' if holds else 'not '}{_membership(name, arguments, known)}"
        case tree.Literal(value=value):
            return "always" if (value is True) == holds else "never"
        case tree.And(parts=parts) | tree.Or(parts=parts):
            both = isinstance(node, tree.And) == holds
            phrase = (" and " if both else " or ").join(
                _condition(part, known, holds=holds) for part in parts
            )
            return phrase if both else f"either {phrase}"
    return f"{render(node)} is {'true' if holds else 'not true'}"


def _bare(node: tree.Node) -> tree.Node:
    """`x ? true : false` says x."""
    match node:
        case tree.Ternary(
            condition=inner, then=tree.Literal(value=True), otherwise=tree.Literal(value=False)
        ):
            return _bare(inner)
    return node


def _joined(parts: Sequence[tree.Node], word: str, names: Called, *, many: bool = False) -> str:
    """Clauses after "everyone" or "those", joined by " and " or " or ".

    What is joined by the other word is in brackets and comes last: nobody begins "everyone (whose …".
    """
    if len(parts) == 1:
        return _who(parts[0], names, many=many)
    apart = [_joins_otherwise(part, word, names) for part in parts]
    phrases = [_who(part, names, alone=False, many=many) for part in parts]
    phrases = [f"({phrase})" if bracket else phrase for phrase, bracket in zip(phrases, apart, strict=True)]
    if word == " and ":
        phrases.sort(key=lambda phrase: phrase.startswith("("))
    return word.join(phrases)


def _joins_otherwise(part: tree.Node, word: str, names: Called) -> bool:
    """The part has an "and" or an "or" of its own that could be read as going on after it."""
    if isinstance(part, tree.Or):
        return word == " and " and not _one_of(part.parts, names)
    return isinstance(part, tree.And) and word == " or "


def _who(node: tree.Node, names: Called, *, alone: bool = True, many: bool = False) -> str:
    """A clause after "everyone", or after "those" (`many`). `alone`: no other clause stands beside it."""
    match node:
        case tree.Not(operand=tree.Not(operand=inner)):
            return _who(inner, names, alone=alone, many=many)
        case tree.And(parts=parts):
            return _joined(parts, " and ", names, many=many)
        case tree.Or(parts=parts):
            return _one_of(parts, names) or _joined(parts, " or ", names, many=many)
    holds = not isinstance(node, tree.Not)
    match node.operand if isinstance(node, tree.Not) else node:
        case tree.Attribute(name=name):
            attribute = names.spoken.attribute(name)
            return f"who {_many(attribute, holds) if many else _noun(attribute)[0 if holds else 1]}"
        case tree.Call(name=name, arguments=arguments) if name.startswith("isMemberOf"):
            who = "" if alone else "who are " if many else "who is "
            return f"{who}{'' if holds else 'not '}{_membership(name, arguments, names)}"
    return _relative(node, _condition(node, names))


def _relative(node: tree.Node, condition: str) -> str:
    """A condition after "everyone" or "people"."""
    owned = _about_attribute(node) and not condition.startswith("the ")
    return f"whose {condition}" if owned else f"for whom {condition}"


def _left_out(node: tree.Node, names: Called, several: bool) -> str:
    match node:
        case tree.Attribute(name=name):
            return _noun(names.spoken.attribute(name))[2]
        case tree.Not(operand=tree.Not(operand=inner)):
            return _left_out(inner, names, several)
        case tree.And() | tree.Or() if several and not _one_of(node.parts, names):
            return f"those ({_who(node, names, many=True)})"
    return f"those {_who(node, names, many=True)}"


def _noun(attribute: str) -> tuple[str, str, str]:
    """A yes-or-no attribute of people, in words: that somebody is it, or is not, and what all of them are."""
    first, _, rest = attribute.partition(" ")
    article = "an" if rest[:1] in set("aeiou") else "a"
    if first == "is" and rest:
        return f"is {article} {rest}", f"is not {article} {rest}", f"{rest}s"
    if first == "has" and rest:
        return f"has {article} {rest}", f"does not have {article} {rest}", f"those who have {article} {rest}"
    return f"is marked {attribute}", f"is not marked {attribute}", f"those marked {attribute}"


def _many(attribute: str, holds: bool) -> str:
    """The same of several people: "are temps", "do not have a badge"."""
    first, _, rest = attribute.partition(" ")
    if first == "has" and rest:
        return f"{'have' if holds else 'do not have'} {'an' if rest[:1] in set('aeiou') else 'a'} {rest}"
    what = f"{rest}s" if first == "is" and rest else f"marked {attribute}"
    return f"{'are' if holds else 'are not'} {what}"


def _one_of(parts: Sequence[tree.Node], names: Called) -> str:
    """One attribute compared with several values: whose city is SF or NYC."""
    values = []
    for part in parts:
        match part:
            case tree.Compare(operator="==", left=tree.Attribute(), right=tree.Literal(value=str(value))):
                values.append(value)
    lefts = {part.left for part in parts if isinstance(part, tree.Compare)}
    only = next(iter(lefts)) if len(lefts) == 1 else None
    if len(values) < len(parts) or not isinstance(only, tree.Attribute):
        return ""
    names_of_values = " or ".join(names.spoken.value(only.name, each) for each in values)
    return f"whose {names.spoken.attribute(only.name)} is {names_of_values}"


def _comparison(node: tree.Compare, holds: bool, names: Called) -> str:
    left, right = _thing(node.left), node.right
    if isinstance(node.left, tree.Attribute):
        left = names.spoken.attribute(node.left.name)
    sign = (_SIGNS if holds else _DENIED)[node.operator]
    if isinstance(right, tree.Literal) and right.value in {None, ""} and node.operator in {"==", "!="}:
        return f"{left} {sign} {'set' if right.value is None else 'empty'}".replace(
            "is set", "is unset", 1
        ).replace("is not set", "is set", 1)
    return f"{left} {sign} {_value(right, node.left, names)}"


def _value(node: tree.Node, of: tree.Node, names: Called) -> str:
    """What an attribute is compared with: a unit by its name."""
    match node, of:
        case tree.Literal(value=str(value)), tree.Attribute(name=name) if value:
            return names.spoken.value(name, value)
    return _thing(node)


def _membership(name: str, arguments: Sequence[tree.Node], names: Called) -> str:
    groups = [names.groups.get(text, text) for text in map(_thing, arguments)]
    if name in {"isMemberOfGroup", "isMemberOfGroupName"}:
        return f"in the group {groups[0]}"
    if name == "isMemberOfAnyGroup":
        return f"in any of the groups {', '.join(groups)}" if len(groups) > 1 else f"in the group {groups[0]}"
    how = {
        "isMemberOfGroupNameStartsWith": "begins with",
        "isMemberOfGroupNameContains": "contains",
    }.get(name, "matches the pattern")
    return f"in a group whose name {how} {groups[0]}"


def _thing(node: tree.Node) -> str:
    """A value in a sentence."""
    match node:
        case tree.Attribute(name=name):
            return spoken(name)
        case tree.Literal(value=value):
            return _literal(value)
        case tree.ListOf():
            return ", ".join(map(_thing, node.parts)) or "nothing"
        case tree.Call(
            name="String.toLowerCase" | "toLowerCase", arguments=(tree.Literal(value=str(value)),)
        ) if value.isascii():
            return _literal(value.lower())
        case tree.Call(name="String.toLowerCase" | "toLowerCase", arguments=(inner,)):
            return f"{_thing(inner)} in lower case"
        case tree.Call(name="String.toUpperCase" | "toUpperCase", arguments=(inner,)):
            return f"{_thing(inner)} in capitals"
        case tree.Call(name="String.substringAfter" | "substringAfter", arguments=(inner, sought)):
            return f"{_thing(inner)} after {_thing(sought)}"
        case tree.Call(name="String.substringBefore" | "substringBefore", arguments=(inner, sought)):
            return f"{_thing(inner)} before {_thing(sought)}"
        case tree.Call(name="String.len", arguments=(inner,)):
            return f"the length of {_thing(inner)}"
        case tree.Call(name="Arrays.size", arguments=(inner,)):
            return f"the number of {_thing(inner)}"
        case tree.Call(name="user.getInternalProperty", arguments=(tree.Literal(value=value),)):
            return f"Okta {value}"
    return render(node)


def _literal(value: tree.Scalar) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value is None or value == "" else str(value)


def _listed(node: tree.ListOf, of: tree.Node, names: Called) -> str:
    return ", ".join(_value(part, of, names) for part in node.parts) or "nothing"


def _about_attribute(node: tree.Node) -> bool:
    """The clause begins with an attribute, so that "whose" goes before it."""
    first: tree.Node | None = node
    while isinstance(first, tree.Compare | tree.Call | tree.Not):
        first = next(first.children(), None)
    return isinstance(first, tree.Attribute)
