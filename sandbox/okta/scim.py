"""The part of Okta's filter language that listings take: comparisons joined by and, or and parentheses."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

Fact = Callable[[str], Any]
TOKEN = re.compile(r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<sign>[()])|(?P<word>[^\s()"]+))')
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda one, other: bool(one == other),
    "gt": lambda one, other: bool(one > other),
    "ge": lambda one, other: bool(one >= other),
    "lt": lambda one, other: bool(one < other),
    "le": lambda one, other: bool(one <= other),
    "sw": lambda one, other: str(one).startswith(str(other)),
    "co": lambda one, other: str(other) in str(one),
}


class BadFilter(ValueError):
    """Okta would answer E0000031."""


def parse(text: str, allowed: Mapping[str, Collection[str]] | None = None) -> Callable[[Fact], bool]:
    """The filter as a function; it is given a function from attribute name to value. Raises BadFilter.

    `allowed`: the operators that each attribute may stand with; None takes everything.
    """
    tokens = _tokens(text)
    if allowed is not None:
        _check(tokens, allowed)
    found = _either(tokens)
    if tokens:
        raise BadFilter(tokens[0])
    return found


def moment(text: str) -> datetime:
    """A date of the API, with or without a fraction. Raises BadFilter."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise BadFilter(text) from None


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    place = 0
    while text[place:].strip():
        match = TOKEN.match(text, place)
        if match is None:
            raise BadFilter(text)
        place = match.end()
        found.append(match[0].strip())
    return found


def _check(tokens: list[str], allowed: Mapping[str, Collection[str]]) -> None:
    for name, operator in pairwise(tokens):
        if operator.lower() in {*ORDER, "pr"} and operator.lower() not in allowed.get(name, ()):
            raise BadFilter(f"{name} {operator}")


def _either(tokens: list[str]) -> Callable[[Fact], bool]:
    ways = [_both(tokens)]
    while tokens and tokens[0].lower() == "or":
        tokens.pop(0)
        ways.append(_both(tokens))
    return lambda fact: any(way(fact) for way in ways)


def _both(tokens: list[str]) -> Callable[[Fact], bool]:
    needs = [_single(tokens)]
    while tokens and tokens[0].lower() == "and":
        tokens.pop(0)
        needs.append(_single(tokens))
    return lambda fact: all(need(fact) for need in needs)


def _single(tokens: list[str]) -> Callable[[Fact], bool]:
    first = _next(tokens)
    if first == "(":
        inner = _either(tokens)
        if _next(tokens) != ")":
            raise BadFilter("a parenthesis is open")
        return inner
    operator = _next(tokens).lower()
    if operator == "pr":
        return lambda fact: fact(first) not in {None, ""}
    if operator not in ORDER:
        raise BadFilter(operator)
    return _comparison(first, operator, _value(_next(tokens)))


def _comparison(name: str, operator: str, value: Any) -> Callable[[Fact], bool]:
    def holds(fact: Fact) -> bool:
        held = fact(name)
        if held is None or isinstance(held, datetime) != isinstance(value, datetime):
            return False
        return ORDER[operator](held, value)

    return holds


def _value(written: str) -> Any:
    if written in {"true", "false"}:
        return written == "true"
    if not written.startswith('"'):
        raise BadFilter(written)
    text = re.sub(r"\\(.)", r"\1", written[1:-1])
    return moment(text) if DATE.match(text) else text


def _next(tokens: list[str]) -> str:
    if not tokens:
        raise BadFilter("something is missing at the end")
    return tokens.pop(0)
