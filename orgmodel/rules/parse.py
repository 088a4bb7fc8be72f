"""Text → tree. Whatever is wrong comes back as one error with its column and what was probably meant."""

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from . import tree
from .functions import arity, taken
from .mistakes import BadExpression, at_end, bare_name, foreign_root, unexpected

LONGEST = 4096
"""Characters; Okta's own limit is lower."""
DEEPEST = 50
"""Nested parts: everything here works by recursion."""

SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
SPACES = frozenset({"String", "Arrays", "Convert", "Time", "Groups", "Iso3166Convert", "DateTime"})
"""Names before the point of a function. Only the functions of String and Arrays are known to rules."""

_PARSER = Lark(
    (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8"),
    parser="lalr",
    propagate_positions=True,
    maybe_placeholders=False,
)


@lru_cache(maxsize=8192)
def parse(text: str) -> tree.Node:
    """The tree of an expression. Raises BadExpression."""
    if len(text) > LONGEST:
        raise BadExpression(LONGEST + 1, f"The expression is longer than {LONGEST} characters.", "")
    if not text.strip():
        raise BadExpression(1, "The expression is empty.", 'A condition looks like user.team == "cucumber".')
    try:
        found = _PARSER.parse(text)
    except UnexpectedInput as error:
        raise _bad(text, error) from None
    return _Builder(text).node(found, 0)


def _bad(text: str, error: UnexpectedInput) -> BadExpression:
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return at_end(text)
    return unexpected(text, cast(int, error.pos_in_stream))


class _Builder:
    def __init__(self, text: str) -> None:
        self.text = text

    def node(self, found: "Tree[Token]", depth: int) -> tree.Node:
        start, end = found.meta.start_pos, found.meta.end_pos
        if depth > DEEPEST:
            raise BadExpression(start + 1, f"More than {DEEPEST} parts are nested in each other.", "")
        tokens = [each for each in found.children if isinstance(each, Token)]
        if found.data == "name":
            raise bare_name(str(tokens[0]), start)
        if found.data in _LEAVES:
            return _LEAVES[found.data](tokens, (start, end))
        if found.data in {"member", "method"} and (node := self._rooted(found, tokens, depth)):
            return node
        if found.data == "function":
            return self._call(str(tokens[0]), self._arguments(found.children[-1], depth), (start, end))
        parts = self._parts(found.children, depth)
        return _made(found.data, parts, tokens, (start, end))

    def _parts(self, children: "list[Tree[Token] | Token]", depth: int) -> list[tree.Node]:
        trees = [each for each in children if isinstance(each, Tree)]
        return [
            part
            for each in trees
            for part in (
                self._arguments(each, depth) if each.data == "arguments" else [self.node(each, depth + 1)]
            )
        ]

    def _arguments(self, found: "Tree[Token] | Token", depth: int) -> list[tree.Node]:
        return self._parts(found.children, depth) if isinstance(found, Tree) else []

    def _rooted(self, found: "Tree[Token]", tokens: list[Token], depth: int) -> tree.Node | None:
        """What begins with a name: an attribute of the user or a function; None for any other value."""
        base = found.children[0]
        if not isinstance(base, Tree) or base.data != "name":
            return None
        root, name = str(base.children[0]), str(tokens[0])
        span = (found.meta.start_pos, found.meta.end_pos)
        if found.data == "method" and (root in SPACES or root == "user"):
            return self._call(f"{root}.{name}", self._arguments(found.children[-1], depth), span)
        if found.data == "member" and root == "user":
            return tree.Attribute(name, span=span)
        raise foreign_root(root, name, span[0])

    @staticmethod
    def _call(name: str, arguments: list[tree.Node], span: tuple[int, int]) -> tree.Node:
        least, most = taken(name)
        if not least <= len(arguments) <= most:
            raise BadExpression(span[0] + 1, f"{name} takes {arity(least, most)}, not {len(arguments)}.", "")
        return tree.Call(name, tuple(arguments), span=span)


def _string(tokens: list[Token], span: tuple[int, int]) -> tree.Literal:
    written = str(tokens[0])
    quote, inside = written[0], written[1:-1]
    # A backslash before a quote or a backslash is an escape; before anything else it belongs to a pattern.
    text = re.sub(rf"\\([\\{quote}])|{quote}({quote})", lambda found: found[1] or found[2], inside)
    return tree.Literal(text, span=span)


def _number(tokens: list[Token], span: tuple[int, int]) -> tree.Literal:
    text = str(tokens[0])
    return tree.Literal(float(text) if "." in text else int(text), span=span)


_LEAVES: dict[str, Callable[[list[Token], tuple[int, int]], tree.Literal]] = {
    "string": _string,
    "number": _number,
    "true": lambda _, span: tree.Literal(True, span=span),
    "false": lambda _, span: tree.Literal(False, span=span),
    "null": lambda _, span: tree.Literal(None, span=span),
}


def _made(kind: str, parts: list[tree.Node], tokens: list[Token], span: tuple[int, int]) -> tree.Node:
    match kind:
        case "ternary":
            return tree.Ternary(parts[0], parts[1], parts[2], span=span)
        case "elvis":
            return tree.Elvis(parts[0], parts[1], span=span)
        case "either":
            return tree.Or(tuple(parts), span=span)
        case "both":
            return tree.And(tuple(parts), span=span)
        case "opposite":
            return tree.Not(parts[0], span=span)
        case "comparison":
            sign = str(tokens[0]).lower()
            return tree.Compare(SIGNS.get(sign, sign), parts[0], parts[1], span=span)
        case "sum":
            return tree.Add(tuple(parts), span=span)
        case "member":
            return tree.Member(parts[0], str(tokens[0]), span=span)
        case "method":
            return tree.Method(parts[0], str(tokens[0]), tuple(parts[1:]), span=span)
        case "index":
            key = _LEAVES["string" if tokens[0].type == "STRING" else "number"](tokens, span)
            return tree.Index(parts[0], cast(str | int, key.value), span=span)
    return tree.ListOf(tuple(parts), span=span)
