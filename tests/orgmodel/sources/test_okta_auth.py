"""A service app on loopback: signed assertions, renewal, DPoP, and what goes wrong without a secret told."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from orgmodel.reports import SourceFailed
from orgmodel.sources.okta import OktaConnection
from orgmodel.sources.okta.auth import Credentials
from orgmodel.sources.okta.client import OktaClient

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
Reply = tuple[int, dict[str, Any], dict[str, str]]
GOOD: Reply = (
    200,
    {"token_type": "Bearer", "expires_in": 3600, "access_token": "t1", "scope": "okta.users.read"},
    {},
)
BOUND: Reply = (200, {"token_type": "DPoP", "expires_in": 3600, "access_token": "t1", "scope": ""}, {})


def pem(key: Any) -> str:
    return str(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
    )


APP = Credentials(client_id="0oaApp", private_key=pem(RSA), key_id="k1")


@dataclass
class Server:
    """Answers token requests from `tokens`, the last one again and again; GETs from `pages`, else []."""

    tokens: list[Reply]
    pages: list[Reply] = field(default_factory=list)
    token_requests: list[tuple[dict[str, str], dict[str, str]]] = field(default_factory=list)
    """Form and headers of every token request."""
    read: list[dict[str, str]] = field(default_factory=list)
    """Headers of every other request."""
    url: str = ""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    okta: Server

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        okta = self.okta
        okta.token_requests.append(({key: value[0] for key, value in form.items()}, self.lowered()))
        self.send(okta.tokens.pop(0) if len(okta.tokens) > 1 else okta.tokens[0])

    def do_GET(self) -> None:
        self.okta.read.append(self.lowered())
        self.send(self.okta.pages.pop(0) if self.okta.pages else (200, [], {}))

    def lowered(self) -> dict[str, str]:
        return {key.lower(): value for key, value in self.headers.items()}

    def send(self, reply: tuple[int, Any, dict[str, str]]) -> None:
        status, body, headers = reply
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        pass


@contextmanager
def serving(*tokens: Reply) -> Iterator[Server]:
    server = Server(list(tokens))
    listener = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"okta": server}))
    server.url = f"http://127.0.0.1:{listener.server_port}"
    thread = threading.Thread(target=listener.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        thread.join()
        listener.server_close()


def ask(server: Server, credentials: Credentials = APP, times: int = 1) -> OktaClient:
    client = OktaClient(OktaConnection(server.url, credentials, 1.0), jitter=0.0, sleep=lambda seconds: None)
    try:
        for _ in range(times):
            client.one("/api/v1/users")
    finally:
        client.close()
    return client


def test_the_assertion_is_signed_for_the_token_endpoint() -> None:
    with serving(GOOD) as server:
        client = ask(server, times=3)
    ((form, _),) = server.token_requests  # one token for three calls
    assert form["grant_type"] == "client_credentials"
    assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    assert form["scope"].split() == [
        "okta.users.read",
        "okta.groups.read",
        "okta.apps.read",
        "okta.logs.read",
        "okta.schemas.read",
        "okta.userTypes.read",
    ]
    audience = f"{server.url}/oauth2/v1/token"
    claims = jwt.decode(form["client_assertion"], RSA.public_key(), ["RS256"], audience=audience)
    assert (claims["iss"], claims["sub"]) == ("0oaApp", "0oaApp")
    assert 0 < claims["exp"] - claims["iat"] <= 3600
    assert jwt.get_unverified_header(form["client_assertion"])["kid"] == "k1"
    assert [each["authorization"] for each in server.read] == ["Bearer t1"] * 3
    assert client.auth.granted == frozenset({"okta.users.read"})


@pytest.mark.parametrize(
    ("key", "public", "algorithm"),
    [
        (pem(RSA).replace("\n", "\\n"), RSA, "RS256"),
        (jwt.algorithms.RSAAlgorithm.to_jwk(RSA), RSA, "RS256"),
        (pem(EC), EC, "ES256"),
        (jwt.algorithms.ECAlgorithm.to_jwk(EC), EC, "ES256"),
    ],
    ids=["one line of PEM", "RSA JWK", "EC PEM", "EC JWK"],
)
def test_keys_come_in_several_forms(key: str, public: Any, algorithm: str) -> None:
    with serving(GOOD) as server:
        ask(server, replace(APP, private_key=key))
    audience = f"{server.url}/oauth2/v1/token"
    assertion = server.token_requests[0][0]["client_assertion"]
    assert jwt.decode(assertion, public.public_key(), [algorithm], audience=audience)["iss"] == "0oaApp"


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("no key at all", "neither a PEM nor a JWK"),
        ("", "neither a PEM nor a JWK"),
        ('{"kty": "RSA"}', "neither a PEM nor a JWK"),
        (jwt.algorithms.RSAAlgorithm.to_jwk(RSA.public_key()), "must be a private RSA key"),
        (pem(ec.generate_private_key(ec.SECP256K1())), "must be a private RSA key"),
    ],
)
def test_a_key_that_is_none_is_refused_without_repeating_it(key: str, says: str) -> None:
    with serving(GOOD) as server, pytest.raises(SourceFailed, match=says) as refusal:
        ask(server, replace(APP, private_key=key))
    assert server.token_requests == []
    assert "no key at all" not in str(refusal.value)


def test_a_token_that_is_refused_is_fetched_anew_once() -> None:
    second: Reply = (200, {**GOOD[1], "access_token": "t2"}, {})
    expired: Reply = (401, {"errorCode": "E0000011"}, {})
    with serving(GOOD, second) as server:
        server.pages = [expired]
        ask(server)
    assert [each["authorization"] for each in server.read] == ["Bearer t1", "Bearer t2"]
    with serving(GOOD) as server:
        server.pages = [expired, expired]
        with pytest.raises(SourceFailed, match=r"Okta refused the token \(E0000011\)"):
            ask(server)
    assert len(server.token_requests) == 2


def test_a_token_near_its_end_is_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    with serving(GOOD) as server:
        client = OktaClient(OktaConnection(server.url, APP, 1.0))
        monkeypatch.setattr("orgmodel.sources.okta.auth.time.monotonic", lambda: now[0])
        counts = []
        for seconds in (0, 3299, 2):
            now[0] += seconds
            client.one("/api/v1/users")
            counts.append(len(server.token_requests))
        client.close()
    assert counts == [1, 1, 2]


def test_several_threads_share_one_token() -> None:
    with serving(GOOD) as server:
        client = OktaClient(OktaConnection(server.url, APP, 1.0))
        threads = [threading.Thread(target=client.one, args=("/api/v1/users",)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        client.close()
    assert len(server.token_requests) == 1
    assert len(server.read) == 4


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ((401, {"error": "invalid_client"}, {}), r"401 invalid_client\); check OKTA_CLIENT_ID"),
        ((400, {"error": "invalid_scope"}, {}), "400 invalid_scope"),
        ((400, {"error": "Bearer abc.def secret"}, {}), r"\(400\)"),
        ((200, {"no": "token"}, {}), r"\(200\)"),
    ],
)
def test_no_token_says_what_to_check(reply: Reply, says: str) -> None:
    with serving(reply) as server, pytest.raises(SourceFailed, match=says) as refusal:
        ask(server)
    assert "secret" not in str(refusal.value)
    assert server.read == []


def test_a_token_endpoint_out_of_order_is_tried_again() -> None:
    with serving((503, {}, {}), (429, {}, {}), GOOD) as server:
        ask(server)
    assert len(server.token_requests) == 3
    with serving((503, {}, {})) as server, pytest.raises(SourceFailed, match="could not be reached"):
        ask(server)
    assert len(server.token_requests) == 4


def proof(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header = jwt.get_unverified_header(token)
    key = jwt.PyJWK(header["jwk"], algorithm="RS256").key
    return header, jwt.decode(token, key, ["RS256"])


def test_proofs_of_possession() -> None:
    nonce: Reply = (400, {"error": "use_dpop_nonce"}, {"dpop-nonce": "n1"})
    with serving(nonce, BOUND) as server:
        ask(server, replace(APP, dpop=True), times=2)
    (_, first), (_, second) = server.token_requests
    header, claims = proof(first["dpop"])
    assert (header["typ"], header["alg"], set(header["jwk"])) == ("dpop+jwt", "RS256", {"kty", "n", "e"})
    assert (claims["htm"], claims["htu"]) == ("POST", f"{server.url}/oauth2/v1/token")
    assert "nonce" not in claims
    assert proof(second["dpop"])[1]["nonce"] == "n1"
    assert [each["authorization"] for each in server.read] == ["DPoP t1", "DPoP t1"]
    shown = [proof(each["dpop"])[1] for each in server.read]
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"t1").digest()).rstrip(b"=").decode()
    assert {(each["htm"], each["htu"], each["ath"]) for each in shown} == {
        ("GET", f"{server.url}/api/v1/users", digest)
    }
    assert shown[0]["jti"] != shown[1]["jti"]


def test_a_nonce_that_does_not_help_ends_the_try() -> None:
    endless: Reply = (400, {"error": "use_dpop_nonce"}, {"dpop-nonce": "n1"})
    with serving(endless) as server, pytest.raises(SourceFailed, match="400 use_dpop_nonce"):
        ask(server, replace(APP, dpop=True))
    assert len(server.token_requests) == 2


def test_secrets_are_in_no_representation() -> None:
    shown = repr(OktaConnection("https://nordwind.okta.example", replace(APP, token="00Tsecret")))
    assert "PRIVATE" not in shown
    assert "00Tsecret" not in shown
