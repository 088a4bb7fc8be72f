"""What admins are asked or told at once: a mass change, a run that waits, a leaver who can still sign in.

Each is said once: as long as a source waits, or a finding stands, nobody hears of it again.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from orgmodel.configuration import Configuration
from orgmodel.conventions import Conventions
from orgmodel.models import Finding, Person, Run

from .messages.stories import AdminStory
from .outbox import Draft, enqueue

KEPT_FOR = timedelta(days=7)
"""After this a message is no news any more."""
SOURCES = {"okta": "Okta", "hris": "the HR system", "control": "the control plane"}


def mass_change(configuration: Configuration, people: int, now: datetime) -> int:
    """Ask the admins to release or drop the messages that a mass change holds; how many are asked."""
    story = AdminStory(
        link=f"{configuration.base_url}/outbox/?state=held",
        headline=f"Messages about {people} people are held",
        lines=(f"{people} people changed at once, which is over the limit for sending without asking.",),
        next_step="Look at them, then release or drop them.",
    )
    return _tell(configuration.conventions, story, f"mass:{now.isoformat()}", now)


def raise_alarms(configuration: Configuration, now: datetime) -> int:
    """Tell the admins of runs that wait for them and of leavers who can still sign in; how many messages."""
    told = sum(
        _tell(configuration.conventions, story, key, now) for key, story in _waiting_runs(configuration)
    )
    with transaction.atomic():
        overdue = list(
            Finding.objects.select_for_update(skip_locked=True)
            .filter(detector="leaver-active", state="open", sightings__gte=2, alerted=None)
            .filter(evidence__overdue=True)
            .order_by("first_seen", "fingerprint")
        )
        if overdue:
            key = f"leavers:{overdue[0].fingerprint}:{now.isoformat()}"
            told += _tell(configuration.conventions, _leavers(configuration, overdue), key, now)
            Finding.objects.filter(pk__in=[each.pk for each in overdue]).update(alerted=now)
    return told


def admins(conventions: Conventions) -> Sequence[Person]:
    """The people of the admins' group."""
    group = conventions.visibility.admins_group
    if not group:
        return []
    member = Q(accounts__grants__ended=None, accounts__grants__entitlement__resource__kind="group")
    named = Q(accounts__grants__entitlement__resource__name=group) | Q(
        accounts__grants__entitlement__resource__native_id=group
    )
    return list(Person.objects.filter(member & named, ended=None, status="active").distinct())


def _waiting_runs(configuration: Configuration) -> Iterator[tuple[str, AdminStory]]:
    """The newest run of each source, where it waits; said once since the source was last well."""
    for run in Run.objects.order_by("source", "-started", "-pk").distinct("source"):
        if run.outcome != Run.Outcome.QUARANTINED or run.released:
            continue
        good = Run.objects.filter(source=run.source, outcome__in=["applied", "unchanged"])
        last = good.order_by("-started").values_list("pk", flat=True).first()
        yield (
            f"run:{run.source}:{last or 0}",
            AdminStory(
                link=f"{configuration.base_url}/sources/",
                headline=f"An answer of {SOURCES.get(run.source, run.source)} waits for you",
                lines=(
                    *run.reason.split(". "),
                    "Nothing was applied; the portal shows what was known before.",
                ),
                next_step="Look at it, then release it if it is true.",
            ),
        )


def _leavers(configuration: Configuration, overdue: Sequence[Finding]) -> AdminStory:
    number = len(overdue)
    who = "1 person who left" if number == 1 else f"{number} people who left"
    return AdminStory(
        link=f"{configuration.base_url}/drift/?detector=leaver-active",
        headline=f"{who} can still sign in",
        lines=tuple(each.sentence for each in overdue),
        next_step="Deactivate the Okta account, or correct the HR record.",
    )


def _tell(conventions: Conventions, story: AdminStory, key: str, now: datetime) -> int:
    drafts = [
        Draft(
            kind="admin",
            to=admin.email,
            recipient_id=admin.pk,
            story=story,
            dedupe_key=f"admin:{key}:{admin.pk}",
            not_before=now,
            deadline=now + KEPT_FOR,
        )
        for admin in admins(conventions)
    ]
    return len(enqueue(drafts)) if drafts else 0
