"""The outbox for the rest of the code: adding messages, and showing what became of them. People use acts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet

from orgmodel.models import Finding

from .messages import Story, from_json, render, to_json
from .models import Outbox

State = Outbox.State
SUPERSEDED = "superseded by a newer version"
TOLD_TOGETHER = "told in one message with others"
REPLACED_BY = {SUPERSEDED, TOLD_TOGETHER}
"""Reasons of messages in whose place another one went."""
AGAIN = {State.FAILED, State.SUPPRESSED, State.UNCERTAIN}
"""States out of which an admin may send a message again."""
NO_LONGER_TRUE = "no longer true: "
TAKEN_BACK = f"{NO_LONGER_TRUE}it was taken back"
PAGE = 500
KEPT_FOR = timedelta(days=7)
"""After this a message is no news any more."""

# A message that replaces a held one is held as well: nothing slips through a hold by being revised.
INHERIT = """
UPDATE notifier_outbox AS new SET state = 'held', reason = old.reason, mass_id = old.mass_id
FROM notifier_outbox AS old
WHERE new.id = ANY(%s) AND new.state = 'planned' AND old.state = 'held'
  AND old.recipient_id = new.recipient_id AND old.kind = new.kind
  AND old.move_id = new.move_id AND old.revision < new.revision
"""
SUPERSEDE = """
UPDATE notifier_outbox AS old SET state = 'suppressed', reason = %s FROM notifier_outbox AS new
WHERE new.id = ANY(%s) AND old.state IN ('planned', 'held') AND old.recipient_id = new.recipient_id
  AND old.kind = new.kind AND old.move_id = new.move_id AND old.revision < new.revision
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One message to plan. `held`: why it must wait for an admin; empty when it need not."""

    kind: str
    to: str
    recipient_id: int | None
    story: Story
    dedupe_key: str
    not_before: datetime
    deadline: datetime
    move_id: int | None = None
    revision: int = 0
    held: str = ""
    mass: int | None = None
    released: bool = False
    corrects: UUID | None = None
    facts_to: int = 0
    """The newest change of the read model when the story was composed."""
    visibility: str = ""
    tells_from: datetime | None = None
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """One row of the outbox, with the exact text and blocks."""

    id: UUID
    kind: str
    to: str
    state: str
    reason: str
    not_before: datetime
    text: str
    blocks: list[dict[str, Any]]
    dedupe_key: str
    move: int | None
    revision: int
    recipient: int | None
    deadline: datetime
    attempts: int
    last_error: str
    created: datetime
    sent_at: datetime | None
    corrects: UUID | None
    name: str = ""
    """The recipient’s, where it was asked for."""

    @property
    def called(self) -> str:
        """Whom it is for, by name where that is known."""
        return self.name or self.to

    @property
    def may_go_again(self) -> bool:
        """It was not sent, as far as is known, and nothing newer has taken its place."""
        return self.state in AGAIN and self.reason not in REPLACED_BY


def enqueue(drafts: Sequence[Draft]) -> list[UUID]:
    """Plan messages; one whose dedupe key is known is left out. Gives the ids of the new ones.

    Older unsent versions for the same recipient, kind and move are suppressed.
    """
    rows = [_row(draft) for draft in drafts]
    with transaction.atomic():
        Outbox.objects.bulk_create(rows, ignore_conflicts=True, batch_size=PAGE)
        ids = [row.pk for row in rows]
        new = list(Outbox.objects.filter(pk__in=ids).values_list("pk", flat=True))
        with connection.cursor() as cursor:
            cursor.execute(INHERIT, [new])
            cursor.execute(SUPERSEDE, [SUPERSEDED, new])
    return new


def due(now: datetime) -> list[Message]:
    """What would be sent now, the longest waiting first."""
    rows = Outbox.objects.filter(state=State.PLANNED, not_before__lte=now, deadline__gt=now, gathered=None)
    return [_message(row) for row in rows.order_by("not_before", "id")]


def recipients(ids: Iterable[UUID]) -> int:
    """How many people these messages go to."""
    return Outbox.objects.filter(pk__in=list(ids)).values("to").distinct().count()


def messages(
    states: Sequence[str] = (),
    *,
    move: int | None = None,
    recipient: int | None = None,
    most: int | None = None,
) -> list[Message]:
    """Messages, the newest first; all states when none is named."""
    rows = Outbox.objects.select_related("recipient").order_by("-created", "id")
    if states:
        rows = rows.filter(state__in=states)
    if move is not None:
        rows = rows.filter(move=move)
    if recipient is not None:
        rows = rows.filter(recipient=recipient)
    return [_message(row, row.recipient.name if row.recipient else "") for row in rows[:most]]


def alarms_about(person: int, since: datetime) -> list[Message]:
    """What admins were told since then of a leaver who can still sign in, the newest first."""
    about = Q()
    for fingerprint in Finding.objects.filter(
        detector="leaver-active", people__contains=[person]
    ).values_list("fingerprint", flat=True):
        about |= Q(about__findings__contains=[fingerprint])
    if not about:
        return []
    rows = Outbox.objects.select_related("recipient").filter(
        about, kind=Outbox.Kind.ADMIN, created__gte=since
    )
    return [
        _message(row, row.recipient.name if row.recipient else "") for row in rows.order_by("-created", "id")
    ]


def found(
    states: Sequence[str] = (),
    *,
    kind: str = "",
    text: str = "",
    corrections: bool = False,
    first: int = 0,
    most: int = 50,
) -> tuple[list[Message], int]:
    """A page of messages, the newest first, and how many match; `text`: in the address or the words."""
    rows = _matching(states, kind, text, corrections=corrections)
    return [_message(row) for row in rows[first : first + most]], rows.count()


def each(
    states: Sequence[str] = (), *, kind: str = "", text: str = "", corrections: bool = False
) -> Iterator[Message]:
    """The same without pages, some at a time."""
    return map(_message, _matching(states, kind, text, corrections=corrections).iterator(chunk_size=PAGE))


def _matching(states: Sequence[str], kind: str, text: str, *, corrections: bool) -> QuerySet[Outbox]:
    rows = Outbox.objects.order_by("-created", "id")
    if states:
        rows = rows.filter(state__in=states)
    if kind:
        rows = rows.filter(kind=kind)
    if corrections:
        rows = rows.filter(corrects__isnull=False)
    if text:
        rows = rows.filter(Q(to__icontains=text) | Q(text__icontains=text))
    return rows


def message(message_id: UUID) -> Message | None:
    """One message, or None."""
    row = Outbox.objects.filter(pk=message_id).first()
    return _message(row) if row else None


def counts() -> dict[str, int]:
    """How many messages are in each state; every state is there."""
    found = dict(Outbox.objects.values_list("state").annotate(number=Count("pk")))
    return {state: found.get(state, 0) for state in State.values}


def waiting_since(now: datetime) -> datetime | None:
    """Since when the oldest message waits that should be gone by now; None when none does."""
    due = Outbox.objects.filter(state=State.PLANNED, not_before__lte=now, deadline__gt=now)
    return due.order_by("not_before").values_list("not_before", flat=True).first()


def outbox_json(rows: Iterable[Message]) -> list[dict[str, Any]]:
    """The messages in the shape of the contract."""
    return [message_json(row) for row in rows]


def message_json(row: Message) -> dict[str, Any]:
    """One message in the shape of the contract."""
    return {
        "id": str(row.id),
        "kind": row.kind,
        "to": row.to,
        "state": row.state,
        "reason": row.reason,
        "not_before": row.not_before.isoformat(),
        "text": row.text,
        "blocks": row.blocks,
        "dedupe_key": row.dedupe_key,
        "move": row.move,
        "revision": row.revision,
        "corrects": str(row.corrects) if row.corrects else None,
    }


def _row(draft: Draft) -> Outbox:
    payload = to_json(draft.story)
    # Rendered from what is stored, as it will be when it is sent: the preview is exact.
    rendered = render(from_json(payload))
    return Outbox(
        kind=draft.kind,
        to=draft.to,
        recipient_id=draft.recipient_id,
        move_id=draft.move_id,
        revision=draft.revision,
        dedupe_key=draft.dedupe_key,
        state=State.HELD if draft.held else State.PLANNED,
        reason=draft.held,
        not_before=draft.not_before,
        deadline=draft.deadline,
        mass_id=draft.mass,
        released=draft.released,
        corrects_id=draft.corrects,
        facts_to=draft.facts_to,
        visibility=draft.visibility,
        tells_from=draft.tells_from,
        about=draft.about,
        payload=payload,
        text=rendered.text,
        blocks=rendered.blocks,
    )


def _message(row: Outbox, name: str = "") -> Message:
    return Message(
        id=row.pk,
        kind=row.kind,
        to=row.to,
        state=row.state,
        reason=row.reason,
        not_before=row.not_before,
        text=row.text,
        blocks=row.blocks,
        dedupe_key=row.dedupe_key,
        move=row.move_id,
        revision=row.revision,
        recipient=row.recipient_id,
        deadline=row.deadline,
        attempts=row.attempts,
        last_error=row.last_error,
        created=row.created,
        sent_at=row.sent_at,
        corrects=row.corrects_id,
        name=name,
    )
