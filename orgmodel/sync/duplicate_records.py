"""Records that one answer contains twice: identical ones count once, differing ones are not believed.

A list that shifts while it is paged gives a row again, perhaps as it was before and after a change; which
of the two is true is told by the next read, not by their order.
"""

from django.db import connection

from orgmodel.kinds import KINDS
from orgmodel.reports import Problem

_NO_DIFFERENCE = "ARRAY['created', 'updated', 'members']"
"""Columns of which nothing follows: statistics and times move while a list is paged."""


def set_aside_repeated() -> list[Problem]:
    """Take records that contradict themselves out of staging; the problem of each keeps its old row."""
    found = []
    with connection.cursor() as cursor:
        for kind in KINDS:
            if not kind.identified:
                continue
            key, table = ", ".join(kind.identified), kind.stage
            cursor.execute(
                f"""
                WITH twice AS (
                    SELECT {key} FROM {table} GROUP BY {key} HAVING count(*) > 1
                ), differing AS (
                    SELECT {key} FROM {table} s WHERE ({key}) IN (SELECT * FROM twice)
                    GROUP BY {key} HAVING count(DISTINCT to_jsonb(s) - {_NO_DIFFERENCE}) > 1
                ), gone AS (
                    DELETE FROM {table} WHERE ({key}) IN (SELECT * FROM differing) RETURNING native_id
                )
                SELECT DISTINCT native_id FROM gone ORDER BY 1"""
            )
            found += [
                Problem(
                    f"the list of {kind.name}s",
                    native_id,
                    "appears twice, and the two differ; what was known of it stays until the next sync",
                    kind.name,
                )
                for (native_id,) in cursor.fetchall()
            ]
    return found
