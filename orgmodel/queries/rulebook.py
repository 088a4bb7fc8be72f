"""All rules in force, and one person as they see them: the ground of what-if."""

from dataclasses import dataclass

from django.db import connection

from orgmodel.rules.evaluate import Subject
from orgmodel.rules.lookup import RuleBook
from orgmodel.rules.population import Rule

from .moments import Moment
from .proof import RuleText, proofs
from .rows import json_value
from .targets import TARGETS


@dataclass(frozen=True)
class Book:
    """The rules in force by native id, ready to be asked."""

    rules: dict[str, RuleText]
    asked: RuleBook
    names: dict[str, str]
    """Native id of a group that a rule aims at → its name."""


def book(moment: Moment) -> Book:
    """The rules in force at the moment; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT r.native_id, v.name, v.status, v.expression, v.targets, v.excluded, (
                SELECT json_object_agg(g.native_id, g.name) FROM {TARGETS.format("g")})
            FROM orgmodel_ruleversion v JOIN orgmodel_rule r ON r.id = v.rule_id
            WHERE {moment.holds("v")} AND v.status = 'ACTIVE' ORDER BY r.native_id""",
            {"at": moment.at},
        )
        rules: dict[str, RuleText] = {}
        names: dict[str, str] = {}
        for native, name, status, expression, targets, excluded, named in cursor.fetchall():
            told = tuple(json_value(targets)), tuple(json_value(excluded))
            rules[native] = RuleText(native, name, status, expression, *told)
            names.update(json_value(named) or {})
    asked = RuleBook((in_force(rule) for rule in rules.values()), names)
    return Book(rules, asked, names)


def in_force(rule: RuleText) -> Rule:
    """The rule as it is evaluated."""
    return Rule(rule.native_id, rule.expression, rule.targets, frozenset(rule.excluded))


def subject_of(person: int, moment: Moment) -> tuple[int, Subject] | None:
    """The Okta account of the person and how rules see it; None without one."""
    return next(iter(proofs(moment, person=person, grouped=True).subjects.items()), None)
