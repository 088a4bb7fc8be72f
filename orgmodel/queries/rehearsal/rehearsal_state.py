"""What a rehearsal rests on: who is in which group by which rules, and what groups open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db import connection

from orgmodel.queries.access.routes import COLUMNS, Target, usable
from orgmodel.queries.moments import Moment
from orgmodel.queries.rules.rulebook import Book

Groups = Mapping[str, tuple[str, ...]]
"""Group → the rules that put somebody there; none for a membership by hand."""


@dataclass(frozen=True)
class Opening:
    """A group opens an app at a level."""

    app: Target
    level: str
    priority: int


Opened = Mapping[str, tuple[Opening, ...]]
"""Group → what it opens."""


@dataclass
class Held:
    """What one person holds: groups, and apps that are assigned directly (by id)."""

    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    direct: set[int] = field(default_factory=set)


def apps_through(groups: Iterable[str], direct: set[int], opens: Opened) -> dict[int, tuple[str, Opening]]:
    """App → the group and the opening whose level wins; what is assigned directly is not among them."""
    found: dict[int, tuple[str, Opening]] = {}
    for group in sorted(groups):
        for opening in opens.get(group, ()):
            if opening.app.pk in direct:
                continue
            there = found.get(opening.app.pk)
            if there is None or opening.priority < there[1].priority:
                found[opening.app.pk] = (group, opening)
    return dict(sorted(found.items(), key=lambda each: by_name(each[1][1].app)))


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


def held(who: Sequence[int], *moments: Moment) -> tuple[dict[int, Held], ...]:
    """What these people hold at each moment, in their order; at most one may lie in the past. One query.

    An account that is deactivated stays in its groups, but they open nothing for it: it holds nothing here.
    """
    found = tuple({person: Held() for person in who} for _ in moments)
    status = [moment.labels("r", "resource", "status") for moment in moments]
    there = (
        f"{moment.holds('g')} AND {usable(moment)} AND (r.kind <> 'app' OR {was} <> 'INACTIVE')"
        for moment, (_, was) in zip(moments, status, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT a.person_id, r.kind, r.id, r.native_id, g.rules, {", ".join(there)}
            FROM orgmodel_grant g
            JOIN orgmodel_account a ON a.id = g.account_id AND a.source = 'okta'
            JOIN orgmodel_entitlement e ON e.id = g.entitlement_id
            JOIN orgmodel_resource r ON r.id = e.resource_id
            {" ".join(joined for joined, _ in status)}
            WHERE ({_any("g", moments)}) AND a.person_id = ANY(%(who)s)""",
            {"who": list(who), "at": _past(moments)},
        )
        for person, kind, resource, native, rules, *then in cursor.fetchall():
            for holds in (people[person] for people, there in zip(found, then, strict=True) if there):
                if kind == "group":
                    holds.groups[native] = tuple(rules)
                else:
                    holds.direct.add(resource)
    return found


def openings(*moments: Moment) -> tuple[Opened, ...]:
    """Group → the apps it opens, at each moment; at most one may lie in the past. One query."""
    found: tuple[dict[str, list[Opening]], ...] = tuple({} for _ in moments)
    status = [moment.labels("r", "resource", "status") for moment in moments]
    there = (
        f"{moment.holds('x')} AND {was} <> 'INACTIVE'"
        for moment, (_, was) in zip(moments, status, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT s.native_id, t.level, {COLUMNS}, {", ".join(there)},
                   {", ".join(moment.priority("x") for moment in moments)}
            FROM orgmodel_edge x
            JOIN orgmodel_entitlement m ON m.id = x.source_id JOIN orgmodel_resource s ON s.id = m.resource_id
            JOIN orgmodel_entitlement t ON t.id = x.target_id JOIN orgmodel_resource r ON r.id = t.resource_id
            {" ".join(joined for joined, _ in status)}
            WHERE ({_any("x", moments)}) AND r.kind = 'app'""",
            {"at": _past(moments)},
        )
        count = len(moments)
        for group, level, *rest in cursor.fetchall():
            target, then, priorities = rest[: -2 * count], rest[-2 * count : -count], rest[-count:]
            for opened, there, priority in zip(found, then, priorities, strict=True):
                if there:
                    opened.setdefault(group, []).append(Opening(Target(*target), level, priority))
    return tuple({group: tuple(opened) for group, opened in each.items()} for each in found)


def _any(alias: str, moments: Sequence[Moment]) -> str:
    return " OR ".join(moment.holds(alias) for moment in moments)


def _past(moments: Sequence[Moment]) -> datetime | None:
    return next((moment.at for moment in moments if not moment.live), None)
