"""Tree → text: one spelling for every expression; parsing it gives the same tree."""

from typing import cast

from . import tree

TERNARY, OR, AND, NOT, COMPARE, ADD, POSTFIX, PRIMARY = range(8)


def render(node: tree.Node) -> str:
    """The expression as text."""
    return _written(node)[0]


def _written(node: tree.Node) -> tuple[str, int]:
    """Text and how tightly it binds."""
    match node:
        case tree.Literal(value=value):
            return literal(value), PRIMARY
        case tree.Attribute(name=name):
            return f"user.{name}", POSTFIX
        case tree.ListOf(parts=parts):
            return "{" + _row(parts) + "}", PRIMARY
        case tree.Call(name=name, arguments=arguments):
            return f"{name}({_row(arguments)})", POSTFIX
        case tree.Member(base=base, name=name):
            return f"{_at(base, POSTFIX)}.{name}", POSTFIX
        case tree.Method(base=base, name=name, arguments=arguments):
            return f"{_at(base, POSTFIX)}.{name}({_row(arguments)})", POSTFIX
        case tree.Index(base=base, key=key):
            return f"{_at(base, POSTFIX)}[{literal(key)}]", POSTFIX
        case tree.Not(operand=operand):
            return f"!{_at(operand, ADD if isinstance(operand, tree.Compare) else NOT)}", NOT
        case tree.And(parts=parts):
            return " AND ".join(_at(part, NOT) for part in parts), AND
        case tree.Or(parts=parts):
            return " OR ".join(_at(part, AND) for part in parts), OR
        case tree.Compare(operator=sign, left=left, right=right):
            return f"{_at(left, ADD)} {sign} {_at(right, ADD)}", COMPARE
        case tree.Add(parts=parts):
            return " + ".join(_at(part, POSTFIX) for part in parts), ADD
        case tree.Ternary(condition=condition, then=then, otherwise=otherwise):
            return f"{_at(condition, OR)} ? {render(then)} : {render(otherwise)}", TERNARY
    last = cast(tree.Elvis, node)
    return f"{_at(last.value, OR)} ?: {render(last.otherwise)}", TERNARY


def _at(node: tree.Node, least: int) -> str:
    text, binding = _written(node)
    return text if binding >= least else f"({text})"


def _row(nodes: tuple[tree.Node, ...]) -> str:
    return ", ".join(render(node) for node in nodes)


def literal(value: tree.Scalar) -> str:
    """A value as it is written in an expression."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)
