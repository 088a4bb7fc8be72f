"""What would come and go if something about a person changed, as causes. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from .causes import shown
from .paths import quoted


def would_come(rules: Sequence[str], changed: Mapping[str, Any]) -> str:
    """Why somebody would gain something. `rules`: names; `changed`: what they read, and what it would be.

    >>> would_come(["Cucumber team"], {"team": "cucumber"})
    'Because team would be cucumber (rule “Cucumber team”).'
    """
    named = _named(rules)
    if not changed:
        return f"Because {named} would fit."
    return f"Because {_values(changed)} ({named})."


def would_go(group: str, rules: Sequence[str], changed: Mapping[str, Any]) -> str:
    """Why somebody would lose something that came with a group.

    >>> would_go("team-radish", ["Radish team"], {"team": "cucumber"})
    'It comes with team-radish, and the rule “Radish team” would not fit any more: team would be cucumber.'
    """
    head = f"It comes with {group}, and the {_named(rules)}"
    if not changed:
        return f"{head} does not fit even now."
    return f"{head} would not fit any more: {_values(changed)}."


def _named(rules: Sequence[str]) -> str:
    return ("rule " if len(rules) == 1 else "rules ") + " and ".join(map(quoted, rules))


def _values(changed: Mapping[str, Any]) -> str:
    return " and ".join(f"{name} would be {shown(value)}" for name, value in changed.items())
