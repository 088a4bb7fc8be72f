"""One attribute: its values, the rules that read it, and what each value leads to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from orgmodel.queries.access.counts import recounted, shown
from orgmodel.queries.access.routes import usable
from orgmodel.queries.access.target import Target, columns
from orgmodel.queries.moments import Moment
from orgmodel.queries.nearest import nearest
from orgmodel.queries.people import NotFound
from orgmodel.queries.rows import json_value
from orgmodel.queries.targets import SEEN, TARGETS
from orgmodel.queries.visibility import Viewer
from orgmodel.sources.roles import IS_DIRECTORY

from .rule_evaluation import RuleText
from .rulebook import in_force

NAME = re.compile(r"[^\W\d]\w*")
MOST_VALUES = 200
PERSONAL = 0.5
"""Where more than this share of the values are different ones, they name people, not groups of people."""
FEW = 20
"""People below which that share says nothing."""


@dataclass(frozen=True)
class Leading:
    """A rule that looks for a value, with what it puts people into and how many apps that opens."""

    native_id: str
    key: str
    name: str
    status: str
    expression: str
    targets: tuple[Target, ...]
    apps: int


@dataclass(frozen=True)
class ValueRow:
    """A value, how many people have it, and the rules that look for just this value."""

    value: str
    people: int
    rules: tuple[Leading, ...]


@dataclass(frozen=True)
class AttributePage:
    """An attribute of the Okta profile. `rules`: those that read it; `personal`: values are not shown."""

    name: str
    title: str
    type: str
    filled: int
    of: int
    different: int
    personal: bool
    values: tuple[ValueRow, ...]
    rules: tuple[Leading, ...]
    waiting: tuple[tuple[str, Leading], ...]
    """Values that a rule looks for and nobody has."""

    @property
    def empty(self) -> int:
        return self.of - self.filled

    def as_json(self) -> dict[str, Any]:
        return {
            "attribute": self.name,
            "title": self.title,
            "type": self.type,
            "people": self.of,
            "filled": self.filled,
            "different": self.different,
            "values": [
                {"value": each.value, "people": each.people, "rules": [rule.name for rule in each.rules]}
                for each in self.values
            ],
            "rules": [{"name": each.name, "native_id": each.native_id} for each in self.rules],
            "nobody_has": [{"value": value, "rule": rule.name} for value, rule in self.waiting],
        }


def attribute_page(name: str, moment: Moment, viewer: Viewer) -> AttributePage:
    """The attribute at the moment; three queries. Raises NotFound for one that nobody knows."""
    if not NAME.fullmatch(name):
        raise NotFound("attribute", name)
    title, kind, known = _schema(name, moment)
    rules = _rules(name, moment, viewer)
    filled, of, different, values = _values(name, moment)
    if not (filled or rules or name in known):
        raise NotFound("attribute", name, nearest(name, [(each, each) for each in known]))
    by_value = _rules_by_value(name, rules)
    personal = of > FEW and different > PERSONAL * max(filled, 1)
    rows = tuple(ValueRow(value, people, by_value.get(value, ())) for value, people in values)
    had = {value for value, _ in values}
    return AttributePage(
        name,
        title,
        kind,
        filled,
        of,
        different,
        personal,
        () if personal else rows,
        rules,
        tuple((value, rule) for value, some in by_value.items() if value not in had for rule in some)
        if different <= MOST_VALUES
        else (),
    )


def _rules_by_value(name: str, rules: Iterable[Leading]) -> dict[str, tuple[Leading, ...]]:
    """Value → the rules in force that fit nobody without it."""
    found: dict[str, tuple[Leading, ...]] = {}
    for rule in rules:
        anchor = in_force(RuleText(rule.native_id, rule.name, rule.status, rule.expression)).anchor
        if rule.status == "active" and anchor and anchor.attribute == name and not anchor.prefix:
            for text in sorted(anchor.texts):
                found[text] = (*found.get(text, ()), rule)
    return found


def _schema(name: str, moment: Moment) -> tuple[str, str, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.name, c.title, c.type FROM orgmodel_profileattribute c"
            f" WHERE c.source {IS_DIRECTORY} AND {moment.holds('c')} ORDER BY c.name",
            {"at": moment.at},
        )
        known = {row[0]: row[1:] for row in cursor.fetchall()}
    title, kind = known.get(name, ("", ""))
    return title, kind, list(known)


def _values(name: str, moment: Moment) -> tuple[int, int, int, list[tuple[str, int]]]:
    """People with a value, people, different values, and the most frequent values."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH said AS (
                SELECT t.value #>> '{{}}' AS value FROM orgmodel_account a
                LEFT JOIN orgmodel_attribute t
                  ON t.account_id = a.id AND t.name = %(name)s AND {moment.holds("t")}
                WHERE a.source {IS_DIRECTORY} AND a.person_id IS NOT NULL AND {usable(moment)}
            )
            SELECT value, count(*), sum(count(*)) OVER (), count(*) OVER () FROM said
            GROUP BY value ORDER BY coalesce(value, '') <> '', count(*) DESC, value
            LIMIT {MOST_VALUES + 2}""",
            {"name": name, "at": moment.at},
        )
        rows = cursor.fetchall()
    # Null and the empty text come first, so that no limit cuts them off.
    none = [row for row in rows if not row[0]]
    of, different = (int(rows[0][2]), rows[0][3] - len(none)) if rows else (0, 0)
    values = [(row[0], row[1]) for row in rows if row[0]][:MOST_VALUES]
    return of - sum(row[1] for row in none), of, different, values


def _rules(name: str, moment: Moment, viewer: Viewer) -> tuple[Leading, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            rf"""
            WITH RECURSIVE {recounted(viewer)}
            SELECT r.native_id, v.name, v.status, v.expression, r.key, (
                SELECT json_agg(json_build_array({columns("g")}) ORDER BY lower(g.name))
                FROM {TARGETS.format("g")}), (
                SELECT coalesce(sum({shown("g", "opens")}), 0)
                FROM {TARGETS.format("g")} LEFT JOIN counted n ON n.id = g.id)
            FROM orgmodel_ruleversion v JOIN orgmodel_rule r ON r.id = v.rule_id
            WHERE {moment.holds("v")} AND v.expression ~ ('\muser\.' || %(name)s || '\M')
              AND {SEEN}
            ORDER BY lower(v.name)""",
            {"name": name, "at": moment.at, "hidden": sorted(viewer.hidden)},
        )
        return tuple(_leading(viewer, *row) for row in cursor.fetchall())


def _leading(viewer: Viewer, *row: Any) -> Leading:
    rule, (key, targets, apps) = RuleText(*row[:4]).redacted(viewer.secrets), row[4:]
    into = tuple(Target(*each) for each in json_value(targets) or ())
    return Leading(rule.native_id, key, rule.name, rule.status, rule.expression, into, int(apps))
