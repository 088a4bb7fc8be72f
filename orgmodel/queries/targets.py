"""Finding a group, an app or a unit by what people call it."""

from django.db import connection

from .nearest import nearest
from .people import NotFound, UnitRef
from .routes import Target, targets
from .visibility import Viewer

_RESOURCE = (
    "SELECT id FROM orgmodel_resource WHERE native_id = %(text)s",
    "SELECT id FROM orgmodel_resource WHERE name = %(text)s AND ended IS NULL",
    "SELECT id FROM orgmodel_resource WHERE lower(name) = lower(%(text)s) AND ended IS NULL",
    "SELECT id FROM orgmodel_resource WHERE lower(name) = lower(%(text)s)",
    "SELECT id FROM orgmodel_resource WHERE kind = 'app' AND lower(name) = lower(%(text)s) AND ended IS NULL",
)
_UNIT = (
    "SELECT id FROM orgmodel_orgunit WHERE address = %(text)s",
    "SELECT id FROM orgmodel_orgunit WHERE native_id = %(text)s",
    (
        "SELECT id FROM orgmodel_orgunit WHERE slug = %(text)s AND ended IS NULL"
        " ORDER BY (kind = 'team') DESC LIMIT 1"
    ),
    (
        "SELECT id FROM orgmodel_orgunit WHERE lower(name) = lower(%(text)s) AND ended IS NULL"
        " ORDER BY (kind = 'team') DESC LIMIT 1"
    ),
    "SELECT id FROM orgmodel_orgunit WHERE kind || ':' || slug = lower(%(text)s) AND ended IS NULL",
    # What it was called before: an old link still finds the unit.
    (
        "SELECT DISTINCT u.id FROM orgmodel_orgunit u JOIN orgmodel_attribute t ON t.unit_id = u.id"
        " WHERE t.name = 'name' AND lower(t.value #>> '{}') = lower(%(text)s)"
    ),
)


def find_target(text: str, viewer: Viewer) -> Target:
    """The group or app with this native id, label or name. Raises NotFound, also for what is hidden."""
    found = _first(_RESOURCE, text)
    if found is not None and found not in viewer.hidden:
        return targets([found])[found]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM orgmodel_resource WHERE ended IS NULL AND NOT id = ANY(%s) LIMIT 20000",
            [sorted(viewer.hidden)],
        )
        names = [(row[0], row[0]) for row in cursor.fetchall()]
    raise NotFound("app or group", text, nearest(text, names))


def find_unit(text: str) -> UnitRef:
    """The unit with this slug, id, name, `kind:slug` or former name. Raises NotFound."""
    found = _first(_UNIT, text)
    with connection.cursor() as cursor:
        if found is not None:
            cursor.execute(
                "SELECT id, native_id, kind, name, slug, address FROM orgmodel_orgunit WHERE id = %s", [found]
            )
            return UnitRef(*cursor.fetchone())
        cursor.execute("SELECT name FROM orgmodel_orgunit WHERE ended IS NULL")
        names = [(row[0], row[0]) for row in cursor.fetchall()]
    raise NotFound("team or unit", text, nearest(text, names))


def _first(queries: tuple[str, ...], text: str) -> int | None:
    """The only hit of the first query that has exactly one."""
    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute(query, {"text": text.strip()})
            found = [row[0] for row in cursor.fetchall()]
            if len(found) == 1:
                return int(found[0])
    return None
