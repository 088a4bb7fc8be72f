"""Units and the groups that should stand for them."""

import json
from collections.abc import Iterable

from orgmodel.conventions import SLUG, UnitKind
from orgmodel.recognition import Group, signs
from orgmodel.sources.fix import console
from orgmodel.sources.registry import plans
from orgmodel.sources.roles import KEEPS_UNITS

from .detectors import Context, Fix, Found, counted, detector, rows, short


@detector("unit-without-group", "Unit without a group", "medium", "resource")
def without_group(context: Context) -> Iterable[Found]:
    """Active recorded units, of a kind that groups stand for, with no group of their own."""
    kinds = {
        kind.kind: kind
        for kind in context.conventions.unit_kinds
        if kind.group_pattern or kind.description_prefix or kind.id_key
    }
    found = rows(
        f"""
        SELECT u.kind, u.name, u.native_id, u.slug, (
            SELECT count(*) FROM orgmodel_assignment s WHERE s.unit_id = u.id AND s.ended IS NULL)
        FROM orgmodel_orgunit u
        WHERE u.ended IS NULL AND u.active AND u.kind = ANY(%(kinds)s) AND u.source {KEEPS_UNITS}
          AND coalesce(u.active_from <= %(today)s, true) AND coalesce(u.active_to > %(today)s, true)
          AND NOT EXISTS (SELECT FROM orgmodel_unitlink l WHERE l.unit_id = u.id AND l.ended IS NULL)
        ORDER BY u.name, u.native_id""",
        {"kinds": list(kinds), "today": context.today},
    )
    for kind, name, native, slug, people in found:
        who = (
            f"its {counted(people, 'person gets', 'people get')} nothing with it"
            if people
            else "it gives nothing"
        )
        yield Found(
            (kind, native),
            f"The {kind.replace('_', ' ')} {short(name)} has no group in Okta: {who}.",
            evidence={"unit": native, "kind": kind, "people": people},
            fix=_new_group(kinds[kind], name, native, slug),
        )


def _new_group(kind: UnitKind, name: str, native: str, slug: str) -> tuple[Fix, ...]:
    if not kind.group_pattern:
        return console("Directory › Groups › Add group for the unit {}, with its record id", native)
    described = f"{kind.description_prefix} {name}" if kind.description_prefix else name
    return plans().make_group(kind.group_pattern.replace(SLUG, slug), described)


@detector("group-without-unit", "Group without a unit", "low", "resource")
def without_unit(context: Context) -> Iterable[Found]:
    """Groups that look like those of a unit, of a kind that is kept as records, which no record knows."""
    recorded = {
        row[0]
        for row in rows(
            f"SELECT DISTINCT kind FROM orgmodel_orgunit WHERE ended IS NULL AND source {KEEPS_UNITS}"
        )
    }
    # The group of a unit that came to its end is another finding.
    groups = rows("""
        SELECT r.id, r.name, r.description, r.profile, r.native_id FROM orgmodel_resource r
        WHERE r.kind = 'group' AND r.ended IS NULL AND r.type = 'own' AND NOT EXISTS (
            SELECT FROM orgmodel_unitlink l JOIN orgmodel_orgunit u ON u.id = l.unit_id
            WHERE l.group_id = r.id
              AND (l.ended IS NULL OR u.ended IS NOT NULL AND (r.holders > 0 OR r.opens > 0)))
        ORDER BY r.native_id""")
    known = {row[0]: (row[1], row[4]) for row in groups}
    lone = (Group(row[0], row[1], row[2], json.loads(row[3])) for row in groups)
    for sign in signs(context.conventions.unit_kinds, lone):
        if sign.kind in recorded:
            name, native = known[sign.group]
            yield Found(
                (native,),
                f"{short(name)}: it looks like a {sign.kind.replace('_', ' ')} group,"
                " but no such unit is on record.",
                resources=(sign.group,),
                evidence={"group": native, "known by": sign.evidence, "record": sign.record},
                fix=console(
                    "Directory › Groups › {}: give it the record id of its unit, or delete it", native
                ),
            )


# A unit whose record is gone has lost its link in the same run; the link it had last still tells.
_RETIRED = """
    SELECT DISTINCT ON (r.id) u.kind, u.name, u.native_id, r.id, r.name, r.native_id, r.holders, r.opens,
           coalesce(u.active_to::text, (u.ended AT TIME ZONE %(zone)s)::date::text)
    FROM orgmodel_unitlink l JOIN orgmodel_orgunit u ON u.id = l.unit_id
    JOIN orgmodel_resource r ON r.id = l.group_id AND r.ended IS NULL
    WHERE (NOT u.active OR u.ended IS NOT NULL OR u.active_to <= %(today)s)
      AND (r.opens > 0 OR EXISTS (
        SELECT FROM orgmodel_entitlement e JOIN orgmodel_grant g ON g.entitlement_id = e.id
        JOIN orgmodel_account a ON a.id = g.account_id AND a.state <> 'ended'
        WHERE e.resource_id = r.id AND g.ended IS NULL))
      AND (l.ended IS NULL OR u.ended IS NOT NULL AND l.ended >= u.ended)
      AND NOT EXISTS (
        SELECT FROM orgmodel_unitlink o JOIN orgmodel_orgunit v ON v.id = o.unit_id
        WHERE o.group_id = r.id AND o.ended IS NULL AND v.ended IS NULL AND v.active
          AND coalesce(v.active_to > %(today)s, true))
    ORDER BY r.id, (l.ended IS NULL) DESC, l.id DESC"""


@detector("retired-unit-grants", "Retired unit whose group still grants", "high", "grant", "edge")
def retired(context: Context) -> Iterable[Found]:
    """Groups of retired units that still have members or open apps."""
    zone = context.conventions.notify.time_zone.key
    for kind, unit, record, group, label, native, people, apps, since in rows(
        _RETIRED, {"today": context.today, "zone": zone}
    ):
        members = f"has {counted(people, 'member')}" if people else ""
        opens = f"opens {counted(apps, 'app')}" if apps else ""
        yield Found(
            (native, record),
            f"{short(label)}: the {kind.replace('_', ' ')} {short(unit)} is retired, but its group still"
            f" {' and '.join(part for part in (members, opens) if part)}.",
            resources=(group,),
            evidence={"unit": record, "group": native, "members": people, "apps": apps, "since": since},
            fix=console(
                "Directory › Groups › {}: take away its apps, then its members; keep the group until nobody"
                " misses it",
                native,
            ),
        )
