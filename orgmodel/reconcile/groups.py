"""Groups on their own: empty ones, and people in two groups who should be in one."""

from collections.abc import Iterable, Mapping

from orgmodel.sources.fix import console
from orgmodel.sources.registry import plans
from orgmodel.sources.roles import DIRECTORIES

from .detectors import TRUTH, Context, Found, Severity, counted, detector, listed, rows, short


@detector("empty-group", "Group without members", "low", "grant")
def empty(_: Context) -> Iterable[Found]:
    """Groups made in Okta that hold nobody who can sign in."""
    found = rows("""
        SELECT r.id, r.name, r.native_id, r.opens, r.holders > 0 FROM orgmodel_resource r
        WHERE r.kind = 'group' AND r.ended IS NULL AND r.type = 'own'
          AND NOT EXISTS (
            SELECT FROM orgmodel_entitlement e JOIN orgmodel_grant g ON g.entitlement_id = e.id
            JOIN orgmodel_account a ON a.id = g.account_id AND a.state <> 'ended'
            WHERE e.resource_id = r.id AND g.ended IS NULL)
        ORDER BY r.name""")
    for group, label, native, opens, closed in found:
        gives = f"opens {counted(opens, 'app')} and has" if opens else "has"
        whom = "no members but closed accounts" if closed else "no members"
        yield Found(
            (native,),
            f"{short(label)}: the group {gives} {whom}.",
            resources=(group,),
            evidence={"group": native, "apps": opens},
            fix=console("Directory › Groups › {}: delete it, or find out who should be in it", native),
        )


# Kinds whose value is a single one by the HR record: an attribute names it, and the person has at most one.
_SEVERAL = """
    SELECT p.id, p.name, a.native_id, u.kind, array_agg(u.id ORDER BY r.name, r.id),
           array_agg(r.id ORDER BY r.name, r.id), array_agg(r.name ORDER BY r.name, r.id),
           array_agg(r.native_id ORDER BY r.name, r.id),
           (SELECT array_agg(s.unit_id) FROM orgmodel_assignment s JOIN orgmodel_orgunit o ON o.id = s.unit_id
            WHERE s.person_id = p.id AND s.ended IS NULL AND o.kind = u.kind)
    FROM orgmodel_unitlink l
    JOIN orgmodel_orgunit u ON u.id = l.unit_id AND u.kind = ANY(%(kinds)s)
    JOIN orgmodel_resource r ON r.id = l.group_id AND r.ended IS NULL AND r.type = 'own'
    JOIN orgmodel_entitlement e ON e.resource_id = r.id
    JOIN orgmodel_grant g ON g.entitlement_id = e.id AND g.ended IS NULL
    JOIN orgmodel_account a ON a.id = g.account_id AND a.ended IS NULL AND a.state <> 'ended'
    JOIN orgmodel_person p ON p.id = a.person_id AND p.status <> 'ended'
    WHERE l.ended IS NULL GROUP BY p.id, p.name, a.native_id, u.kind
    HAVING count(DISTINCT u.id) > 1 ORDER BY p.name, u.kind"""


@detector(
    "two-role-groups", "In two groups of which one is right", "medium", "grant", sources=(*DIRECTORIES, TRUTH)
)
def several(context: Context) -> Iterable[Found]:
    """People in the groups of two units of a kind of which HR gives them at most one."""
    kinds = [kind.kind for kind in context.conventions.unit_kinds if kind.attribute and kind.group_pattern]
    found = rows(_SEVERAL, {"kinds": kinds})
    parents = {
        row[0]: row[1]
        for row in rows("SELECT id, parent_id FROM orgmodel_orgunit WHERE parent_id IS NOT NULL")
    }
    for person, name, account, kind, units, groups, labels, natives, stated in found:
        if len(stated or ()) > 1 or _one_line(units, parents):
            continue
        wrong = [native for unit, native in zip(units, natives, strict=True) if unit not in (stated or ())]
        severity: Severity = "medium" if stated else "low"
        yield Found(
            (kind, account),
            f"{short(name)} is in the groups of {len(set(units))} {kind.replace('_', ' ')}s at once,"
            f" {listed(labels)}, where HR gives {'one' if stated else 'none'}.",
            (person,),
            tuple(groups),
            {"account": account, "groups": natives, "not by HR": wrong},
            tuple(fix for native in wrong for fix in plans().take_out(native, [account], name))
            if stated
            else (),
            severity,
        )


def _one_line(units: list[int], parents: Mapping[int, int]) -> bool:
    """Whether the units stand above one another: whoever is in a unit is rightly in those above it."""
    return any(set(units) <= set(_upwards(unit, parents)) for unit in units)


def _upwards(unit: int, parents: Mapping[int, int]) -> list[int]:
    line = [unit]
    while (above := parents.get(line[-1])) is not None and above not in line:
        line.append(above)
    return line
