"""One move as a story, and the list of moves."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from .diff import Diff, diff
from .moments import Moment, just_before, now
from .people import NotFound, PersonRef, people
from .visibility import Viewer


@dataclass(frozen=True)
class MoveRow:
    """A move in a list."""

    pk: int
    person: PersonRef
    kind: str
    state: str
    opened: datetime
    settles_at: datetime


@dataclass(frozen=True)
class MoveStory:
    """A move with what changed for the person since just before it."""

    row: MoveRow
    changed: Diff


def list_moves(*, most: int = 100) -> tuple[MoveRow, ...]:
    """The newest moves; two queries."""
    return _rows("true", {"most": most})


def move_story(pk: int, viewer: Viewer) -> MoveStory:
    """One move, for those whom it concerns. Raises NotFound for others as well."""
    rows = _rows("m.id = %(move)s", {"move": pk, "most": 1})
    if not rows or not _concerns(rows[0], viewer):
        raise NotFound("move", str(pk))
    row = rows[0]
    until = now() if row.state == "open" else Moment(_settled(pk), live=False)
    return MoveStory(row, diff(row.person.pk, just_before(row.opened), until, viewer))


def _concerns(row: MoveRow, viewer: Viewer) -> bool:
    """The person, admins and auditors, and whoever is or was the manager round the move."""
    if viewer.admin or viewer.auditor or viewer.person == row.person.pk:
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (SELECT FROM orgmodel_managerline l
                WHERE l.person_id = %(person)s AND l.manager_id = %(viewer)s
                  AND (l.ended IS NULL OR l.ended >= %(opened)s))""",
            {"person": row.person.pk, "viewer": viewer.person, "opened": row.opened},
        )
        return bool(cursor.fetchone()[0])


def _settled(pk: int) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT settled FROM orgmodel_move WHERE id = %s", [pk])
        found: datetime = cursor.fetchone()[0]
        return found


def _rows(where: str, parameters: dict[str, int]) -> tuple[MoveRow, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT m.id, m.person_id, m.kind, m.state, m.opened, m.settles_at FROM orgmodel_move m"
            f" WHERE {where} ORDER BY m.opened DESC, m.id DESC LIMIT %(most)s",
            parameters,
        )
        found = cursor.fetchall()
    refs = people([row[1] for row in found], now())
    return tuple(MoveRow(row[0], refs[row[1]], *row[2:]) for row in found)
