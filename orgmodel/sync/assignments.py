"""Who belongs to which unit: as the HRIS states it, else as it follows from an attribute's value."""

from django.db import connection

from orgmodel.kinds import of_facts
from orgmodel.sources.roles import IS_HR

from .coverage import Coverage, Derived, Listed
from .parameters import MergeParameters
from .people import PRIMARY
from .unit_names import EACH
from .versions import Versioned, merge


class _Stated(Listed):
    """What the records of the source itself say: it hangs on a person, whatever accounts that one has."""

    def covered(self, kind: str, coverage: Coverage) -> str:
        if kind in coverage.whole:
            return "c.source = %(source)s"
        if kind not in coverage.partly:
            return "false"
        return f"c.source = %(source)s AND {_OF_PEOPLE.format('covered_account')}"

    def ends(self, coverage: Coverage) -> str:
        return f"{self.seen(coverage)} AND NOT {_OF_PEOPLE.format('unread_account')}"


_OF_PEOPLE = (
    "c.person_id IN (SELECT a.person_id FROM orgmodel_account a JOIN {0} m ON m.id = a.id"
    " WHERE m.kind = 'assignment' AND a.person_id IS NOT NULL)"
)
STATED = Versioned(
    of=of_facts.ASSIGNMENT,
    want="""
        SELECT DISTINCT ON (a.person_id, u.id) a.person_id, u.id AS unit_id, %(source)s AS source,
               coalesce(nullif(s.kind, ''), 'primary') AS kind, s.valid_from, s.valid_to,
               s.valid_from::timestamp AT TIME ZONE 'UTC' AS true_began
        FROM stage_assignment s
        JOIN orgmodel_account a ON a.source = %(source)s AND a.native_id = s.person
        JOIN orgmodel_orgunit u ON u.native_id = s.unit AND u.ended IS NULL
        WHERE a.person_id IS NOT NULL
          AND coalesce(s.valid_from <= %(today)s, true) AND coalesce(s.valid_to > %(today)s, true)
        ORDER BY a.person_id, u.id, s.valid_from DESC NULLS LAST""",
    snapshot="to_jsonb(c.kind)",
    covered=_Stated(("assignment",)),
)
FOLLOWING = Versioned(
    of=of_facts.ASSIGNMENT,
    bare=True,
    # Whoever the HRIS ever placed in a unit of a kind is no longer placed by an attribute: a leaver whose
    # assignment ended must not get it back from the profile. Until it places nobody in that kind at all.
    want=f"""
        WITH ever AS (
            SELECT s.person_id, u.kind, bool_or(s.ended IS NULL) AS now
            FROM orgmodel_assignment s JOIN orgmodel_orgunit u ON u.id = s.unit_id
            WHERE s.source {IS_HR} GROUP BY 1, 2
        ), placed AS MATERIALIZED (
            SELECT person_id, kind FROM ever WHERE kind IN (SELECT kind FROM ever WHERE now)
        ), named AS (
            SELECT t.account_id, t.name, t.value, t.true_began FROM orgmodel_attribute t
            WHERE t.ended IS NULL AND jsonb_typeof(t.value) <> 'array'
              AND t.name IN (SELECT attribute FROM unit_value)
            UNION ALL
            SELECT t.account_id, t.name, x.value, t.true_began FROM orgmodel_attribute t
            CROSS JOIN LATERAL jsonb_array_elements({EACH.format("t.value")}) x (value)
            WHERE t.ended IS NULL AND jsonb_typeof(t.value) = 'array'
              AND t.name IN (SELECT attribute FROM unit_value)
        )
        SELECT p.person_id, v.unit_id, min(t.true_began) AS true_began
        FROM ({PRIMARY}) p
        JOIN named t ON t.account_id = p.id
        JOIN unit_value v ON v.attribute = t.name AND v.value = t.value
        JOIN orgmodel_orgunit u ON u.id = v.unit_id
        WHERE p.ended IS NULL AND NOT EXISTS (
            SELECT FROM placed WHERE placed.person_id = p.person_id AND placed.kind = u.kind)
        GROUP BY 1, 2""",
    snapshot="to_jsonb(c.kind)",
    covered=Derived("c.source = 'attribute'"),
)


def assign(parameters: MergeParameters, coverage: Coverage, *, stated: bool) -> None:
    """Who belongs to which unit now. `stated`: the source of this run states assignments of its own."""
    if stated:
        # A pair that so far only followed from an attribute becomes a stated one, and back.
        merge(STATED, parameters, coverage)
    merge(FOLLOWING, parameters)
    _hand_over(parameters)
    join_on_first_days(parameters)


def _hand_over(parameters: MergeParameters) -> None:
    """Whose unit, or whose place in it, is known better now has not moved: nothing is told, and the first
    day stands.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH pairs AS (
                SELECT o.id AS old, n.id AS new, coalesce(o.true_began, o.began) AS since
                FROM delta d JOIN orgmodel_assignment o ON o.id = d.id
                JOIN orgmodel_assignment n ON n.person_id = o.person_id AND n.ended IS NULL
                WHERE d.kind = 'assignment' AND d.verb = 'ended' AND (n.unit_id = o.unit_id
                   OR (o.unit_id, n.unit_id) IN (SELECT old, heir FROM unit_heir))
            ), dated AS (
                UPDATE orgmodel_assignment a SET true_began = pairs.since FROM pairs
                WHERE a.id = pairs.new AND a.run_began_id = %(run)s AND a.true_began IS NULL
            )
            DELETE FROM delta d USING pairs
            WHERE d.kind = 'assignment' AND ((d.verb = 'ended' AND d.id = pairs.old)
               OR (d.verb = 'began' AND d.id = pairs.new))""",
            parameters.sql(),
        )


def join_on_first_days(parameters: MergeParameters) -> None:
    """Whoever starts in this run joins the units that they were assigned to before, which nobody was told."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH joins AS (
                SELECT a.id, a.kind FROM delta d JOIN orgmodel_assignment a ON a.person_id = d.id
                WHERE d.kind = 'person' AND d.verb = 'changed' AND d.before ->> 'status' = 'pending'
                  AND d.after ->> 'status' <> 'ended' AND a.ended IS NULL AND a.run_began_id <> %(run)s
                  AND NOT EXISTS (
                      SELECT FROM orgmodel_change c
                      WHERE c.kind = 'assignment' AND c.verb = 'began' AND c.fact = a.id)
            ), restated AS (
                DELETE FROM delta d USING joins WHERE d.kind = 'assignment' AND d.id = joins.id
            )
            INSERT INTO delta SELECT 'assignment', 'began', id, NULL, to_jsonb(kind) FROM joins""",
            parameters.sql(),
        )
