"""Authentication: an SSWS token, or an OAuth service app with a private key (and DPoP where required).

Secrets stay in these objects; they are in no representation and no error.
"""

import base64
import hashlib
import re
import threading
import time
import uuid
from collections.abc import Generator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import httpx
import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from orgmodel.sources.http import PASSING, NotNow

from .answers import SCOPES, TokenRefused

ASKED_SCOPES = tuple(scope for _, scope in SCOPES)
RENEW_BEFORE = 300
"""Seconds before the end of an access token at which a new one is asked for."""
CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
OAUTH_ERROR = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True)
class Credentials:
    """An SSWS `token`, or `client_id` with the private key (PEM or JWK) registered under `key_id`."""

    token: str = field(default="", repr=False)
    client_id: str = ""
    private_key: str = field(default="", repr=False)
    key_id: str = ""
    dpop: bool = False


class _Token(msgspec.Struct):
    access_token: str
    token_type: str = "Bearer"  # noqa: S105  # a scheme, no secret
    expires_in: int = 3600
    scope: str = ""


class _Error(msgspec.Struct):
    error: str = ""


@dataclass(frozen=True)
class _Access:
    token: str = field(repr=False)
    scheme: str
    until: float


class OktaAuth(httpx.Auth):
    """Adds the Authorization header; fetches and renews access tokens when a service app asks."""

    def __init__(self, base: str, credentials: Credentials) -> None:
        self._url = f"{base}/oauth2/v1/token"
        self._credentials = credentials
        self._access: _Access | None = None
        self._nonce = ""
        self._lock = threading.Lock()
        self.granted: frozenset[str] | None = None
        """Scopes that the access token carries; None with an SSWS token, or where Okta does not say."""

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._credentials.token:
            request.headers["Authorization"] = f"SSWS {self._credentials.token}"
            yield request
            return
        for last in (False, True):
            access = yield from self._current()
            request.headers["Authorization"] = f"{access.scheme} {access.token}"
            if access.scheme == "DPoP":
                request.headers["DPoP"] = self._proof(request.method, _bare(request.url), access.token)
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED or last:
                return
            self._drop(access)

    def _current(self) -> Generator[httpx.Request, httpx.Response, _Access]:
        # The lock is held while the token is fetched, so that threads wait for one fetch and share it.
        with self._lock:
            if self._access is None or self._access.until < time.monotonic():
                self._access = yield from self._fetch()
            return self._access

    def _drop(self, access: _Access) -> None:
        with self._lock:
            if self._access is access:
                self._access = None

    def _fetch(self) -> Generator[httpx.Request, httpx.Response, _Access]:
        for _ in range(2):
            response = yield self._token_request()
            response.read()
            nonce = response.headers.get("dpop-nonce", "")
            stale = nonce != self._nonce
            self._nonce = nonce or self._nonce
            if response.status_code != httpx.codes.BAD_REQUEST or not nonce or not stale:
                break
        if response.status_code in PASSING or response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise NotNow
        if response.status_code != httpx.codes.OK:
            raise _no_token(response)
        try:
            token = msgspec.json.decode(response.content, type=_Token)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise _no_token(response) from None
        self.granted = frozenset(token.scope.split()) or None
        until = time.monotonic() + max(token.expires_in - RENEW_BEFORE, 60)
        scheme = "DPoP" if token.token_type.casefold() == "dpop" else "Bearer"
        return _Access(token.access_token, scheme, until)

    def _token_request(self) -> httpx.Request:
        headers = {"Accept": "application/json"}
        if self._credentials.dpop:
            headers["DPoP"] = self._proof("POST", self._url)
        form = {
            "grant_type": "client_credentials",
            "scope": " ".join(ASKED_SCOPES),
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self._assertion(),
        }
        return httpx.Request("POST", self._url, data=form, headers=headers)

    def _assertion(self) -> str:
        now, client = int(time.time()), self._credentials.client_id
        claims = {
            "iss": client,
            "sub": client,
            "aud": self._url,
            "iat": now,
            "exp": now + 300,
            "jti": uuid.uuid4().hex,
        }
        key, algorithm = _private_key(self._credentials.private_key)
        headers = {"kid": self._credentials.key_id} if self._credentials.key_id else None
        return jwt.encode(claims, key, algorithm=algorithm, headers=headers)

    @cached_property
    def _proof_key(self) -> rsa.RSAPrivateKey:
        """A key pair of its own: a proof must not be made with the client's key."""
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def _proof(self, method: str, url: str, token: str = "") -> str:
        key = self._proof_key
        public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        jwk = {name: public[name] for name in ("kty", "n", "e")}
        claims: dict[str, Any] = {"htm": method, "htu": url, "iat": int(time.time()), "jti": uuid.uuid4().hex}
        if token:
            digest = hashlib.sha256(token.encode()).digest()
            claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        elif self._nonce:
            claims["nonce"] = self._nonce
        return jwt.encode(claims, key, algorithm="RS256", headers={"typ": "dpop+jwt", "jwk": jwk})


def _bare(url: httpx.URL) -> str:
    return str(url.copy_with(query=None, fragment=None))


def _no_token(response: httpx.Response) -> TokenRefused:
    try:
        error = msgspec.json.decode(response.content, type=_Error).error
    except (msgspec.MsgspecError, UnicodeDecodeError):
        error = ""
    why = f"{response.status_code} {error}" if OAUTH_ERROR.fullmatch(error) else str(response.status_code)
    return TokenRefused(
        f"Okta gave no access token ({why}); check OKTA_CLIENT_ID, OKTA_PRIVATE_KEY, OKTA_KEY_ID, OKTA_DPOP"
        " and the scopes granted to the service app."
    )


def _private_key(text: str) -> tuple[Any, str]:
    """The key from PEM or JWK text with its algorithm. Raises TokenRefused without repeating it."""
    # A PEM that came through one line of an environment file carries \n as two characters.
    text = text.strip().replace("\\n", "\n")
    try:
        key: Any = jwt.PyJWK.from_json(text).key if text.startswith("{") else _pem(text)
    except (ValueError, TypeError, jwt.PyJWTError):
        raise TokenRefused("OKTA_PRIVATE_KEY is neither a PEM nor a JWK private key.") from None
    if isinstance(key, rsa.RSAPrivateKey):
        return key, "RS256"
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in CURVES:
        return key, CURVES[key.curve.name]
    raise TokenRefused("OKTA_PRIVATE_KEY must be a private RSA key, or an EC key of P-256, P-384 or P-521.")


def _pem(text: str) -> Any:
    return load_pem_private_key(text.encode(), password=None)
