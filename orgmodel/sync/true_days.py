"""Since when a value holds by the record's own dating; `began` is when a run of ours saw it.

A day that is still to come, or before the person's own first day, is no such day.
"""


def first_day(name: str) -> str:
    """SQL over s (stage_account): the beginning of the day since which it is so; null where none is given.

    `name`: SQL of the attribute, or of 'manager'. Takes %(today)s.
    """
    day = f"substring(s.dated ->> {name} FROM '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$')::date"
    return f"""CASE WHEN {day} BETWEEN coalesce(s.start_date, {day}) AND %(today)s
        THEN {day}::timestamp AT TIME ZONE 'UTC' END"""


REDATED = """
    UPDATE orgmodel_attribute c SET true_began = w.true_began FROM want w
    WHERE EXISTS (SELECT FROM stage_account WHERE dated <> '{}') AND w.true_began IS NOT NULL
      AND w.account_id = c.account_id AND w.name = c.name AND w.value = c.value AND c.ended IS NULL
      AND c.true_began IS DISTINCT FROM w.true_began"""
"""A value that stands, and whose day the record puts right, or gives at last: nothing has changed."""
UNLESS_ENDED = "CASE WHEN d.verb <> 'ended' THEN f.true_began END"
"""Of a change: since when what there is now is so."""
LEFT_WHEN_JOINED = """
    CASE WHEN d.verb = 'began' AND f.true_began >= p.start_date::timestamp AT TIME ZONE 'UTC' IS NOT FALSE
            THEN f.true_began
         WHEN d.verb = 'ended' AND f.source = 'attribute' THEN (
        SELECT min(n.true_began) FROM orgmodel_assignment n JOIN orgmodel_orgunit v ON v.id = n.unit_id
        WHERE n.person_id = f.person_id AND v.kind = u.kind AND n.run_began_id = %(run)s AND n.ended IS NULL
          AND n.source = 'attribute') END"""
"""Of an assignment: whoever is in another unit of the kind since a day has left the first one on that day.

Nobody joins before their own first day.
"""
