"""Units and the groups that should stand for them."""

import json
from collections.abc import Iterable

from orgmodel.recognition import Group, signs

from .found import Context, Fix, Found, detector, rows


@detector("unit-without-group", "Unit without a group", "medium", "resource")
def without_group(context: Context) -> Iterable[Found]:
    """Active recorded units, of a kind that groups stand for, with no group of their own."""
    kinds = [
        k.kind for k in context.conventions.unit_kinds if k.group_pattern or k.description_prefix or k.id_key
    ]
    found = rows(
        """
        SELECT u.id, u.kind, u.name, u.native_id FROM orgmodel_orgunit u
        WHERE u.ended IS NULL AND u.active AND u.kind = ANY(%(kinds)s) AND u.source IN ('control', 'hris')
          AND EXISTS (SELECT FROM orgmodel_unitlink l JOIN orgmodel_orgunit o ON o.id = l.unit_id
                      WHERE o.kind = u.kind AND l.ended IS NULL)
          AND NOT EXISTS (SELECT FROM orgmodel_unitlink l WHERE l.unit_id = u.id AND l.ended IS NULL)
        ORDER BY u.name""",
        {"kinds": kinds},
    )
    for _, kind, name, native in found:
        yield Found(
            (kind, native),
            f"The {kind.replace('_', ' ')} {name} has no group in Okta: nobody gets anything with it.",
            evidence={"unit": native, "kind": kind},
            fix=(
                Fix(
                    "console",
                    "Let the automation make the group, or make it by hand with the unit's record id.",
                ),
            ),
        )


@detector("group-without-unit", "Group without a unit", "low", "resource")
def without_unit(context: Context) -> Iterable[Found]:
    """Groups that bear the sign of a unit which no record knows."""
    recorded = {
        row[0]
        for row in rows(
            "SELECT DISTINCT kind FROM orgmodel_orgunit WHERE ended IS NULL AND source IN ('control', 'hris')"
        )
    }
    groups = rows("""
        SELECT r.id, r.name, r.description, r.profile, r.native_id FROM orgmodel_resource r
        WHERE r.kind = 'group' AND r.ended IS NULL AND NOT EXISTS (
            SELECT FROM orgmodel_unitlink l WHERE l.group_id = r.id AND l.ended IS NULL)""")
    natives = {row[0]: (row[1], row[4]) for row in groups}
    lone = (Group(row[0], row[1], row[2], json.loads(row[3])) for row in groups)
    for sign in signs(context.conventions.unit_kinds, lone):
        if sign.kind in recorded:
            name, native = natives[sign.group]
            yield Found(
                (native,),
                f"{name} looks like the group of a {sign.kind.replace('_', ' ')},"
                " but no such unit is on record.",
                resources=(sign.group,),
                evidence={"group": native, "known by": sign.evidence, "record": sign.record},
                fix=(
                    Fix(
                        "console",
                        f"Directory › Groups › {native}: delete it, or give it the right record id.",
                    ),
                ),
            )


@detector("retired-unit-grants", "Retired unit whose group still grants", "high", "grant", "edge")
def retired(context: Context) -> Iterable[Found]:
    """Groups of retired units that still have members or open apps."""
    found = rows(
        """
        SELECT u.name, u.native_id, r.id, r.name, r.native_id, r.holders, r.opens
        FROM orgmodel_unitlink l JOIN orgmodel_orgunit u ON u.id = l.unit_id
        JOIN orgmodel_resource r ON r.id = l.group_id AND r.ended IS NULL
        WHERE l.ended IS NULL AND (NOT u.active OR u.ended IS NOT NULL OR u.active_to <= %(today)s)
          AND (r.holders > 0 OR r.opens > 0) ORDER BY u.name""",
        {"today": context.today},
    )
    for unit, record, group, label, native, people, apps in found:
        yield Found(
            (native, record),
            f"The unit {unit} is retired, but its group {label} still has {people} members"
            f" and opens {apps} apps.",
            resources=(group,),
            evidence={"unit": record, "group": native, "members": people, "apps": apps},
            fix=(
                Fix(
                    "console", f"Directory › Groups › {native}: remove its apps and members, then delete it."
                ),
            ),
        )


@detector("unmapped-value", "HR value that means no unit", "low", "account")
def unmapped(context: Context) -> Iterable[Found]:
    """Values of a unit attribute that no recorded unit goes by."""
    for kind in context.conventions.unit_kinds:
        if not kind.attribute:
            continue
        found = rows(
            """
            SELECT t.value #>> '{}', array_agg(DISTINCT a.person_id) FROM orgmodel_attribute t
            JOIN orgmodel_account a ON a.id = t.account_id AND a.source = %(truth)s AND a.ended IS NULL
            JOIN orgmodel_person p ON p.id = a.person_id AND p.status <> 'ended'
            WHERE t.ended IS NULL AND t.name = %(name)s AND t.value #>> '{}' <> ''
              AND EXISTS (SELECT FROM orgmodel_orgunit o
                          WHERE o.kind = %(kind)s AND o.source IN ('control', 'hris'))
              AND NOT EXISTS (
                SELECT FROM orgmodel_assignment s JOIN orgmodel_orgunit u ON u.id = s.unit_id
                WHERE s.person_id = a.person_id AND s.ended IS NULL AND u.kind = %(kind)s)
            GROUP BY 1 ORDER BY 1""",
            {"truth": context.truth, "name": kind.attribute, "kind": kind.kind},
        )
        for value, people in found:
            yield Found(
                (kind.kind, value),
                f"The {kind.attribute} “{value[:80]}” means no unit on record.",
                tuple(people),
                evidence={"attribute": kind.attribute, "people": len(people)},
            )
