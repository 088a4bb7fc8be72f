"""The brake for mass changes: decided once per batch, before any of its messages is planned.

Counted over a window, not per planning, so that neither a planner killed half-way nor one planning a minute
lets part of a batch through. The decision and the cases it covers are rows of one transaction; what belongs
to an undecided batch is held when it is planned, and not claimed should it be planned already.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet

from orgmodel.configuration import Configuration
from orgmodel.models import Move, Person

from .alarms import ask_about_mass
from .models import MassCase, MassChange, Outbox
from .waiting import ready

MASS_LOCK = 0x5160_7118
LEAST_WINDOW = timedelta(minutes=60)
"""Cases within so long count as one batch, should the settling time be shorter."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many people may change at once without asking, of how many there are."""

    people: int
    share: float
    active: int

    def passed_by(self, people: int) -> str:
        """The limit that so many people pass, in words; empty for none. One person is never a mass."""
        if people > self.people:
            return f"more than {self.people} people"
        if people > 1 and people > self.share * self.active:
            return f"more than {self.share:.0%} of {self.active} people"
        return ""


def limits_of(configuration: Configuration) -> Limits:
    """The limits of the settings for the people there are now."""
    notify = configuration.conventions.notify
    active = Person.objects.filter(ended=None, status="active").count()
    return Limits(notify.mass_change_people, notify.mass_change_share, active)


def window_of(configuration: Configuration) -> timedelta:
    """How long cases count as one batch."""
    return max(timedelta(minutes=configuration.conventions.notify.settle_minutes), LEAST_WINDOW)


def brake(configuration: Configuration, now: datetime) -> list[int]:
    """Decide whether there is a mass change, or whether one goes on. Gives the cases that may be planned.

    Those are cases that were counted here: what a sync opens meanwhile waits for the next planning.
    """
    longest = timedelta(hours=configuration.conventions.notify.longest_wait_hours)
    with transaction.atomic():
        lock()
        oldest = now - window_of(configuration)
        cases = _cases(oldest)
        current = _join(configuration, [case for case in cases if _counts(case, oldest)], now)
        for mass in _undecided():
            if mass != current and _is_empty(mass):
                mass.decision = MassChange.Decision.EMPTY
                mass.save(update_fields=["decision"])
            else:
                _hold(mass)
        due = ready((case.pk for case in cases if case.settled is None), now, longest)
    return [case.pk for case in cases if case.pk in due]


def lock() -> None:
    """One at a time decides; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MASS_LOCK])


def holding(move: int) -> MassChange | None:
    """The mass change that keeps the messages of a case back: undecided, or dropped."""
    return MassChange.objects.filter(cases__move=move, decision__in=["", MassChange.Decision.DROPPED]).first()


def reason(mass: MassChange) -> str:
    """Why a message of a mass change is held, in words."""
    if mass.decision:
        return f"a mass change whose messages were {mass.decision}: {mass.people} people at once"
    return f"a mass change: {mass.people} people at once"


@dataclass(frozen=True, slots=True)
class Batch:
    """A mass change that waits for a decision, and how many messages it holds."""

    mass: MassChange
    held: int


def waiting() -> list[Batch]:
    """Mass changes that are undecided and hold something, the newest first."""
    number = Count("messages", filter=Q(messages__state=Outbox.State.HELD))
    rows = _undecided().annotate(number=number).filter(number__gt=0).order_by("-pk")
    return [Batch(row, row.number) for row in rows]


def held(mass: int) -> list[UUID]:
    """The messages that a mass change holds."""
    return list(Outbox.objects.filter(mass=mass, state=Outbox.State.HELD).values_list("pk", flat=True))


def ask(configuration: Configuration, now: datetime) -> int:
    """Ask the admins about every batch that holds something and is not decided; once each."""
    return sum(ask_about_mass(configuration, each.mass, now) for each in waiting())


def of_corrections(people: Iterable[int], configuration: Configuration, now: datetime) -> MassChange | None:
    """A mass change of corrections, should there be one; call it under the lock, inside a transaction."""
    lately = Outbox.objects.filter(
        corrects__isnull=False, mass=None, not_before__gt=now - window_of(configuration)
    )
    about = {*people, *lately.values_list("move__person", flat=True)}
    over = limits_of(configuration).passed_by(len(about))
    if not over:
        return None
    return MassChange.objects.create(opened=now, last_joined=now, people=len(about), over=over)


def undecided_about(people: Iterable[int]) -> dict[int, MassChange]:
    """Those of these people who have a case in a mass change that nobody has decided yet, with the newest."""
    cases = MassCase.objects.filter(move__person__in=list(people), mass__decision="")
    known = cases.select_related("move", "mass").order_by("mass")
    return {case.move.person_id: case.mass for case in known}


def _undecided() -> QuerySet[MassChange]:
    return MassChange.objects.filter(decision="").order_by("pk")


def _cases(since: datetime) -> list[Move]:
    """Every open case, and those that settled since; one query, so that all see the same."""
    return list(
        Move.objects.filter(
            Q(state=Move.State.OPEN) | Q(state=Move.State.SETTLED, settled__gt=since)
        ).order_by("settles_at", "pk")
    )


def _counts(case: Move, oldest: datetime) -> bool:
    """Those that wait for their other half were counted when they came: waiting together is no mass."""
    return case.settled is not None or not case.looked or case.last_change > oldest


def _join(configuration: Configuration, cases: list[Move], now: datetime) -> MassChange | None:
    """Let every case that belongs to a mass change be known as such; the mass change that goes on."""
    known = set(MassCase.objects.filter(move__in=cases).values_list("move", flat=True))
    free = [case for case in cases if case.pk not in known]
    # A batch is closed by time that has passed, never by a clock that went back.
    oldest = now - window_of(configuration)
    current = _undecided().filter(last_joined__gte=oldest).last()
    if not free:
        return current
    if current is None:
        over = limits_of(configuration).passed_by(len({case.person_id for case in free}))
        if not over:
            return None
        current = MassChange.objects.create(opened=now, last_joined=now, people=0, over=over)
    MassCase.objects.bulk_create(MassCase(move=case, mass=current) for case in free)
    current.last_joined = now
    current.people = Move.objects.filter(mass_case__mass=current).values("person").distinct().count()
    current.save(update_fields=["last_joined", "people"])
    return current


def _is_empty(mass: MassChange) -> bool:
    """All its cases are over, and nothing of it is left to decide."""
    still = mass.cases.filter(move__state=Move.State.OPEN) | mass.cases.filter(
        move__messages__state__in=[Outbox.State.HELD, Outbox.State.PLANNED]
    )
    return not still.exists() and not mass.messages.filter(state=Outbox.State.HELD).exists()


def _hold(mass: MassChange) -> None:
    """What of the batch was planned before it was known as one, and is not sent yet."""
    Outbox.objects.filter(move__mass_case__mass=mass, state=Outbox.State.PLANNED, released=False).update(
        state=Outbox.State.HELD, reason=reason(mass), mass=mass
    )
