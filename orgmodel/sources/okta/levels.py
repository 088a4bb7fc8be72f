"""The level that an assignment's profile carries: a role, a licence, a list of either.

Apps shape their profiles as they like: a word, a list of words, a list of objects that are named, or the
address of somebody's page under a key that elsewhere holds a role.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from orgmodel.sources.values import LEVEL, MOST_ITEMS, clean

NO_LEVEL = "assigned"
NAMES = ("name", "displayName", "display", "label", "title", "value", "id")
"""Keys by which an object that stands for a level may be called; the first with a word counts."""
ADDRESS = re.compile(r"(?i)(?:[a-z][a-z0-9+.-]*:)?//|mailto:|(?:[a-z0-9-]+\.)+(?:com|org|net|io)(?:[/:?#]|$)")
"""How a web address begins; an AWS ARN or a role such as `roles/viewer` is none."""


def level_of(profile: Mapping[str, Any] | None, keys: Sequence[str]) -> str:
    """Every level that the profile carries under the given keys (in any case), with commas between.

    Keys stand in the order given, the items of a list in the order of the alphabet: the same levels are
    the same text however Okta happens to order them. `assigned` where there is none.
    """
    if not profile:
        return NO_LEVEL
    found: dict[str, str] = {}
    for key in _carrying(tuple(profile), tuple(keys)):
        for word in sorted(_words(profile[key]), key=str.casefold):
            found.setdefault(word.casefold(), word)
    return ", ".join(found.values())[:LEVEL] or NO_LEVEL


@lru_cache(maxsize=256)
def _carrying(written: tuple[str, ...], keys: tuple[str, ...]) -> tuple[str, ...]:
    """The given keys as a profile writes them. All profiles of one app have the same."""
    by_key = {key.lower(): key for key in written}
    return tuple(by_key[key.lower()] for key in keys if key.lower() in by_key)


def _words(raw: Any) -> Iterator[str]:
    if isinstance(raw, list):
        for item in raw[:MOST_ITEMS]:
            if not isinstance(item, list):
                yield from _words(item)
        return
    if isinstance(raw, dict):
        raw = next((raw[name] for name in NAMES if isinstance(raw.get(name), str | int) and raw[name]), None)
    if word := _word(clean(raw, LEVEL)):
        yield word


@lru_cache(maxsize=4096)
def _word(raw: str) -> str:
    """The text if it may be a level. An app has few of them, which are given again and again."""
    word = raw.strip()
    return "" if ADDRESS.match(word) else word
