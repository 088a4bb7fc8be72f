"""The functions of Okta's rules, as far as they are documented. Anything else is unknown, with its reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from .values import UNSET, Known, Truth, Unknown, Value, any_of, kind, same

LONGEST_TEXT = 100_000
"""Characters of a text made by a function; replacing in a replaced text grows without a bound."""
MANY = 200
HIGHEST = 0xFFFF
"""Okta counts UTF-16 units: beyond this character its positions are not ours."""


@dataclass(frozen=True)
class Function:
    """How many values it takes, and what it makes of them. `least` and `most` are inclusive."""

    least: int
    most: int
    make: Callable[..., Value]


def taken(name: str) -> tuple[int, int]:
    """How many values a function takes; of one that is not documented any number may be right."""
    if name == PROPERTY:
        return 1, 1
    known = FUNCTIONS.get(name)
    return (known.least, known.most) if known else MEMBERSHIPS.get(name, (0, MANY))


def arity(least: int, most: int) -> str:
    """How many values a function takes, in words."""
    values = "1 value" if least == 1 else f"{least} values"
    return f"at least {values}" if most == MANY else values


def apply(name: str, values: list[Known]) -> Value:
    """The value of a function of String or Arrays."""
    if name not in FUNCTIONS:
        return Unknown(f"{name} is not a documented function of group rules")
    return FUNCTIONS[name].make(*values)


def _of_text(name: str, make: Callable[..., Value]) -> Callable[..., Value]:
    """A function that is documented for texts (and whole numbers where `make` asks for them) only."""

    def made(*values: Known) -> Value:
        for value in values:
            if value is None or value is UNSET:
                return Unknown(f"what {name} makes of an attribute without a value is not documented")
            if not isinstance(value, str):
                return Unknown(f"what {name} makes of {kind(value)} is not documented")
        return make(*values)

    return made


def _contains(whole: Known, part: Known) -> Value:
    if not isinstance(whole, list | tuple):
        return _of_text("String.stringContains", lambda text, sought: sought in text)(whole, part)
    if not isinstance(part, str):
        return Unknown(f"what String.stringContains makes of {kind(part)} in a list is not documented")
    # A list as an allow-list: as one of its elements, or anywhere in its text. Where both agree it is known.
    found = any(each == part for each in whole)
    if found == any(part in str(each) for each in whole):
        return found
    return Unknown("whether String.stringContains looks at whole elements of a list is not documented")


def _switch(text: str, default: str, *cases: str) -> Value:
    if len(cases) % 2:
        return Unknown("a case of String.stringSwitch has no value")
    pairs = zip(cases[::2], cases[1::2], strict=True)
    return next((value for key, value in pairs if key in text), default)


def _replace(text: str, sought: str, put: str) -> Value:
    if len(text) + text.count(sought) * len(put) > LONGEST_TEXT:
        return Unknown("the text grows too long")
    return text.replace(sought, put)


def _length(text: str) -> Value:
    return len(text.encode("utf-16-le")) // 2


def _substring(text: Known, start: Known, end: Known) -> Value:
    checked = _of_text("String.substring", lambda value: value)(text)
    if isinstance(checked, Unknown):
        return checked
    whole = str(checked)
    if not all(isinstance(place, int) and not isinstance(place, bool) for place in (start, end)):
        return Unknown("the places of String.substring are not whole numbers")
    if not 0 <= (start := int(str(start))) <= (end := int(str(end))) <= len(whole):
        return Unknown("a place of String.substring lies outside the text")
    if max(map(ord, whole), default=0) > HIGHEST:
        return Unknown("how Okta counts rare characters is not documented")
    return whole[start:end]


def _around(name: str, side: int) -> Callable[[str, str], Value]:
    def cut(text: str, sought: str) -> Value:
        if sought not in text:
            return Unknown(f"what {name} makes of a text that is not found is not documented")
        return text.partition(sought)[side]

    return _of_text(name, cut)


def _elements(value: Known) -> list[Any]:
    """A list; a text is one of elements between commas, and what has no value is the empty list."""
    if value is None or value is UNSET or value == "":
        return []
    if isinstance(value, str):
        return [each.strip() for each in value.split(",")]
    return list(value) if isinstance(value, list | tuple) else [value]


def _holds(elements: Known, sought: Known) -> Truth:
    if isinstance(elements, str) and isinstance(sought, str) and "," in elements:
        # Whether spaces beside a comma count is not documented.
        bare, spaced = sought in _elements(elements), sought in elements.split(",")
        return bare if bare == spaced else Unknown("whether spaces beside a comma count is not documented")
    return any_of(same(each, sought) for each in _elements(elements))


def _get(elements: Known, place: Known) -> Value:
    found = _elements(elements)
    if isinstance(place, int) and not isinstance(place, bool) and 0 <= place < len(found):
        return cast(Value, found[place])
    return Unknown("the place asked for lies outside the list")


def _flatten(*values: Known) -> Value:
    return [each for value in values for each in _elements(value)]


def _text(name: str, least: int, most: int, make: Callable[..., Value]) -> tuple[str, Function]:
    return name, Function(least, most, _of_text(name, make))


_AFTER = Function(2, 2, _around("String.substringAfter", 2))
_BEFORE = Function(2, 2, _around("String.substringBefore", 0))
_UPPER = Function(1, 1, _of_text("String.toUpperCase", str.upper))
_LOWER = Function(1, 1, _of_text("String.toLowerCase", str.lower))
_CUT = Function(3, 3, _substring)

FUNCTIONS: dict[str, Function] = {
    **dict(
        [
            _text("String.append", 2, 2, lambda one, other: one + other),
            _text("String.join", 2, MANY, lambda between, *texts: between.join(texts)),
            _text("String.len", 1, 1, _length),
            _text("String.removeSpaces", 1, 1, lambda text: text.replace(" ", "")),
            _text("String.replace", 3, 3, _replace),
            _text("String.replaceFirst", 3, 3, lambda text, sought, put: text.replace(sought, put, 1)),
            _text("String.startsWith", 2, 2, lambda text, start: text.startswith(start)),
            _text("String.stringSwitch", 4, MANY, _switch),
        ]
    ),
    "String.stringContains": Function(2, 2, _contains),
    "String.substring": _CUT,
    "String.substringAfter": _AFTER,
    "String.substringBefore": _BEFORE,
    "String.toUpperCase": _UPPER,
    "String.toLowerCase": _LOWER,
    # Older forms without the name in front.
    "substring": _CUT,
    "substringAfter": _AFTER,
    "substringBefore": _BEFORE,
    "toUpperCase": _UPPER,
    "toLowerCase": _LOWER,
    "Arrays.add": Function(2, 2, lambda elements, value: [*_elements(elements), value]),
    "Arrays.remove": Function(
        2, 2, lambda elements, value: [each for each in _elements(elements) if each != value]
    ),
    "Arrays.clear": Function(1, 1, lambda _: []),
    "Arrays.get": Function(2, 2, _get),
    "Arrays.flatten": Function(1, MANY, _flatten),
    "Arrays.contains": Function(2, 2, _holds),
    "Arrays.size": Function(1, 1, lambda elements: len(_elements(elements))),
    "Arrays.isEmpty": Function(1, 1, lambda elements: not _elements(elements)),
    "Arrays.toCsvString": Function(1, 1, lambda elements: ",".join(map(str, _elements(elements)))),
}
MEMBERSHIPS: dict[str, tuple[int, int]] = {
    "isMemberOfGroup": (1, 1),
    "isMemberOfAnyGroup": (1, MANY),
    "isMemberOfGroupName": (1, 1),
    "isMemberOfGroupNameStartsWith": (1, 1),
    "isMemberOfGroupNameContains": (1, 1),
    "isMemberOfGroupNameRegex": (1, 1),
}
"""Questions about the user's groups, and how many values they take; evaluate.py answers them."""
PROPERTY = "user.getInternalProperty"
