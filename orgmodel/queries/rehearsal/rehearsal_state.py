"""The state a rehearsal starts from: who is in which group by which rules, and what groups open."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection

from orgmodel.facts import MEMBER, UNRANKED
from orgmodel.queries.access.routes import usable
from orgmodel.queries.access.target import COLUMNS, Target
from orgmodel.queries.moments import Moment
from orgmodel.queries.rows import json_value
from orgmodel.queries.rules.rulebook import Book
from orgmodel.rules.spoken import AS_WRITTEN, Spoken
from orgmodel.sources.roles import IS_DIRECTORY
from orgmodel.why.level_rules import Given, counting, together

# As a number of seconds since 1970: reading ten thousand moments as dates costs more than all else.
_SINCE = "extract(epoch FROM coalesce({0}.true_began, {0}.began))::float8"
Groups = Mapping[str, tuple[str, ...]]
"""Group → the rules that put somebody there; none for a membership by hand."""


@dataclass(frozen=True)
class Opening:
    """A group leads to an app at a level, by itself or through others."""

    app: Target
    level: str
    priority: int
    """Of the last edge."""
    since: float
    rank: int | None = None
    """The rank of the level on the scale of its source."""


@dataclass(frozen=True)
class Edge:
    """What an entitlement gives at one moment; `opening`: where that is an app that is active."""

    target: int
    since: float
    opening: Opening | None


@dataclass(frozen=True)
class Opened:
    """What entitlements lead to at one moment. `groups`: group of the directory → its entitlement."""

    groups: Mapping[str, int] = field(default_factory=dict)
    edges: Mapping[int, Sequence[Edge]] = field(default_factory=dict)
    _known: dict[int, tuple[Opening, ...]] = field(default_factory=dict)

    def by_group(self, group: str) -> tuple[Opening, ...]:
        """The apps that a group of the directory leads to."""
        return self.beyond(self.groups[group]) if group in self.groups else ()

    def beyond(self, start: int) -> tuple[Opening, ...]:
        """The apps that an entitlement leads to, each level by the shortest way."""
        if start not in self._known:
            self._known[start] = tuple(self._walk(start))
        return self._known[start]

    def _walk(self, start: int) -> Iterable[Opening]:
        ways: dict[tuple[int, str, int], Opening] = {}
        seen, due = {start}, deque((edge, edge.since) for edge in self.edges.get(start, ()))
        while due:
            edge, since = due.popleft()
            if (way := edge.opening) is not None:
                way = way if way.since == since else replace(way, since=since)
                ways.setdefault((way.app.pk, way.level, way.priority), way)
            if edge.target not in seen:
                seen.add(edge.target)
                due.extend((each, max(each.since, since)) for each in self.edges.get(edge.target, ()))
        return ways.values()


@dataclass(frozen=True)
class Grant:
    """What an account of another system holds. `opening`: where that is an app that is active."""

    entitlement: int
    since: float
    opening: Opening | None


@dataclass
class Held:
    """What one person holds: groups of the directory, and apps that are assigned directly there (by id)."""

    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    direct: set[int] = field(default_factory=set)
    began: dict[str, float] = field(default_factory=dict)
    """Group → since when, in seconds since 1970, as every `since` here."""
    listed: dict[int, str] = field(default_factory=dict)
    """App → the level by its own list, of those whose groups leave it open."""
    others: list[Grant] = field(default_factory=list)
    """What accounts of other systems hold, which no rule gives or takes."""

    def otherwise(self, opens: Opened) -> Iterable[Opening]:
        """The apps that these accounts give."""
        for grant in self.others:
            if grant.opening is not None:
                yield grant.opening
            for way in opens.beyond(grant.entitlement):
                yield replace(way, since=max(way.since, grant.since))


Way = tuple[str, Opening]
"""A group, and its opening of an app; no group (empty) where an account of another system has it."""


def apps_through(groups: Iterable[str], holds: Held, opens: Opened) -> dict[int, Way]:
    """App → the group and the opening whose level wins, by name; nothing of what is assigned directly."""
    found = ways_through(groups, holds, opens)
    return dict(sorted(found.items(), key=lambda each: by_name(each[1][1].app)))


def ways_through(groups: Iterable[str], holds: Held, opens: Opened) -> dict[int, Way]:
    """The same in no order."""
    ways: dict[int, list[Way]] = {}
    found = [(group, opening) for group in groups for opening in opens.by_group(group)]
    for way in (*found, *(("", opening) for opening in holds.otherwise(opens))):
        if (app := way[1].app.pk) not in holds.direct:
            ways.setdefault(app, []).append(way)
    return {app: own[0] if len(own) == 1 else _winning(own, holds) for app, own in ways.items()}


def _winning(own: Sequence[Way], holds: Held) -> Way:
    """As `level_choice.winning` has it: the best priority; where that leaves it open, the app’s own list,
    then the way that came first. Without priorities the highest level, or all. What a change brings is last.
    """
    combine = own[0][1].app.combine
    ways = [Given(way.level, way.rank, priority=way.priority) for _, way in own]
    count = counting(ways, combine)

    def rank(at: int) -> tuple[object, ...]:
        group, opening = own[at]
        began = holds.began.get(group) if group else opening.since
        since = opening.since if began is None else max(began, opening.since)
        if combine != "priority":
            return -(opening.rank or 0), began is None, since, group
        named = at in count and holds.listed.get(opening.app.pk) == opening.level
        return not named, opening.priority, began is None, since, group

    if combine == "priority":
        return own[min(range(len(own)), key=rank)]
    group, opening = own[min(count, key=rank)]
    return group, replace(opening, level=together(ways[at] for at in count))


def left_open(opens: Opened) -> frozenset[int]:
    """Apps whose groups may leave it open which level counts."""
    levels: dict[int, dict[int, set[str]]] = {}
    for opening in (each for group in opens.groups for each in opens.by_group(group)):
        if opening.app.combine == "priority":
            levels.setdefault(opening.app.pk, {}).setdefault(opening.priority, set()).add(opening.level)
    return frozenset(
        app
        for app, ranks in levels.items()
        if any(len(ranked | ranks.get(UNRANKED, set())) > 1 for ranked in ranks.values())
    )


def by_name(app: Target) -> tuple[str, str]:
    """Apps stand by name in every answer."""
    return app.name.casefold(), app.native_id


@dataclass(frozen=True)
class Ground:
    """What everybody's answer rests on. `names`: group → name; `spoken`: how values are called in causes."""

    book: Book
    names: Mapping[str, str]
    opens: Opened
    at: datetime
    spoken: Spoken = AS_WRITTEN

    @cached_property
    def targets(self) -> frozenset[str]:
        """The groups at which rules in force aim."""
        return frozenset(target for rule in self.book.rules.values() for target in rule.targets)


def held(
    who: Sequence[int], *moments: Moment, undecided: Collection[int] = ()
) -> tuple[dict[int, Held], ...]:
    """What these people hold at each moment, in their order; at most one may lie in the past.

    An account that is deactivated stays in its groups, but they open nothing for it: it holds nothing here.
    `undecided`: the apps of which their own lists are looked up. One query, or two with such apps.
    """
    found = tuple({person: Held() for person in who} for _ in moments)
    status = [moment.labels("r", "resource", "status") for moment in moments]
    there = (
        f"{moment.holds('g')} AND {usable(moment)} AND (r.kind <> 'app' OR {was} <> 'inactive')"
        for moment, (_, was) in zip(moments, status, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT a.person_id, r.kind, r.id, r.native_id, g.rules, {_SINCE.format("g")},
                   CASE WHEN NOT a.source {IS_DIRECTORY} THEN jsonb_build_array(
                       e.id, e.level, e.rank, jsonb_build_array({COLUMNS})) END, {", ".join(there)}
            FROM orgmodel_grant g JOIN orgmodel_account a ON a.id = g.account_id
            JOIN orgmodel_entitlement e ON e.id = g.entitlement_id
            JOIN orgmodel_resource r ON r.id = e.resource_id
            {" ".join(joined for joined, _ in status)}
            WHERE ({_any("g", moments)}) AND a.person_id = ANY(%(who)s)""",
            {"who": list(who), "at": _past(moments)},
        )
        for person, kind, resource, native, rules, began, other, *then in cursor.fetchall():
            for holds in (people[person] for people, there in zip(found, then, strict=True) if there):
                if other is not None:
                    holds.others.append(_grant(kind, began, *json_value(other)))
                elif kind == "group":
                    holds.groups[native] = tuple(rules)
                    holds.began[native] = began
                else:
                    holds.direct.add(resource)
    if undecided:
        _look_up_lists(found, sorted(undecided), moments)
    return found


def _grant(
    kind: str, since: float, entitlement: int, level: str, rank: int | None, thing: Sequence[Any]
) -> Grant:
    opening = Opening(Target(*thing), level, UNRANKED, since, rank) if kind == "app" else None
    return Grant(entitlement, since, opening)


def _look_up_lists(found: Sequence[dict[int, Held]], apps: list[int], moments: Sequence[Moment]) -> None:
    labels = [moment.labels("s", "seat", "level") for moment in moments]
    levels = (
        f"CASE WHEN {moment.holds('s')} THEN {level} END"
        for moment, (_, level) in zip(moments, labels, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT a.person_id, s.app_id, {", ".join(levels)}
            FROM orgmodel_seat s JOIN orgmodel_account a ON a.id = s.account_id AND a.source {IS_DIRECTORY}
            {" ".join(joined for joined, _ in labels)}
            WHERE ({_any("s", moments)}) AND s.app_id = ANY(%(apps)s) AND a.person_id = ANY(%(who)s)
            ORDER BY a.id""",
            {"apps": apps, "who": list(found[0]), "at": _past(moments)},
        )
        for person, app, *listed in cursor.fetchall():
            for people, level in zip(found, listed, strict=True):
                if level:
                    people[person].listed.setdefault(app, level)


def openings(*moments: Moment) -> tuple[Opened, ...]:
    """What everything leads to, at each moment; at most one may lie in the past. One query."""
    edges: tuple[dict[int, list[Edge]], ...] = tuple({} for _ in moments)
    groups: dict[str, int] = {}
    status = [moment.labels("r", "resource", "status") for moment in moments]
    there = (
        f"CASE WHEN {moment.holds('x')} THEN r.kind = 'app' AND {was} <> 'inactive' END"
        for moment, (_, was) in zip(moments, status, strict=True)
    )
    count = len(moments)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT m.id, CASE WHEN s.kind = 'group' AND m.level = '{MEMBER}' AND s.source {IS_DIRECTORY}
                        THEN s.native_id END,
                   t.id, t.level, t.rank, {_SINCE.format("x")}, {COLUMNS}, {", ".join(there)},
                   {", ".join(moment.priority("x") for moment in moments)}
            FROM orgmodel_edge x
            JOIN orgmodel_entitlement m ON m.id = x.source_id JOIN orgmodel_resource s ON s.id = m.resource_id
            JOIN orgmodel_entitlement t ON t.id = x.target_id JOIN orgmodel_resource r ON r.id = t.resource_id
            {" ".join(joined for joined, _ in status)}
            WHERE {_any("x", moments)}""",
            {"at": _past(moments)},
        )
        for source, group, target, level, rank, since, *rest in cursor.fetchall():
            app, then, priorities = rest[: -2 * count], rest[-2 * count : -count], rest[-count:]
            if group is not None:
                groups[group] = source
            for found, open_, priority in zip(edges, then, priorities, strict=True):
                if open_ is not None:
                    opening = Opening(Target(*app), level, priority, since, rank) if open_ else None
                    found.setdefault(source, []).append(Edge(target, since, opening))
    return tuple(Opened(groups, found) for found in edges)


def _any(alias: str, moments: Sequence[Moment]) -> str:
    return " OR ".join(moment.holds(alias) for moment in moments)


def _past(moments: Sequence[Moment]) -> datetime | None:
    return next((moment.at for moment in moments if not moment.live), None)
