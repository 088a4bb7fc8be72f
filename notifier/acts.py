"""What humans do about messages: release, drop, send again, stop, go on. Each leaves who, when, why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from .mass import held
from .models import MassChange, Outbox, OutboxAct, Stop
from .outbox import AGAIN, KEPT_FOR, REPLACED_BY
from .slack import CANNOT_LOOK

State = Outbox.State
Act = OutboxAct.Act


class Refused(ValueError):
    """The act cannot be done; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person of the read model, or, on the server, only a name."""

    name: str
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """One act as it was done."""

    act: str
    who: str
    at: datetime
    reason: str
    count: int


def release(ids: Iterable[UUID], actor: Actor, reason: str = "", *, mass: int | None = None) -> int:
    """Let held messages go: they are sent at the next delivery, if still true. Gives how many.

    A mass change of which nothing is held any more is decided with it. `mass`: the one that this decides.
    """
    released = {"state": State.PLANNED, "reason": "released by an admin", "released": True}
    return _do(Act.RELEASE, actor, reason, Q(pk__in=list(ids), state=State.HELD), released, mass)


def drop(ids: Iterable[UUID], actor: Actor, reason: str, *, mass: int | None = None) -> int:
    """Never send these, if they are not sent yet. Gives how many. Raises Refused without a reason."""
    _need(reason, "Say why nobody is to get this.")
    unsent = [State.PLANNED, State.HELD, State.UNCERTAIN]
    dropped = {"state": State.SUPPRESSED, "reason": "dropped by an admin"}
    return _do(Act.DROP, actor, reason, Q(pk__in=list(ids), state__in=unsent), dropped, mass)


def send_again(ids: Iterable[UUID], actor: Actor, reason: str) -> int:
    """Retry what failed, was suppressed, or may or may not have arrived. Gives how many.

    Only what is still true is sent, and what may have arrived is looked for first. Raises Refused without
    a reason.
    """
    _need(reason, "Say why it is to be sent again.")
    now = timezone.now()
    rows = Q(pk__in=list(ids), state__in=AGAIN) & ~Q(reason__in=REPLACED_BY)
    anew = {
        "reason": "sent again by an admin",
        "released": True,
        "not_before": now,
        "deadline": now + KEPT_FOR,
        "attempts": 0,
        "doubts": 0,
        "waits": 0,
        "looks": 0,
    }
    # Whatever was ever on its way may have arrived, whatever its state says.
    unknown = Q(first_claimed__isnull=False) & ~Q(last_error=CANNOT_LOOK)
    with transaction.atomic():
        doubtful = {**anew, "state": State.UNCERTAIN, "uncertain_since": now}
        looked_for = _do(Act.SEND_AGAIN, actor, reason, rows & unknown, doubtful)
        planned = {**anew, "state": State.PLANNED, "last_error": "", "uncertain_since": None}
        return looked_for + _do(Act.SEND_AGAIN, actor, reason, rows & ~unknown, planned)


def decide_mass(mass: int, actor: Actor, reason: str, *, let_go: bool) -> int:
    """Decide a mass change as a whole, with what is still to be planned of it. Gives how many messages."""
    with transaction.atomic():
        ids = held(mass)
        undecided = MassChange.objects.select_for_update().filter(pk=mass, decision="").exists()
        count = (release if let_go else drop)(ids, actor, reason, mass=mass if undecided else None)
        decision = MassChange.Decision.RELEASED if let_go else MassChange.Decision.DROPPED
        MassChange.objects.filter(pk=mass, decision="").update(decision=decision)
    return count


def stop(actor: Actor, reason: str) -> None:
    """Let nothing go any more, planned messages included, until `resume`. Raises Refused."""
    _need(reason, "Say why sending is stopped.")
    try:
        with transaction.atomic():
            Stop.objects.create(began=_write(Act.STOP, actor, reason))
    except IntegrityError:
        raise Refused("Sending is stopped already.") from None


def resume(actor: Actor, reason: str) -> None:
    """Let messages go again; each is checked once more before it leaves. Raises Refused."""
    _need(reason, "Say why sending goes on.")
    with transaction.atomic():
        current = Stop.objects.select_for_update().filter(ended=None).first()
        if current is None:
            raise Refused("Sending is not stopped.")
        current.ended = _write(Act.RESUME, actor, reason)
        current.save(update_fields=["ended"])


def stopped() -> Done | None:
    """Who stopped all sending, when and why; None while messages go."""
    current = Stop.objects.filter(ended=None).select_related("began").first()
    return _done(current.began) if current else None


def acts(message: UUID | None = None, most: int = 20) -> list[Done]:
    """What was done about one message, or at all, the newest first."""
    rows: QuerySet[OutboxAct] = OutboxAct.objects.order_by("-pk")
    if message is not None:
        rows = rows.filter(messages=message)
    return [_done(row) for row in rows[:most]]


def _do(
    act: Act, actor: Actor, reason: str, which: Q, columns: Mapping[str, object], mass: int | None = None
) -> int:
    """An act that changes nothing leaves nothing, but for the decision about a mass change."""
    with transaction.atomic():
        rows = list(Outbox.objects.select_for_update().filter(which).only("pk", "mass"))
        if not rows and mass is None:
            return 0
        Outbox.objects.filter(pk__in=[row.pk for row in rows]).update(**columns)
        _write(act, actor, reason, len(rows), mass).messages.set(rows)
        if act in {Act.RELEASE, Act.DROP}:
            _settle_mass({row.mass_id for row in rows if row.mass_id}, act)
        return len(rows)


def _settle_mass(batches: set[int], act: Act) -> None:
    """A mass change of which nothing is held any more has been decided message by message."""
    decision = MassChange.Decision.RELEASED if act == Act.RELEASE else MassChange.Decision.DROPPED
    whole = MassChange.objects.filter(pk__in=batches, decision="").exclude(messages__state=State.HELD)
    whole.exclude(cases__move__state="open").update(decision=decision)


def _write(act: Act, actor: Actor, reason: str, count: int = 0, mass: int | None = None) -> OutboxAct:
    return OutboxAct.objects.create(
        at=timezone.now(),
        act=act,
        person_id=actor.person,
        who=actor.name,
        reason=reason.strip(),
        count=count,
        mass_id=mass,
    )


def _need(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise Refused(f"A reason is needed. {sentence}")


def _done(row: OutboxAct) -> Done:
    return Done(row.act, row.who, row.at, row.reason, row.count)
