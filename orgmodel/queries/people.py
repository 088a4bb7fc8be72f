"""Finding people, and who they are at a moment: name, title, units, manager."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from orgmodel.models import Person
from orgmodel.queries.together import Lasting, Question, ask, rows
from orgmodel.sources.roles import IS_HR

from .moments import Moment, now
from .nearest import nearest, typed
from .quoting import quoted
from .rows import json_value

MOST = 20
"""Candidates that are listed of a name that fits many."""


class NotFound(LookupError):
    """Nothing by that name; `text` is what was named, `near` holds the nearest names."""

    def __init__(self, what: str, text: str, near: Sequence[str] = ()) -> None:
        hint = f" Nearest: {', '.join(near)}." if near else ""
        super().__init__(f"No {what} is known as {quoted(text)}.{hint}")
        self.text = text
        self.near = tuple(near)


@dataclass(frozen=True)
class Candidate:
    """Somebody or something that a name may mean. `key` means it alone; `hint` tells it from the others."""

    kind: str
    """person, app, group, or the kind of a unit."""
    key: str
    name: str
    hint: str
    email: str = ""
    """Of a person."""

    def as_json(self) -> dict[str, str]:
        return {"kind": self.kind, "key": self.key, "name": self.name, "hint": self.hint}


class Ambiguous(NotFound):
    """Several are known by that name; `candidates` are what it may mean."""

    def __init__(self, what: str, text: str, found: Sequence[Candidate]) -> None:
        super().__init__(what, text)
        self.candidates = tuple(found[:MOST])
        self.sentence = f"{quoted(text)} is the name of more than one {what}."
        more = len(found) - len(self.candidates)
        if more:
            self.sentence += f" The first {MOST} of {len(found)} are named."

    def __str__(self) -> str:
        listed = "".join(f"\n  {one.key}  {one.name} ({one.hint})" for one in self.candidates)
        return f"{self.sentence} Name one of them by what stands first:{listed}"

    def as_json(self) -> dict[str, Any]:
        return {"error": self.sentence, "candidates": [one.as_json() for one in self.candidates]}


@dataclass(frozen=True)
class UnitRef:
    """A unit as it is named in lists. `address` is used in URLs."""

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
    """A person as named in lists. `key` is used in URLs."""

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


def find_person(text: str, moment: Moment | None = None) -> int:
    """The id of the person with this key, native id, e-mail, login or exact name.

    Of somebody who is one with another today: who they are at the moment, apart before that was known.

    Where several fit, the one who is here goes before those who have left, and of one address the holder of
    the login. Raises NotFound, and Ambiguous with the candidates.
    """
    name = typed(text)
    past = None if moment is None or moment.live else moment.at
    sql = Lasting(_LOOKUP.format(owner=(moment or now()).owner("a")))
    known = ask(rows(sql, {"text": name, "at": past}))
    if not known:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, email, name || ' <' || email || '>' FROM orgmodel_person"
                " WHERE ended IS NULL ORDER BY id LIMIT 20000"
            )
            names = [(key, row[2]) for row in cursor.fetchall() for key in row[:2]]
            raise NotFound("person", text, nearest(text, names))
    present = [person for person, is_here, _ in known if is_here]
    best = present or [person for person, _, _ in known]
    named_so = [person for person, _, by_login in known if by_login and person in best]
    chosen = named_so if len(best) > 1 and len(named_so) == 1 else best
    if len(chosen) == 1:
        return int(chosen[0])
    raise Ambiguous("person", text, candidates(chosen))


def key_by_account(native_id: str) -> str:
    """The key of the one person with an account of this native id; empty where there are none or several."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(p.key) FROM orgmodel_account a JOIN orgmodel_person p ON p.id = a.person_id"
            " WHERE a.native_id = %s HAVING count(DISTINCT p.id) = 1",
            [native_id],
        )
        found = cursor.fetchone()
    return str(found[0]) if found else ""


def candidates(ids: Iterable[int]) -> list[Candidate]:
    """People with what tells them apart: team, title, address, and whether they have left.

    Where that is the same, also how they sign in.
    """
    found = told_apart(ids)
    return [
        Candidate("person", found[pk][0].key, found[pk][0].name, found[pk][1], found[pk][0].email)
        for pk in sorted(found)
    ]


def told_apart(ids: Iterable[int]) -> "dict[int, tuple[PersonRef, str]]":
    """The people by id, each with what tells them apart."""
    found = people(ids, now())
    hints = {pk: _hint(ref) for pk, ref in found.items()}
    alike = [pk for pk, hint in hints.items() if [*hints.values()].count(hint) > 1]
    if alike:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT person_id, string_agg(DISTINCT login, ', ') FROM orgmodel_account"
                " WHERE person_id = ANY(%s) AND ended IS NULL AND login <> '' GROUP BY 1",
                [alike],
            )
            hints |= {pk: f"{hints[pk]} · signs in as {logins}" for pk, logins in cursor.fetchall()}
    return {pk: (ref, hints[pk]) for pk, ref in found.items()}


def _hint(ref: "PersonRef") -> str:
    left = "" if ref.status == "active" else ref.status
    parts = (", ".join(unit.name for unit in ref.units), ref.title, ref.email, left)
    return " · ".join(part for part in parts if part)


# An id decides alone. Of addresses the first kind by which anybody goes who is here, then of names.
_LOOKUP = """
    WITH found AS (
        SELECT 1 AS rank, CASE WHEN ended > %(at)s THEN id ELSE coalesce(merged_into_id, id) END AS id
        FROM orgmodel_person WHERE key = %(text)s
        UNION SELECT 2, {owner} FROM orgmodel_account a WHERE native_id = %(text)s
        UNION SELECT 3, id FROM orgmodel_person WHERE lower(email) = lower(%(text)s)
        UNION SELECT 4, {owner} FROM orgmodel_account a WHERE lower(email) = lower(%(text)s)
        UNION SELECT 5, {owner} FROM orgmodel_account a WHERE lower(login) = lower(%(text)s)
        UNION SELECT 6, id FROM orgmodel_person WHERE lower(name) = lower(%(text)s)
    ), known AS (
        SELECT f.rank, f.id, p.ended IS NULL AND p.status <> 'ended' AS here, EXISTS (
                   SELECT FROM orgmodel_account a WHERE a.person_id = p.id AND a.ended IS NULL
                   AND lower(a.login) = lower(%(text)s)) AS by_login
        FROM found f JOIN orgmodel_person p ON p.id = f.id
        WHERE p.ended IS NULL OR p.ended > %(at)s
           OR EXISTS (SELECT FROM orgmodel_account a WHERE a.person_id = p.id)
    ), best AS (
        SELECT rank FROM known
        ORDER BY rank > 2, NOT here, rank LIMIT 1
    )
    SELECT id, here, by_login FROM known WHERE rank = (SELECT rank FROM best) ORDER BY id"""


def people(ids: Iterable[int], moment: Moment) -> dict[int, PersonRef]:
    """The people with these ids as they are at the moment, by id; one query however many there are."""
    distinct = sorted(set(ids))
    return people_where("p.id = ANY(%(ids)s)", {"ids": distinct}, moment) if distinct else {}


def people_where(where: str, parameters: dict[str, Any], moment: Moment) -> dict[int, PersonRef]:
    """The people whom the condition (ours, over the alias p) finds, as they are at the moment, by id."""
    return ask(asking_people(where, parameters, moment))


def asking_people(where: str, parameters: dict[str, Any], moment: Moment) -> Question[dict[int, PersonRef]]:
    """The same as a question."""
    sql = _PEOPLE.format(
        where=where,
        line=moment.holds("l"),
        title=_title(moment),
        status=moment.label("p", "person", "status"),
        assigned=moment.holds("s"),
    )
    found = yield Lasting(sql), {**parameters, "at": moment.at}
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
        for row in found
    }


def person(key: int, moment: Moment) -> PersonRef:
    """One person at the moment."""
    return ask(asking_person(key, moment))


def asking_person(key: int, moment: Moment) -> Question[PersonRef]:
    """The same as a question."""
    found = yield from asking_people("p.id = %(id)s", {"id": key}, moment)
    return found[key]


def _title(moment: Moment) -> str:
    if moment.live:
        return "p.title"
    return f"""(
        SELECT t.value #>> '{{}}' FROM orgmodel_attribute t JOIN orgmodel_account a ON a.id = t.account_id
        WHERE {moment.owned("a", "ARRAY[p.id]")} AND t.name = 'title' AND {moment.holds("t")}
        ORDER BY (a.source {IS_HR}) DESC LIMIT 1)"""


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


def any_person() -> bool:
    """Whether anybody was ever synced; one query."""
    return Person.objects.exists()
