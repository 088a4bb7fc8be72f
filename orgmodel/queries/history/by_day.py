"""What changed, as sentences by day: for a person, a unit, a group, an app, or everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from orgmodel.kinds import KINDS
from orgmodel.queries.access.edge_walk import EVER_BACK, LED_THERE
from orgmodel.queries.page_ref import PageRef
from orgmodel.queries.rows import json_value
from orgmodel.queries.rules.rule_evaluation import RULE_NOW
from orgmodel.queries.targets import SEEN
from orgmodel.queries.together import Lasting, ask, rows
from orgmodel.queries.visibility import Viewer
from orgmodel.rules.confidential import Secrets
from orgmodel.sources import registry
from orgmodel.why.causes import Cause
from orgmodel.why.days import late
from orgmodel.why.relations import relation_of
from orgmodel.why.sentences import say
from orgmodel.why.voice import NOBODY, Voice

from .unit_changes import is_implied, with_names

FEED_KINDS = tuple(kind.name for kind in KINDS if kind.feed)
"""Kinds that a feed tells; attributes are told on a person's own page."""
PAGE = 50


@dataclass(frozen=True)
class Entry:
    """One change in words. `who` is the subject, with its page."""

    at: datetime
    kind: str
    who: str
    who_page: PageRef | None
    sentence: str
    cause: Cause | None
    why_page: PageRef | None
    key: int
    evidence: str
    voice: Voice = NOBODY
    """How the reader calls the subject."""
    seen: datetime | None = None
    """When it was seen, where that was a good while after the day that the record gives."""

    @property
    def because(self) -> str:
        """The cause as the reader may see it."""
        return self.cause.sentence(self.voice) if self.cause else ""

    def as_json(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(),
            "who": self.who,
            "kind": self.kind,
            "sentence": self.sentence,
            "cause": self.because,
            "evidence": self.evidence,
            "seen": self.seen.isoformat() if self.seen else None,
        }


@dataclass(frozen=True)
class Day:
    """The entries of one day, newest first."""

    day: date
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Filter:
    """Which changes are wanted; empty fields want all."""

    person: int | None = None
    unit: int | None = None
    resource: int | None = None
    move: int | None = None
    rule: int | None = None
    app: int | None = None
    """Changes of the app itself, and who came to or lost what leads to it, over any number of edges."""
    kinds: Sequence[str] = FEED_KINDS
    cause: str = ""
    """Kind of the cause, see orgmodel.why.causes; "unknown" also wants those without any."""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    """Key of the entry after which the page begins."""


def history(criteria: Filter, viewer: Viewer, *, most: int = PAGE, own: bool = True) -> tuple[Entry, ...]:
    """The newest changes that fit, without the first sync; one query, two where units hang or are led anew.

    And as many for each time that what it found is not for this viewer. `own`: the viewer is called "You".
    """
    reader = viewer.about(criteria.person)
    found: list[Entry] = []
    while True:
        missing = most - len(found)
        changes = _rows(criteria, reader, missing)
        found.extend(
            _entry(row, reader.secrets, _voice(own and bool(row[-1]) and row[-1] == viewer.person, viewer))
            for row in with_names(changes, kind=2, attribute=7, sides=slice(8, 10))
            if _may_be_shown(row, criteria, reader.secrets)
        )
        if len(changes) < missing or len(found) == most:
            return tuple(found)
        criteria = replace(criteria, before=changes[-1][0])


def _voice(own: bool, viewer: Viewer) -> Voice:
    return Voice(own=own, spoken=viewer.spoken)


def _rows(criteria: Filter, reader: Viewer, most: int) -> list[tuple[Any, ...]]:
    sql = f"""{EVER_BACK.format(target="app") + LED_THERE if criteria.app else ""}
        SELECT c.id, coalesce(c.true_at, c.at), c.kind, c.verb, c.who, c.what, c.level, c.attribute,
               c.before, c.after, c.cause, c.evidence, p.key, p.name, u.address, u.name,
               r.key, a.key, v.name, {RULE_NOW.format(cause="c.cause", source="r.source")},
               CASE c.kind WHEN 'edge' THEN (SELECT f.sort FROM orgmodel_edge f WHERE f.id = c.fact) END,
               a.kind, a.source, r.kind,
               CASE WHEN c.kind IN ('assignment', 'attribute', 'manager') THEN c.at END,
               u.ended IS NOT NULL, c.person_id
        FROM orgmodel_change c
        LEFT JOIN orgmodel_person p ON p.id = c.person_id
        LEFT JOIN orgmodel_orgunit u ON u.id = c.unit_id
        LEFT JOIN orgmodel_resource r ON r.id = c.resource_id
        LEFT JOIN orgmodel_resource a ON a.id = c.app_id
        LEFT JOIN orgmodel_ruleversion v ON c.kind = 'rule' AND v.id = c.fact
        WHERE NOT c.baseline AND c.kind = ANY(%(kinds)s) {_conditions(criteria)}
          AND NOT coalesce(c.resource_id = ANY(%(hidden)s), false)
          AND NOT coalesce(c.app_id = ANY(%(hidden)s), false)
          AND (v.id IS NULL OR {SEEN})
        ORDER BY c.id DESC LIMIT {most:d}"""
    # How many are wanted is a part of the text: a plan for any number would read all and sort them.
    values = {
        **{name: getattr(criteria, name) for name in _CONDITIONS},
        "kinds": list(criteria.kinds),
        "hidden": sorted(reader.hidden),
    }
    chosen = any(getattr(criteria, name) not in {None, ""} for name in _CHOSEN)
    return ask(rows(sql if chosen else Lasting(sql), values))


_CHOSEN = ("cause", "text", "since", "before")
"""What chooses among all changes by its value, or goes on where the last question ended."""
_CONDITIONS = {
    "person": """c.person_id = ANY(ARRAY(
                   SELECT %(person)s::bigint UNION SELECT w.id FROM orgmodel_person w
                   WHERE w.merged_into_id = %(person)s
                     AND w.ended <= coalesce(%(until)s::timestamptz, w.ended)))""",
    "unit": "c.unit_id = %(unit)s",
    "resource": "(c.resource_id = %(resource)s OR c.app_id = %(resource)s)",
    "app": """(c.app_id = %(app)s OR c.resource_id = %(app)s
                   OR (c.kind = 'grant'
                     AND coalesce(c.resource_id, c.app_id) IN (SELECT resource_id FROM led_there)
                     AND EXISTS (SELECT FROM led_there l
                       WHERE l.resource_id = coalesce(c.resource_id, c.app_id)
                         AND l.began <= c.at AND l.ended >= c.at)))""",
    "cause": "coalesce(nullif(c.cause ->> 'kind', ''), 'unknown') = %(cause)s",
    "move": "c.move_id = %(move)s",
    "rule": "c.rule_id = %(rule)s",
    "since": "c.at >= %(since)s",
    "until": "c.at <= %(until)s",
    "before": "c.id < %(before)s",
    "text": "strpos(lower(c.who || ' ' || c.what), lower(%(text)s)) > 0",
}
"""Field of a filter → SQL over the change c, with `led_there` where an app is asked for."""


def _conditions(criteria: Filter) -> str:
    """SQL: what the filter asks for. What it does not ask for would cost each feed its planning."""
    return " ".join(
        f"AND {condition}"
        for field, condition in _CONDITIONS.items()
        if getattr(criteria, field) not in {None, ""}
    )


def _may_be_shown(row: Sequence[Any], criteria: Filter, secrets: Secrets) -> bool:
    """Whether it is news, also for whoever may not know these secrets: of a rule what can be seen of it."""
    kind, verb, what = row[2], row[3], row[5]
    if kind == "unit":
        return not is_implied(verb, row[7], json_value(row[9]), gone=row[-2])
    if kind == "assignment":
        return bool(verb != "changed" or json_value(row[8]) != json_value(row[9]))
    if kind != "rule" or not secrets.ids:
        return True
    if criteria.text.casefold() not in secrets.label(what).casefold():
        return False
    before, after = (secrets.version(json_value(side) or {}) for side in row[8:10])
    return verb != "changed" or before != after


def by_day(entries: Sequence[Entry]) -> tuple[Day, ...]:
    """The entries grouped by the day on which they happened, newest day first."""
    days: dict[date, list[Entry]] = {}
    for entry in sorted(entries, key=lambda each: (each.at, each.key), reverse=True):
        days.setdefault(entry.at.date(), []).append(entry)
    return tuple(Day(day, tuple(found)) for day, found in days.items())


def _entry(row: Sequence[Any], secrets: Secrets, voice: Voice) -> Entry:
    (
        key,
        at,
        kind,
        verb,
        who,
        what,
        level,
        attribute,
        before,
        after,
        cause,
        evidence,
        person_key,
        person,
        unit_address,
        unit,
        group,
        app,
        rule,
        rule_now,
        sort,
        to,
        of,
        start,
        seen,
        *_,
    ) = row
    if kind == "assignment" and unit and unit != what:
        what = f"{unit}, then called {what}"
    if kind == "handover":
        what = f"{registry.account_word(attribute)} {what}"
    if sort == "mirrors":
        what = f"{what} in {registry.label(of)}"
    line = say(
        kind,
        verb,
        {
            "what": registry.label(what) if kind == "attribute" else what,
            "level": level,
            "attribute": attribute,
            "before": secrets.version(json_value(before) or {}) if kind == "rule" else json_value(before),
            "after": secrets.version(json_value(after) or {}) if kind == "rule" else json_value(after),
            "cause": secrets.cause(json_value(cause)),
            "relation": relation_of(sort or "", to or ""),
        },
        voice,
    )
    cause = line.cause.renamed(secrets.label(rule_now or "")) if line.cause else None
    if cause and of and (system := registry.label(of)) != cause.system:
        cause = replace(cause, system=system)
    called = secrets.label(rule or what)
    beginning = PageRef("app" if start == "app" else "group", group) if group else None
    unit_of, person_of = (unit_address, unit), (person_key, person)
    subject, page = _subject(kind, who, what, called, person_of, unit_of, beginning, app)
    target = group or app
    explainable = kind == "grant" and person_key and target
    why = PageRef("why", person_key, target) if explainable else None
    if voice.own:
        subject = "You"
    seen = seen if seen and late(seen.date(), at.date()) else None
    return Entry(at, line.kind, subject, page, line.sentence, cause, why, key, evidence, voice, seen)


def _subject(
    kind: str,
    who: str,
    what: str,
    rule: str,
    person: tuple[str | None, str | None],
    unit: tuple[str | None, str | None],
    group: PageRef | None,
    app: str | None,
) -> tuple[str, PageRef | None]:
    if kind == "unit":
        return unit[1] or what, PageRef("unit", unit[0]) if unit[0] else None
    if kind in {"edge", "link"}:
        return who, group
    if kind == "resource":
        return what, group or PageRef("app", app or "")
    if kind == "rule":
        return f"The rule “{rule}”", None
    return person[1] or who, PageRef("person", person[0]) if person[0] else None
