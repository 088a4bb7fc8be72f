"""A case opens when somebody moves, joins, leaves or loses access; later changes join it until it is told."""

from datetime import timedelta

from django.db import connection

from orgmodel.conventions import Conventions
from orgmodel.queries.history.outstanding import WAITS_SINCE
from orgmodel.sources.state_words import ENDED_WORDS

from .lowered_levels import note_lowered
from .move_kinds import ABOVE, DECIDED, KINDS
from .parameters import MergeParameters
from .withdrawn_access import TAKEN

# Nobody moves before the first day, or in the read that first sees them: that is joining. So it is when the
# account was seen some days before the record; the case then begins with the account.
_RECORD_CAME = """(c.kind = 'account' AND c.verb = 'began' AND c.what = %(truth)s AND p.status = 'active'
    AND p.began < %(now)s AND p.began > %(now)s - interval '14 days'
    AND NOT EXISTS (SELECT FROM orgmodel_account a
        WHERE a.person_id = p.id AND a.source = %(truth)s AND a.id <> c.account_id)
    AND EXISTS (SELECT FROM orgmodel_change b
        WHERE b.person_id = p.id AND b.kind = 'person' AND b.verb = 'began' AND NOT b.baseline))"""
# Whose account is open again before the record says so is back with what that gave: there the case begins.
_BACK_IN_THE_RECORD = "c.kind = 'person' AND c.before ->> 'status' = 'ended' AND p.status = 'active'"
_OPENED_BEFORE = """(SELECT min(b.at) FROM orgmodel_change b
    WHERE b.person_id = p.id AND b.kind = 'grant' AND b.verb = 'began' AND b.move_id IS NULL
      AND NOT b.baseline AND b.at > %(now)s - %(longest)s::interval)"""
_TRIGGERS = f"""
    SELECT person_id, bool_and(rank = 5) AS lost_only, min(since) AS since
    FROM (
        SELECT c.person_id, CASE
            WHEN c.kind = 'person' AND c.verb = 'changed' AND c.after ->> 'status' = 'ended' THEN 1
            WHEN c.kind = 'person' AND p.status = 'active' AND p.humane
                 AND (c.verb = 'began' OR c.before ->> 'status' IN ('pending', 'ended')) THEN 2
            WHEN {_RECORD_CAME} THEN 2
            WHEN p.status = 'pending' OR p.began = %(now)s THEN NULL
            WHEN c.kind = 'assignment' AND c.attribute = ANY(%(unit_kinds)s) THEN 3
            WHEN c.kind = 'attribute' AND c.attribute = ANY(%(attributes)s) AND c.what = %(truth)s THEN 3
            WHEN c.kind = 'manager' AND %(managers)s THEN 4
            WHEN c.kind = 'account' AND c.verb = 'changed'
                 AND (c.before ->> 'status' IN ({ENDED_WORDS})
                      OR c.after ->> 'status' IN ({ENDED_WORDS})) THEN 5
            WHEN c.kind = 'grant' AND c.verb = 'ended' AND (c.app_id IS NOT NULL OR EXISTS (
                    SELECT FROM orgmodel_edge e JOIN orgmodel_entitlement s ON s.id = e.source_id
                    WHERE s.resource_id = c.resource_id
                      AND (e.ended IS NULL OR e.run_ended_id = %(run)s))) THEN 5
            WHEN c.kind = 'grant' AND c.rule_id IS NOT NULL AND EXISTS (
                    SELECT FROM orgmodel_move u WHERE u.person_id = c.person_id AND u.unfinished) THEN 5
            END AS rank,
            CASE WHEN {_RECORD_CAME} THEN p.began
                 WHEN {_BACK_IN_THE_RECORD} THEN {_OPENED_BEFORE} END AS since
        FROM orgmodel_change c
        JOIN (SELECT p.*, EXISTS (SELECT FROM orgmodel_account a
                  WHERE a.person_id = p.id AND a.source = %(truth)s) AS humane
              FROM orgmodel_person p) p ON p.id = c.person_id
        WHERE c.run_id = %(run)s AND NOT c.baseline AND NOT {DECIDED.format("c")}
          AND (p.status <> 'ended' OR c.kind = 'person')
        UNION ALL SELECT person_id, 5, NULL FROM taken
    ) found WHERE rank IS NOT NULL GROUP BY person_id"""


def gather_moves(conventions: Conventions, truth: str, parameters: MergeParameters) -> None:
    """Open and extend moves from the changes of this run. `truth`: the source that speaks for people."""
    attributes = set(conventions.move_attributes)
    by_attribute = {kind.attribute or kind.kind: kind.kind for kind in conventions.unit_kinds}
    now = parameters.now
    settle = timedelta(minutes=conventions.notify.settle_minutes)
    values = parameters.sql(
        truth=truth,
        managers="manager" in attributes,
        unit_kinds=[kind for name, kind in by_attribute.items() if name in attributes],
        attributes=sorted(attributes - set(by_attribute) - {"manager"}),
        wanted=sorted(attributes),
        settles_at=now + settle,
        settle=settle,
        longest=timedelta(hours=conventions.notify.longest_wait_hours),
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS taken, above")
        cursor.execute(TAKEN, values)
        note_lowered(parameters)
        cursor.execute(_OPEN, values)
        cursor.execute(_JOIN, values)
        cursor.execute(_EXTEND, values)
        cursor.execute(ABOVE)
        cursor.execute(KINDS, values)
        cursor.execute(_DROP, values)


# A move also takes in what was seen for the person shortly before, as long as nothing was said of it: what
# lies within the settling time, and what a rule gave before anything was seen that told it to, unless it was
# the rule that was new.
_OPEN = f"""
    INSERT INTO orgmodel_move AS m (person_id, kind, state, opened, last_change, settles_at, revision)
    SELECT t.person_id, 'lost', 'open', least(%(now)s, x.first, t.since), %(now)s,
           %(settles_at)s, 0
    FROM ({_TRIGGERS}) t
    LEFT JOIN LATERAL (
        SELECT min(o.at) AS first FROM orgmodel_change o
        WHERE o.person_id = t.person_id AND o.kind = 'grant' AND o.move_id IS NULL
          AND NOT o.baseline AND o.at > %(now)s - greatest(%(settle)s, %(longest)s)::interval
          AND (o.at > %(now)s - %(settle)s::interval
               OR coalesce(o.cause ->> 'attribute' = ANY(%(wanted)s), true)
                  AND EXISTS (SELECT FROM orgmodel_grant f WHERE f.id = o.fact AND f.ended IS NULL)
                  AND EXISTS (SELECT FROM orgmodel_ruleversion v
                              WHERE v.rule_id = o.rule_id AND v.ended IS NULL AND v.began < o.at))
    ) x ON NOT t.lost_only
    ON CONFLICT (person_id) WHERE state = 'open' DO NOTHING"""

_JOIN = """
    UPDATE orgmodel_change c SET move_id = m.id FROM orgmodel_move m
    WHERE m.state = 'open' AND c.person_id = m.person_id AND c.move_id IS NULL
      AND NOT c.baseline AND c.at >= m.opened"""

_EXTEND = f"""
    UPDATE orgmodel_move m SET last_change = %(now)s, revision = revision + 1,
           runs = runs || jsonb_build_object(%(source)s::text, %(run)s::bigint),
           settles_at = least(%(settles_at)s, greatest({WAITS_SINCE} + %(longest)s::interval, %(now)s))
    WHERE m.state = 'open' AND (EXISTS (
        SELECT FROM orgmodel_change c
        WHERE c.run_id = %(run)s AND c.move_id = m.id AND c.kind <> 'seat')
        OR m.person_id IN (SELECT person_id FROM taken))"""

# What only the structure above somebody did is no case, as long as it takes nothing from them.
_DROP = """
    WITH idle AS (
        SELECT m.id FROM orgmodel_move m
        WHERE m.state = 'open' AND m.kind = 'lost' AND m.last_change = %(now)s AND m.revision = 1
          AND NOT EXISTS (SELECT FROM taken t WHERE t.person_id = m.person_id)
          AND NOT EXISTS (
              SELECT FROM orgmodel_change c WHERE c.move_id = m.id
                AND (c.kind = 'account' OR c.kind = 'grant' AND c.verb = 'ended'))
          AND NOT EXISTS (
              SELECT FROM orgmodel_move u WHERE u.person_id = m.person_id AND u.unfinished)
    ), freed AS (
        UPDATE orgmodel_change c SET move_id = NULL FROM idle WHERE c.move_id = idle.id
    )
    DELETE FROM orgmodel_move m USING idle WHERE m.id = idle.id"""
