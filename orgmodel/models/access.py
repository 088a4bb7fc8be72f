"""Who holds what: stated grants, the edges that carry them on, and the closure of the edges."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .people import Account
from .resources import Entitlement, Resource
from .timed import Timed, ended_after_began, one_current


class Grant(Timed):
    """An account holds an entitlement as stated by the source: a membership, a direct assignment."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="grants", db_index=False)
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="grants", db_index=False)
    origin = models.TextField(default="unknown")
    rules = ArrayField(models.TextField(), default=list)
    """Native ids of the rules that the source names as its reason."""
    evidence = models.TextField(default="none")

    class Meta:
        indexes = [
            models.Index(fields=["account", "entitlement"], name="grant_by_account"),
            models.Index(fields=["entitlement", "account"], name="grant_by_entitlement"),
        ]
        constraints = [
            ended_after_began("grant"),
            one_current("grant", "account", "entitlement"),
            models.CheckConstraint(
                condition=models.Q(origin__in=["rule", "automation", "request", "admin", "app", "unknown"]),
                name="grant_origin",
            ),
        ]


class Edge(Timed):
    """Holding one entitlement gives another, whatever their sources: a member of a group gets an app."""

    source = models.ForeignKey(Entitlement, models.PROTECT, related_name="opens")
    target = models.ForeignKey(Entitlement, models.PROTECT, related_name="opened_by")
    sort = models.TextField(db_default="opens")
    """opens; cascades from a parent to its child; contains; mirrors a group in another system."""
    priority = models.IntegerField(default=0)
    """Where several edges give one app, the lowest number decides the level."""
    cap = models.TextField(db_default="")
    """The level of the target is at most this one; empty: no limit."""
    stated_by = models.TextField(db_default="")
    """The source that says so: only its syncs end the edge."""

    class Meta:
        constraints = [
            ended_after_began("edge"),
            one_current("edge", "source", "target"),
            models.CheckConstraint(
                condition=models.Q(sort__in=["opens", "cascades", "contains", "mirrors"]), name="edge_sort"
            ),
        ]


class Seat(Timed):
    """What the source itself lists as an account's assignment to an app, and how delivery went."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="seats", db_index=False)
    app = models.ForeignKey(Resource, models.PROTECT, related_name="seats")
    scope = models.TextField()
    status = models.TextField(default="")
    sync_state = models.TextField(default="")
    level = models.TextField(default="")
    user_name = models.TextField(default="", db_default="")
    external_id = models.TextField(default="", db_default="")
    """As whom the app knows the account; kept only of apps that are sources themselves."""

    class Meta:
        constraints = [ended_after_began("seat"), one_current("seat", "account", "app")]


class Reach(models.Model):
    """Derived: the closure of the current edges, rebuilt by each run that changes an edge."""

    source = models.ForeignKey(Entitlement, models.CASCADE, related_name="+")
    target = models.ForeignKey(Entitlement, models.CASCADE, related_name="+")
    hops = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target"], name="reach_pair")]

    def __str__(self) -> str:
        return f"{self.source_id} reaches {self.target_id}"
