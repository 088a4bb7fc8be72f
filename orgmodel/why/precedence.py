"""Why one of several levels counts, or that nobody can say. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from .levels import named


@dataclass(frozen=True)
class Rank:
    """A way to an app. `group`: empty where it is assigned directly; `priority`: None where none is given."""

    group: str
    level: str
    priority: int | None = None


def level_because(app: str, ranks: Sequence[Rank], level: str, *, listed: bool) -> str:
    """Why this level counts; empty where all ways give the same. `ranks`: the one that counts first.

    `listed`: the app's own list says the level, where the order of the groups does not.

    >>> level_because("Figma", [Rank("a", "Editor", 0), Rank("b", "Viewer", 1)], "Editor", listed=False)
    'Editor counts: in Figma, a comes before b (priority 0 before 1).'
    """
    first = ranks[0]
    other = next((rank for rank in ranks if rank.level != level), None)
    if other is None:
        return ""
    if not first.group:
        return f"{_counts(level)}: {app} is assigned directly, and that comes before any group."
    level_with = first.priority == other.priority
    if listed or level_with:
        order = "the same priority" if level_with and first.priority is not None else "no clear order"
        ways = " and ".join(f"{way.group} ({named(way.level) or 'no level'})" for way in (first, other))
        tie = f"{ways} have {order} in {app}"
        if listed:
            says = f"says {level}" if named(level) else "names no level"
            return f"{tie}; the app’s own list in Okta {says}."
        return f"{tie}, and Okta does not show which level counts."
    behind = f"before {other.priority}" if other.priority is not None else "before none"
    order = f"priority {first.priority} {behind}"
    return f"{_counts(level)}: in {app}, {first.group} comes before {other.group} ({order})."


def _counts(level: str) -> str:
    return f"{level} counts" if named(level) else "The assignment without a level counts"


def highest_because(app: str, level: str, levels: Sequence[str]) -> str:
    """The same where the highest level counts.

    >>> highest_because("api", "write", ["read", "write"])
    'write counts: of several levels, api gives the highest.'
    """
    return f"{_counts(level)}: of several levels, {app} gives the highest." if len({*levels}) > 1 else ""


def all_count(app: str, level: str, levels: Sequence[str]) -> str:
    """The same where levels add up.

    >>> all_count("AWS", "Billing, Audit", ["Billing", "Audit"])
    'Billing, Audit count together: in AWS, levels add up.'
    """
    return f"{level} count together: in {app}, levels add up." if len({*levels}) > 1 else ""
