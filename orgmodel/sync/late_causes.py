"""What a late line of the log says of changes that were seen before it came.

Okta promises no time by which its log has a line: one may come after the change that it explains.
"""

from dataclasses import replace

from django.db import connection

from orgmodel.why.causes import TAKES_ALONG

from .causes import ACTOR_KIND, HIT, ORIGIN, PROVEN, RULE_NAME, take_along
from .parameters import MergeParameters
from .proofs import EVENTS
from .rule_causes import judge_rules

# A line proves what it would have proved in time: between the read before the change and the change.
_READ_BEFORE = """(
    SELECT max(n.started) - %(clocks)s FROM orgmodel_run n
    WHERE n.source = %(source)s AND n.id < c.run_id AND n.outcome IN ('applied', 'unchanged'))"""
# A profile was changed twice before it was read, and the first line was known first. The line of what was
# seen by a later read has explained that already.
_LATER_VALUE = """(c.kind = 'attribute' AND c.evidence = 'log' AND c.true_at < v.published AND NOT EXISTS (
            SELECT FROM orgmodel_change p
            WHERE p.person_id = c.person_id AND p.account_id = c.account_id AND p.kind = c.kind
              AND p.attribute = c.attribute AND p.run_id > c.run_id AND p.cause ->> 'event' = v.uuid))"""
# Somebody's own act is known better than what was inferred of rules and of what ended with something, and
# than what Okta itself did to the same thing meanwhile. A line that names another rule is right about that.
_LATE = f"""
    c.run_id <> %(run)s AND NOT c.baseline AND v.published <= c.at
    AND v.uuid IN (SELECT uuid FROM stage_event) AND (
        coalesce(c.cause ->> 'kind', 'unknown') = 'unknown' AND (v.rule <> '' OR NOT c.cause ? 'rule')
        OR (c.cause ->> 'kind' = 'rule' AND c.evidence <> 'log' AND v.rule NOT IN ('', c.cause ->> 'rule'))
        OR {_LATER_VALUE}
        OR (coalesce(c.cause ->> 'kind', 'unknown') = 'unknown'
            OR c.cause ->> 'kind' = 'rule' AND c.evidence <> 'log'
            OR c.cause ->> 'kind' = 'system'
            OR c.cause ->> 'kind' = ANY(%(along)s))
           AND {ACTOR_KIND} NOT IN ('system', 'import', 'unknown', 'rule'))"""
_HITS = " UNION ALL ".join(f"{HIT} {joins} AND {_LATE}" for joins in EVENTS).replace(
    "%(since)s", _READ_BEFORE
)


# Okta, or its log, may name a rule that was made after the rules had been read.
_NAME_RULES = """
    UPDATE orgmodel_change c
    SET cause = c.cause || jsonb_build_object('rule_name', v.name), rule_id = v.rule_id
    FROM orgmodel_ruleversion v JOIN orgmodel_rule r ON r.id = v.rule_id
    WHERE v.began = %(now)s AND NOT EXISTS (
          SELECT FROM orgmodel_ruleversion e WHERE e.rule_id = v.rule_id AND e.began < v.began)
      AND c.at > %(since)s - interval '1 day' AND NOT c.baseline
      AND c.cause ->> 'rule' = r.native_id AND NOT c.cause ? 'rule_name'"""


_NO_RULE = """
    UPDATE orgmodel_change SET rule_id = NULL
    WHERE id = ANY(%(late)s) AND rule_id IS NOT NULL AND NOT cause ? 'rule'"""


def find_late_causes(parameters: MergeParameters) -> None:
    """What this run says of earlier changes: lines of the log, new rules. Takes what find_causes takes."""
    with connection.cursor() as cursor:
        cursor.execute(_NAME_RULES, parameters.sql())
        cursor.execute("SELECT EXISTS (SELECT FROM stage_event)")
        if not cursor.fetchone()[0]:
            return
        values = parameters.sql(along=sorted(TAKES_ALONG))
        cursor.execute(f"{PROVEN.format(_HITS)} RETURNING t.id, t.run_id", values)
        rows = cursor.fetchall()
        if not rows:
            return
        for run in sorted({run for _, run in rows}):
            take_along(replace(parameters, run=run))
        late = {"late": [change for change, _ in rows]}
        cursor.execute(_NO_RULE, late)
        cursor.execute(RULE_NAME.format("c.id = ANY(%(late)s)"), late | {"source": parameters.source})
        cursor.execute(ORIGIN.format("c.id = ANY(%(late)s)"), late)
    judge_rules(parameters, late["late"])
