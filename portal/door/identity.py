"""Which person a subject of the issuer is.

Where the issuer is the Okta that is read, the subject is the id of the Okta account and nothing else counts.
Elsewhere a verified address finds the person at the first sign-in; from then on the subject stands for them.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from orgmodel.configuration import Configuration
from orgmodel.queries.sign_in import (
    Candidate,
    has_left_since,
    holder_of_account,
    is_present,
    people_at_address,
)
from orgmodel.sources.registry import issuer

from .attempts import Refusal
from .models import Identity, SignInRelease

ADDRESS = 320
"""Characters of the longest e-mail address."""


class Refused(Exception):
    """Somebody is not let in; `refusal` is what the page says."""

    def __init__(self, reason: str, known_as: str = "") -> None:
        super().__init__(reason)
        self.refusal = Refusal(reason, known_as[:ADDRESS])


@dataclass(frozen=True)
class Known:
    """A person, and the Okta account they are known by where it is not an address."""

    person: int
    account: int | None


def recognise(claims: dict[str, Any]) -> AbstractBaseUser:
    """The user whom these claims are about, made at the first sign-in. Raises Refused."""
    address, subject = settings.SIGHTLINE.oidc_issuer, str(claims.get("sub") or "")
    if not subject:
        raise Refused("failed")
    name = username(address, subject)
    bound = Identity.objects.filter(user__username=name).first()
    known = by_account(settings.SIGHTLINE, claims) or by_address(settings.SIGHTLINE, claims, bound)
    with transaction.atomic():
        user, _ = get_user_model().objects.get_or_create(
            username=name, defaults={"password": make_password(None)}
        )
        values = {
            "issuer": address,
            "subject": subject,
            "person_id": known.person,
            "account_id": known.account,
        }
        Identity.objects.update_or_create(
            user=user, defaults=values, create_defaults={**values, "bound": timezone.now()}
        )
    return user


def release(person: int, who: str, reason: str) -> int:
    """Forget which subjects stand for a person, and end their sessions; how many were known.

    `who` decides it, and why is kept.
    """
    users = get_user_model().objects.filter(identity__person=person)
    with transaction.atomic():
        released = users.count()
        users.delete()
        SignInRelease.objects.create(person_id=person, at=timezone.now(), who=who, reason=reason)
    return released


def username(issuer: str, subject: str) -> str:
    """One name for each subject of each issuer, however long it is."""
    return sha256(f"{issuer}\n{subject}".encode()).hexdigest()


def by_account(configuration: Configuration, claims: dict[str, Any]) -> Known | None:
    """Whom the account with this id belongs to; None where an address has to tell. Raises Refused.

    In an id token and at the user endpoint `sub` is the account's id. A custom authorization server may be
    made to say the login there; it then names the id `uid`.
    """
    known_as = str(claims.get("email") or claims.get("preferred_username") or "")
    source, server = issuer(configuration)
    if not server:
        return None
    names = ["sub", "uid"] if server == "custom" else ["sub"]
    ids = [str(claims[name]) for name in names if claims.get(name)]
    found = [holder for native in ids if (holder := holder_of_account(source, native))]
    if found:
        return Known(_let_in(found[0], known_as).person, found[0].account)
    if server == "own":
        raise Refused("not read", known_as)
    return None


def by_address(configuration: Configuration, claims: dict[str, Any], bound: Identity | None) -> Known:
    """Whom the subject was bound to, or whom its verified address finds. Raises Refused."""
    if bound and is_present(bound.person_id):
        return Known(bound.person_id, bound.account_id)
    address = str(claims.get("email") or "").strip()
    if not address:
        raise Refused("no address", str(claims.get("preferred_username") or ""))
    if claims.get("email_verified") is not True and not configuration.oidc_trust_email:
        raise Refused("not verified", address)
    found = people_at_address(address)
    if len(found) > 1:
        found = [each for each in found if each.named_so]
        if len(found) != 1:
            raise Refused("shared", address)
    if not found:
        raise Refused("unknown" if not bound else "not here", address)
    person = _let_in(found[0], address).person
    others = Identity.objects.filter(person=person, issuer=configuration.oidc_issuer, account=None)
    held = others.exclude(pk=bound.pk if bound else None)
    if not all(has_left_since(person, other.bound) for other in held):
        raise Refused("taken", address)
    # Whoever left and came back has a new account there too: the one from before stands for nobody.
    get_user_model().objects.filter(identity__in=held).delete()
    return Known(person, None)


def _let_in(found: Candidate, known_as: str) -> Candidate:
    if not found.present:
        raise Refused("not here", known_as)
    return found
