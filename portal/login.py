"""Signing in by OIDC: the verified e-mail address of the claim says which person of the company it is."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

NAMES = {
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "authorization_endpoint",
    "OIDC_OP_TOKEN_ENDPOINT": "token_endpoint",
    "OIDC_OP_USER_ENDPOINT": "userinfo_endpoint",
    "OIDC_OP_JWKS_ENDPOINT": "jwks_uri",
}


@lru_cache(maxsize=4)
def discovered(issuer: str) -> dict[str, str]:
    """What the issuer says of itself; its addresses must be https on any host, or loopback."""
    answer = httpx.get(f"{issuer}/.well-known/openid-configuration", timeout=10, follow_redirects=False)
    answer.raise_for_status()
    said: dict[str, str] = answer.json()
    if said.get("issuer", "").rstrip("/") != issuer:
        raise ImproperlyConfigured("OIDC_ISSUER answers for another issuer; copy its exact address.")
    for name in NAMES.values():
        parts = urlsplit(said.get(name, ""))
        if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
            raise ImproperlyConfigured(f"OIDC_ISSUER names a {name} that is not https.")
    return said


def _setting(name: str, *arguments: Any) -> Any:
    if name in NAMES:
        return discovered(settings.SIGHTLINE.oidc_issuer)[NAMES[name]]
    return getattr(settings, name, *arguments)


class Backend(OIDCAuthenticationBackend):  # type: ignore[misc]  # the library carries no types
    """Users are made at their first sign-in; they carry nothing but the address."""

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        """Endpoints come from discovery, all else from the settings."""
        return _setting(attr, *args)

    def verify_claims(self, claims: dict[str, Any]) -> bool:
        """An address that its issuer has not verified is nobody's."""
        return bool(claims.get("email")) and claims.get("email_verified", True) is True

    def filter_users_by_claims(self, claims: dict[str, Any]) -> Any:
        """By subject: an address that is given to somebody else later does not inherit the session's user."""
        return self.UserModel.objects.filter(username=_username(claims))

    def create_user(self, claims: dict[str, Any]) -> Any:
        return self.UserModel.objects.create_user(_username(claims), email=claims["email"])

    def update_user(self, user: Any, claims: dict[str, Any]) -> Any:
        if user.email != claims["email"]:
            user.email = claims["email"]
            user.save(update_fields=["email"])
        return user


def _username(claims: dict[str, Any]) -> str:
    return str(claims["sub"])[:150]


class Request(OIDCAuthenticationRequestView):  # type: ignore[misc]  # the library carries no types
    """Sends the browser to the issuer."""

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        """As the backend."""
        return _setting(attr, *args)


class Callback(OIDCAuthenticationCallbackView):  # type: ignore[misc]  # the library carries no types
    """Takes the browser back."""

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        """As the backend."""
        return _setting(attr, *args)
