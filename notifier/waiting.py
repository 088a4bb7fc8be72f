"""Why a case is not told yet: a second sync must confirm it, or its other half has not arrived.

Nothing is told of a change before a later read of the same source says so again, however long that takes.
The other half (Okta after HR, HR after Okta, a profile after the memberships read before it) is waited for
up to the longest wait.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from orgmodel.models import Move
from orgmodel.queries.access.holdings import Access
from orgmodel.queries.history.diff import Diff
from orgmodel.queries.history.outstanding import WAITS_SINCE
from orgmodel.queries.together import Question, ask
from orgmodel.sources.roles import IS_DIRECTORY

CONFIRMED = """NOT EXISTS (
    SELECT FROM jsonb_each_text(m.runs) r WHERE r.value::bigint >= coalesce((
        SELECT max(n.id) FROM orgmodel_run n
        WHERE n.source = r.key AND n.outcome IN ('applied', 'unchanged')), 0))"""
"""SQL: of a case m, whether every source that brought it something has been read again since."""
# A case that was found to wait is looked at again once something changed that may end the wait.
_READY = f"""
    SELECT m.id FROM orgmodel_move m
    WHERE m.state = 'open' AND m.settles_at <= %(now)s AND m.id = ANY(%(cases)s) AND {CONFIRMED}
      AND (m.looked = 0 OR {WAITS_SINCE} + %(longest)s::interval <= %(now)s OR EXISTS (
          SELECT FROM orgmodel_change c WHERE c.id > m.looked
            AND (c.person_id = m.person_id
                 OR c.person_id IS NULL AND c.kind IN ('edge', 'resource', 'rule', 'unit'))))"""
_UNCONFIRMED = """EXISTS (
        SELECT FROM orgmodel_change c
        WHERE c.run_id IN (
            SELECT max(id) FROM orgmodel_run WHERE outcome IN ('applied', 'unchanged') GROUP BY source)
          AND NOT c.baseline
          AND (c.kind <> 'seat' OR c.verb = 'changed' AND c.before ->> 'level' <> c.after ->> 'level')
          AND (c.person_id = %(person)s OR c.person_id IS NULL
               AND CASE c.kind
                   WHEN 'edge' THEN coalesce(c.app_id, c.resource_id) = ANY(%(touched)s)
                   WHEN 'resource' THEN (c.app_id = ANY(%(touched)s) OR c.resource_id = ANY(%(touched)s))
                        AND (c.verb <> 'changed'
                             OR c.before ->> 'status' IS DISTINCT FROM c.after ->> 'status')
                   ELSE false END))"""
_SURE = f"""
    SELECT {WAITS_SINCE}, m.settles_at, {CONFIRMED} AND NOT {_UNCONFIRMED}
    FROM orgmodel_move m WHERE m.id = %(case)s"""
_ACCOUNTS = f"""
    SELECT EXISTS (
               SELECT FROM orgmodel_run
               WHERE source {IS_DIRECTORY} AND outcome IN ('applied', 'unchanged')),
           EXISTS (SELECT FROM orgmodel_account WHERE person_id = %(person)s AND source {IS_DIRECTORY}
                   AND ended IS NULL AND state <> 'ended')"""
ON_THEIR_WAY = ("SYNCING", "PENDING")
"""States of an app assignment that end by themselves; an error does not."""
CLOSED = {"deactivated", "account_deleted"}
"""Causes that end all access at once: HR may be about to say that the person has left."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a case waits for: confirm (a second sync), joined or left (an Okta account that begins or ends),
    apps (`count` of them are still to come or to go), groups (that open none), record (HR or Okta has not
    followed the other).
    """

    what: str
    count: int = 0

    @property
    def sentence(self) -> str:
        """As the page of the case says it."""
        if self.what == "apps":
            return f"Waiting for Okta to follow: {self.count} app{'' if self.count == 1 else 's'}."
        return _SENTENCES[self.what]


_SENTENCES = {
    "confirm": "Waiting for a second sync to confirm it.",
    "joined": "Waiting for an active Okta account.",
    "left": "Waiting for Okta to deactivate the account.",
    "groups": "Waiting for Okta to apply its rules.",
    "record": "Waiting for HR and the Okta profile to say the same.",
}


def ready(cases: Iterable[int], now: datetime, longest: timedelta) -> set[int]:
    """Of these cases, the ones that have settled, are confirmed, and may have their other half by now."""
    with connection.cursor() as cursor:
        parameters: dict[str, Any] = {"cases": list(cases), "now": now, "longest": longest}
        cursor.execute(_READY, parameters)
        return {pk for (pk,) in cursor.fetchall()}


def unconfirmed(person: int, touched: Iterable[int]) -> bool:
    """Whether the newest read of a source was the first to see a change of the person, or of these apps and
    groups.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_UNCONFIRMED}", {"person": person, "touched": sorted(set(touched))})
        return bool(cursor.fetchone()[0])


def waits_for(case: Move, kind: str, changed: Diff, now: datetime, longest: timedelta) -> Waiting | None:
    """What an open case still waits for. `changed`: all of it, whoever may see it."""
    since, _, sure = ask(_settlement(case.pk, changed))
    return ask(_waits_for(since, kind, changed, now, longest, sure=sure))


def _waits_for(
    since: datetime, kind: str, changed: Diff, now: datetime, longest: timedelta, *, sure: bool
) -> Question[Waiting | None]:
    if not sure:
        return Waiting("confirm")
    return None if since + longest <= now else (yield from _other_half(kind, changed))


def asking_waits(case: int, kind: str, changed: Diff, now: datetime, longest: timedelta) -> Question[str]:
    """Why an open case is not told yet, as its page says it. `changed`: as the reader may see it."""
    since, settles, sure = yield from _settlement(case, changed)
    if settles > now:
        return "Waiting until nothing more changes for a while."
    waits = yield from _waits_for(since, kind, changed, now, longest, sure=sure)
    return waits.sentence if waits else "Sightline is about to tell it."


def other_half(kind: str, changed: Diff) -> Waiting | None:
    """What of a change has not come yet."""
    return ask(_other_half(kind, changed))


def _other_half(kind: str, changed: Diff) -> Question[Waiting | None]:
    if kind in {Move.Kind.JOINER, Move.Kind.BACK, Move.Kind.LEAVER}:
        read, usable = yield from _accounts(changed.person.pk)
        if kind == Move.Kind.LEAVER:
            return Waiting("left") if usable else None
        if read and not usable:
            return Waiting("joined")
    if (
        any(each.cause.kind in CLOSED for each in changed.lost)
        and not (yield from _accounts(changed.person.pk))[1]
    ):
        return Waiting("record")
    rest = changed.outstanding
    late = [each for each in changed.pending if each.cause.waits in ON_THEIR_WAY or not each.cause.waits]
    if late or rest.leaving:
        return Waiting("apps", len(late) + len(rest.leaving))
    if rest.behind or rest.half:
        return Waiting("record")
    return Waiting("groups") if rest.comes or rest.goes else None


def _settlement(case: int, changed: Diff) -> Question[tuple[datetime, datetime, bool]]:
    """Since when the case waits and when it settles; whether later reads have confirmed it and all that the
    difference speaks of.
    """
    parameters = {"case": case, "person": changed.person.pk, "touched": sorted(touched_by(changed))}
    [found] = yield _SURE, parameters
    return found


def _accounts(person: int) -> Question[tuple[bool, bool]]:
    """Whether Okta has been read, and whether the person has a usable account there."""
    [(read, usable)] = yield _ACCOUNTS, {"person": person}
    return bool(read), bool(usable)


def touched_by(changed: Diff) -> set[int]:
    """Every app and group that the difference mentions."""
    apps = (
        *(*changed.gained, *changed.lost, *changed.pending, *changed.still_through),
        *(each.now for each in changed.level_changed),
    )
    groups = (*changed.groups_gained, *changed.groups_lost)
    return resources_of(apps) | {each.group.pk for each in groups}


def resources_of(apps: Iterable[Access]) -> set[int]:
    """The apps and the groups on the ways to them."""
    return {hop.resource for each in apps for route in each.routes for hop in route.hops}
