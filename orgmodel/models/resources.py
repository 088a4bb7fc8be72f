"""What access is about: groups and apps, and the levels at which they can be held."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower


class Resource(models.Model):
    """A group or an app of one source. Ends, is never deleted."""

    source = models.TextField()
    kind = models.TextField()
    """group or app."""
    native_id = models.TextField()
    key = models.TextField(unique=True)
    """Its key in addresses: given once by Sightline, never taken from the source and never reused."""
    name = models.TextField()
    description = models.TextField(default="")
    type = models.TextField(default="")
    status = models.TextField(default="")
    """active or inactive; empty for a group."""
    profile = models.JSONField(default=dict)
    features = models.JSONField(default=list)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="imported")
    """The app that an imported group comes from."""
    updated = models.DateTimeField(null=True)
    combine = models.TextField(db_default="priority")
    """Which of several levels counts: priority, max or union, see orgmodel.why.level_rules."""
    unread = ArrayField(models.TextField(), default=list, db_default=[])
    """Kinds of its facts (grant, owner, edge, seat, push) that the last read could not see: not empty."""
    holders = models.IntegerField(db_default=0)
    """Derived: people who hold it now, by any path."""
    opens = models.IntegerField(db_default=0)
    """Derived: apps that a group opens, groups that open an app."""
    everyone = models.BooleanField(db_default=False)
    """Derived: a group that holds (nearly) everybody."""
    began = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "native_id"], name="resource_native")]
        indexes = [
            models.Index("kind", Lower("name"), name="resource_by_name"),
            models.Index(Lower("name"), name="resource_by_any_name"),
            models.Index(fields=["name"], name="resource_by_exact_name"),
            models.Index(fields=["native_id"], name="resource_by_native"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.native_id}"


class Entitlement(models.Model):
    """One level of one resource: member of a group, Editor of an app."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="entitlements")
    level = models.TextField()
    rank = models.SmallIntegerField(null=True)
    """The rank of the level on the scale of its source; null: nobody can say."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resource", "level"], name="entitlement_level")]

    def __str__(self) -> str:
        return f"{self.level} of {self.resource_id}"
