"""Groups, rules and pushes that are broken or look alike."""

from collections.abc import Iterable

from .found import Context, Fix, Found, detector, rows


@detector("push-error", "Push to another system fails", "high", "push")
def pushes(context: Context) -> Iterable[Found]:
    """Group push mappings in error."""
    found = rows("""
        SELECT m.native_id, g.id, g.name, g.native_id, a.id, a.name, a.native_id, m.error
        FROM orgmodel_pushmapping m
        JOIN orgmodel_resource g ON g.id = m.group_id JOIN orgmodel_resource a ON a.id = m.app_id
        WHERE m.ended IS NULL AND m.status = 'ERROR' ORDER BY g.name""")
    for mapping, group, label, group_id, app, app_label, app_id, error in found:
        yield Found(
            (app_id, mapping),
            f"Pushing {label} to {app_label} fails: {error or 'Okta gives no reason'}.",
            resources=(group, app),
            evidence={"mapping": mapping, "group": group_id, "app": app_id, "error": error},
            fix=(Fix("console", f"Applications › {app_id} › Push Groups › {group_id} › Push now"),),
        )


@detector("seat-error", "Assigned, but not delivered", "medium", "seat")
def seats(context: Context) -> Iterable[Found]:
    """App assignments whose provisioning failed."""
    found = rows("""
        SELECT p.id, p.name, a.native_id, r.id, r.name, r.native_id, s.sync_state FROM orgmodel_seat s
        JOIN orgmodel_account a ON a.id = s.account_id JOIN orgmodel_person p ON p.id = a.person_id
        JOIN orgmodel_resource r ON r.id = s.app_id
        WHERE s.ended IS NULL AND s.sync_state IN ('ERROR', 'OUT_OF_SYNC') ORDER BY r.name, p.name""")
    for person, name, account, app, label, native, state in found:
        yield Found(
            (native, account),
            f"{name} is assigned to {label}, but Okta could not deliver it ({state.lower()}).",
            (person,),
            (app,),
            {"app": native, "account": account, "state": state},
            (Fix("console", f"Applications › {native} › Assignments › {account} › Retry"),),
        )


@detector("rule-invalid", "Rule that cannot run", "high", "rule")
def invalid(context: Context) -> Iterable[Found]:
    """Rules that Okta marks as invalid."""
    found = rows("""
        SELECT r.native_id, v.name FROM orgmodel_ruleversion v JOIN orgmodel_rule r ON r.id = v.rule_id
        WHERE v.ended IS NULL AND v.status = 'INVALID' ORDER BY v.name""")
    for native, name in found:
        yield Found(
            (native,),
            f"The rule “{name}” is invalid: a group that it names is gone.",
            evidence={"rule": native},
        )


@detector("group-empty", "Group that opens apps for nobody", "low", "grant", "edge")
def empty(context: Context) -> Iterable[Found]:
    """Groups without members that open apps."""
    found = rows("""
        SELECT r.id, r.name, r.native_id, r.opens FROM orgmodel_resource r
        WHERE r.kind = 'group' AND r.ended IS NULL AND r.holders = 0 AND r.opens > 0 AND r.type = 'OKTA_GROUP'
        ORDER BY r.name""")
    for group, label, native, opens in found:
        yield Found(
            (native,),
            f"{label} opens {opens} apps and has no members.",
            resources=(group,),
            evidence={"group": native},
        )


@detector("group-alike", "Groups with nearly the same name", "low", "resource")
def alike(context: Context) -> Iterable[Found]:
    """Groups whose names differ only in case, spaces, hyphens or underscores."""
    found = rows("""
        SELECT array_agg(id ORDER BY native_id), array_agg(name ORDER BY native_id),
               array_agg(native_id ORDER BY native_id)
        FROM orgmodel_resource WHERE kind = 'group' AND ended IS NULL
        GROUP BY regexp_replace(lower(name), '[-_ .]+', '', 'g') HAVING count(*) > 1""")
    for groups, names, natives in found:
        yield Found(
            tuple(natives),
            f"{' and '.join(names[:4])} are nearly the same name.",
            resources=tuple(groups),
            evidence={"groups": natives},
        )


@detector("stale-source", "Source that was not read for long", "high")
def stale(context: Context) -> Iterable[Found]:
    """Sources whose last good read is older than a day."""
    found = rows(
        """
        SELECT source, max(applied_at) FROM orgmodel_run WHERE outcome IN ('applied', 'unchanged')
        GROUP BY source HAVING max(applied_at) < %(now)s::timestamptz - interval '1 day'""",
        {"now": context.now},
    )
    for source, applied in found:
        yield Found((source,), f"{source} was last read on {applied:%Y-%m-%d}.", evidence={"source": source})
