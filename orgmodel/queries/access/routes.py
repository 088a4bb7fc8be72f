"""Every route from a grant along the edges to an entitlement, at a moment: the raw rows behind access."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from orgmodel.queries.moments import Moment
from orgmodel.queries.rows import json_value
from orgmodel.sources.state_words import ENDED_VALUES
from orgmodel.why.level_rules import Given, counting
from orgmodel.why.obstacles import Standing

from .standing import stands, state_sql


def columns(alias: str, moment: Moment | None = None) -> str:
    """SQL: what a `Target` is made of, over the alias; with a moment by its name and status of then."""
    name, status = (
        moment.label(alias, "resource", column) if moment else f"{alias}.{column}"
        for column in ("name", "status")
    )
    before = f"{alias}.id, {alias}.kind, {name}, {alias}.native_id, {alias}.key, {status}"
    before += f", array_to_string({alias}.unread, ' '), coalesce({alias}.profile ->> 'implicit', '') = 'true'"
    listed = f"{before}, {alias}.type, {alias}.description, {alias}.everyone"
    connected = f"{alias}.features::text || coalesce({alias}.profile ->> 'sign_on', '')"
    parent = f"(SELECT x.name FROM orgmodel_resource x WHERE x.id = {alias}.parent_id)"
    return f"{listed}, {connected}, {alias}.parent_id, {parent}"


COLUMNS = columns("r")
LONGEST = 6
"""Edges of one route; Okta has one, systems behind it a few more."""


@dataclass(frozen=True)
class Target:
    """A group or an app as it is named in answers."""

    pk: int
    kind: str
    name: str
    native_id: str
    key: str = ""
    """What stands in addresses."""
    status: str = ""
    unread: str = ""
    """Kinds of its facts that the last read could not see, with blanks between: unknown, not empty."""
    implicit: bool = False
    """Everyone may use the app without an assignment."""
    type: str = ""
    description: str = ""
    everyone: bool = False

    features: str = ""
    """Okta's features and sign-on mode, as text."""
    parent: int | None = None
    """The app that an imported group comes from."""
    parent_name: str | None = None

    def comes_from(self, hidden: Collection[int]) -> str:
        """The name of that app, where there is one that may be told."""
        return (self.parent_name or "") if self.parent not in hidden else ""

    @property
    def open(self) -> bool:
        """An app that is switched off opens nothing, though its assignments stay."""
        return self.status != "INACTIVE"

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "name": self.name, "native_id": self.native_id}


@dataclass(frozen=True)
class Hop:
    """One entitlement on a route, and since when the step to it holds."""

    entitlement: int
    place: Target
    level: str
    priority: int
    since: datetime

    @property
    def resource(self) -> int:
        """Id of the group or app."""
        return self.place.pk


@dataclass(frozen=True)
class Route:
    """A grant of a person and the edges it runs along. `hops` begins with the granted entitlement."""

    person: int
    account: int
    grant: int
    origin: str
    rules: tuple[str, ...]
    evidence: str
    hops: tuple[Hop, ...]
    usable: bool = True
    """False: the account is deactivated, and what it holds opens nothing."""
    standing: Standing | None = None
    """How the account stands with the app, where that was asked for."""
    listed: str = ""
    """The level by the app's own list, where the order of the groups leaves it open."""

    @property
    def end(self) -> Hop:
        return self.hops[-1]

    @property
    def opens(self) -> bool:
        """It leads to a group, or to an app that is active by an account that may use it."""
        return self.end.place.kind == "group" or (self.usable and self.end.place.open)

    @property
    def since(self) -> datetime:
        """Since when the whole route is open."""
        return max(hop.since for hop in self.hops)

    @property
    def key(self) -> tuple[int, ...]:
        """What makes the route the same route at another moment."""
        return (self.account, *(hop.entitlement for hop in self.hops))


def of_people(ids: Iterable[int], moment: Moment, *, towards: int | None = None) -> list[Route]:
    """All routes of these people, to groups and apps; a deactivated account leads to no app.

    `towards`: with the routes that such an account would open, and how each account stands with this app.
    """
    start = _stated("a.person_id = ANY(%(people)s)", moment)
    return _walk(start, {"people": sorted(set(ids)), "target": towards}, moment, shut=towards is not None)


def to_resource(resource: int, moment: Moment, *, limit: int | None = None) -> list[Route]:
    """All routes of anybody to one group or app, by person."""
    parameters = {"resource": resource, "limit": limit}
    within = _BACKWARDS.format(holds=moment.holds("e"))
    return _walk(_stated(f"g.entitlement_id IN ({within})", moment), parameters, moment, ends_at=resource)


_BACKWARDS = """
    WITH RECURSIVE back (id) AS (
        SELECT id FROM orgmodel_entitlement WHERE resource_id = %(resource)s
        UNION SELECT e.source_id FROM back JOIN orgmodel_edge e ON e.target_id = back.id AND {holds}
    ) SELECT id FROM back"""


def onward(groups: Iterable[str], person: int, account: int, moment: Moment) -> list[Route]:
    """All routes there would be, were the account in these groups (native ids), to the groups and on."""
    start = """
        SELECT %(person)s, %(account)s, -e.id, 'rule', '{}'::text[], 'evaluated',
               ARRAY[e.id], ARRAY[0], ARRAY[%(at)s::timestamptz], true
        FROM orgmodel_entitlement e JOIN orgmodel_resource r ON r.id = e.resource_id
        WHERE r.kind = 'group' AND e.level = 'member' AND r.native_id = ANY(%(groups)s)"""
    return _walk(start, {"groups": sorted(groups), "person": person, "account": account}, moment)


def _stated(where: str, moment: Moment) -> str:
    """SQL: the grants that are, of accounts (alias a) that the condition finds."""
    return f"""
        SELECT a.person_id, a.id, g.id, g.origin, g.rules, g.evidence,
               ARRAY[g.entitlement_id], ARRAY[0], ARRAY[coalesce(g.true_began, g.began)], {usable(moment)}
        FROM orgmodel_grant g JOIN orgmodel_account a ON a.id = g.account_id
        WHERE {where} AND {moment.holds("g")} AND a.person_id IS NOT NULL"""


def usable(moment: Moment) -> str:
    """SQL: the account (alias a) exists and can sign in at the moment."""
    if moment.live:
        return "a.ended IS NULL AND a.state <> 'ended'"
    return f"""a.began <= %(at)s AND (a.ended IS NULL OR a.ended > %(at)s) AND NOT EXISTS (
        SELECT FROM orgmodel_attribute t WHERE t.account_id = a.id AND t.name = 'status'
          AND {moment.holds("t")} AND t.value IN ({ENDED_VALUES}))"""


def _walk(
    start: str,
    parameters: dict[str, Any],
    moment: Moment,
    *,
    ends_at: int | None = None,
    shut: bool = False,
) -> list[Route]:
    """From the grants that `start` selects along the edges; one query, with the places on the way."""
    last = """WHERE path[cardinality(path)] IN (
        SELECT id FROM orgmodel_entitlement WHERE resource_id = %(resource)s)"""
    sql = f"""
        WITH RECURSIVE way (person_id, account, grant_id, origin, rules, evidence,
                            path, priorities, since, usable) AS (
            {start}
            UNION ALL
            SELECT w.person_id, w.account, w.grant_id, w.origin, w.rules, w.evidence,
                   w.path || e.target_id, w.priorities || {moment.priority("e")},
                   w.since || coalesce(e.true_began, e.began), w.usable
            FROM way w JOIN orgmodel_edge e ON e.source_id = w.path[cardinality(w.path)]
             AND {moment.holds("e")}
            WHERE cardinality(w.path) <= {LONGEST} AND NOT e.target_id = ANY(w.path)
        ), found AS (
            SELECT cardinality(path) AS steps, person_id, account, grant_id, origin, rules, evidence, path,
                   priorities, since, usable, {state_sql(moment, "way.account") if shut else "NULL"} AS state
            FROM way {last if ends_at is not None else ""}
        )
        SELECT *, NULL::jsonb FROM found
        UNION ALL
        SELECT {"NULL, " * 12} jsonb_build_array(e.id, e.level, {columns("r", moment)})
        FROM orgmodel_entitlement e JOIN orgmodel_resource r ON r.id = e.resource_id
        WHERE e.id IN (SELECT unnest(path) FROM found)
        ORDER BY person_id, steps, grant_id, path"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {**parameters, "at": moment.at})
        rows = cursor.fetchall()
    places = _places(row[-1] for row in rows if row[0] is None)
    routes = []
    for _, person, account, grant, origin, rules, evidence, path, priorities, since, usable, state, _ in (
        row for row in rows if row[0] is not None
    ):
        hops = tuple(
            Hop(entitlement, places[entitlement][0], places[entitlement][1], priority, began)
            for entitlement, priority, began in zip(path, priorities, since, strict=True)
        )
        if usable or shut or places[path[-1]][0].kind == "group":
            held = stands(state) if shut else None
            routes.append(Route(person, account, grant, origin, tuple(rules), evidence, hops, usable, held))
    return _with_lists(routes, moment)


def _with_lists(routes: list[Route], moment: Moment) -> list[Route]:
    """Where the order of groups does not decide a level, what the app's own list says; a query, or none."""
    ways: dict[tuple[int, int], list[Route]] = {}
    for route in routes:
        if route.end.place.kind == "app":
            ways.setdefault((route.account, route.end.resource), []).append(route)
    open_ = {key for key, own in ways.items() if len({each.end.level for each in rivals(own)}) > 1}
    if not open_:
        return routes
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.account_id, s.app_id, {moment.label('s', 'seat', 'level')} FROM orgmodel_seat s"
            " JOIN unnest(%(accounts)s::bigint[], %(apps)s::bigint[]) k (account, app)"
            f" ON k.account = s.account_id AND k.app = s.app_id WHERE {moment.holds('s')}",
            {
                "accounts": [account for account, _ in open_],
                "apps": [app for _, app in open_],
                "at": moment.at,
            },
        )
        said = {(account, app): level for account, app, level in cursor.fetchall()}
    return [
        replace(route, listed=said.get((route.account, route.end.resource), ""))
        if (route.account, route.end.resource) in open_
        else route
        for route in routes
    ]


def rivals(own: Sequence[Route]) -> list[Route]:
    """The routes of somebody to an app of which the order of the groups does not say which counts.

    Those of the best priority, and those without one; none beside a direct assignment.
    """
    if any(len(route.hops) == 1 for route in own):
        return []
    ways = [Given(route.end.level, priority=route.end.priority) for route in own]
    return [own[at] for at in counting(ways, "priority")]


def _places(found: Iterable[Any]) -> dict[int, tuple[Target, str]]:
    """Entitlement → group or app, level."""
    return {key: (Target(*place), level) for key, level, *place in map(json_value, found)}


def targets(ids: Iterable[int]) -> dict[int, Target]:
    """Groups and apps by id."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM orgmodel_resource r WHERE r.id = ANY(%s)", [sorted(set(ids))])
        return {row[0]: Target(*row) for row in cursor.fetchall()}
