"""References of the staged rows to people or things nobody knows: each is a problem of its row."""

from django.db import connection

from orgmodel.kinds.resources import resource_kinds
from orgmodel.reports import Problem, Reference, SourceFailed
from orgmodel.sources import registry
from orgmodel.sources.roles import IS_HR, IS_PEOPLE

from .people import PRIMARY

MOST = 200
"""So many problems of one sort tell enough."""

_KNOWN = {
    "person": f"SELECT FROM orgmodel_account a WHERE a.source {IS_HR} AND a.native_id = x.named",
    "lead": f"""
        SELECT FROM orgmodel_account a WHERE a.source {IS_PEOPLE} AND a.native_id = x.named
        UNION ALL SELECT FROM orgmodel_account a
        WHERE a.source {IS_PEOPLE} AND lower(a.email) = lower(x.named)""",
    "manager": """
        SELECT FROM orgmodel_account a WHERE a.native_id = x.named
        UNION ALL SELECT FROM orgmodel_account a WHERE a.employee_number = x.named
        UNION ALL SELECT FROM orgmodel_account a WHERE lower(a.email) = lower(x.named)
        UNION ALL SELECT FROM orgmodel_account a WHERE a.login = x.named""",
    "unit": """
        SELECT FROM orgmodel_orgunit u WHERE u.native_id = x.named AND u.ended IS NULL
        UNION ALL SELECT FROM stage_unit u WHERE u.native_id = x.named""",
}
_NOBODY = {
    "person": "nobody in the HR records",
    "lead": "nobody who is known so far",
    "manager": "nobody who is known",
    "unit": "no unit that is known",
}


_NAMED = """
    SELECT x.ref[1], x.ref[2] FROM (
        SELECT target AS ref FROM stage_grant UNION ALL SELECT source FROM stage_edge
        UNION ALL SELECT target FROM stage_edge UNION ALL SELECT ARRAY['', kind] FROM stage_resource
    ) x GROUP BY 1, 2"""


def refuse_strangers() -> None:
    """Raises SourceFailed where a staged fact names a source, or a kind of resource, that there is not."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED)
        named = cursor.fetchall()
    sources = {source for source, _ in named} - {"", *registry.names()}
    kinds = {kind for _, kind in named} - {kind.name for kind in resource_kinds()}
    if sources:
        raise SourceFailed(
            f"The source refers to things of {', '.join(sorted(sources))}, and no source has that name;"
            " nothing was applied."
        )
    if kinds:
        raise SourceFailed(
            f"The source speaks of the kind of resource {', '.join(sorted(kinds))}, and none of that name is"
            " declared in orgmodel/kinds; nothing was applied."
        )


def of_strangers(source: str) -> list[Problem]:
    """A problem for each account that something is planned of and that nobody knows; the rest is merged."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT p.account FROM stage_planned p
            WHERE NOT EXISTS (SELECT FROM stage_account s WHERE s.native_id = p.account)
              AND NOT EXISTS (SELECT FROM orgmodel_account a
                              WHERE a.source = %s AND a.native_id = p.account)
            ORDER BY 1 LIMIT %s""",
            [source, MOST],
        )
        rows = cursor.fetchall()
    return [
        Problem(
            "the planned changes", record, "something is planned of an account that is not in the records"
        )
        for (record,) in rows
    ]


def unanswered(references: list[Reference]) -> list[Problem]:
    """The problems of the references that neither staged nor known records answer to.

    Units are read before people: as long as nobody at all is known, a lead is no problem.
    """
    found: list[Problem] = []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({PRIMARY})")
        anybody = cursor.fetchone()[0]
        for kind, known in _KNOWN.items():
            mine = [each for each in references if each.kind == kind]
            if not mine or (kind == "lead" and not anybody):
                continue
            cursor.execute(
                f"SELECT x.named FROM unnest(%s::text[]) x (named) WHERE NOT EXISTS ({known})",
                [sorted({each.named for each in mine})],
            )
            unknown = {row[0] for row in cursor.fetchall()}
            found += [
                Problem(each.where, each.record, f"{each.column} names {_NOBODY[kind]}")
                for each in mine
                if each.named in unknown
            ]
    return found
