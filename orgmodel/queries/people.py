"""Finding people, and who they are at a moment: name, title, units, manager."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from .moments import Moment
from .nearest import nearest
from .rows import json_value


class NotFound(LookupError):
    """Nothing by that name; `near` holds the nearest names."""

    def __init__(self, what: str, text: str, near: Sequence[str] = ()) -> None:
        hint = f" Nearest: {', '.join(near)}." if near else ""
        super().__init__(f"No {what} is known as {text[:80]!r}.{hint}")
        self.near = tuple(near)


@dataclass(frozen=True)
class UnitRef:
    """A unit as it is named in lists. `address` stands in URLs."""

    pk: int
    native_id: str
    kind: str
    name: str
    slug: str
    address: str

    def as_json(self) -> dict[str, Any]:
        return {"id": self.native_id, "kind": self.kind, "name": self.name, "slug": self.slug}


@dataclass(frozen=True)
class PersonRef:
    """A person as named in lists. `key` stands in URLs."""

    pk: int
    key: str
    name: str
    email: str
    status: str
    title: str
    worker_type: str = ""
    units: tuple[UnitRef, ...] = ()
    manager_key: str = ""
    manager_name: str = ""
    manager_email: str = ""

    @property
    def usable(self) -> bool:
        """False for somebody who has left."""
        return self.status != "ended"

    def as_json(self) -> dict[str, Any]:
        return {
            "email": self.email,
            "name": self.name,
            "status": self.status,
            "title": self.title,
            "units": [unit.as_json() for unit in self.units],
            "manager": self.manager_email or None,
        }


def find_person(text: str) -> int:
    """The id of the person with this key, native id, e-mail, login or exact name. Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOKUP, {"text": text.strip()})
        row = cursor.fetchone()
        if row and row[1] == 1:
            return int(row[0])
        cursor.execute(
            "SELECT name, email, name || ' <' || email || '>' FROM orgmodel_person"
            " WHERE ended IS NULL ORDER BY id LIMIT 20000"
        )
        names = [(key, row[2]) for row in cursor.fetchall() for key in row[:2]]
    raise NotFound("person", text, nearest(text, names))


# The first kind of name that anybody goes by decides, and only when it means one person.
_LOOKUP = """
    SELECT (array_agg(DISTINCT id))[1], count(DISTINCT id) FROM (
        SELECT 1 AS rank, id FROM orgmodel_person WHERE key = %(text)s
        UNION ALL SELECT 2, person_id FROM orgmodel_account WHERE native_id = %(text)s
        UNION ALL SELECT 3, id FROM orgmodel_person WHERE lower(email) = lower(%(text)s)
        UNION ALL SELECT 4, person_id FROM orgmodel_account WHERE lower(email) = lower(%(text)s)
        UNION ALL SELECT 5, person_id FROM orgmodel_account WHERE lower(login) = lower(%(text)s)
        UNION ALL SELECT 6, id FROM orgmodel_person WHERE lower(name) = lower(%(text)s) AND ended IS NULL
    ) found WHERE id IS NOT NULL GROUP BY rank ORDER BY rank LIMIT 1"""


def people(ids: Iterable[int], moment: Moment) -> dict[int, PersonRef]:
    """The people with these ids as they are at the moment, by id; one query however many there are."""
    wanted = sorted(set(ids))
    return people_where("p.id = ANY(%(ids)s)", {"ids": wanted}, moment) if wanted else {}


def people_where(where: str, parameters: dict[str, Any], moment: Moment) -> dict[int, PersonRef]:
    """The people whom the condition (ours, over the alias p) finds, as they are at the moment, by id."""
    with connection.cursor() as cursor:
        cursor.execute(
            _PEOPLE.format(
                where=where,
                line=moment.holds("l"),
                title=_title(moment),
                status=moment.label("p", "person", "status"),
                assigned=moment.holds("s"),
            ),
            {**parameters, "at": moment.at},
        )
        rows = cursor.fetchall()
    return {
        row[0]: PersonRef(
            pk=row[0],
            key=row[1],
            name=row[2],
            email=row[3],
            status=row[4],
            title=row[5] or "",
            worker_type=row[6],
            units=tuple(UnitRef(*unit) for unit in json_value(row[10]) or ()),
            manager_key=row[7] or "",
            manager_name=row[8] or "",
            manager_email=row[9] or "",
        )
        for row in rows
    }


def person(key: int, moment: Moment) -> PersonRef:
    """One person at the moment."""
    return people([key], moment)[key]


def _title(moment: Moment) -> str:
    if moment.live:
        return "p.title"
    return f"""(
        SELECT t.value #>> '{{}}' FROM orgmodel_attribute t JOIN orgmodel_account a ON a.id = t.account_id
        WHERE a.person_id = p.id AND t.name = 'title' AND {moment.holds("t")}
        ORDER BY (a.source = 'hris') DESC LIMIT 1)"""


_PEOPLE = """
    SELECT p.id, p.key, p.name, p.email, {status}, {title}, p.worker_type, m.key, m.name, m.email, (
        SELECT json_agg(json_build_array(u.id, u.native_id, u.kind, u.name, u.slug, u.address)
                        ORDER BY (u.kind = 'team') DESC, u.kind, u.name)
        FROM orgmodel_assignment s JOIN orgmodel_orgunit u ON u.id = s.unit_id
        WHERE s.person_id = p.id AND {assigned})
    FROM orgmodel_person p
    LEFT JOIN orgmodel_managerline l ON l.person_id = p.id AND {line}
    LEFT JOIN orgmodel_person m ON m.id = l.manager_id
    WHERE {where}"""
