"""SQL for what entitlements lead to and what leads to them, over any number of edges and through cycles."""


def onwards_from(start: str, edge: str, *, within: str = "true") -> str:
    """SQL: ids of the entitlements that `start` selects and of all that they lead to.

    `edge`: which edges (alias e) count, such as `Moment.holds("e")`; `within`: which entitlements (alias t)
    may be on the way.
    """
    return _walk(start, "source_id", "target_id", edge, within)


def back_from(start: str, edge: str, *, within: str = "true") -> str:
    """SQL: ids of the entitlements that `start` selects and of all that lead to them."""
    return _walk(start, "target_id", "source_id", edge, within)


EVER_BACK = """
    WITH RECURSIVE back (id, began, ended) AS (
        SELECT id, '-infinity'::timestamptz, 'infinity'::timestamptz
        FROM orgmodel_entitlement WHERE resource_id = %({target})s
        UNION
        SELECT e.source_id, greatest(b.began, e.began), least(b.ended, coalesce(e.ended, 'infinity'))
        FROM back b JOIN orgmodel_edge e ON e.target_id = b.id
         AND e.began <= b.ended AND (e.ended IS NULL OR e.ended >= b.began)
        JOIN orgmodel_entitlement s ON s.id = e.source_id AND NOT s.resource_id = ANY(%(hidden)s)
    )"""
"""SQL: `back`, what ever led to a group or app along what may be seen, and during which time it did."""
LED_THERE = """, led_there AS MATERIALIZED (
        SELECT s.resource_id, b.began, b.ended FROM back b JOIN orgmodel_entitlement s ON s.id = b.id
    )"""
"""SQL after `EVER_BACK`: the same by groups and apps. To ask with IN first is answered by hashing."""


def _walk(start: str, near: str, far: str, edge: str, within: str) -> str:
    through = "" if within == "true" else f" JOIN orgmodel_entitlement t ON t.id = e.{far} AND {within}"
    return f"""
        WITH RECURSIVE walked (id) AS (
            {start}
            UNION SELECT e.{far} FROM walked JOIN orgmodel_edge e ON e.{near} = walked.id AND {edge}{through}
        ) SELECT id FROM walked"""
