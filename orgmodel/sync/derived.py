"""Tables that follow from the facts: the closure of the edges, and counts that lists show."""

from django.db import connection

EVERYONE_SHARE = 0.9
"""A group that holds at least this share of the active people stands for everybody."""


def refresh() -> None:
    """Rebuild what the run's delta touched."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(DISTINCT kind) FROM delta")
        touched = set(cursor.fetchone()[0] or ())
        if "edge" in touched:
            _close_edges()
        if "handover" in touched or touched & {"edge", "grant", "resource", "account", "person", "attribute"}:
            _count()


def _close_edges() -> None:
    """One step more at a time, to what was not reached before: a cycle ends, the shortest way stays."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM orgmodel_reach")
        cursor.execute(
            "INSERT INTO orgmodel_reach (source_id, target_id, hops)"
            " SELECT source_id, target_id, 1 FROM orgmodel_edge WHERE ended IS NULL"
        )
        hops = 1
        while cursor.rowcount > 0:
            cursor.execute(
                """
                INSERT INTO orgmodel_reach (source_id, target_id, hops)
                SELECT DISTINCT w.source_id, e.target_id, w.hops + 1
                FROM orgmodel_reach w JOIN orgmodel_edge e ON e.source_id = w.target_id AND e.ended IS NULL
                WHERE w.hops = %s AND w.source_id <> e.target_id AND NOT EXISTS (
                    SELECT FROM orgmodel_reach r
                    WHERE r.source_id = w.source_id AND r.target_id = e.target_id)""",
                [hops],
            )
            hops += 1


def _count() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gives AS MATERIALIZED (
                SELECT id AS entitlement_id, resource_id FROM orgmodel_entitlement
                UNION
                SELECT x.source_id, e.resource_id FROM orgmodel_reach x
                JOIN orgmodel_entitlement e ON e.id = x.target_id
            ), held AS (
                SELECT x.resource_id, a.person_id, bool_or(a.state <> 'ended') AS usable
                FROM orgmodel_grant g
                JOIN orgmodel_account a ON a.id = g.account_id AND a.ended IS NULL
                 AND a.person_id IS NOT NULL
                JOIN gives x USING (entitlement_id)
                WHERE g.ended IS NULL GROUP BY 1, 2
            ), counted AS (
                -- Whose account is closed is still in the group, and uses no app.
                SELECT h.resource_id, count(*) FILTER (WHERE h.usable) AS present,
                       count(*) FILTER (WHERE h.usable OR r.kind = 'group') AS holders
                FROM held h JOIN orgmodel_resource r ON r.id = h.resource_id GROUP BY 1
            ), opened AS (
                SELECT y.id, count(DISTINCT y.other) AS opens
                FROM orgmodel_reach x
                JOIN orgmodel_entitlement s ON s.id = x.source_id
                JOIN orgmodel_resource g ON g.id = s.resource_id AND g.kind = 'group'
                JOIN orgmodel_entitlement t ON t.id = x.target_id
                JOIN orgmodel_resource a ON a.id = t.resource_id AND a.kind = 'app'
                CROSS JOIN LATERAL (VALUES (g.id, a.id), (a.id, g.id)) y (id, other) GROUP BY 1
            ), people AS (
                SELECT count(*) AS active FROM orgmodel_person WHERE status = 'active' AND ended IS NULL
            ), wanted AS (
                SELECT r.id, coalesce(c.holders, 0) AS holders, coalesce(o.opens, 0) AS opens,
                       r.kind = 'group' AND ((r.type = 'built-in' AND r.name = 'Everyone')
                           OR (coalesce(c.present, 0) >= 3 AND c.present >= %s * people.active))
                           AS everyone
                FROM orgmodel_resource r CROSS JOIN people
                LEFT JOIN counted c ON c.resource_id = r.id LEFT JOIN opened o ON o.id = r.id
            )
            UPDATE orgmodel_resource r
            SET holders = w.holders, opens = w.opens, everyone = w.everyone
            FROM wanted w WHERE w.id = r.id
              AND (r.holders, r.opens, r.everyone) IS DISTINCT FROM (w.holders, w.opens, w.everyone)""",
            [EVERYONE_SHARE],
        )
