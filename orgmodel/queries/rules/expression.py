"""One expression, for somebody who asks: in words, and evaluated for a person or a made-up profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from orgmodel.queries.moments import now
from orgmodel.queries.refusals import NoAnswer
from orgmodel.rules.evaluate import Subject
from orgmodel.rules.explain import Explanation, explain
from orgmodel.rules.mistakes import BadExpression, Mistake
from orgmodel.rules.parse import parse
from orgmodel.rules.tree import Literal, Node, attributes_of, group_calls_of
from orgmodel.rules.words import in_words
from orgmodel.sources.roles import IS_DIRECTORY

from .rulebook import standpoint

BY_ID = frozenset({"isMemberOfGroup", "isMemberOfAnyGroup"})


class BadProfile(NoAnswer):
    """The made-up profile cannot be used; the text says what to do."""


@dataclass(frozen=True)
class Reading:
    """What an expression says. `explanation` is None where nobody was named or the expression is none."""

    words: str
    attributes: tuple[str, ...]
    explanation: Explanation | None
    error: Mistake | None

    def as_json(self) -> dict[str, Any]:
        return {
            "valid": self.error is None,
            "words": self.words,
            "value": self.explanation.value if self.explanation else None,
            "reason": (self.explanation.reason or None) if self.explanation else None,
            "clauses": [clause.as_json() for clause in self.explanation.clauses] if self.explanation else [],
            "attributes": list(self.attributes),
            "error": self.error.as_json() if self.error else None,
        }


def read_for_person(expression: str, person: int | None) -> Reading:
    """The expression for somebody, by the Okta account; None: in words alone."""
    found = standpoint(person, now()).subject if person is not None else None
    return _read(expression, lambda _, __: found)


def read_for_profile(expression: str, supplied: Mapping[str, Any]) -> Reading:
    """The expression for a made-up user: attributes, `groups` by name or id, `status`. Raises BadProfile."""
    groups, status = supplied.get("groups"), supplied.get("status", "")
    if groups is not None and not (isinstance(groups, list) and all(isinstance(g, str) for g in groups)):
        raise BadProfile("“groups” must be a list of names.")
    if not isinstance(status, str):
        raise BadProfile("“status” must be a text such as ACTIVE.")
    profile = {name: value for name, value in supplied.items() if name not in {"groups", "status"}}
    odd = next((name for name, value in profile.items() if isinstance(value, dict)), None)
    if odd is not None:
        raise BadProfile(f"The attribute “{odd[:80]}” must be a text, a number, true, false, null or a list.")

    def made_up(node: Node, names: Mapping[str, str]) -> Subject:
        return Subject(
            profile=profile,
            schema=_schema(),
            group_ids=None if groups is None else _ids(groups, node, names),
            group_names=None if groups is None else frozenset(groups),
            native_id=str(profile.get("id") or ""),
            status=status,
        )

    return _read(expression, made_up)


def _read(expression: str, subject_for: Any) -> Reading:
    try:
        node = parse(expression)
    except BadExpression as error:
        return Reading("", (), None, error.mistake)
    names = _group_names(node)
    subject = subject_for(node, names)
    explanation = explain(expression, node, subject, names) if subject else None
    return Reading(in_words(node, names), attributes_of(node), explanation, None)


def _groups_in(node: Node) -> list[str]:
    """The ids of groups that an expression names."""
    return [
        argument.value
        for call in group_calls_of(node)
        if call.name in BY_ID
        for argument in call.arguments
        if isinstance(argument, Literal) and isinstance(argument.value, str)
    ]


def _ids(groups: list[str], node: Node, names: Mapping[str, str]) -> frozenset[str] | None:
    """The ids behind names, as far as the expression asks for them; None where one is not known."""
    needed, own = _groups_in(node), frozenset(groups)
    if not own.isdisjoint(needed):
        return own | {native for native in needed if names.get(native) in own}
    if own and any(native not in names for native in needed):
        return None
    return frozenset(native for native in needed if names.get(native) in own)


def _group_names(node: Node) -> dict[str, str]:
    needed = _groups_in(node)
    if not needed:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT native_id, name FROM orgmodel_resource WHERE kind = 'group' AND native_id = ANY(%s)",
            [needed],
        )
        return dict(cursor.fetchall())


def _schema() -> frozenset[str] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT name FROM orgmodel_profileattribute WHERE source {IS_DIRECTORY} AND ended IS NULL"
        )
        return frozenset(row[0] for row in cursor.fetchall()) or None
