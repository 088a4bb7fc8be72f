"""How many people hold a group or app, and how many apps it leads to, as far as a viewer may know.

The sync keeps these numbers for everybody; only next to what is hidden from a viewer are they counted again.
"""

from orgmodel.queries.visibility import Viewer

_COUNTED = """
    beside (id) AS (
        SELECT t.resource_id FROM orgmodel_entitlement s JOIN orgmodel_reach x ON x.source_id = s.id
        JOIN orgmodel_entitlement t ON t.id = x.target_id WHERE s.resource_id = ANY(%(hidden)s)
        UNION
        SELECT s.resource_id FROM orgmodel_entitlement t JOIN orgmodel_reach x ON x.target_id = t.id
        JOIN orgmodel_entitlement s ON s.id = x.source_id WHERE t.resource_id = ANY(%(hidden)s)
    ), back (id, entitlement) AS (
        SELECT b.id, t.id FROM beside b JOIN orgmodel_entitlement t ON t.resource_id = b.id
        UNION
        SELECT b.id, e.source_id FROM back b
        JOIN orgmodel_edge e ON e.target_id = b.entitlement AND e.ended IS NULL
        JOIN orgmodel_entitlement s ON s.id = e.source_id AND NOT s.resource_id = ANY(%(hidden)s)
    ), onward (id, entitlement) AS (
        SELECT b.id, t.id FROM beside b JOIN orgmodel_entitlement t ON t.resource_id = b.id
        UNION
        SELECT b.id, e.target_id FROM onward b
        JOIN orgmodel_edge e ON e.source_id = b.entitlement AND e.ended IS NULL
        JOIN orgmodel_entitlement t ON t.id = e.target_id AND NOT t.resource_id = ANY(%(hidden)s)
    ), counted (id, holders, opens) AS MATERIALIZED (
        SELECT b.id, (
            SELECT count(DISTINCT a.person_id) FROM back k
            JOIN orgmodel_grant g ON g.entitlement_id = k.entitlement AND g.ended IS NULL
            JOIN orgmodel_account a ON a.id = g.account_id AND a.ended IS NULL
             AND (r.kind = 'group' OR a.state <> 'ended')
            WHERE k.id = b.id), (
            SELECT count(DISTINCT o.id) FROM (
                SELECT entitlement, 'app' AS kind FROM onward WHERE id = b.id AND r.kind = 'group'
                UNION ALL SELECT entitlement, 'group' FROM back WHERE id = b.id AND r.kind = 'app') k
            JOIN orgmodel_entitlement t ON t.id = k.entitlement
            JOIN orgmodel_resource o ON o.id = t.resource_id AND o.kind = k.kind)
        FROM beside b JOIN orgmodel_resource r ON r.id = b.id
    )"""


def recounted(viewer: Viewer) -> str:
    """SQL: what `shown` needs, to stand after WITH RECURSIVE; takes hidden."""
    return _COUNTED if viewer.hidden else "counted (id, holders, opens) AS (SELECT 0, 0, 0 WHERE false)"


def shown(alias: str, column: str) -> str:
    """SQL: holders or opens of the resource with this alias, where `counted n` is joined."""
    return f"coalesce(n.{column}, {alias}.{column})"
