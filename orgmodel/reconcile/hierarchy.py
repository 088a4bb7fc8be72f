"""Broken unit hierarchies, and values that lead to no unit."""

from collections.abc import Iterable

from orgmodel.sources.fix import console
from orgmodel.sources.roles import KEEPS_UNITS

from .cycles import find_cycles
from .detectors import TRUTH, Context, Found, counted, detector, listed, rows, short

"""Sources that keep units as records of their own."""


@detector("unit-cycle", "Units above one another in a circle", "high", sources=())
def cycle(_: Context) -> Iterable[Found]:
    """Units whose parents lead back to themselves."""
    units = {
        row[0]: row[1:]
        for row in rows(
            "SELECT id, parent_id, kind, name, native_id FROM orgmodel_orgunit"
            " WHERE ended IS NULL AND parent_id IS NOT NULL"
        )
    }
    for circle in find_cycles({unit: row[0] for unit, row in units.items()}):
        natives = [units[unit][3] for unit in circle]
        yield Found(
            tuple(sorted(natives)),
            f"{listed([units[unit][2] for unit in circle])} stand above one another in a circle.",
            evidence={"units": natives},
            fix=console("Unit record {}: name another parent", natives[0]),
        )


@detector("unit-parent-missing", "Unit under a unit that is not there", "medium", "resource")
def orphan(context: Context) -> Iterable[Found]:
    """Active units whose parent is retired, or whose group names a parent that no record has."""
    keys = {kind.kind: kind.parent_key for kind in context.conventions.unit_kinds if kind.parent_key}
    found = rows(
        """
        SELECT u.kind, u.name, u.native_id, p.native_id, p.name, NULL
        FROM orgmodel_orgunit u JOIN orgmodel_orgunit p ON p.id = u.parent_id
        WHERE u.ended IS NULL AND u.active AND coalesce(u.active_to > %(today)s, true)
          AND (p.ended IS NOT NULL OR NOT p.active OR p.active_to <= %(today)s)
        UNION ALL
        SELECT u.kind, u.name, u.native_id, r.profile ->> k.key, '', r.id
        FROM orgmodel_orgunit u
        JOIN unnest(%(kinds)s::text[], %(keys)s::text[]) k (kind, key) ON k.kind = u.kind
        JOIN orgmodel_unitlink l ON l.unit_id = u.id AND l.ended IS NULL
        JOIN orgmodel_resource r ON r.id = l.group_id AND r.ended IS NULL
        WHERE u.ended IS NULL AND u.active AND coalesce(r.profile ->> k.key, '') <> '' AND NOT EXISTS (
            SELECT FROM orgmodel_orgunit p WHERE p.native_id = r.profile ->> k.key)
        ORDER BY 2, 3""",
        {"today": context.today, "kinds": list(keys), "keys": list(keys.values())},
    )
    for kind, name, native, parent, parent_name, group in found:
        above = f"stands under {short(parent_name)}, which is retired" if parent_name else ""
        yield Found(
            (kind, native),
            f"The {kind.replace('_', ' ')} {short(name)} {above or 'names a parent that no record has'}.",
            resources=(group,) if group else (),
            evidence={"unit": native, "kind": kind, "parent": parent},
            fix=console("Unit record {}: name another parent than {}", native, parent),
        )


# Only kinds that are kept as records: elsewhere a value is a unit by itself.
_LOST = f"""
    SELECT coalesce(t.value #>> '{{}}', ''), array_agg(p.id ORDER BY p.name, p.id),
           array_agg(p.name ORDER BY p.name, p.id)
    FROM orgmodel_account a
    JOIN orgmodel_person p ON p.id = a.person_id AND p.status NOT IN ('ended', 'pending')
    LEFT JOIN orgmodel_attribute t ON t.account_id = a.id AND t.ended IS NULL AND t.name = %(name)s
    WHERE a.source = %(truth)s AND a.ended IS NULL
      AND EXISTS (SELECT FROM orgmodel_orgunit o WHERE o.kind = %(kind)s AND o.ended IS NULL
                    AND o.source {KEEPS_UNITS})
      AND EXISTS (SELECT FROM orgmodel_attribute x JOIN orgmodel_account y ON y.id = x.account_id
                  WHERE y.source = %(truth)s AND x.name = %(name)s AND x.ended IS NULL)
      AND NOT EXISTS (
        SELECT FROM orgmodel_assignment s JOIN orgmodel_orgunit u ON u.id = s.unit_id
        WHERE s.person_id = p.id AND s.ended IS NULL AND u.kind = %(kind)s)
    GROUP BY 1 ORDER BY 1"""


@detector("unmapped-attribute", "HR value that means no unit", "low", "account", sources=(TRUTH,))
def unmapped(context: Context) -> Iterable[Found]:
    """Values of a unit attribute that no recorded unit goes by, and people who have none."""
    for kind in context.conventions.unit_kinds:
        if not kind.attribute:
            continue
        parameters = {"truth": context.truth, "name": kind.attribute, "kind": kind.kind}
        for value, people, names in rows(_LOST, parameters):
            who = f"{listed(names)} {'has' if len(names) == 1 else 'have'}"
            sentence = (
                f"The {kind.attribute} “{short(value)}” means no unit on record;"
                f" {counted(len(people), 'person has', 'people have')} it."
                if value
                else f"{who} no {kind.attribute} on record."
            )
            yield Found(
                (kind.kind, f"value:{value}" if value else "none"),
                sentence,
                tuple(people),
                evidence={"attribute": kind.attribute, "value": value[:200], "count": len(people)},
                fix=console("HR records: enter the " + kind.attribute + " as a unit's id, slug or name"),
                severity="medium" if value else "low",
            )
