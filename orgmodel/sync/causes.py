"""Why each change of this run happened: log event, what ended with it, rule, in this order of proof.

Everything here works on the changes of one run, set by set. What cannot be known stays `unknown`.
"""

from django.db import connection

from orgmodel.facts import STATED
from orgmodel.sources.roles import IS_HR
from orgmodel.sources.state_words import ENDED_VALUES

from .governance_causes import find_governed
from .parameters import MergeParameters
from .proofs import EVENTS
from .rule_causes import judge_rules

# One transaction joins all lines of one request or job: a line of another type in it names the cause.
_TOGETHER = """EXISTS (
            SELECT FROM orgmodel_logevent q
            WHERE q.transaction_id = v.transaction_id AND q.type LIKE '{0}%%')"""
_TELLING = (
    ("access.request.", "request"),
    ("app.access_request.", "request"),
    ("access.review.", "certification"),
    ("certification.", "certification"),
    ("governance.", "governance"),
    ("resource.collection.", "governance"),
    ("system.identity_sources.", "import"),
    ("system.import.", "import"),
)
"""How a type of line begins, and what it tells of all that happens in its transaction."""
_JOINED = " ".join(
    f"WHEN v.transaction_id <> '' AND {_TOGETHER.format(begins)} THEN '{kind}'" for begins, kind in _TELLING
)
ACTOR_KIND = f"""
    CASE WHEN v.rule <> '' THEN 'rule' {_JOINED}
         WHEN v.token_id <> '' OR v.actor_type IN ('PublicClientApp', 'OAuthClient')
              OR v.actor_id = ANY(%(automation)s) OR v.actor_name = ANY(%(automation)s) THEN 'automation'
         WHEN v.actor_type = 'SystemPrincipal' THEN 'system'
         WHEN v.actor_type = 'User' AND v.transaction_type = 'JOB' THEN 'system'
         WHEN v.actor_type = 'User' THEN 'admin' ELSE 'unknown' END"""

_EVENT_CAUSE = f"""
    cause = jsonb_strip_nulls(jsonb_build_object(
        'kind', {ACTOR_KIND}, 'actor', nullif(left(v.actor_name, 200), ''),
        'actor_id', nullif(v.actor_id, ''), 'rule', nullif(v.rule, ''), 'event', v.uuid)),
    true_at = v.published, evidence = 'log'"""


# Of lines of one millisecond the one counts that stands last in the log.
PROVEN = f"""
    UPDATE orgmodel_change t SET {_EVENT_CAUSE}
    FROM (SELECT DISTINCT ON (change) change, event FROM ({{0}}) x
          ORDER BY change, published DESC, event DESC) hit
    JOIN orgmodel_logevent v ON v.id = hit.event WHERE t.id = hit.change"""
HIT = "SELECT c.id AS change, v.id AS event, v.published FROM orgmodel_change c"


def find_causes(parameters: MergeParameters) -> None:
    """Fill cause, evidence and true time of the run’s changes.

    Takes run, source, now, since, recent, baseline, seen, automation.
    """
    with connection.cursor() as cursor:
        for joins in EVENTS:
            cursor.execute(PROVEN.format(f"{HIT} {joins} AND c.run_id = %(run)s"), parameters.sql())
        cursor.execute(_HR, parameters.sql())
        take_along(parameters)
        cursor.execute(_ATTRIBUTED, parameters.sql())
        cursor.execute(RULE_NAME.format("c.run_id = %(run)s"), parameters.sql())
    if not parameters.baseline:
        judge_rules(parameters)
    with connection.cursor() as cursor:
        cursor.execute(_OF_RULE, parameters.sql())
        cursor.execute(ORIGIN.format("c.run_id = %(run)s"), parameters.sql())
        cursor.execute(_NOT_KNOWN, parameters.sql())


def take_along(parameters: MergeParameters) -> None:
    """What ended because something greater did says so, and what was done for a request. Takes run."""
    find_governed(parameters)
    with connection.cursor() as cursor:
        for fact in (_WITH_ACCOUNT, _WITH_RESOURCE, _WITH_ACCOUNT_BEFORE, _WITH_RESOURCE_BEFORE):
            cursor.execute(_WITH_IT.format(fact), parameters.sql())


_HR = f"""
    UPDATE orgmodel_change c SET cause = '{{"kind": "hr"}}', evidence = 'hr'
    FROM orgmodel_account a
    WHERE c.run_id = %(run)s AND c.kind = 'attribute' AND a.id = c.account_id AND a.source {IS_HR}"""

# What ended because something greater did: what is said of that, and who did it, is said of this. Only a
# line of the log that names somebody else's act at another time knows better.
_WITH_IT = f"""
    UPDATE orgmodel_change t
    SET cause = jsonb_strip_nulls(jsonb_build_object(
            'kind', x.what, 'by', nullif(x.cause ->> 'kind', 'unknown'), 'group', x."group", 'app', x.app)
            || (x.cause - 'kind' - 'rule')),
        true_at = coalesce(x.true_at, t.true_at),
        evidence = CASE WHEN x.cause ? 'event' THEN 'log' ELSE '{STATED}' END
    FROM ({{0}}) x
    WHERE t.id = x.id AND (NOT t.cause ? 'event' OR t.cause ->> 'kind' IN ('system', 'import', 'unknown')
        OR EXISTS (SELECT FROM orgmodel_logevent v JOIN orgmodel_logevent w
                   ON w.transaction_id = v.transaction_id AND v.transaction_id <> ''
                   WHERE v.uuid = t.cause ->> 'event' AND w.uuid = x.cause ->> 'event'))"""
_SHUT = f"""
    SELECT DISTINCT ON (c.id) c.id, o.cause, o.true_at, NULL AS "group", NULL AS app,
           CASE o.kind WHEN 'account' THEN 'account_deleted' ELSE 'deactivated' END AS what
    FROM orgmodel_change o JOIN orgmodel_change c ON c.account_id = o.account_id
    WHERE o.run_id = %(run)s
     AND ((o.kind = 'account' AND o.verb = 'ended')
       OR (o.kind = 'attribute' AND o.attribute = 'status' AND o.after IN ({ENDED_VALUES})))"""
_WITH_ACCOUNT = f"""
    {_SHUT} AND c.run_id = %(run)s AND c.kind = 'grant' AND c.verb = 'ended' ORDER BY c.id, o.kind"""
# What was shut or deleted during a read may still be listed in it, while what it took along is gone.
_BEFORE = """
    c.run_id < %(run)s AND c.at >= o.true_at AND coalesce(c.cause ->> 'kind', 'unknown') = 'unknown'"""
_WITH_ACCOUNT_BEFORE = f"""
    {_SHUT} AND {_BEFORE} AND c.person_id = o.person_id AND c.kind = 'grant' AND c.verb = 'ended'
    ORDER BY c.id, o.kind"""
_OF_RESOURCE = """
    SELECT DISTINCT ON (c.id) c.id, CASE WHEN o.resource_id IS NOT NULL THEN 'group_deleted'
               WHEN o.verb = 'ended' THEN 'app_deleted' ELSE 'app_inactive' END AS what,
           o.cause, o.true_at, CASE WHEN o.resource_id IS NOT NULL THEN o.what END AS "group",
           CASE WHEN o.resource_id IS NULL THEN o.what END AS app
    FROM orgmodel_change c
    JOIN orgmodel_change o ON o.run_id = %(run)s AND o.kind = 'resource'
     AND (o.resource_id = c.resource_id OR o.app_id = c.app_id)
     AND (o.verb = 'ended' OR (o.app_id IS NOT NULL AND o.before ->> 'status' <> 'inactive'
                               AND o.after ->> 'status' = 'inactive'))
    WHERE {} AND c.kind IN ('grant', 'edge') AND c.verb = 'ended'
    ORDER BY c.id, o.resource_id"""
_WITH_RESOURCE = _OF_RESOURCE.format("c.run_id = %(run)s")
_WITH_RESOURCE_BEFORE = _OF_RESOURCE.format(_BEFORE)

# Okta's own attribution, where no log line says it; of several rules one that is still in force.
_ATTRIBUTED = f"""
    UPDATE orgmodel_change c
    SET cause = jsonb_build_object('kind', 'rule', 'rule', coalesce((
            SELECT r.native_id FROM orgmodel_rule r JOIN orgmodel_ruleversion v ON v.rule_id = r.id
            WHERE r.native_id = ANY(f.rules) AND v.ended IS NULL AND v.status = 'active'
            ORDER BY array_position(f.rules, r.native_id) LIMIT 1), f.rules[1])), evidence = '{STATED}'
    FROM orgmodel_grant f
    WHERE c.run_id = %(run)s AND c.kind = 'grant' AND f.id = c.fact
      AND cardinality(f.rules) > 0 AND (c.cause = '{{}}' OR c.cause ->> 'kind' IN ('system', 'import'))"""

RULE_NAME = """
    UPDATE orgmodel_change c
    SET cause = c.cause || jsonb_build_object('rule_name', v.name), rule_id = r.id
    FROM orgmodel_rule r
    JOIN LATERAL (SELECT name FROM orgmodel_ruleversion v WHERE v.rule_id = r.id
                  ORDER BY v.began DESC LIMIT 1) v ON true
    WHERE {0} AND c.cause ? 'rule' AND r.native_id = c.cause ->> 'rule'"""

_OF_RULE = """
    UPDATE orgmodel_change c SET rule_id = r.id FROM orgmodel_rule r
    WHERE c.run_id = %(run)s AND c.cause ? 'rule' AND r.native_id = c.cause ->> 'rule'
      AND c.rule_id IS DISTINCT FROM r.id"""

# What the log says of a grant that nothing else explains becomes its origin: human, automation, request.
ORIGIN = """
    UPDATE orgmodel_grant f
    SET origin = CASE WHEN f.origin = 'unknown' AND c.cause ->> 'kind' IN ('admin', 'automation', 'request')
                 THEN c.cause ->> 'kind' ELSE f.origin END,
        true_began = coalesce(f.true_began, c.true_at)
    FROM orgmodel_change c
    WHERE {0} AND c.kind = 'grant' AND c.verb <> 'ended' AND c.fact = f.id
      AND c.evidence = 'log'
      AND (f.origin = 'unknown' OR f.true_began IS NULL)"""

# How a membership is proven says nothing of why it ended.
_NOT_KNOWN = """
    UPDATE orgmodel_change c SET evidence = 'none'
    WHERE c.run_id = %(run)s AND c.kind = 'grant' AND c.verb = 'ended' AND c.cause = '{}'
      AND c.evidence <> 'none'"""
