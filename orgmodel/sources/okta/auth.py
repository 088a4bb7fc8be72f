"""Proving who asks: an SSWS token, or an OAuth service app with a private key (and DPoP where asked for).

Secrets stay in these objects; they are in no representation and no error.
"""

import base64
import hashlib
import threading
import time
import uuid
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import httpx
import jwt
import msgspec

from orgmodel.facts import SourceFailed

SCOPES = (
    "okta.users.read",
    "okta.groups.read",
    "okta.apps.read",
    "okta.logs.read",
    "okta.schemas.read",
    "okta.userTypes.read",
)
RENEW_BEFORE = 300
"""Seconds before the end of an access token at which a new one is asked for."""


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


@dataclass
class _Access:
    token: str
    scheme: str
    until: float


class OktaAuth(httpx.Auth):
    """Adds the Authorization header; fetches and renews access tokens when a service app asks."""

    requires_response_body = True

    def __init__(self, base: str, credentials: Credentials) -> None:
        self._base = base
        self._credentials = credentials
        self._access: _Access | None = None
        self._nonce = ""
        self._lock = threading.Lock()
        self._proof_key: Any = None

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._credentials.token:
            request.headers["Authorization"] = f"SSWS {self._credentials.token}"
            yield request
            return
        for last in (False, True):
            access = self._access
            if access is None or access.until < time.monotonic():
                with self._lock:
                    access = yield from self._fetch()
            request.headers["Authorization"] = f"{access.scheme} {access.token}"
            if access.scheme == "DPoP":
                request.headers["DPoP"] = self._proof("GET", str(request.url).split("?")[0], access.token)
            response = yield request
            self._nonce = response.headers.get("dpop-nonce", self._nonce)
            if response.status_code != httpx.codes.UNAUTHORIZED or last:
                return
            self._access = None

    def _fetch(self) -> Generator[httpx.Request, httpx.Response, _Access]:
        url = f"{self._base}/oauth2/v1/token"
        for _ in range(2):
            headers = {"Accept": "application/json"}
            if self._credentials.dpop:
                headers["DPoP"] = self._proof("POST", url, "")
            form = {
                "grant_type": "client_credentials",
                "scope": " ".join(SCOPES),
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": self._assertion(url),
            }
            response = yield httpx.Request("POST", url, data=form, headers=headers)
            nonce = response.headers.get("dpop-nonce", "")
            if response.status_code == httpx.codes.BAD_REQUEST and nonce and nonce != self._nonce:
                self._nonce = nonce
                continue
            break
        if response.status_code != httpx.codes.OK:
            raise SourceFailed(
                f"Okta gave no access token ({response.status_code}); check OKTA_CLIENT_ID, OKTA_PRIVATE_KEY,"
                " OKTA_KEY_ID and the scopes granted to the service app."
            )
        answer = msgspec.json.decode(response.content, type=_Token)
        until = time.monotonic() + max(answer.expires_in - RENEW_BEFORE, 60)
        self._access = _Access(answer.access_token, answer.token_type, until)
        return self._access

    def _assertion(self, url: str) -> str:
        now = int(time.time())
        client = self._credentials.client_id
        claims = {
            "iss": client,
            "sub": client,
            "aud": url,
            "iat": now,
            "exp": now + 300,
            "jti": uuid.uuid4().hex,
        }
        key = _private_key(self._credentials.private_key)
        headers = {"kid": self._credentials.key_id} if self._credentials.key_id else None
        return jwt.encode(claims, key, algorithm="RS256", headers=headers)

    def _proof(self, method: str, url: str, token: str) -> str:
        from cryptography.hazmat.primitives.asymmetric import rsa

        if self._proof_key is None:
            self._proof_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self._proof_key.public_key(), as_dict=True)
        jwk = {name: public[name] for name in ("kty", "n", "e")}
        claims: dict[str, Any] = {"htm": method, "htu": url, "iat": int(time.time()), "jti": uuid.uuid4().hex}
        if self._nonce:
            claims["nonce"] = self._nonce
        if token:
            digest = hashlib.sha256(token.encode()).digest()
            claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return jwt.encode(claims, self._proof_key, algorithm="RS256", headers={"typ": "dpop+jwt", "jwk": jwk})


def _private_key(text: str) -> Any:
    """The key from PEM or JWK text. Raises SourceFailed without repeating it."""
    try:
        if text.lstrip().startswith("{"):
            return jwt.PyJWK.from_json(text, algorithm="RS256").key
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        return load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, jwt.PyJWTError):
        raise SourceFailed("OKTA_PRIVATE_KEY is neither a PEM nor a JWK private key.") from None
