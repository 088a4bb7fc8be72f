"""What is known of the edges between things of one source, for a reader that is told only of one end."""

from collections.abc import Collection

from django.db import connection


def opened_by(source: str, groups: Collection[str]) -> tuple[str, ...]:
    """The apps that any of these groups opens, as far as is known, by native id. At most one query.

    Who had an app by a group that is gone may have it by another one now, at another level: no line tells.
    """
    if not groups:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_OPENED, {"source": source, "groups": sorted(groups)})
        return tuple(native for (native,) in cursor.fetchall())


_OPENED = """
    SELECT DISTINCT app.native_id
    FROM orgmodel_resource g
    JOIN orgmodel_entitlement e ON e.resource_id = g.id
    JOIN orgmodel_edge x ON x.source_id = e.id AND x.ended IS NULL AND x.sort = 'opens'
    JOIN orgmodel_entitlement a ON a.id = x.target_id
    JOIN orgmodel_resource app ON app.id = a.resource_id AND app.source = g.source AND app.ended IS NULL
    WHERE g.source = %(source)s AND g.native_id = ANY(%(groups)s) ORDER BY app.native_id"""
