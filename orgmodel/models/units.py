"""Org units, who belongs to them, and which Okta group stands for which unit."""

from django.db import models

from .people import Person
from .resources import Resource
from .timed import Timed, ended_after_began, one_current


class OrgUnit(models.Model):
    """A team, team group, department … with a stable id. Its attributes hold its history."""

    kind = models.TextField()
    native_id = models.TextField()
    source = models.TextField()
    """control or hris where a record exists; okta where only a group carries it; attribute for a value."""
    name = models.TextField()
    slug = models.TextField()
    address = models.TextField(unique=True)
    """The slug in addresses, made unique across kinds."""
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    lead = models.ForeignKey(Person, models.PROTECT, null=True, related_name="leads")
    lead_ref = models.TextField(db_default="")
    """Who leads it in the record's own words: resolved again by every run, since people may come later."""
    active = models.BooleanField(default=True)
    active_from = models.DateField(null=True)
    active_to = models.DateField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    began = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "native_id"], name="unit_native")]

    def __str__(self) -> str:
        return f"{self.kind} {self.native_id}"


class Assignment(Timed):
    """A person belongs to a unit."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="assignments", db_index=False)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="assignments")
    source = models.TextField(db_default="attribute")
    """attribute: follows from an attribute's value; hris: stated by the HR system itself."""
    kind = models.TextField(db_default="primary")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person"], name="assignment_by_person")]
        constraints = [
            ended_after_began("assignment"),
            one_current("assignment", "person", "unit"),
        ]


class UnitLink(Timed):
    """An Okta group stands for a unit."""

    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="links")
    group = models.ForeignKey(Resource, models.PROTECT, related_name="unit_links")
    evidence = models.TextField()
    """profile key, description or name."""

    class Meta:
        constraints = [ended_after_began("unit_link"), one_current("unit_link", "unit", "group")]
