"""People, their accounts in the sources, and what the sources say of them over time."""

from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Lower

from .timed import Timed, ended_after_began, one_current


class Person(models.Model):
    """Somebody, joined from an HRIS record, an Okta user and a Slack user. Ends, is never deleted."""

    key = models.TextField(unique=True)
    """Its key in addresses: given once by Sightline, never taken from a source and never reused."""
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_index=False)
    """Who goes on for somebody who was taken for two people; this key leads there."""
    name = models.TextField()
    email = models.TextField(default="")
    title = models.TextField(default="")
    status = models.TextField(default="active")
    """active, pending, leave, suspended or ended; an HRIS may say other words, which are kept."""
    worker_type = models.TextField(default="")
    manager = models.ForeignKey("self", models.PROTECT, null=True, related_name="reports")
    start_date = models.DateField(null=True)
    end_date = models.DateField(null=True)
    time_zone = models.TextField(default="")
    began = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(Lower("email"), name="person_by_email"),
            models.Index(Lower("name"), name="person_by_name"),
            models.Index(fields=["end_date"], condition=~Q(status="ended"), name="person_leaving"),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="person_merged"
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"


class Account(models.Model):
    """One principal in one source. Ends when a complete read no longer has it, and may come back."""

    source = models.TextField()
    native_id = models.TextField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="accounts", db_index=False)
    match = models.TextField(db_default="")
    """How the account was joined to its person, or why not: a key of `orgmodel.why.identity.EVIDENCE`."""
    login = models.TextField(default="")
    email = models.TextField(default="")
    name = models.TextField(default="")
    status = models.TextField(default="")
    """The source's own word."""
    state = models.TextField(db_default="active")
    """What that means: pending, active, leave, suspended or ended; other words are kept as they are."""
    title = models.TextField(default="")
    worker_type = models.TextField(default="")
    manager_ref = models.TextField(default="")
    employee_number = models.TextField(default="")
    start_date = models.DateField(null=True)
    end_date = models.DateField(null=True)
    time_zone = models.TextField(default="")
    created = models.DateTimeField(null=True)
    updated = models.DateTimeField(null=True)
    began = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "native_id"], name="account_native")]
        indexes = [
            models.Index(Lower("email"), name="account_by_email"),
            models.Index(fields=["employee_number"], name="account_by_number"),
            models.Index(fields=["login"], name="account_by_login"),
            models.Index(Lower("login"), name="account_by_any_login"),
            models.Index(fields=["native_id"], name="account_by_native"),
            models.Index(fields=["person"], name="account_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.source} account {self.native_id}"


class Attribute(Timed):
    """One tracked value of one account, unit or resource, with its time."""

    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="attributes")
    unit = models.ForeignKey("orgmodel.OrgUnit", models.PROTECT, null=True, related_name="attributes")
    resource = models.ForeignKey("orgmodel.Resource", models.PROTECT, null=True, related_name="attributes")
    name = models.TextField()
    value = models.JSONField()

    class Meta:
        constraints = [
            ended_after_began("attribute"),
            models.CheckConstraint(
                condition=Q(account__isnull=False, unit=None, resource=None)
                | Q(account=None, unit__isnull=False, resource=None)
                | Q(account=None, unit=None, resource__isnull=False),
                name="attribute_one_subject",
            ),
            one_current("attribute_account", "account", "name"),
            one_current("attribute_unit", "unit", "name"),
            one_current("attribute_resource", "resource", "name"),
        ]
        indexes = [
            models.Index(fields=["name"], condition=Q(ended=None), name="attribute_by_name"),
            models.Index(
                Lower(Func("value", template="(%(expressions)s #>> '{}')", output_field=models.TextField())),
                condition=Q(name__in=["name", "slug"]),
                name="attribute_called",
            ),
        ]


class PlannedChange(Timed):
    """A record says that something will be so from a day on; current until it comes true or is called off."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="planned")
    attribute = models.TextField()
    """A tracked attribute, `manager`, `status`, or the kind of a unit whose assignment begins later."""
    value = models.TextField()
    valid_from = models.DateField()
    unit = models.ForeignKey("orgmodel.OrgUnit", models.PROTECT, null=True, related_name="+", db_index=False)
    """The unit that the value names, where it is known."""
    placed = models.BooleanField(default=False)
    """An assignment says so, not a value of the record."""
    manager = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    """The person whom a manager's value names, where they are known."""

    class Meta:
        constraints = [
            ended_after_began("planned_change"),
            one_current("planned_change", "account", "attribute", "value", "valid_from"),
        ]


class ProfileAttribute(Timed):
    """An attribute that exists in the profiles of a source; `kept`: its values are stored."""

    source = models.TextField()
    name = models.TextField()
    title = models.TextField(default="")
    type = models.TextField(default="")
    kept = models.BooleanField(default=False)

    class Meta:
        constraints = [
            ended_after_began("profile_attribute"),
            one_current("profile_attribute", "source", "name"),
        ]


class ManagerLine(Timed):
    """A person reports to another."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="manager_lines")
    manager = models.ForeignKey(Person, models.PROTECT, related_name="report_lines")

    class Meta:
        constraints = [
            ended_after_began("manager_line"),
            one_current("manager_line", "person"),
        ]
