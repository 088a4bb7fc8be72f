"""What the stories of a move need from the read model: units left and joined, managers, addresses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from orgmodel.models import Change, Move, Person
from orgmodel.queries.history.diff import Diff
from orgmodel.queries.history.hearing import recipient_for
from orgmodel.queries.moments import Moment, just_before
from orgmodel.queries.moments import now as present
from orgmodel.why.days import late

from .compose import Case
from .links import link
from .naming import Naming

STRONGEST_FIRST = (
    Move.Kind.LEAVER,
    Move.Kind.JOINER,
    Move.Kind.BACK,
    Move.Kind.MOVER,
    Move.Kind.MANAGER,
    Move.Kind.LOST,
)


@dataclass(frozen=True, slots=True)
class Episode:
    """A settled case, and the earlier ones of the same person that it tells as one with it."""

    move: Move
    opened: datetime
    """When the first of them was opened: what changed since then is what there is to tell."""
    moves: tuple[int, ...]
    kinds: frozenset[str]

    @property
    def since(self) -> Moment:
        return just_before(self.opened)

    @property
    def tells_from(self) -> datetime | None:
        return self.opened if len(self.moves) > 1 else None

    @property
    def kind(self) -> str:
        """What it is called: the strongest kind that is still so; empty when what opened it is not."""
        ended = self.move.person.status == "ended"
        gone = {Move.Kind.JOINER, Move.Kind.BACK} if ended else {Move.Kind.LEAVER}
        return next((kind for kind in STRONGEST_FIRST if kind in self.kinds - gone), "")


def episode_of(move: Move, tells_from: datetime | None = None) -> Episode:
    """The case with those of the person that were opened since `tells_from`; alone when that is None."""
    if tells_from is None:
        return Episode(move, move.opened, (move.pk,), frozenset({move.kind}))
    found = list(
        Move.objects.filter(person=move.person_id, opened__gte=tells_from, opened__lte=move.opened)
        .exclude(state=Move.State.OPEN)
        .exclude(pk=move.pk)
        .order_by("opened", "pk")
    )
    moves = (*found, move)
    return Episode(
        move,
        min(each.opened for each in moves),
        tuple(each.pk for each in moves),
        frozenset(each.kind for each in moves),
    )


COMING = {Move.Kind.MOVER, Move.Kind.JOINER, Move.Kind.BACK}
"""Kinds of cases in which somebody comes into a unit."""
NO_UNIT = {"title", "status", "manager"}
"""Attributes whose values nobody moves from or to."""


def case_of(episode: Episode, changed: Diff, base_url: str, names: Naming) -> Case:
    """The case as one reader may see it."""
    units = _units(episode)
    was, now = units.left, units.joined
    flip = next((each for each in changed.attributes if each.attribute not in NO_UNIT), None)
    if not was and not now and flip:
        was, now = (
            names.value(flip.attribute, value) if value else "" for value in (flip.before, flip.after)
        )
    at = _since(episode.kind, units, changed) or episode.opened
    return Case(
        diff=changed,
        when=at.date(),
        seen=episode.opened.date() if late(episode.opened.date(), at.date()) else None,
        was=was,
        # Who only left a unit has joined none: the unit they are still in is no news.
        now=now or ("" if was or not changed.person.units else changed.person.units[0].name),
        link=link(base_url, "move", episode.move.pk),
        former_groups=units.former_groups,
        names=names,
    )


def summary_of(episode: Episode, changed: Diff) -> dict[str, Any]:
    """What the case came to, by name, for the person’s own page. `changed`: all of it."""
    was, now, _ = units_of(episode)
    levels = {
        which: [
            f"{each.app.name} (now {each.now.level})"
            for each in changed.level_changed
            if each.direction == way
        ]
        for which, way in (("raised", "raised"), ("lowered", "lowered"), ("relevelled", "other"))
    }
    apps = {"gained": changed.gained, "lost": changed.lost, "kept": changed.kept_unexplained}
    return {
        "was": was,
        "now": now,
        **levels,
        **{key: [a.app.name for a in held] for key, held in apps.items()},
    }


@dataclass(frozen=True, slots=True)
class Manager:
    """Who is told as the manager; `instead`: the name of the manager or lead who has left, in whose place."""

    person: Person
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Managers:
    """Who led the person before the case and who does now; None where nobody does who may be written to."""

    before: Manager | None
    now: Manager | None

    @property
    def left(self) -> Manager | None:
        """Who no longer has the person."""
        return self.before if _who(self.before) != _who(self.now) else None

    @property
    def joined(self) -> Manager | None:
        """Who did not have the person before: whoever heard instead of somebody did not."""
        return self.now if _who(self.before) != _who(self.now) or self._in_their_own_right else None

    @property
    def _in_their_own_right(self) -> bool:
        return bool(self.before and self.now and self.before.instead and not self.now.instead)


def _who(manager: Manager | None) -> Person | None:
    return manager.person if manager else None


def managers_of(episode: Episode, contact: str) -> Managers:
    """The manager before the move and the one now; without one, the lead; where they have left, the next."""
    person = episode.move.person_id
    before, now = recipient_for(person, episode.since, contact), recipient_for(person, present(), contact)
    people = Person.objects.in_bulk({each.person for each in (before, now) if each})
    return Managers(*(Manager(people[each.person], each.instead) if each else None for each in (before, now)))


def returned(episode: Episode) -> bool:
    """Whether the person had left before it, by what speaks for people, not only by a closed account."""
    return Change.objects.filter(move__in=episode.moves, kind="person", before__status="ended").exists()


def moved_along(episode: Episode, reader: Person) -> bool:
    """Whether the reader lately went the same way: from the same team to the same team.

    Of somebody whose team stayed: from the same unit of another kind to the same one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVED_ALONG, {"moves": list(episode.moves), "reader": reader.pk, "at": episode.opened}
        )
        return bool(cursor.fetchone()[0])


_MOVED_ALONG = """
    SELECT EXISTS (
        SELECT FROM orgmodel_change l
        JOIN orgmodel_change j ON j.move_id = l.move_id AND j.kind = 'assignment' AND j.verb = 'began'
         AND j.attribute = l.attribute
        JOIN orgmodel_assignment was ON was.person_id = %(reader)s AND was.unit_id = l.unit_id
         AND was.ended >= %(at)s - interval '1 day'
        JOIN orgmodel_assignment now ON now.person_id = %(reader)s AND now.unit_id = j.unit_id
         AND now.ended IS NULL AND now.began >= %(at)s - interval '1 day'
        WHERE l.move_id = ANY(%(moves)s) AND l.kind = 'assignment' AND l.verb = 'ended'
          AND (l.attribute = 'team' OR NOT EXISTS (
              SELECT FROM orgmodel_change t WHERE t.move_id = ANY(%(moves)s)
                AND t.kind = 'assignment' AND t.attribute = 'team')))"""


def units_around(reader: Person, episode: Episode) -> frozenset[str]:
    """Names of the units that the reader leads or is in, or did when the case began."""
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, {"reader": reader.pk, "at": episode.since.at})
        return frozenset(name for (name,) in cursor.fetchall())


_AROUND = """
    SELECT u.name FROM orgmodel_orgunit u WHERE u.lead_id = %(reader)s OR EXISTS (
            SELECT FROM orgmodel_assignment a WHERE a.unit_id = u.id AND a.person_id = %(reader)s
              AND (a.ended IS NULL OR a.ended > %(at)s))
        OR EXISTS (
            SELECT FROM orgmodel_attribute t WHERE t.unit_id = u.id AND t.name = 'lead'
              AND t.value = to_jsonb(%(reader)s::bigint) AND (t.ended IS NULL OR t.ended > %(at)s))"""


@dataclass(frozen=True, slots=True)
class _Units:
    """Names of the unit left and the one joined, and native ids of the groups of the unit left."""

    left: str
    joined: str
    former_groups: frozenset[str]
    since: datetime | None
    """Since when the person is in the one joined, where the record says so."""


def units_of(episode: Episode) -> tuple[str, str, frozenset[str]]:
    """Names of the unit left and the one joined, and native ids of the groups of the unit left."""
    found = _units(episode)
    return found.left, found.joined, found.former_groups


def _units(episode: Episode) -> _Units:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.verb, u.id, u.name, u.kind, EXISTS (
                SELECT FROM orgmodel_assignment a
                WHERE a.unit_id = u.id AND a.person_id = c.person_id AND a.ended IS NULL), c.true_at
            FROM orgmodel_change c
            JOIN orgmodel_orgunit u ON u.id = c.unit_id
            WHERE c.move_id = ANY(%s) AND c.kind = 'assignment'
            ORDER BY (u.kind = 'team') DESC, c.at, c.id""",
            [list(episode.moves)],
        )
        rows = cursor.fetchall()
        # One kind of unit is told of: the team where it changed, else the first other kind that did.
        rows = [row for row in rows if row[3] == rows[0][3]]
        ended = [row for row in rows if row[0] == "ended" and not row[4]]
        began = [row for row in rows if row[0] == "began" and row[4]]
        cursor.execute(
            """
            SELECT r.native_id FROM orgmodel_unitlink l JOIN orgmodel_resource r ON r.id = l.group_id
            WHERE l.unit_id = ANY(%s)""",
            [[row[1] for row in ended[:1]]],
        )
        former = frozenset(row[0] for row in cursor.fetchall())
    # In a burst the first unit left and the last one joined count, each only while that is so.
    name, since = (began[-1][2], began[-1][5]) if began else ("", None)
    return _Units(ended[0][2] if ended else "", name, former, since)


def _since(kind: str, units: _Units, changed: Diff) -> datetime | None:
    """When it happened: by the record where it dates the unit or manager itself, else the earliest value.

    What the record says that some value has been since for long says nothing of when somebody left.
    """
    if units.since and kind in COMING:
        return units.since
    moved = kind in {Move.Kind.MOVER, Move.Kind.MANAGER}
    lines = [each.at for each in changed.attributes if moved and each.dated and each.attribute == "manager"]
    values = [each.at for each in changed.attributes if moved or not each.dated]
    return min(lines or values, default=None)
