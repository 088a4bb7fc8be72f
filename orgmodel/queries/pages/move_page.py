"""One move as a story, and the list of moves."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection

from orgmodel.queries.history.diff import Diff, diff
from orgmodel.queries.history.hearing import hears
from orgmodel.queries.history.leaving import Leaving, leaving
from orgmodel.queries.moments import Moment, just_before, now
from orgmodel.queries.people import NotFound, PersonRef, asking_people
from orgmodel.queries.together import rows, together
from orgmodel.queries.visibility import Viewer

from .lists import ListRequest, Page


@dataclass(frozen=True)
class MoveRow:
    """A move in a list."""

    pk: int
    person: PersonRef
    kind: str
    state: str
    opened: datetime
    settles_at: datetime
    settled: datetime | None
    was: str = ""
    """The unit left and the one joined by name, once the case is told."""
    now: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "move": self.pk,
            "person": self.person.email,
            "kind": self.kind,
            "state": self.state,
            "opened": self.opened.isoformat(),
            "settled": self.settled.isoformat() if self.settled else None,
        }


@dataclass(frozen=True)
class MoveStory:
    """A move with what changed for the person since just before it, up to when it settled, or now."""

    row: MoveRow
    changed: Diff
    left: Leaving | None = None
    """Of somebody who left: what is removed, and what people must still do. Always as it is now."""


def list_moves(criteria: ListRequest, *, kind: str = "") -> Page:
    """Moves whose person's name or e-mail holds the text, newest first; `status` is the move's state."""
    where = """(%(kind)s = '' OR m.kind = %(kind)s) AND (%(state)s = '' OR m.state = %(state)s)
        AND (%(text)s = '' OR strpos(lower(concat_ws(' ', p.name, p.email)), lower(%(text)s)) > 0)"""
    parameters = {"kind": kind, "state": criteria.status, "text": criteria.text, **criteria.slice}
    found, total = _rows(where, parameters)
    return Page(found, total, criteria.number)


def move_story(pk: int, viewer: Viewer, contact: str = "") -> MoveStory:
    """One move. Raises NotFound, and PermissionDenied for those whom it does not concern.

    A move begins with the first change that the viewer may know; without one there is none. `contact`: who
    hears of it where nobody else is left to.
    """
    found, _ = _rows("m.id = %(move)s", {"move": pk, "most": 1, "first": 0})
    opened = _opened(found[0], viewer) if found else None
    if opened is None:
        raise NotFound("move", str(pk))
    row = replace(found[0], opened=opened)
    if not _concerns(row, viewer, contact):
        raise PermissionDenied(
            "A move is told to the person, to the managers before and after, and to those who run Sightline."
        )
    gone = row.kind == "leaver" and row.person.status == "ended"
    until = Moment(row.settled, live=False) if row.settled and not gone else now()
    known = row.person if until.live else None
    changed = diff(row.person.pk, just_before(row.opened), until, viewer, known=known)
    return MoveStory(row, changed, leaving(changed, viewer) if gone else None)


def _opened(row: MoveRow, viewer: Viewer) -> datetime | None:
    """When the move began, as far as the viewer may know; one query where anything is hidden."""
    hidden = viewer.hidden_about(row.person.pk)
    if not hidden:
        return row.opened
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT min(c.at) FROM orgmodel_change c WHERE c.move_id = %(move)s
              AND NOT coalesce(c.resource_id = ANY(%(hidden)s), false)
              AND NOT coalesce(c.app_id = ANY(%(hidden)s), false)""",
            {"move": row.pk, "hidden": sorted(hidden)},
        )
        first: datetime | None = cursor.fetchone()[0]
        return first and max(first, row.opened)


def _concerns(row: MoveRow, viewer: Viewer, contact: str) -> bool:
    """The person, admins and auditors, the managers just before, during and after it, and who hears of it."""
    if viewer.admin or viewer.auditor or viewer.person == row.person.pk:
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (SELECT FROM orgmodel_managerline l
                WHERE l.person_id = %(person)s AND l.manager_id = %(viewer)s
                  AND l.began <= %(until)s AND (l.ended IS NULL OR l.ended >= %(opened)s))""",
            {
                "person": row.person.pk,
                "viewer": viewer.person,
                "opened": row.opened,
                "until": row.settled or now().at,
            },
        )
        if cursor.fetchone()[0]:
            return True
    after = Moment(row.settled, live=False) if row.settled else now()
    return hears(viewer.person or 0, row.person.pk, just_before(row.opened), after, contact=contact)


def _rows(where: str, parameters: dict[str, Any]) -> tuple[tuple[MoveRow, ...], int]:
    statement = f"""
        SELECT m.id, m.person_id, m.kind, m.state, m.opened, m.settles_at, m.settled,
               coalesce(m.summary ->> 'was', ''), coalesce(m.summary ->> 'now', ''), count(*) OVER ()
        FROM orgmodel_move m JOIN orgmodel_person p ON p.id = m.person_id
        WHERE {where} ORDER BY m.opened DESC, m.id DESC LIMIT %(most)s OFFSET %(first)s"""
    movers = f"p.id IN (SELECT x.person_id FROM ({statement}) x)"
    found, refs = together(rows(statement, parameters), asking_people(movers, parameters, now()))
    return tuple(MoveRow(row[0], refs[row[1]], *row[2:9]) for row in found), found[0][9] if found else 0
