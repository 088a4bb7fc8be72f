"""What an auditor gets: one person's access with its proof, its history and the lines of Okta's log."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from orgmodel.facts import STATED
from orgmodel.models import Resource, Run
from orgmodel.queries.access.beginnings import Beginnings, beginnings, turns
from orgmodel.queries.access.edge_walk import EVER_BACK
from orgmodel.queries.access.holdings import Access, Membership, access
from orgmodel.queries.access.target import Target
from orgmodel.queries.moments import Moment, just_before
from orgmodel.queries.people import NotFound, PersonRef
from orgmodel.queries.rows import json_value
from orgmodel.queries.visibility import Viewer
from orgmodel.sources import registry
from orgmodel.sources.roles import DIRECTORIES, IS_DIRECTORY
from orgmodel.why.audit import Answer, Revoked, Since, five_answers
from orgmodel.why.causes import Cause
from orgmodel.why.levels import direction, named
from orgmodel.why.sentences import say

PAST = 200
"""Moments at which something ended, of which the newest are shown."""
MOST = 20_000
"""Changes and lines of the log in one bundle; the newest are kept."""


@dataclass(frozen=True)
class Proven:
    """One app that somebody has, or had until a moment, with the answers."""

    access: Access
    answers: tuple[Answer, ...]
    until: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        until = {"until": self.until.isoformat()} if self.until else {}
        return {**self.access.as_json(), **until, "answers": [answer.as_json() for answer in self.answers]}


@dataclass(frozen=True)
class ChangeLine:
    """One change in words."""

    at: str
    sentence: str
    cause: str
    evidence: str
    event: str
    """Id of the line of Okta's log."""


@dataclass(frozen=True)
class Evidence:
    """Everything about one person, or about one person and one app or group."""

    person: PersonRef
    target: Target | None
    moment: Moment
    apps: tuple[Proven, ...]
    groups: tuple[Membership, ...]
    changes: tuple[ChangeLine, ...]
    events: tuple[dict[str, Any], ...]
    former: tuple[Proven, ...] = ()
    """What the person had once and has no more."""

    def as_json(self) -> dict[str, Any]:
        return {
            "person": self.person.as_json(),
            "target": self.target.as_json() if self.target else None,
            "at": self.moment.at.isoformat(),
            "apps": [each.as_json() for each in self.apps],
            "former_apps": [each.as_json() for each in self.former],
            "groups": [each.as_json() for each in self.groups],
            "changes": [vars(each) for each in self.changes],
        }


def evidence(who: int, target: Target | None, moment: Moment, viewer: Viewer) -> Evidence:
    """The evidence about a person at the moment. Raises NotFound for a target that the viewer may not see."""
    hidden = viewer.hidden_about(who)
    if target and target.pk in hidden:
        raise NotFound("app or group", target.name)
    held = access(who, moment, viewer)
    apps = [each for each in held.apps if target is None or _through(each, target)]
    ever = beginnings([who], moment, hidden)
    openers = _openers({*(key[1] for key in ever.stretches), *([target.pk] if target else [])})
    opening = openers.get(target.pk, frozenset()) if target else frozenset()
    groups = [each for each in held.groups if target is None or _leads(each, target, apps, opening)]
    changes, ended = _changes(who, target, moment, hidden)
    past = _Past(ever, who, moment, ended, _first_read(), openers)
    events = _events(who, target, [each.group.native_id for each in groups], moment)
    proven = past.proven([(each, None) for each in apps])
    former = past.proven(_former(past, {each.app.pk for each in held.apps}, target, viewer))
    return Evidence(held.person, target, moment, proven, tuple(groups), changes, events, former)


@dataclass(frozen=True)
class _Past:
    """What is known of the past of a person's access."""

    ever: Beginnings
    who: int
    moment: Moment
    ended: tuple[tuple[datetime, int, str, str], ...]
    began: datetime | None
    openers: Mapping[int, frozenset[int]]
    """App → the groups that open it, or did once."""

    def turns(self, app: int) -> tuple[tuple[datetime, str, str], ...]:
        return turns(self.ever.stretches.get((self.who, app), ()), self.moment.at)

    def proven(self, held: Sequence[tuple[Access, datetime | None]]) -> tuple[Proven, ...]:
        """Each access, and until when it was there, with its answers."""
        causes = _causes([route.grant for each, _ in held for route in each.routes])
        return tuple(
            Proven(
                each,
                five_answers(
                    each.paths,
                    Since(each.since, each.before),
                    Since(each.had.at, each.had.before) if each.had else Since(each.since, each.before),
                    causes.get(each.routes[0].grant, Cause()),
                    self._revoked(each),
                    self.began,
                ),
                until,
            )
            for each, until in held
        )

    def _revoked(self, each: Access) -> list[Revoked]:
        """Ends of the access, and levels that were taken for another one."""
        found: list[Revoked] = []
        places = {hop.resource for route in each.routes for hop in route.hops}
        places |= self.openers.get(each.app.pk, frozenset())
        for at, before, after in self.turns(each.app.pk):
            if before and not _is_more(before, after):
                near = [row for row in self.ended if row[0] == at and row[1] in places]
                why, proof = (near[0][2], near[0][3]) if near else ("", STATED)
                found.append(Revoked(at, before, after, why, proof))
        return found


def _is_more(before: str, after: str) -> bool:
    """The level rose: nothing was taken."""
    return bool(named(after)) and (not named(before) or direction(before, after) == "raised")


def _openers(apps: Collection[int]) -> dict[int, frozenset[int]]:
    """Of these apps → the groups that open it, or did once."""
    found: dict[int, set[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT t.resource_id, s.resource_id FROM orgmodel_edge e"
            " JOIN orgmodel_entitlement s ON s.id = e.source_id"
            " JOIN orgmodel_entitlement t ON t.id = e.target_id WHERE t.resource_id = ANY(%s)",
            [sorted(apps)],
        )
        for app, group in cursor.fetchall():
            found.setdefault(app, set()).add(group)
    return {app: frozenset(groups) for app, groups in found.items()}


def _former(
    past: _Past, held: set[int], target: Target | None, viewer: Viewer
) -> list[tuple[Access, datetime]]:
    """The apps that the person had and has no more, as they were just before they ended, latest first."""
    ends: dict[datetime, set[int]] = {}
    known = [key[1] for key in past.ever.stretches if not target or target.pk == key[1]]
    apps = Resource.objects.filter(pk__in=known, kind="app").exclude(pk__in=held)
    for app in apps.values_list("pk", flat=True):
        changes = past.turns(app)
        if changes and not changes[-1][2]:
            ends.setdefault(changes[-1][0], set()).add(app)
    found: list[tuple[Access, datetime]] = []
    for at in sorted(ends, reverse=True)[:PAST]:
        former = access(past.who, just_before(at), viewer)
        found.extend((each, at) for each in former.apps if each.app.pk in ends[at])
    return found


def _first_read() -> datetime | None:
    first = Run.objects.filter(source__in=DIRECTORIES, baseline=True).order_by("id").first()
    return first.applied_at if first else None


def _through(each: Access, target: Target) -> bool:
    return any(hop.resource == target.pk for route in each.routes for hop in route.hops)


def _leads(each: Membership, target: Target, apps: list[Access], opening: frozenset[int]) -> bool:
    """The membership is the target, or leads there: also where nothing is opened by it just now."""
    if each.group.pk == target.pk or each.group.pk in opening:
        return True
    return any(route.hops[0].resource == each.group.pk for app in apps for route in app.routes)


def _causes(grants: list[int]) -> dict[int, Cause]:
    """Grant → why it began."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fact, cause FROM orgmodel_change WHERE kind = 'grant' AND verb <> 'ended'"
            " AND fact = ANY(%s) ORDER BY at",
            [grants],
        )
        return {fact: Cause.read(json_value(cause)) for fact, cause in cursor.fetchall()}


def _changes(
    who: int, target: Target | None, moment: Moment, hidden: frozenset[int]
) -> tuple[tuple[ChangeLine, ...], tuple[tuple[datetime, int, str, str], ...]]:
    """What changed for the person, oldest first; and what ended: when, of which group or app, why, proof."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{EVER_BACK.format(target="target")}
            SELECT coalesce(c.true_at, c.at), c.kind, c.verb, c.what, c.level, c.attribute, c.before, c.after,
                   c.cause, c.evidence, coalesce(c.resource_id, c.app_id), c.at
            FROM orgmodel_change c
            WHERE c.person_id = %(person)s AND c.at <= %(at)s
              AND c.kind IN ('grant', 'attribute', 'assignment', 'manager', 'person', 'seat')
              AND NOT coalesce(coalesce(c.resource_id, c.app_id) = ANY(%(hidden)s), false)
              AND (%(target)s::bigint IS NULL OR c.kind NOT IN ('grant', 'seat')
                OR %(target)s IN (c.resource_id, c.app_id) OR EXISTS (
                    SELECT FROM back b JOIN orgmodel_entitlement s ON s.id = b.id
                    WHERE s.resource_id IN (c.resource_id, c.app_id)))
            ORDER BY c.at DESC, c.id DESC LIMIT %(most)s""",
            {
                "person": who,
                "at": moment.at,
                "hidden": sorted(hidden),
                "target": target.pk if target else None,
                "most": MOST,
            },
        )
        rows = cursor.fetchall()
    lines, ended = [], []
    for at, kind, verb, what, level, attribute, before, after, raw, proof, resource, seen in reversed(rows):
        cause = json_value(raw)
        change = {
            "what": registry.label(what) if kind == "attribute" else what,
            "level": level,
            "attribute": attribute,
            "before": json_value(before),
            "after": json_value(after),
            "cause": cause,
        }
        line = say(kind, verb, change)
        because = line.cause.sentence() if line.cause else ""
        lines.append(ChangeLine(at.isoformat(), line.sentence, because, proof, str(cause.get("event") or "")))
        if kind == "grant" and verb == "ended":
            ended.append((seen, resource, because, proof))
    return tuple(lines), tuple(ended)


def _events(who: int, target: Target | None, groups: list[str], moment: Moment) -> tuple[dict[str, Any], ...]:
    """The lines of Okta's log about the person, as Sightline keeps them, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT to_jsonb(v) - 'id' FROM orgmodel_logevent v
            JOIN orgmodel_account a ON a.native_id = v.account AND a.source {IS_DIRECTORY}
            WHERE a.person_id = %(person)s AND v.published <= %(at)s
              AND (%(target)s::text IS NULL OR (v."group" = '' AND v.app = '')
                   OR v.app = %(target)s OR v."group" = ANY(%(groups)s))
            ORDER BY v.published DESC, v.id DESC LIMIT %(most)s""",
            {
                "person": who,
                "at": moment.at,
                "target": target.native_id if target else None,
                "groups": [*groups, *([target.native_id] if target else [])],
                "most": MOST,
            },
        )
        return tuple(json_value(row[0]) for row in reversed(cursor.fetchall()))
