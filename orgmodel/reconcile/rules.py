"""Broken group rules, and what they left behind. Expressions are not read here."""

from collections.abc import Iterable

from orgmodel.sources.fix import console
from orgmodel.sources.registry import plans

from .detectors import Context, Found, counted, detector, rows, short


@detector("rule-invalid", "Rule that cannot run", "high", "rule")
def invalid(_: Context) -> Iterable[Found]:
    """Rules that Okta marks as invalid."""
    found = rows("""
        SELECT x.native_id, v.name, ARRAY(SELECT jsonb_array_elements_text(v.targets)),
               coalesce(v.true_began, v.began),
               (SELECT array_agg(r.id) FROM orgmodel_resource r
                WHERE r.kind = 'group' AND r.ended IS NULL AND v.targets ? r.native_id)
        FROM orgmodel_ruleversion v JOIN orgmodel_rule x ON x.id = v.rule_id
        WHERE v.ended IS NULL AND v.status = 'invalid' ORDER BY v.name""")
    for native, name, targets, since, groups in found:
        yield Found(
            (native,),
            f"The rule “{short(name)}” is invalid for Okta: it gives and takes nothing any more.",
            resources=tuple(groups or ()),
            evidence={"rule": native, "targets": targets, "since": since.isoformat()},
            fix=console("Directory › Groups › Rules › {}: mend what it names, then activate it", native),
        )


# Members whom the rule put in by Okta's own word: the present one, or the one that Okta gave until the rule
# was switched off. Whom a live rule gives the same group was not left behind.
_LEFT = """
    WITH latest AS MATERIALIZED (
        SELECT x.native_id, v.name, CASE WHEN x.ended IS NULL THEN v.status ELSE 'deleted' END AS status
        FROM orgmodel_rule x JOIN LATERAL (
            SELECT name, status FROM orgmodel_ruleversion WHERE rule_id = x.id ORDER BY began DESC LIMIT 1
        ) v ON true
    ), dead AS MATERIALIZED (
        SELECT * FROM latest WHERE status <> 'active'
    ), names AS MATERIALIZED (
        SELECT coalesce(array_agg(native_id), '{}') AS dead FROM dead
    ), given AS MATERIALIZED (
        SELECT g.id, g.account_id, g.entitlement_id, g.rules, u.rule FROM orgmodel_grant g
        CROSS JOIN LATERAL unnest(g.rules) u (rule)
        WHERE g.ended IS NULL AND g.rules && (SELECT dead FROM names)
        UNION
        SELECT g.id, g.account_id, g.entitlement_id, g.rules, u.rule FROM orgmodel_change c
        JOIN orgmodel_grant g ON g.id = c.fact AND g.ended IS NULL AND cardinality(g.rules) = 0
        CROSS JOIN LATERAL jsonb_array_elements_text(c.before -> 'rules') u (rule)
        WHERE c.kind = 'grant' AND c.verb = 'changed' AND c.before -> 'rules' ?| (SELECT dead FROM names)
    )
    SELECT r.id, r.name, r.native_id, d.native_id, d.name, d.status,
           array_agg(p.id ORDER BY p.id), array_agg(a.native_id ORDER BY p.id)
    FROM given JOIN dead d ON d.native_id = given.rule
    JOIN orgmodel_account a ON a.id = given.account_id AND a.ended IS NULL AND a.state <> 'ended'
    JOIN orgmodel_person p ON p.id = a.person_id
    JOIN orgmodel_entitlement e ON e.id = given.entitlement_id
    JOIN orgmodel_resource r ON r.id = e.resource_id AND r.kind = 'group' AND r.ended IS NULL
    WHERE NOT EXISTS (
        SELECT FROM latest l WHERE l.status = 'active' AND l.native_id = ANY(given.rules))
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 2, 5"""


@detector("rule-inactive-left-members", "Left behind by a rule that does not run", "medium", "grant", "rule")
def left_behind(_: Context) -> Iterable[Found]:
    """Members of a group whose rule is inactive, invalid or gone: nothing takes them out."""
    for group, label, native, rule, name, status, people, accounts in rows(_LEFT):
        again = plans().run_rule(rule, name) if status == "inactive" else ()
        yield Found(
            (native, rule),
            f"{short(label)}: {counted(len(people), 'person is', 'people are')} still in it through the rule"
            f" “{short(name)}”, which is {status.lower()}. Nothing takes them out.",
            tuple(people),
            (group,),
            {"group": native, "rule": rule, "status": status, "accounts": accounts[:200]},
            (*again, *plans().take_out(native, accounts, label)),
        )
