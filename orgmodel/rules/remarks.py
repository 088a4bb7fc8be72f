"""The values of lint: a remark, the rules it is about, and their surroundings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from .population import Fit, Rule

Severity = Literal["high", "medium", "low"]
Kind = Literal[
    "invalid",
    "undocumented",
    "cannot-tell",
    "unknown-attribute",
    "empty-attribute",
    "near-value",
    "contradiction",
    "always",
    "never",
    "everybody",
    "duplicate",
    "contained",
    "cascade",
    "circle",
    "no-target",
    "target-gone",
    "target-retired",
    "many-rules",
    "many-targets",
    "many-excluded",
    "long-name",
]
SHOWN = 80
"""Characters of a name or value in a sentence."""


@dataclass(frozen=True)
class Remark:
    """One warning. `rules`: native ids of other rules concerned. `column`: where in the expression, from 1.

    `about`: what of the rule it is about, where one rule may have several of a kind.
    """

    kind: Kind
    severity: Severity
    sentence: str
    rules: tuple[str, ...] = ()
    column: int | None = None
    about: str = ""


@dataclass(frozen=True)
class NamedRule(Rule):
    """A rule with its name. Only active ones are compared with one another."""

    name: str = ""
    status: str = "active"


class Group(NamedTuple):
    """A group of which something is known. `retired`: the unit whose group it is no longer exists."""

    name: str
    gone: bool = False
    retired: bool = False


@dataclass(frozen=True)
class Tenant:
    """What stands around the rules.

    `people`: how many were looked at, without deprovisioned ones; 0: nothing is said about people. `fits`:
    rule → whom it takes. `schema`: the attributes that exist; None when that is not known. `values`:
    attribute → text → people who have it. `filled`: attribute that was read → people with any value.
    """

    people: int = 0
    fits: Mapping[str, Fit] = field(default_factory=dict)
    schema: frozenset[str] | None = None
    values: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    filled: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)

    def called(self, group: str) -> str:
        return quoted((group in self.groups and self.groups[group].name) or group)


def quoted(text: str) -> str:
    """A name or value on one line; its spaces stay, as they may be what is wrong."""
    line = "".join(sign if sign.isprintable() else "·" for sign in text)
    return f"“{line if len(line) <= SHOWN else line[: SHOWN - 1] + '…'}”"


def listed(items: Sequence[str], say: Callable[[str], str], most: int = 3) -> str:
    shown = [say(each) for each in items[:most]]
    if len(items) > most:
        return f"{', '.join(shown)} and {len(items) - most} more"
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))
