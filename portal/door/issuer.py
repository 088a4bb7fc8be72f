"""The issuer of the login: its description, kept for an hour, and what happens while it does not answer."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import requests
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import SimpleLazyObject

from .counters import mark, marked

TIMEOUT = 4
"""Seconds that one question to the issuer may take."""
KEPT = 3600
"""Seconds after which the description is read anew: an issuer may move its endpoints."""
CHECKED = 300
"""Seconds for which the issuer is taken to be there, before somebody who is in is sent to it."""
PAUSE = 30
"""Seconds for which nobody asks an issuer that did not answer."""
NAMES = {
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "authorization_endpoint",
    "OIDC_OP_TOKEN_ENDPOINT": "token_endpoint",
    "OIDC_OP_USER_ENDPOINT": "userinfo_endpoint",
    "OIDC_OP_JWKS_ENDPOINT": "jwks_uri",
}


class Unreachable(Exception):
    """The issuer does not answer as it should, or did not a moment ago."""


_known: dict[str, tuple[float, dict[str, str]]] = {}


def forget() -> None:
    """Let the next question go to the issuer."""
    _known.clear()


def described(age: float = KEPT) -> dict[str, str]:
    """What the issuer says of itself, not older than so many seconds. Raises Unreachable."""
    issuer = settings.SIGHTLINE.oidc_issuer
    read, description = _known.get(issuer, (0.0, {}))
    if description and time.monotonic() - read < age:
        return description
    with asking():
        description = discover(issuer)
    _known[issuer] = (time.monotonic(), description)
    return description


def not_while_silent() -> None:
    """Raises Unreachable while the issuer is left alone: nobody is sent to it either."""
    if marked(settings.SIGHTLINE.oidc_issuer, PAUSE):
        raise Unreachable("did not answer a moment ago")


@contextmanager
def asking() -> Iterator[None]:
    """Around every question: one that hangs costs one wait, then none for half a minute. Raises Unreachable.

    An answer that refuses, even with a 500, is an answer: a made-up code must not close the door for all.
    """
    not_while_silent()
    try:
        yield
    except (httpx.HTTPError, requests.ConnectionError, requests.Timeout, ImproperlyConfigured) as error:
        mark(settings.SIGHTLINE.oidc_issuer)
        raise Unreachable(type(error).__name__) from error


def discover(issuer: str) -> dict[str, str]:
    """The description, asked for now; its addresses must be https on any host, or loopback.

    Raises httpx.HTTPError or ImproperlyConfigured.
    """
    address = f"{issuer}/.well-known/openid-configuration"
    answer = httpx.get(address, timeout=TIMEOUT, follow_redirects=False)
    answer.raise_for_status()
    try:
        description = answer.json()
    except ValueError as error:
        raise ImproperlyConfigured("OIDC_ISSUER does not answer in JSON.") from error
    if not isinstance(description, dict) or str(description.get("issuer", "")).rstrip("/") != issuer:
        raise ImproperlyConfigured("OIDC_ISSUER answers for another issuer; copy its exact address.")
    for name in NAMES.values():
        parts = urlsplit(str(description.get(name, "")))
        if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
            raise ImproperlyConfigured(f"OIDC_ISSUER names a {name} that is not https.")
    return description


def setting(name: str, *arguments: Any) -> Any:
    """A setting of the OIDC library; endpoints come from the issuer's description."""
    if name in NAMES:
        # Lazy: whoever is signed in already must not wait for, or fail with, the issuer.
        return SimpleLazyObject(lambda: described()[NAMES[name]])
    return getattr(settings, name, *arguments)
