"""Signing in by OIDC: the verified e-mail address of the claim says which person of the company it is."""

import logging
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.functional import SimpleLazyObject
from jwt import PyJWTError
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

logger = logging.getLogger(__name__)

UNREACHABLE = (httpx.HTTPError, ImproperlyConfigured, OSError, ValueError)
"""What asking the issuer can end in: requests' errors are OSErrors, a broken answer is a ValueError."""
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
        # Lazy: whoever is signed in already must not wait for, or fail with, the issuer.
        return SimpleLazyObject(lambda: discovered(settings.SIGHTLINE.oidc_issuer)[NAMES[name]])
    return getattr(settings, name, *arguments)


class Backend(OIDCAuthenticationBackend):  # type: ignore[misc]  # the library carries no types
    """Users are made at their first sign-in; they carry nothing but the address."""

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        """Endpoints come from discovery, all else from the settings."""
        return _setting(attr, *args)

    def verify_token(self, token: str, **kwargs: Any) -> Any:
        """The library checks signature, time and nonce; here: that it is from our issuer and for us."""
        said = super().verify_token(token, **kwargs)
        audience = said.get("aud")
        meant = audience if isinstance(audience, list) else [audience]
        if str(said.get("iss", "")).rstrip("/") != settings.SIGHTLINE.oidc_issuer:
            raise SuspiciousOperation("The token is from another issuer.")
        if self.OIDC_RP_CLIENT_ID not in meant:
            raise SuspiciousOperation("The token is meant for another client.")
        return said

    def get_userinfo(self, access_token: str, id_token: str, payload: dict[str, Any]) -> Any:
        """The claims; of nobody but the one the token is about."""
        claims = super().get_userinfo(access_token, id_token, payload)
        if claims.get("sub") != payload.get("sub"):
            raise SuspiciousOperation("The claims are about somebody else than the token.")
        return claims

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
    """Takes the browser back; whatever the issuer does wrong ends on the page that says so."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The end of the way back."""
        try:
            response: HttpResponseBase = super().get(request)
        except (*UNREACHABLE, PyJWTError, SuspiciousOperation) as error:
            logger.warning("a sign-in failed: %s", type(error).__name__)
            return HttpResponseRedirect(self.failure_url)
        return response

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        """As the backend."""
        return _setting(attr, *args)
