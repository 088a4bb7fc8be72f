"""A pretend OIDC issuer on loopback: says what it is told to say, and remembers what it was asked."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "sightline"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


PERSON = "person"
"""The cookie by which a browser is known to the issuer: a key of `Issuer.people`."""


@dataclass(frozen=True)
class Approval:
    """What one code, and the access token it is exchanged for, stand for."""

    claims: dict[str, Any]
    challenge: str
    nonce: str


@dataclass
class Issuer:
    """`claims` go out at the user endpoint; `token` overrides what the id token says.

    `people`: the claims of those whose browser comes to /authorize; each is let through at once.
    """

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    token: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    challenge: str = ""
    nonce: str = ""
    broken: bool = False
    hangs: float = 0
    """Seconds before any answer."""
    forgotten: bool = False
    """Nobody is signed in at the issuer: it cannot confirm anybody without showing itself."""
    key: rsa.RSAPrivateKey = KEY
    calls: list[str] = field(default_factory=list)
    """The addresses that were asked, without their queries."""
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    approvals: dict[str, Approval] = field(default_factory=dict)

    def authorize(self, query: dict[str, str], person: str) -> str | None:
        """Where the browser of this person goes on, with a code that is theirs; None for a stranger."""
        if query.get("prompt") == "none" and self.forgotten:
            return (
                f"{query['redirect_uri']}?{urlencode({'error': 'login_required', 'state': query['state']})}"
            )
        if person not in self.people or query.get("client_id") != CLIENT:
            return None
        code = secrets.token_hex(16)
        self.approvals[code] = Approval(self.people[person], query["code_challenge"], query["nonce"])
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def answer(self, path: str, form: dict[str, str]) -> dict[str, Any] | None:
        """The answer of one address; None refuses."""
        self.calls.append(path)
        time.sleep(self.hangs)
        if path == "/.well-known/openid-configuration":
            return None if self.broken else self._discovery()
        if path == "/jwks":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]}
        if path == "/token":
            return self._token(form)
        return self._approval(form.get("bearer", "")).claims if path == "/userinfo" else None

    def _approval(self, code: str) -> Approval:
        return self.approvals.get(code) or Approval(self.claims, self.challenge, self.nonce)

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/jwks",
            **self.discovery,
        }

    def _token(self, form: dict[str, str]) -> dict[str, Any] | None:
        code = form.get("code", "")
        approval = self._approval(code)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != approval.challenge:
            return None
        now = int(datetime.now(UTC).timestamp())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": approval.claims.get("sub"),
            "nonce": approval.nonce,
            "iat": now - 1,
            "exp": now + 60,
            **self.token,
        }
        return {
            "access_token": code or "opaque",
            "token_type": "Bearer",
            "id_token": jwt.encode(claims, self.key, "RS256", {"kid": "one"}),
        }


@contextmanager
def serving() -> Iterator[Issuer]:
    """An issuer while the block runs."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            if address.path == "/authorize":
                self._go_on(issuer.authorize(dict(parse_qsl(address.query)), self._person()))
                return
            bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
            self._say(issuer.answer(address.path, {"bearer": bearer}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(issuer.answer(self.path, dict(parse_qsl(body))))

        def _person(self) -> str:
            cookie = SimpleCookie(self.headers.get("Cookie", "")).get(PERSON)
            return cookie.value if cookie else ""

        def _go_on(self, address: str | None) -> None:
            if address is None:
                self._say(None)
                return
            self.send_response(302)
            self.send_header("Location", address)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _say(self, answer: dict[str, Any] | None) -> None:
            body = json.dumps(answer or {"error": "refused"}).encode()
            self.send_response(200 if answer else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name of the base class
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
