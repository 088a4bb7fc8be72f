"""What changed recently for the reader, in their own words: moves and apps, not groups."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from orgmodel.queries.access.edge_walk import onwards_from
from orgmodel.queries.moments import Moment
from orgmodel.queries.page_ref import PageRef
from orgmodel.queries.rows import json_value
from orgmodel.queries.visibility import Viewer
from orgmodel.why.causes import Cause
from orgmodel.why.days import late
from orgmodel.why.moved import headline
from orgmodel.why.voice import YOU, Voice

from .by_day import Entry

READ = 80
"""Changes that are looked at; a move takes a handful."""
SHOWN = 8
RECENT = timedelta(days=30)
NAMED = 5
"""Apps of one line that are named."""
WHOLE = {"mover": "moved", "joiner": "joined", "back": "joined", "leaver": "left"}
"""Cases that are told as one line, with the mark of the line."""
COUNTED = (
    ("gained", "new"),
    ("raised", "raised"),
    ("lowered", "lowered"),
    ("relevelled", "at another level"),
    ("lost", "gone"),
)
"""What of a move is counted, and how."""


@dataclass(frozen=True)
class RecentMove:
    """The reader’s newest move, as it was told: apps by name, those of another level with it."""

    sentence: str
    at: datetime
    page: PageRef
    gained: tuple[str, ...] = ()
    raised: tuple[str, ...] = ()
    lowered: tuple[str, ...] = ()
    relevelled: tuple[str, ...] = ()
    """At a level of which it cannot be said whether it is more or less."""
    lost: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def counts(self) -> str:
        """How much of each, in a few words."""
        return ", ".join(
            f"{len(getattr(self, name))} {word}" for name, word in COUNTED if getattr(self, name)
        )


@dataclass(frozen=True)
class Lately:
    """What changed, newest first, and the newest move where it is recent."""

    entries: tuple[Entry, ...]
    move: RecentMove | None


@dataclass(frozen=True)
class _Row:
    key: int
    at: datetime
    seen: datetime
    kind: str
    verb: str
    what: str
    attribute: str
    cause: Cause
    move: int | None
    case: str
    summary: dict[str, Any]
    apps: tuple[tuple[int, str], ...]
    """Apps, by id and name, that the grant led to then, the app itself among them."""


@dataclass
class _Line:
    key: int
    mark: str
    rows: list[_Row] = field(default_factory=list)
    apps: dict[int, str] = field(default_factory=dict)

    @property
    def dated(self) -> _Row | None:
        """Of a unit that was joined, or a new manager: where the record itself says since when."""
        began = [row for row in self.rows if row.kind in {"assignment", "manager"} and row.verb != "ended"]
        began.sort(key=lambda row: row.kind)
        return began[0] if began and began[0].at != began[0].seen else None

    @property
    def at(self) -> datetime:
        return (self.dated or self.rows[0]).at

    @property
    def seen(self) -> datetime:
        return self.rows[0].seen


def lately(own: int, has: Mapping[int, str], moment: Moment, viewer: Viewer) -> Lately:
    """The newest changes of the reader up to the moment, newest first; one query.

    `has`: ids and names of the apps they have then, since who loses one of two ways to an app has not lost
    the app, and what was kept after a move may be gone since.
    """
    voice = Voice(own=True, spoken=viewer.spoken)
    lines: dict[object, _Line] = {}
    gone: set[int] = set()
    for row in _rows(own, moment, viewer.about(own)):
        if row.case in WHOLE:
            _line(lines, ("move", row.move), row, WHOLE[row.case])
        elif row.kind == "grant":
            news = {pk: name for pk, name in row.apps if row.verb == "began" or pk not in gone | {*has}}
            gone |= {pk for pk, _ in row.apps} if row.verb == "ended" else set()
            if news:
                mark = "gained" if row.verb == "began" else "lost"
                same = (row.at.date(), mark, row.cause.sentence(voice))
                _line(lines, same, row, mark).apps.update(news)
        elif row.verb == "began":
            _line(lines, row.key, row, "changed")
    moves = [line for line in lines.values() if line.rows[0].case in WHOLE and line.rows[0].summary]
    recent = [_move_of(line) for line in moves if moment.at - line.seen <= RECENT][:1]
    still = {*has.values()}
    newest = [replace(move, kept=tuple(name for name in move.kept if name in still)) for move in recent]
    return Lately(tuple(_entries(lines.values(), voice))[:SHOWN], newest[0] if newest else None)


def _line(lines: dict[object, _Line], key: object, row: _Row, mark: str) -> _Line:
    line = lines.setdefault(key, _Line(row.key, mark))
    line.rows.append(row)
    return line


def _entries(lines: Collection[_Line], voice: Voice) -> Iterator[Entry]:
    for line in lines:
        first = line.rows[0]
        if first.case in WHOLE:
            move = _move_of(line)
            counts = f" {move.counts[0].upper()}{move.counts[1:]}." if move.counts else ""
            yield _entry(line, f"{move.sentence}.{counts}", move.page)
        elif line.apps:
            names = listed(sorted(line.apps.values(), key=str.casefold))
            sentence = f"You were given {names}." if line.mark == "gained" else f"You no longer have {names}."
            yield _entry(line, sentence, None, first.cause if first.cause.known else None, voice)
        elif first.kind == "manager":
            yield _entry(line, f"You report to {first.what}.")
        elif first.kind == "assignment":
            yield _entry(line, f"Your {first.attribute.replace('_', ' ')} is {first.what}.")


def _move_of(line: _Line) -> RecentMove:
    first = line.rows[0]
    apps = {key: tuple(first.summary.get(key, ())) for key in (*dict(COUNTED), "kept")}
    return RecentMove(_of_case(line), line.at, PageRef("move", str(first.move)), **apps)


def _of_case(line: _Line) -> str:
    """A case in its first words: where the reader came from and where they are now."""
    summary = line.rows[0].summary
    units = [row for row in line.rows if row.kind == "assignment"]
    units.sort(key=lambda row: (row.attribute != "team", row.key))
    kind = units[0].attribute if units else ""
    came = next((row.what for row in reversed(units) if row.attribute == kind and row.verb == "began"), "")
    left = next((row.what for row in units if row.attribute == kind and row.verb == "ended"), "")
    came, left = summary.get("now", came), summary.get("was", left)
    return headline(line.rows[0].case, left, came, YOU)


def listed(names: Sequence[str]) -> str:
    """Names in a sentence; one left out would take as much room as its name."""
    shown = names if len(names) <= NAMED + 1 else names[:NAMED]
    more = len(names) - len(shown)
    words = [*shown, f"{more} more apps"] if more else [*shown]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _entry(
    line: _Line, sentence: str, page: PageRef | None = None, cause: Cause | None = None, voice: Voice = YOU
) -> Entry:
    seen = line.seen if line.dated and late(line.seen.date(), line.at.date()) else None
    return Entry(line.at, line.mark, "", None, sentence, cause, page, line.key, "", voice, seen)


# What the granted entitlement led to when the grant began or ended.
_LED_TO = onwards_from(
    "SELECT g.entitlement_id FROM orgmodel_grant g WHERE c.kind = 'grant' AND g.id = c.fact",
    "e.began <= c.at AND (e.ended IS NULL OR e.ended >= c.at)",
    within="NOT t.resource_id = ANY(%(hidden)s)",
)


def _rows(own: int, moment: Moment, reader: Viewer) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT c.id, coalesce(c.true_at, c.at), c.at, c.kind, c.verb, c.what, c.attribute, c.cause,
                   m.id, coalesce(m.kind, ''), coalesce(m.summary, '{{}}'), (
                SELECT jsonb_agg(DISTINCT jsonb_build_array(r.id, r.name))
                FROM orgmodel_resource r
                WHERE r.kind = 'app' AND NOT r.id = ANY(%(hidden)s) AND (r.id = c.app_id OR r.id IN (
                    SELECT n.resource_id FROM orgmodel_entitlement n WHERE n.id IN ({_LED_TO}))))
            FROM orgmodel_change c LEFT JOIN orgmodel_move m ON m.id = c.move_id
            WHERE c.person_id = %(own)s AND NOT c.baseline
              AND c.kind IN ('grant', 'assignment', 'manager', 'person')
              AND (%(until)s::timestamptz IS NULL OR c.at <= %(until)s)
              AND NOT coalesce(c.resource_id = ANY(%(hidden)s), false)
            ORDER BY c.id DESC LIMIT %(read)s""",
            {
                "own": own,
                "until": None if moment.live else moment.at,
                "hidden": sorted(reader.hidden),
                "read": READ,
            },
        )
        return [_row(row, reader) for row in cursor.fetchall()]


def _row(row: Sequence[Any], reader: Viewer) -> _Row:
    key, at, seen, kind, verb, what, attribute, cause, move, case, summary, apps = row
    shown = Cause.read(reader.secrets.cause(json_value(cause) or {}), verb)
    found = tuple((pk, name) for pk, name in json_value(apps) or ())
    return _Row(key, at, seen, kind, verb, what, attribute, shown, move, case, json_value(summary), found)
