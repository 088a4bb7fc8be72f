"""Saved rehearsals: the plans that people submitted, and what each would have done on its day."""

import uuid

from django.db import models

from .people import Person


class Rehearsal(models.Model):
    """A plan: the CSV of its `changes`; with a `chart`, the org chart of today, they are the one to be."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.TextField()
    due = models.DateField(null=True)
    """From when the plan holds."""
    made = models.DateTimeField()
    maker = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    changes = models.TextField()
    chart = models.TextField(default="")

    def __str__(self) -> str:
        return f"rehearsal {self.key}"


class Forecast(models.Model):
    """What a plan would have done at one moment; `answer` holds all but the people."""

    rehearsal = models.ForeignKey(Rehearsal, models.CASCADE, related_name="forecasts")
    at = models.DateTimeField()
    people = models.IntegerField()
    changed = models.IntegerField()
    answer = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rehearsal", "at"], name="forecast_once")]

    def __str__(self) -> str:
        return f"forecast {self.pk}"


class Foreseen(models.Model):
    """What one person would gain and lose: each app with its level, cause, group and rules."""

    forecast = models.ForeignKey(Forecast, models.CASCADE, related_name="foreseen")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    values = models.JSONField()
    gains = models.JSONField()
    loses = models.JSONField()
    keeps = models.IntegerField()
    comes = models.JSONField()
    goes = models.JSONField()
    unknown = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["forecast", "person"], name="foreseen_once")]

    def __str__(self) -> str:
        return f"foreseen {self.pk}"
