"""What changed for a person between two moments: gained, lost, kept, still held, pending."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from orgmodel.queries.access.beginnings import asking_beginnings
from orgmodel.queries.access.holdings import Access, AccessOfPerson, Membership, asking_access
from orgmodel.queries.access.levels import LevelChange, level_changes
from orgmodel.queries.access.routes import asking_routes
from orgmodel.queries.moments import Moment
from orgmodel.queries.people import PersonRef, asking_person
from orgmodel.queries.rows import json_value
from orgmodel.queries.together import Question, at_hand, together
from orgmodel.queries.visibility import Viewer
from orgmodel.queries.why.ends import asking_ends, opened_again, why_ended, why_resolved
from orgmodel.queries.why.losses import UNTOLD, losses
from orgmodel.rules.spoken import Spoken, shown
from orgmodel.sources.state_words import seat_state

from .outstanding import NOTHING, Books, Outstanding, outstanding
from .records import asking_records


@dataclass(frozen=True)
class Flip:
    """An attribute of the person changed."""

    attribute: str
    before: str | None
    after: str | None
    at: datetime
    before_name: str = ""
    """What people call the value, where that is known and another."""
    after_name: str = ""
    dated: bool = False
    """`at` is the day that the record gives, not when it was seen."""

    def as_json(self) -> dict[str, Any]:
        return {
            "attribute": self.attribute,
            "before": self.before,
            "after": self.after,
            "before_name": self.before_name or self.before,
            "after_name": self.after_name or self.after,
            "at": self.at.isoformat(),
        }


@dataclass(frozen=True)
class Diff:
    """What changed for a person, each item with its cause."""

    person: PersonRef
    since: Moment
    until: Moment
    attributes: tuple[Flip, ...]
    gained: tuple[Access, ...]
    lost: tuple[Access, ...]
    kept_unexplained: tuple[Access, ...]
    still_through: tuple[Access, ...]
    level_changed: tuple[LevelChange, ...]
    pending: tuple[Access, ...]
    groups_gained: tuple[Membership, ...]
    groups_lost: tuple[Membership, ...]
    outstanding: Outstanding = NOTHING
    """What is still to come of it; nothing where the later moment is past."""

    @property
    def differs(self) -> bool:
        """Whether access itself is different."""
        return bool(self.gained or self.lost or self.level_changed or self.pending)

    def as_json(self) -> dict[str, Any]:
        lists = (
            "gained",
            "lost",
            "kept_unexplained",
            "still_through",
            "level_changed",
            "pending",
            "groups_gained",
            "groups_lost",
        )
        return {
            "person": self.person.as_json(),
            "since": self.since.at.isoformat(),
            "until": self.until.at.isoformat(),
            "attributes": [flip.as_json() for flip in self.attributes],
            **{name: [each.as_json() for each in getattr(self, name)] for name in lists},
        }


def diff(
    who: int,
    since: Moment,
    until: Moment,
    viewer: Viewer,
    books: Books | None = None,
    known: PersonRef | None = None,
) -> Diff:
    """What changed for the person after `since`, up to `until`.

    `books`: keeps the rules for the next one; `known`: the person as of `until`, where that is at hand.
    """
    reader = viewer.about(who)
    ref, routes, routes_before, past, causes, attributes, undelivered, records = together(
        at_hand(known) if known else asking_person(who, until),
        asking_routes(who, until),
        asking_routes(who, since),
        asking_beginnings([who], until, reader.hidden),
        asking_ends(who, since, until, reader),
        _flips(who, since, until, viewer.spoken),
        _undelivered(who, until),
        asking_records(who, since) if until.live else at_hand(None),
    )
    after, before = together(
        asking_access(ref, routes, until, viewer, past=past),
        asking_access(ref, routes_before, since, viewer, past=past),
    )
    had = {each.app.pk: each for each in before.apps}
    has = {each.app.pk: each for each in after.apps}
    new = [each for key, each in has.items() if key not in had or had[key].level != each.level]
    gone = [each for key, each in had.items() if key not in has]
    delivered = [each for each in new if each.app.pk not in undelivered]
    kept = [each for key, each in has.items() if key in had and had[key].level == each.level]
    lost = losses(who, gone, _only(before, after), routes_before, causes)
    rest = outstanding(who, before, after, viewer, books, records) if records else NOTHING
    return Diff(
        person=after.person,
        since=since,
        until=until,
        attributes=attributes,
        gained=tuple(opened_again(each, causes) for each in delivered if each.app.pk not in had),
        lost=lost.apps,
        kept_unexplained=tuple(each for each in kept if each.explained is False and not _everyones(each)),
        still_through=tuple(each for each in kept if _narrowed(had[each.app.pk], each)),
        level_changed=tuple(
            level_changes(
                had,
                delivered,
                lambda each: why_ended(each.routes, causes) or UNTOLD,
                lambda each: why_resolved(each, causes),
            )
        ),
        pending=(
            *(
                replace(each, cause=replace(each.cause, waits=undelivered[each.app.pk]))
                for each in new
                if each.app.pk in undelivered
            ),
            *rest.apps,
        ),
        groups_gained=_only(after, before),
        groups_lost=lost.groups,
        outstanding=rest,
    )


def _only(one: AccessOfPerson, other: AccessOfPerson) -> tuple[Membership, ...]:
    other_groups = {each.group.pk for each in other.groups}
    return tuple(each for each in one.groups if each.group.pk not in other_groups)


def _narrowed(before: Access, after: Access) -> bool:
    """A way to the app ended, and another is still open."""
    still = {route.key for route in after.routes}
    return any(route.key not in still for route in before.routes)


def _everyones(held: Access) -> bool:
    return any(step.name == "Everyone" for path in held.paths for step in path.steps if step.kind == "group")


def _undelivered(who: int, until: Moment) -> Question[dict[int, str]]:
    """App → the state in which Okta's provisioning hangs now; of the past nothing is said."""
    if not until.live:
        return {}
    rows = yield (
        """
        SELECT s.app_id, s.status, s.sync_state FROM orgmodel_seat s
        JOIN orgmodel_account a ON a.id = s.account_id
        WHERE a.person_id = %(person)s AND s.ended IS NULL""",
        {"person": who},
    )
    return {
        app: (state if state in {"ERROR", "OUT_OF_SYNC", "SYNCING"} else status)
        for app, status, state in rows
        if state in {"ERROR", "OUT_OF_SYNC", "SYNCING"} or seat_state(status) != "active"
    }


def _flips(who: int, since: Moment, until: Moment, spoken: Spoken) -> Question[tuple[Flip, ...]]:
    """Attributes whose value differs between the moments; of two sources that say the same, one."""
    rows = yield (
        """
        SELECT attribute, kind, verb, before, after, coalesce(true_at, at), what, who,
               true_at IS NOT NULL
        FROM orgmodel_change
        WHERE person_id = %(person)s AND kind IN ('attribute', 'manager')
          AND at > %(since)s AND at <= %(until)s ORDER BY at, id""",
        {"person": who, "since": since.at, "until": until.at},
    )
    first: dict[tuple[str, str], tuple[Any, ...]] = {}
    last: dict[tuple[str, str], tuple[Any, ...]] = {}
    for row in rows:
        key = (row[0], row[6] if row[1] == "attribute" else "")
        first.setdefault(key, row)
        last[key] = row
    managers = yield from _managers(
        {
            json_value(raw)
            for row in (*first.values(), *last.values())
            if row[1] == "manager"
            for raw in row[3:5]
            if raw is not None
        }
    )
    flips: dict[tuple[str, str | None, str | None], Flip] = {}
    for key, end in last.items():
        before, after = (_text(raw, end[1], managers) for raw in (first[key][3], end[4]))
        if before != after:
            was, now = (_called(key[0], raw, end[1], managers, spoken) for raw in (first[key][3], end[4]))
            flips.setdefault(
                (key[0], before, after), Flip(key[0], before, after, end[5], was, now, dated=end[8])
            )
    # The source's own reference says in ids what the manager line says in people.
    shown = {
        key: flip for key, flip in flips.items() if key[0] != spoken.manager or ("manager", "") not in last
    }
    return tuple(sorted(shown.values(), key=lambda flip: (flip.at, flip.attribute)))


def _managers(people: set[int]) -> Question[dict[int, tuple[str, str]]]:
    """Addresses and names."""
    if not people:
        return {}
    rows = yield (
        "SELECT id, email, name FROM orgmodel_person WHERE id = ANY(%(ids)s)",
        {"ids": sorted(people)},
    )
    return {person: (email, name) for person, email, name in rows}


def _called(attribute: str, raw: Any, kind: str, managers: dict[int, tuple[str, str]], spoken: Spoken) -> str:
    """What people call the value; empty where there is none."""
    value = json_value(raw)
    if value in (None, ""):
        return ""
    return managers.get(value, ("", ""))[1] if kind == "manager" else spoken.value(attribute, value)


def _text(raw: Any, kind: str, managers: dict[int, tuple[str, str]]) -> str | None:
    value = json_value(raw)
    if value is None:
        return None
    return managers.get(value, ("", ""))[0] if kind == "manager" else shown(value)
