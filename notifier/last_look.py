"""The last look before a message leaves: is what it says still true?

Where nothing changed since it was composed, one question for the whole batch settles it. Where something
did, the message is composed again from the facts of now, as the planner would, and compared.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Max, Q

from orgmodel.models import Move, Person
from orgmodel.queries.history.diff import Diff

from .alarms import admins, still_asked
from .claims import DeliveryOutcome
from .corrections import correction_of
from .facts import changed, noted
from .gathering import key_of_row, story_of
from .messages import Story, from_json, to_json
from .models import Outbox
from .move_context import Episode, episode_of
from .notices import Composer, drafts_of, newest_change, notices_of, undone
from .outbox import NO_LONGER_TRUE, TAKEN_BACK, Draft, enqueue
from .waiting import touched_by, unconfirmed

REPLACED = "replaced by a new version: what it said has changed"
NOT_THEIRS = {
    "old_manager": "the reader did not lead the person before",
    "new_manager": "the reader does not lead the person now",
    "joiner_manager": "the reader does not lead the person now",
    "leaver_manager": "the reader did not lead the person",
}
NEWER = "waits until a newer change of the same person has settled"
UNCONFIRMED = "waits until a second sync confirms what has changed"
SOON = timedelta(minutes=1)

logger = logging.getLogger(__name__)
_Known = dict[tuple[int, datetime | None], tuple[Episode, Diff]]


@dataclass(frozen=True, slots=True)
class _Now:
    """What there is to say now; without a story, why there is nothing."""

    story: Story | None
    why_not: str = ""


def look(composer: Composer, rows: Sequence[Outbox]) -> dict[UUID, DeliveryOutcome]:
    """What becomes of those claimed messages that may not go as they are; the others may."""
    facts_to = newest_change()
    doubtful = changed(rows, composer.stamp)
    parts = _parts(rows, composer)
    cases = Move.objects.select_related("person").in_bulk(
        {
            *(row.move_id for row in rows if row.move_id and row.pk in doubtful),
            *(part.move_id for gathered in parts.values() for part in gathered if part.move_id),
        }
    )
    outcomes: dict[UUID, DeliveryOutcome] = {}
    known: _Known = {}
    for row in rows:
        try:
            if row.pk in parts:
                found = _of_parts(composer, row, parts[row.pk], cases, known)
                outcome = _judged(composer, row, found, facts_to)
            else:
                case = cases.get(row.move_id or 0) if row.pk in doubtful else None
                outcome = _of_row(composer, row, case, known, facts_to)
        except DatabaseError:
            raise
        except Exception:  # one message that cannot be composed must not stop the others
            logger.exception("message %s cannot be composed again", row.pk)
            outcome = DeliveryOutcome.failed(
                "it cannot be composed again, so nobody knows whether it is still true"
            )
        if outcome:
            outcomes[row.pk] = outcome
    noted(doubtful - outcomes.keys(), facts_to, composer.stamp)
    return outcomes


def _of_row(
    composer: Composer, row: Outbox, case: Move | None, known: _Known, facts_to: int
) -> DeliveryOutcome | None:
    if row.kind == Outbox.Kind.ADMIN and row.about:
        return _judged(composer, row, _of_admins(composer, row), facts_to)
    if case is None:
        return None
    if newer := _newer_case(case):
        return DeliveryOutcome.put_back(until=max(newer.settles_at, composer.now + SOON), reason=NEWER)
    episode, whole = _episode_and_diff(composer, row, case, known)
    now = _of_case(composer, row, episode, whole)
    if not _as_it_was(row, now) and unconfirmed(case.person_id, touched_by(whole)):
        return DeliveryOutcome.put_back(until=composer.now + SOON, reason=UNCONFIRMED)
    return _judged(composer, row, now, facts_to)


def hand_on(composer: Composer, rows: Sequence[Outbox]) -> None:
    """What waited for readers who have left is told to whoever hears in their place."""
    waited = Outbox.objects.filter(
        Q(pk__in=[row.pk for row in rows]) | Q(gathered__in=[row.pk for row in rows]),
        recipient__status="ended",
        corrects=None,
        move__isnull=False,
    )
    known: _Known = {}
    facts_to = newest_change()
    for row in waited.select_related("move__person"):
        if row.move is not None:
            episode, whole = _episode_and_diff(composer, row, row.move, known)
            enqueue(drafts_of(composer, episode, whole, facts_to, row.kind))


def _episode_and_diff(composer: Composer, row: Outbox, case: Move, known: _Known) -> tuple[Episode, Diff]:
    key = (case.pk, row.tells_from)
    if key not in known:
        episode = episode_of(case, row.tells_from)
        known[key] = episode, composer.seen_by(None, episode)
    return known[key]


def _parts(rows: Sequence[Outbox], composer: Composer) -> dict[UUID, list[Outbox]]:
    """Messages that tell others, of which one may not be so any more → what they tell, as it was planned."""
    digests = [row.pk for row in rows if row.kind == Outbox.Kind.DIGEST]
    found: dict[UUID, list[Outbox]] = {}
    if digests:
        for part in Outbox.objects.filter(gathered__in=digests).order_by("created", "pk"):
            found.setdefault(part.gathered_id or part.pk, []).append(part)
    unsure = changed([part for gathered in found.values() for part in gathered], composer.stamp)
    return {
        pk: gathered
        for pk, gathered in found.items()
        if any(part.pk in unsure or part.state != Outbox.State.PLANNED for part in gathered)
    }


def _of_parts(
    composer: Composer, row: Outbox, parts: Sequence[Outbox], cases: Mapping[int, Move], known: _Known
) -> _Now:
    """What there is to tell of all that a message gathers; what may not be told now is let go of."""
    still_true: list[tuple[Outbox, Story]] = []
    for part in parts:
        case = cases.get(part.move_id or 0)
        if part.state != Outbox.State.PLANNED or case is None or _newer_case(case):
            Outbox.objects.filter(pk=part.pk).update(gathered=None)
            continue
        episode, whole = _episode_and_diff(composer, part, case, known)
        now = _of_case(composer, part, episode, whole)
        if not _as_it_was(part, now) and unconfirmed(case.person_id, touched_by(whole)):
            Outbox.objects.filter(pk=part.pk).update(gathered=None)
        elif now.story is None:
            reason = NO_LONGER_TRUE + now.why_not
            Outbox.objects.filter(pk=part.pk).update(state=Outbox.State.SUPPRESSED, reason=reason)
        else:
            still_true.append((part, now.story))
    if not still_true or row.recipient_id is None:
        return _Now(None, "nothing of it is so any more")
    reader = Person.objects.get(pk=row.recipient_id)
    return _Now(story_of(composer, reader, key_of_row(row), still_true))


def _judged(composer: Composer, row: Outbox, found: _Now, facts_to: int) -> DeliveryOutcome | None:
    """None: it says what is so."""
    if found.story is None:
        return DeliveryOutcome.suppressed(NO_LONGER_TRUE + found.why_not)
    if row.revision and (row.facts_to, row.visibility) == (facts_to, composer.stamp):
        # It was composed a moment ago: should it come out otherwise each time, it still goes, and once.
        return None
    if _as_it_was(row, found):
        return None
    _replace(composer, row, found.story, facts_to)
    return DeliveryOutcome.suppressed(REPLACED)


def _as_it_was(row: Outbox, found: _Now) -> bool:
    # As it would be read again: what is stored knows lists where a story has tuples.
    return found.story is not None and from_json(to_json(found.story)) == from_json(row.payload)


def _of_case(composer: Composer, row: Outbox, episode: Episode, whole: Diff) -> _Now:
    if row.corrects_id is not None:
        return _Now(
            correction_of(composer, Outbox.objects.get(pk=row.corrects_id)), "the first message holds"
        )
    if undone(episode, whole):
        return _Now(None, TAKEN_BACK.removeprefix(NO_LONGER_TRUE))
    for notice in notices_of(composer, episode, whole):
        if (notice.kind, notice.reader.pk) == (row.kind, row.recipient_id):
            return _Now(notice.compose(composer, episode), "nothing of it is different any more")
    return _Now(None, NOT_THEIRS.get(row.kind, "nothing of it is different any more"))


def _of_admins(composer: Composer, row: Outbox) -> _Now:
    if row.recipient_id not in {each.pk for each in admins(composer.configuration.conventions)}:
        return _Now(None, "the reader is no admin any more")
    return _Now(still_asked(composer.configuration, row.about), "nothing of it waits any more")


def _newer_case(case: Move) -> Move | None:
    newer = Move.objects.filter(person=case.person_id, state=Move.State.OPEN).exclude(pk=case.pk)
    return newer.first()


def _replace(composer: Composer, row: Outbox, story: Story, facts_to: int) -> None:
    """A new revision, to be sent as soon as the old one might have been."""
    with transaction.atomic():
        same = Outbox.objects.filter(
            kind=row.kind, recipient=row.recipient_id, move=row.move_id, corrects=row.corrects_id
        )
        revision = max(same.aggregate(newest=Max("revision"))["newest"] or 0, row.revision) + 1
        key = row.dedupe_key.partition("#")[0]
        new = enqueue(
            [
                Draft(
                    kind=row.kind,
                    to=row.to,
                    recipient_id=row.recipient_id,
                    story=story,
                    dedupe_key=f"{key}#{revision}",
                    not_before=composer.now,
                    deadline=row.deadline,
                    move_id=row.move_id,
                    revision=revision,
                    mass=row.mass_id,
                    released=row.released,
                    corrects=row.corrects_id,
                    facts_to=facts_to,
                    visibility=composer.stamp,
                    tells_from=row.tells_from,
                    about=row.about,
                )
            ]
        )
        Outbox.objects.filter(gathered=row.pk, state=Outbox.State.PLANNED).update(gathered=new[0])
