"""Why each change of this run happened: log event, rule, flipped attribute, in that order of proof.

Everything here works on the changes of one run, set by set. What cannot be known stays `unknown`.
"""

from typing import Any

from django.db import connection

# One transaction joins all lines of one request or job, so a line of a request or an import names the cause.
_TOGETHER = """
         WHEN v.transaction_id <> '' AND EXISTS (
            SELECT FROM orgmodel_logevent q
            WHERE q.transaction_id = v.transaction_id AND q.type LIKE '{0}%%') THEN '{1}'"""
_REQUEST, _IMPORT = (
    _TOGETHER.format(*pair) for pair in (("access.request.", "request"), ("system.import.", "import"))
)
_ACTOR_KIND = f"""
    CASE WHEN v.rule <> '' THEN 'rule' {_REQUEST} {_IMPORT}
         WHEN v.token_id <> '' OR v.actor_type IN ('PublicClientApp', 'OAuthClient')
              OR v.actor_id = ANY(%(automation)s) OR v.actor_name = ANY(%(automation)s) THEN 'automation'
         WHEN v.actor_type = 'SystemPrincipal' THEN 'system'
         WHEN v.actor_type = 'User' AND v.transaction_type = 'JOB' THEN 'system'
         WHEN v.actor_type = 'User' THEN 'admin' ELSE 'unknown' END"""

_EVENT_CAUSE = f"""
    cause = jsonb_strip_nulls(jsonb_build_object(
        'kind', {_ACTOR_KIND}, 'actor', nullif(left(v.actor_name, 200), ''),
        'actor_id', nullif(v.actor_id, ''), 'rule', nullif(v.rule, ''), 'event', v.uuid)),
    true_at = v.published, evidence = 'log'"""

# Which log line proves which kind of change. A removal is younger than the fact it ends.
_EVENTS: tuple[str, ...] = (
    """
    JOIN orgmodel_grant f ON f.id = c.fact
    JOIN orgmodel_account a ON a.id = c.account_id
    JOIN orgmodel_resource r ON r.id = c.resource_id
    JOIN orgmodel_logevent v ON v.account = a.native_id AND v."group" = r.native_id
     AND v.type = CASE c.verb WHEN 'ended' THEN 'group.user_membership.remove'
                              ELSE 'group.user_membership.add' END
     AND (c.verb <> 'ended' OR v.published > f.began - interval '10 minutes')
    WHERE c.kind = 'grant' AND c.resource_id IS NOT NULL""",
    """
    JOIN orgmodel_grant f ON f.id = c.fact
    JOIN orgmodel_account a ON a.id = c.account_id
    JOIN orgmodel_resource r ON r.id = c.app_id
    JOIN orgmodel_logevent v ON v.app = r.native_id AND v.account = a.native_id
     AND v.type = CASE c.verb WHEN 'ended' THEN 'application.user_membership.remove'
                              ELSE 'application.user_membership.add' END
     AND (c.verb <> 'ended' OR v.published > f.began - interval '10 minutes')
    WHERE c.kind = 'grant' AND c.app_id IS NOT NULL""",
    """
    JOIN orgmodel_edge f ON f.id = c.fact
    JOIN orgmodel_resource g ON g.id = c.resource_id
    JOIN orgmodel_resource r ON r.id = c.app_id
    JOIN orgmodel_logevent v ON v.app = r.native_id AND v."group" = g.native_id
     AND v.type = CASE c.verb WHEN 'ended' THEN 'group.application_assignment.remove'
                  WHEN 'changed' THEN 'group.application_assignment.update'
                  ELSE 'group.application_assignment.add' END
     AND (c.verb <> 'ended' OR v.published > f.began - interval '10 minutes')
    WHERE c.kind = 'edge'""",
    """
    JOIN orgmodel_account a ON a.id = c.account_id
    JOIN orgmodel_logevent v ON v.account = a.native_id AND v."group" = ''
     AND v.type = 'user.account.update_profile' AND c.attribute = ANY(v.changed)
     AND v.published > %(since)s
    WHERE c.kind = 'attribute' AND NOT c.baseline""",
)


def find_causes(parameters: dict[str, Any]) -> None:
    """Fill cause, evidence and true time of the run’s changes. Takes run, now, since, recent, automation."""
    with connection.cursor() as cursor:
        for joins in _EVENTS:
            cursor.execute(
                f"""
                UPDATE orgmodel_change t SET {_EVENT_CAUSE}
                FROM (SELECT DISTINCT ON (c.id) c.id AS change, v.id AS event
                      FROM orgmodel_change c {joins} AND c.run_id = %(run)s
                      ORDER BY c.id, v.published DESC) hit
                JOIN orgmodel_logevent v ON v.id = hit.event WHERE t.id = hit.change""",
                parameters,
            )
        cursor.execute(_HR, parameters)
        cursor.execute(_ATTRIBUTED, parameters)
        cursor.execute(_RULE_NAME, parameters)
        cursor.execute(_FLIPPED, parameters)
        cursor.execute(_ORIGIN, parameters)


_HR = """
    UPDATE orgmodel_change c SET cause = '{"kind": "hr"}', evidence = 'hr'
    FROM orgmodel_account a
    WHERE c.run_id = %(run)s AND c.kind = 'attribute' AND a.id = c.account_id AND a.source = 'hris'"""

# Okta's own attribution, where no log line says it.
_ATTRIBUTED = """
    UPDATE orgmodel_change c
    SET cause = jsonb_build_object('kind', 'rule', 'rule', f.rules[1]), evidence = 'okta'
    FROM orgmodel_grant f
    WHERE c.run_id = %(run)s AND c.kind = 'grant' AND f.id = c.fact
      AND cardinality(f.rules) > 0 AND (c.cause = '{}' OR c.cause ->> 'kind' IN ('system', 'import'))"""

_RULE_NAME = """
    UPDATE orgmodel_change c
    SET cause = c.cause || jsonb_build_object('rule_name', v.name), rule_id = r.id
    FROM orgmodel_rule r
    JOIN LATERAL (SELECT name FROM orgmodel_ruleversion v WHERE v.rule_id = r.id
                  ORDER BY v.began DESC LIMIT 1) v ON true
    WHERE c.run_id = %(run)s AND c.cause ? 'rule' AND r.native_id = c.cause ->> 'rule'"""

# The attribute that a rule reads and that changed for this person: in this run or in those just before.
_FLIPPED = r"""
    UPDATE orgmodel_change c
    SET cause = c.cause || jsonb_strip_nulls(jsonb_build_object(
            'attribute', x.attribute, 'before', x.before, 'after', x.after,
            'attribute_at', x.at, 'attribute_source', x.what))
    FROM (
        SELECT DISTINCT ON (c.id) c.id, o.attribute, o.before, o.after, o.at, o.what
        FROM orgmodel_change c
        JOIN orgmodel_ruleversion v ON v.rule_id = c.rule_id
         AND (v.ended IS NULL OR v.run_ended_id = %(run)s)
        JOIN orgmodel_change o ON o.person_id = c.person_id AND o.kind = 'attribute'
         AND NOT o.baseline AND o.at > %(recent)s
         AND v.expression ~ ('\muser\.' || o.attribute || '\M')
        WHERE c.run_id = %(run)s AND c.kind = 'grant' AND NOT c.baseline
        ORDER BY c.id, o.at DESC, (o.what = 'okta') DESC
    ) x WHERE x.id = c.id"""

# What the log says of a grant that nothing else explains becomes its origin: human, automation, request.
_ORIGIN = """
    UPDATE orgmodel_grant f
    SET origin = CASE WHEN f.origin = 'unknown' AND c.cause ->> 'kind' IN ('admin', 'automation', 'request')
                 THEN c.cause ->> 'kind' ELSE f.origin END,
        true_began = coalesce(f.true_began, c.true_at)
    FROM orgmodel_change c
    WHERE c.run_id = %(run)s AND c.kind = 'grant' AND c.verb <> 'ended' AND c.fact = f.id
      AND c.evidence = 'log'
      AND (f.origin = 'unknown' OR f.true_began IS NULL)"""
