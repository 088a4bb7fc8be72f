"""Since when somebody has what they have, at this level and at any: from the whole history of the paths.

A way may end while another begins, a group may come to open another level: the access goes on, and so does
the day on which it began.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from orgmodel.queries.moments import Moment
from orgmodel.queries.rows import json_value
from orgmodel.queries.together import Lasting, Question, ask
from orgmodel.sources.roles import IS_DIRECTORY
from orgmodel.sources.state_words import ENDED_VALUES
from orgmodel.why.level_rules import Combine, Given, counting, together

from .routes import LONGEST

NEVER_YET = datetime.min.replace(tzinfo=UTC)
Key = tuple[int, int]
"""A person, and a group or app."""


@dataclass(frozen=True)
class Began:
    """When something began. `before`: that is when Sightline first read; it had begun earlier."""

    at: datetime
    before: bool = False


@dataclass(frozen=True)
class Stretch:
    """A way was open from `began` until `ended`, as Sightline saw it; `since` is the true beginning."""

    began: datetime
    ended: datetime | None
    level: str
    direct: bool
    since: Began
    priority: int = 0
    """Now; `earlier`: until when it was another one, and which, oldest first."""
    earlier: tuple[tuple[datetime, int], ...] = ()
    combine: Combine = "priority"
    """Which of several levels of the thing counts."""
    height: int | None = None
    """The rank of the level on the scale of its source."""

    def open_at(self, at: datetime) -> bool:
        """It was open at a moment."""
        return self.began <= at and (self.ended is None or self.ended > at)

    def given(self, at: datetime) -> Given:
        """The level as it is held against others at a moment."""
        then = next((was for until, was in self.earlier if until > at), self.priority)
        return Given(self.level, self.height, self.direct, then)


@dataclass(frozen=True)
class Beginnings:
    """By person and resource: every way there ever was."""

    stretches: Mapping[Key, tuple[Stretch, ...]]

    def of(self, person: int, resource: int, level: str, at: datetime) -> tuple[Began, Began] | None:
        """Since when at this level, and since when at any; None where nothing was open at the moment."""
        return spans(self.stretches.get((person, resource), ()), level, at)


NEVER = Beginnings({})
"""The past was not looked up."""


def spans(stretches: Collection[Stretch], level: str, at: datetime) -> tuple[Began, Began] | None:
    """Backwards from the moment: how far the level goes without a gap, and how far the access does."""
    at_level: Began | None = None
    ever: Began | None = None
    held = True
    for start in _starts(stretches, at):
        open_stretches = [each for each in stretches if each.open_at(start)]
        if not open_stretches:
            break
        held = held and level in _levels(open_stretches, start)
        at_level = _began(open_stretches, start, level) if held else at_level
        ever = _began(open_stretches, start, "")
    return (at_level, ever) if at_level and ever else None


def turns(stretches: Collection[Stretch], at: datetime) -> tuple[tuple[datetime, str, str], ...]:
    """Every change of the level up to the moment, oldest first: when, before and after; empty: no access."""
    found, before = [], ""
    for start in reversed(_starts(stretches, at)):
        open_stretches = [each for each in stretches if each.open_at(start)]
        after = _level(open_stretches, start) if open_stretches else ""
        if after != before:
            found.append((start, before, after))
        before = after
    return tuple(found)


def _starts(stretches: Iterable[Stretch], at: datetime) -> list[datetime]:
    """Every moment up to this one at which anything changed, latest first."""
    moments: set[datetime] = set()
    for each in stretches:
        moments.add(each.began)
        moments.update(until for until, _ in each.earlier)
        moments.update([each.ended] if each.ended else [])
    return sorted((moment for moment in moments if moment <= at), reverse=True)


def _levels(stretches: Sequence[Stretch], at: datetime) -> set[str]:
    """The levels that may be the one that somebody has; several that count at once are one."""
    ways = [each.given(at) for each in stretches]
    count = [ways[place] for place in counting(ways, stretches[0].combine)]
    return {way.level for way in count} if stretches[0].combine == "priority" else {together(count)}


def _level(stretches: Sequence[Stretch], at: datetime) -> str:
    """The level that somebody has, as far as the order of the ways says it; else that of the first."""
    if stretches[0].combine != "priority":
        return _levels(stretches, at).pop()

    def place(each: Stretch) -> tuple[object, ...]:
        given = each.given(at)
        return not given.direct, given.priority if not given.direct else 0, each.since.at, each.level

    return min(stretches, key=place).level


def _began(stretches: Sequence[Stretch], start: datetime, level: str) -> Began:
    """How it began at this start: by a way that opened then, else by what changed about one."""
    parts = {*level.split(", ")} if stretches[0].combine != "priority" else {level}
    opened = [each.since for each in stretches if each.began == start and (not level or each.level in parts)]
    return min(opened, key=lambda began: (began.at, began.before)) if opened else Began(start)


def beginnings(
    people: Iterable[int], moment: Moment, hidden: Collection[int] = (), *, resource: int | None = None
) -> Beginnings:
    """Every way of these people, to everything or to one group or app, up to the moment; one query."""
    return ask(asking_beginnings(people, moment, hidden, resource=resource))


def asking_beginnings(
    people: Iterable[int], moment: Moment, hidden: Collection[int] = (), *, resource: int | None = None
) -> Question[Beginnings]:
    """The same as a question."""
    parameters = {
        "people": sorted(set(people)),
        "at": moment.at,
        "hidden": sorted(hidden),
        "resource": resource,
    }
    owned = moment.owned("a", "%(people)s")
    # Most ways of most people lead elsewhere, which is known beforehand.
    part = _ANYWHERE if resource is None else _THERE
    rows = yield Lasting(_EVER.format(owner=moment.owner("a"), owned=owned, **part)), parameters
    found: dict[Key, list[Stretch]] = {}
    for person, resource_, *rest in rows:
        found.setdefault((person, resource_), []).extend(_stretches(*rest))
    return Beginnings({key: tuple(each) for key, each in found.items()})


def _stretches(
    level: str,
    direct: bool,
    began: datetime,
    ended: datetime | None,
    since: datetime,
    before: bool,
    shut: Any,
    priority: int,
    earlier: Any,
    combine: Combine,
    height: int | None,
) -> Iterator[Stretch]:
    """A way, in as many stretches as it was cut into: `shut`, while the account or the app opened nothing."""
    changes = tuple((datetime.fromisoformat(until), was) for until, was in json_value(earlier) or ())
    whole = Stretch(began, ended, level, direct, Began(since, before), priority, changes, combine, height)
    closed = [(_read(start) or NEVER_YET, _read(end)) for start, end in json_value(shut) or ()]
    yield from _cut(whole, sorted(closed, key=lambda span: span[0]))


def _cut(whole: Stretch, closed: Iterable[tuple[datetime, datetime | None]]) -> Iterator[Stretch]:
    """What is left of a stretch outside the spans, which come in order."""
    for start, end in closed:
        if (end and end <= whole.began) or (whole.ended and start >= whole.ended):
            continue
        if start > whole.began:
            yield replace(whole, ended=start)
        if end is None or (whole.ended and end >= whole.ended):
            return
        whole = replace(whole, began=end, since=Began(end))
    yield whole


def _read(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None


_ANYWHERE = {"back": "", "granted": "", "next": "", "there": ""}
_THERE = {
    "back": """back (id) AS (
        SELECT id FROM orgmodel_entitlement WHERE resource_id = %(resource)s
        UNION SELECT e.source_id FROM back JOIN orgmodel_edge e ON e.target_id = back.id
    ), """,
    "granted": "AND g.entitlement_id IN (SELECT id FROM back)",
    "next": "AND e.target_id IN (SELECT id FROM back)",
    "there": "AND r.id = %(resource)s",
}
_EVER = f"""
    WITH RECURSIVE {{back}}first (at) AS (
        SELECT n.applied_at FROM orgmodel_run n
        WHERE n.source {IS_DIRECTORY} AND n.baseline ORDER BY n.id LIMIT 1
    ), way AS (
        SELECT {{owner}} AS person_id, a.id AS account, ARRAY[g.entitlement_id] AS path, NULL::bigint AS edge,
               g.began, g.ended, coalesce(g.true_began, g.began) AS since,
               g.true_began IS NULL AND g.began <= (SELECT at FROM first) AS before
        FROM orgmodel_account a JOIN orgmodel_grant g ON g.account_id = a.id AND g.began <= %(at)s
        JOIN orgmodel_entitlement t ON t.id = g.entitlement_id AND NOT t.resource_id = ANY(%(hidden)s)
        WHERE {{owned}} {{granted}}
        UNION ALL
        SELECT w.person_id, w.account, w.path || e.target_id, e.id,
               greatest(w.began, e.began), least(w.ended, e.ended),
               greatest(w.since, coalesce(e.true_began, e.began)),
               CASE WHEN coalesce(e.true_began, e.began) > w.since
                    THEN e.true_began IS NULL AND e.began <= (SELECT at FROM first) ELSE w.before END
        FROM way w JOIN orgmodel_edge e ON e.source_id = w.path[cardinality(w.path)] AND e.began <= %(at)s
         AND (w.ended IS NULL OR e.began < w.ended) AND (e.ended IS NULL OR e.ended > w.began)
        JOIN orgmodel_entitlement t ON t.id = e.target_id AND NOT t.resource_id = ANY(%(hidden)s)
        WHERE cardinality(w.path) <= {LONGEST} AND NOT e.target_id = ANY(w.path) {{next}}
    )
    SELECT w.person_id, r.id, t.level, w.edge IS NULL, w.began, w.ended, w.since, w.before,
           CASE WHEN r.kind = 'app' THEN (SELECT jsonb_agg(jsonb_build_array(x.began, x.ended)) FROM (
               SELECT s.began, s.ended FROM orgmodel_attribute s
               WHERE s.account_id = w.account AND s.name = 'status' AND s.value IN ({ENDED_VALUES})
               UNION ALL
               SELECT a.ended, NULL FROM orgmodel_account a WHERE a.id = w.account AND a.ended IS NOT NULL
               UNION ALL
               SELECT max(y.at), z.at FROM orgmodel_change z
               LEFT JOIN orgmodel_change y ON y.kind = 'resource' AND y.fact = z.fact AND y.verb = 'changed'
                AND y.at < z.at AND y.after ->> 'status' = 'inactive' AND y.before ->> 'status' <> 'inactive'
               WHERE z.kind = 'resource' AND z.fact = r.id AND z.verb = 'changed'
                 AND z.before ->> 'status' = 'inactive' AND z.after ->> 'status' <> 'inactive' GROUP BY z.at
               UNION ALL
               SELECT (SELECT max(y.at) FROM orgmodel_change y
                       WHERE y.kind = 'resource' AND y.fact = r.id AND y.verb = 'changed'
                         AND y.after ->> 'status' = 'inactive' AND y.before ->> 'status' <> 'inactive'), NULL
               WHERE r.status = 'inactive') x) END,
           coalesce(e.priority, 0), (
               SELECT jsonb_agg(jsonb_build_array(z.at, z.before) ORDER BY z.at, z.id) FROM orgmodel_change z
               WHERE z.kind = 'edge' AND z.fact = w.edge AND z.verb = 'changed'), r.combine, t.rank
    FROM way w JOIN orgmodel_entitlement t ON t.id = w.path[cardinality(w.path)]
    JOIN orgmodel_resource r ON r.id = t.resource_id {{there}}
    LEFT JOIN orgmodel_edge e ON e.id = w.edge"""
