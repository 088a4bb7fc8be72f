"""Joining accounts of several sources into people, with the evidence of each match.

`identity` says which accounts are one person's; here people are made of them, and what is said of them.
"""

from django.db import connection

from orgmodel.kinds import of_facts
from orgmodel.sources.roles import IS_DIRECTORY, IS_HR, IS_PEOPLE

from .access_accounts import attach
from .handovers import decisions_due, hand_over
from .identity import gone, join_lone, rejoin
from .parameters import MergeParameters
from .pg_statistics import measure_again
from .true_days import first_day
from .versions import Versioned, merge

MANY = 500
"""From so many newly joined accounts on, what the planner knows of them is worth renewing."""

PERSON_KEY = "left(encode(sha256(convert_to(source || ' ' || native_id, 'UTF8')), 'hex'), 16)"
"""SQL over an account: the public key of the person whom it makes known.

It depends on nothing but source and native id: a model that is read anew gives the same keys.
"""

PRIMARY = f"""
    SELECT DISTINCT ON (person_id) * FROM orgmodel_account
    WHERE person_id IS NOT NULL AND source {IS_PEOPLE}
    ORDER BY person_id, (ended IS NULL) DESC, (source {IS_HR}) DESC,
             (state <> 'ended') DESC, id"""
"""The account that speaks for a person: the HR record where there is one, else the Okta user."""

STATUS = """
    CASE WHEN p.ended IS NOT NULL OR p.end_date <= %(today)s THEN 'ended'
         WHEN p.start_date > %(today)s AND p.state <> 'ended' THEN 'pending' ELSE p.state END"""


def join_people(parameters: MergeParameters) -> None:
    """Give every account of a human a person, new or known, then refresh the people's summaries."""
    if decisions_due():
        # What the sources say of people is noted first, so that nothing of it is put down to the decision.
        summarise(parameters)
        hand_over(parameters)
        summarise(parameters, because="|| jsonb_build_object('linked', true)")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM orgmodel_account"
            f" WHERE person_id IS NULL AND ended IS NULL AND source {IS_PEOPLE}"
        )
        lone = cursor.fetchone()[0]
        if lone:
            join_lone(parameters)
            _new_people(parameters, IS_HR)
            # Records that came together in one read: the people made from HR now take the Okta users.
            join_lone(parameters)
            # An account that is gone belongs to whoever goes on under its number.
            _new_people(parameters, IS_DIRECTORY, f"NOT {gone('c')}")
            join_lone(parameters)
            _new_people(parameters, IS_DIRECTORY)
        rejoin(parameters)
        attach(parameters)
        if lone >= MANY:
            measure_again("orgmodel_account")
            measure_again("orgmodel_person")
        summarise(parameters)


def _new_people(parameters: MergeParameters, source: str, which: str = "true") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE TEMP TABLE lone ON COMMIT DROP AS
            SELECT id, {PERSON_KEY} AS key, name, email, nextval('orgmodel_person_id_seq') AS person
            FROM orgmodel_account c
            WHERE person_id IS NULL AND ended IS NULL AND source {source} AND {which} ORDER BY id;
            INSERT INTO orgmodel_person
                (id, key, name, email, title, status, worker_type, time_zone, began)
            SELECT person, key, name, email, '', 'unknown', '', '', %(now)s
            FROM lone;
            UPDATE orgmodel_account c SET person_id = lone.person, match = 'own record'
            FROM lone WHERE lone.id = c.id;
            INSERT INTO delta SELECT 'person', 'began', person, NULL, NULL FROM lone;
            DROP TABLE lone""",
            parameters.sql(),
        )


def summarise(parameters: MergeParameters, because: str = "") -> None:
    """Bring what is said of people in line with their records and with the day.

    `because`: SQL that marks what changes by it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH face AS (
                SELECT p.person_id, p.name,
                       CASE WHEN p.email = '' THEN p.login ELSE p.email END AS email, p.title,
                       {STATUS} AS status, p.worker_type, p.start_date, p.end_date, p.time_zone,
                       p.ended
                FROM ({PRIMARY}) p
            ), old AS (
                SELECT c.id, c.status FROM orgmodel_person c JOIN face ON face.person_id = c.id
                WHERE (c.name, c.email, c.title, c.status, c.worker_type, c.start_date, c.end_date,
                       c.time_zone, c.ended)
                    IS DISTINCT FROM
                      (face.name, face.email, face.title, face.status, face.worker_type,
                       face.start_date, face.end_date, face.time_zone, face.ended)
            ), new AS (
                UPDATE orgmodel_person c SET name = face.name, email = face.email, title = face.title,
                    status = face.status, worker_type = face.worker_type,
                    start_date = face.start_date, end_date = face.end_date,
                    time_zone = face.time_zone, ended = face.ended
                FROM face, old WHERE old.id = c.id AND face.person_id = c.id
                RETURNING c.id, old.status AS before, c.status AS after
            )
            INSERT INTO delta
            SELECT 'person', 'changed', id, jsonb_build_object('status', before),
                   jsonb_build_object('status', after) {because}
            FROM new WHERE before <> after AND before <> 'unknown'""",
            parameters.sql(),
        )


# The reference is free text: an id, a number, an address or a login; the first kind that fits decides.
MANAGER_NAMED = """
    SELECT m.person_id, 1 AS rank FROM orgmodel_account m
     WHERE m.source = p.source AND m.native_id = p.manager_ref
    UNION ALL SELECT m.person_id, 2 FROM orgmodel_account m
     WHERE m.source = p.source AND m.employee_number = p.manager_ref
    UNION ALL SELECT m.person_id, 3 FROM orgmodel_account m
     WHERE lower(m.email) = lower(p.manager_ref)
    UNION ALL SELECT m.person_id, 4 FROM orgmodel_account m
     WHERE m.login = p.manager_ref"""
"""SQL: whom the manager_ref of p, an account with its source, may mean; the lowest rank counts."""
MANAGER = Versioned(
    of=of_facts.MANAGER,
    want=f"""
        SELECT DISTINCT ON (p.person_id) p.person_id, m.person_id AS manager_id,
               {first_day("'manager'")} AS true_began
        FROM ({PRIMARY}) p
        LEFT JOIN stage_account s ON p.source = %(source)s AND s.native_id = p.native_id
        JOIN LATERAL ({MANAGER_NAMED}) m ON m.person_id IS NOT NULL AND m.person_id <> p.person_id
        WHERE p.manager_ref <> '' AND p.ended IS NULL
        ORDER BY p.person_id, m.rank""",
    snapshot="to_jsonb(c.manager_id)",
    replaces=True,
)


def draw_manager_lines(parameters: MergeParameters) -> None:
    """Resolve every manager reference and keep the lines with their time."""
    merge(MANAGER, parameters)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE orgmodel_person c SET manager_id = l.manager_id
            FROM orgmodel_person p LEFT JOIN orgmodel_managerline l
              ON l.person_id = p.id AND l.ended IS NULL
            WHERE p.id = c.id AND c.manager_id IS DISTINCT FROM l.manager_id"""
        )
