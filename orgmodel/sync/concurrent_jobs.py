"""Several rows of one person in an HR file: two jobs at once, if they differ only in the job.

Title and unit may differ; the person then belongs to the units of all rows. Rows that differ in anything
else contradict each other and are left to `disbelieved`.
"""

import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db import connection

_SAME = """
    to_jsonb(s) - ARRAY['title', 'attributes', 'dated']
    || jsonb_build_object('rest', s.attributes - %(jobs)s::text[])"""


def join_concurrent_jobs(unit_attributes: Iterable[str]) -> None:
    """Make one staged account of the rows of one person that describe several jobs."""
    jobs = sorted({*unit_attributes, "title"})
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH twice AS (
                SELECT native_id FROM stage_account s GROUP BY 1
                HAVING count(*) > 1 AND count(DISTINCT to_jsonb(s)) > 1 AND count(DISTINCT {_SAME}) = 1
            )
            SELECT s.native_id, s.title, s.attributes FROM stage_account s JOIN twice USING (native_id)
            ORDER BY s.native_id, s.ctid""",
            {"jobs": jobs},
        )
        people = [
            (person, [row[1:] for row in rows])
            for person, rows in groupby(cursor.fetchall(), key=lambda row: row[0])
        ]
        if not people:
            return
        cursor.execute("DROP TABLE IF EXISTS several_jobs")
        cursor.execute("CREATE TEMP TABLE several_jobs (person text, title text, attributes jsonb)")
        cursor.executemany(
            "INSERT INTO several_jobs VALUES (%s, %s, %s::jsonb)",
            [_joined(person, rows, jobs) for person, rows in people],
        )
        cursor.execute(
            """
            WITH ranked AS (
                SELECT s.ctid AS row, row_number() OVER (PARTITION BY s.native_id ORDER BY s.ctid) AS nth
                FROM stage_account s JOIN several_jobs j ON j.person = s.native_id
            )
            DELETE FROM stage_account s USING ranked WHERE s.ctid = ranked.row AND nth > 1;
            UPDATE stage_account s SET title = j.title, attributes = j.attributes
            FROM several_jobs j WHERE j.person = s.native_id;
            DROP TABLE several_jobs"""
        )


def _joined(person: str, rows: list[tuple[str, Any]], jobs: list[str]) -> tuple[str, str, str]:
    """One record of several: titles in the order of the file, the values of all jobs."""
    held = [json.loads(raw) if isinstance(raw, str) else raw for _, raw in rows]
    title = " / ".join(dict.fromkeys(each for each, _ in rows if each))[:500]
    joined = dict(held[0])
    for name in jobs:
        values = list(dict.fromkeys(each[name] for each in held if name in each))
        if values:
            joined[name] = values[0] if len(values) == 1 else values
    if title:
        joined["title"] = title
    return person, title, json.dumps(joined)
