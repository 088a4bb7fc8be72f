"""What a detector is and what it yields: a finding with a stable fingerprint and a sentence for people."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from django.db import connection

from orgmodel.conventions import Conventions
from orgmodel.sources.fix import Fix, short
from orgmodel.sources.roles import DIRECTORIES

from .rule_snapshot import RuleSnapshot

__all__ = [
    "DETECTORS",
    "TRUTH",
    "Context",
    "Detector",
    "Finder",
    "Fix",
    "Found",
    "Severity",
    "counted",
    "detector",
    "listed",
    "rows",
    "short",
    "written",
]

Severity = Literal["high", "medium", "low"]
TRUTH = "truth"
"""Stands for the source that speaks for people, wherever a detector names the sources it needs."""


@dataclass(frozen=True)
class Found:
    """One difference. `key`: native ids that make it the same finding in the next run."""

    key: tuple[str, ...]
    sentence: str
    people: tuple[int, ...] = ()
    resources: tuple[int, ...] = ()
    evidence: dict[str, Any] = field(default_factory=dict)
    """Ids, times and values that prove it; JSON."""
    fix: tuple[Fix, ...] = ()
    severity: Severity | None = None
    """Where it is not the detector's own."""


@dataclass(frozen=True)
class Context:
    """What detectors may lean on. `truth`: the source that speaks for people."""

    conventions: Conventions
    truth: str
    now: datetime
    today: date
    rule_snapshot: Callable[[], RuleSnapshot]
    """All rules and everybody, read when the first detector asks."""


FIRST_ACCOUNT = "(SELECT f.native_id FROM orgmodel_account f WHERE f.person_id = {}.id ORDER BY f.id LIMIT 1)"
"""SQL over an alias of a person: the native id of their first account, by which its system finds them."""

Finder = Callable[[Context], Iterable[Found]]


@dataclass(frozen=True)
class Detector:
    """A named detector. Without the facts it `needs` and the `sources` it compares it does not judge."""

    name: str
    title: str
    severity: Severity
    needs: frozenset[str]
    """Kinds of facts."""
    sources: frozenset[str]
    find: Finder

    def can_judge(self, truth: str, uncovered: Collection[str], applied: Collection[str]) -> bool:
        """Whether all it looks at is visible. `applied`: sources that were read whole at least once."""
        return not self.needs.intersection(uncovered) and self.reads(truth).issubset(applied)

    def reads(self, truth: str) -> frozenset[str]:
        """The sources by name."""
        return frozenset(truth if source == TRUTH else source for source in self.sources)

    def fingerprint(self, found: Found) -> str:
        """The same for the same subjects, whatever they are called today."""
        text = "\x1f".join((self.name, *found.key))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


DETECTORS: dict[str, Detector] = {}
"""All detectors by name, in the order in which the page shows them."""


def detector(
    name: str, title: str, severity: Severity, *needs: str, sources: Iterable[str] = DIRECTORIES
) -> Callable[[Finder], Finder]:
    """Register a detector. `needs`: kinds of facts it cannot do without (account, grant, seat …)."""

    def register(find: Finder) -> Finder:
        DETECTORS[name] = Detector(name, title, severity, frozenset(needs), frozenset(sources), find)
        return find

    return register


def rows(sql: str, parameters: dict[str, Any] | None = None) -> list[Sequence[Any]]:
    """The rows of one query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or {})
        return list(cursor.fetchall())


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names in a sentence.

    >>> listed(["Figma", "Slack", "Datadog", "GitHub", "Miro"])
    'Figma, Slack, Datadog and 2 more'
    """
    shown = [short(name) for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else "".join(shown)


def written(day: date) -> str:
    """A day as people write it: 3 March 2026."""
    return f"{day.day} {day:%B %Y}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 person`, `3 people`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
