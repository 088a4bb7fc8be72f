"""How many people hold a group or app, and how many things it opens, as far as a viewer may know.

The sync keeps these numbers for everybody; only next to what is hidden from a viewer are they counted again.
"""

from orgmodel.queries.visibility import Viewer

_COUNTED = """
    beside (id) AS (
        SELECT t.resource_id FROM orgmodel_entitlement s JOIN orgmodel_reach x ON x.source_id = s.id
        JOIN orgmodel_entitlement t ON t.id = x.target_id WHERE s.resource_id = ANY(%(hidden)s)
        UNION
        SELECT s.resource_id FROM orgmodel_entitlement t
        JOIN orgmodel_edge e ON e.target_id = t.id AND e.ended IS NULL
        JOIN orgmodel_entitlement s ON s.id = e.source_id WHERE t.resource_id = ANY(%(hidden)s)
    ), back (id, entitlement) AS (
        SELECT b.id, t.id FROM beside b JOIN orgmodel_entitlement t ON t.resource_id = b.id
        UNION
        SELECT b.id, e.source_id FROM back b
        JOIN orgmodel_edge e ON e.target_id = b.entitlement AND e.ended IS NULL
        JOIN orgmodel_entitlement s ON s.id = e.source_id AND NOT s.resource_id = ANY(%(hidden)s)
    ), counted (id, holders, opens) AS MATERIALIZED (
        SELECT b.id, (
            SELECT count(DISTINCT a.person_id) FROM back k
            JOIN orgmodel_grant g ON g.entitlement_id = k.entitlement AND g.ended IS NULL
            JOIN orgmodel_account a ON a.id = g.account_id AND a.ended IS NULL AND a.state <> 'ended'
            WHERE k.id = b.id), (
            SELECT count(DISTINCT o.resource_id) FROM orgmodel_entitlement t
            JOIN orgmodel_edge e ON e.ended IS NULL AND (e.source_id = t.id OR e.target_id = t.id)
            JOIN orgmodel_entitlement o ON o.id IN (e.source_id, e.target_id) AND o.id <> t.id
            WHERE t.resource_id = b.id AND NOT o.resource_id = ANY(%(hidden)s))
        FROM beside b
    )"""


def recounted(viewer: Viewer) -> str:
    """SQL: what `shown` needs, to stand after WITH RECURSIVE; takes hidden."""
    return _COUNTED if viewer.hidden else "counted (id, holders, opens) AS (SELECT 0, 0, 0 WHERE false)"


def shown(alias: str, column: str) -> str:
    """SQL: holders or opens of the resource with this alias, where `counted n` is joined."""
    return f"coalesce(n.{column}, {alias}.{column})"
