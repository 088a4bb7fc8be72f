"""Why ways to an app ended between two moments, opened again, or another of them came to count."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from orgmodel.queries.access.holdings import Access
from orgmodel.queries.access.level_choice import winning
from orgmodel.queries.access.routes import Route
from orgmodel.queries.moments import Moment
from orgmodel.queries.rows import json_value
from orgmodel.queries.together import Question
from orgmodel.queries.visibility import Viewer
from orgmodel.sources import registry
from orgmodel.sources.state_words import ENDED_VALUES
from orgmodel.why.causes import Cause
from orgmodel.why.relations import relation_of

Ends = dict[tuple[object, ...], tuple[datetime, Cause]]
"""A part of a route (a grant, an edge between entitlements) → when and why it ended.

An account or an app → when and why it was closed, or opened again, last. An edge whose place in the order of
an app's groups changed, an account of which the app's own list says another level → when and why, last.
"""


def asking_ends(who: int, since: Moment, until: Moment, viewer: Viewer) -> Question[Ends]:
    """All that ended after `since`, up to `until`, and may concern the person."""
    rows = yield _ENDED, {"person": who, "since": since.at, "until": until.at}
    found: Ends = {}
    for at, kind, verb, fact, account, app, raw, group, what, level, source, target, closed, *end in rows:
        sort, to, of = end
        cause = Cause.read(viewer.secrets.cause(json_value(raw)), "ended")
        cause = replace(cause, system=registry.label(of)) if of else cause
        if kind == "edge" and verb == "changed":
            found["order", source, target] = (at, replace(cause.taking_along("order", verb), app=what))
        elif kind == "seat":
            listed = cause.taking_along("listed", "changed")
            found["listed", account, app] = (at, replace(listed, app=what, level=level or ""))
        elif kind == "grant":
            found["grant", fact] = (at, cause)
        elif kind == "edge":
            relation = relation_of(sort, to)
            cause = replace(cause, group=cause.group or group, app=what, relation=relation)
            found["edge", source, target] = (at, cause)
        else:
            place = ("app", app) if kind == "resource" else ("account", account)
            name = closed or ("app_active" if kind == "resource" else "reactivated")
            turned = cause.taking_along(name, "ended" if closed else "began")
            found[place] = (at, replace(turned, app=what if kind == "resource" else ""))
    return found


_ENDED = f"""
    SELECT c.at, c.kind, c.verb, c.fact, c.account_id, c.app_id, c.cause, c.who, c.what,
           CASE WHEN c.kind = 'seat' THEN c.after ->> 'level' END, e.source_id, e.target_id,
           CASE WHEN c.kind = 'account' THEN 'account_deleted'
                WHEN c.kind = 'resource' AND c.verb = 'ended' THEN 'app_deleted'
                WHEN c.kind = 'resource' AND c.after ->> 'status' = 'inactive' THEN 'app_inactive'
                WHEN c.kind = 'attribute' AND c.after IN ({ENDED_VALUES}) THEN 'deactivated' ELSE '' END,
           e.sort, r.kind, r.source
    FROM orgmodel_change c LEFT JOIN orgmodel_edge e ON c.kind = 'edge' AND e.id = c.fact
    LEFT JOIN orgmodel_resource r ON r.id = c.app_id
    WHERE c.at > %(since)s AND c.at <= %(until)s AND (
        (c.person_id = %(person)s AND c.kind IN ('grant', 'account') AND c.verb = 'ended')
        OR (c.person_id = %(person)s AND c.kind = 'attribute' AND c.attribute = 'status'
            AND (c.before IN ({ENDED_VALUES}) OR c.after IN ({ENDED_VALUES})))
        OR (c.person_id = %(person)s AND c.kind = 'seat'
            AND c.before ->> 'level' IS DISTINCT FROM c.after ->> 'level')
        OR (c.kind = 'edge' AND c.verb <> 'began')
        OR (c.kind = 'resource' AND c.app_id IS NOT NULL
            AND (c.verb = 'ended' OR (c.before ->> 'status' <> c.after ->> 'status'
                                      AND 'inactive' IN (c.before ->> 'status', c.after ->> 'status')))))
    ORDER BY c.at, c.id"""


def why_ended(routes: Sequence[Route], causes: Ends) -> Cause | None:
    """Why the last of these ways ended; None where nothing is known of it."""
    ends = [end for route in routes if (end := end_of(route, causes))]
    return latest(ends) if ends else None


def end_of(route: Route, causes: Ends) -> tuple[datetime, Cause] | None:
    """The first end of any part of the way."""
    return min(_ends(route, causes), key=lambda each: each[0], default=None)


def _ends(route: Route, causes: Ends) -> list[tuple[datetime, Cause]]:
    keys: list[tuple[object, ...]] = [
        ("account", route.account),
        ("grant", route.grant),
        ("app", route.end.resource),
    ]
    keys += [("edge", one.entitlement, two.entitlement) for one, two in pairwise(route.hops)]
    return [causes[key] for key in keys if key in causes and causes[key][1].verb == "ended"]


def why_resolved(held: Access, causes: Ends) -> Cause:
    """Why another of the same ways counts: the order of the groups, or what the app's own list says, last.

    A list that changed together with the order only follows it.
    """
    keys: list[tuple[object, ...]] = [
        ("order", *(hop.entitlement for hop in way.hops[-2:])) for way in held.routes
    ]
    keys += [("listed", way.account, way.end.resource) for way in held.routes]
    found = [causes[key] for key in keys if key in causes]
    return latest(found) if found else Cause("unknown", "changed")


def latest(causes: Sequence[tuple[datetime, Cause]]) -> Cause:
    """The one of the newest moment, which it keeps."""
    at, cause = max(causes, key=lambda each: each[0])
    return replace(cause, seen=at)


def opened_again(held: Access, causes: Ends) -> Access:
    """What was there all the time and could not be used: the app, or the account, became active."""
    route = winning(held.routes)
    for key in (("app", route.end.resource), ("account", route.account)):
        at, cause = causes.get(key, (route.since, held.cause))
        if cause.kind in {"app_active", "reactivated"} and at >= route.since:
            return replace(held, cause=cause)
    return held
