"""Cases of one person that are told together as one.

Those of which nobody has heard: a message that still waits is never overtaken by events, so whoever moves on
is told of one move, whoever moved back of none. And those that were told although their other half had not
come within the longest wait: what comes of it then completes the same story. An app that is closed for
everyone, or taken away by hand, meanwhile is no half of a move: it is told by itself, as is one loss after
another with no move about them.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import dropwhile, takewhile
from typing import Any

from django.db.models import Count, Q

from orgmodel.models import Change, Move
from orgmodel.queries.history.outstanding import BY_ITSELF

from .messages import Story, from_json, to_json
from .models import Outbox
from .move_context import Episode
from .outbox import NO_LONGER_TRUE, Draft

State = Outbox.State
TOGETHER = "told together with what came after"
WAITING = Q(state__in=[State.PLANNED, State.HELD])
UNTRUE = Q(state=State.SUPPRESSED, reason__startswith=NO_LONGER_TRUE)
LEFT = [State.SENDING, State.SENT, State.UNCERTAIN]
HEARD = Q(state__in=LEFT) | Q(gathered__state__in=LEFT)


COMPLETED_WITHIN = timedelta(days=14)
"""How long after a case was told without its other half what comes is taken to be that half."""


def starts_of_episode(move: Move, now: datetime) -> Iterator[datetime | None]:
    """From when on to tell the case: with what it completes, else with what nobody has heard of; None: alone.

    What it completes was heard of: should the two come to nothing together, the case is told without it.
    """
    settled = Q(state=Move.State.SETTLED) | Q(state=Move.State.REVERTED, unfinished=True)
    earlier = Move.objects.filter(settled, person=move.person_id, opened__lte=move.opened)
    cases = list(earlier.exclude(pk=move.pk).order_by("-opened", "-pk"))
    unheard = list(takewhile(lambda case: _unheard(case, now), cases))
    oldest = now - COMPLETED_WITHIN
    joined = list(dropwhile(lambda case: not _unfinished(case, oldest), cases))
    joined = list(takewhile(lambda case: _unheard(case, now) or _unfinished(case, oldest), joined))
    losses = {case.kind for case in (*joined, move)} <= {Move.Kind.LOST}
    if joined and not losses and _completes(move):
        yield joined[-1].opened
    yield unheard[-1].opened if unheard else None


def _completes(move: Move) -> bool:
    """The case brings what a half of a move brings: a record that changed, or what rules gave or took."""
    # Whom a rule excludes by name, somebody has taken out.
    by_itself = Q(cause__kind__in=BY_ITSELF) & ~Q(cause__contains={"how": "excluded"})
    ruled = Q(kind="grant", verb__in=["began", "ended"]) & (by_itself | ~Q(cause__has_key="kind"))
    records = Q(kind__in=["attribute", "assignment", "manager", "person", "account"])
    return Change.objects.filter(ruled | records, move=move).exists()


def _unfinished(case: Move, oldest: datetime) -> bool:
    return case.unfinished and case.settled is not None and case.settled > oldest


def _unheard(case: Move, now: datetime) -> bool:
    messages = Outbox.objects.filter(move=case, corrects=None, deadline__gt=now)
    numbers = messages.aggregate(
        waiting=Count("pk", filter=WAITING | UNTRUE), heard=Count("pk", filter=HEARD)
    )
    return bool(numbers["waiting"]) and not numbers["heard"]


def held_before(episode: Episode) -> Outbox | None:
    """A message of the earlier cases that waits for an admin."""
    return Outbox.objects.filter(move__in=_earlier(episode), state=State.HELD).first()


def give_way(episode: Episode, reason: str, *, finished: bool) -> None:
    """What still waits of the earlier cases is never sent by itself. `finished`: nor completed any more."""
    waiting = Outbox.objects.filter(WAITING, move__in=_earlier(episode))
    waiting.update(state=State.SUPPRESSED, reason=reason)
    if finished:
        Move.objects.filter(pk__in=_earlier(episode), unfinished=True).update(unfinished=False)


def news(episode: Episode, drafts: list[Draft]) -> list[Draft]:
    """Without what the reader was told in the very same words of the earlier cases."""
    heard = (
        Outbox.objects.filter(HEARD, move__in=_earlier(episode), corrects=None) if _earlier(episode) else ()
    )
    known = [(row.kind, row.recipient_id, _words(row.payload)) for row in heard]
    return [
        draft
        for draft in drafts
        if (draft.kind, draft.recipient_id, _words(to_json(draft.story))) not in known
    ]


def _words(payload: dict[str, Any]) -> Story:
    return replace(from_json(payload), link="")


def _earlier(episode: Episode) -> list[int]:
    return [pk for pk in episode.moves if pk != episode.move.pk]
