"""What the stories of a move need from the read model: units left and joined, managers, addresses."""

from datetime import datetime

from django.db import connection

from orgmodel.models import Move, Person
from orgmodel.queries.diff import Diff

from .tales import REMOVES_ITSELF, Case


def case_of(move: Move, changed: Diff, base_url: str) -> Case:
    """The case of a move as one reader may see it."""
    was, now, former = _units(move)
    flip = next((each for each in changed.attributes if each.attribute not in {"title", "status"}), None)
    if not was and not now and flip:
        was, now = flip.before or "", flip.after or ""
    at = min((each.at for each in changed.attributes), default=move.opened)
    return Case(
        diff=changed,
        when=at.date(),
        was=was,
        now=now or (changed.person.units[0].name if changed.person.units else ""),
        link=f"{base_url}/moves/{move.pk}/",
        former_groups=former,
        by_hand=_manual({each.app.native_id for each in changed.lost}),
    )


def managers_of(move: Move) -> tuple[Person | None, Person | None]:
    """The manager before the move and the one now; without one, the lead of the unit left or joined."""
    before = _manager_at(move.person_id, move.opened) or _lead(move, "ended")
    now = Person.objects.filter(reports=move.person_id).first() or _lead(move, "began")
    usable = [
        person if person and person.pk != move.person_id and person.status != "ended" else None
        for person in (before, now)
    ]
    return usable[0], usable[1]


def _manager_at(person: int, at: datetime) -> Person | None:
    """The manager just before the moment."""
    return (
        Person.objects.filter(report_lines__person=person, report_lines__began__lt=at)
        .exclude(report_lines__ended__lt=at)
        .order_by("-report_lines__began")
        .first()
    )


def _lead(move: Move, verb: str) -> Person | None:
    return (
        Person.objects.filter(
            leads__changes__move=move, leads__changes__kind="assignment", leads__changes__verb=verb
        )
        .order_by("pk")
        .first()
    )


def _units(move: Move) -> tuple[str, str, frozenset[str]]:
    """Names of the unit left and the one joined, and native ids of the groups of the unit left."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.verb, u.id, u.name, u.kind FROM orgmodel_change c
            JOIN orgmodel_orgunit u ON u.id = c.unit_id
            WHERE c.move_id = %s AND c.kind = 'assignment' ORDER BY (u.kind = 'team') DESC, c.at, c.id""",
            [move.pk],
        )
        rows = cursor.fetchall()
        # One kind of unit is told of: the team where it changed, else the first other kind that did.
        rows = [row for row in rows if row[3] == rows[0][3]]
        ended = [row for row in rows if row[0] == "ended"]
        began = [row for row in rows if row[0] == "began"]
        cursor.execute(
            """
            SELECT r.native_id FROM orgmodel_unitlink l JOIN orgmodel_resource r ON r.id = l.group_id
            WHERE l.unit_id = ANY(%s)""",
            [[row[1] for row in ended[:1]]],
        )
        former = frozenset(row[0] for row in cursor.fetchall())
    # In a burst the first unit left and the last one joined count.
    return ended[0][2] if ended else "", began[-1][2] if began else "", former


def _manual(apps: set[str]) -> frozenset[str]:
    """Of these apps, those in which Okta closes no account."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT native_id FROM orgmodel_resource WHERE native_id = ANY(%s) AND NOT features ?| %s",
            [sorted(apps), sorted(REMOVES_ITSELF)],
        )
        return frozenset(row[0] for row in cursor.fetchall())
