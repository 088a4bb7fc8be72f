"""A run is one read of one source, applied whole or not at all."""

from django.db import models
from django.db.models import Q


class Run(models.Model):
    """One read of one source: what it saw, what it changed, or why it changed nothing."""

    class Outcome(models.TextChoices):
        RUNNING = "running"
        APPLIED = "applied"
        UNCHANGED = "unchanged"
        QUARANTINED = "quarantined"
        DROPPED = "dropped"
        """It was quarantined, and an admin found that the answer is wrong."""
        FAILED = "failed"
        PASSED = "passed"
        """No source was read: a day passed, and with it somebody's last one (sync/passing_time.py)."""

    source = models.TextField()
    mode = models.TextField(default="full")
    outcome = models.TextField(choices=Outcome.choices, default=Outcome.RUNNING)
    baseline = models.BooleanField(default=False)
    """The first applied run of a source: everything begins, and nobody gets a message."""
    started = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    """The moment that the facts of this run carry as began and ended."""
    calls = models.IntegerField(default=0)
    seconds = models.FloatField(default=0)
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    not_visible = models.JSONField(default=dict)
    ignored = models.JSONField(default=dict, db_default={})
    """File or list → `count` of its columns that are not known, and the `names` of some."""
    phases = models.JSONField(default=dict)
    """Seconds per phase: read, guard, merge."""
    reason = models.TextField(default="")
    released = models.DateTimeField(null=True)
    """When an admin let a quarantined answer through: the next read may be as small as this one."""
    judged = models.JSONField(default=dict)
    """Of a quarantined run: what would have shrunk too much → known, gone and left."""
    would = models.JSONField(default=dict, db_default={})
    """Of a quarantined run: kind → what it would have begun, ended and changed, with some of the names."""

    class Meta:
        # Runs are in the order of their ids: a clock may go back.
        indexes = [
            models.Index(fields=["source", "-id"], name="run_by_source"),
            models.Index(fields=["source", "-applied_at"], name="run_by_moment"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome__in=["applied", "unchanged"]) | Q(applied_at__isnull=False),
                name="run_applied_has_moment",
            ),
            models.UniqueConstraint(
                fields=["source"], condition=Q(outcome="running"), name="run_one_running"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} run {self.pk}"


class RunDecision(models.Model):
    """An admin let the answer of a quarantined run through, or dropped it: who, when and why. Only ever
    added to.
    """

    class Act(models.TextChoices):
        RELEASED = "released"
        DROPPED = "dropped"

    run = models.ForeignKey(Run, models.PROTECT, related_name="decisions")
    at = models.DateTimeField()
    act = models.TextField(choices=Act.choices, default=Act.RELEASED, db_default="released")
    actor = models.ForeignKey("orgmodel.Person", models.PROTECT, related_name="+", null=True)
    """Who decided; null: somebody on the server."""
    reason = models.TextField()

    def __str__(self) -> str:
        return f"run {self.run_id} {self.act}"


class Settled(models.Model):
    """One row: whether anything can still follow from what is known (sync/settled.py)."""

    basis = models.TextField(default="")
    """Digest of what derived rows follow from beside the facts; empty: something was written since."""
    writes = models.BigIntegerField(default=0)
    """How many merges have written anything."""

    def __str__(self) -> str:
        return f"settled after {self.writes} merges"


class SourceCursor(models.Model):
    """Where the next read of one stream of a source goes on, in the source's own words."""

    source = models.TextField()
    stream = models.TextField()
    value = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "stream"], name="cursor_of_stream")]

    def __str__(self) -> str:
        return f"{self.stream} of {self.source}"


class PartLeft(models.Model):
    """A list that a complete read of a source has still to ask for, such as the members of one group.

    Written when a read that goes on in slices has begun; gone once the list was read.
    """

    source = models.TextField()
    kind = models.TextField()
    """Of the facts in the list: grant, owner, edge …"""
    owner = models.TextField()
    """Native id of the group or app."""
    note = models.TextField(default="")
    """What the reader must know to ask, in the source's own words."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "kind", "owner"], name="part_left_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.owner} in {self.source}"
