"""Finding a group, an app or a unit by any of its names."""

from django.db import connection

from orgmodel.queries.access.target import Target, columns

from .moments import Moment, now
from .nearest import nearest, typed
from .people import Ambiguous, Candidate, NotFound, UnitRef
from .together import Lasting, ask, rows
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
    SELECT %(text)s IN (r.key, r.native_id), r.ended IS NULL, r.name = %(text)s, r.kind = 'app',
           concat_ws(' · ', r.kind, r.native_id, nullif(left(r.description, 80), ''), CASE
               WHEN r.ended IS NOT NULL THEN 'deleted' WHEN r.status = 'inactive' THEN 'inactive'
               WHEN r.type = 'imported' THEN 'of an app' END), {0}
    FROM orgmodel_resource r
    WHERE r.key = %(text)s OR r.native_id = %(text)s OR lower(r.name) = lower(%(text)s)
    ORDER BY r.ended IS NULL DESC, r.status = 'inactive', r.native_id"""

# The first kind of name that fits decides; what a unit was called before still finds it. Of one name a unit
# that there is goes before one that was, and a team before others.
_UNITS = """
    SELECT id, native_id, kind, name, slug, address, status FROM (
        SELECT *, rank() OVER (ORDER BY rank, NOT here, kind <> 'team') AS nth FROM (
            SELECT DISTINCT f.rank, u.id, u.native_id, u.kind, u.name, u.slug, u.address,
                   u.ended IS NULL AS here,
                   CASE WHEN u.ended IS NOT NULL THEN 'ended' WHEN NOT u.active THEN 'inactive' ELSE '' END
                       AS status
            FROM (
                SELECT 1 AS rank, id FROM orgmodel_orgunit WHERE address = %(text)s
                UNION ALL SELECT 2, id FROM orgmodel_orgunit WHERE native_id = %(text)s
                UNION ALL SELECT 3, id FROM orgmodel_orgunit WHERE kind || ':' || slug = lower(%(text)s)
                UNION ALL SELECT 4, id FROM orgmodel_orgunit
                    WHERE slug = %(text)s OR lower(name) = lower(%(text)s)
                UNION ALL SELECT 5, t.unit_id FROM orgmodel_attribute t WHERE t.unit_id IS NOT NULL
                    AND t.name IN ('name', 'slug') AND lower(t.value #>> '{}') = lower(%(text)s)
            ) f JOIN orgmodel_orgunit u ON u.id = f.id
        ) known
    ) found WHERE nth = 1 ORDER BY id"""


def find_target(text: str, viewer: Viewer, moment: Moment | None = None) -> Target:
    """The group or app with this key, native id, label or name of today, as it was called at the moment.

    Raises NotFound, also for what is hidden, and Ambiguous where several that may be seen are called so.
    """
    at, name = moment or now(), typed(text)
    found = [
        (tuple(row[:3]), row[3], row[4], Target(*row[5:]))
        for row in ask(rows(Lasting(_RESOURCES.format(columns("r", at))), {"text": name, "at": at.at}))
    ]
    visible = [each for each in found if each[3].pk not in viewer.hidden]
    best = [each for each in visible if each[0] == max(each[0] for each in visible)]
    # A group and an app of one name: people mean the app.
    chosen = [each for each in best if each[1]] if len(best) > 1 else best
    if len(chosen) == 1:
        return chosen[0][3]
    if best:
        raise Ambiguous(
            "app or group",
            text,
            [Candidate(one.kind, one.key, one.name, hint) for _, _, hint, one in best],
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM orgmodel_resource WHERE ended IS NULL AND NOT id = ANY(%s) LIMIT 20000",
            [sorted(viewer.hidden)],
        )
        names = [(row[0], row[0]) for row in cursor.fetchall()]
    raise NotFound("app or group", text, nearest(text, names))


def find_unit(text: str) -> UnitRef:
    """The unit with this slug, id, name, `kind:slug` or former name. Raises NotFound and Ambiguous."""
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, {"text": typed(text)})
        rows = cursor.fetchall()
        if len(rows) == 1:
            return UnitRef(*rows[0][:6])
        if rows:
            raise Ambiguous("team or unit", text, [_unit(UnitRef(*row[:6]), row[6]) for row in rows])
        cursor.execute("SELECT name FROM orgmodel_orgunit WHERE ended IS NULL")
        names = [(row[0], row[0]) for row in cursor.fetchall()]
    raise NotFound("team or unit", text, nearest(text, names))


def _unit(unit: UnitRef, status: str) -> Candidate:
    hint = [unit.kind.replace("_", " "), unit.native_id, status]
    return Candidate(unit.kind, unit.address, unit.name, " · ".join(part for part in hint if part))
