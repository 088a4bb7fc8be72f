"""What humans decide about findings. Their state, its end and the owner are all that is written here."""

from datetime import datetime

from django.db import transaction

from orgmodel.models import Finding
from orgmodel.queries.people import NotFound

from .findings import decide

State = Finding.State


class Refused(ValueError):
    """The decision cannot be taken; the text says why."""


def acknowledge(fingerprint: str, until: datetime, now: datetime) -> None:
    """Somebody looks after it; it is open again after `until`. Raises NotFound and Refused."""
    _decide(fingerprint, State.ACKNOWLEDGED, until, now)


def accept(fingerprint: str, until: datetime, now: datetime) -> None:
    """It may stay as it is until then. Raises NotFound and Refused."""
    _decide(fingerprint, State.ACCEPTED, until, now)


def reopen(fingerprint: str) -> None:
    """Take an acknowledgement or acceptance back. Raises NotFound and Refused."""
    with transaction.atomic():
        _locked(fingerprint)
        decide(fingerprint, State.OPEN, None)


def assign(fingerprint: str, owner: int | None) -> None:
    """Whose it is (id of a person), or nobody's. Raises NotFound and Refused."""
    with transaction.atomic():
        finding = _locked(fingerprint)
        finding.owner_id = owner
        finding.save(update_fields=["owner"])


def _decide(fingerprint: str, state: Finding.State, until: datetime, now: datetime) -> None:
    if until <= now:
        raise Refused("Choose a day that lies ahead.")
    with transaction.atomic():
        _locked(fingerprint)
        decide(fingerprint, state, until)


def _locked(fingerprint: str) -> Finding:
    """The row, locked against the run that refreshes it."""
    finding = Finding.objects.select_for_update().filter(fingerprint=fingerprint).first()
    if finding is None:
        raise NotFound("finding", fingerprint)
    if finding.state == State.RESOLVED:
        raise Refused("It is resolved: there is nothing to decide any more.")
    return finding
