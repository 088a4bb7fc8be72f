"""What units are and were called, and by which values people name them."""

from django.db import connection

from .people import PRIMARY

EACH = "CASE jsonb_typeof({0}) WHEN 'array' THEN {0} ELSE jsonb_build_array({0}) END"
"""SQL: the values of an attribute as an array: one, or those of somebody with several jobs."""


def former_names() -> dict[tuple[str, str], set[int]]:
    """Kind and folded name or slug → the units that are or were called so, as far as their faces tell.

    The faces are a run behind: in the run that renames a unit they still carry the former name.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT u.kind, t.value #>> '{}', u.id FROM orgmodel_attribute t
            JOIN orgmodel_orgunit u ON u.id = t.unit_id
            WHERE t.name IN ('name', 'slug')"""
        )
        found: dict[tuple[str, str], set[int]] = {}
        for kind, name, unit in cursor.fetchall():
            found.setdefault((kind, name.strip().casefold()), set()).add(unit)
        return found


def distinct_values(attribute: str) -> list[tuple[str, str]]:
    """Every value of the attribute that a person has now, as JSON text and as plain text."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT DISTINCT x.value::text, x.value #>> '{{}}' FROM ({PRIMARY}) p
            JOIN orgmodel_attribute t ON t.account_id = p.id AND t.ended IS NULL
            CROSS JOIN LATERAL jsonb_array_elements({EACH.format("t.value")}) x (value)
            WHERE t.name = %s AND p.ended IS NULL AND x.value #>> '{{}}' <> ''
            ORDER BY 2""",
            [attribute],
        )
        return list(cursor.fetchall())
