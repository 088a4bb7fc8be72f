"""The answer of a quarantined run is let through: by whom, when and why."""

from django.db import transaction

from orgmodel.models import Run, RunRelease

from .decisions import Decider, Refused


def release(run: Run, by: Decider) -> None:
    """The next read may be as small as this one. Raises Refused without a reason."""
    if run.outcome != Run.Outcome.QUARANTINED:
        raise ValueError("Only a quarantined run can be released.")
    if not by.reason.strip():
        raise Refused("Say what you checked; nothing was released.")
    with transaction.atomic():
        run.released = by.at
        run.save(update_fields=["released"])
        RunRelease.objects.create(run=run, at=by.at, actor_id=by.person, reason=by.reason.strip())
