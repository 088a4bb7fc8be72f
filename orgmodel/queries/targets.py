"""Finding a group, an app or a unit by what people call it."""

from django.db import connection

from .moments import Moment, now
from .nearest import nearest
from .people import NotFound, UnitRef
from .routes import Target, columns
from .visibility import Viewer

TARGETS = """jsonb_array_elements_text(v.targets) aimed (native) CROSS JOIN LATERAL (
    SELECT x.* FROM orgmodel_resource x
    WHERE x.source = r.source AND x.native_id = aimed.native AND x.kind = 'group'
      AND NOT x.id = ANY(%(hidden)s) LIMIT 1) {0}"""
"""SQL: the groups (under the alias given) at which a rule (alias r) aims in a version (alias v), but those
that are hidden.
"""
HIDDEN = "ARRAY(SELECT h.native_id FROM orgmodel_resource h WHERE h.id = ANY(%(hidden)s))"
"""SQL: native ids of what is hidden."""
SEEN = f"(v.targets = '[]' OR v.targets - {HIDDEN} <> '[]')"
"""SQL: the version (alias v) of a rule aims at something else than what is hidden, or at nothing."""
_RESOURCES = """
    SELECT r.native_id = %(text)s, r.ended IS NULL, r.name = %(text)s, r.kind = 'app', {0}
    FROM orgmodel_resource r WHERE r.native_id = %(text)s OR lower(r.name) = lower(%(text)s)"""

# The first kind of name that fits decides; what a unit was called before still finds it.
_UNITS = """
    SELECT id, native_id, kind, name, slug, address FROM (
        SELECT 1 AS rank, u.* FROM orgmodel_orgunit u WHERE address = %(text)s
        UNION ALL SELECT 2, u.* FROM orgmodel_orgunit u WHERE native_id = %(text)s
        UNION ALL SELECT 3, u.* FROM orgmodel_orgunit u WHERE kind || ':' || slug = lower(%(text)s)
        UNION ALL SELECT 4, u.* FROM orgmodel_orgunit u WHERE slug = %(text)s OR lower(name) = lower(%(text)s)
        UNION ALL SELECT 5, u.* FROM orgmodel_orgunit u JOIN orgmodel_attribute t ON t.unit_id = u.id
            WHERE t.name IN ('name', 'slug') AND lower(t.value #>> '{}') = lower(%(text)s)
    ) found ORDER BY rank, ended IS NOT NULL, (kind = 'team') DESC, id LIMIT 1"""


def find_target(text: str, viewer: Viewer, moment: Moment | None = None) -> Target:
    """The group or app with this native id, label or name of today, as it was called at the moment.

    Raises NotFound, also for what is hidden.
    """
    then = moment or now()
    with connection.cursor() as cursor:
        cursor.execute(_RESOURCES.format(columns("r", then)), {"text": text.strip(), "at": then.at})
        found = [(tuple(row[:3]), row[3], Target(*row[4:])) for row in cursor.fetchall()]
        visible = [each for each in found if each[2].pk not in viewer.hidden]
        best = [each for each in visible if each[0] == max(rank for rank, _, _ in visible)]
        # A group and an app of one name: people mean the app.
        chosen = [each for each in best if each[1]] if len(best) > 1 else best
        if len(chosen) == 1:
            return chosen[0][2]
        cursor.execute(
            "SELECT name FROM orgmodel_resource WHERE ended IS NULL AND NOT id = ANY(%s) LIMIT 20000",
            [sorted(viewer.hidden)],
        )
        names = [(row[0], row[0]) for row in cursor.fetchall()]
    raise NotFound("app or group", text, nearest(text, names))


def find_unit(text: str) -> UnitRef:
    """The unit with this slug, id, name, `kind:slug` or former name. Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, {"text": text.strip()})
        row = cursor.fetchone()
        if row:
            return UnitRef(*row)
        cursor.execute("SELECT name FROM orgmodel_orgunit WHERE ended IS NULL")
        names = [(row[0], row[0]) for row in cursor.fetchall()]
    raise NotFound("team or unit", text, nearest(text, names))
