"""What the hooks of sources named and no applied sync has looked at yet; no row holds a personal value."""

from django.db import models


class HookHint(models.Model):
    """An object to look at again, however often it was named. Both texts empty: everything."""

    source = models.TextField()
    kind = models.TextField()
    native_id = models.TextField()
    received = models.DateTimeField()
    """When it was last named."""
    count = models.BigIntegerField(default=1)
    """How often it was named: with the id it tells a row that was named again from the one that was taken."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "native_id"], name="hook_hint_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind or 'everything'} {self.native_id} of {self.source}".replace("  ", " ")


class HookDelivery(models.Model):
    """One delivery that was taken, kept for a day so that its doubles are known."""

    source = models.TextField()
    key = models.TextField()
    """A hash: of the system's own id of the delivery, else of its body."""
    received = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="hook_delivery_once")]

    def __str__(self) -> str:
        return f"delivery {self.key[:8]} of {self.source}"


class HookState(models.Model):
    """How the hook of a source is: how many deliveries came, and whether a sync shall begin early."""

    source = models.TextField(primary_key=True)
    accepted = models.BigIntegerField(default=0)
    """Deliveries that were verified, doubles among them."""
    received = models.DateTimeField(null=True)
    """When the last of them came."""
    refused = models.BigIntegerField(default=0)
    refused_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)
    """Since when an early sync is waited for; null once a sync has begun."""

    def __str__(self) -> str:
        return f"hook of {self.source}"
