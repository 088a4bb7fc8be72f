"""What admins hear at once: a mass change, a run that needs review, a leaver who can still sign in.

Each is said once: as long as a source waits, or a finding stands, nobody hears of it again.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from orgmodel.configuration import Configuration
from orgmodel.conventions import Conventions
from orgmodel.models import Finding, Person, Run
from orgmodel.queries.pages.freshness import freshness
from orgmodel.queries.rights import group_of
from orgmodel.sources.registry import a_sync
from orgmodel.sources.roles import DIRECTORIES

from .links import link
from .messages.stories import AdminStory
from .models import MassChange
from .outbox import KEPT_FOR, Draft, enqueue

_SURE = Q(sightings__gte=2) | Q(evidence__vanished=False)
"""A record that is missing may be back with the next sync; one that says that somebody left is believed."""


def ask_about_mass(configuration: Configuration, mass: MassChange, now: datetime) -> int:
    """Ask the admins, once, to release or drop what a mass change holds; how many are asked."""
    return _tell(configuration, mass_story(configuration, mass), {"mass": mass.pk}, f"mass:{mass.pk}", now)


def mass_story(configuration: Configuration, mass: MassChange) -> AdminStory:
    """What the admins are asked about a mass change."""
    people = mass.people
    return AdminStory(
        link=link(configuration.base_url, "outbox", state="held"),
        headline=f"Messages about {people} people are held.",
        lines=(f"{people} people changed at once, which is over the limit for sending without asking.",),
        next_step="Look at them, then release or drop them.",
    )


def raise_alarms(configuration: Configuration, now: datetime) -> int:
    """Tell the admins of runs that wait for them and of leavers who can still sign in; how many messages."""
    messages = 0
    for run, last in _waiting_runs():
        about = {"run": run.source, "last": last}
        messages += _tell(
            configuration, _run_story(configuration, run), about, f"run:{run.source}:{last}", now
        )
    with transaction.atomic():
        overdue = list(
            Finding.objects.select_for_update(skip_locked=True)
            .filter(_SURE, detector="leaver-active", state="open", alerted=None, evidence__overdue=True)
            .order_by("first_seen", "fingerprint")
        )
        if overdue:
            key = f"leavers:{overdue[0].fingerprint}:{now.isoformat()}"
            listed = {"findings": [each.fingerprint for each in overdue]}
            messages += _tell(configuration, _leavers(configuration, overdue, now), listed, key, now)
            Finding.objects.filter(pk__in=[each.pk for each in overdue]).update(alerted=now)
    return messages


def still_asked(configuration: Configuration, about: dict[str, Any]) -> AdminStory | None:
    """What a message to the admins says as things are now; None when nothing of it waits any more."""
    if "mass" in about:
        mass = MassChange.objects.filter(pk=about["mass"], decision="").first()
        return mass_story(configuration, mass) if mass else None
    if "run" in about:
        known = (about["run"], about["last"])
        waiting = (run for run, last in _waiting_runs() if (run.source, last) == known)
        return next((_run_story(configuration, run) for run in waiting), None)
    left = Finding.objects.filter(fingerprint__in=about["findings"], state="open").order_by(
        "first_seen", "fingerprint"
    )
    return _leavers(configuration, list(left), timezone.now()) if left else None


def admins(conventions: Conventions) -> Sequence[Person]:
    """The people of the admins' group."""
    group = group_of(conventions.visibility.admins_group)
    if group is None:
        return []
    member = Q(accounts__grants__ended=None, accounts__grants__entitlement__resource=group)
    return list(Person.objects.filter(member, ended=None, status="active").distinct())


def _waiting_runs() -> Iterator[tuple[Run, int]]:
    """The newest run of each source that ended, where it waits, and the one in which it was last well."""
    for run in Run.objects.exclude(outcome=Run.Outcome.RUNNING).order_by("source", "-pk").distinct("source"):
        if run.outcome != Run.Outcome.QUARANTINED or run.released:
            continue
        good = Run.objects.filter(source=run.source, outcome__in=["applied", "unchanged"])
        yield run, good.order_by("-pk").values_list("pk", flat=True).first() or 0


def _run_story(configuration: Configuration, run: Run) -> AdminStory:
    return AdminStory(
        link=link(configuration.base_url, "sources"),
        headline=f"{a_sync(run.source)} needs your review.",
        lines=(run.reason, "Nothing was applied; the portal shows what was known before."),
        next_step="Look at it, then release it if it is true.",
    )


def _leavers(configuration: Configuration, overdue: Sequence[Finding], now: datetime) -> AdminStory:
    number = len(overdue)
    about = {each.evidence.get("source", "") for each in overdue}
    names = about.union(DIRECTORIES) if "" in about else about
    old = [each for each in freshness(now) if each.source in names and each.trouble and each.applied_at]
    zone = configuration.conventions.notify.time_zone
    more = "more " if _known_before(overdue, now) else ""
    who = f"1 {more}person who left" if number == 1 else f"{number} {more}people who left"
    return AdminStory(
        link=link(configuration.base_url, "findings", detector="leaver-active"),
        headline=f"{who} can still sign in.",
        lines=(
            *(each.sentence for each in overdue),
            *(_as_of(each.name, each.applied_at.astimezone(zone)) for each in old if each.applied_at),
        ),
        next_step="Deactivate the Okta account, or correct the HR record.",
    )


def _known_before(overdue: Sequence[Finding], now: datetime) -> bool:
    """Somebody of whom the admins were told earlier can still sign in, too."""
    earliest = min((each.alerted or now for each in overdue), default=now)
    others = Finding.objects.filter(detector="leaver-active", alerted__lt=earliest).exclude(state="resolved")
    return others.exclude(pk__in=[each.pk for each in overdue]).exists()


def _as_of(name: str, read: datetime) -> str:
    return (
        f"{name} was last synced on {read.day} {read:%B} at {read:%H:%M} ({read:%Z}): this may have changed."
    )


def _tell(
    configuration: Configuration, story: AdminStory, about: dict[str, Any], key: str, now: datetime
) -> int:
    drafts = [
        Draft(
            kind="admin",
            to=admin.email,
            recipient_id=admin.pk,
            story=story,
            dedupe_key=f"admin:{key}:{admin.pk}",
            not_before=now,
            deadline=now + KEPT_FOR,
            about=about,
        )
        for admin in admins(configuration.conventions)
    ]
    return len(enqueue(drafts)) if drafts else 0
