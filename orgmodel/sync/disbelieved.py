"""Records of an answer that are not believed: they leave staging, and what was known of them stays.

A list that shifts while it is paged may give a record twice, as it was before and after a change: the next
read tells which of the two is true, not their order. And an id may be given to somebody else, who must not
inherit another's record. Whoever marries has a new name and perhaps a new address, whoever comes back has
another first day: where all three differ at once, and no account elsewhere has the new address, the record is
taken for another's.
"""

from django.db import connection

from orgmodel.kinds import KINDS
from orgmodel.marks import Unreadable
from orgmodel.reports import Problem
from orgmodel.sources.record_problems import OF_A_PERSON

TWICE = "appears twice, and the two differ; what was known of it stays until the next sync"
REUSED = (
    "name, e-mail address and first day all differ from before, as if the id had been given to somebody else;"
    " what was known stays. Give the other person an id of their own. If it is the same person, the record"
    " counts as soon as another source has the new address for an account of theirs"
)
_NO_DIFFERENCE = "ARRAY['created', 'updated', 'members']"
"""Columns of which nothing follows: statistics and times move while a list is paged."""
_REUSED = """
    SELECT DISTINCT s.native_id FROM stage_account s
    JOIN orgmodel_account c ON c.source = %(source)s AND c.native_id = s.native_id
    WHERE lower(s.name) <> lower(c.name) AND '' NOT IN (s.name, c.name)
      AND lower(s.email) <> lower(c.email) AND '' NOT IN (s.email, c.email)
      AND s.start_date <> c.start_date
      AND NOT EXISTS (
        SELECT FROM orgmodel_account o
        WHERE o.person_id = c.person_id AND o.source <> c.source AND o.ended IS NULL
          AND lower(s.email) IN (lower(o.email), lower(o.login)))
    ORDER BY 1"""
_OF_PEOPLE = (
    "DELETE FROM stage_account WHERE native_id = ANY(%(people)s)",
    "DELETE FROM stage_assignment WHERE person = ANY(%(people)s)",
    "DELETE FROM stage_planned WHERE account = ANY(%(people)s)",
)
# Whoever reports to an id that is another's by now does not report to the person whom it named before.
_REPORTS = """
    UPDATE stage_account s SET manager_ref = '' WHERE s.manager_ref = ANY(%(people)s) RETURNING s.native_id"""


def set_aside(source: str) -> tuple[list[Problem], list[Unreadable]]:
    """Takes what is not believed out of staging: a problem for each, and marks that keep what was known."""
    twice, reused = _given_twice(), _reused(source)
    people = [each.record for each in twice if each.kind == "account"] + reused
    marks = [Unreadable(each.kind, each.record) for each in twice]
    marks += [Unreadable(kind, person) for person in people for kind in OF_A_PERSON]
    with connection.cursor() as cursor:
        for statement in _OF_PEOPLE if people else ():
            cursor.execute(statement, {"people": people})
        if reused:
            cursor.execute(_REPORTS, {"people": reused})
            marks += [Unreadable("manager", person) for (person,) in cursor.fetchall()]
    return [*twice, *(Problem("the list of accounts", each, REUSED, "account") for each in reused)], marks


def _given_twice() -> list[Problem]:
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
            where = f"the list of {kind.name}s"
            found += [Problem(where, native_id, TWICE, kind.name) for (native_id,) in cursor.fetchall()]
    return found


def _reused(source: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_REUSED, {"source": source})
        return [native_id for (native_id,) in cursor.fetchall()]
