"""Org units from the control plane, from groups that carry them, from attribute values; who belongs where."""

from collections.abc import Iterable

from django.db import connection

from orgmodel.conventions import Conventions
from orgmodel.kinds import of_facts
from orgmodel.models import OrgUnit, Resource
from orgmodel.recognition import Group, Unit, signs
from orgmodel.sources.roles import IS_PEOPLE, KEEPS_UNITS

from .coverage import Coverage, Derived, Recorded
from .known_units import RECORDED, Identity, KnownUnits, take_over
from .parameters import MergeParameters
from .versions import Versioned, merge

UNIT_FACE = Versioned(
    of=of_facts.UNIT,
    want="""
        SELECT u.id AS unit_id, x.name, x.value, NULL::timestamptz AS true_began
        FROM orgmodel_orgunit u CROSS JOIN LATERAL (VALUES
            ('name', to_jsonb(u.name)), ('slug', to_jsonb(u.slug)), ('parent', to_jsonb(u.parent_id)),
            ('lead', to_jsonb(u.lead_id)), ('active', to_jsonb(u.active))
        ) x (name, value) WHERE u.ended IS NULL AND x.value IS NOT NULL""",
    snapshot="c.value",
    covered=Derived("c.unit_id IS NOT NULL"),
    replaces=True,
)
LINK = Versioned(
    of=of_facts.LINK,
    want="SELECT unit_id, group_id, evidence, NULL::timestamptz AS true_began FROM want_link",
    snapshot="to_jsonb(c.evidence)",
)


_NAMED = f"""
    SELECT x.id FROM orgmodel_orgunit x
    WHERE x.native_id = {{0}} AND (x.kind, x.native_id) <> (s.kind, s.native_id)
    ORDER BY x.ended IS NOT NULL, NOT x.source {KEEPS_UNITS}, x.id LIMIT 1"""


STATED = Recorded("unit")


def merge_stated_units(parameters: MergeParameters, coverage: Coverage) -> None:
    """Units that the control plane, or the HRIS, keeps as records of its own."""
    _take_over_stated(parameters.source)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO orgmodel_orgunit
                (kind, native_id, source, name, slug, address, active, active_from, active_to, began)
            SELECT DISTINCT ON (kind, native_id) kind, native_id, %(source)s, name, slug,
                   ':' || gen_random_uuid(), active AND coalesce(active_to > %(today)s, true), active_from,
                   active_to, %(now)s::timestamptz
            FROM stage_unit ORDER BY kind, native_id
            ON CONFLICT (kind, native_id) DO UPDATE SET source = excluded.source,
                name = excluded.name, slug = excluded.slug, active = excluded.active,
                active_from = excluded.active_from, active_to = excluded.active_to, ended = NULL
            WHERE (orgmodel_orgunit.source, orgmodel_orgunit.name, orgmodel_orgunit.slug,
                   orgmodel_orgunit.active, orgmodel_orgunit.active_from, orgmodel_orgunit.active_to,
                   orgmodel_orgunit.ended)
                IS DISTINCT FROM (excluded.source, excluded.name, excluded.slug, excluded.active,
                                  excluded.active_from, excluded.active_to, NULL)""",
            parameters.sql(),
        )
        cursor.execute(
            f"""
            UPDATE orgmodel_orgunit c SET parent_id = p.id, merged_into_id = m.id, lead_ref = s.lead
            FROM stage_unit s
            LEFT JOIN LATERAL ({_NAMED.format("s.parent")}) p ON true
            LEFT JOIN LATERAL ({_NAMED.format("s.merged_into")}) m ON true
            WHERE c.kind = s.kind AND c.native_id = s.native_id
              AND (c.parent_id, c.merged_into_id, c.lead_ref) IS DISTINCT FROM (p.id, m.id, s.lead)"""
        )
        cursor.execute(
            f"""
            UPDATE orgmodel_orgunit c SET ended = %(now)s
            WHERE c.ended IS NULL AND {STATED.ends(coverage)} AND NOT EXISTS (
                SELECT FROM stage_unit s WHERE s.kind = c.kind AND s.native_id = c.native_id)""",
            parameters.sql(),
        )


def _take_over_stated(source: str) -> None:
    """What was known of a unit before there was a record of it is the record's."""
    weak = list(OrgUnit.objects.filter(ended=None).exclude(source__in=RECORDED).order_by("id"))
    if not weak:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (s.kind, s.native_id) s.kind, s.native_id, s.slug, s.name, u.id
            FROM stage_unit s LEFT JOIN orgmodel_orgunit u ON u.kind = s.kind AND u.native_id = s.native_id
            WHERE s.kind = ANY(%s) ORDER BY s.kind, s.native_id""",
            [sorted({unit.kind for unit in weak})],
        )
        rows = cursor.fetchall()
    stated = {(kind, native) for kind, native, _, _, _ in rows}
    take_over(
        [Identity(*row[:4]) for row in rows if row[4] is None],
        [unit for unit in weak if (unit.kind, unit.native_id) not in stated],
        [(row[0], Unit(row[4], *row[1:4])) for row in rows if row[4] is not None],
        source,
    )


def derive_units(conventions: Conventions, parameters: MergeParameters) -> None:
    """Recognise units in groups and attribute values, link them, and write their faces and addresses."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS want_link, unit_value, unit_heir")
        cursor.execute("CREATE TEMP TABLE unit_heir (old bigint, heir bigint) ON COMMIT DROP")
        cursor.execute(
            "CREATE TEMP TABLE want_link (unit_id bigint, group_id bigint, evidence text) ON COMMIT DROP"
        )
        cursor.execute(
            "CREATE TEMP TABLE unit_value (attribute text, value jsonb, unit_id bigint) ON COMMIT DROP"
        )
    known = KnownUnits(conventions, parameters.now)
    links = known.link(signs(conventions.unit_kinds, _groups()))
    values = known.values()
    heirs = known.end_unused({unit for unit, _, _ in links} | {unit for _, _, unit in values})
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO want_link VALUES (%s, %s, %s)", links)
        cursor.executemany("INSERT INTO unit_value VALUES (%s, %s::jsonb, %s)", values)
        cursor.executemany("INSERT INTO unit_heir VALUES (%s, %s)", heirs)
    _addresses()
    _leads()
    merge(UNIT_FACE, parameters)
    merge(LINK, parameters)


def _groups() -> Iterable[Group]:
    rows = (
        Resource.objects.filter(kind="group", ended=None)
        .order_by("id")
        .values_list("id", "name", "description", "profile")
    )
    return (Group(*row) for row in rows.iterator())


def _leads() -> None:
    """Who leads each recorded unit: by the HR record's id, by Okta's, by the address of one person alone.

    Of several who have had the address it is the one who has it and has not left.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH addressed AS (
                SELECT r.ref, CASE
                    WHEN count(DISTINCT a.person_id) FILTER (WHERE a.ended IS NULL AND a.state <> 'ended') = 1
                    THEN min(a.person_id) FILTER (WHERE a.ended IS NULL AND a.state <> 'ended')
                    WHEN count(DISTINCT a.person_id) = 1 THEN min(a.person_id) END AS person_id
                FROM (SELECT DISTINCT lower(lead_ref) AS ref FROM orgmodel_orgunit
                      WHERE strpos(lead_ref, '@') > 0) r
                JOIN orgmodel_account a ON lower(a.email) = r.ref
                WHERE a.source {IS_PEOPLE} AND a.person_id IS NOT NULL GROUP BY 1
            ), wanted AS (
                SELECT u.id, coalesce((SELECT a.person_id FROM orgmodel_account a
                                       WHERE a.native_id = u.lead_ref AND a.source {IS_PEOPLE}
                                       ORDER BY a.source LIMIT 1), x.person_id) AS lead_id
                FROM orgmodel_orgunit u LEFT JOIN addressed x ON x.ref = lower(u.lead_ref)
                WHERE u.lead_ref <> '' OR u.lead_id IS NOT NULL
            )
            UPDATE orgmodel_orgunit u SET lead_id = w.lead_id FROM wanted w
            WHERE w.id = u.id AND u.lead_id IS DISTINCT FROM w.lead_id"""
        )


def _addresses() -> None:
    """The slug alone where it is free and fit for an address; with the kind and the id elsewhere.

    `:` and `~` stand in no slug that is an address: what holds one of them is free.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH plain AS (
                SELECT id, kind, slug, address, ended, length(slug) <= 200
                       AND slug !~ '[^-._[:alnum:]\u0080-\uffff]|^[.]*$' AS fit FROM orgmodel_orgunit
            ), ranked AS (
                SELECT *, row_number() OVER (
                    PARTITION BY fit, slug ORDER BY (ended IS NULL) DESC, (kind = 'team') DESC, id) AS nth
                FROM plain
            ), told AS (
                SELECT id, address, CASE WHEN fit AND nth = 1 THEN slug END AS short,
                       regexp_replace(left(kind, 60), '[^-._[:alnum:]]+', '-', 'g') || '-'
                       || regexp_replace(left(slug, 200), '[^-._[:alnum:]]+', '-', 'g') || '-' || id AS long
                FROM ranked
            ), wanted AS (
                SELECT t.id, t.address,
                       coalesce(t.short, t.long || CASE WHEN x.id IS NULL THEN '' ELSE '~' END) AS better
                FROM told t LEFT JOIN told x ON x.short = t.long
            )
            SELECT id, better FROM wanted WHERE address <> better""",
        )
        rows = cursor.fetchall()
        # Two steps, so that two units may change places without meeting in the unique index.
        cursor.executemany(
            "UPDATE orgmodel_orgunit SET address = ':' || id WHERE id = %s", [r[:1] for r in rows]
        )
        cursor.executemany(
            "UPDATE orgmodel_orgunit SET address = %s WHERE id = %s", [(b, i) for i, b in rows]
        )
