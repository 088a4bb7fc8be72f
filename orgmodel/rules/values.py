"""Values of expressions, and what can be known of them when something is not known.

A value is a text, number, truth value, list or None. `Unset` stands for an attribute without a value: Okta
keeps null for one that was never set and may keep "" for one that was cleared, and its API cannot always tell
the two apart. `Unknown` carries its reason through everything that depends on it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """It cannot be known, and why: a clause without a capital and without a full stop."""

    reason: str


class Unset(Enum):
    """No value: null or the empty text."""

    UNSET = "unset"


UNSET = Unset.UNSET
_NEVER_EMPTY = {"a number", "yes or no"}
"""Only texts are kept empty: what has no value, in whatever way, is none of these."""
Known = Scalar | Unset | Sequence[Any]
Value = Known | Unknown
Truth = bool | Unknown

NOT_TOLD_APART = "Okta may keep null or the empty text for an attribute without a value, and here they differ"


def same(one: Known, other: Known) -> Truth:
    """The value of ==."""
    if (_empty(one) or _empty(other)) and {kind(one), kind(other)} & _NEVER_EMPTY:
        return False
    if one is UNSET or other is UNSET:
        readings = {
            _same(left, right) if isinstance(_same(left, right), bool) else None
            for left in _readings(one)
            for right in _readings(other)
        }
        if len(readings) == 1 and (only := next(iter(readings))) is not None:
            return only
        return Unknown(NOT_TOLD_APART)
    return _same(one, other)


def _same(one: Any, other: Any) -> Truth:
    if one is None or other is None:
        return one is other
    if kind(one) != kind(other):
        return Unknown(f"{kind(one)} is compared with {kind(other)}")
    return bool(one == other)


def _empty(value: Known) -> bool:
    return value is UNSET or value == ""


def _readings(value: Known) -> tuple[Any, ...]:
    return (None, "") if value is UNSET else (value,)


def ordered(one: Known, other: Known, compare: Callable[[Any, Any], bool]) -> Truth:
    """The value of < <= > >=: known for numbers only."""
    if kind(one) == kind(other) == "a number":
        return compare(one, other)
    return Unknown(f"the order of {kind(one)} and {kind(other)} is not documented")


def kind(value: Known) -> str:
    """What a value is, in words."""
    match value:
        case None:
            return "null"
        case Unset():
            return "an attribute without a value"
        case bool():
            return "yes or no"
        case str():
            return "text"
        case int() | float():
            return "a number"
    return "a list"


def truth(value: Value) -> Truth:
    """A value where yes or no is needed inside an expression."""
    if isinstance(value, bool | Unknown):
        return value
    return Unknown(f"{kind(value)} stands where yes or no is needed")


def opposite(value: Truth) -> Truth:
    """Kleene's NOT."""
    return value if isinstance(value, Unknown) else not value


def all_of(values: Iterable[Truth]) -> Truth:
    """Kleene's AND: one false decides, whatever else is unknown."""
    return _decided(values, False)


def any_of(values: Iterable[Truth]) -> Truth:
    """Kleene's OR: one true decides, whatever else is unknown."""
    return _decided(values, True)


def _decided(values: Iterable[Truth], deciding: bool) -> Truth:
    first: Unknown | None = None
    for value in values:
        if value is deciding:
            return deciding
        if first is None and isinstance(value, Unknown):
            first = value
    return first or not deciding
