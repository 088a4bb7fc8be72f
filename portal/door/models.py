"""What the sign-in remembers: sessions, which person a subject is, and how often somebody tried."""

from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class Session(AbstractBaseSession):
    """A browser that is signed in. Its key is the hash of what the browser holds: no row opens the door."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions")
    created = models.DateTimeField()
    seen = models.DateTimeField(db_index=True)
    """The last request, to the minute."""
    renewed = models.DateTimeField(null=True)
    """When the issuer last confirmed the person."""
    browser = models.TextField(default="")

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        verbose_name = "session"
        verbose_name_plural = "sessions"

    def __str__(self) -> str:
        return f"session {self.pk[:8]}"

    @classmethod
    def get_session_store_class(cls) -> Any:
        """What Django asks for."""
        from .sessions import SessionStore

        return SessionStore


class Identity(models.Model):
    """Whom a subject of an issuer stands for. Bound at the first sign-in; an address never moves it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="identity"
    )
    issuer = models.TextField()
    subject = models.TextField()
    person = models.ForeignKey("orgmodel.Person", models.PROTECT, related_name="identities")
    account = models.ForeignKey("orgmodel.Account", models.PROTECT, null=True, related_name="+")
    """The Okta account that the subject is; empty where an address found the person."""
    bound = models.DateTimeField()

    def __str__(self) -> str:
        return f"identity {self.pk}"


class SignInRelease(models.Model):
    """Another subject may stand for a person from then on: who said so, when and why. Only ever added to."""

    person = models.ForeignKey("orgmodel.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    who = models.TextField()
    """The account on the server."""
    reason = models.TextField()

    def __str__(self) -> str:
        return f"release of the sign-in of person {self.person_id}"


class Tally(models.Model):
    """How often somebody did something since the window began."""

    key = models.TextField(primary_key=True)
    """A hash: neither addresses nor people stand here."""
    began = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"tally {self.pk[:8]}"
