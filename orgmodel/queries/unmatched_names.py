"""Names in the settings of what is confidential that match nothing: a typo there hides nothing."""

from collections.abc import Sequence

from django.db import connection

from orgmodel.conventions import Visibility

_UNMATCHED = """
    SELECT n.name FROM unnest(%(names)s::text[]) WITH ORDINALITY n (name, place)
    WHERE NOT EXISTS (
        SELECT FROM orgmodel_resource r
        WHERE r.kind = %(kind)s AND (r.native_id = n.name OR r.name = n.name OR EXISTS (
            SELECT FROM orgmodel_change z
            WHERE z.kind = 'resource' AND z.fact = r.id AND z.verb = 'changed'
              AND z.before ->> 'name' = n.name)))
    ORDER BY n.place"""


def unmatched(visibility: Visibility) -> Sequence[tuple[str, str]]:
    """Setting and name, for every name that no group or app has, or ever had; for admins only."""
    found: list[tuple[str, str]] = []
    for setting, kind, names in (
        ("visibility.confidential_groups", "group", visibility.confidential_groups),
        ("visibility.confidential_apps", "app", visibility.confidential_apps),
    ):
        if names:
            with connection.cursor() as cursor:
                cursor.execute(_UNMATCHED, {"names": list(names), "kind": kind})
                found += [(setting, name) for (name,) in cursor.fetchall()]
    return found
