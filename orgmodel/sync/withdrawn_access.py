"""Whom a change took access from that is about no person: an app removed from a group or made inactive."""

# Levels of apps to which a way ended in this run; those who had them, less those who still have them. Nobody
# had what was inactive before. The closure of the edges is that of the run before. Nothing is asked of
# anybody's grants in a run without such a change.
TAKEN = """
    CREATE TEMP TABLE taken ON COMMIT DROP AS
    WITH RECURSIVE hit (id) AS (
        SELECT e.target_id FROM orgmodel_change c JOIN orgmodel_edge e ON e.id = c.fact
        WHERE c.run_id = %(run)s AND c.kind = 'edge' AND c.verb = 'ended' AND NOT c.baseline
        UNION
        SELECT n.id FROM orgmodel_change c JOIN orgmodel_entitlement n ON n.resource_id = c.app_id
        WHERE c.run_id = %(run)s AND c.verb = 'changed' AND NOT c.baseline AND c.kind = 'resource'
          AND c.after ->> 'status' = 'inactive' AND c.before ->> 'status' <> 'inactive'
        UNION
        SELECT r.target_id FROM hit JOIN orgmodel_reach r ON r.source_id = hit.id
    ), apps AS (
        SELECT hit.id, n.resource_id AS app, a.status <> 'inactive' AS active
        FROM hit JOIN orgmodel_entitlement n ON n.id = hit.id
        JOIN orgmodel_resource a ON a.id = n.resource_id AND a.kind = 'app'
         AND (a.status <> 'inactive' OR EXISTS (
             SELECT FROM orgmodel_change c
             WHERE c.run_id = %(run)s AND c.verb = 'changed' AND c.kind = 'resource' AND c.app_id = a.id
               AND c.before ->> 'status' <> 'inactive'))
    ), had AS (
        SELECT DISTINCT g.account_id, apps.id
        FROM apps
        JOIN LATERAL (SELECT apps.id AS source_id
            UNION SELECT r.source_id FROM orgmodel_reach r WHERE r.target_id = apps.id) w ON true
        JOIN orgmodel_grant g ON g.entitlement_id = w.source_id AND g.run_began_id <> %(run)s
         AND (g.ended IS NULL OR g.run_ended_id = %(run)s)
    ), ways (id, source) AS (
        SELECT id, id FROM apps WHERE active
        UNION
        SELECT w.id, e.source_id FROM ways w
        JOIN orgmodel_edge e ON e.target_id = w.source AND e.ended IS NULL
    ), have AS (
        SELECT DISTINCT g.account_id, w.id FROM ways w
        JOIN orgmodel_grant g ON g.entitlement_id = w.source AND g.ended IS NULL
    )
    SELECT DISTINCT a.person_id
    FROM (SELECT account_id, id FROM had EXCEPT SELECT account_id, id FROM have) gone
    JOIN orgmodel_account a ON a.id = gone.account_id AND a.ended IS NULL AND a.state <> 'ended'
    JOIN orgmodel_person p ON p.id = a.person_id AND p.status NOT IN ('ended', 'pending')"""
