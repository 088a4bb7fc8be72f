"""A path from a reason to an entitlement, step by step, and the sentence that says it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from orgmodel.facts import Evidence, Origin
from orgmodel.rules.explain import Clause

StepKind = Literal["attribute", "rule", "group", "app", "direct"]


@dataclass(frozen=True)
class Step:
    """One step of a path. `level`: of an app step its level, of an attribute step the person's value."""

    kind: StepKind
    name: str
    native_id: str = ""
    level: str = ""
    expression: str = ""
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class Path:
    """How a person reaches an entitlement, with the kind of proof there is."""

    steps: tuple[Step, ...]
    sentence: str
    evidence: Evidence
    origin: Origin = "unknown"
    explained: bool | None = None
    """True: a live rule or automation keeps it so; False: nothing does; None: not known."""


def quoted(name: str) -> str:
    """A name in a sentence, so that its end can be seen."""
    return f"“{name}”"


def path_sentence(
    person: str,
    steps: Sequence[Step],
    origin: Origin,
    actor: str,
    evidence: Evidence,
    *,
    by_itself: bool = False,
) -> str:
    """The path in words a person would use. `by_itself`: Okta keeps everybody in the group.

    >>> path_sentence("Nadia", [Step("direct", "Figma"), Step("app", "Figma", level="Editor")],
    ...               "unknown", "", "okta")
    'Nadia has Figma as Editor, assigned directly and not through a group.'
    """
    apps = [step for step in steps if step.kind == "app"]
    groups = [step for step in steps if step.kind == "group"]
    rules = [step for step in steps if step.kind == "rule"]
    facts = [step for step in steps if step.kind == "attribute" and step.level]
    if not groups:
        by = f" by {actor}" if actor else ""
        return f"{person} has {_opened(apps)}, assigned directly{by} and not through a group."
    opening = "".join(f", which opens {_opened([app])}" for app in apps)
    first = groups[0].name
    if rules:
        known = " and ".join(f"{step.name} is {step.level}" for step in facts)
        premise = f"{person}’s {known}. " if known else ""
        several = "rules" if len(rules) > 1 else "rule"
        names = " and ".join(quoted(rule.name or rule.native_id) for rule in rules)
        puts = "put" if len(rules) > 1 else "puts"
        return f"{premise}The {several} {names} {puts} {person} into {first}{opening}."
    if by_itself:
        return f"{person} is in {first}, as everybody is{opening}."
    return f"{person} {_entry(origin, actor, evidence, first)}{opening}."


def _opened(apps: Sequence[Step]) -> str:
    named = [app.name + (f" as {app.level}" if app.level not in {"", "assigned"} else "") for app in apps]
    return " and ".join(named)


def _entry(origin: Origin, actor: str, evidence: Evidence, group: str) -> str:
    if origin == "admin":
        return f"was added to {group} by hand" + (f" by {actor}" if actor else "")
    if origin == "automation":
        return f"was put into {group} by " + (f"the automation {actor}" if actor else "an automation")
    if origin == "request":
        return f"was given {group} on request"
    if origin == "app":
        return f"is in {group}, a group that comes from an app"
    if evidence == "okta":
        return f"was added to {group} directly; who did it is not known"
    return f"is in {group}; why is not known"
