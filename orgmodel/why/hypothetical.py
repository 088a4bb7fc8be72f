"""What would be gained and lost if something about a person changed, as causes. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from .causes import Cause

OTHER_LEVEL = Cause("would_level", verb="changed")
"""What stays would be held at another level."""


def would_come(rules: Sequence[str], changed: Mapping[str, Any]) -> Cause:
    """Why somebody would gain something. `rules`: names; `changed`: what they read, and what it would be.

    >>> would_come(["Cucumber team"], {"team": "cucumber"}).sentence()
    'Because their team would be cucumber (rule “Cucumber team”).'
    """
    return Cause("would_come", rules=tuple(rules), values=tuple(changed.items()))


def would_go(group: str, rules: Sequence[str], changed: Mapping[str, Any]) -> Cause:
    """Why somebody would lose something that came with a group.

    >>> would_go("crew", ["Radish team"], {"team": "cucumber"}).sentence()
    'It comes with crew, and the rule “Radish team” would no longer match: their team would be cucumber.'
    """
    return Cause("would_go", "ended", group=group, rules=tuple(rules), values=tuple(changed.items()))
