"""Who hears of somebody: the manager, without one the lead; instead of who has left the next who is here."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parseaddr

from django.db import connection

from orgmodel.queries.moments import Moment


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to be told, by id; `instead`: the manager or lead by name who would be, had they not left."""

    person: int
    instead: str = ""


def recipient_for(person: int, moment: Moment, contact: str = "") -> Recipient | None:
    """Who is told of the person, going by the company as it was at the moment, of those who are here now.

    Instead of a manager who has left: the lead of a unit, the manager's manager and so on, the lead of a unit
    above. Last the person whose address the `contact` is.
    """
    with connection.cursor() as cursor:
        statement = _IN_TURN.format(*(moment.holds(alias) for alias in "lat"))
        cursor.execute(statement, {"person": person, "at": moment.at})
        rows = cursor.fetchall()
    # Of whoever never had a manager or a lead nobody above is told either.
    if not rows or not rows[0][0] or rows[0][1] == person:
        return None
    _, first, name, here = rows[0]
    if here:
        return Recipient(first)
    others = (Recipient(other, name) for _, other, _, there in rows if there and other != person)
    return next(others, None) or next(_behind(contact, person, name), None)


# The line of a manager whose record is gone ended with it: the last one counts.
_IN_TURN = """
    WITH RECURSIVE line (manager, up) AS (
        SELECT l.manager_id, 0 FROM orgmodel_managerline l WHERE l.person_id = %(person)s AND {0}
        UNION ALL
        SELECT n.manager_id, line.up + 1 FROM line CROSS JOIN LATERAL (
            SELECT l.manager_id FROM orgmodel_managerline l JOIN orgmodel_person p ON p.id = l.person_id
            WHERE l.person_id = line.manager AND l.began <= %(at)s AND ({0} OR l.ended >= p.ended)
            ORDER BY l.began DESC, l.id DESC LIMIT 1
        ) n WHERE line.up < 10
    ), place (unit, parent, other, up) AS (
        SELECT u.id, u.parent_id, u.kind <> 'team', 0
        FROM orgmodel_assignment a JOIN orgmodel_orgunit u ON u.id = a.unit_id
        WHERE a.person_id = %(person)s AND {1}
        UNION ALL
        SELECT u.id, u.parent_id, place.other, place.up + 1
        FROM place JOIN orgmodel_orgunit u ON u.id = place.parent WHERE place.up < 10
    ), found (turn, up, other, unit, person) AS (
        SELECT CASE up WHEN 0 THEN 0 ELSE 2 END, up, false, 0, manager FROM line
        UNION ALL
        SELECT CASE up WHEN 0 THEN 1 ELSE 3 END, up, other, unit, (t.value #>> '{{}}')::bigint
        FROM place JOIN orgmodel_attribute t ON t.unit_id = place.unit AND t.name = 'lead' AND {2}
    )
    SELECT found.turn < 2, p.id, p.name, p.status <> 'ended'
    FROM found JOIN orgmodel_person p ON p.id = found.person
    ORDER BY found.turn, found.up, found.other, found.unit"""


def _behind(contact: str, person: int, name: str) -> Iterator[Recipient]:
    """The one person who has the address of the contact."""
    address = parseaddr(contact)[1]
    if not address:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM orgmodel_person WHERE lower(email) = lower(%s) AND status <> 'ended' LIMIT 2",
            [address],
        )
        rows = cursor.fetchall()
    if len(rows) == 1 and rows[0][0] != person:
        yield Recipient(rows[0][0], name)


def hears(viewer: int, person: int, *moments: Moment, contact: str = "") -> bool:
    """Whether the viewer is who is told of the person, going by one of these moments."""
    found = (recipient_for(person, moment, contact) for moment in moments)
    return any(each and each.person == viewer for each in found)
