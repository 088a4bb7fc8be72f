"""Corrections: a message that turned out wrong is corrected once, in its thread.

Three things count as wrong, if a later sync reverses them within the longest wait after sending: access that
was said to be gone and is back, a level that was said to be lower and is again what it was, and a move that
is back where it was. A case that does nothing but take back one that was told is told as its correction,
never as a new story.
"""

import logging
from dataclasses import replace
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet

from orgmodel.models import Change, Edge, Move
from orgmodel.queries.access.holdings import access
from orgmodel.queries.together import ask
from orgmodel.queries.visibility import OPERATOR
from orgmodel.why.voice import NOBODY, YOU

from . import mass
from .compose import items_of
from .facts import changed, noted
from .messages import Story, from_json
from .messages.stories import (
    CorrectionStory,
    Item,
    LeaverManagerStory,
    LostStory,
    ManagerChangeStory,
    MoverStory,
    NewManagerStory,
    OldManagerStory,
)
from .models import Outbox
from .move_context import Episode, episode_of
from .naming import asking_where_seen
from .notices import Composer, newest_change
from .outbox import KEPT_FOR, Draft, enqueue
from .waiting import resources_of, unconfirmed

logger = logging.getLogger(__name__)

State = Outbox.State
WHOLE = {
    "mover": "back",
    "old_manager": "back",
    "new_manager": "not_joined",
    "leaver_manager": "active",
}
"""Kinds whose move can be taken back, and what is then so."""


def correct(composer: Composer, *, hold: str) -> list[Draft]:
    """Plan the corrections of what was sent lately. `hold`: why they must wait for an admin, or empty."""
    facts_to = newest_change()
    sent = list(_sent_lately(composer))
    doubtful = changed(sent, composer.stamp)
    looked_at = [row for row in sent if row.pk in doubtful and not _waits(row)]
    found = [(row, _safely(composer, row)) for row in looked_at]
    drafts = [
        _draft(composer, row, story, facts_to) for row, story in found if story and _firm(composer, row)
    ]
    with transaction.atomic():
        if hold:
            drafts = [replace(draft, held=hold) for draft in drafts]
        elif drafts:
            drafts = _braked(composer, drafts)
        enqueue(drafts)
        noted((row.pk for row, story in found if story is None), facts_to, composer.stamp)
    return drafts


def _safely(composer: Composer, row: Outbox) -> Story | None:
    try:
        return correction_of(composer, row)
    except DatabaseError:
        raise
    except Exception:  # one message that cannot be judged must not stop the others
        logger.exception("message %s cannot be compared with the facts", row.pk)
        return None


def correction_of(composer: Composer, row: Outbox) -> Story | None:
    """What a sent message must be corrected to, as things are now; None where it still holds."""
    if row.move is None or row.recipient is None or _goes_on(row):
        return None
    episode, story = episode_of(row.move, row.tells_from), from_json(row.payload)
    if row.kind in WHOLE and _taken_back(composer, episode):
        return _of_move(composer, row, episode, story)
    return _of_access(composer, row, episode, story)


def only_takes_back(composer: Composer, move: Move) -> bool:
    """Whether a case that settles does nothing but reverse one that was told and is not corrected yet."""
    if move.kind in {Move.Kind.LEAVER, Move.Kind.JOINER, Move.Kind.BACK}:
        return False
    lately = _sent_lately(composer).filter(move__person=move.person_id, move__opened__lte=move.opened)
    before = {(row.move_id, row.tells_from): row.move for row in lately.exclude(move=move.pk)}
    episodes = (episode_of(case, since) for (_pk, since), case in before.items() if case)
    return any(_taken_back(composer, each) and _same_as_before(composer, each) for each in episodes)


def _taken_back(composer: Composer, episode: Episode) -> bool:
    """What the case was about is no longer so."""
    if Move.Kind.LEAVER in episode.kinds:
        return episode.move.person.status != "ended"
    return episode.kind not in {Move.Kind.JOINER, Move.Kind.BACK} and _same_as_before(composer, episode)


def _same_as_before(composer: Composer, episode: Episode) -> bool:
    changed = composer.seen_by(None, episode)
    return not changed.attributes and not changed.differs


def _sent_lately(composer: Composer) -> QuerySet[Outbox]:
    """Messages that could be corrected still, newest first."""
    longest = timedelta(hours=composer.configuration.conventions.notify.longest_wait_hours)
    since = composer.now - longest
    sent = Q(state=State.SENT, sent_at__gt=since) | Q(gathered__state=State.SENT, gathered__sent_at__gt=since)
    return (
        Outbox.objects.filter(sent, corrects=None)
        .filter(move__isnull=False, corrections=None)
        .select_related("move__person", "recipient")
        .order_by("-sent_at", "pk")
    )


def _newer(row: Outbox) -> QuerySet[Move]:
    person, opened = (row.move.person_id, row.move.opened) if row.move else (0, row.created)
    return Move.objects.filter(person=person, opened__gte=opened).exclude(pk=row.move_id or 0)


def _waits(row: Outbox) -> bool:
    """A newer case of the person is open: what it comes to is not known yet."""
    return _newer(row).filter(state=Move.State.OPEN).exists()


def _firm(composer: Composer, row: Outbox) -> bool:
    """A second sync has confirmed what the person has now."""
    if row.move is None:
        return False
    has = access(row.move.person_id, composer.until, OPERATOR)
    return not unconfirmed(row.move.person_id, resources_of(has.apps))


def _goes_on(row: Outbox) -> bool:
    """A newer case tells the same reader more: that is no correction."""
    later = Outbox.objects.filter(move__in=_newer(row), recipient=row.recipient_id, corrects=None)
    return later.exclude(state=State.SUPPRESSED).exists()


def _of_move(composer: Composer, row: Outbox, episode: Episode, story: Story) -> Story | None:
    first = _changes(row, episode).filter(kind__in=["attribute", "manager", "assignment", "person"]).first()
    found = _story(composer, row, episode, WHOLE[row.kind], first, whole=True)
    if first and first.move_id and first.move_id not in episode.moves:
        found = replace(found, source=ask(asking_where_seen([first.move_id], composer.configuration)))
    if isinstance(story, ManagerChangeStory):
        return replace(found, what="not_reporting")
    if not isinstance(story, MoverStory | OldManagerStory | NewManagerStory):
        return found
    unit = story.headline_to if isinstance(story, NewManagerStory) else story.headline_from
    yours = not isinstance(story, OldManagerStory | NewManagerStory) or story.yours
    what = found.what if unit else "as_before"
    return replace(found, what=what, unit=unit, unit_kind=story.unit_kind, yours=yours)


def _of_access(composer: Composer, row: Outbox, episode: Episode, story: Story) -> Story | None:
    gone, lowered = _told_gone(story), _told_lowered(story)
    if not (gone or lowered) or row.recipient is None:
        return None
    has = {each.app.native_id: each for each in composer.has(episode, row.recipient)}
    back = [has[item.native_id] for item in gone if item.native_id in has]
    level = [
        has[item.native_id]
        for item in lowered
        if item.native_id in has and has[item.native_id].level == item.before
    ]
    if not (back or level):
        return None
    ways = {hop.resource for each in back for way in each.routes for hop in way.hops}
    again = Q(resource__in=ways) | Q(app__in=ways)
    apps = [each.app.pk for each in level]
    openers = Edge.objects.filter(target__resource__in=apps).values("source__resource")
    moved = Q(app__in=apps) | Q(resource__in=apps) | Q(resource__in=openers)
    first = _changes(row, episode).filter(again & ~Q(verb="ended") | moved).first()
    tell = composer.case(episode, row.recipient).teller(
        YOU if row.recipient == episode.move.person else NOBODY
    )
    return _story(
        composer,
        row,
        episode,
        "access",
        first,
        restored=items_of(back, tell.came),
        levels=items_of(level, tell.held),
        whole=isinstance(story, LostStory) and len(back) + len(level) == len(gone) + len(lowered),
    )


def _told_gone(story: Story) -> tuple[Item, ...]:
    if isinstance(story, MoverStory | LostStory):
        return story.lost
    if isinstance(story, OldManagerStory):
        return story.ended
    return story.removed if isinstance(story, LeaverManagerStory) else ()


def _told_lowered(story: Story) -> tuple[Item, ...]:
    return story.lowered if isinstance(story, MoverStory | LostStory | OldManagerStory) else ()


def _changes(row: Outbox, episode: Episode) -> QuerySet[Change]:
    """What changed since the message was composed, for the person or for nobody in particular."""
    about = Q(person=episode.move.person_id) | Q(person=None)
    return Change.objects.filter(about, pk__gt=row.facts_to).order_by("pk")


def _story(
    composer: Composer,
    row: Outbox,
    episode: Episode,
    what: str,
    change: Change | None,
    *,
    whole: bool,
    restored: tuple[Item, ...] = (),
    levels: tuple[Item, ...] = (),
) -> CorrectionStory:
    person, reader = episode.move.person, row.recipient
    at = change.at if change else composer.now
    zone = composer.zone(reader or person)
    return CorrectionStory(
        link=str(row.payload["link"]),
        person_name="" if reader == person else person.name,
        what=what,
        since=at.astimezone(zone).replace(second=0, microsecond=0),
        restored=restored,
        levels=levels,
        # Of a message about several people the rest still holds.
        whole=whole and row.gathered_id is None,
    )


def _draft(composer: Composer, row: Outbox, story: Story, facts_to: int) -> Draft:
    return Draft(
        kind=row.kind,
        to=row.recipient.email if row.recipient else row.to,
        recipient_id=row.recipient_id,
        story=story,
        dedupe_key=f"correction:{row.pk}",
        not_before=composer.due(row.recipient) if row.recipient else composer.now,
        deadline=composer.now + KEPT_FOR,
        move_id=row.move_id,
        revision=row.revision + 1,
        corrects=row.pk,
        facts_to=facts_to,
        visibility=composer.stamp,
        tells_from=row.tells_from,
    )


def _braked(composer: Composer, drafts: list[Draft]) -> list[Draft]:
    """Corrections about too many people wait for an admin like every other mass of messages.

    So does one about somebody of a mass change that is not decided: it would tell what that is holding back.
    """
    mass.lock()
    moves = {draft.move_id for draft in drafts if draft.move_id}
    about = dict(Move.objects.filter(pk__in=moves).values_list("pk", "person"))
    batch = mass.of_corrections(about.values(), composer.configuration, composer.now)
    undecided = mass.undecided_about(about.values())
    found = [batch or undecided.get(about.get(draft.move_id or 0, 0)) for draft in drafts]
    return [
        replace(draft, held=mass.reason(one), mass=one.pk) if one else draft
        for draft, one in zip(drafts, found, strict=True)
    ]
