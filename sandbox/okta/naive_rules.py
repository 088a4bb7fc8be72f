"""A small evaluator of group rules, written apart from Sightline's own: plain, enough for the sandbox."""

import re
from functools import lru_cache
from typing import Any

TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<number>-?\d+(?:\.\d+)?)"""
    r"""|(?P<sign>==|!=|&&|\|\||<=|>=|[!()<>,{}])|(?P<name>[A-Za-z_][\w.]*))"""
)
WORDS = {"and": "&&", "or": "||", "not": "!", "eq": "==", "ne": "!="}


class NotSupported(ValueError):
    """The expression needs more than this evaluator knows."""


def fits(expression: str, profile: dict[str, Any], groups: dict[str, str]) -> bool:
    """Whether a user with this profile, in these groups (id → name), fits the expression."""
    reader = _Reader(list(_tokens(expression)), profile, groups)
    try:
        value = reader.either()
    except (IndexError, TypeError, AttributeError):
        raise NotSupported(expression) from None
    if reader.left:
        raise NotSupported(expression)
    return value is True


def readable(expression: str) -> bool:
    """Whether the evaluator knows everything that the expression says; both sides of AND and OR are read."""
    try:
        fits(expression, {}, {})
    except NotSupported:
        return False
    return True


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[tuple[str, Any], ...]:
    found: list[tuple[str, Any]] = []
    place = 0
    while text[place:].strip():
        match = TOKEN.match(text, place)
        if match is None:
            raise NotSupported(text)
        place = match.end()
        if match["text"]:
            found.append(("value", match["text"][1:-1]))
        elif match["number"]:
            found.append(("value", float(match["number"])))
        elif match["name"] and match["name"].lower() in WORDS:
            found.append(("sign", WORDS[match["name"].lower()]))
        elif match["name"] in {"true", "false", "null"}:
            found.append(("value", {"true": True, "false": False, "null": None}[match["name"]]))
        else:
            found.append(("sign", match["sign"]) if match["sign"] else ("name", match["name"]))
    return tuple(found)


class _Reader:
    def __init__(self, left: list[tuple[str, Any]], profile: dict[str, Any], groups: dict[str, str]) -> None:
        self.left = left
        self.profile = profile
        self.groups = groups

    def either(self) -> Any:
        value = self.both()
        while self.take("||"):
            other = self.both()
            value = value is True or other is True
        return value

    def both(self) -> Any:
        value = self.single()
        while self.take("&&"):
            other = self.single()
            value = value is True and other is True
        return value

    def single(self) -> Any:
        if self.take("!"):
            return self.single() is not True
        value = self.operand()
        for sign in ("==", "!=", "<=", ">=", "<", ">"):
            if self.take(sign):
                return self.compare(sign, value, self.operand())
        return value

    @staticmethod
    def compare(sign: str, one: Any, other: Any) -> bool:
        if sign in {"==", "!="}:
            return bool(one == other) == (sign == "==")
        if one is None or other is None:
            return False
        return bool({"<": one < other, ">": one > other, "<=": one <= other, ">=": one >= other}[sign])

    def operand(self) -> Any:
        if self.take("("):
            value = self.either()
            self.need(")")
            return value
        if self.take("{"):
            return self.arguments("}")
        kind, value = self.left.pop(0) if self.left else ("", "")
        if kind == "value":
            return value
        if kind != "name":
            raise NotSupported(str(value))
        if self.take("("):
            return self.call(value, self.arguments(")"))
        if value.startswith("user."):
            return self.profile.get(value.removeprefix("user."))
        raise NotSupported(value)

    def arguments(self, end: str) -> list[Any]:
        values: list[Any] = []
        while not self.take(end):
            if values:
                self.need(",")
            values.append(self.either())
        return values

    def call(self, name: str, arguments: list[Any]) -> Any:
        text = [value or "" for value in arguments if not isinstance(value, list)]
        names = set(self.groups.values())
        calls: dict[str, Any] = {
            "String.startsWith": lambda: text[0].startswith(text[1]),
            "String.stringContains": lambda: arguments[1] in (arguments[0] or ""),
            "String.toLowerCase": text[0].lower if text else str,
            "String.toUpperCase": text[0].upper if text else str,
            "Arrays.contains": lambda: arguments[1] in (arguments[0] or []),
            "isMemberOfGroupName": lambda: arguments[0] in names,
            "isMemberOfGroup": lambda: arguments[0] in self.groups,
            "isMemberOfAnyGroup": lambda: bool(set(arguments) & set(self.groups)),
            "isMemberOfGroupNameStartsWith": lambda: any(each.startswith(arguments[0]) for each in names),
        }
        if name not in calls:
            raise NotSupported(name)
        return calls[name]()

    def take(self, sign: str) -> bool:
        if self.left and self.left[0] == ("sign", sign):
            self.left.pop(0)
            return True
        return False

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise NotSupported(f"{sign} is missing")
