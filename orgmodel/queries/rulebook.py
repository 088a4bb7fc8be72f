"""All rules in force, and one person as they see them: the ground of what-if."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from orgmodel.rules.evaluate import Subject
from orgmodel.rules.lookup import RuleBook
from orgmodel.rules.population import Rule

from .moments import Moment
from .proof import ACCOUNT, RULE, SCHEMA, RuleText, at_moment, gathered
from .rows import json_value
from .targets import SEEN, TARGETS
from .visibility import OPERATOR, Viewer


@dataclass(frozen=True)
class Book:
    """The rules in force by native id, ready to be asked."""

    rules: dict[str, RuleText]
    asked: RuleBook
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
    known: dict[str, list[str]]
    """Attribute → the values that people have, of the attributes asked about."""


def book(moment: Moment, viewer: Viewer = OPERATOR) -> Book:
    """The rules in force at the moment but those that feed only what is hidden; one query."""
    return _book(_rows(_IN_FORCE + " UNION ALL " + SCHEMA, moment, {"hidden": sorted(viewer.hidden)}), viewer)


def standpoint(
    person: int, attributes: Collection[str], moment: Moment, viewer: Viewer = OPERATOR
) -> Standpoint:
    """The rules in force, the person as they see them, and what is known of these attributes; one query.

    Rules that feed only what is hidden are left out; whoever may not see all groups is told nobody else's.
    """
    given: dict[str, Any] = {"person": person, "accounts": [], "grouped": True, "names": list(attributes)}
    given["hidden"] = sorted(viewer.hidden)
    rows = _rows(" UNION ALL ".join((_IN_FORCE, SCHEMA, ACCOUNT, _TYPES, _VALUES)), moment, given)
    found = next(iter(gathered(rows, viewer).subjects.items()), (0, None))
    known: dict[str, list[str]] = {}
    for name, value in (row for kind, row in rows if kind == "value"):
        known.setdefault(name, []).append(value)
    types = next(row for kind, row in rows if kind == "types")
    return Standpoint(_book(rows, viewer), found[0], found[1], types or {}, known)


def in_force(rule: RuleText) -> Rule:
    """The rule as it is evaluated."""
    return Rule(rule.native_id, rule.expression, rule.targets, frozenset(rule.excluded))


def _rows(sql: str, moment: Moment, given: dict[str, Any]) -> list[tuple[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(at_moment(sql, moment), {**given, "at": moment.at})
        return [(kind, json_value(values)) for kind, values in cursor.fetchall()]


def _book(rows: list[tuple[str, Any]], viewer: Viewer) -> Book:
    rules = gathered(rows, viewer).rules
    names: dict[str, str] = {}
    for named in (row for kind, row in rows if kind == "named"):
        names.update(named or {})
    return Book(rules, RuleBook((in_force(rule) for rule in rules.values()), names), names)


_FROM = "FROM orgmodel_ruleversion v JOIN orgmodel_rule r ON r.id = v.rule_id"
_IN_FORCE = f"""
    SELECT 'rule', {RULE} {_FROM} WHERE {{rule}} AND v.status = 'ACTIVE' AND {SEEN}
    UNION ALL
    SELECT 'named', (SELECT jsonb_object_agg(g.native_id, g.name) FROM {TARGETS.format("g")})
    {_FROM} WHERE {{rule}} AND v.status = 'ACTIVE' AND {SEEN} AND v.targets <> '[]'"""
_TYPES = """
    SELECT 'types', (SELECT jsonb_object_agg(c.name, c.type) FROM orgmodel_profileattribute c
                     WHERE c.source = 'okta' AND {schema})"""
_VALUES = """
    SELECT 'value', said FROM (
        SELECT DISTINCT jsonb_build_array(t.name, t.value #>> '{{}}') AS said FROM orgmodel_attribute t
        JOIN orgmodel_account a ON a.id = t.account_id AND a.source = 'okta'
        WHERE {value} AND t.name = ANY(%(names)s) LIMIT 20000) had"""
