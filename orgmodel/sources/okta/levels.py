"""The level that an assignment's profile carries: a role, a licence, a list of either.

Apps shape their profiles as they like: a word, a list of words, a list of objects that are named, or the
address of somebody's page under a key that elsewhere holds a role.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
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
    by_key = {key.lower(): value for key, value in (profile or {}).items()}
    found: dict[str, str] = {}
    for key in keys:
        for word in sorted(_words(by_key.get(key.lower())), key=str.casefold):
            found.setdefault(word.casefold(), word)
    return ", ".join(found.values())[:LEVEL] or NO_LEVEL


def _words(raw: Any) -> Iterator[str]:
    if isinstance(raw, list):
        for item in raw[:MOST_ITEMS]:
            if not isinstance(item, list):
                yield from _words(item)
        return
    if isinstance(raw, dict):
        raw = next((raw[name] for name in NAMES if isinstance(raw.get(name), str | int) and raw[name]), None)
    word = clean(raw, LEVEL).strip()
    if word and not ADDRESS.match(word):
        yield word
