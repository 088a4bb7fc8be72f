"""Lists of people, apps and groups: filtered, sorted and paged in the database."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from orgmodel.queries.access.counts import recounted, shown
from orgmodel.queries.access.routes import usable
from orgmodel.queries.moments import Moment
from orgmodel.queries.people import PersonRef, people
from orgmodel.queries.rows import in_batches
from orgmodel.queries.visibility import Viewer
from orgmodel.sources.roles import IS_DIRECTORY

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
class ListRequest:
    """What of a list is wanted. `sort` may begin with "-"; `number`: the page, from 1."""

    text: str = ""
    sort: str = "name"
    status: str = ""
    number: int = 1
    everything: bool = False
    """All rows at once, for machines."""
    touched: tuple[datetime, datetime] | None = None
    """Of people: only those about whom anything changed after the first and up to the second moment."""

    @property
    def slice(self) -> dict[str, int]:
        """LIMIT and OFFSET."""
        if self.everything:
            return {"most": 1_000_000, "first": 0}
        return {"most": PAGE, "first": (self.number - 1) * PAGE}


@dataclass(frozen=True)
class ResourceRow:
    """A group or an app in a list."""

    name: str
    native_id: str
    key: str
    description: str
    type: str
    status: str
    holders: int
    opens: int
    everybody: bool = False
    """Whoever can sign in may use the app; they are the holders."""

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "native_id": self.native_id,
            "type": self.type,
            "status": self.status,
            "people": self.holders,
            "everybody": self.everybody,
            "opens": self.opens,
        }


PEOPLE_ORDER = {"name": "lower(p.name)", "title": "lower(p.title)", "status": "p.status"}
FOR_ALL = "(r.kind = 'app' AND coalesce(r.profile ->> 'implicit', '') = 'true')"
"""SQL: whoever can sign in may use the app r while it is active."""
RESOURCE_ORDER = {
    "name": "lower(r.name)",
    "people": f"CASE WHEN {FOR_ALL} AND r.status <> 'inactive' THEN 'infinity'"
    f" ELSE {shown('r', 'holders')}::float8 END",
    "opens": shown("r", "opens"),
}


def list_people(criteria: ListRequest, moment: Moment, *, unit: int | None = None) -> Page:
    """People known at the moment whose name, e-mail or title holds the text; of one unit when it is given."""
    found = _people(criteria, moment, unit)
    refs: dict[int, PersonRef] = people([row[0] for row in found], moment)
    if not found and criteria.number > 1:
        return list_people(replace(criteria, number=1), moment, unit=unit)
    return Page(tuple(refs[row[0]] for row in found), found[0][1] if found else 0, criteria.number)


def every_person(criteria: ListRequest, moment: Moment, *, unit: int | None = None) -> Iterator[PersonRef]:
    """The same people without pages, some at a time."""
    for some in in_batches(_people(criteria, moment, unit)):
        refs = people((row[0] for row in some), moment)
        yield from (refs[row[0]] for row in some)


def _people(criteria: ListRequest, moment: Moment, unit: int | None) -> list[tuple[int, int]]:
    """Ids in their order, each with how many fit in all; one query."""
    joined, status = moment.labels("p", "person", "status")
    where = f"""
        WHERE p.began <= %(at)s AND (p.ended IS NULL OR p.ended > %(at)s)
          AND (%(status)s = '' OR {status} = %(status)s) AND (%(status)s <> '' OR {status} <> 'ended')
          AND (%(text)s = ''
               OR strpos(lower(concat_ws(' ', p.name, p.email, p.title)), lower(%(text)s)) > 0)"""
    if unit is not None:
        where += f""" AND EXISTS (SELECT FROM orgmodel_assignment s
            WHERE s.person_id = p.id AND s.unit_id = %(unit)s AND {moment.holds("s")})"""
    if criteria.touched:
        where += """ AND (p.began > %(since)s OR EXISTS (SELECT FROM orgmodel_change c
            WHERE c.person_id = p.id AND c.at > %(since)s AND c.at <= %(until)s))"""
    since, until = criteria.touched or (None, None)
    parameters = {
        "since": since,
        "until": until,
        "at": moment.at,
        "status": criteria.status,
        "text": criteria.text,
        "unit": unit,
        **criteria.slice,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.id, count(*) OVER () FROM orgmodel_person p {joined} {where}"
            f" ORDER BY {_order(criteria.sort, PEOPLE_ORDER)}, p.id LIMIT %(most)s OFFSET %(first)s",
            parameters,
        )
        return list(cursor.fetchall())


def list_resources(kind: str, criteria: ListRequest, moment: Moment, viewer: Viewer) -> Page:
    """Groups or apps of the moment whose name or description holds the text.

    How many people hold one is kept for today only; at an earlier date it is counted for the rows shown.
    """
    order = _order(criteria.sort, RESOURCE_ORDER if moment.live else {"name": RESOURCE_ORDER["name"]})
    counting, holders, opened, joined = _KEPT if moment.live else _counts(kind, moment)
    everybody = _EVERYBODY.format(usable=usable(moment), directory=IS_DIRECTORY)
    called, name = moment.labels("r", "resource", "name")
    switched, state = moment.labels("r", "resource", "status")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE {recounted(viewer)}, f AS MATERIALIZED (SELECT * FROM (
                SELECT r.id, r.native_id, r.key, r.description, r.type, {shown("r", "holders")} AS holders,
                       {shown("r", "opens")} AS opens, {name} AS called,
                       {state} AS state, {FOR_ALL} AND {state} <> 'inactive' AS for_all,
                       count(*) OVER () AS total,
                       row_number() OVER (ORDER BY {order}, r.id) AS place
                FROM orgmodel_resource r LEFT JOIN counted n ON n.id = r.id {called} {switched}
                WHERE r.kind = %(kind)s AND NOT r.id = ANY(%(hidden)s)
                  AND r.began <= %(at)s AND (r.ended IS NULL OR r.ended > %(at)s)
                  AND (%(text)s = '' OR strpos(lower({name} || ' ' || r.description), lower(%(text)s)) > 0)
            ) listed WHERE place > %(first)s AND place <= %(first)s + %(most)s) {counting}
            SELECT f.total, f.called, f.native_id, f.key, f.description, f.type, f.state,
                   CASE WHEN f.for_all THEN ({everybody}) ELSE {holders} END,
                   {opened}, f.for_all
            FROM f {joined} ORDER BY f.place""",
            {
                "kind": kind,
                "hidden": sorted(viewer.hidden),
                "text": criteria.text,
                "at": moment.at,
                **criteria.slice,
            },
        )
        rows = cursor.fetchall()
    if not rows and criteria.number > 1:
        return list_resources(kind, replace(criteria, number=1), moment, viewer)
    return Page(tuple(ResourceRow(*row[1:]) for row in rows), rows[0][0] if rows else 0, criteria.number)


_EVERYBODY = """
    SELECT count(DISTINCT a.person_id) FROM orgmodel_account a
    WHERE a.source {directory} AND a.person_id IS NOT NULL AND {usable}"""


_KEPT = ("", "f.holders", "f.opens", "")
"""The numbers that are kept for today, as `_counts` gives them for another date."""


def _counts(kind: str, moment: Moment) -> tuple[str, str, str, str]:
    """SQL: who held each row of the list at a past moment, and apps it led to or groups that led to it."""
    walk, other = ("leads", "app") if kind == "group" else ("ways", "group")
    counting = f""", present AS MATERIALIZED (
        SELECT a.id, {moment.owner("a")} AS person_id FROM orgmodel_account a
        WHERE {moment.holds("a") if kind == "group" else usable(moment)}
    ), ways (id, held) AS (
        SELECT f.id, t.id FROM f JOIN orgmodel_entitlement t ON t.resource_id = f.id
        UNION SELECT w.id, e.source_id FROM ways w
        JOIN orgmodel_edge e ON e.target_id = w.held AND {moment.holds("e")}
        JOIN orgmodel_entitlement s ON s.id = e.source_id AND NOT s.resource_id = ANY(%(hidden)s)
    ), leads (id, held) AS (
        SELECT f.id, t.id FROM f JOIN orgmodel_entitlement t ON t.resource_id = f.id
        UNION SELECT w.id, e.target_id FROM leads w
        JOIN orgmodel_edge e ON e.source_id = w.held AND {moment.holds("e")}
        JOIN orgmodel_entitlement t ON t.id = e.target_id AND NOT t.resource_id = ANY(%(hidden)s)
    ), held AS (
        SELECT w.id, count(DISTINCT a.person_id) AS people FROM ways w
        JOIN orgmodel_grant g ON g.entitlement_id = w.held AND {moment.holds("g")}
         AND g.entitlement_id = ANY(ARRAY(SELECT held FROM ways))
        JOIN present a ON a.id = g.account_id GROUP BY 1
    ), opened AS (
        SELECT w.id, count(DISTINCT r.id) AS things FROM {walk} w
        JOIN orgmodel_entitlement t ON t.id = w.held
        JOIN orgmodel_resource r ON r.id = t.resource_id AND r.kind = '{other}' GROUP BY 1)"""
    joined = "LEFT JOIN held h ON h.id = f.id LEFT JOIN opened o ON o.id = f.id"
    return counting, "coalesce(h.people, 0)", "coalesce(o.things, 0)", joined


def _order(sort: str, known: dict[str, str]) -> str:
    """Only our own columns ever reach the SQL."""
    column = known.get(sort.lstrip("-"), known["name"])
    return f"{column} DESC" if sort.startswith("-") else column
