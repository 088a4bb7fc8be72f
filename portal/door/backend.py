"""The issuer's answer, checked; the OIDC library does the exchange."""

from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from .identity import recognise
from .issuer import setting


class Backend(OIDCAuthenticationBackend):  # type: ignore[misc]  # the library carries no types
    """Users are made at their first sign-in; they carry nothing but a name made of issuer and subject."""

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        """Endpoints come from the issuer's description, all else from the settings."""
        return setting(attr, *args)

    def verify_token(self, token: str, **kwargs: Any) -> Any:
        """The library checks signature, time and nonce; here: that it is from our issuer and for us."""
        payload = super().verify_token(token, **kwargs)
        audience = payload.get("aud")
        meant = audience if isinstance(audience, list) else [audience]
        if str(payload.get("iss", "")).rstrip("/") != settings.SIGHTLINE.oidc_issuer:
            raise SuspiciousOperation("The token is from another issuer.")
        if self.OIDC_RP_CLIENT_ID not in meant:
            raise SuspiciousOperation("The token is meant for another client.")
        return payload

    def get_or_create_user(self, access_token: str, id_token: str, payload: dict[str, Any]) -> Any:
        """The user of the claims. Raises Refused."""
        claims = self.get_userinfo(access_token, id_token, payload)
        if claims.get("sub") != payload.get("sub"):
            raise SuspiciousOperation("The claims are about somebody else than the token.")
        return recognise({"uid": payload.get("uid"), **claims})
