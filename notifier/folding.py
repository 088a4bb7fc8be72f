"""Cases that nobody has heard of when the next one of the same person settles: they are told with it, as one.

A message that still waits is never overtaken by events: whoever moves on is told of one move, whoever moved
back of none.
"""

from datetime import datetime

from django.db.models import Count, Q

from orgmodel.models import Move

from .cases import Episode
from .models import Outbox
from .outbox import NO_LONGER_TRUE

State = Outbox.State
TOGETHER = "told together with what came after"
WAITING = Q(state__in=[State.PLANNED, State.HELD])
UNTRUE = Q(state=State.SUPPRESSED, reason__startswith=NO_LONGER_TRUE)
HEARD = Q(state__in=[State.SENDING, State.SENT, State.UNCERTAIN])


def untold_since(move: Move, now: datetime) -> datetime | None:
    """When the first case was opened of which nobody has heard yet, before this one; None: there is none."""
    earlier = Move.objects.filter(person=move.person_id, opened__lte=move.opened, state=Move.State.SETTLED)
    earliest = None
    for case in earlier.exclude(pk=move.pk).order_by("-opened", "-pk"):
        messages = Outbox.objects.filter(move=case, corrects=None, deadline__gt=now)
        numbers = messages.aggregate(
            waiting=Count("pk", filter=WAITING | UNTRUE), heard=Count("pk", filter=HEARD)
        )
        if not numbers["waiting"] or numbers["heard"]:
            break
        earliest = case.opened
    return earliest


def held_before(told: Episode) -> Outbox | None:
    """A message of the earlier cases that waits for a human."""
    return Outbox.objects.filter(move__in=_earlier(told), state=State.HELD).first()


def give_way(told: Episode, reason: str) -> None:
    """What still waits of the earlier cases is never sent by itself."""
    waiting = Outbox.objects.filter(WAITING, move__in=_earlier(told))
    waiting.update(state=State.SUPPRESSED, reason=reason)


def _earlier(told: Episode) -> list[int]:
    return [pk for pk in told.moves if pk != told.move.pk]
