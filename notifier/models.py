"""The outbox: every message with its state, and what delivery must remember between two wakings."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Outbox(models.Model):
    """One message to one recipient. Never deleted: a message not sent keeps the reason."""

    class Kind(models.TextChoices):
        MOVER = "mover"
        OLD_MANAGER = "old_manager"
        NEW_MANAGER = "new_manager"
        JOINER_MANAGER = "joiner_manager"
        JOINER = "joiner"
        LEAVER_MANAGER = "leaver_manager"
        LOST = "lost"
        DIGEST = "digest"
        ADMIN = "admin"

    class State(models.TextChoices):
        PLANNED = "planned"
        HELD = "held"
        SENDING = "sending"
        SENT = "sent"
        UNCERTAIN = "uncertain"
        FAILED = "failed"
        SUPPRESSED = "suppressed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.TextField(choices=Kind.choices)
    recipient = models.ForeignKey("orgmodel.Person", models.PROTECT, null=True, related_name="messages")
    """Null for admins, who need not be people of the read model."""
    to = models.TextField()
    """E-mail address under which Slack is asked for the account."""
    move = models.ForeignKey("orgmodel.Move", models.PROTECT, null=True, related_name="messages")
    revision = models.IntegerField(default=0)
    dedupe_key = models.TextField(unique=True)
    state = models.TextField(choices=State.choices, default=State.PLANNED)
    reason = models.TextField(default="")
    released = models.BooleanField(default=False)
    """An admin let a held message go: neither NOTIFY=hold nor its mass change holds it again."""
    mass = models.ForeignKey("MassChange", models.PROTECT, null=True, related_name="messages", db_index=False)
    """The mass change that holds it, or held it."""
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    """The sent message that this one corrects, in its thread."""
    gathered = models.ForeignKey("self", models.PROTECT, null=True, related_name="gathers")
    """The message that tells this one together with others; it is never sent by itself then."""
    facts_to = models.BigIntegerField(db_default=0)
    """The newest change of the read model when it was composed: later ones may have made it untrue."""
    visibility = models.TextField(db_default="")
    """A stamp of the visibility settings it was composed under; empty when none was noted."""
    tells_from = models.DateTimeField(null=True)
    """When the first of several cases that it tells as one was opened; null: only its own move."""
    about = models.JSONField(db_default={})
    """What a message to admins asks about, so that it can be seen whether it still waits; of a digest, what
    the messages that it gathers have in common."""
    not_before = models.DateTimeField()
    """When it is due; for an uncertain message when to look for it next."""
    deadline = models.DateTimeField()
    """After this the message would be stale and is suppressed."""
    payload = models.JSONField()
    """The story as JSON, see notifier.messages.stories; never secrets."""
    text = models.TextField()
    blocks = models.JSONField()
    attempts = models.PositiveSmallIntegerField(default=0)
    """How many times it was claimed to be posted, without those that certainly posted nothing."""
    doubts = models.PositiveSmallIntegerField(default=0)
    """How many of these ended in an answer that leaves open whether it was delivered."""
    waits = models.PositiveSmallIntegerField(db_default=0)
    """How many times it was put off because Slack knew no account under the address."""
    looks = models.PositiveSmallIntegerField(default=0)
    """How many times the DM was searched for it since the last attempt."""
    first_claimed = models.DateTimeField(null=True)
    uncertain_since = models.DateTimeField(null=True)
    claim_token = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    channel = models.TextField(default="")
    """The D… id of the direct message, once known."""
    ts = models.TextField(default="")
    last_error = models.TextField(default="")
    created = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["planned", "held", "sending", "sent", "uncertain", "failed", "suppressed"]
                ),
                name="outbox_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | (Q(sent_at__isnull=False) & ~Q(ts="")), name="outbox_sent"
            ),
            models.CheckConstraint(
                condition=Q(state="sending", claim_token__isnull=False, claimed_until__isnull=False)
                | (~Q(state="sending") & Q(claim_token=None, claimed_until=None)),
                name="outbox_claim",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state__in=["planned", "uncertain"]),
                name="outbox_due",
            ),
            models.Index(fields=["claimed_until"], condition=Q(state="sending"), name="outbox_leases"),
            models.Index(fields=["-created"], name="outbox_by_time"),
            models.Index(fields=["sent_at"], condition=Q(state="sent"), name="outbox_sent_lately"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class SlackIdentity(models.Model):
    """Which Slack account an e-mail address belongs to, as last asked."""

    email = models.TextField(unique=True)
    """Lower case."""
    team_id = models.TextField(default="")
    user_id = models.TextField(default="")
    """Empty when Slack knows no active account under the address."""
    deleted = models.BooleanField(default=False)
    tz = models.TextField(default="")
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Slack account {self.user_id}"


class SendPace(models.Model):
    """One row per Web API method: the token bucket, the pause Slack asked for, and the breaker."""

    method = models.TextField(primary_key=True)
    tokens = models.FloatField(default=0)
    refilled_at = models.DateTimeField(null=True)
    blocked_until = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(db_default=0)
    """Pauses in a row without a success between them: each is longer than the one before."""
    reason = models.TextField(default="")
    """Set while the breaker is open: Slack's code that an admin must mend. Empty for a mere pause."""
    opened_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"pace of {self.method}"


class Mute(models.Model):
    """A person wants no messages of a kind, for a while or for good."""

    person = models.ForeignKey("orgmodel.Person", models.CASCADE, related_name="mutes")
    kind = models.TextField(choices=Outbox.Kind.choices)
    until = models.DateTimeField(null=True)
    """Null: for good."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="mute_once")]

    def __str__(self) -> str:
        return f"mute {self.pk}"


class MassChange(models.Model):
    """So many people changed at once that an admin decides, once, whether anybody is written to."""

    class Decision(models.TextChoices):
        RELEASED = "released"
        DROPPED = "dropped"
        EMPTY = "empty"
        """Nothing of it was left to tell."""

    opened = models.DateTimeField()
    last_joined = models.DateTimeField()
    """When the newest case joined it; what comes within the window after it joins as well."""
    people = models.PositiveIntegerField()
    over = models.TextField()
    """The limit that was passed, in words."""
    decision = models.TextField(choices=Decision.choices, default="")
    """Empty until an admin decides."""

    def __str__(self) -> str:
        return f"mass change {self.pk}"


class MassCase(models.Model):
    """A case that belongs to a mass change, known before any message of it is planned."""

    move = models.OneToOneField("orgmodel.Move", models.PROTECT, primary_key=True, related_name="mass_case")
    mass = models.ForeignKey(MassChange, models.PROTECT, related_name="cases")

    def __str__(self) -> str:
        return f"move {self.move_id} in mass change {self.mass_id}"


class OutboxAct(models.Model):
    """What somebody did about messages: who, when and why. Append-only."""

    class Act(models.TextChoices):
        RELEASE = "release"
        DROP = "drop"
        SEND_AGAIN = "again"
        STOP = "stop"
        RESUME = "resume"

    at = models.DateTimeField()
    act = models.TextField(choices=Act.choices)
    person = models.ForeignKey("orgmodel.Person", models.PROTECT, null=True, related_name="+")
    who = models.TextField()
    """The name as it was then."""
    reason = models.TextField(default="")
    messages = models.ManyToManyField(Outbox, related_name="acts")
    count = models.PositiveIntegerField(default=0)
    """How many messages it was done to."""
    mass = models.ForeignKey(MassChange, models.PROTECT, null=True, related_name="acts", db_index=False)
    """The mass change that it decided, with what is still to come of it."""

    def __str__(self) -> str:
        return f"{self.act} {self.pk}"


class Stop(models.Model):
    """All sending stands still from `began` until `ended`; at most one is current."""

    began = models.ForeignKey(OutboxAct, models.PROTECT, related_name="+")
    ended = models.ForeignKey(OutboxAct, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=Q(ended=None), name="stop_one_current"),
        ]

    def __str__(self) -> str:
        return f"stop {self.pk}"
