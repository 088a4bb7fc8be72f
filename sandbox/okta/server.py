"""The pretend tenant on loopback, in the protocol of Okta's management API: pages, limits, errors, faults."""

import math
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sandbox.loopback import Loopback, LoopbackServer

from . import listings, paging, rows
from .cursors import BadCursor
from .faults import Failure, Faults
from .scim import BadFilter
from .tenant import Tenant

API = "/api/v1"
NATIVE = re.compile(r"/0(?:0u|0g|oa|pr)[0-9A-Za-z]{17}(?=/|$)")
BAD_CURSOR = "E0000029"
REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"} | {
    405: "Method Not Allowed",
    429: "Too Many Requests",
}


@dataclass
class _Bucket:
    """Calls of one window of one bucket."""

    ends: float
    used: int = 0


class OktaServer(Loopback):
    """Serves a tenant on 127.0.0.1 from `start` (or `with`) until `stop`.

    `calls`: how often each pattern was asked, such as "GET /api/v1/groups/{id}/users".
    """

    def __init__(self, tenant: Tenant, port: int = 0, token: str = "00Tsandbox") -> None:  # noqa: S107  # pretend
        self.tenant = tenant
        self.token = token
        self.faults = Faults()
        self.calls: Counter[str] = Counter()
        self.limit = 1_000_000
        """Calls per bucket and window, as the headers tell; small numbers make 429s."""
        self.limits: dict[str, int] = {}
        """Another limit for single buckets, which are named by their pattern: "groups/{id}"."""
        self.window = 60
        """Seconds; it begins with the first call, not with the minute."""
        self.clock: Callable[[], float] = time.time
        """Epoch seconds, by which the windows are counted and the answers dated."""
        self.most: Counter[str] = Counter()
        """Bucket → the most calls that one window of it had, refused ones too."""
        self._buckets: dict[str, _Bucket] = {}
        self._lock = threading.Lock()
        super().__init__(port, _Handler)

    @property
    def url(self) -> str:
        return self.origin

    def take(self, path: str, method: str = "GET") -> tuple[int, int, int]:
        """Count one call: limit, what remains (below 0: refused), when the window ends (epoch seconds)."""
        pattern = NATIVE.sub("/{id}", path)
        name = bucket_of(pattern)
        with self._lock:
            self.calls[f"{method} {pattern}"] += 1
            now = self.clock()
            bucket = self._buckets.get(name)
            if bucket is None or bucket.ends <= now:
                bucket = self._buckets[name] = _Bucket(now + self.window)
            bucket.used += 1
            self.most[name] = max(self.most[name], bucket.used)
            limit = self.limits.get(name, self.limit)
            return limit, limit - bucket.used, math.ceil(bucket.ends)


def bucket_of(pattern: str) -> str:
    """The bucket of facts §3.2 that a path with {id} for its ids counts against."""
    parts = pattern.removeprefix(f"{API}/").split("/")
    if parts[0] not in {"users", "groups", "apps", "logs"}:
        return "other"
    single = len(parts) == len(("groups", "{id}")) and parts[1] != "rules"
    return f"{parts[0]}/{{id}}" if single else parts[0]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LoopbackServer
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_GET(self) -> None:
        okta: OktaServer = self.server.owner
        parts = urlsplit(self.path)
        path, query = parts.path, dict(parse_qsl(parts.query, keep_blank_values=True))
        if okta.faults.forgets_expand:
            query.pop("expand", None)
        with okta.tenant.lock:
            okta.faults.happen(path)
        time.sleep(okta.faults.seconds)
        limit, remaining, reset = okta.take(path)
        self.rate = _rate(limit, remaining, reset)
        if okta.faults.revoked or self.headers.get("Authorization") != f"SSWS {okta.token}":
            self.refuse(401)
        elif remaining < 0:
            self.refuse(429)
        elif okta.faults.forbidden(path):
            self.refuse(403)
        elif failure := okta.faults.failure(path):
            self.fail(failure, limit, path, query)
        else:
            self.answer(path, query)

    def write(self) -> None:
        """Nothing can be changed here; the call is counted, so that a test sees who tried."""
        self.rate = _rate(*self.server.owner.take(urlsplit(self.path).path, self.command))
        self.close_connection = True  # What the call carries is not read.
        self.refuse(405)

    do_POST = do_PUT = do_PATCH = do_DELETE = write  # noqa: N815  # the base class looks for these names

    def fail(self, failure: Failure, limit: int, path: str, query: dict[str, str]) -> None:
        if failure.kind:
            self.send(failure.status, b"<!doctype html><title>Sign in</title>", [], kind=failure.kind)
            return
        if failure.cut >= 0:
            self.answer(path, query, failure.cut)
            return
        if failure.reset is not None:
            self.rate = _rate(limit, 0, int(time.time()) + failure.reset)
        self.refuse(failure.status)

    def answer(self, path: str, query: dict[str, str], cut: int | None = None) -> None:
        okta: OktaServer = self.server.owner
        try:
            with okta.tenant.lock:
                body, links = self.page(path, query)
        except LookupError:
            self.refuse(404)
        except BadFilter as problem:
            self.refuse(400, "E0000031", f"Invalid search criteria. {problem}")
        except BadCursor:
            self.refuse(400, BAD_CURSOR, "Invalid paging request")
        except listings.TooOld:
            self.refuse(400, "E0000053", "Invalid parameter: since")
        except ValueError:
            self.refuse(400)
        else:
            self.send(200, body, links, cut)

    def page(self, path: str, query: dict[str, str]) -> tuple[bytes, list[tuple[str, str]]]:
        okta: OktaServer = self.server.owner
        found = listings.find(okta.tenant, okta.faults, path.removeprefix(API), query)
        if not isinstance(found, listings.Listing):
            return rows.encode(found), []
        shown, place = paging.page(found, query)
        found_rows = okta.faults.twist(found.what, shown, path.removeprefix(API))
        return rows.encode(found_rows), paging.links(f"{okta.url}{path}", query, place)

    def refuse(self, status: int, code: str = "", summary: str = "") -> None:
        self.send(status, rows.encode(paging.refusal(status, code, summary)), [])

    def send(
        self,
        status: int,
        body: bytes,
        links: Iterable[tuple[str, str]],
        cut: int | None = None,
        kind: str = "application/json",
    ) -> None:
        okta: OktaServer = self.server.owner
        lines = [
            f"HTTP/1.1 {status} {REASONS.get(status, 'Server Error')}",
            f"Date: {formatdate(okta.clock(), usegmt=True)}",
            f"Content-Type: {kind}",
            *(f"{name}: {value}" for name, value in (*self.rate, *links)),
            f"Content-Length: {len(body)}",
        ]
        whole = len(body) if cut is None else min(cut, len(body) - 1)
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body[:whole])
        self.wfile.flush()
        if cut is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Nothing is printed: `calls` counts."""


def _rate(limit: int, remaining: int, reset: int) -> list[tuple[str, str]]:
    return [
        ("X-Rate-Limit-Limit", str(limit)),
        ("X-Rate-Limit-Remaining", str(max(remaining, 0))),
        ("X-Rate-Limit-Reset", str(reset)),
    ]
