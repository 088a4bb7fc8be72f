"""Planning: every case that has settled becomes messages to those who should hear of it, once.

First it is decided whether this is a mass change. Then each case's row is locked while its messages are
written, so two planners never tell the same one twice; one that waits for a second sync, or for its other
half, stays open. Last, what turned out wrong is corrected.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction

from orgmodel.configuration import Configuration
from orgmodel.models import Move
from orgmodel.queries.history.diff import Diff

from . import joined_cases, mass
from .alarms import raise_alarms
from .corrections import correct, only_takes_back
from .gathering import gather
from .models import Outbox
from .move_context import Episode, episode_of, summary_of
from .notices import Composer, drafts_of, newest_change, undone
from .outbox import TAKEN_BACK, Draft, enqueue
from .waiting import other_half, waits_for

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
        gather(composer)
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
    episode, changed = _episode_and_diff(composer, move)
    if waits := waits_for(move, episode.kind, changed, composer.now, longest_of(composer)):
        if waits.what != "confirm":
            move.looked = facts_to
            move.save(update_fields=["looked"])
        return []
    reverted = undone(episode, changed)
    drafts: list[Draft] = []
    if not reverted and composer.configuration.notify != "off" and not only_takes_back(composer, move):
        inherited = joined_cases.held_before(episode)
        composed = joined_cases.news(episode, drafts_of(composer, episode, changed, facts_to))
        drafts = [_held(composer, draft, inherited) for draft in composed]
    reason = TAKEN_BACK if reverted else joined_cases.TOGETHER
    # What came to nothing that anybody is told leaves an earlier half as it is.
    joined_cases.give_way(episode, reason, finished=reverted or bool(drafts))
    move.state = Move.State.REVERTED if reverted else Move.State.SETTLED
    move.settled = composer.now
    move.unfinished = other_half(episode.kind, changed) is not None
    move.summary = {} if reverted else summary_of(episode, changed)
    move.save(update_fields=["state", "settled", "unfinished", "summary"])
    enqueue(drafts)
    return drafts


def _episode_and_diff(composer: Composer, move: Move) -> tuple[Episode, Diff]:
    """The case with the earlier ones that it is told with, and what changed in them."""
    for since in joined_cases.starts_of_episode(move, composer.now):
        episode = episode_of(move, since)
        changed = composer.seen_by(None, episode)
        if not undone(episode, changed):
            break
    return episode, changed


def longest_of(composer: Composer) -> timedelta:
    """How long a case waits for its other half."""
    return timedelta(hours=composer.configuration.conventions.notify.longest_wait_hours)


def _held(composer: Composer, draft: Draft, inherited: Outbox | None) -> Draft:
    if composer.configuration.notify == "hold":
        return replace(draft, held=HOLD)
    batch = mass.holding(draft.move_id or 0)
    if batch:
        return replace(draft, held=mass.reason(batch), mass=batch.pk)
    # What takes the place of a held message is held as well: nothing slips through by being revised.
    return replace(draft, held=inherited.reason, mass=inherited.mass_id) if inherited else draft
