"""Which person an account of a source of access belongs to. Such a source makes nobody a person.

The strongest evidence that names anybody decides: that Okta assigned the source's app under this very user
name or id; the employee number; an address that the sources of people know, whichever of a person's it is.
Where it names several, those who are here go before those who have left, but not to an account that is older
than they are. Where it still names several the account is nobody's: that is a finding. A name is no evidence.
"""

from django.db import connection

from orgmodel.sources.registry import sources
from orgmodel.sources.roles import IS_DIRECTORY, IS_HR, IS_PEOPLE

from .identity import gone
from .matches import APART, SEVERAL
from .parameters import MergeParameters

_OF_APPS = """
    (SELECT x.source, x.name FROM unnest(%(sources)s::text[], %(catalogue)s::text[]) x (source, name))"""
_KEEP = f"""
    UPDATE orgmodel_seat c SET user_name = s.user_name, external_id = s.external_id
    FROM stage_seat s
    JOIN orgmodel_account a ON a.source = %(source)s AND a.native_id = s.account
    JOIN orgmodel_resource r ON r.source = %(source)s AND r.native_id = s.app
    JOIN {_OF_APPS} o ON o.name = r.type
    WHERE c.ended IS NULL AND c.account_id = a.id AND c.app_id = r.id
      AND (c.user_name, c.external_id) IS DISTINCT FROM (s.user_name, s.external_id)"""
_LONE = f"NOT c.source {IS_PEOPLE} AND c.person_id IS NULL AND c.ended IS NULL AND c.match <> '{APART}'"
# An account that is older than the person was not opened for them: somebody had the address before.
_OLDER = f"""coalesce(l.created < (
    SELECT min(coalesce(z.start_date::timestamp AT TIME ZONE 'UTC', z.created)) FROM orgmodel_account z
    WHERE z.person_id = k.person_id AND z.source {IS_PEOPLE}), false)"""
_ATTACH = f"""
    WITH lone AS (
        SELECT c.id, c.source, c.created, x.rank, lower(x.word) AS word
        FROM orgmodel_account c CROSS JOIN LATERAL (
            VALUES (0, c.native_id), (0, c.login), (0, c.email), (1, c.employee_number),
                   (2, c.email), (2, c.login)) x (rank, word)
        WHERE {_LONE} AND x.word <> '' AND (x.rank <> 1 OR x.word ~ '[1-9]')
    ), known AS (
        SELECT '' AS source, x.rank, lower(x.word) AS word, p.person_id, NOT {gone("p")} AS here
        FROM orgmodel_account p CROSS JOIN LATERAL (
            VALUES (1, p.employee_number), (1, CASE WHEN p.source {IS_HR} THEN p.native_id END),
                   (2, p.login), (2, p.email)) x (rank, word)
        WHERE p.source {IS_PEOPLE} AND p.person_id IS NOT NULL AND x.word <> ''
        UNION ALL
        SELECT o.source, 0, lower(x.word), p.person_id, NOT {gone("p")}
        FROM {_OF_APPS} o
        JOIN orgmodel_resource r ON r.type = o.name AND r.source {IS_DIRECTORY} AND r.ended IS NULL
        JOIN orgmodel_seat s ON s.app_id = r.id AND s.ended IS NULL
        JOIN orgmodel_account p ON p.id = s.account_id AND p.person_id IS NOT NULL
        CROSS JOIN LATERAL (VALUES (s.user_name), (s.external_id)) x (word) WHERE x.word <> ''
    ), named AS (
        SELECT l.id, l.rank, k.person_id, bool_or(k.here) AND NOT (l.rank = 2 AND {_OLDER}) AS here
        FROM lone l JOIN known k ON k.rank = l.rank AND k.word = l.word AND k.source IN ('', l.source)
        GROUP BY 1, 2, 3, l.created
    ), strongest AS (
        SELECT DISTINCT ON (id) id, rank, count(*) FILTER (WHERE here) AS here, count(*) AS people,
               coalesce(min(person_id) FILTER (WHERE here), min(person_id)) AS person
        FROM named GROUP BY id, rank ORDER BY id, rank
    ), found AS (
        SELECT c.id, CASE WHEN s.here = 1 OR s.here = 0 AND s.people = 1 THEN s.person END AS person,
               CASE s.rank WHEN 0 THEN 'app assignment' WHEN 1 THEN 'employee number' WHEN 2 THEN 'e-mail'
               ELSE '' END AS evidence
        FROM orgmodel_account c LEFT JOIN strongest s ON s.id = c.id WHERE {_LONE}
    )
    UPDATE orgmodel_account c SET person_id = found.person,
        match = CASE WHEN found.person IS NULL AND found.evidence <> '' THEN '{SEVERAL}' ELSE '' END
                || found.evidence
    FROM found WHERE found.id = c.id
      AND (found.person IS NOT NULL OR found.evidence <> '' OR c.match <> '')"""


def _apps() -> dict[str, list[str]]:
    """The sources whose accounts a directory assigns by an app, and beside each the app's catalogue name."""
    pairs = [(each.name, name) for each in sources() for name in sorted(each.catalogue)]
    return {"sources": [source for source, _ in pairs], "catalogue": [name for _, name in pairs]}


def keep_app_accounts(parameters: MergeParameters) -> None:
    """As whom apps that are sources themselves know the accounts that this run finds assigned to them."""
    apps = _apps()
    if apps["sources"]:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, parameters.sql(**apps))


def attach(parameters: MergeParameters) -> None:
    """Give the accounts of other sources to the people whom the evidence names."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM orgmodel_account c WHERE {_LONE})")
        if cursor.fetchone()[0]:
            cursor.execute(_ATTACH, parameters.sql(**_apps()))
