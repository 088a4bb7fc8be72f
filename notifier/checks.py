"""The last look before a message leaves: is it still true, and may and should this person get it now?"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from orgmodel.models import Move, Person

from . import pace
from .claims import Outcome
from .hours import quiet_until, zone_of
from .models import Mute, Outbox, SlackIdentity
from .options import Options
from .outbox import SUPERSEDED
from .slack import Slack, SlackBusy, SlackPerson, SlackRefused, SlackUncertain

FRESH = timedelta(hours=12)
GONE = {"ended", "suspended"}
NEVER_QUIET = {Outbox.Kind.ADMIN}

Answer = SlackPerson | SlackBusy | SlackRefused | SlackUncertain | None


@dataclass(frozen=True, slots=True)
class Checked:
    """Messages that may go, each with the user id; and the outcomes of those that may not."""

    ready: list[tuple[Outbox, str]]
    outcomes: list[tuple[Outbox, Outcome]]
    refusal: str = ""
    """Slack's code when it refuses every question alike."""


def check(now: datetime, rows: Sequence[Outbox], slack: Slack, options: Options, pool: Executor) -> Checked:
    """Judge claimed messages with a handful of queries; asks Slack only for addresses not asked lately."""
    outdated = _outdated(now, [row.pk for row in rows])
    outcomes: list[tuple[Outbox, Outcome]] = []
    current: list[Outbox] = []
    for row in rows:
        if row.pk in outdated:
            outcomes.append((row, Outcome.suppressed(outdated[row.pk])))
        else:
            current.append(row)
    accounts, busy, refusal = identities(now, (row.to for row in current), slack, pool)
    zones = dict(Person.objects.filter(messages__in=current).values_list("pk", "time_zone"))
    ready: list[tuple[Outbox, str]] = []
    for row in current:
        account = accounts.get(row.to.lower())
        if account is None:
            outcomes.append((row, Outcome.put_back(until=busy, reason="" if refusal else "waits for Slack")))
            continue
        quiet = _quiet(now, row, account, zones, options)
        if not account.user_id or account.deleted:
            outcomes.append((row, Outcome.failed("no active Slack account", "users_not_found")))
        elif quiet:
            outcomes.append((row, Outcome.put_back(until=quiet, reason="quiet hours")))
        else:
            ready.append((row, account.user_id))
    return Checked(ready, outcomes, refusal)


def _outdated(now: datetime, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Messages that must not go any more, with the reason."""
    newer = Outbox.objects.filter(
        recipient=OuterRef("recipient"),
        kind=OuterRef("kind"),
        move=OuterRef("move"),
        revision__gt=OuterRef("revision"),
    ).exclude(state=Outbox.State.SUPPRESSED)
    still_muted = Q(until=None) | Q(until__gt=now)
    mute = Mute.objects.filter(still_muted, person=OuterRef("recipient"), kind=OuterRef("kind"))
    rows = Outbox.objects.filter(pk__in=ids).annotate(newer=Exists(newer), muted=Exists(mute))
    reasons: dict[UUID, str] = {}
    for pk, newer_there, muted, status, ended, move in rows.values_list(
        "pk", "newer", "muted", "recipient__status", "recipient__ended", "move__state"
    ):
        if newer_there:
            reasons[pk] = SUPERSEDED
        elif move == Move.State.REVERTED:
            reasons[pk] = "the move was taken back"
        elif ended is not None or status in GONE:
            reasons[pk] = "the recipient is not active"
        elif muted:
            reasons[pk] = "muted by the recipient"
    return reasons


def identities(
    now: datetime, addresses: Iterable[str], slack: Slack, pool: Executor
) -> tuple[dict[str, SlackIdentity], datetime | None, str]:
    """The Slack accounts behind addresses, from memory or asked now.

    An address that could not be asked is missing. Gives also when to ask again, and Slack's code when it
    refuses every question alike.
    """
    wanted = {address.lower() for address in addresses}
    known = {
        row.email: row for row in SlackIdentity.objects.filter(email__in=wanted, checked_at__gt=now - FRESH)
    }
    missing = sorted(wanted - known.keys())
    busy = pace.blocked(now, pace.LOOKUP)
    if not missing or busy:
        return known, busy, ""
    asked = dict(zip(missing, pool.map(lambda address: _ask(slack, address), missing), strict=True))
    known |= _remember(now, asked)
    busy, refusal = _trouble(now, asked)
    if busy:
        pace.block(pace.LOOKUP, busy)
    return known, busy, refusal


def _ask(slack: Slack, address: str) -> Answer:
    try:
        return slack.find(address)
    except SlackRefused as refused:
        # An address Slack will not even look up belongs to nobody.
        return refused if refused.scope == "queue" else None
    except (SlackBusy, SlackUncertain) as error:
        return error


def _remember(now: datetime, asked: Mapping[str, Answer]) -> dict[str, SlackIdentity]:
    rows = {
        email: SlackIdentity(
            email=email,
            team_id=answer.team_id if answer else "",
            user_id=answer.user_id if answer else "",
            deleted=bool(answer and answer.deleted),
            tz=answer.tz if answer else "",
            checked_at=now,
        )
        for email, answer in asked.items()
        if answer is None or isinstance(answer, SlackPerson)
    }
    SlackIdentity.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["email"],
        update_fields=["team_id", "user_id", "deleted", "tz", "checked_at"],
    )
    return rows


def _trouble(now: datetime, asked: Mapping[str, Answer]) -> tuple[datetime | None, str]:
    busy = [answer.until for answer in asked.values() if isinstance(answer, SlackBusy)]
    unclear = [answer for answer in asked.values() if isinstance(answer, SlackUncertain)]
    refusals = [answer.code for answer in asked.values() if isinstance(answer, SlackRefused)]
    if unclear:
        busy.append(now + timedelta(seconds=30))
    return max(busy, default=None), next(iter(refusals), "")


def _quiet(
    now: datetime, row: Outbox, account: SlackIdentity, zones: Mapping[int, str], options: Options
) -> datetime | None:
    if row.kind in NEVER_QUIET:
        return None
    names = (account.tz, zones.get(row.recipient_id or 0, ""))
    return quiet_until(now, options.quiet_hours, zone_of(names, options.time_zone))
