"""Planning: every move that has settled becomes messages to those who should hear of it, once.

The move's row is locked while its messages are written, so two planners never tell the same move twice.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from orgmodel.configuration import Configuration
from orgmodel.conventions import Conventions
from orgmodel.models import Move, Person
from orgmodel.queries.access import access
from orgmodel.queries.diff import Diff, diff
from orgmodel.queries.moments import Moment, just_before
from orgmodel.queries.visibility import OPERATOR, Viewer, viewer_for

from . import tales
from .alarms import KEPT_FOR, mass_change, raise_alarms
from .cases import case_of, managers_of
from .hours import quiet_until, zone_of
from .messages.stories import Story
from .outbox import Draft, enqueue


@dataclass(frozen=True)
class Planned:
    """What one planning came to."""

    moves: int = 0
    messages: int = 0
    held: int = 0


@dataclass(frozen=True)
class _Planner:
    configuration: Configuration
    now: datetime
    hold: str
    """Why everything planned now must wait for a human, or empty."""

    @property
    def conventions(self) -> Conventions:
        return self.configuration.conventions

    def draft(self, kind: str, to: Person, story: Story, move: Move) -> Draft:
        zone = zone_of((to.time_zone,), self.conventions.notify.time_zone)
        quiet = quiet_until(self.now, self.conventions.notify.quiet_hours, zone)
        return Draft(
            kind=kind,
            to=to.email,
            recipient_id=to.pk,
            story=story,
            dedupe_key=f"{kind}:{to.pk}:{move.pk}:{move.revision}",
            not_before=quiet or self.now,
            deadline=self.now + KEPT_FOR,
            move_id=move.pk,
            revision=move.revision,
            held=self.hold,
        )

    def viewer(self, person: Person) -> Viewer:
        return viewer_for(person.pk, self.conventions.visibility)


def plan(configuration: Configuration, now: datetime) -> Planned:
    """Plan the messages of every move that is due. Nothing is sent here."""
    due = list(Move.objects.filter(state=Move.State.OPEN, settles_at__lte=now).values_list("pk", flat=True))
    hold = _why_hold(configuration, len(due))
    planner = _Planner(configuration, now, hold)
    made = 0
    for pk in due:
        with transaction.atomic():
            made += _settle(planner, pk)
    held = made if hold else 0
    if configuration.notify == "on":
        if hold:
            made += mass_change(configuration, len(due), now)
        made += raise_alarms(configuration, now)
    return Planned(len(due), made, held)


def _why_hold(configuration: Configuration, due: int) -> str:
    if configuration.notify == "hold":
        return "NOTIFY is set to hold"
    limits = configuration.conventions.notify
    active = Person.objects.filter(ended=None, status="active").count()
    # One person is never a mass, however small the company.
    if due > limits.mass_change_people or (due > 1 and due > limits.mass_change_share * active):
        return f"a mass change: {due} people at once"
    return ""


def _settle(planner: _Planner, pk: int) -> int:
    move = (
        Move.objects.select_for_update(skip_locked=True)
        .select_related("person")
        .filter(pk=pk, state=Move.State.OPEN, settles_at__lte=planner.now)
        .first()
    )
    if move is None:
        return 0
    until = Moment(planner.now, live=True)
    changed = diff(move.person_id, just_before(move.opened), until, OPERATOR)
    reverted = _reverted(move, changed)
    drafts = (
        [] if reverted or planner.configuration.notify == "off" else _drafts(planner, move, changed, until)
    )
    move.state = Move.State.REVERTED if reverted else Move.State.SETTLED
    move.settled = planner.now
    move.save(update_fields=["state", "settled"])
    return len(enqueue(drafts)) if drafts else 0


def _reverted(move: Move, changed: Diff) -> bool:
    """What opened the case is no longer so: nobody hears of it."""
    if move.kind in {Move.Kind.LEAVER, Move.Kind.JOINER}:
        return (move.person.status == "ended") != (move.kind == Move.Kind.LEAVER)
    return not changed.attributes and not changed.differs


def _drafts(planner: _Planner, move: Move, changed: Diff, until: Moment) -> list[Draft]:
    kind = {
        Move.Kind.MOVER: _of_mover,
        Move.Kind.MANAGER: _of_manager_change,
        Move.Kind.JOINER: _of_joiner,
        Move.Kind.LEAVER: _of_leaver,
        Move.Kind.LOST: _of_loss,
    }[Move.Kind(move.kind)]
    return kind(planner, move, changed, until)


def _seen_by(planner: _Planner, reader: Person, move: Move, until: Moment) -> Diff:
    """The same diff as this reader may see it in the portal."""
    return diff(move.person_id, just_before(move.opened), until, planner.viewer(reader))


def _of_mover(planner: _Planner, move: Move, changed: Diff, until: Moment) -> list[Draft]:
    if not changed.differs:
        return _of_manager_change(planner, move, changed, until)
    base = planner.configuration.base_url
    drafts = []
    own = _seen_by(planner, move.person, move, until)
    if own.differs:
        drafts.append(planner.draft("mover", move.person, tales.mover(case_of(move, own, base)), move))
    old, new = managers_of(move)
    if old and old != new:
        seen = case_of(move, _seen_by(planner, old, move, until), base)
        drafts.append(planner.draft("old_manager", old, tales.old_manager(seen), move))
    if new:
        seen = case_of(move, _seen_by(planner, new, move, until), base)
        has = access(move.person_id, until, planner.viewer(new)).apps
        drafts.append(planner.draft("new_manager", new, tales.new_manager(seen, has), move))
    return drafts


def _of_manager_change(planner: _Planner, move: Move, changed: Diff, until: Moment) -> list[Draft]:
    old, new = managers_of(move)
    if new is None or new == old:
        return _of_loss(planner, move, changed, until) if changed.lost else []
    case = case_of(move, _seen_by(planner, new, move, until), planner.configuration.base_url)
    has = access(move.person_id, until, planner.viewer(new)).apps
    return [planner.draft("new_manager", new, tales.manager_change(case, has), move)]


def _of_joiner(planner: _Planner, move: Move, changed: Diff, until: Moment) -> list[Draft]:
    base = planner.configuration.base_url
    own = case_of(move, _seen_by(planner, move.person, move, until), base)
    has = access(move.person_id, until, planner.viewer(move.person)).apps
    drafts = [planner.draft("joiner", move.person, tales.joiner(own, has), move)]
    manager = managers_of(move)[1]
    if manager:
        seen = case_of(move, _seen_by(planner, manager, move, until), base)
        has = access(move.person_id, until, planner.viewer(manager)).apps
        drafts.append(planner.draft("joiner_manager", manager, tales.joiner_manager(seen, has), move))
    return drafts


def _of_leaver(planner: _Planner, move: Move, changed: Diff, until: Moment) -> list[Draft]:
    old, new = managers_of(move)
    manager = new or old
    if manager is None:
        return []
    case = case_of(move, _seen_by(planner, manager, move, until), planner.configuration.base_url)
    has = access(move.person_id, until, planner.viewer(manager)).apps
    return [planner.draft("leaver_manager", manager, tales.leaver_manager(case, has), move)]


def _of_loss(planner: _Planner, move: Move, changed: Diff, until: Moment) -> list[Draft]:
    own = _seen_by(planner, move.person, move, until)
    if not own.lost:
        return []
    case = case_of(move, own, planner.configuration.base_url)
    return [planner.draft("lost", move.person, tales.lost(case), move)]
