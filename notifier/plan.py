"""Planning: every move that has settled becomes messages to those who should hear of it, once.

First it is decided whether this is a mass change. Then each move's row is locked while its messages are
written, so two planners never tell the same move twice. Last, what turned out wrong is corrected.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import DatabaseError, transaction

from orgmodel.configuration import Configuration
from orgmodel.models import Move

from . import folding, mass
from .alarms import raise_alarms
from .cases import episode
from .corrections import correct, only_takes_back
from .models import Outbox
from .notices import Composer, drafts_of, newest_change, undone
from .outbox import TAKEN_BACK, Draft, enqueue

logger = logging.getLogger(__name__)
HOLD = "NOTIFY is set to hold"


@dataclass(frozen=True)
class Planned:
    """What one planning came to."""

    moves: int = 0
    messages: int = 0
    held: int = 0


def plan(configuration: Configuration, now: datetime) -> Planned:
    """Plan the messages of every move that is due. Nothing is sent here."""
    composer = Composer(configuration, now)
    due = mass.brake(configuration, now)
    made = held = 0
    for pk in due:
        drafts = _safely(composer, pk)
        made += len(drafts)
        held += sum(bool(draft.held) for draft in drafts)
    if configuration.notify != "off":
        corrections = correct(composer, hold=HOLD if configuration.notify == "hold" else "")
        made += len(corrections)
        held += sum(bool(draft.held) for draft in corrections)
    if configuration.notify == "on":
        made += mass.ask(configuration, now) + raise_alarms(configuration, now)
    return Planned(len(due), made, held)


def _safely(composer: Composer, pk: int) -> list[Draft]:
    try:
        with transaction.atomic():
            return _settle(composer, pk)
    except DatabaseError:
        raise
    except Exception:  # one case that cannot be told must not stop the others; it stays open
        logger.exception("move %s cannot be planned", pk)
        return []


def _settle(composer: Composer, pk: int) -> list[Draft]:
    """Plan one move, in the transaction of the caller. Gives the messages that are new."""
    move = (
        Move.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("person")
        .filter(pk=pk, state=Move.State.OPEN, settles_at__lte=composer.now)
        .first()
    )
    if move is None:
        return []
    facts_to = newest_change()
    told = episode(move, folding.untold_since(move, composer.now))
    changed = composer.seen_by(None, told)
    reverted = undone(told, changed)
    drafts: list[Draft] = []
    if not reverted and composer.configuration.notify != "off" and not only_takes_back(composer, move):
        inherited = folding.held_before(told)
        composed = drafts_of(composer, told, changed, facts_to)
        drafts = [_held(composer, draft, inherited) for draft in composed]
    folding.give_way(told, TAKEN_BACK if reverted else folding.TOGETHER)
    move.state = Move.State.REVERTED if reverted else Move.State.SETTLED
    move.settled = composer.now
    move.save(update_fields=["state", "settled"])
    enqueue(drafts)
    return drafts


def _held(composer: Composer, draft: Draft, inherited: Outbox | None) -> Draft:
    if composer.configuration.notify == "hold":
        return replace(draft, held=HOLD)
    batch = mass.holding(draft.move_id or 0)
    if batch:
        return replace(draft, held=mass.reason(batch), mass=batch.pk)
    # What takes the place of a held message is held as well: nothing slips through by being revised.
    return replace(draft, held=inherited.reason, mass=inherited.mass_id) if inherited else draft
