"""Lists of people, apps and groups: filtered, sorted and paged in the database."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from .moments import Moment
from .people import PersonRef, people
from .visibility import Viewer

PAGE = 50


@dataclass(frozen=True)
class Page:
    """One page of a list: rows, how many there are in all, and where we are."""

    rows: tuple[Any, ...]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class ResourceRow:
    """A group or an app in a list."""

    name: str
    native_id: str
    description: str
    type: str
    status: str
    holders: int
    opens: int

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "native_id": self.native_id,
            "type": self.type,
            "status": self.status,
            "people": self.holders,
            "opens": self.opens,
        }


PEOPLE_ORDER = {"name": "lower(p.name)", "title": "lower(p.title)", "status": "p.status"}
RESOURCE_ORDER = {"name": "lower(r.name)", "people": "r.holders", "opens": "r.opens"}


def list_people(
    moment: Moment,
    *,
    text: str = "",
    status: str = "",
    unit: int | None = None,
    sort: str = "name",
    page: int = 1,
    everything: bool = False,
) -> Page:
    """People known at the moment whose name, e-mail or title holds the text."""
    where = """
        WHERE p.began <= %(at)s AND (%(status)s = '' OR p.status = %(status)s)
          AND (%(status)s <> '' OR p.status <> 'ended')
          AND (%(text)s = '' OR strpos(lower(concat_ws(' ', p.name, p.email, p.title)), lower(%(text)s)) > 0)"""
    if unit is not None:
        where += f""" AND EXISTS (SELECT FROM orgmodel_assignment s
            WHERE s.person_id = p.id AND s.unit_id = %(unit)s AND {moment.holds("s")})"""
    parameters = {"at": moment.at, "status": status, "text": text, "unit": unit, **_slice(page, everything)}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.id, count(*) OVER () FROM orgmodel_person p {where}"
            f" ORDER BY {_order(sort, PEOPLE_ORDER)}, p.id LIMIT %(most)s OFFSET %(first)s",
            parameters,
        )
        found = cursor.fetchall()
    refs: dict[int, PersonRef] = people([row[0] for row in found], moment)
    return Page(tuple(refs[row[0]] for row in found), found[0][1] if found else 0, page)


def list_resources(
    kind: str,
    viewer: Viewer,
    *,
    text: str = "",
    sort: str = "name",
    page: int = 1,
    everything: bool = False,
) -> Page:
    """Groups or apps whose name or description holds the text."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT r.name, r.native_id, r.description, r.type, r.status, r.holders, r.opens,
                   count(*) OVER ()
            FROM orgmodel_resource r
            WHERE r.kind = %(kind)s AND r.ended IS NULL AND NOT r.id = ANY(%(hidden)s)
              AND (%(text)s = '' OR strpos(lower(r.name || ' ' || r.description), lower(%(text)s)) > 0)
            ORDER BY {_order(sort, RESOURCE_ORDER)}, r.id LIMIT %(most)s OFFSET %(first)s""",
            {
                "kind": kind,
                "hidden": sorted(viewer.hidden),
                "text": text,
                **_slice(page, everything),
            },
        )
        rows = cursor.fetchall()
    return Page(tuple(ResourceRow(*row[:7]) for row in rows), rows[0][7] if rows else 0, page)


def _slice(page: int, everything: bool) -> dict[str, int]:
    return {"most": 1_000_000 if everything else PAGE, "first": 0 if everything else (page - 1) * PAGE}


def _order(sort: str, known: dict[str, str]) -> str:
    """Only our own columns ever reach the SQL."""
    column = known.get(sort.lstrip("-"), known["name"])
    return f"{column} DESC" if sort.startswith("-") else column
