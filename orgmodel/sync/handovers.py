"""What admins decided about whose an account is, put into effect: the next sync does it, and every later one.

What changes hands is kept as rows (`Handover`), so that both pasts stay what they were and each step can be
taken back. Nobody moves by it: what follows is marked, and opens no case.
"""

from datetime import timedelta

from django.db import connection

from orgmodel.sources.roles import IS_HR, IS_PEOPLE

from .matches import APART, BY_HAND, LINKED
from .parameters import MergeParameters

BEFORE_THE_RUN = timedelta(microseconds=1)
"""A row that begins here may still end in the run itself."""

# Whom a person stands for today: nobody is merged into somebody who was merged.
_STANDING = "(SELECT coalesce(x.merged_into_id, x.id) FROM orgmodel_person x WHERE x.id = {})"
# How it was before anybody decided anything.
_UNDECIDED = f"""
    LEFT JOIN LATERAL (
        SELECT h.before_id, h.match FROM orgmodel_handover h
        WHERE h.account_id = a.id AND h.decision_id IS NOT NULL AND h.match NOT IN {BY_HAND}
        ORDER BY h.at DESC, h.id DESC LIMIT 1) u ON l.act = 'undo'"""
# Who was given up when the account came to whoever has it: they are there again.
_GIVEN_UP = """
    LEFT JOIN LATERAL (
        SELECT h.before_id FROM orgmodel_handover h
        WHERE h.account_id = a.id AND h.before_id <> a.person_id
          AND NOT EXISTS (SELECT FROM orgmodel_account o WHERE o.person_id = h.before_id)
        ORDER BY h.at DESC, h.id DESC LIMIT 1) g ON l.act = 'unlink'"""
_OF_PERSON = _STANDING.format("l.person_id")
_DUE = f"""
    CREATE TEMP TABLE due ON COMMIT DROP AS
    SELECT a.id AS account, a.person_id AS before, a.match, l.id AS decision, l.act,
           a.source {IS_PEOPLE} AS of_people,
           CASE l.act WHEN 'link' THEN {_OF_PERSON}
               WHEN 'unlink' THEN CASE WHEN a.source {IS_PEOPLE} THEN g.before_id END
               ELSE CASE WHEN u.match IS NULL THEN a.person_id ELSE u.before_id END END AS after,
           CASE l.act WHEN 'link' THEN '{LINKED}' WHEN 'unlink' THEN '{APART}'
               ELSE coalesce(u.match, '') END AS becomes
    FROM (SELECT DISTINCT ON (account_id) * FROM orgmodel_accountdecision ORDER BY account_id, id DESC) l
    JOIN orgmodel_account a ON a.id = l.account_id {_UNDECIDED} {_GIVEN_UP}
    WHERE CASE l.act
        WHEN 'link' THEN a.match <> '{LINKED}' OR a.person_id IS DISTINCT FROM {_OF_PERSON}
        WHEN 'unlink' THEN a.match <> '{APART}' ELSE a.match IN {BY_HAND} END"""

_APPLY = (
    # Whoever stands apart for the first time is somebody new, under a key that is no other account's.
    """CREATE TEMP TABLE apart ON COMMIT DROP AS
       SELECT d.account, nextval('orgmodel_person_id_seq') AS person,
              left(encode(sha256(convert_to(
                  a.source || ' ' || a.native_id || ' apart ' || d.decision, 'UTF8')), 'hex'), 16) AS key
       FROM due d JOIN orgmodel_account a ON a.id = d.account
       WHERE d.act = 'unlink' AND d.of_people AND d.after IS NULL""",
    """INSERT INTO orgmodel_person (id, key, name, email, title, status, worker_type, time_zone, began)
       SELECT n.person, n.key, a.name, a.email, '', 'unknown', '', '', %(early)s
       FROM apart n JOIN orgmodel_account a ON a.id = n.account""",
    "UPDATE due d SET after = n.person FROM apart n WHERE n.account = d.account",
    """INSERT INTO orgmodel_handover (account_id, before_id, after_id, match, at, decision_id)
       SELECT account, before, after, match, %(early)s, decision FROM due""",
    """UPDATE orgmodel_account a SET person_id = d.after, match = d.becomes
       FROM due d WHERE d.account = a.id""",
)
# Whom the last account of a source of people leaves takes the other accounts along; whoever comes back gets
# those again that went along then.
_ALONG = f"""
    INSERT INTO due (account, before, after, match, becomes, decision, act, of_people)
    SELECT f.id, f.person_id, x.after, f.match, f.match, x.decision, 'along', f.source {IS_PEOPLE}
    FROM (SELECT DISTINCT ON (before) * FROM due WHERE of_people AND before <> after
          ORDER BY before, decision DESC) x
    JOIN orgmodel_account f ON f.person_id = x.before AND NOT f.source {IS_PEOPLE}
    WHERE NOT EXISTS (SELECT FROM orgmodel_account o WHERE o.person_id = x.before AND o.source {IS_PEOPLE})
    UNION
    SELECT f.id, f.person_id, x.after, f.match, f.match, x.decision, 'along', f.source {IS_PEOPLE}
    FROM due x
    JOIN orgmodel_handover h ON h.account_id = x.account AND h.before_id = x.after AND h.after_id = x.before
    JOIN orgmodel_handover k ON k.at = h.at AND k.before_id = h.before_id AND k.account_id <> h.account_id
    JOIN orgmodel_account f ON f.id = k.account_id AND f.person_id = k.after_id
    WHERE x.of_people AND x.before <> x.after AND f.id NOT IN (SELECT account FROM due)
      AND NOT EXISTS (SELECT FROM orgmodel_handover n WHERE n.account_id = f.id AND n.at > k.at)"""
_GO_ALONG = (
    """INSERT INTO orgmodel_handover (account_id, before_id, after_id, match, at, decision_id)
       SELECT account, before, after, match, %(early)s, decision FROM due WHERE act = 'along'""",
    """UPDATE orgmodel_account a SET person_id = d.after
       FROM due d WHERE d.account = a.id AND act = 'along'""",
    # What a merge by evidence had said of the other is said of them again.
    """UPDATE orgmodel_change c SET person_id = h.before_id FROM due d
       JOIN orgmodel_handover h ON h.account_id = d.account AND h.before_id = d.after
        AND h.after_id = d.before AND h.decision_id IS NULL
       WHERE c.account_id = d.account AND c.person_id = h.after_id AND c.at < h.at""",
)
# What a record itself says of units goes with the last record of its source.
_UNITS = (
    f"""CREATE TEMP TABLE placed_elsewhere ON COMMIT DROP AS
        SELECT s.id, s.unit_id, s.source, s.kind, s.valid_from, s.valid_to, d.after,
               coalesce(s.true_began, s.began) AS since
        FROM (SELECT DISTINCT ON (d.before, a.source) d.before, d.after, a.source
              FROM due d JOIN orgmodel_account a ON a.id = d.account AND a.source {IS_HR}
              WHERE d.before <> d.after ORDER BY d.before, a.source, d.decision DESC) d
        JOIN orgmodel_assignment s ON s.person_id = d.before AND s.source = d.source AND s.ended IS NULL
        WHERE NOT EXISTS (SELECT FROM orgmodel_account o WHERE o.person_id = d.before AND o.source = d.source)
        """,
    """WITH gone AS (
           UPDATE orgmodel_assignment s SET ended = %(early)s, run_ended_id = %(run)s
           FROM placed_elsewhere p WHERE p.id = s.id RETURNING s.id, to_jsonb(s.kind) AS kind)
       INSERT INTO delta SELECT 'assignment', 'ended', id, kind, NULL FROM gone""",
    """WITH new AS (
           INSERT INTO orgmodel_assignment AS s
               (person_id, unit_id, source, kind, valid_from, valid_to, began, true_began, run_began_id)
           SELECT DISTINCT ON (p.after, p.unit_id) p.after, p.unit_id, p.source, p.kind, p.valid_from,
                  p.valid_to, %(early)s, p.since, %(run)s
           FROM placed_elsewhere p WHERE NOT EXISTS (
               SELECT FROM orgmodel_assignment o
               WHERE o.person_id = p.after AND o.unit_id = p.unit_id AND o.ended IS NULL)
           ORDER BY p.after, p.unit_id, p.since RETURNING s.id, to_jsonb(s.kind) AS kind)
       INSERT INTO delta SELECT 'assignment', 'began', id, NULL, kind FROM new""",
)
# Whoever has no account any more goes on as the one who has the account that was theirs last.
_HEIRS = """
    CREATE TEMP TABLE heir ON COMMIT DROP AS
    SELECT p.id, p.status, p.merged_into_id AS was, EXISTS (
               SELECT FROM orgmodel_account a WHERE a.person_id = p.id) AS stands, (
               SELECT a.person_id FROM orgmodel_handover h JOIN orgmodel_account a ON a.id = h.account_id
               WHERE h.before_id = p.id AND h.after_id <> h.before_id AND a.person_id IS NOT NULL
               ORDER BY h.at DESC, h.id DESC LIMIT 1) AS goes_on
    FROM orgmodel_person p WHERE p.id IN (SELECT before_id FROM orgmodel_handover)"""
_MERGE = (
    """UPDATE orgmodel_person p SET merged_into_id = h.goes_on FROM heir h
       WHERE p.merged_into_id = h.id AND NOT h.stands AND h.goes_on IS NOT NULL
         AND p.id NOT IN (SELECT id FROM heir)""",
    """INSERT INTO delta
       SELECT 'person', 'changed', h.id, jsonb_build_object('status', h.status),
              jsonb_build_object('status', 'ended', 'linked', true, 'into', left(q.name, 200))
       FROM heir h JOIN orgmodel_person q ON q.id = h.goes_on WHERE NOT h.stands AND h.was IS NULL""",
    """UPDATE orgmodel_person p SET merged_into_id = h.goes_on, status = 'ended',
           ended = CASE WHEN h.was IS NULL THEN %(early)s ELSE p.ended END
       FROM heir h WHERE p.id = h.id AND NOT h.stands AND h.goes_on IS NOT NULL
         AND p.merged_into_id IS DISTINCT FROM h.goes_on""",
    """UPDATE orgmodel_person p SET merged_into_id = NULL, ended = NULL
       FROM heir h WHERE p.id = h.id AND h.stands AND p.merged_into_id IS NOT NULL""",
    """UPDATE orgmodel_move m SET state = 'reverted', settled = %(now)s
       FROM heir h WHERE m.person_id = h.id AND NOT h.stands AND m.state = 'open'""",
    """INSERT INTO delta
       SELECT 'handover', x.verb, h.id, to_jsonb(h.before_id), to_jsonb(h.after_id)
       FROM due d JOIN orgmodel_handover h ON h.account_id = d.account AND h.at = %(early)s
       CROSS JOIN LATERAL (VALUES ('ended', h.before_id), ('began', h.after_id)) x (verb, person)
       WHERE x.person IS NOT NULL AND h.before_id IS DISTINCT FROM h.after_id""",
)


def decisions_due() -> bool:
    """Whether anything was decided that is not so yet."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS due, apart, placed_elsewhere, heir")
        cursor.execute(_DUE)
        cursor.execute("SELECT EXISTS (SELECT FROM due)")
        return bool(cursor.fetchone()[0])


def hand_over(parameters: MergeParameters) -> None:
    """Put into effect what `decisions_due` found."""
    values = parameters.sql(early=parameters.now - BEFORE_THE_RUN)
    with connection.cursor() as cursor:
        for statement in (*_APPLY, _ALONG, *_GO_ALONG, *_UNITS, _HEIRS, *_MERGE):
            cursor.execute(statement, values)


_NEW = """
    SELECT h.account_id, h.before_id, h.after_id, h.decision_id FROM orgmodel_handover h
    WHERE h.decision_id IS NOT NULL AND h.before_id IS DISTINCT FROM h.after_id AND h.at > (
        SELECT coalesce(max(r.applied_at), '-infinity') FROM orgmodel_run r
        WHERE r.source = %(source)s AND r.outcome IN ('applied', 'unchanged') AND r.id <> %(run)s)"""
"""What changed hands since the source was last applied, by whichever sync: it may say more of the two."""
# Who decided, of whose account: that is why whatever follows for the two, or for those whom they manage.
_FILL_CAUSES = f"""
    UPDATE orgmodel_change c SET cause = t.cause, evidence = 'decision'
    FROM (
        SELECT DISTINCT ON (c.id) c.id, jsonb_strip_nulls(jsonb_build_object(
                   'kind', CASE l.act WHEN 'link' THEN 'linked' WHEN 'unlink' THEN 'unlinked'
                       ELSE 'undone' END,
                   'actor', coalesce(left(w.name, 200), 'somebody on the server'),
                   'reason', nullif(left(l.reason, 500), ''))) AS cause
        FROM ({_NEW}) d JOIN orgmodel_accountdecision l ON l.id = d.decision_id
        LEFT JOIN orgmodel_person w ON w.id = l.actor_id
        CROSS JOIN LATERAL (VALUES (d.before_id), (d.after_id)) x (person)
        JOIN orgmodel_change c ON c.run_id = %(run)s AND (
            (c.kind = 'handover' AND c.account_id = d.account_id)
            OR (c.kind IN ('assignment', 'manager') AND c.person_id = x.person)
            OR (c.kind = 'person' AND c.person_id = x.person AND c.after ? 'linked')
            OR (c.kind = 'manager' AND c.before = to_jsonb(d.before_id) AND c.after = to_jsonb(d.after_id)))
        ORDER BY c.id, d.decision_id DESC
    ) t WHERE t.id = c.id"""


def say_who_decided(parameters: MergeParameters) -> None:
    """Of what changed hands, and of what follows from it: who decided it, and why."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({_NEW})", parameters.sql())
        if cursor.fetchone()[0]:
            cursor.execute(_FILL_CAUSES, parameters.sql())
