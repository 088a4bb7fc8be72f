"""Memberships that nothing explains: added by hand, kept after a move."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from orgmodel.facts import STATED
from orgmodel.sources.registry import plans
from orgmodel.sources.roles import DIRECTORIES

from .detectors import TRUTH, Context, Fix, Found, detector, rows, short, written

FED = """
    SELECT DISTINCT x.native_id FROM orgmodel_ruleversion v
    CROSS JOIN LATERAL jsonb_array_elements_text(v.targets) x (native_id)
    WHERE v.ended IS NULL AND v.status = 'active'"""
"""Groups that a live rule keeps."""

# Whom a unit has, by HR: its own people and those of the units below it. UNION ends where units form a cycle.
_BELONGS = """
    line (unit_id, above_id) AS (
        SELECT id, id FROM orgmodel_orgunit
        UNION
        SELECT l.unit_id, u.parent_id FROM line l JOIN orgmodel_orgunit u ON u.id = l.above_id
        WHERE u.parent_id IS NOT NULL
    ), belongs AS (
        SELECT DISTINCT s.person_id, l.above_id AS unit_id
        FROM orgmodel_assignment s JOIN line l ON l.unit_id = s.unit_id WHERE s.ended IS NULL
    )"""

# Okta says "direct", and no log line says that an automation did it.
_DIRECT = f"""
    g.ended IS NULL AND cardinality(g.rules) = 0 AND g.evidence IN ('{STATED}', 'log')
    AND g.origin IN ('unknown', 'admin')
    AND NOT EXISTS (
        SELECT FROM orgmodel_change c WHERE c.kind = 'grant' AND c.fact = g.id AND c.verb = 'changed'
          AND jsonb_array_length(c.before -> 'rules') > 0)"""

_ACTOR = """
    LEFT JOIN LATERAL (
        SELECT c.cause ->> 'actor' AS name FROM orgmodel_change c
        WHERE c.kind = 'grant' AND c.fact = g.id AND c.verb <> 'ended' AND c.cause ->> 'kind' = 'admin'
        ORDER BY c.id DESC LIMIT 1) actor ON true"""

_STOOD = """(g.true_began IS NULL AND EXISTS (
        SELECT FROM orgmodel_change c WHERE c.kind = 'grant' AND c.fact = g.id AND c.baseline))"""
"""It was there when Sightline first read, and nobody says since when."""

# Where no rule keeps the unit's group, only the HR record can say who should be in it.
_HAND_MADE = f"""
    WITH RECURSIVE fed AS MATERIALIZED ({FED}), {_BELONGS}
    SELECT p.id, p.name, a.native_id, r.id, r.name, r.native_id, g.origin,
           coalesce(g.true_began, g.began), actor.name, fed.native_id IS NOT NULL, u.kind, u.name,
           {_STOOD}
    FROM orgmodel_resource r
    LEFT JOIN fed ON fed.native_id = r.native_id
    LEFT JOIN LATERAL (
        SELECT u.id, u.kind, u.name, EXISTS (
            SELECT FROM orgmodel_assignment s JOIN orgmodel_orgunit o ON o.id = s.unit_id
            WHERE s.ended IS NULL AND o.kind = u.kind) AS stated
        FROM orgmodel_unitlink l JOIN orgmodel_orgunit u ON u.id = l.unit_id
        WHERE l.group_id = r.id AND l.ended IS NULL ORDER BY l.id LIMIT 1) u ON true
    JOIN orgmodel_entitlement e ON e.resource_id = r.id
    JOIN orgmodel_grant g ON g.entitlement_id = e.id
    JOIN orgmodel_account a ON a.id = g.account_id AND a.ended IS NULL AND a.state <> 'ended'
    JOIN orgmodel_person p ON p.id = a.person_id AND p.status <> 'ended'
    {_ACTOR}
    WHERE r.kind = 'group' AND r.ended IS NULL AND r.type = 'own' AND {_DIRECT}
      AND (fed.native_id IS NOT NULL OR u.id IS NOT NULL AND (g.origin = 'admin' OR u.stated AND NOT EXISTS (
            SELECT FROM belongs b WHERE b.person_id = p.id AND b.unit_id = u.id)))
    ORDER BY r.name, p.name"""


@detector("hand-made-member", "Added by hand to a group that is kept by itself", "medium", "grant")
def hand_made(_: Context) -> Iterable[Found]:
    """Direct members of a group that a live rule feeds, or of a unit's group where HR has them elsewhere."""
    for person, name, account, group, label, native, origin, since, actor, fed, *more in rows(_HAND_MADE):
        kind, unit, stood = more
        by = f"by {short(actor)}" if actor else ""
        how = f"was added by hand {by}".rstrip() if origin == "admin" else "was added directly"
        what = (
            "a group that a rule keeps"
            if fed
            else f"the group of the {kind.replace('_', ' ')} {short(unit)}, where HR does not place them"
            if origin != "admin"
            else f"the group of the {kind.replace('_', ' ')} {short(unit)}"
        )
        unknown = "" if origin == "admin" else " Who did it is not known."
        yield Found(
            (native, account),
            f"{short(label)}: {short(name)} {how} to {what}.{unknown}",
            (person,),
            (group,),
            {
                "group": native,
                "account": account,
                **_since(since, stood),
                "origin": origin,
                "evidence": "Okta attributes the membership to no rule",
                "actor": actor,
            },
            plans().take_out(native, [account], f"{label}, {name}"),
        )


# What stood before the move, and no live rule gives: the former unit's group, or anything given by hand that
# opens an app or is pushed to one.
_KEPT = f"""
    WITH RECURSIVE {_BELONGS}, moved AS (
        SELECT DISTINCT ON (person_id) person_id, id, opened FROM orgmodel_move
        WHERE kind = 'mover' AND state <> 'reverted' ORDER BY person_id, opened DESC
    ), live AS MATERIALIZED (
        SELECT x.native_id FROM orgmodel_rule x JOIN orgmodel_ruleversion v ON v.rule_id = x.id
        WHERE v.ended IS NULL AND v.status = 'active'
    )
    SELECT p.id, p.name, a.native_id, r.id, r.name, r.native_id, r.kind, e.level,
           coalesce(g.true_began, g.began), m.opened, m.id, former.kind, former.name, g.origin,
           {_STOOD}
    FROM moved m JOIN orgmodel_person p ON p.id = m.person_id AND p.status <> 'ended'
    JOIN orgmodel_account a ON a.person_id = p.id AND a.ended IS NULL AND a.state <> 'ended'
    JOIN orgmodel_grant g ON g.account_id = a.id AND g.ended IS NULL AND g.began < m.opened
    JOIN orgmodel_entitlement e ON e.id = g.entitlement_id
    JOIN orgmodel_resource r ON r.id = e.resource_id AND r.ended IS NULL AND r.status <> 'inactive'
    LEFT JOIN LATERAL (
        SELECT u.kind, u.name FROM orgmodel_unitlink l JOIN orgmodel_orgunit u ON u.id = l.unit_id
        JOIN orgmodel_assignment s ON s.unit_id = u.id AND s.person_id = p.id AND s.ended IS NOT NULL
        WHERE l.group_id = r.id AND l.ended IS NULL AND r.type = 'own' AND NOT EXISTS (
            SELECT FROM belongs b WHERE b.person_id = p.id AND b.unit_id = u.id)
        ORDER BY s.ended DESC LIMIT 1) former ON true
    WHERE NOT EXISTS (SELECT FROM live WHERE live.native_id = ANY(g.rules))
      AND (former.name IS NOT NULL OR ({_DIRECT} AND (r.kind = 'app' OR r.type = 'own' AND (
            EXISTS (SELECT FROM orgmodel_edge x WHERE x.source_id = e.id AND x.ended IS NULL)
            OR EXISTS (SELECT FROM orgmodel_pushmapping x WHERE x.group_id = r.id AND x.ended IS NULL)))))
    ORDER BY r.name, p.name"""

_MEMBERS = f"""
    WITH fed AS MATERIALIZED ({FED})
    SELECT r.native_id, array_agg(a.native_id ORDER BY a.native_id) FROM orgmodel_resource r
    JOIN orgmodel_entitlement e ON e.resource_id = r.id
    JOIN orgmodel_grant g ON g.entitlement_id = e.id AND g.ended IS NULL
    JOIN orgmodel_account a ON a.id = g.account_id
    WHERE r.id = ANY(%(groups)s) AND NOT EXISTS (SELECT FROM fed WHERE fed.native_id = r.native_id)
    GROUP BY 1"""


@detector("kept-after-move", "Kept after a move", "medium", "grant", "rule", sources=(*DIRECTORIES, TRUTH))
def kept(_: Context) -> Iterable[Found]:
    """What a person had before their latest move, still has, and no live rule gives."""
    found = rows(_KEPT)
    groups = sorted({row[3] for row in found if row[6] == "group"})
    members = {row[0]: row[1] for row in rows(_MEMBERS, {"groups": groups})}
    for person, name, account, resource, label, native, kind, level, since, moved, move, *rest in found:
        unit_kind, unit, origin, stood = rest
        named = f"the {unit_kind.replace('_', ' ')} {short(unit)}" if unit else ""
        why = f"it is the group of {named}, which they left" if unit else "no rule gives it"
        what = f"{short(label)}: {short(name)} kept it after the move of {written(moved)}; {why}."
        yield Found(
            (native, account),
            what,
            (person,),
            (resource,),
            {
                kind: native,
                "account": account,
                "level": level,
                **_since(since, stood),
                "moved": moved.isoformat(),
                "move": move,
                "origin": origin,
            },
            _way_out(kind, native, account, f"{label}, {name}", members),
        )


def _since(at: datetime, stood: bool) -> dict[str, Any]:
    """Since when, as evidence; `stood`: it had begun before that."""
    return {"since": at.isoformat(), **({"since_before": True} if stood else {})}


def _way_out(kind: str, native: str, account: str, name: str, members: dict[str, Any]) -> tuple[Fix, ...]:
    if kind == "app":
        return plans().unassign(native, [account], name)
    others = [each for each in members.get(native, ()) if each != account]
    # In a group that a rule feeds, Terraform would have to name, and then own, what the rule gives.
    terraform = plans().keep_only(native, others, name) if native in members else ()
    return (*plans().take_out(native, [account], name), *terraform)
