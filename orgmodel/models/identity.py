"""Which person an account was decided to belong to, by whom and why, and when it went from one to another."""

from django.db import models

from .people import Account, Person


class AccountDecision(models.Model):
    """An admin decided whose an account is. The newest one of an account counts. Only ever added to."""

    class Act(models.TextChoices):
        LINK = "link"
        UNLINK = "unlink"
        UNDO = "undo"

    account = models.ForeignKey(Account, models.PROTECT, related_name="decisions", db_index=False)
    act = models.TextField(choices=Act.choices)
    """link: it is this person's; unlink: it is not; undo: the evidence decides again."""
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)
    """Whose it is (link), or whose it was and is not (unlink, undo)."""
    at = models.DateTimeField()
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)
    """Who decided; null: somebody on the server."""
    reason = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["account", "-id"], name="decision_by_account")]

    def __str__(self) -> str:
        return f"{self.act} of account {self.account_id}"


class Handover(models.Model):
    """An account that belonged to one person belongs to another from `at` on. Only ever added to.

    Before its first handover an account belonged to the person whom that one names as `before`.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="handovers", db_index=False)
    before = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)
    after = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)
    match = models.TextField()
    """How the account was joined to `before`."""
    at = models.DateTimeField()
    decision = models.ForeignKey(AccountDecision, models.PROTECT, null=True, db_index=False)
    """Null: two people turned out to be one when a record told more."""

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="handover_by_account"),
            models.Index(fields=["before"], name="handover_by_person"),
        ]

    def __str__(self) -> str:
        return f"handover of account {self.account_id}"
