"""All rules in force, and one person as they see them: the basis of what-if."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from orgmodel.queries.moments import Moment
from orgmodel.queries.rows import json_value
from orgmodel.queries.targets import SEEN, TARGETS
from orgmodel.queries.together import Lasting, ask, rows
from orgmodel.queries.visibility import OPERATOR, Viewer
from orgmodel.rules.evaluate import Subject
from orgmodel.rules.population import Rule
from orgmodel.rules.rule_index import RuleBook
from orgmodel.sources.roles import IS_DIRECTORY

from .rule_evaluation import ACCOUNT, RULE, SCHEMA, RuleText, at_moment, gathered


@dataclass(frozen=True)
class Book:
    """The rules in force by native id, ready to be asked."""

    rules: dict[str, RuleText]
    rulebook: RuleBook
    names: dict[str, str]
    """Native id of a group that a rule aims at → its name."""


@dataclass(frozen=True)
class Standpoint:
    """The rules and one person. `subject` is None without an Okta account."""

    book: Book
    account: int
    subject: Subject | None
    types: dict[str, str]
    """Attribute → its type; empty when the schema is not known."""
    rows: list[tuple[str, Any]]
    """What was asked together with it."""


def book(moment: Moment, viewer: Viewer = OPERATOR) -> Book:
    """The rules in force at the moment but those that feed only what is hidden; one query."""
    return _book(_rows(_IN_FORCE + " UNION ALL " + SCHEMA, moment, {"hidden": sorted(viewer.hidden)}), viewer)


def standpoint(
    person: int,
    moment: Moment,
    viewer: Viewer = OPERATOR,
    *,
    beside: tuple[str, str, Mapping[str, Any]] = ("", "", {}),
    known: Book | None = None,
) -> Standpoint:
    """The rules in force and the person as they see them; one query.

    Rules that feed only what is hidden are left out; whoever may not see all groups is told nobody else's.
    `beside`: the head of another question, the question (after UNION ALL) and its parameters.
    `known`: the rules, where they are at hand.
    """
    parameters: dict[str, Any] = {"person": person, "accounts": [], "grouped": True, **beside[2]}
    parameters["hidden"] = sorted(viewer.hidden)
    statements = (*(() if known else (_IN_FORCE,)), SCHEMA, ACCOUNT, _TYPES)
    stated = _rows(" UNION ALL ".join(statements), moment, parameters, beside[:2])
    found = next(iter(gathered(stated, viewer).subjects.items()), (0, None))
    types = next(row for kind, row in stated if kind == "types")
    return Standpoint(known or _book(stated, viewer), found[0], found[1], types or {}, stated)


def in_force(rule: RuleText) -> Rule:
    """The rule as it is evaluated."""
    return _in_force(rule.native_id, rule.expression, rule.targets, rule.excluded)


@lru_cache(maxsize=8192)
def _in_force(native_id: str, expression: str, targets: tuple[str, ...], excluded: tuple[str, ...]) -> Rule:
    """Kept, since a rule finds out once what it reads and what it can be looked up by."""
    return Rule(native_id, expression, targets, frozenset(excluded))


def _rows(
    sql: str, moment: Moment, parameters: dict[str, Any], beside: tuple[str, str] = ("", "")
) -> list[tuple[str, Any]]:
    statement = Lasting(f"{beside[0]} {at_moment(sql, moment)} {beside[1]}")
    found = ask(rows(statement, {**parameters, "at": moment.at}))
    return [(kind, json_value(values)) for kind, values in found]


def _book(stated: list[tuple[str, Any]], viewer: Viewer) -> Book:
    rules = gathered(stated, viewer).rules
    names: dict[str, str] = {}
    for named in (row for kind, row in stated if kind == "named"):
        names.update(named or {})
    return Book(rules, RuleBook((in_force(rule) for rule in rules.values()), names), names)


_FROM = "FROM orgmodel_ruleversion v JOIN orgmodel_rule r ON r.id = v.rule_id"
_IN_FORCE = f"""
    SELECT 'rule', {RULE} {_FROM} WHERE {{rule}} AND v.status = 'active' AND {SEEN}
    UNION ALL
    SELECT 'named', (SELECT jsonb_object_agg(g.native_id, g.name) FROM {TARGETS.format("g")})
    {_FROM} WHERE {{rule}} AND v.status = 'active' AND {SEEN} AND v.targets <> '[]'"""
_TYPES = f"""
    SELECT 'types', (SELECT jsonb_object_agg(c.name, c.type) FROM orgmodel_profileattribute c
                     WHERE c.source {IS_DIRECTORY} AND {{schema}})"""
