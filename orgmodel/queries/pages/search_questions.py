"""Questions typed into the search box: why can I use Figma, who has Figma, what does Cucumber have."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db import connection

from orgmodel.queries.page_ref import PageRef
from orgmodel.queries.people import told_apart
from orgmodel.queries.visibility import Viewer

MOST = 3
"""Readings of one name that are offered; together at most as many questions as other hits of a kind."""

_VERB = r"(?:not\s+)?(?:use|have|has|had|see|get|got|access|open|reach|in)"
_CAN = r"(?:can|can[’']t|cannot|do|don[’']t|does|doesn[’']t|did|didn[’']t|is|isn[’']t|am|has|have)"
_PATTERNS = (
    ("why", rf"why\s+{_CAN}\s+(?P<person>.+?)\s+{_VERB}\s+(?P<thing>.+)"),
    ("who", r"who\s+(?:has|have|uses|can\s+use|can\s+see|can\s+access|is\s+in|gets)\s+(?P<thing>.+)"),
    ("what", r"what\s+(?:do|does|can|did)\s+(?P<holder>.+?)\s+(?:have|has|use|see|get|access)"),
)
_QUESTIONS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS)
_MYSELF = frozenset({"i", "me", "myself"})
_MY_TEAM = frozenset({"we", "my team", "our team"})


@dataclass(frozen=True)
class SearchQuestion:
    """A question as it was understood: a sentence and the page that answers it."""

    sentence: str
    page: PageRef
    hint: str


def questions(text: str, viewer: Viewer) -> tuple[SearchQuestion, ...]:
    """What the text may ask, the likeliest reading first; at most three queries."""
    for kind, pattern in _QUESTIONS:
        if match := pattern.fullmatch(text.strip(" ?")):
            return tuple(_READERS[kind](match, viewer))[: MOST * 2]
    return ()


@dataclass(frozen=True)
class _Named:
    """Something that a name may mean."""

    name: str
    page: PageRef
    hint: str
    myself: bool = False
    namesake: bool = False
    """Another of the same name may be meant; the hint tells them apart."""


def _why(match: re.Match[str], viewer: Viewer) -> Iterator[SearchQuestion]:
    people = _people(match["person"], viewer)
    # Nobody is kept from what they hold themselves.
    asks = viewer.about(viewer.person) if all(person.myself for person in people) else viewer
    for person, thing in product(people, _things(match["thing"], asks)):
        who = "do I" if person.myself else f"does {person.name}"
        sentence = f"Why {who} have {thing.name}, or why not?"
        hints = [some.hint for some in (person, thing) if some.namesake]
        hint = " · ".join(hints) or person.hint or thing.hint
        yield SearchQuestion(sentence, PageRef("why", person.page.key, thing.page.key), hint)


def _who(match: re.Match[str], viewer: Viewer) -> Iterator[SearchQuestion]:
    for thing in _things(match["thing"], viewer):
        yield SearchQuestion(f"Who has {thing.name}?", thing.page, thing.hint)


def _what(match: re.Match[str], viewer: Viewer) -> Iterator[SearchQuestion]:
    holder = _plain(match["holder"])
    if holder in _MYSELF:
        yield SearchQuestion("What do I have?", PageRef("home"), "")
        return
    for unit in _units(holder, viewer):
        yield SearchQuestion(f"What does {unit.name} have?", unit.page, unit.hint)
    for person in [] if holder in _MY_TEAM else _people(holder, viewer):
        yield SearchQuestion(f"What does {person.name} have?", person.page, person.hint)


_READERS = {"why": _why, "who": _who, "what": _what}
# Somebody goes by the whole name, by its first or last word, or by the beginning of one.
_FITS = "(lower({0}) = %(text)s OR strpos(' ' || lower({0}), ' ' || %(text)s) > 0)"
_BEST = (
    "lower({0}) = %(text)s DESC,"
    " strpos(' ' || lower({0}) || ' ', ' ' || %(text)s || ' ') > 0 DESC, lower({0})"
)


def _plain(text: str) -> str:
    return text.strip().strip("“”\"'").lower()


def _people(text: str, viewer: Viewer) -> list[_Named]:
    plain = _plain(text)
    if plain in _MYSELF:
        return [_Named(viewer.name, PageRef("person", viewer.key), "", myself=True)] if viewer.key else []
    rows = _rows(
        f"""
        SELECT name, key, coalesce(nullif(title, ''), email), id FROM orgmodel_person
        WHERE ended IS NULL AND ({_FITS.format("name")} OR lower(email) = %(text)s)
        ORDER BY status = 'ended', {_BEST.format("name")}, id LIMIT %(most)s""",
        plain,
    )
    apart = namesakes([(pk, name) for name, _, _, pk in rows])
    return [
        _Named(name, PageRef("person", key), apart.get(pk, hint), namesake=pk in apart)
        for name, key, hint, pk in rows
    ]


def _units(text: str, viewer: Viewer) -> list[_Named]:
    mine = text in _MY_TEAM
    belongs = """EXISTS (SELECT FROM orgmodel_assignment s
        WHERE s.unit_id = u.id AND s.person_id = %(person)s AND s.ended IS NULL)"""
    rows = _rows(
        f"""
        SELECT name, address, replace(kind, '_', ' ') FROM orgmodel_orgunit u
        WHERE ended IS NULL AND {belongs if mine else f"({_FITS.format('name')} OR slug = %(text)s)"}
        ORDER BY {"kind = 'team' DESC, name" if mine else _BEST.format("name")}, id
        LIMIT {1 if mine else "%(most)s"}""",
        text.removeprefix("team ").removeprefix("the "),
        person=viewer.person,
    )
    return [_Named(name, PageRef("unit", address), hint) for name, address, hint in rows]


def _things(text: str, viewer: Viewer) -> list[_Named]:
    rows = _rows(
        f"""
        SELECT name, kind, key, native_id FROM orgmodel_resource
        WHERE ended IS NULL AND NOT id = ANY(%(hidden)s) AND kind IN ('app', 'group')
          AND ({_FITS.format("name")} OR lower(native_id) = %(text)s)
        ORDER BY lower(name) = %(text)s DESC, kind = 'app' DESC, {_BEST.format("name")}, id LIMIT %(most)s""",
        _plain(text).removeprefix("the "),
        hidden=sorted(viewer.hidden),
    )
    names = [row[0] for row in rows]
    return [
        _Named(
            name,
            PageRef("app" if kind == "app" else "group", key),
            f"{kind} · {native}" if names.count(name) > 1 else kind,
            namesake=names.count(name) > 1,
        )
        for name, kind, key, native in rows
    ]


def namesakes(people: Sequence[tuple[int, str]]) -> dict[int, str]:
    """Id and name → of those who share a name: team, title and address; one query where there are any."""
    names = [name for _, name in people]
    alike = [pk for pk, name in people if names.count(name) > 1]
    return {pk: hint for pk, (_, hint) in told_apart(alike).items()} if alike else {}


def _rows(sql: str, text: str, **more: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"text": text, "most": MOST, **more})
        return list(cursor.fetchall())
