"""What is planned: values that records give for a later day, and the days on which people come, move and go.

It is no change as long as its day has not come: no row of the feed, no move and no message follows from it.
What has come true, or was called off, is simply no longer given, and ends.
"""

from orgmodel.kinds import of_facts

from .coverage import Coverage, Listed
from .people import MANAGER_NAMED
from .versions import Versioned

LONGEST = 500
"""Characters of a value: longer ones do not fit into an index."""


class _Coming(Listed):
    """First and last days come and go with the account, later assignments with the list of assignments."""

    def covered(self, kind: str, coverage: Coverage) -> str:
        records = super().covered("account", coverage)
        days = f"({records} OR c.account_id IN ({_GIVEN}))"
        placed, stated = super().covered("assignment", coverage), super().covered(kind, coverage)
        return f"""(CASE WHEN c.attribute = 'status' THEN {days}
            WHEN c.placed THEN {placed} ELSE {stated} END)"""


_GIVEN = (
    "SELECT a.id FROM orgmodel_account a JOIN stage_account s ON s.native_id = a.native_id"
    " WHERE a.source = %(source)s"
)
# Who goes on in the same unit without a gap is not placed anew.
_LATER = """
    SELECT s.person, u.kind, u.native_id, s.valid_from, u.id, true
    FROM stage_assignment s JOIN orgmodel_orgunit u ON u.native_id = s.unit AND u.ended IS NULL
    WHERE s.valid_from > %(today)s AND NOT EXISTS (
        SELECT FROM stage_assignment b WHERE b.person = s.person AND b.unit = s.unit
          AND coalesce(b.valid_from < s.valid_from, true) AND coalesce(b.valid_to >= s.valid_from, true))"""
# A unit that nobody is in yet is known by what it is called, if only one is called so.
_UNITS = """
    SELECT attribute, word, min(id) AS id FROM (
        SELECT attribute, lower(value #>> '{}') AS word, unit_id AS id FROM unit_value
        UNION SELECT k.attribute, lower(x.word), u.id FROM orgmodel_orgunit u
        JOIN (SELECT DISTINCT v.attribute, o.kind FROM unit_value v
              JOIN orgmodel_orgunit o ON o.id = v.unit_id) k ON k.kind = u.kind
        CROSS JOIN LATERAL (VALUES (u.name), (u.slug), (u.native_id)) x (word)
        WHERE u.ended IS NULL
    ) called GROUP BY 1, 2 HAVING count(DISTINCT id) = 1"""
PLANNED = Versioned(
    of=of_facts.PLANNED,
    want=f"""
        WITH given (account, attribute, value, valid_from, unit_id, placed) AS (
            SELECT account, attribute, value, valid_from, NULL::bigint, false FROM stage_planned
            UNION ALL SELECT native_id, 'status', 'active', start_date, NULL, false FROM stage_account
            WHERE start_date > %(today)s
            UNION ALL SELECT native_id, 'status', 'ended', end_date, NULL, false FROM stage_account
            WHERE end_date > %(today)s
            UNION ALL {_LATER}
        ), units AS ({_UNITS}
        ), ours AS (
            SELECT DISTINCT ON (a.id, g.attribute, left(g.value, {LONGEST}), g.valid_from)
                   a.id AS account_id, a.person_id, a.source, g.attribute, left(g.value, {LONGEST}) AS value,
                   g.valid_from, g.unit_id, g.placed,
                   CASE WHEN g.attribute = 'manager' THEN g.value ELSE '' END AS manager_ref
            FROM given g JOIN orgmodel_account a ON a.source = %(source)s AND a.native_id = g.account
            WHERE g.attribute <> 'status' OR a.state <> 'ended'
            ORDER BY a.id, g.attribute, left(g.value, {LONGEST}), g.valid_from, g.placed DESC
        )
        SELECT g.account_id, g.attribute, g.value, g.valid_from, coalesce(g.unit_id, u.id) AS unit_id,
               m.person_id AS manager_id, g.placed, NULL::timestamptz AS true_began
        FROM ours g
        LEFT JOIN units u ON u.attribute = g.attribute AND u.word = lower(g.value)
        LEFT JOIN LATERAL (
            SELECT x.person_id FROM (SELECT g.source, g.manager_ref) p, LATERAL ({MANAGER_NAMED}) x
            WHERE x.person_id IS NOT NULL AND x.person_id IS DISTINCT FROM g.person_id
            ORDER BY x.rank LIMIT 1
        ) m ON g.attribute = 'manager' AND g.value <> ''""",
    snapshot="to_jsonb(c.value)",
    covered=_Coming(("planned", "assignment"), account="c.account_id IN ({0})"),
)
PLANNED_BY = ("account", "assignment")
"""Kinds that plan something, too: first and last days, and assignments that begin later."""
