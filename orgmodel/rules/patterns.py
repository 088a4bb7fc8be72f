"""A tenant's patterns, on an engine that cannot be made to run for ever."""

from functools import lru_cache
from typing import Any

import re2

from .values import Truth, Unknown

ENDS_OF_LINES = "\r\u0085\u2028\u2029"
"""Java's point does not match these; the engine here matches them."""
MEMORY = 4 << 20


def matches(text: str, pattern: str) -> Truth:
    """Whether the pattern fits the whole text, as Java would say."""
    compiled = _compiled(pattern)
    if compiled is None:
        return Unknown("the pattern needs more than can be evaluated safely")
    if _differs(text, pattern):
        return Unknown("Okta’s engine may read this text differently")
    return compiled.fullmatch(text) is not None


def somewhere(text: str, pattern: str) -> Truth:
    """Whether a pattern fits, where it is not documented if it must fit the whole text."""
    whole = matches(text, pattern)
    compiled = _compiled(pattern)
    if isinstance(whole, Unknown) or compiled is None or whole == bool(compiled.search(text)):
        return whole
    return Unknown("whether the pattern must fit the whole name is not documented")


def _differs(text: str, pattern: str) -> bool:
    ignores_case = "(?" in pattern and not text.isascii()
    return ignores_case or any(sign in text for sign in ENDS_OF_LINES)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error:
        return None
