"""Messages that tell one reader the same about several people become one; so do very many of any kind.

What is gathered stays planned as it is, is not sent by itself, and is looked at once more, one by one, before
the message that tells it all leaves.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from orgmodel.models import OrgUnit, Person

from . import mass
from .combined_stories import Key, digest, gathered, key_of
from .links import link
from .messages import Story, from_json
from .models import Mute, Outbox
from .notices import Composer
from .outbox import SUPERSEDED, TOLD_TOGETHER, Draft, enqueue

logger = logging.getLogger(__name__)
State, Kind = Outbox.State, Outbox.Kind
LEAST = 3
"""So many about the same are one message."""
MANY = 10
"""More than so many of any sort to one reader at one time are one message."""
KINDS = [Kind.NEW_MANAGER, Kind.OLD_MANAGER, Kind.JOINER_MANAGER, Kind.LEAVER_MANAGER]
FREE = Q(state=State.PLANNED, kind__in=KINDS, corrects=None, gathered=None, recipient__isnull=False)
ANYTHING = Key("anything", "")
Parts = Sequence[tuple[Outbox, Story]]


def gather(composer: Composer) -> int:
    """Put together what waits to be sent; how many messages now tell several."""
    with transaction.atomic():
        mass.lock()  # Nobody else plans, holds or gathers meanwhile.
        follow()
        readers = Outbox.objects.filter(FREE).values("recipient").annotate(number=Count("pk")).order_by()
        many = readers.filter(number__gte=LEAST - 1).values_list("recipient", flat=True)
        waiting = Outbox.objects.filter(kind=Kind.DIGEST, state=State.PLANNED).values_list(
            "recipient", flat=True
        )
        open_to = set(Outbox.objects.filter(FREE, recipient__in=waiting).values_list("recipient", flat=True))
        return sum(_of_reader(composer, reader) for reader in sorted({*many, *open_to}))


def follow() -> None:
    """What was gathered ends as the message ended that told it."""
    ended = [State.SENT, State.FAILED, State.SUPPRESSED]
    for row in Outbox.objects.filter(gathered__state__in=ended, state=State.PLANNED).select_related(
        "gathered"
    ):
        around = row.gathered
        row.state = State.SUPPRESSED
        row.reason = TOLD_TOGETHER if around is None or around.state == State.SENT else around.reason
        row.save(update_fields=["state", "reason"])


def story_of(composer: Composer, reader: Person, key: Key, parts: Parts) -> Story:
    """What one message says of all these."""
    if key == ANYTHING:
        return digest([(story, row.text) for row, story in parts], _page_of(composer, reader))
    unit = _unit([row.move_id for row, _ in parts], key.unit) if key.unit else None
    of_unit = link(composer.configuration.base_url, "team", unit.address) if unit else ""
    gone = unit is not None and not (unit.active and unit.ended is None)
    return gathered([story for _, story in parts], of_unit or _page_of(composer, reader), dissolved=gone)


def _of_reader(composer: Composer, reader: int) -> int:
    free: dict[Key, list[tuple[Outbox, Story]]] = {}
    for row in _free_of(composer, reader):
        story = _story(row.payload)
        if story and (key := key_of(story)):
            free.setdefault(key, []).append((row, story))
    waiting = {key_of_row(row): row for row in _waiting(reader)}
    made = 0
    for key, parts in list(free.items()):
        lately = 0 if len(parts) >= LEAST else _sent_lately(composer, reader, key)
        if key in waiting or (len(parts) >= LEAST - 1 and len(parts) + lately >= LEAST):
            made += _tell(composer, reader, key, free.pop(key), waiting.get(key))
    rest = [each for parts in free.values() for each in parts]
    if len(rest) > MANY or (rest and ANYTHING in waiting):
        made += _tell(composer, reader, ANYTHING, rest, waiting.get(ANYTHING))
    return made


def _free_of(composer: Composer, reader: int) -> list[Outbox]:
    muted = Mute.objects.filter(
        Q(until=None) | Q(until__gt=composer.now), person=OuterRef("recipient"), kind=OuterRef("kind")
    )
    rows = Outbox.objects.filter(FREE, ~Exists(muted), recipient=reader)
    return list(rows.select_for_update(of=("self",), skip_locked=True).order_by("created", "pk"))


def _waiting(reader: int) -> list[Outbox]:
    rows = Outbox.objects.filter(kind=Kind.DIGEST, state=State.PLANNED, recipient=reader)
    return list(rows.select_for_update(of=("self",), skip_locked=True))


def key_of_row(row: Outbox) -> Key:
    """What the messages have in common that this one tells together."""
    return Key(str(row.about.get("what", "")), str(row.about.get("unit", "")))


def _sent_lately(composer: Composer, reader: int, key: Key) -> int:
    """How many of the same the reader got by themselves within one settling time."""
    window = timedelta(minutes=composer.configuration.conventions.notify.settle_minutes)
    rows = Outbox.objects.filter(
        recipient=reader, kind__in=KINDS, state=State.SENT, sent_at__gt=composer.now - window
    )
    stories = map(_story, rows.values_list("payload", flat=True))
    return sum(key_of(story) == key for story in stories if story)


def _story(payload: dict[str, Any]) -> Story | None:
    """None for a payload that cannot be read: its message fails by itself and stops no other."""
    try:
        return from_json(payload)
    except ValueError:
        logger.exception("a message that waits cannot be read, and is not told with others")
        return None


def _tell(
    composer: Composer, reader: int, key: Key, parts: list[tuple[Outbox, Story]], before: Outbox | None
) -> int:
    """One message in place of these, and of the one that waited to tell others like them."""
    if before is not None:
        earlier = Outbox.objects.filter(gathered=before, state=State.PLANNED).order_by("created", "pk")
        parts = [*((row, from_json(row.payload)) for row in earlier), *parts]
    rows = [row for row, _ in parts]
    person = Person.objects.get(pk=reader)
    new = enqueue([_draft(composer, person, key, parts)])
    for digest_row in new:
        adopt([row.pk for row in rows], digest_row)
    if before is not None and new:
        Outbox.objects.filter(pk=before.pk).update(state=State.SUPPRESSED, reason=SUPERSEDED)
    return len(new)


def adopt(rows: Iterable[UUID], digest_id: UUID) -> None:
    """These are told by that message."""
    Outbox.objects.filter(pk__in=list(rows)).update(gathered=digest_id)


def _draft(composer: Composer, reader: Person, key: Key, parts: Parts) -> Draft:
    rows = [row for row, _ in parts]
    batches = {row.mass_id for row in rows}
    return Draft(
        kind=Kind.DIGEST,
        to=reader.email,
        recipient_id=reader.pk,
        story=story_of(composer, reader, key, parts),
        dedupe_key=f"digest:{reader.pk}:{max(rows, key=lambda row: (row.created, row.pk)).pk}:{len(rows)}",
        not_before=max(row.not_before for row in rows),
        deadline=min(row.deadline for row in rows),
        mass=batches.pop() if len(batches) == 1 else None,
        released=all(row.released for row in rows),
        facts_to=min(row.facts_to for row in rows),
        visibility=composer.stamp,
        about={"what": key.what, "unit": key.unit},
    )


def _page_of(composer: Composer, reader: Person) -> str:
    """Where the reader sees their people."""
    return link(composer.configuration.base_url, "person", reader.key, tab="reports")


def _unit(moves: Sequence[int | None], name: str) -> OrgUnit | None:
    return OrgUnit.objects.filter(changes__move__in=[pk for pk in moves if pk], name=name).first()
