"""Differences between intent and reality, stable across runs."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from .people import Person


class Finding(models.Model):
    """One difference: what, who, since when, and what people may do about it."""

    class State(models.TextChoices):
        OPEN = "open"
        ACKNOWLEDGED = "acknowledged"
        ACCEPTED = "accepted"
        RESOLVED = "resolved"

    fingerprint = models.TextField(unique=True)
    detector = models.TextField()
    severity = models.TextField()
    state = models.TextField(choices=State.choices, default=State.OPEN)
    until = models.DateTimeField(null=True)
    """Until when it is acknowledged or accepted; then it is open again."""
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="owned_findings")
    sentence = models.TextField()
    people = ArrayField(models.BigIntegerField(), default=list)
    resources = ArrayField(models.BigIntegerField(), default=list)
    evidence = models.JSONField(default=dict)
    fix = models.JSONField(default=list)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    """When its row was last written; while it stands it was seen at the last look of its detector."""
    sightings = models.IntegerField(default=1)
    """Complete runs in a row that saw it, up to `reads` of its detector; it alerts from the second."""
    reads = models.IntegerField(default=0)
    """How many reads its detector had judged when its row was last written."""
    alerted = models.DateTimeField(null=True)
    """When admins were told of it, where its detector is one that alerts."""
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["detector", "-last_seen"], name="finding_by_detector"),
            models.Index(fields=["severity"], condition=~Q(state="resolved"), name="finding_unresolved"),
            models.Index(fields=["detector"], condition=~Q(state="resolved"), name="finding_standing"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(severity__in=["high", "medium", "low"]), name="finding_severity"
            ),
            models.CheckConstraint(
                condition=Q(state="resolved", resolved_at__isnull=False)
                | (~Q(state="resolved") & Q(resolved_at=None)),
                name="finding_resolved",
            ),
        ]

    def __str__(self) -> str:
        return f"finding {self.fingerprint}"


class FindingEvent(models.Model):
    """What somebody decided about a finding: who, when, what and why. Only ever added to."""

    class Act(models.TextChoices):
        ACKNOWLEDGED = "acknowledged"
        ACCEPTED = "accepted"
        OPENED = "open"
        OWNED = "owner"

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    """Who decided; null: somebody on the server."""
    act = models.TextField(choices=Act.choices)
    reason = models.TextField(default="")
    until = models.DateTimeField(null=True)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)

    def __str__(self) -> str:
        return f"{self.act} of finding {self.finding_id}"


class Look(models.Model):
    """A detector's last look: what stands was seen then, so that nothing is written about what stays."""

    detector = models.TextField(unique=True)
    at = models.DateTimeField()
    reads = models.IntegerField(default=1)
    """How many different reads it has judged; looking twice at the same facts is judging them once."""
    basis = models.TextField(default="")
    """Digest of all that it looked at: on the same, it would find the same."""

    def __str__(self) -> str:
        return f"look of {self.detector}"
