"""Whose level of an app was lowered: by a new path, by another order of the paths, or by the app’s list."""

from collections.abc import Sequence

from django.db import connection

from orgmodel.facts import MEMBER, UNRANKED
from orgmodel.sources.registry import direction
from orgmodel.why.level_rules import Combine

from .parameters import MergeParameters


def note_lowered(parameters: MergeParameters) -> None:
    """Add to `taken` whoever this run lowered. Parameters: run."""
    with connection.cursor() as cursor:
        cursor.execute(_LEVELS, parameters.sql(unranked=UNRANKED, belongs=MEMBER))
        fell = [
            person
            for source, combine, before, after, people in cursor.fetchall()
            if _fell(source, combine, before, after)
            for person in people
        ]
        if fell:
            cursor.execute("INSERT INTO taken SELECT DISTINCT unnest(%s::bigint[])", [fell])


def _fell(source: str, combine: Combine, before: Sequence[str], after: Sequence[str]) -> bool:
    """Of levels that priorities leave open any pair may be the one; elsewhere all of them count at once."""
    if combine == "priority":
        return any(direction(source, was, level) == "lowered" for was in before for level in after)
    return direction(source, ", ".join(before), ", ".join(after)) == "lowered"


# Only apps that are given at several levels are looked at; of those that only memberships lead to newly, only
# the accounts that are newly members, and of those whose own list says another level, only whoever it says it
# of. Where priorities decide, the levels that may count are those of the best one and those without one: the
# one of them that the app's own list names, where it names one. Elsewhere the highest counts, or all of them
# do. Which of several does is left to the planner, who looks at the whole difference.
_LEVELS = """
    WITH RECURSIVE entered AS (
        SELECT g.account_id, g.entitlement_id AS id
        FROM orgmodel_change c JOIN orgmodel_grant g ON g.id = c.fact
        WHERE c.run_id = %(run)s AND c.kind = 'grant' AND c.verb = 'began' AND NOT c.baseline
    ), listed AS (
        SELECT c.account_id, c.app_id AS app,
               c.before ->> 'level' AS before, c.after ->> 'level' AS after
        FROM orgmodel_change c
        WHERE c.run_id = %(run)s AND c.kind = 'seat' AND NOT c.baseline
          AND c.before ->> 'level' IS DISTINCT FROM c.after ->> 'level'
    ), hit (id, edge) AS (
        SELECT DISTINCT id, false FROM entered
        UNION
        SELECT n.id, false FROM (SELECT DISTINCT app FROM listed WHERE before IS NOT NULL) l
        JOIN orgmodel_entitlement n ON n.resource_id = l.app
        UNION
        SELECT e.target_id, true FROM orgmodel_change c JOIN orgmodel_edge e ON e.id = c.fact
        WHERE c.run_id = %(run)s AND c.kind = 'edge' AND NOT c.baseline
        UNION
        SELECT e.target_id, hit.edge FROM hit
        JOIN orgmodel_edge e ON e.source_id = hit.id AND e.ended IS NULL
    ), apps AS (
        SELECT a.id AS app, a.source, a.combine, bool_or(hit.edge) AS edge
        FROM hit JOIN orgmodel_entitlement n ON n.id = hit.id
        JOIN orgmodel_resource a ON a.id = n.resource_id AND a.kind = 'app' AND a.status <> 'inactive'
        WHERE EXISTS (SELECT FROM orgmodel_entitlement o WHERE o.resource_id = a.id AND o.id <> n.id)
        GROUP BY a.id
    ), ways (app, edge, level, rank, source, before, after, was, still) AS (
        SELECT apps.app, apps.edge, n.level, n.rank, n.id, -1, -1, true, true
        FROM apps JOIN orgmodel_entitlement n ON n.resource_id = apps.app
        UNION
        SELECT w.app, w.edge, w.level, w.rank, e.source_id,
               CASE WHEN w.before < 0 THEN coalesce((c.before #>> '{}')::int, e.priority) ELSE w.before END,
               CASE WHEN w.after < 0 THEN e.priority ELSE w.after END,
               w.was AND e.run_began_id <> %(run)s, w.still AND e.ended IS NULL
        FROM ways w
        JOIN orgmodel_edge e ON e.target_id = w.source AND (e.ended IS NULL OR e.run_ended_id = %(run)s)
        LEFT JOIN orgmodel_change c
          ON c.run_id = %(run)s AND c.kind = 'edge' AND c.fact = e.id AND c.verb = 'changed'
    ), held AS (
        SELECT g.account_id, w.app, w.level, w.rank, w.before, w.after,
               w.was AND g.run_began_id <> %(run)s AS was, w.still AND g.ended IS NULL AS still
        FROM ways w
        JOIN orgmodel_grant g ON g.entitlement_id = w.source AND (g.ended IS NULL OR g.run_ended_id = %(run)s)
        WHERE w.edge OR g.account_id IN (SELECT account_id FROM entered)
           OR (g.account_id, w.app) IN (SELECT account_id, app FROM listed)
    ), ranked AS (
        SELECT held.*, apps.source, apps.combine,
               min(before) FILTER (WHERE was) OVER own AS best_before,
               min(after) FILTER (WHERE still) OVER own AS best_after,
               max(rank) FILTER (WHERE was) OVER own AS top_before,
               max(rank) FILTER (WHERE still) OVER own AS top_after,
               bool_and(level = %(belongs)s) FILTER (WHERE was) OVER own AS belonged,
               bool_and(level = %(belongs)s) FILTER (WHERE still) OVER own AS belongs
        FROM held JOIN apps USING (app) WINDOW own AS (PARTITION BY account_id, app)
    ), rivals AS (
        SELECT r.account_id, r.app, r.source, r.combine, r.level,
               was AND CASE combine
                   WHEN 'priority' THEN before = best_before OR best_before >= 0 AND before = %(unranked)s
                   WHEN 'max' THEN coalesce(rank = top_before, belonged OR level <> %(belongs)s)
                   ELSE true END AS was,
               still AND CASE combine
                   WHEN 'priority' THEN after = best_after OR best_after >= 0 AND after = %(unranked)s
                   WHEN 'max' THEN coalesce(rank = top_after, belongs OR level <> %(belongs)s)
                   ELSE true END AS still
        FROM ranked r
    ), named AS (
        SELECT r.account_id, r.app, r.source, r.combine, r.level, r.was, r.still,
               CASE WHEN l.account_id IS NULL THEN s.level ELSE l.before END = r.level AS named_then,
               CASE WHEN l.account_id IS NULL THEN s.level ELSE l.after END = r.level AS named_now
        FROM rivals r
        LEFT JOIN listed l ON l.account_id = r.account_id AND l.app = r.app AND r.combine = 'priority'
        LEFT JOIN orgmodel_seat s ON s.account_id = r.account_id AND s.app_id = r.app AND s.ended IS NULL
         AND r.combine = 'priority'
    ), levels AS (
        SELECT account_id, source, combine,
               coalesce(array_agg(DISTINCT level) FILTER (WHERE was AND named_then),
                        array_agg(DISTINCT level) FILTER (WHERE was)) AS before,
               coalesce(array_agg(DISTINCT level) FILTER (WHERE still AND named_now),
                        array_agg(DISTINCT level) FILTER (WHERE still)) AS after
        FROM named GROUP BY account_id, app, source, combine
    )
    SELECT l.source, l.combine, l.before, l.after, array_agg(DISTINCT a.person_id)
    FROM levels l
    JOIN orgmodel_account a ON a.id = l.account_id AND a.ended IS NULL AND a.state <> 'ended'
    JOIN orgmodel_person p ON p.id = a.person_id AND p.status NOT IN ('ended', 'pending')
    WHERE l.before <> l.after
    GROUP BY 1, 2, 3, 4"""
