"""What about a rule made memberships begin or end: the rule is evaluated for before and after.

Only memberships of this run that a rule may have made are looked at, a batch of accounts at a time; and those
of the read before it, where an attribute has come in since that was late to show.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from orgmodel.facts import STATED
from orgmodel.queries.rows import in_batches, json_value
from orgmodel.sources.roles import DIRECTORIES, IS_DIRECTORY
from orgmodel.why.rule_causes import (
    AGAINST,
    AccountState,
    Blame,
    Instant,
    Known,
    RuleState,
    asks_for_groups,
    blame,
)

from .parameters import MergeParameters


@dataclass(frozen=True)
class Suspect:
    """A membership that began or ended, and the rules that may have made it so."""

    change: int
    joined: bool
    account: int
    native_id: str
    group: str
    rules: tuple[str, ...]
    attributed: bool
    """Okta, or its log, names the rules; else they are all that put anybody into the group."""
    logged: bool


@dataclass
class Timeline:
    """A value that was one thing until a moment, and another from then on; `values` are in order of time."""

    times: list[datetime] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, began: datetime, ended: datetime | None, value: Any) -> None:
        if self.times and self.times[-1] == began:
            self.values[-1] = value
        else:
            self.times.append(began)
            self.values.append(value)
        if ended:
            self.times.append(ended)
            self.values.append(None)

    def at(self, moment: datetime) -> Any:
        """The value at the moment; None before the first."""
        found = bisect_right(self.times, moment)
        return self.values[found - 1] if found else None


@dataclass
class Ground:
    """What is known of some rules and accounts since `recent`."""

    recent: datetime
    schema: frozenset[str] | None = None
    kept: frozenset[str] | None = None
    rules: dict[str, Timeline] = field(default_factory=dict)
    attributes: dict[int, dict[str, Timeline]] = field(default_factory=dict)
    groups: dict[int, dict[str, Timeline]] = field(default_factory=dict)
    """Account → group → its name while the account is in it."""
    names: dict[str, str] = field(default_factory=dict)
    """Native id of a rule or a group → its name."""
    grouped: bool = False
    """Memberships are known, and some rule asks for them."""


def judge_rules(parameters: MergeParameters, late: Sequence[int] = ()) -> None:
    """Say in each cause what about the rule turned; of these `late` changes, or of those of the run.

    Takes run, source, recent, seen.
    """
    suspects = _suspects(parameters, late)
    for some in in_batches(suspects):
        ground = _ground(some, parameters)
        _write([(each.change, cause) for each in some if (cause := _cause(each, ground)) is not None])


def _cause(suspect: Suspect, ground: Ground) -> dict[str, Any] | None:
    """What to add to the cause; None where there is nothing to add."""
    known = Known(suspect.native_id, suspect.group, ground.schema, ground.kept)
    found = [
        (native, blame(suspect.joined, _instants(native, suspect, ground), known)) for native in suspect.rules
    ]
    active = [each for native, each in found if _active(ground.rules.get(native))]
    if not suspect.logged and (AGAINST in active or all(each == AGAINST for _, each in found)):
        # A rule that still takes the account removed nobody, and one that does not take it added nobody.
        ended = suspect.attributed and not suspect.joined
        return {"kind": "unknown", **_named(suspect.rules[0], ground)} if ended else None
    # The list of members that names a rule may be older than the end of the rule.
    for native, each in sorted(found, key=lambda pair: not _active(ground.rules.get(pair[0]))):
        if each.kind not in {"rule", "against"}:
            proof = "log" if suspect.logged else STATED if suspect.attributed else "evaluated"
            return {"kind": "rule", "evidence": proof, **_named(native, ground), **_turn(each, ground)}
    return None


def _named(rule: str, ground: Ground) -> dict[str, str]:
    return {"rule": rule, "rule_name": ground.names[rule]} if rule in ground.names else {"rule": rule}


def _turn(found: Blame, ground: Ground) -> dict[str, Any]:
    """The keys of a cause that say what turned the rule’s answer."""
    at = found.at.isoformat() if found.at else None
    if found.kind == "attribute":
        return {
            "attribute": found.name,
            "before": found.before,
            "after": found.after,
            "attribute_at": at,
            "attribute_source": DIRECTORIES[0],
        }
    if found.kind == "group":
        name = ground.names.get(found.name, found.name)
        return {"membership": name, "membership_id": found.name, "joined": found.after, "attribute_at": at}
    return {"how": found.kind}


def _active(rule: Timeline | None) -> bool:
    last = rule.values[-1] if rule and rule.values else None
    return last is not None and last.status == "active"


def _instants(native: str, suspect: Suspect, ground: Ground) -> Sequence[Instant]:
    rule = ground.rules.get(native, Timeline())
    attributes = ground.attributes.get(suspect.account, {})
    groups = ground.groups.get(suspect.account, {})
    lines = (rule, *attributes.values(), *groups.values())
    times = sorted({ground.recent, *(time for line in lines for time in line.times if time > ground.recent)})
    return [
        Instant(
            time,
            rule.at(time),
            AccountState(
                {name: value for name, line in attributes.items() if (value := line.at(time)) is not None},
                {key: name for key, line in groups.items() if (name := line.at(time)) is not None}
                if ground.grouped
                else None,
            ),
        )
        for time in times
    ]


def _suspects(parameters: MergeParameters, late: Sequence[int]) -> list[Suspect]:
    which = "c.id = ANY(%(late)s)" if late else _OF_RUN
    with connection.cursor() as cursor:
        cursor.execute(_SUSPECTS.format(which), parameters.sql(late=list(late)))
        rows = cursor.fetchall()
    return [
        Suspect(change, joined, account, native, group, tuple(rules), attributed, logged)
        for change, joined, account, native, group, rules, attributed, logged in rows
        if rules
    ]


_OF_RUN = """
          c.run_id IN (%(run)s, (
            SELECT max(n.id) FROM orgmodel_run n WHERE n.source = %(source)s
              AND n.id < %(run)s AND n.outcome IN ('applied', 'unchanged')))
          AND (c.run_id = %(run)s OR (
            -- The read before this one may have been torn: the attribute came after the membership.
            NOT c.cause ?| ARRAY['attribute', 'membership', 'how']
            AND EXISTS (SELECT FROM orgmodel_change o WHERE o.run_id = %(run)s AND o.kind = 'attribute'
                        AND o.account_id = c.account_id)))"""
# A membership that changed its reason is judged by the rule that is new to it.
_SUSPECTS = """
    WITH judged AS (
        SELECT c.id, c.verb, c.account_id, a.native_id, r.native_id AS "group", f.rules, c.before, f.evidence,
               c.cause, c.evidence = 'log' AND c.cause ? 'rule' AS logged, c.resource_id
        FROM orgmodel_change c
        JOIN orgmodel_grant f ON f.id = c.fact
        JOIN orgmodel_account a ON a.id = c.account_id
        JOIN orgmodel_resource r ON r.id = c.resource_id
        WHERE c.kind = 'grant' AND NOT c.baseline AND {0}
          AND (c.cause = '{{}}' OR c.cause ->> 'kind' IN ('rule', 'system', 'import', 'unknown'))
    )
    SELECT id, verb <> 'ended', account_id, native_id, "group",
           CASE WHEN logged THEN ARRAY[cause ->> 'rule']
                WHEN verb = 'changed' THEN ARRAY(
                    SELECT x FROM unnest(rules) x WHERE NOT coalesce(before -> 'rules' ? x, false))
                WHEN cardinality(rules) > 0 THEN rules
                WHEN evidence = 'none' AND cause = '{{}}' THEN ARRAY(
                    SELECT DISTINCT u.native_id FROM orgmodel_rule u
                    JOIN orgmodel_ruleversion v ON v.rule_id = u.id
                    WHERE v.targets ? "group" AND (v.ended IS NULL OR v.ended > %(recent)s) ORDER BY 1)
                ELSE '{{}}' END,
           logged OR cardinality(rules) > 0, logged
    FROM judged ORDER BY account_id, id"""


def _ground(suspects: Iterable[Suspect], parameters: MergeParameters) -> Ground:
    rules = sorted({rule for each in suspects for rule in each.rules})
    accounts = sorted({each.account for each in suspects})
    ground = Ground(parameters.recent)
    parameters_of_rules = parameters.sql(rules=rules, accounts=accounts)
    with connection.cursor() as cursor:
        cursor.execute(_RULES, parameters_of_rules)
        for native, name, began, ended, status, expression, *lists in cursor.fetchall():
            state = RuleState(status, expression, *(frozenset(json_value(each)) for each in lists))
            ground.rules.setdefault(native, Timeline()).add(began, ended, state)
            ground.names[native] = name
        cursor.execute(_ATTRIBUTES, parameters_of_rules)
        for account, name, began, ended, value in cursor.fetchall():
            lines = ground.attributes.setdefault(account, {})
            lines.setdefault(name, Timeline()).add(began, ended, json_value(value))
        cursor.execute(_SCHEMA, parameters_of_rules)
        schema = dict(cursor.fetchall())
        if schema:
            ground.schema = frozenset(schema)
            ground.kept = frozenset(name for name, kept in schema.items() if kept)
        asking = any(
            asks_for_groups(state.expression)
            for line in ground.rules.values()
            for state in line.values
            if state is not None
        )
        ground.grouped = asking and {"grant", "resource"} <= set(parameters.seen)
        if ground.grouped:
            cursor.execute(_GROUPS, parameters_of_rules)
            for account, native, name, began, ended in cursor.fetchall():
                ground.names[native] = name
                lines = ground.groups.setdefault(account, {})
                lines.setdefault(native, Timeline()).add(began, ended, name)
    return ground


_RULES = """
    SELECT r.native_id, v.name, v.began, v.ended, v.status, v.expression, v.targets, v.excluded
    FROM orgmodel_ruleversion v JOIN orgmodel_rule r ON r.id = v.rule_id
    WHERE r.native_id = ANY(%(rules)s) AND (v.ended IS NULL OR v.ended > %(recent)s)
    ORDER BY r.native_id, v.began"""
# An attribute that nobody had before this row was not set then: it was read for the first time.
_ATTRIBUTES = """
    WITH read AS (
        SELECT t.account_id, t.name, t.began, t.ended, t.value, a.began AS since
        FROM orgmodel_attribute t JOIN orgmodel_account a ON a.id = t.account_id
        WHERE t.account_id = ANY(%(accounts)s) AND (t.ended IS NULL OR t.ended > %(recent)s)
    ), fresh AS (
        SELECT name, began FROM read WHERE began > %(recent)s GROUP BY name, began
        HAVING NOT EXISTS (
            SELECT FROM orgmodel_attribute o WHERE o.name = read.name AND o.account_id IS NOT NULL
              AND o.ended IS NULL AND o.began < read.began)
    )
    SELECT r.account_id, r.name, CASE WHEN f.name IS NULL OR r.since = r.began THEN r.began
               ELSE %(recent)s::timestamptz - interval '1 day' END, r.ended, r.value
    FROM read r LEFT JOIN fresh f ON f.name = r.name AND f.began = r.began
    ORDER BY r.account_id, r.name, r.began"""
_SCHEMA = f"SELECT name, kept FROM orgmodel_profileattribute WHERE source {IS_DIRECTORY} AND ended IS NULL"
_GROUPS = """
    SELECT g.account_id, r.native_id, r.name, g.began, g.ended FROM orgmodel_grant g
    JOIN orgmodel_entitlement e ON e.id = g.entitlement_id AND e.level = 'member'
    JOIN orgmodel_resource r ON r.id = e.resource_id AND r.kind = 'group'
    WHERE g.account_id = ANY(%(accounts)s) AND (g.ended IS NULL OR g.ended > %(recent)s)
    ORDER BY g.account_id, r.native_id, g.began"""


def _write(causes: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Add to the causes; that something is not known takes the place of what was there."""
    if not causes:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE orgmodel_change c
            SET cause = CASE WHEN x.cause ->> 'kind' = 'unknown' THEN '{}' ELSE c.cause END
                        || (jsonb_strip_nulls(x.cause) - 'evidence'),
                evidence = CASE WHEN x.cause ->> 'kind' = 'unknown' THEN 'none'
                                ELSE coalesce(x.cause ->> 'evidence', c.evidence) END
            FROM (SELECT * FROM unnest(%s::bigint[], %s::text[]) AS u (id, text)) y
            CROSS JOIN LATERAL (SELECT y.text::jsonb AS cause) x WHERE c.id = y.id""",
            [[change for change, _ in causes], [json.dumps(each) for _, each in causes]],
        )
