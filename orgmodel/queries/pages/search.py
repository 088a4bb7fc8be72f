"""Finding anything by a few letters: people, units, apps, groups, and questions such as why."""

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection

from orgmodel.queries.access.counts import recounted, shown
from orgmodel.queries.page_ref import Kind, PageRef
from orgmodel.queries.visibility import Viewer

from .former_names import FORMER
from .search_questions import namesakes, questions

SHOWN = 6
LISTED: tuple[tuple[Kind, str], ...] = (("app", "Apps"), ("group", "Groups"))


@dataclass(frozen=True)
class Hit:
    """One result: where it leads and how it is shown."""

    page: PageRef
    kind: str
    name: str
    hint: str


@dataclass(frozen=True)
class Hits:
    """Results of one kind."""

    label: str
    items: tuple[Hit, ...]


@dataclass(frozen=True)
class Found:
    """All results of one text."""

    groups: tuple[Hits, ...]

    def as_json(self) -> list[dict[str, Any]]:
        return [
            {
                "label": group.label,
                "items": [{"name": hit.name, "kind": hit.kind, "hint": hit.hint} for hit in group.items],
            }
            for group in self.groups
        ]


def search(text: str, viewer: Viewer) -> tuple[Hits, ...]:
    """What fits the text, best first within each kind; at most five queries."""
    query = text.strip()
    if not query:
        return ()
    groups = [
        Hits("Questions", tuple(Hit(q.page, "verb", q.sentence, q.hint) for q in questions(query, viewer))),
        Hits("People", _people(query)),
        Hits("Teams", _units(query)),
        *_resources(query, viewer),
    ]
    return tuple(group for group in groups if group.items)


SHORTEST_ID = 6
"""Letters of the beginning of an id; fewer are by chance in the ids of many."""
_RANK = (
    "(lower({0}) = lower(%(text)s)) DESC, (strpos(lower({0}), lower(%(text)s)) = 1) DESC,"
    " (lower({0}) ~ %(word)s) DESC, lower({0})"
)
"""SQL: what is called so first, then what begins so, then what has a word that begins so."""


def _parameters(text: str) -> dict[str, Any]:
    word = f"(^|[^[:alnum:]]){re.escape(text.lower())}"
    return {"text": text, "word": word, "most": SHOWN}


def _people(text: str) -> tuple[Hit, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT key, name, title, id FROM orgmodel_person p
            WHERE ended IS NULL AND status <> 'ended'
              AND strpos(lower(name || ' ' || email), lower(%(text)s)) > 0
            ORDER BY {_RANK.format("name")} LIMIT %(most)s""",
            _parameters(text),
        )
        rows = cursor.fetchall()
    apart = namesakes([(pk, name) for _, name, _, pk in rows])
    return tuple(
        Hit(PageRef("person", key), "person", name, apart.get(pk, title)) for key, name, title, pk in rows
    )


def _units(text: str) -> tuple[Hit, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT address, name, kind, former FROM (
                SELECT u.address, u.name, u.kind, coalesce(f.name, u.name) AS found, f.name AS former
                FROM orgmodel_orgunit u LEFT JOIN LATERAL (
                    SELECT z.name FROM ({FORMER}) z
                    WHERE strpos(lower(u.name || ' ' || u.slug), lower(%(text)s)) = 0
                      AND strpos(lower(z.name), lower(%(text)s)) > 0
                    ORDER BY z.ended DESC LIMIT 1) f ON true
                WHERE u.ended IS NULL
                  AND (f.name IS NOT NULL OR strpos(lower(u.name || ' ' || u.slug), lower(%(text)s)) > 0)
            ) units ORDER BY {_RANK.format("found")}, former IS NOT NULL LIMIT %(most)s""",
            _parameters(text),
        )
        return tuple(
            Hit(
                PageRef("unit", address),
                "team",
                name,
                kind.replace("_", " ") + (f" · formerly {former}" if former else ""),
            )
            for address, name, kind, former in cursor.fetchall()
        )


def _resources(text: str, viewer: Viewer) -> list[Hits]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE {recounted(viewer)}
            SELECT kind, key, name, held, native_id FROM (
                SELECT r.kind, r.key, r.name, r.native_id, {shown("r", "holders")} AS held,
                       row_number() OVER (PARTITION BY kind ORDER BY {_RANK.format("name")}) AS place
                FROM orgmodel_resource r LEFT JOIN counted n ON n.id = r.id
                WHERE ended IS NULL AND NOT r.id = ANY(%(hidden)s)
                  AND (strpos(lower(name), lower(%(text)s)) > 0
                       OR (length(%(text)s) >= %(id)s AND strpos(lower(native_id), lower(%(text)s)) = 1))
            ) found WHERE place <= %(most)s ORDER BY kind, place""",
            _parameters(text) | {"id": SHORTEST_ID, "hidden": sorted(viewer.hidden)},
        )
        rows = cursor.fetchall()
    names = [(row[0], row[2]) for row in rows]
    return [
        Hits(
            label,
            tuple(
                Hit(
                    PageRef(kind, key),
                    kind,
                    name,
                    f"{holders} {'person' if holders == 1 else 'people'}"
                    + (f" · {native}" if names.count((found, name)) > 1 else ""),
                )
                for found, key, name, holders, native in rows
                if found == kind
            ),
        )
        for kind, label in LISTED
    ]
