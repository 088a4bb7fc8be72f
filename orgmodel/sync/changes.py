"""One `Change` row per fact that this run began, ended or changed, with frozen labels."""

from django.db import connection

from .parameters import MergeParameters
from .true_days import LEFT_WHEN_JOINED, UNLESS_ENDED

_COLUMNS = (
    "run_id, at, true_at, kind, verb, fact, person_id, account_id, unit_id, resource_id, app_id,"
    " rule_id, attribute, who, what, level, before, after, cause, evidence, baseline"
)

# Per kind: what stands in each column and where it comes from; d is the delta, f the fact.
_SELECT = """
    SELECT %(run)s, %(now)s, {true_at}, d.kind, d.verb, d.id, {person}, {account}, {unit}, {resource},
           {app}, {rule}, {attribute}, left({who}, 500), left({what}, 500), {level}, d.before, d.after,
           '{{}}'::jsonb, {evidence}, %(baseline)s
    FROM delta d {joins}
    WHERE d.kind = '{kind}' {where}"""

_DEFAULTS = {
    "true_at": "NULL::timestamptz",
    "person": "NULL::bigint",
    "account": "NULL::bigint",
    "unit": "NULL::bigint",
    "resource": "NULL::bigint",
    "app": "NULL::bigint",
    "rule": "NULL::bigint",
    "attribute": "''",
    "who": "''",
    "what": "''",
    "level": "''",
    "evidence": "'none'",
    "where": "",
}
# What one run brought is told in one order, whatever else it brought; nobody reads of a first one.
_ORDER = "ORDER BY ({person})::bigint, ({what})::text, ({level})::text, d.verb, d.id"
_PERSON_OF_ACCOUNT = "JOIN orgmodel_account a ON a.id = f.account_id"
_BEGAN_TRULY = "CASE WHEN d.verb = 'began' THEN f.true_began END"
# Who states it, or since when, is no move; and nobody is in a unit, or leaves one, before their first day.
_TOLD_OF_UNITS = """
    AND (d.verb <> 'changed' OR d.before IS DISTINCT FROM d.after)
    AND (p.status <> 'pending' OR d.verb = 'ended' AND EXISTS (
        SELECT FROM orgmodel_change c
        WHERE c.kind = 'assignment' AND c.verb = 'began' AND c.fact = f.id))"""

_KINDS: tuple[dict[str, str], ...] = (
    {
        "kind": "person",
        "joins": "JOIN orgmodel_person f ON f.id = d.id",
        "person": "f.id",
        "who": "f.name",
        "what": "f.status",
    },
    {
        "kind": "account",
        "joins": "JOIN orgmodel_account f ON f.id = d.id",
        "person": "f.person_id",
        "account": "f.id",
        "who": "f.name",
        "what": "f.source",
    },
    {
        "kind": "handover",
        "joins": "JOIN orgmodel_handover f ON f.id = d.id JOIN orgmodel_account a ON a.id = f.account_id"
        " JOIN orgmodel_person p ON p.id = CASE d.verb WHEN 'ended' THEN f.before_id ELSE f.after_id END",
        "person": "p.id",
        "account": "a.id",
        "attribute": "a.source",
        "who": "p.name",
        "what": "coalesce(nullif(a.login, ''), nullif(a.email, ''), a.name)",
    },
    {
        "kind": "attribute",
        "joins": f"JOIN orgmodel_attribute f ON f.id = d.id {_PERSON_OF_ACCOUNT}",
        "true_at": UNLESS_ENDED,
        "person": "a.person_id",
        "account": "a.id",
        "attribute": "f.name",
        "who": "a.name",
        "what": "a.source",
        "where": "AND NOT EXISTS (SELECT FROM new_attribute n WHERE n.name = f.name)",
    },
    {
        "kind": "manager",
        "joins": "JOIN orgmodel_managerline f ON f.id = d.id JOIN orgmodel_person p ON p.id = f.person_id"
        " JOIN orgmodel_person m ON m.id = f.manager_id",
        "true_at": UNLESS_ENDED,
        "person": "p.id",
        "attribute": "'manager'",
        "who": "p.name",
        "what": "m.name",
    },
    {
        "kind": "assignment",
        "joins": "JOIN orgmodel_assignment f ON f.id = d.id JOIN orgmodel_person p ON p.id = f.person_id"
        " JOIN orgmodel_orgunit u ON u.id = f.unit_id",
        "true_at": LEFT_WHEN_JOINED,
        "person": "p.id",
        "unit": "u.id",
        "attribute": "u.kind",
        "who": "p.name",
        "what": "u.name",
        "where": _TOLD_OF_UNITS,
    },
    {
        "kind": "grant",
        "joins": f"JOIN orgmodel_grant f ON f.id = d.id {_PERSON_OF_ACCOUNT}"
        " JOIN orgmodel_entitlement e ON e.id = f.entitlement_id"
        " JOIN orgmodel_resource r ON r.id = e.resource_id"
        " LEFT JOIN orgmodel_person p ON p.id = a.person_id",
        "true_at": _BEGAN_TRULY,
        "person": "a.person_id",
        "account": "a.id",
        "resource": "CASE WHEN r.kind = 'group' THEN r.id END",
        "app": "CASE WHEN r.kind = 'app' THEN r.id END",
        "who": "coalesce(p.name, a.name)",
        "what": "r.name",
        "level": "e.level",
        "evidence": "f.evidence",
    },
    {
        "kind": "edge",
        "joins": "JOIN orgmodel_edge f ON f.id = d.id JOIN orgmodel_entitlement s ON s.id = f.source_id"
        " JOIN orgmodel_resource g ON g.id = s.resource_id"
        " JOIN orgmodel_entitlement e ON e.id = f.target_id"
        " JOIN orgmodel_resource r ON r.id = e.resource_id",
        "resource": "g.id",
        "app": "r.id",
        "who": "g.name",
        "what": "r.name",
        "level": "e.level",
    },
    {
        "kind": "seat",
        "joins": f"JOIN orgmodel_seat f ON f.id = d.id {_PERSON_OF_ACCOUNT}"
        " JOIN orgmodel_resource r ON r.id = f.app_id",
        "true_at": _BEGAN_TRULY,
        "person": "a.person_id",
        "account": "a.id",
        "app": "r.id",
        "who": "a.name",
        "what": "r.name",
        "level": "f.level",
    },
    {
        "kind": "rule",
        "joins": "JOIN orgmodel_ruleversion f ON f.id = d.id",
        "true_at": _BEGAN_TRULY,
        "rule": "f.rule_id",
        "what": "f.name",
    },
    {
        "kind": "unit",
        "joins": "JOIN orgmodel_attribute f ON f.id = d.id JOIN orgmodel_orgunit u ON u.id = f.unit_id",
        "unit": "u.id",
        "attribute": "f.name",
        "what": "u.name",
        # An address follows the name: telling both would tell one rename twice.
        "where": "AND f.name <> 'slug'",
    },
    {
        "kind": "link",
        "joins": "JOIN orgmodel_unitlink f ON f.id = d.id JOIN orgmodel_orgunit u ON u.id = f.unit_id"
        " JOIN orgmodel_resource g ON g.id = f.group_id",
        "unit": "u.id",
        "resource": "g.id",
        "who": "g.name",
        "what": "u.name",
    },
    {
        "kind": "resource",
        "joins": "JOIN orgmodel_resource f ON f.id = d.id",
        "resource": "CASE WHEN f.kind = 'group' THEN f.id END",
        "app": "CASE WHEN f.kind = 'app' THEN f.id END",
        "what": "f.name",
    },
    {
        "kind": "push",
        "joins": "JOIN orgmodel_pushmapping f ON f.id = d.id JOIN orgmodel_resource g ON g.id = f.group_id"
        " JOIN orgmodel_resource r ON r.id = f.app_id",
        "resource": "g.id",
        "app": "r.id",
        "who": "g.name",
        "what": "r.name",
    },
    {
        "kind": "owner",
        "joins": "JOIN orgmodel_owner f ON f.id = d.id JOIN orgmodel_resource g ON g.id = f.group_id"
        " LEFT JOIN orgmodel_account a ON a.id = f.account_id",
        "resource": "g.id",
        "account": "a.id",
        "who": "f.name",
        "what": "g.name",
    },
)

LABELS = {
    kind["kind"]: f"""
    SELECT left({each["who"]}, 120), left(coalesce(nullif({each["attribute"]}, ''), {each["what"]}), 120)
    FROM delta d {each["joins"]} WHERE d.kind = %s AND d.verb = %s"""
    for kind in _KINDS
    for each in ({**_DEFAULTS, **kind},)
}
"""Kind → SQL for whose and what the rows of the delta are that have a verb; takes both."""


def write_changes(parameters: MergeParameters) -> None:
    """Turn the delta into `Change` rows. Parameters: run, now, baseline."""
    with connection.cursor() as cursor:
        # An attribute that was never kept before begins for everybody at once: that is no change.
        cursor.execute("DROP TABLE IF EXISTS new_attribute")
        cursor.execute(
            """
            CREATE TEMP TABLE new_attribute ON COMMIT DROP AS
            SELECT DISTINCT f.name FROM delta d JOIN orgmodel_attribute f ON f.id = d.id
            WHERE d.kind = 'attribute' AND d.verb = 'began' AND NOT %(baseline)s AND NOT EXISTS (
                SELECT FROM orgmodel_attribute o
                WHERE o.name = f.name AND o.account_id IS NOT NULL AND o.run_began_id <> %(run)s)""",
            parameters.sql(),
        )
        for kind in _KINDS:
            select = _SELECT.format(**{**_DEFAULTS, **kind})
            order = "" if parameters.baseline else _ORDER.format(**{**_DEFAULTS, **kind})
            cursor.execute(f"INSERT INTO orgmodel_change ({_COLUMNS}) {select} {order}", parameters.sql())


def counts() -> dict[str, dict[str, int]]:
    """What the delta holds: kind → verb → rows; of a unit, which has a row for each value, one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH unit AS (
                SELECT CASE WHEN bool_or(f.name = 'name' AND d.verb = 'began') THEN 'began'
                            WHEN bool_or(f.name = 'name' AND d.verb = 'ended') THEN 'ended'
                            ELSE 'changed' END AS verb
                FROM delta d JOIN orgmodel_attribute f ON f.id = d.id
                WHERE d.kind = 'unit' GROUP BY f.unit_id)
            SELECT kind, verb, count(*) FROM delta WHERE kind <> 'unit' GROUP BY 1, 2
            UNION ALL SELECT 'unit', verb, count(*) FROM unit GROUP BY 2 ORDER BY 1, 2"""
        )
        found: dict[str, dict[str, int]] = {}
        for kind, verb, rows in cursor.fetchall():
            found.setdefault(kind, {})[verb] = rows
        return found
