"""Which accounts are one person's, by evidence that is unique on both sides.

A number is stronger than a login, a login than an e-mail address: an address that two records share joins
nobody, and one that went from somebody who left to somebody else joins neither to the other. Whoever comes
back under a new account is still the same person. What was once joined stays joined; ids outlive names.
"""

from dataclasses import dataclass

from django.db import connection

from orgmodel.sources.roles import IS_DIRECTORY, IS_HR

from .matches import APART, OWN
from .parameters import MergeParameters


@dataclass(frozen=True)
class _Match:
    """An evidence: SQL over an HR record h and an Okta user o.

    `number`: it is an id, not an address; SQL for another record x that the same number may mean.
    """

    evidence: str
    same: str
    usable: str
    number: str = ""


# A number that is the id of one record and the number of another, and both are here, names neither.
_OF_ONE = f"""NOT EXISTS (
    SELECT FROM orgmodel_account x WHERE x.source {IS_HR} AND x.id <> h.id AND NOT {{gone}} AND {{same}})"""
_MATCHES = (
    _Match(
        "employee number",
        "h.native_id = o.employee_number",
        "o.employee_number <> ''",
        number="x.employee_number = o.employee_number",
    ),
    _Match(
        "employee number",
        "h.employee_number = o.employee_number",
        "o.employee_number <> '' AND h.employee_number <> ''",
        number="x.native_id = o.employee_number",
    ),
    _Match("e-mail", "lower(h.email) = lower(o.login)", "o.login <> '' AND h.email <> ''"),
    _Match("e-mail", "lower(h.email) = lower(o.email)", "o.email <> '' AND h.email <> ''"),
)
# The number of the one is known to be another's, or both have numbers and they differ.
_OTHERS = f"""(
    o.employee_number NOT IN ('', h.native_id, h.employee_number) AND (
        h.employee_number <> '' OR EXISTS (
            SELECT FROM orgmodel_account x WHERE x.source {IS_HR} AND x.id <> h.id
              AND (x.native_id = o.employee_number OR x.employee_number = o.employee_number))))"""


def gone(alias: str) -> str:
    """SQL: the account with this alias is of somebody who has left, or was itself given up."""
    return (
        f"({alias}.ended IS NOT NULL OR {alias}.state = 'ended'"
        f" OR ({alias}.source {IS_HR} AND coalesce({alias}.end_date <= %(today)s, false)))"
    )


def _has(person: str, source: str, condition: str = "true") -> str:
    return (
        f"EXISTS (SELECT FROM orgmodel_account other WHERE other.person_id = {person}"
        f" AND other.source {source} AND {condition})"
    )


_LIVE = f"NOT {gone('other')}"


def join_lone(parameters: MergeParameters) -> None:
    """Give accounts without a person the one that a counterpart already has."""
    with connection.cursor() as cursor:
        for match in _MATCHES:
            for query in (_okta_to_hr(match), _hr_to_okta(match)):
                cursor.execute(query, parameters.sql(evidence=match.evidence))
        cursor.execute(_BY_NUMBER, parameters.sql(evidence="employee number"))


def _unlike(match: _Match) -> str:
    """SQL: the two are not joined by this evidence, whatever it says."""
    reason = f"NOT {_OF_ONE.format(gone=gone('x'), same=match.number)}" if match.number else _OTHERS
    return f"({reason} OR '{APART}' IN (h.match, o.match))"


def _okta_to_hr(match: _Match) -> str:
    """An Okta user without a person: to that of the one HR record, first of those of people who are here."""
    unlike = _unlike(match)
    kept = "true" if match.number else f"(here OR NOT {_has('pairs.person_id', IS_DIRECTORY)})"
    old = (
        "true"
        if match.number
        else "same = 1 AND records = 1"
        f" AND NOT {_has('pairs.person_id', IS_DIRECTORY, 'other.ended IS NULL')}"
    )
    return f"""
        WITH pairs AS (
            SELECT o.id, h.person_id, {gone("o")} AS old, NOT {gone("h")} AS here,
                   count(*) OVER (PARTITION BY o.id) AS records,
                   count(*) FILTER (WHERE NOT {gone("h")}) OVER (PARTITION BY o.id) AS records_here,
                   count(*) OVER (PARTITION BY h.id) AS same,
                   count(*) FILTER (WHERE NOT {gone("o")}) OVER (PARTITION BY h.id) AS same_here
            FROM orgmodel_account h JOIN orgmodel_account o ON {match.same}
            WHERE h.source {IS_HR} AND o.source {IS_DIRECTORY} AND {match.usable} AND h.person_id IS NOT NULL
              AND o.person_id IS NULL AND o.ended IS NULL AND NOT {unlike}
        )
        UPDATE orgmodel_account c SET person_id = pairs.person_id, match = %(evidence)s FROM pairs
        WHERE pairs.id = c.id AND ((here AND records_here = 1) OR (records_here = 0 AND records = 1))
          AND CASE WHEN old THEN {old}
              ELSE same_here = 1 AND {kept} AND NOT {_has("pairs.person_id", IS_DIRECTORY, _LIVE)} END"""


def _hr_to_okta(match: _Match) -> str:
    """An HR record without a person: to that of the one Okta user, first of those who are here."""
    unlike = _unlike(match)
    taken = "other.ended IS NULL" if match.number else "true"
    return f"""
        WITH found AS (
            SELECT h.id, o.person_id, bool_or(NOT {gone("o")}) AS here
            FROM orgmodel_account h JOIN orgmodel_account o ON {match.same}
            WHERE h.source {IS_HR} AND o.source {IS_DIRECTORY} AND {match.usable} AND o.person_id IS NOT NULL
              AND h.person_id IS NULL AND h.ended IS NULL AND NOT {unlike}
              AND NOT {_has("o.person_id", IS_HR, taken)}
            GROUP BY h.id, o.person_id
        ), pairs AS (
            SELECT *, count(*) OVER (PARTITION BY id) AS people,
                   count(*) FILTER (WHERE here) OVER (PARTITION BY id) AS people_here,
                   count(*) OVER (PARTITION BY person_id) AS records FROM found
        )
        UPDATE orgmodel_account c SET person_id = pairs.person_id, match = %(evidence)s FROM pairs
        WHERE pairs.id = c.id AND records = 1
          AND ((here AND people_here = 1) OR (people_here = 0 AND people = 1))"""


# Without an HR record: a new account of the number under which one person had the old ones. Words such as
# "external" are no numbers.
_BY_NUMBER = f"""
    WITH found AS (
        SELECT o.id, min(x.person_id) AS person_id, {gone("o")} AS old
        FROM orgmodel_account o JOIN orgmodel_account x ON x.employee_number = o.employee_number
        WHERE o.source {IS_DIRECTORY} AND x.source {IS_DIRECTORY} AND o.employee_number ~ '[1-9]'
          AND o.person_id IS NULL AND o.ended IS NULL AND x.person_id IS NOT NULL AND x.match <> '{APART}'
        GROUP BY o.id HAVING count(DISTINCT x.person_id) = 1
    ), pairs AS (
        SELECT *, count(*) FILTER (WHERE NOT old) OVER (PARTITION BY person_id) AS same_here FROM found
    )
    UPDATE orgmodel_account c SET person_id = pairs.person_id, match = %(evidence)s FROM pairs
    WHERE pairs.id = c.id
      AND (old OR (same_here = 1 AND NOT {_has("pairs.person_id", IS_DIRECTORY, _LIVE)}))"""


# Okta users in use that are people of their own, where others have an HR record.
_LONE_USERS = f"""
    SELECT o.* FROM orgmodel_account o
    WHERE EXISTS (SELECT FROM orgmodel_account x WHERE x.source {IS_HR})
      AND o.source {IS_DIRECTORY} AND o.match = '{OWN}' AND o.person_id IS NOT NULL AND NOT {gone("o")}
      AND NOT {_has("o.person_id", IS_HR)}
      AND NOT {_has("o.person_id", IS_DIRECTORY, "other.id <> o.id AND " + _LIVE)}"""


def rejoin(parameters: MergeParameters) -> None:
    """Join what was taken for two people until HR said otherwise: the HR record's person goes on.

    Okta's new account may come before HR tells its number or address; nobody is taken for somebody else
    as long as the record's person has an account that is in use.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({_LONE_USERS})", parameters.sql())
        if not cursor.fetchone()[0]:
            return
        cursor.execute(f"CREATE TEMP TABLE lone_user ON COMMIT DROP AS {_LONE_USERS}", parameters.sql())
        for match in _MATCHES:
            cursor.execute("DROP TABLE IF EXISTS same_person")
            cursor.execute(_two_people(match), parameters.sql())
            for statement in _ONE_OF_TWO:
                cursor.execute(statement, parameters.sql(evidence=match.evidence))
        cursor.execute("DROP TABLE lone_user")


def _two_people(match: _Match) -> str:
    unlike = _unlike(match)
    return f"""
        CREATE TEMP TABLE same_person ON COMMIT DROP AS
        SELECT old, new FROM (
            SELECT o.person_id AS old, h.person_id AS new,
                   count(*) OVER (PARTITION BY o.id) AS records, count(*) OVER (PARTITION BY h.id) AS users
            FROM lone_user o JOIN orgmodel_account h ON {match.same}
            WHERE h.source {IS_HR} AND {match.usable} AND h.person_id IS NOT NULL AND NOT {gone("h")}
              AND NOT {unlike} AND NOT {_has("o.person_id", IS_HR)}
              AND NOT {_has("h.person_id", IS_DIRECTORY, _LIVE)}
        ) pairs WHERE records = 1 AND users = 1"""


_ONE_OF_TWO = (
    """INSERT INTO orgmodel_handover (account_id, before_id, after_id, match, at)
       SELECT c.id, s.old, s.new, c.match, %(now)s
       FROM same_person s JOIN orgmodel_account c ON c.person_id = s.old""",
    f"""UPDATE orgmodel_account c SET person_id = s.new,
        match = CASE WHEN c.match = '{OWN}' THEN %(evidence)s ELSE c.match END
       FROM same_person s WHERE c.person_id = s.old""",
    """UPDATE orgmodel_change c SET person_id = s.new, move_id = NULL FROM same_person s
       WHERE c.person_id = s.old AND c.account_id IS NOT NULL""",
    """UPDATE orgmodel_move m SET state = 'reverted', settled = %(now)s FROM same_person s
       WHERE m.person_id = s.old AND m.state = 'open'""",
    """UPDATE orgmodel_managerline l SET manager_id = s.new FROM same_person s
       WHERE l.manager_id = s.old AND l.ended IS NULL AND l.person_id <> s.new""",
    """UPDATE orgmodel_person p SET manager_id = s.new FROM same_person s
       WHERE p.manager_id = s.old AND p.id <> s.new""",
    """UPDATE orgmodel_person p SET merged_into_id = s.new FROM same_person s
       WHERE p.merged_into_id = s.old""",
    """UPDATE orgmodel_person p SET status = 'ended', ended = %(now)s, merged_into_id = s.new
       FROM same_person s WHERE p.id = s.old""",
)
