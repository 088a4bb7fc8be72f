"""Apps assigned without a group, promised and not delivered, pushed and failing."""

from collections.abc import Iterable

from orgmodel.sources.fix import console
from orgmodel.sources.registry import plans

from .detectors import Context, Found, Severity, counted, detector, rows, short

SYNC_STATES: dict[str, tuple[str, Severity]] = {
    "ERROR": ("Okta could not deliver it", "medium"),
    "OUT_OF_SYNC": ("the app has something else than Okta", "low"),
}


@detector("app-direct", "App assigned to people directly", "low", "seat")
def direct(_: Context) -> Iterable[Found]:
    """Apps with direct assignments: nothing takes them back when people move."""
    found = rows("""
        SELECT r.id, r.name, r.native_id, array_agg(p.id ORDER BY p.name, a.id),
               array_agg(a.native_id ORDER BY p.name, a.id)
        FROM orgmodel_seat s
        JOIN orgmodel_account a ON a.id = s.account_id AND a.ended IS NULL AND a.state <> 'ended'
        JOIN orgmodel_person p ON p.id = a.person_id AND p.status <> 'ended'
        JOIN orgmodel_resource r ON r.id = s.app_id AND r.ended IS NULL AND r.status <> 'inactive'
        WHERE s.ended IS NULL AND s.scope = 'USER' GROUP BY 1, 2, 3 ORDER BY 2""")
    for app, label, native, people, accounts in found:
        yield Found(
            (native,),
            f"{short(label)}: {counted(len(people), 'person has', 'people have')} it directly and not through"
            " a group; nothing takes it back when they move.",
            tuple(people),
            (app,),
            {"app": native, "count": len(accounts), "accounts": accounts[:200]},
            plans().unassign(native, accounts, label),
        )


@detector("seat-sync-error", "Assigned, but not delivered", "medium", "seat")
def undelivered(_: Context) -> Iterable[Found]:
    """Apps for which Okta could not provision people; one finding per app and state."""
    found = rows(
        """
        SELECT r.id, r.name, r.native_id, s.sync_state, array_agg(p.id ORDER BY p.name, a.id),
               array_agg(a.native_id ORDER BY p.name, a.id)
        FROM orgmodel_seat s
        JOIN orgmodel_account a ON a.id = s.account_id AND a.ended IS NULL AND a.state <> 'ended'
        JOIN orgmodel_person p ON p.id = a.person_id
        JOIN orgmodel_resource r ON r.id = s.app_id AND r.ended IS NULL AND r.status <> 'inactive'
        WHERE s.ended IS NULL AND s.sync_state = ANY(%(states)s) GROUP BY 1, 2, 3, 4 ORDER BY 2, 4""",
        {"states": list(SYNC_STATES)},
    )
    for app, label, native, state, people, accounts in found:
        how, severity = SYNC_STATES[state]
        yield Found(
            (native, state),
            f"{short(label)}: it is assigned to {counted(len(people), 'person', 'people')}, but {how}.",
            tuple(people),
            (app,),
            {"app": native, "state": state, "count": len(accounts), "accounts": accounts[:200]},
            console("Applications › {} › Assignments: look at the error, then retry", native),
            severity,
        )


@detector("push-error", "Push to another system fails", "high", "push")
def pushes(_: Context) -> Iterable[Found]:
    """Group push mappings in error, and those whose group on the other side is gone."""
    found = rows("""
        SELECT m.native_id, g.id, g.name, g.native_id, a.id, a.name, a.native_id, m.status, m.error
        FROM orgmodel_pushmapping m
        JOIN orgmodel_resource g ON g.id = m.group_id
        JOIN orgmodel_resource a ON a.id = m.app_id AND a.ended IS NULL AND a.status <> 'inactive'
        LEFT JOIN orgmodel_resource t ON t.id = m.target_id
        WHERE m.ended IS NULL
          AND (m.status = 'error' OR (m.status = 'active' AND (t.ended IS NOT NULL OR g.ended IS NOT NULL)))
        ORDER BY g.name, a.name""")
    for mapping, group, label, group_id, app, app_label, app_id, status, error in found:
        why = short(error) if error else "Okta gives no reason" if status == "error" else "its group is gone"
        yield Found(
            (app_id, mapping),
            f"{short(label)}: pushing it to {short(app_label)} fails ({why}); what stands there is not what"
            " Okta says.",
            resources=(group, app),
            evidence={"mapping": mapping, "group": group_id, "app": app_id, "status": status, "error": error},
            fix=console("Applications › {} › Push Groups › {} › Push now", app_id, group_id),
        )


@detector("group-assign-and-push", "One group both assigned and pushed", "medium", "edge", "push")
def both(_: Context) -> Iterable[Found]:
    """Groups that give an app and are pushed to it: Okta warns that members then get lost on the way."""
    found = rows("""
        SELECT DISTINCT g.id, g.name, g.native_id, a.id, a.name, a.native_id, m.native_id
        FROM orgmodel_pushmapping m
        JOIN orgmodel_resource g ON g.id = m.group_id AND g.ended IS NULL
        JOIN orgmodel_resource a ON a.id = m.app_id AND a.ended IS NULL AND a.status <> 'inactive'
        JOIN orgmodel_entitlement s ON s.resource_id = g.id
        JOIN orgmodel_entitlement t ON t.resource_id = a.id
        JOIN orgmodel_edge x ON x.source_id = s.id AND x.target_id = t.id AND x.ended IS NULL
        WHERE m.ended IS NULL ORDER BY 2, 5""")
    for group, label, group_id, app, app_label, app_id, mapping in found:
        yield Found(
            (app_id, group_id),
            f"{short(label)}: the same group both gives {short(app_label)} and is pushed to it; Okta asks for"
            " two groups, or members can be missing there.",
            resources=(group, app),
            evidence={"group": group_id, "app": app_id, "mapping": mapping},
            fix=console(
                "Applications › {} › Push Groups › {}: push a group of its own instead",
                app_id,
                group_id,
                back="Applications › {} › Push Groups: push {} again",
            ),
        )
