"""The clause of a rule that changed its truth when an attribute did, in words. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from orgmodel.rules.confidential import Secrets
from orgmodel.rules.evaluate import Subject
from orgmodel.rules.explain import Clause, explain
from orgmodel.rules.mistakes import BadExpression
from orgmodel.rules.parse import parse
from orgmodel.rules.words import Names

from .causes import Cause, flip
from .paths import quoted

SOURCES = {"okta": "in Okta", "hris": "in the HR record"}


@dataclass(frozen=True)
class Version:
    """What a rule said from a moment on. `status` is DELETED where the rule is gone."""

    began: datetime
    name: str
    status: str
    expression: str

    def told(self, secrets: Secrets) -> "Version":
        """The version as it is told to whoever may not know these secrets."""
        return replace(self, name=secrets.label(self.name), expression=secrets.expression(self.expression))


def flipped(expression: str, cause: Cause, names: Names | None = None) -> tuple[Clause, ...]:
    """The clauses that hold after the attribute of the cause changed and did not before, or the other way."""
    try:
        node = parse(expression)
    except BadExpression:
        return ()
    before, after = (
        explain(expression, node, Subject({cause.attribute: _value(value)}), names).clauses
        for value in (cause.before, cause.after)
    )
    return tuple(
        now
        for was, now in zip(before, after, strict=True)
        if None not in {was.holds, now.holds} and was.holds != now.holds
    )


def _value(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def flip_sentence(
    cause: Cause, clauses: tuple[Clause, ...], versions: tuple[Version, ...], at: datetime
) -> str:
    """Why a rule took somebody, or let them go, at a moment; empty where it is not known.

    `versions`: what the rule said then and before, newest first.

    >>> cause = Cause("rule", rule="0pr1", rule_name="Red", attribute="team", before="red", after="blue")
    >>> flip_sentence(cause, (Clause('user.team == "red"', "blue", False, "team is red"),), (), datetime.max)
    'The rule “Red” asks that team is red, which holds no more: team changed from red to blue.'
    """
    rule = quoted(cause.rule_name or cause.rule)
    if cause.attribute:
        when = f" on {cause.attribute_at[:10]}" if cause.attribute_at else ""
        where = SOURCES.get(cause.attribute_source, "")
        change = f"{flip(cause)}{when}{f' {where}' if where else ''}"
        if not clauses:
            return f"The rule {rule} looks at {cause.attribute}: {change}."
        asked = " and ".join(clause.words for clause in clauses)
        holds = "holds now" if clauses[0].holds else "holds no more"
        return f"The rule {rule} asks that {asked}, which {holds}: {change}."
    return _changed(rule, versions) if versions and versions[0].began == at else ""


def _changed(rule: str, versions: tuple[Version, ...]) -> str:
    """The rule itself is what changed."""
    now, was = versions[0], versions[1] if len(versions) > 1 else None
    if now.status == "DELETED":
        return f"The rule {rule} was deleted."
    if was and was.status != now.status:
        return f"The rule {rule} was {'switched on' if now.status == 'ACTIVE' else 'switched off'}."
    if was and was.expression != now.expression:
        return f"The rule {rule} was changed: it asked for {was.expression} and asks for {now.expression}."
    return f"The rule {rule} was {'changed' if was else 'made'}."
