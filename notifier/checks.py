"""The last check before a message leaves: is it still true, and may this person get it now?"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower

from orgmodel.models import Move, Person

from . import rate_limit
from .claims import DeliveryOutcome
from .hours import quiet_until, zone_of
from .last_look import hand_on, look
from .models import Mute, Outbox, SlackIdentity
from .notices import Composer
from .options import Options
from .outbox import SUPERSEDED, TAKEN_BACK
from .slack import Slack, SlackBusy, SlackPerson, SlackRefused, SlackUncertain

FRESH = timedelta(hours=12)
GONE = {"ended", "suspended"}
NOT_ACTIVE = DeliveryOutcome.suppressed("the recipient is not active")
IMPERSONAL = {Outbox.Kind.ADMIN}
"""Kinds that keep no quiet hours, and may go to a mailbox that several people share."""

Answer = SlackPerson | SlackBusy | SlackRefused | SlackUncertain | None


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that may go. `channel`: a user id or D… id; `fresh`: Slack was asked for it just now."""

    row: Outbox
    channel: str
    fresh: bool
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """Messages that may go, and the outcomes of those that may not."""

    ready: list[Ready]
    outcomes: list[tuple[Outbox, DeliveryOutcome]]
    refusal: str = ""
    """Slack's code when it refuses every question alike."""


def check(now: datetime, rows: Sequence[Outbox], slack: Slack, options: Options, pool: Executor) -> Checked:
    """Judge claimed messages with a handful of queries; asks Slack only for addresses not asked lately."""
    zones = _readdress(rows)
    stopped = _outdated(now, [row.pk for row in rows])
    current = [row for row in rows if row.pk not in stopped]
    composer = Composer(options.configuration, now)
    if left := [row for row in rows if stopped.get(row.pk) == NOT_ACTIVE]:
        hand_on(composer, left)
    stopped |= look(composer, current)
    current = [row for row in current if row.pk not in stopped]
    accounts, busy, refusal = identities(now, (row.to for row in current), slack, pool)
    threads = _threads(current)
    ready: list[Ready] = []
    for row in current:
        account = accounts.get(row.to.lower())
        if account is None:
            stopped[row.pk] = DeliveryOutcome.put_back(
                until=busy, reason="" if refusal else "waits for Slack"
            )
        elif not account.user_id or account.deleted:
            stopped[row.pk] = _no_account(now, row)
        elif quiet := _quiet(now, row, account, zones, options):
            stopped[row.pk] = DeliveryOutcome.put_back(until=quiet, reason="quiet hours")
        else:
            channel, thread = threads.get(row.pk, ("", ""))
            fresh = account.checked_at == now
            ready.append(Ready(row, channel or row.channel or account.user_id, fresh, thread))
    return Checked(ready, [(row, stopped[row.pk]) for row in rows if row.pk in stopped], refusal)


def _no_account(now: datetime, row: Outbox) -> DeliveryOutcome:
    """A joiner's account may come later than the joiner: ask again, more and more seldom."""
    waits = row.waits + 1
    return DeliveryOutcome.put_back(
        until=now + rate_limit.after(waits),
        reason="waits for a Slack account",
        code="users_not_found",
        waits=waits,
    )


def _readdress(rows: Sequence[Outbox]) -> dict[int, str]:
    """A message goes to the person, not to whoever has the address now that was the person's.

    Gives the time zones of the recipients.
    """
    people = Person.objects.in_bulk({row.recipient_id for row in rows if row.recipient_id})
    for row in rows:
        reader = people.get(row.recipient_id or 0)
        address = reader.email if reader else row.to
        if address and address != row.to:
            row.to = address
            Outbox.objects.filter(pk=row.pk).update(to=address)
    return {pk: reader.time_zone for pk, reader in people.items()}


def _threads(rows: Sequence[Outbox]) -> dict[UUID, tuple[str, str]]:
    """Where the messages stand that these correct."""
    corrects = {row.pk: row.corrects_id for row in rows if row.corrects_id}
    if not corrects:
        return {}
    found = Outbox.objects.filter(pk__in=corrects.values()).values_list(
        "pk", "channel", "ts", "gathered__channel", "gathered__ts"
    )
    places = {pk: (around or channel, gathered_ts or ts) for pk, channel, ts, around, gathered_ts in found}
    return {pk: places[first] for pk, first in corrects.items()}


def _outdated(now: datetime, ids: Sequence[UUID]) -> dict[UUID, DeliveryOutcome]:
    """Messages that must not go any more, with the reason."""
    newer = Outbox.objects.filter(
        recipient=OuterRef("recipient"),
        kind=OuterRef("kind"),
        move=OuterRef("move"),
        revision__gt=OuterRef("revision"),
    ).exclude(state=Outbox.State.SUPPRESSED)
    still_muted = Q(until=None) | Q(until__gt=now)
    mute = Mute.objects.filter(still_muted, person=OuterRef("recipient"), kind=OuterRef("kind"))
    others = (
        Person.objects.alias(address=Lower("email"))
        .filter(~Q(email=""), address=Lower(OuterRef("to")), ended=None, status="active")
        .exclude(pk=OuterRef("recipient"))
    )
    rows = Outbox.objects.filter(pk__in=ids).annotate(
        newer=Exists(newer), muted=Exists(mute), shared=Exists(others)
    )
    reasons: dict[UUID, DeliveryOutcome] = {}
    for pk, newer_there, muted, shared, status, ended, move, kind, corrects in rows.values_list(
        "pk",
        "newer",
        "muted",
        "shared",
        "recipient__status",
        "recipient__ended",
        "move__state",
        "kind",
        "corrects",
    ):
        if newer_there:
            reasons[pk] = DeliveryOutcome.suppressed(SUPERSEDED)
        elif move == Move.State.REVERTED:
            reasons[pk] = DeliveryOutcome.suppressed(TAKEN_BACK)
        elif ended is not None or status in GONE:
            reasons[pk] = NOT_ACTIVE
        elif shared and kind not in IMPERSONAL:
            reasons[pk] = DeliveryOutcome.suppressed("several people share this address")
        elif muted and corrects is None:
            # What was said wrongly is put right, muted since or not.
            reasons[pk] = DeliveryOutcome.suppressed("muted by the recipient")
    return reasons


def identities(
    now: datetime, addresses: Iterable[str], slack: Slack, pool: Executor
) -> tuple[dict[str, SlackIdentity], datetime | None, str]:
    """The Slack accounts behind addresses, from memory or asked now.

    An address that could not be asked is missing. Gives also when to ask again, and Slack's code when it
    refuses every question alike.
    """
    lowered = {address.lower() for address in addresses}
    # An account that was not there is asked for again every time; a check in the future is of a wrong clock.
    fresh = SlackIdentity.objects.filter(
        email__in=lowered, checked_at__gt=now - FRESH, checked_at__lte=now, deleted=False
    )
    known = {row.email: row for row in fresh.exclude(user_id="")}
    missing = sorted(lowered - known.keys())
    busy = rate_limit.blocked(now, rate_limit.LOOKUP)
    if not missing or busy:
        return known, busy, ""
    answers = dict(zip(missing, pool.map(lambda address: _ask(slack, address), missing), strict=True))
    known |= _remember(now, answers)
    busy, refusal = _trouble(now, answers)
    return known, busy, refusal


def forget(address: str) -> None:
    """The account under the address is not what it was: ask again at the next try."""
    SlackIdentity.objects.filter(email=address.lower()).delete()


def _ask(slack: Slack, address: str) -> Answer:
    try:
        return slack.find(address)
    except SlackRefused as refused:
        # An address Slack will not even look up belongs to nobody.
        return refused if refused.scope == "queue" else None
    except (SlackBusy, SlackUncertain) as error:
        return error


def _remember(now: datetime, answers: Mapping[str, Answer]) -> dict[str, SlackIdentity]:
    rows = {
        email: SlackIdentity(
            email=email,
            team_id=answer.team_id if answer else "",
            user_id=answer.user_id if answer else "",
            deleted=bool(answer and answer.deleted),
            tz=answer.tz if answer else "",
            checked_at=now,
        )
        for email, answer in answers.items()
        if answer is None or isinstance(answer, SlackPerson)
    }
    SlackIdentity.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["email"],
        update_fields=["team_id", "user_id", "deleted", "tz", "checked_at"],
    )
    return rows


def _trouble(now: datetime, answers: Mapping[str, Answer]) -> tuple[datetime | None, str]:
    """Until when to ask no more, and Slack's code when it refuses every question alike."""
    busy = max((each.until for each in answers.values() if isinstance(each, SlackBusy)), default=None)
    refusals = [answer.code for answer in answers.values() if isinstance(answer, SlackRefused)]
    if any(isinstance(answer, SlackUncertain) for answer in answers.values()):
        busy = max(rate_limit.back_off(now, rate_limit.LOOKUP), busy or now)
    elif any(answer is None or isinstance(answer, SlackPerson) for answer in answers.values()):
        rate_limit.works(rate_limit.LOOKUP)
    if busy:
        rate_limit.block(rate_limit.LOOKUP, busy)
    return busy, next(iter(refusals), "")


def _quiet(
    now: datetime, row: Outbox, account: SlackIdentity, zones: Mapping[int, str], options: Options
) -> datetime | None:
    if row.kind in IMPERSONAL:
        return None
    names = (account.tz, zones.get(row.recipient_id or 0, ""))
    return quiet_until(now, options.quiet_hours, zone_of(names, options.time_zone))
