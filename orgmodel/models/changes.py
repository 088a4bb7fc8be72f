"""What began, ended or changed, and why: the only bridge from the read model to the notifier."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform

from .groups import Rule
from .people import Account, Person
from .resources import Resource
from .runs import Run
from .units import OrgUnit


class LogEvent(models.Model):
    """One line of a source's log, reduced to what names a cause. Never replayed into state."""

    uuid = models.TextField(unique=True)
    published = models.DateTimeField()
    type = models.TextField()
    actor_type = models.TextField(default="")
    actor_id = models.TextField(default="")
    actor_name = models.TextField(default="")
    transaction_type = models.TextField(default="")
    transaction_id = models.TextField(default="")
    token_id = models.TextField(default="")
    rule = models.TextField(default="")
    account = models.TextField(default="")
    group = models.TextField(default="")
    app = models.TextField(default="")
    changed = ArrayField(models.TextField(), default=list)

    class Meta:
        indexes = [
            models.Index(fields=["account", "group", "-published"], name="event_membership"),
            models.Index(fields=["app", "-published"], name="event_app"),
            models.Index(
                fields=["transaction_id"],
                condition=Q(type__startswith="access.request.")
                | Q(type__startswith="access.review.")
                | Q(type__startswith="app.access_request.")
                | Q(type__startswith="certification.")
                | Q(type__startswith="governance.")
                | Q(type__startswith="system.identity_sources.")
                | Q(type__startswith="system.import."),
                name="event_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.uuid}"


class Move(models.Model):
    """The case that collects what changed for one person until it is told."""

    class Kind(models.TextChoices):
        MOVER = "mover"
        MANAGER = "manager"
        JOINER = "joiner"
        BACK = "back"
        LEAVER = "leaver"
        LOST = "lost"

    class State(models.TextChoices):
        OPEN = "open"
        SETTLED = "settled"
        REVERTED = "reverted"

    person = models.ForeignKey(Person, models.PROTECT, related_name="moves")
    kind = models.TextField(choices=Kind.choices)
    state = models.TextField(choices=State.choices, default=State.OPEN)
    opened = models.DateTimeField()
    last_change = models.DateTimeField()
    settles_at = models.DateTimeField()
    settled = models.DateTimeField(null=True)
    revision = models.IntegerField(default=0)
    runs = models.JSONField(default=dict, db_default={})
    """Source → the newest run of it that brought the case something; a later run has to say so again."""
    looked = models.BigIntegerField(default=0, db_default=0)
    """The newest change when the case was last found to wait for its other half; 0: not looked at yet."""
    summary = models.JSONField(default=dict, db_default={})
    """What it came to when it was told: units `was` and `now`, and apps by name under gained, raised,
    lowered, lost and kept."""
    unfinished = models.BooleanField(default=False, db_default=False)
    """Told after the longest wait although its other half had not come: what comes later completes it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(state="open"), name="move_one_open"),
            models.CheckConstraint(
                condition=Q(state="open", settled=None) | (~Q(state="open") & Q(settled__isnull=False)),
                name="move_settled",
            ),
        ]
        indexes = [
            models.Index(fields=["settles_at"], condition=Q(state="open"), name="move_due"),
            models.Index(fields=["-opened"], name="move_by_time"),
            models.Index(fields=["person"], condition=Q(unfinished=True), name="move_unfinished"),
        ]

    def __str__(self) -> str:
        return f"move {self.pk}"


class Change(models.Model):
    """One fact began, ended or changed in one run: frozen labels, cause and its evidence."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    true_at = models.DateTimeField(null=True)
    kind = models.TextField()
    """attribute, manager, assignment, grant, edge, seat, rule, unit, resource, account, push, owner."""
    verb = models.TextField()
    """began, ended or changed."""
    fact = models.BigIntegerField()
    """Primary key of the fact's row."""
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="changes", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="changes")
    resource = models.ForeignKey(Resource, models.PROTECT, null=True, related_name="changes", db_index=False)
    app = models.ForeignKey(Resource, models.PROTECT, null=True, related_name="app_changes", db_index=False)
    """The app end of an edge or a seat; `resource` is then the group, or null."""
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, related_name="changes")
    attribute = models.TextField(default="")
    who = models.TextField(default="")
    what = models.TextField(default="")
    level = models.TextField(default="")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    cause = models.JSONField(default=dict)
    """See orgmodel.why.causes.Cause: kind and what names it."""
    evidence = models.TextField(default="none")
    move = models.ForeignKey(Move, models.PROTECT, null=True, related_name="changes", db_index=False)
    baseline = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verb__in=["began", "ended", "changed"]), name="change_verb"),
        ]
        indexes = [
            models.Index(fields=["person", "-at"], name="change_by_person"),
            models.Index(fields=["-at", "-id"], condition=Q(baseline=False), name="change_feed"),
            models.Index(fields=["resource", "-at"], name="change_by_resource"),
            models.Index(fields=["app", "-at"], name="change_by_app"),
            models.Index(fields=["kind", "fact"], name="change_by_fact"),
            models.Index(fields=["move"], condition=Q(move__isnull=False), name="change_by_move"),
            models.Index(
                KeyTextTransform("name", "before"),
                condition=Q(kind="resource", verb="changed"),
                name="change_of_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fact} {self.verb}"
