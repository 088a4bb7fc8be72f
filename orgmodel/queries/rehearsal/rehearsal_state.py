"""What a rehearsal rests on: who is in which group by which rules, and what groups open."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db import connection

from orgmodel.facts import UNRANKED
from orgmodel.queries.access.routes import usable
from orgmodel.queries.access.target import COLUMNS, Target
from orgmodel.queries.moments import Moment
from orgmodel.queries.rules.rulebook import Book
from orgmodel.sources.roles import IS_DIRECTORY
from orgmodel.why.level_rules import Given, counting

Groups = Mapping[str, tuple[str, ...]]
"""Group → the rules that put somebody there; none for a membership by hand."""


@dataclass(frozen=True)
class Opening:
    """A group opens an app at a level."""

    app: Target
    level: str
    priority: int
    since: datetime


Opened = Mapping[str, tuple[Opening, ...]]
"""Group → what it opens."""


@dataclass
class Held:
    """What one person holds: groups, and apps that are assigned directly (by id)."""

    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    direct: set[int] = field(default_factory=set)
    began: dict[str, datetime] = field(default_factory=dict)
    """Group → since when."""
    listed: dict[int, str] = field(default_factory=dict)
    """App → the level by its own list, of those whose groups leave it open."""


Way = tuple[str, Opening]
"""A group, and its opening of an app."""


def apps_through(groups: Iterable[str], holds: Held, opens: Opened) -> dict[int, Way]:
    """App → the group and the opening whose level wins; what is assigned directly is not among them."""
    ways: dict[int, list[Way]] = {}
    for group in groups:
        for opening in opens.get(group, ()):
            if opening.app.pk not in holds.direct:
                ways.setdefault(opening.app.pk, []).append((group, opening))
    found = {app: own[0] if len(own) == 1 else _winning(own, holds) for app, own in ways.items()}
    return dict(sorted(found.items(), key=lambda each: by_name(each[1][1].app)))


def _winning(own: Sequence[Way], holds: Held) -> Way:
    """As `holdings.winning` has it: the best priority; where that leaves it open, the app’s own list; else
    the way that came first. What a reorganisation would bring comes last.
    """
    undecided = counting([Given(way.level, priority=way.priority) for _, way in own], "priority")

    def rank(at: int) -> tuple[object, ...]:
        group, opening = own[at]
        named = at in undecided and holds.listed.get(opening.app.pk) == opening.level
        began = holds.began.get(group)
        since = opening.since if began is None else max(began, opening.since)
        return not named, opening.priority, began is None, since, group

    return own[min(range(len(own)), key=rank)]


def left_open(opens: Opened) -> frozenset[int]:
    """Apps whose groups may leave it open which level counts."""
    levels: dict[int, dict[int, set[str]]] = {}
    for opening in (each for opened in opens.values() for each in opened):
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
    """What everybody's answer rests on. `names`: group → name."""

    book: Book
    names: Mapping[str, str]
    opens: Opened
    at: datetime

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
            SELECT a.person_id, r.kind, r.id, r.native_id, g.rules, coalesce(g.true_began, g.began),
                   {", ".join(there)}
            FROM orgmodel_grant g
            JOIN orgmodel_account a ON a.id = g.account_id AND a.source {IS_DIRECTORY}
            JOIN orgmodel_entitlement e ON e.id = g.entitlement_id
            JOIN orgmodel_resource r ON r.id = e.resource_id
            {" ".join(joined for joined, _ in status)}
            WHERE ({_any("g", moments)}) AND a.person_id = ANY(%(who)s)""",
            {"who": list(who), "at": _past(moments)},
        )
        for person, kind, resource, native, rules, began, *then in cursor.fetchall():
            for holds in (people[person] for people, there in zip(found, then, strict=True) if there):
                if kind == "group":
                    holds.groups[native] = tuple(rules)
                    holds.began[native] = began
                else:
                    holds.direct.add(resource)
    if undecided:
        _look_up_lists(found, sorted(undecided), moments)
    return found


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
    """Group → the apps it opens, at each moment; at most one may lie in the past. One query."""
    found: tuple[dict[str, list[Opening]], ...] = tuple({} for _ in moments)
    status = [moment.labels("r", "resource", "status") for moment in moments]
    there = (
        f"{moment.holds('x')} AND {was} <> 'inactive'"
        for moment, (_, was) in zip(moments, status, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT s.native_id, t.level, coalesce(x.true_began, x.began), {COLUMNS}, {", ".join(there)},
                   {", ".join(moment.priority("x") for moment in moments)}
            FROM orgmodel_edge x
            JOIN orgmodel_entitlement m ON m.id = x.source_id JOIN orgmodel_resource s ON s.id = m.resource_id
            JOIN orgmodel_entitlement t ON t.id = x.target_id JOIN orgmodel_resource r ON r.id = t.resource_id
            {" ".join(joined for joined, _ in status)}
            WHERE ({_any("x", moments)}) AND r.kind = 'app'""",
            {"at": _past(moments)},
        )
        count = len(moments)
        for group, level, since, *rest in cursor.fetchall():
            target, then, priorities = rest[: -2 * count], rest[-2 * count : -count], rest[-count:]
            for opened, there, priority in zip(found, then, priorities, strict=True):
                if there:
                    opened.setdefault(group, []).append(Opening(Target(*target), level, priority, since))
    return tuple({group: tuple(opened) for group, opened in each.items()} for each in found)


def _any(alias: str, moments: Sequence[Moment]) -> str:
    return " OR ".join(moment.holds(alias) for moment in moments)


def _past(moments: Sequence[Moment]) -> datetime | None:
    return next((moment.at for moment in moments if not moment.live), None)
