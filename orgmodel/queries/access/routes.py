"""Every route from a grant along the edges to an entitlement, at a moment: the raw rows behind access."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from orgmodel.queries.moments import Moment
from orgmodel.queries.rows import json_value
from orgmodel.queries.together import Lasting, Question, ask
from orgmodel.sources.state_words import ENDED_WORDS
from orgmodel.why.level_rules import Given, counting
from orgmodel.why.obstacles import Standing

from .edge_walk import back_from
from .standing import stands, state_sql
from .target import Target, columns

LONGEST = 12
"""Edges of one route; Okta has one, a tree of groups behind it as many as it is deep."""


@dataclass(frozen=True)
class Hop:
    """One entitlement on a route, since when the step to it holds, and what the step is."""

    entitlement: int
    place: Target
    level: str
    priority: int
    since: datetime
    rank: int | None = None
    """The rank of the level on the scale of its source; None: nobody can say."""
    sort: str = ""
    """Of the edge that leads here; empty for what is granted."""

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
    """The state of the account's assignment to the app, where it was fetched."""
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
    def given(self) -> Given:
        """The level at its end, as it is held against others."""
        end = self.hops[-1]
        return Given(end.level, end.rank, len(self.hops) == 1, end.priority)

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
    return ask(asking_routes_of(ids, moment, towards=towards))


def asking_routes_of(
    ids: Iterable[int], moment: Moment, *, towards: int | None = None
) -> Question[list[Route]]:
    """The same as a question."""
    start = _stated(moment.owned("a", "%(people)s"), moment)
    parameters = {"people": sorted(set(ids)), "target": towards}
    return _walk(start, parameters, moment, shut=towards is not None)


def asking_routes(who: int, moment: Moment) -> Question[list[Route]]:
    """All routes of one person, as a question."""
    return _walk(_stated(moment.owned("a", "ARRAY[%(who)s::bigint]"), moment), {"who": who}, moment)


def to_resource(resource: int, moment: Moment, *, limit: int | None = None) -> list[Route]:
    """All routes of anybody to one group or app, by person."""
    parameters = {"resource": resource, "limit": limit}
    those = "SELECT id FROM orgmodel_entitlement WHERE resource_id = %(resource)s"
    back = f"back (id) AS ({back_from(those, moment.holds('e'))}), "
    start = _stated("g.entitlement_id = ANY(ARRAY(SELECT id FROM back))", moment)
    return ask(_walk(start, parameters, moment, ends_at=resource, back=back))


def onward(groups: Iterable[str], person: int, account: int, moment: Moment) -> list[Route]:
    """All routes there would be, were the account in these groups (native ids), to the groups and on."""
    start = """
        SELECT %(person)s::bigint, %(account)s::bigint, -e.id, 'rule', '{}'::text[], 'evaluated',
               ARRAY[e.id], '{}'::bigint[], %(at)s::timestamptz, true
        FROM orgmodel_entitlement e JOIN orgmodel_resource r ON r.id = e.resource_id
        WHERE r.kind = 'group' AND e.level = 'member' AND r.native_id = ANY(%(groups)s)"""
    values = {"groups": sorted(groups), "person": person, "account": account}
    # Planned for any groups it takes three times as long as with these, its planning included.
    return ask(_walk(start, values, moment, once=False))


def _stated(where: str, moment: Moment) -> str:
    """SQL: the grants that are, of accounts (alias a) that the condition finds."""
    return f"""
        SELECT {moment.owner("a")}, a.id, g.id, g.origin, g.rules, g.evidence,
               ARRAY[g.entitlement_id], '{{}}'::bigint[], coalesce(g.true_began, g.began), {usable(moment)}
        FROM orgmodel_grant g JOIN orgmodel_account a ON a.id = g.account_id
        WHERE {where} AND {moment.holds("g")} AND {moment.owner("a")} IS NOT NULL"""


def usable(moment: Moment) -> str:
    """SQL: the account (alias a) exists and can sign in at the moment."""
    if moment.live:
        return "a.ended IS NULL AND a.state <> 'ended'"
    return f"""a.began <= %(at)s AND (a.ended IS NULL OR a.ended > %(at)s) AND NOT EXISTS (
        SELECT FROM orgmodel_attribute t WHERE t.account_id = a.id AND t.name = 'status'
          AND {moment.holds("t")} AND t.value #>> '{{}}' IN ({ENDED_WORDS}))"""


def _walk(
    start: str,
    parameters: dict[str, Any],
    moment: Moment,
    *,
    ends_at: int | None = None,
    shut: bool = False,
    once: bool = True,
    back: str = "",
) -> Question[list[Route]]:
    """From the grants that `start` selects along the edges; one query, with the places on the way.

    `once`: it may be planned once for whatever the values are. `back`: SQL of what leads to the end.
    """
    last = """WHERE path[cardinality(path)] IN (
        SELECT id FROM orgmodel_entitlement WHERE resource_id = %(resource)s)"""
    sql = f"""
        WITH RECURSIVE {back}way (person_id, account, grant_id, origin, rules, evidence,
                            path, edges, since, usable) AS (
            {start}
            UNION ALL
            SELECT w.person_id, w.account, w.grant_id, w.origin, w.rules, w.evidence,
                   w.path || e.target_id, w.edges || e.id, w.since, w.usable
            FROM way w JOIN orgmodel_edge e ON e.source_id = w.path[cardinality(w.path)]
             AND {moment.holds("e")} {"AND e.target_id IN (SELECT id FROM back)" if back else ""}
            WHERE cardinality(w.path) <= {LONGEST} AND NOT e.target_id = ANY(w.path)
        ), found AS (
            SELECT cardinality(path) AS steps, person_id, account, grant_id, origin, rules, evidence, path,
                   edges, since, usable, {state_sql(moment, "way.account") if shut else "NULL"} AS state
            FROM way {last if ends_at is not None else ""}
        )
        SELECT *, NULL::jsonb FROM found
        UNION ALL
        SELECT {"NULL, " * 12} jsonb_build_array(e.id, e.level, e.rank, {columns("r", moment)})
        FROM orgmodel_entitlement e JOIN orgmodel_resource r ON r.id = e.resource_id
        WHERE e.id IN (SELECT unnest(path) FROM found)
        UNION ALL
        SELECT {"NULL, " * 12} jsonb_build_array(
            -e.id, {moment.priority("e")}, coalesce(e.true_began, e.began), e.sort)
        FROM orgmodel_edge e WHERE e.id IN (SELECT unnest(edges) FROM found)
        ORDER BY person_id, steps, grant_id, path"""
    # How many have a thing differs without end; one person's routes are found like another's.
    kept = once and ends_at is None
    rows = yield Lasting(sql) if kept else sql, {**parameters, "at": moment.at}
    places, steps = _places([json_value(row[-1]) for row in rows if row[0] is None])
    # An edge is on the way of many.
    along: dict[int, Hop] = {}
    routes = []
    for _, person, account, grant, origin, rules, evidence, path, edges, since, usable, state, _ in (
        row for row in rows if row[0] is not None
    ):
        hops = [_hop(path[0], places[path[0]], (0, since, ""))]
        for to, edge in zip(path[1:], edges, strict=True):
            if edge not in along:
                along[edge] = _hop(to, places[to], steps[edge])
            hops.append(along[edge])
        if usable or shut or places[path[-1]][0].kind == "group":
            held = stands(state) if shut else None
            routes.append(
                Route(person, account, grant, origin, tuple(rules), evidence, tuple(hops), usable, held)
            )
    return (yield from _with_lists(routes, moment))


def _with_lists(routes: list[Route], moment: Moment) -> Question[list[Route]]:
    """Where the order of groups does not decide a level, what the app's own list says; a query, or none."""
    ways: dict[tuple[int, int], list[Route]] = {}
    for route in routes:
        place = route.hops[-1].place
        if place.kind == "app":
            ways.setdefault((route.account, place.pk), []).append(route)
    several = (
        (key, own) for key, own in ways.items() if len(own) > 1 and len({each.end.level for each in own}) > 1
    )
    open_ = {key for key, own in several if len({each.end.level for each in rivals(own)}) > 1}
    if not open_:
        return routes
    statement = f"""
        SELECT s.account_id, s.app_id, {moment.label("s", "seat", "level")} FROM orgmodel_seat s
        JOIN unnest(%(accounts)s::bigint[], %(apps)s::bigint[]) k (account, app)
          ON k.account = s.account_id AND k.app = s.app_id WHERE {moment.holds("s")}"""
    accounts, apps = ([key[place] for key in open_] for place in (0, 1))
    rows = yield Lasting(statement), {"accounts": accounts, "apps": apps, "at": moment.at}
    levels = {(account, app): level for account, app, level in rows}
    return [
        replace(route, listed=levels.get((route.account, route.end.resource), ""))
        if (route.account, route.end.resource) in open_
        else route
        for route in routes
    ]


def rivals(own: Sequence[Route]) -> list[Route]:
    """The routes of somebody to an app of which the order of the groups does not say which counts.

    Those of the best priority, and those without one; none beside a direct assignment.
    """
    ways = [route.given for route in own]
    if own[0].end.place.combine != "priority" or any(way.direct for way in ways):
        return []
    return [own[at] for at in counting(ways, "priority")]


def into_groups(routes: Iterable[Route]) -> list[Route]:
    """Each route that ends in a group by a grant, and the shortest into each group that others lead to."""
    inside = [route for route in routes if route.end.place.kind == "group"]
    granted = [route for route in inside if len(route.hops) == 1]
    known = {route.end.resource for route in granted}
    brought: dict[int, Route] = {}
    for route in sorted(inside, key=lambda each: (len(each.hops), each.since, each.key)):
        if route.end.resource not in known:
            brought.setdefault(route.end.resource, route)
    return [*granted, *brought.values()]


Place = tuple[Target, str, int | None]
Step = tuple[int, datetime, str]


def _hop(entitlement: int, place: Place, step: Step) -> Hop:
    thing, level, rank = place
    priority, since, sort = step
    return Hop(entitlement, thing, level, priority, since, rank, sort)


def _places(found: Iterable[list[Any]]) -> tuple[dict[int, Place], dict[int, Step]]:
    """Entitlement → group or app, level and its rank; edge → priority, since when, sort."""
    places: dict[int, Place] = {}
    steps: dict[int, Step] = {}
    for key, *values in found:
        if key < 0:
            steps[-key] = values[0], datetime.fromisoformat(values[1]), values[2]
        else:
            places[key] = Target(*values[2:]), values[0], values[1]
    return places, steps
