"""What kind of case each open one is, by what differs now from just before it was opened.

Not by what happened in between: a move that was undone while something stayed lost is a loss, a loss whose
cause arrives later is a move. Units above somebody's own team move nobody.
"""

from orgmodel.sources.state_words import ENDED_WORDS

ABOVE = """
    CREATE TEMP TABLE above ON COMMIT DROP AS
    WITH RECURSIVE above (unit, up) AS (
        SELECT id, parent_id FROM orgmodel_orgunit WHERE parent_id IS NOT NULL
        UNION SELECT a.unit, u.parent_id FROM above a JOIN orgmodel_orgunit u ON u.id = a.up
        WHERE u.parent_id IS NOT NULL
    ) SELECT a.unit, a.up, u.kind FROM above a JOIN orgmodel_orgunit u ON u.id = a.up"""
"""Every unit with those above it, as they hang now."""

DECIDED = "coalesce({0}.cause ->> 'kind' IN ('linked', 'unlinked', 'undone'), false)"
"""SQL: the change (an alias) only follows from whose an account was decided to be."""

_HELD = "({0}.began < o.opened AND ({0}.ended IS NULL OR {0}.ended >= o.opened))"
_OWN = _HELD.format("t")

# Units that somebody stays in and under which the change fits: the unit joined lies above one of them, or
# what lies above it now is not what was left.
_FOLLOWS_STRUCTURE = f"""EXISTS (
    SELECT FROM orgmodel_assignment t JOIN above v ON v.unit = t.unit_id
    WHERE t.person_id = o.person_id AND t.ended IS NULL AND {_OWN} AND v.kind = u.kind
      AND (v.up = u.id) = (a.ended IS NULL))"""
# Or everybody else in the team did the same lately, and nobody stayed behind.
_WITH_THE_TEAM = f"""u.kind <> 'team' AND EXISTS (
    SELECT FROM orgmodel_assignment t JOIN orgmodel_orgunit team ON team.id = t.unit_id AND team.kind = 'team'
    JOIN orgmodel_assignment x ON x.unit_id = t.unit_id AND x.ended IS NULL AND x.person_id <> t.person_id
    LEFT JOIN orgmodel_assignment y ON y.person_id = x.person_id AND y.unit_id = u.id AND y.ended IS NULL
    WHERE t.person_id = o.person_id AND t.ended IS NULL AND {_OWN}
    GROUP BY t.unit_id
    HAVING bool_and((y.id IS NOT NULL) = (a.ended IS NULL)) AND bool_or(EXISTS (
        SELECT FROM orgmodel_assignment z WHERE z.person_id = x.person_id AND z.unit_id = u.id
          AND CASE WHEN a.ended IS NULL THEN z.began ELSE z.ended END
              >= o.opened - %(longest)s::interval)))"""

# A unit that was joined and not held before, or held before and left.
_MOVED = f"""EXISTS (
    SELECT FROM orgmodel_assignment a JOIN orgmodel_orgunit u ON u.id = a.unit_id
    WHERE a.person_id = o.person_id AND u.kind = ANY(%(unit_kinds)s)
      AND CASE WHEN a.ended IS NULL THEN a.began >= o.opened AND NOT EXISTS (
              SELECT FROM orgmodel_assignment b
              WHERE b.person_id = a.person_id AND b.unit_id = a.unit_id AND {_HELD.format("b")})
          ELSE {_HELD.format("a")} AND NOT EXISTS (
              SELECT FROM orgmodel_assignment b
              WHERE b.person_id = a.person_id AND b.unit_id = a.unit_id AND b.ended IS NULL) END
      AND NOT {_FOLLOWS_STRUCTURE} AND NOT ({_WITH_THE_TEAM}) AND NOT EXISTS (
          SELECT FROM orgmodel_change c
          WHERE c.kind = 'assignment' AND c.fact = a.id AND {DECIDED.format("c")}
            AND (c.verb = 'ended') = (a.ended IS NOT NULL)))
    OR EXISTS (
    SELECT FROM orgmodel_change c
    WHERE c.person_id = o.person_id AND c.kind = 'attribute' AND c.what = %(truth)s AND NOT c.baseline
      AND c.attribute = ANY(%(attributes)s) AND c.at >= o.opened
    GROUP BY c.attribute
    HAVING (array_agg(c.before ORDER BY c.at, c.id))[1]
        IS DISTINCT FROM (array_agg(c.after ORDER BY c.at DESC, c.id DESC))[1])"""

_MANAGER_CHANGED = f"""(
    SELECT t.manager_id FROM orgmodel_managerline t WHERE t.person_id = o.person_id AND {_OWN})
    IS DISTINCT FROM (
    SELECT t.manager_id FROM orgmodel_managerline t WHERE t.person_id = o.person_id AND t.ended IS NULL)"""

_REACTIVATED = f"""EXISTS (
    SELECT FROM orgmodel_change c JOIN orgmodel_account a ON a.id = c.account_id
    WHERE c.person_id = o.person_id AND c.kind = 'account' AND c.verb = 'changed' AND c.at >= o.opened
      AND c.before ->> 'status' IN ({ENDED_WORDS}) AND a.state <> 'ended' AND a.ended IS NULL
      AND NOT EXISTS (
          SELECT FROM orgmodel_change f WHERE f.account_id = a.id AND f.kind = 'account'
            AND f.verb = 'changed' AND f.at >= o.opened AND f.id < c.id))"""

KINDS = f"""
    UPDATE orgmodel_move m SET kind = k.kind
    FROM (
        SELECT o.id, CASE
            WHEN o.status = 'ended' AND f.person_id IS NOT NULL AND f.was IS DISTINCT FROM 'ended'
                THEN 'leaver'
            WHEN o.status = 'active' AND (f.verb = 'began' OR f.was IN ('pending', 'ended'))
                THEN CASE WHEN f.was = 'ended' OR EXISTS (
                        SELECT FROM orgmodel_change e WHERE e.person_id = o.person_id
                          AND e.kind = 'person' AND e.after ->> 'status' = 'ended' AND e.at < o.opened)
                    THEN 'back' ELSE 'joiner' END
            WHEN o.status <> 'ended' AND {_REACTIVATED} THEN 'back'
            WHEN {_MOVED} THEN 'mover'
            WHEN %(managers)s AND {_MANAGER_CHANGED} THEN 'manager'
            ELSE 'lost' END AS kind
        FROM (SELECT m.*, p.status FROM orgmodel_move m JOIN orgmodel_person p ON p.id = m.person_id
              WHERE m.state = 'open' AND m.runs <> '{{}}') o
        LEFT JOIN LATERAL (
            SELECT c.person_id, c.verb, c.before ->> 'status' AS was FROM orgmodel_change c
            WHERE c.person_id = o.person_id AND c.kind = 'person' AND c.at >= o.opened AND NOT c.baseline
              AND NOT {DECIDED.format("c")}
            ORDER BY c.at, c.id LIMIT 1
        ) f ON true
    ) k
    WHERE k.id = m.id AND k.kind <> m.kind"""
"""Sets the kind of every open case that a run of ours opened."""
