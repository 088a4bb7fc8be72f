"""The feed: changes as sentences, memberships told by the apps they open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from orgmodel.queries.visibility import Viewer
from orgmodel.why.levels import direction, instead, named

from .by_day import Entry, Filter, history

BATCH = 500
NAMED = 3
"""Apps that one sentence names; the rest is counted."""
DIRECT = -1
"""The priority of a direct assignment: it wins over every group."""


@dataclass(frozen=True)
class Opened:
    """An app that came or went with a membership.

    `otherwise`: the level that the person's other paths give (before what began, after what ended), None
    without one. `wins`: this path decides the level against them.
    """

    app: str
    native_id: str
    key: str
    level: str
    otherwise: str | None
    wins: bool
    group: str
    """By name: whose member somebody became, or no longer is."""

    @property
    def counts(self) -> bool:
        """Whether the membership made a difference for the app."""
        return self.otherwise is None or (self.wins and self.otherwise != self.level)

    def levels(self, kind: str) -> tuple[str, str]:
        """The level before and the one after, of an app held on both sides. `kind`: gained or lost."""
        other = self.otherwise or ""
        return (other, self.level) if kind == "gained" else (self.level, other)

    def words(self, kind: str) -> str:
        """The app with what is worth saying of its level. `kind`: gained or lost."""
        if self.otherwise is not None:
            return f"{self.app}: {instead(*self.levels(kind))}"
        return f"{self.app} ({self.level})" if named(self.level) else self.app


@dataclass(frozen=True)
class FeedEntry(Entry):
    """One change of the feed; `apps` is what the group of a membership opened at that moment."""

    apps: tuple[Opened, ...] = ()

    def as_json(self) -> dict[str, Any]:
        apps = [
            {"app": o.app, "native_id": o.native_id, "level": o.level, "counts": o.counts} for o in self.apps
        ]
        return {**super().as_json(), "apps": apps}


def feed(criteria: Filter, viewer: Viewer, *, most: int, own: bool = True) -> tuple[FeedEntry, ...]:
    """The newest changes that fit; two queries however many there are. `own`: the viewer is called "You"."""
    entries = history(criteria, viewer, most=most, own=own)
    opened = _opened([each.key for each in entries if each.kind in {"gained", "lost"}], criteria, viewer)
    return tuple(_feed_entry(each, opened.get(each.key, ())) for each in entries)


def whole_feed(criteria: Filter, viewer: Viewer) -> Iterator[FeedEntry]:
    """Everything that fits, newest first, batch by batch, with everybody by name."""
    while batch := feed(criteria, viewer, most=BATCH, own=False):
        yield from batch
        criteria = replace(criteria, before=batch[-1].key)


def _feed_entry(entry: Entry, apps: tuple[Opened, ...]) -> FeedEntry:
    line = FeedEntry(**vars(entry), apps=apps)
    if not apps:
        return line
    counting = [each for each in apps if each.counts]
    if len(counting) == 1 and entry.why_page:
        line = replace(line, why_page=replace(entry.why_page, about=counting[0].key))
    return replace(line, kind=_mark(entry.kind, counting), sentence=_sentence(entry, apps, counting))


def _mark(kind: str, counting: Sequence[Opened]) -> str:
    """A membership that only changed levels raised them or lowered them; otherwise it stays what it was."""
    if not counting or any(each.otherwise is None for each in counting):
        return kind
    ways = {direction(*each.levels(kind)) for each in counting}
    return ways.pop().replace("other", "changed") if len(ways) == 1 else "changed"


def _sentence(entry: Entry, apps: Sequence[Opened], counting: Sequence[Opened]) -> str:
    """What a membership made of the apps that it opens."""
    group, joined = apps[0].group, entry.kind == "gained"
    inside = f"{entry.voice.form('is', 'are')} {'now' if joined else 'no longer'} in {group}"
    if not counting:
        still = "already had" if joined else f"still {entry.voice.form('has', 'have')}"
        return f"{inside}, and {still} {listed([each.app for each in apps])} another way."
    new = [each.words(entry.kind) for each in counting if each.otherwise is None]
    levels = "; ".join(each.words(entry.kind) for each in counting if each.otherwise is not None)
    if not new:
        return f"{inside}. {levels}."
    way = "through" if joined else "with"
    return f"{entry.kind} {listed(new)} {way} {group}.{f' {levels}.' if levels else ''}"


def listed(words: Sequence[str]) -> str:
    """The first three names, the rest as a number: "Figma, Miro and 2 more"."""
    more = len(words) - NAMED
    shown = [*words[:NAMED], *([f"{more} more"] if more > 0 else [])]
    return " and ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)


def _opened(keys: list[int], criteria: Filter, viewer: Viewer) -> dict[int, tuple[Opened, ...]]:
    """Change of a membership → the apps that the group opened then, by name."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_OPENED, {"keys": keys, "hidden": sorted(viewer.hidden_about(criteria.person))})
        found: dict[int, list[Opened]] = {}
        for key, *app in cursor.fetchall():
            found.setdefault(key, []).append(Opened(*app))
        return {key: tuple(apps) for key, apps in found.items()}


# For what began, the other side is the moment just before; for what ended, the moment itself.
_OTHER_SIDE = """CASE c.verb
    WHEN 'began' THEN {0}.began < c.at AND ({0}.ended IS NULL OR {0}.ended >= c.at)
    ELSE {0}.began <= c.at AND ({0}.ended IS NULL OR {0}.ended > c.at) END"""
_THIS_SIDE = """CASE c.verb
    WHEN 'began' THEN {0}.began <= c.at AND ({0}.ended IS NULL OR {0}.ended > c.at)
    ELSE {0}.began < c.at AND ({0}.ended IS NULL OR {0}.ended >= c.at) END"""
# A value as it stood on a side is what the next change says was before it.
_THEN = """coalesce((
    SELECT {value} FROM orgmodel_change z
    WHERE z.kind = '{kind}' AND z.fact = {fact} AND z.verb = 'changed'
      AND (z.at > c.at OR (z.at = c.at AND c.verb = '{before}'))
    ORDER BY z.at, z.id LIMIT 1), {now})"""


def _priority(edge: str, before: str) -> str:
    """SQL: the priority of an edge on a side, which lies before the changes of the verb `before`."""
    value = "(z.before #>> '{}')::int"
    return _THEN.format(value=value, kind="edge", fact=f"{edge}.id", before=before, now=f"{edge}.priority")


_STATUS = _THEN.format(
    value="z.before ->> 'status'", kind="resource", fact="a.id", before="ended", now="a.status"
)
_OPENED = f"""
    SELECT DISTINCT ON (c.id, lower(a.name), a.id)
           c.id, a.name, a.native_id, a.key, t.level, other.level,
           coalesce({_priority("e", "ended")} < other.priority, false), c.what
    FROM orgmodel_change c
    JOIN orgmodel_grant g ON g.id = c.fact
    JOIN orgmodel_edge e ON e.source_id = g.entitlement_id AND {_THIS_SIDE.format("e")}
    JOIN orgmodel_entitlement t ON t.id = e.target_id
    JOIN orgmodel_resource a ON a.id = t.resource_id AND a.kind = 'app'
    LEFT JOIN LATERAL (
        SELECT ot.level, CASE WHEN ot.id = o.entitlement_id THEN {DIRECT}
                              ELSE {_priority("oe", "began")} END AS priority
        FROM orgmodel_account x
        JOIN orgmodel_grant o ON o.account_id = x.id AND {_OTHER_SIDE.format("o")}
        LEFT JOIN orgmodel_edge oe ON oe.source_id = o.entitlement_id AND {_OTHER_SIDE.format("oe")}
        JOIN orgmodel_entitlement ot ON ot.id IN (o.entitlement_id, oe.target_id)
        JOIN orgmodel_entitlement os ON os.id = o.entitlement_id AND NOT os.resource_id = ANY(%(hidden)s)
        WHERE x.person_id = c.person_id AND ot.resource_id = a.id ORDER BY 2, 1 LIMIT 1
    ) other ON true
    WHERE c.id = ANY(%(keys)s) AND c.kind = 'grant' AND c.verb IN ('began', 'ended')
      AND NOT a.id = ANY(%(hidden)s) AND {_STATUS} <> 'inactive'
    ORDER BY c.id, lower(a.name), a.id, {_priority("e", "ended")}"""
