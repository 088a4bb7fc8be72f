"""What a rehearsal rests on: who is in which group by which rules, and what groups open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from .routes import COLUMNS, Target
from .rulebook import Book

Groups = Mapping[str, tuple[str, ...]]
"""Group → the rules that put somebody there; none for a membership by hand."""


@dataclass(frozen=True)
class Opening:
    """A group opens an app at a level."""

    app: Target
    level: str
    priority: int


@dataclass
class Held:
    """What one person holds: groups, and apps that are assigned directly (by id)."""

    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    direct: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Ground:
    """What everybody's answer rests on. `names`: group → name."""

    book: Book
    names: Mapping[str, str]
    opens: Mapping[str, tuple[Opening, ...]]
    """Group → what it opens."""
    at: datetime


def held(who: Sequence[int]) -> dict[int, Held]:
    """What these people hold, in their order; one query."""
    found = {person: Held() for person in who}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.person_id, r.kind, r.id, r.native_id, g.rules FROM orgmodel_grant g
            JOIN orgmodel_account a ON a.id = g.account_id AND a.source = 'okta'
            JOIN orgmodel_entitlement e ON e.id = g.entitlement_id
            JOIN orgmodel_resource r ON r.id = e.resource_id
            WHERE g.ended IS NULL AND a.person_id = ANY(%s)""",
            [list(who)],
        )
        for person, kind, resource, native, rules in cursor.fetchall():
            if kind == "group":
                found[person].groups[native] = tuple(rules)
            else:
                found[person].direct.add(resource)
    return found


def openings() -> dict[str, tuple[Opening, ...]]:
    """Group → the apps it opens, as they are now; one query."""
    found: dict[str, list[Opening]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT s.native_id, t.level, x.priority, {COLUMNS} FROM orgmodel_edge x
            JOIN orgmodel_entitlement m ON m.id = x.source_id JOIN orgmodel_resource s ON s.id = m.resource_id
            JOIN orgmodel_entitlement t ON t.id = x.target_id JOIN orgmodel_resource r ON r.id = t.resource_id
            WHERE x.ended IS NULL AND r.kind = 'app' AND r.status <> 'INACTIVE'"""
        )
        for group, level, priority, *target in cursor.fetchall():
            found.setdefault(group, []).append(Opening(Target(*target), level, priority))
    return {group: tuple(opened) for group, opened in found.items()}
