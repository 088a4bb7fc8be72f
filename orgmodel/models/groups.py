"""What belongs to a group: the rules that fill it, where it is pushed, who owns it."""

from django.db import models

from .people import Account
from .resources import Resource
from .timed import Timed, ended_after_began, one_current


class Rule(models.Model):
    """A group rule of the source. Ends, is never deleted; its versions hold what it says."""

    source = models.TextField()
    native_id = models.TextField()
    key = models.TextField(unique=True)
    """Its key in addresses, without a name: a rule may be called after what is confidential."""
    began = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "native_id"], name="rule_native")]

    def __str__(self) -> str:
        return f"rule {self.native_id}"


class RuleVersion(Timed):
    """What a rule said during a time: whoever the expression fits is put into the target groups."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="versions")
    name = models.TextField()
    status = models.TextField()
    """active, inactive or invalid."""
    expression = models.TextField()
    targets = models.JSONField(default=list)
    """Native ids of groups."""
    excluded = models.JSONField(default=list)
    """Native ids of accounts."""

    class Meta:
        constraints = [ended_after_began("rule_version"), one_current("rule_version", "rule")]


class PushMapping(Timed):
    """A group is pushed to an app's own groups."""

    native_id = models.TextField()
    app = models.ForeignKey(Resource, models.PROTECT, related_name="pushes")
    group = models.ForeignKey(Resource, models.PROTECT, related_name="pushed_to")
    target = models.ForeignKey(Resource, models.PROTECT, null=True, related_name="pushed_from")
    status = models.TextField(default="")
    error = models.TextField(default="")

    class Meta:
        constraints = [
            ended_after_began("push_mapping"),
            one_current("push_mapping", "app", "native_id"),
        ]


class Owner(Timed):
    """Who owns a group: an account or another group."""

    group = models.ForeignKey(Resource, models.PROTECT, related_name="owners")
    kind = models.TextField()
    native_id = models.TextField()
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="owns")
    name = models.TextField(default="")

    class Meta:
        constraints = [ended_after_began("owner"), one_current("owner", "group", "native_id")]
