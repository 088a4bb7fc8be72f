"""Reads all rules and everybody as the rules see them, for the detectors that judge rules."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from orgmodel.queries.moments import now
from orgmodel.queries.rows import json_value
from orgmodel.queries.rules.census import census
from orgmodel.reconcile.rule_snapshot import RuleSnapshot
from orgmodel.rules.remarks import Group, NamedRule, Tenant
from orgmodel.sources.roles import IS_DIRECTORY

_RULES = """
    SELECT r.native_id, v.expression, v.targets, v.excluded, v.name, v.status
    FROM orgmodel_ruleversion v JOIN orgmodel_rule r ON r.id = v.rule_id
    WHERE v.ended IS NULL AND r.ended IS NULL ORDER BY lower(v.name), r.native_id"""
# A group made anew under its old id is not gone; one that stands for two units is not retired with one.
_GROUPS = """
    SELECT DISTINCT ON (r.native_id) r.native_id, r.name, r.ended IS NOT NULL, r.id, EXISTS (
        SELECT FROM orgmodel_unitlink l JOIN orgmodel_orgunit u ON u.id = l.unit_id
        WHERE l.group_id = r.id AND l.ended IS NULL
        HAVING bool_and(u.ended IS NOT NULL OR NOT u.active OR coalesce(u.active_to <= %(today)s, false)))
    FROM orgmodel_resource r WHERE r.kind = 'group' ORDER BY r.native_id, r.ended DESC NULLS FIRST"""


def judge(today: date) -> RuleSnapshot:
    """Everything as it is now; six queries. `today` tells which units have come to their end."""
    rules = _rules()
    everybody = census({name for rule in rules for name in rule.reads}, now(), grouped=True, present=True)
    groups = _rows(_GROUPS, today=today)
    unread = {row[0] for row in _rows(_UNREAD)}
    read = {name: values for name, values in everybody.population.attributes.items() if name not in unread}
    return RuleSnapshot(
        rules,
        everybody.population,
        everybody.people,
        everybody.names,
        Tenant(
            people=len(everybody.people),
            schema=everybody.population.schema,
            values={name: _texts(values) for name, values in read.items()},
            filled={name: sum(map(_has_value, values)) for name, values in read.items()},
            groups={native: Group(name, gone, retired) for native, name, gone, _, retired in groups},
        ),
        {native: pk for native, _, gone, pk, _ in groups if not gone},
    )


_UNREAD = (
    f"SELECT name FROM orgmodel_profileattribute WHERE source {IS_DIRECTORY} AND ended IS NULL AND NOT kept"
)


def _rules() -> tuple[NamedRule, ...]:
    return tuple(
        NamedRule(
            native,
            expression,
            tuple(json_value(targets)),
            frozenset(json_value(excluded)),
            name=name,
            status=status,
        )
        for native, expression, targets, excluded, name, status in _rows(_RULES)
    )


def _texts(values: Iterable[Any]) -> Mapping[str, int]:
    """Text → people who have it, alone or in a list."""
    counted: Counter[str] = Counter()
    for value in values:
        several = value if isinstance(value, list) else [value]
        counted.update({each for each in several if isinstance(each, str) and each})
    return counted


def _has_value(value: Any) -> bool:
    return value not in (None, "", [])


def _rows(sql: str, **parameters: date) -> Sequence[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
