"""Warnings about one rule, as of the last sync."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from orgmodel.queries.moments import Moment
from orgmodel.queries.rows import json_value
from orgmodel.queries.visibility import Viewer
from orgmodel.sources.roles import IS_DIRECTORY

ABOUT_OTHERS = ("duplicate", "contained", "cascade", "circle", "target-gone", "target-retired")
"""Kinds that name other rules and groups: not for those from whom some are hidden."""


class OtherRule(NamedTuple):
    """A rule that a remark names."""

    native_id: str
    name: str

    def as_json(self) -> dict[str, str]:
        return self._asdict()


@dataclass(frozen=True)
class RuleWarning:
    """One remark of lint. `column`: where in the expression, from 1."""

    kind: str
    severity: str
    sentence: str
    column: int | None
    rules: tuple[OtherRule, ...]
    since: datetime

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "severity": self.severity,
            "sentence": self.sentence,
            "column": self.column,
            "rules": [each.as_json() for each in self.rules],
            "since": self.since.isoformat(),
        }


def rule_warnings(native: str, moment: Moment, viewer: Viewer) -> tuple[RuleWarning, ...]:
    """The remarks that stood at the moment, the gravest first; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _STANDING,
            {
                "native": native,
                "at": moment.at,
                "unsaid": list(ABOUT_OTHERS) if viewer.hidden else [],
            },
        )
        return tuple(_warning(*row) for row in cursor.fetchall())


def _warning(severity: str, evidence: Any, since: datetime, others: Any) -> RuleWarning:
    details = json_value(evidence)
    rules = tuple(OtherRule(*each) for each in json_value(others) or ())
    return RuleWarning(details["kind"], severity, details["said"], details["column"], rules, since)


_STANDING = f"""
    SELECT severity, evidence, first_seen, (
        SELECT json_agg(json_build_array(r.native_id, v.name) ORDER BY lower(v.name))
        FROM orgmodel_rule r JOIN LATERAL (
            SELECT name FROM orgmodel_ruleversion WHERE rule_id = r.id ORDER BY began DESC LIMIT 1) v ON true
        WHERE r.source {IS_DIRECTORY} AND evidence -> 'rules' ? r.native_id)
    FROM orgmodel_finding
    WHERE detector LIKE 'rule-%%' AND evidence ->> 'rule' = %(native)s AND evidence ? 'said'
      AND first_seen <= %(at)s AND (resolved_at IS NULL OR resolved_at > %(at)s)
      AND evidence ->> 'kind' <> ALL(%(unsaid)s)
    ORDER BY array_position(ARRAY['high', 'medium', 'low'], severity), fingerprint"""
