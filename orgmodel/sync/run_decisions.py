"""The answer of a quarantined run is let through or dropped: by whom, when and why."""

from django.db import transaction

from orgmodel.models import Run, RunDecision

from .decisions import Decider, Refused


def release(run: Run, by: Decider) -> None:
    """The next read may be as small as this one. Raises Refused without a reason."""
    _require(run, by, "Say what you checked; nothing was released.")
    with transaction.atomic():
        run.released = by.at
        run.save(update_fields=["released"])
        _keep(run, RunDecision.Act.RELEASED, by)


def drop(run: Run, by: Decider) -> None:
    """The answer is wrong and waits for nobody any more; the next read is judged as if it had not come.

    Raises Refused without a reason.
    """
    _require(run, by, "Say what is wrong with this answer; nothing was dropped.")
    with transaction.atomic():
        run.outcome = Run.Outcome.DROPPED
        run.save(update_fields=["outcome"])
        _keep(run, RunDecision.Act.DROPPED, by)


def _require(run: Run, by: Decider, refusal: str) -> None:
    if run.outcome != Run.Outcome.QUARANTINED:
        raise ValueError("Only a quarantined run can be released or dropped.")
    if not by.reason.strip():
        raise Refused(refusal)


def _keep(run: Run, act: str, by: Decider) -> None:
    RunDecision.objects.create(run=run, at=by.at, act=act, actor_id=by.person, reason=by.reason.strip())
