"""What every fact with a time has in common: since when, until when, and which run saw it."""

from django.db import models
from django.db.models import F, Q


class Timed(models.Model):
    """A fact that holds from `began` until `ended`, as runs saw it; current while `ended` is null."""

    began = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    true_began = models.DateTimeField(null=True)
    """When it really began, where the source or its log says so; `began` is when a run saw it."""
    run_began = models.ForeignKey("orgmodel.Run", models.PROTECT, related_name="+", db_index=False)
    run_ended = models.ForeignKey("orgmodel.Run", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        abstract = True


def one_current(name: str, *columns: str) -> models.UniqueConstraint:
    """At most one current row per fact."""
    return models.UniqueConstraint(fields=columns, condition=Q(ended=None), name=f"{name}_one_current")


def ended_after_began(name: str) -> models.CheckConstraint:
    """A fact cannot end before it began, and an ended one names the run that saw it end."""
    return models.CheckConstraint(
        condition=Q(ended=None, run_ended=None) | Q(ended__gt=F("began"), run_ended__isnull=False),
        name=f"{name}_ended_after_began",
    )
