"""Access that nothing explains: by hand, kept after a move, assigned directly, left behind."""

from collections.abc import Iterable

from .found import Context, Fix, Found, detector, put_off, rows, take_out, unassign

_MEMBERS = """
    FROM orgmodel_grant g
    JOIN orgmodel_account a ON a.id = g.account_id AND a.ended IS NULL
    JOIN orgmodel_person p ON p.id = a.person_id
    JOIN orgmodel_entitlement e ON e.id = g.entitlement_id
    JOIN orgmodel_resource r ON r.id = e.resource_id AND r.kind = 'group' AND r.ended IS NULL
    WHERE g.ended IS NULL AND r.type = 'OKTA_GROUP'"""

_BY_HAND = "cardinality(g.rules) = 0 AND g.evidence IN ('okta', 'log') AND g.origin IN ('unknown', 'admin')"

_LATEST_MOVE = """
    JOIN LATERAL (SELECT m.id, m.opened FROM orgmodel_move m
                  WHERE m.person_id = p.id AND m.kind = 'mover' AND m.state <> 'reverted'
                  ORDER BY m.opened DESC LIMIT 1) k ON g.began < k.opened"""

_ITS_RULE = """
    JOIN orgmodel_rule u ON u.native_id = ANY(g.rules)
    JOIN LATERAL (SELECT name, CASE WHEN u.ended IS NULL THEN status ELSE 'DELETED' END AS status
                  FROM orgmodel_ruleversion WHERE rule_id = u.id ORDER BY began DESC LIMIT 1) v ON true"""

_RULE_FED = """EXISTS (SELECT FROM orgmodel_ruleversion v
    WHERE v.ended IS NULL AND v.status = 'ACTIVE' AND v.targets ? r.native_id)"""


def _joined(more: str) -> str:
    """The members with further joins."""
    return _MEMBERS.replace("WHERE", f"{more} WHERE", 1)


@detector("hand-made-member", "Added by hand to a group that a rule keeps", "medium", "grant")
def hand_made(context: Context) -> Iterable[Found]:
    """Direct members of a group that a live rule feeds, or that stands for a unit."""
    found = rows(f"""
        SELECT p.id, p.name, a.native_id, r.id, r.name, r.native_id, g.origin,
               coalesce(g.true_began, g.began),
               (SELECT c.cause ->> 'actor' FROM orgmodel_change c
                WHERE c.kind = 'grant' AND c.fact = g.id AND c.verb = 'began' LIMIT 1)
        {_MEMBERS} AND {_BY_HAND} AND a.status <> 'DEPROVISIONED'
          AND ({_RULE_FED} OR EXISTS (
            SELECT FROM orgmodel_unitlink l WHERE l.group_id = r.id AND l.ended IS NULL))
        ORDER BY r.name, p.name""")
    for person, name, account, group, label, native, origin, since, actor in found:
        by = f" by {actor}" if actor else ""
        yield Found(
            (native, account),
            f"{name} was added by hand{by} to {label}, a group that a rule keeps.",
            (person,),
            (group,),
            {"since": since.isoformat(), "origin": origin, "account": account, "group": native},
            take_out(native, account),
        )


@detector("kept-after-move", "Kept after a move", "medium", "grant")
def kept(context: Context) -> Iterable[Found]:
    """Memberships by hand that open apps, older than the person's latest change of unit."""
    found = rows(f"""
        SELECT p.id, p.name, a.native_id, r.id, r.name, r.native_id,
               coalesce(g.true_began, g.began), k.opened, k.id
        {_joined(_LATEST_MOVE)} AND {_BY_HAND} AND a.status <> 'DEPROVISIONED' AND p.status <> 'ended'
          AND EXISTS (SELECT FROM orgmodel_edge x WHERE x.source_id = e.id AND x.ended IS NULL)""")
    for person, name, account, group, label, native, since, moved, move in found:
        yield Found(
            (native, account),
            f"{name} kept {label} after moving on {moved:%Y-%m-%d}; nothing gives it any more.",
            (person,),
            (group,),
            {
                "since": since.isoformat(),
                "moved": moved.isoformat(),
                "move": move,
                "account": account,
                "group": native,
            },
            take_out(native, account),
        )


@detector("rule-left-members", "Left behind by a rule that is switched off", "medium", "grant", "rule")
def left_behind(context: Context) -> Iterable[Found]:
    """Members of a group whose rule is inactive, invalid or gone: nothing takes them out."""
    found = rows(f"""
        SELECT r.id, r.name, r.native_id, v.name, v.status, u.native_id,
               array_agg(DISTINCT p.id), count(DISTINCT p.id)
        {_joined(_ITS_RULE)} AND v.status <> 'ACTIVE' GROUP BY 1, 2, 3, 4, 5, 6""")
    for group, label, native, rule, status, rule_id, people, count in found:
        yield Found(
            (native, rule_id),
            f"{count} people are still in {label} through the rule “{rule}”, which is {status.lower()}.",
            tuple(people),
            (group,),
            {"rule": rule_id, "status": status, "group": native},
            (Fix("console", f"Directory › Groups › Rules › {rule_id}: activate it, or remove its members."),),
        )


@detector("app-direct", "App assigned to people directly", "low", "seat")
def direct(context: Context) -> Iterable[Found]:
    """Apps with direct assignments: nothing takes them back when people move."""
    found = rows("""
        SELECT r.id, r.name, r.native_id, array_agg(p.id ORDER BY p.id), array_agg(a.native_id ORDER BY p.id)
        FROM orgmodel_seat s JOIN orgmodel_account a ON a.id = s.account_id
        JOIN orgmodel_person p ON p.id = a.person_id
        JOIN orgmodel_resource r ON r.id = s.app_id AND r.ended IS NULL
        WHERE s.ended IS NULL AND s.scope = 'USER' GROUP BY 1, 2, 3 ORDER BY 2""")
    for app, label, native, people, accounts in found:
        number = "1 person" if len(people) == 1 else f"{len(people)} people"
        yield Found(
            (native,),
            f"{label} is assigned to {number} directly, not through a group.",
            tuple(people),
            (app,),
            {"app": native, "accounts": accounts[:200]},
            unassign(native, accounts[0]),
        )


@detector("leaver-active", "Left, and the account is still active", "high", "account")
def leavers(context: Context) -> Iterable[Found]:
    """People who have left by HR, whose Okta account can still sign in."""
    found = rows("""
        SELECT p.id, p.name, a.native_id, a.status, h.end_date, (
            SELECT max(c.at) FROM orgmodel_change c WHERE c.person_id = p.id AND c.kind = 'person')
        FROM orgmodel_person p
        JOIN orgmodel_account a ON a.person_id = p.id AND a.source = 'okta' AND a.ended IS NULL
        LEFT JOIN orgmodel_account h ON h.person_id = p.id AND h.source = 'hris'
        WHERE p.status = 'ended' AND a.status NOT IN ('DEPROVISIONED', 'SUSPENDED')
        ORDER BY p.name""")
    for person, name, account, status, end, seen in found:
        when = f" on {end:%Y-%m-%d}" if end else ""
        yield Found(
            (account,),
            f"{name} left{when}, and the Okta account is still {status.lower()}.",
            (person,),
            (),
            {
                "account": account,
                "status": status,
                "end_date": end.isoformat() if end else None,
                "seen": seen.isoformat() if seen else None,
                "clock": "15 minutes",
            },
            put_off(account),
        )


@detector("leaver-seats", "Left, and still holds app assignments", "medium", "seat")
def seats_of_leavers(context: Context) -> Iterable[Found]:
    """Deactivated people whose assignments to apps are still listed."""
    found = rows("""
        SELECT p.id, p.name, a.native_id, array_agg(r.id), array_agg(r.name ORDER BY r.name)
        FROM orgmodel_person p JOIN orgmodel_account a ON a.person_id = p.id AND a.source = 'okta'
        JOIN orgmodel_seat s ON s.account_id = a.id AND s.ended IS NULL
        JOIN orgmodel_resource r ON r.id = s.app_id
        WHERE p.status = 'ended' AND a.status = 'DEPROVISIONED' GROUP BY 1, 2, 3""")
    for person, name, account, apps, labels in found:
        yield Found(
            (account,),
            f"{name} has left and still holds seats in {', '.join(labels[:5])}.",
            (person,),
            tuple(apps),
            {"account": account, "apps": len(apps)},
        )
