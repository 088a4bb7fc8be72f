"""What people decide about findings: until when, whose, and why. Each decision is a row that is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from orgmodel.models import Finding, FindingEvent
from orgmodel.queries.people import NotFound

State = Finding.State
LONGEST = timedelta(days=731)
"""So long a finding may be acknowledged or accepted: two years, one of them a leap year."""


class Refused(ValueError):
    """The decision cannot be taken; the text says why and what to do.

    `about`: which of what was given is wrong (until, reason); empty for none alone.
    """

    def __init__(self, sentence: str, about: str = "") -> None:
        super().__init__(sentence)
        self.about = about


@dataclass(frozen=True)
class Decider:
    """Who decides (id of a person; None: somebody on the server), when, and why."""

    person: int | None
    at: datetime
    reason: str = ""


def acknowledge(fingerprint: str, until: datetime, by: Decider) -> None:
    """Somebody looks after it; it is open again after `until`. Raises NotFound and Refused."""
    _decide(fingerprint, State.ACKNOWLEDGED, until, by)


def accept(fingerprint: str, until: datetime, by: Decider) -> None:
    """It may stay as it is until then, for a reason. Raises NotFound and Refused."""
    if not by.reason.strip():
        raise Refused("Say why this may stay as it is: an auditor will ask.", "reason")
    _decide(fingerprint, State.ACCEPTED, until, by)


def reopen(fingerprint: str, by: Decider) -> None:
    """Take an acknowledgement or acceptance back. Raises NotFound and Refused."""
    with transaction.atomic():
        finding = _locked(fingerprint)
        finding.state, finding.until = State.OPEN, None
        finding.save(update_fields=["state", "until"])
        _keep(finding, FindingEvent.Act.OPENED, by)


def assign(fingerprint: str, owner: int | None, by: Decider) -> None:
    """Whose it is (id of a person), or nobody's. Raises NotFound and Refused."""
    with transaction.atomic():
        finding = _locked(fingerprint)
        finding.owner_id = owner
        finding.save(update_fields=["owner"])
        _keep(finding, FindingEvent.Act.OWNED, by)


def _decide(fingerprint: str, state: Finding.State, until: datetime, by: Decider) -> None:
    if until <= by.at:
        raise Refused("Choose a day in the future.", "until")
    if until.date() > (by.at + LONGEST).date():
        raise Refused("Choose a day within two years: then somebody looks at it again.", "until")
    with transaction.atomic():
        finding = _locked(fingerprint)
        finding.state, finding.until = state, until
        finding.save(update_fields=["state", "until"])
        _keep(finding, state, by)


def _keep(finding: Finding, act: str, by: Decider) -> None:
    FindingEvent.objects.create(
        finding=finding,
        at=by.at,
        actor_id=by.person,
        act=act,
        reason=by.reason.strip(),
        until=finding.until,
        owner_id=finding.owner_id if act == FindingEvent.Act.OWNED else None,
    )


def _locked(fingerprint: str) -> Finding:
    """The row, locked against the run that refreshes it."""
    finding = Finding.objects.select_for_update().filter(fingerprint=fingerprint).first()
    if finding is None:
        raise NotFound("finding", fingerprint)
    if finding.state == State.RESOLVED:
        raise Refused("It is resolved: there is nothing left to decide.")
    return finding
