"""The pretend tenant on loopback, in the protocol of Okta's management API: pages, limits, errors, faults."""

import base64
import json
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from . import listings
from .faults import Faults
from .tenant import Tenant

API = "/api/v1"
WINDOW = 60
ERRORS = {
    400: ("E0000001", "Api validation failed"),
    401: ("E0000011", "Invalid token provided"),
    403: ("E0000006", "You do not have permission to perform the requested action"),
    404: ("E0000007", "Not found: Resource not found"),
    429: ("E0000047", "API call exceeded rate limit due to too many requests."),
    500: ("E0000009", "Internal Server Error"),
}


class OktaServer:
    """Serves a tenant on 127.0.0.1 from `start` (or `with`) until `stop`. `calls`: pattern → how often."""

    def __init__(self, tenant: Tenant, port: int = 0, token: str = "00TsandboxToken") -> None:  # noqa: S107  # pretend
        self.tenant = tenant
        self.token = token
        self.faults = Faults()
        self.calls: Counter[str] = Counter()
        self.limit = 1_000_000
        """Calls per bucket and window, as the headers tell; small numbers make 429s."""
        self._used: Counter[str] = Counter()
        self._window = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.okta = self
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Begin to answer."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering and free the port."""
        self._server.shutdown()
        self._server.server_close()
        if self._thread:
            self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    def take(self, bucket: str) -> tuple[int, int]:
        """Count one call; what remains of the bucket (below 0: refused) and when the window ends."""
        with self._lock:
            window = int(time.time()) // WINDOW
            if window != self._window:
                self._window, self._used = window, Counter()
            self._used[bucket] += 1
            return self.limit - self._used[bucket], (window + 1) * WINDOW

    def count(self, path: str) -> None:
        """Remember the call by its pattern."""
        pattern = re.sub(r"/0(?:0u|0g|oa|pr)[0-9A-Za-z]+", "/{id}", path)
        with self._lock:
            self.calls[pattern] += 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    okta: OktaServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_GET(self) -> None:
        okta = self.server.okta
        parts = urlsplit(self.path)
        path, query = parts.path, dict(parse_qsl(parts.query, keep_blank_values=True))
        okta.count(path)
        if okta.faults.seconds:
            time.sleep(okta.faults.seconds)
        bucket = path.removeprefix(f"{API}/").split("/")[0]
        remaining, reset = okta.take(bucket)
        self.rate = [
            ("X-Rate-Limit-Limit", str(okta.limit)),
            ("X-Rate-Limit-Remaining", str(max(remaining, 0))),
            ("X-Rate-Limit-Reset", str(reset)),
        ]
        if okta.faults.revoked or self.headers.get("Authorization") != f"SSWS {okta.token}":
            self.refuse(401)
        elif remaining < 0:
            self.refuse(429)
        elif okta.faults.forbidden(path):
            self.refuse(403)
        elif failure := okta.faults.failure(path):
            if failure.cut >= 0:
                self.cut(failure.cut)
            else:
                self.refuse(failure.status)
        else:
            self.answer(path, query)

    def answer(self, path: str, query: dict[str, str]) -> None:
        okta = self.server.okta
        with okta.tenant.lock:
            try:
                found = listings.find(okta.tenant, okta.faults, path.removeprefix(API), query)
            except LookupError:
                self.refuse(404)
                return
            except ValueError:
                self.refuse(400)
                return
            if not isinstance(found, listings.Listing):
                self.send(200, json.dumps(found).encode(), [])
                return
            start = _cursor(query.get("after", ""), found.first)
            asked = int(query.get("limit") or found.default)
            size = min(asked, found.most)
            rows = found.rows[start : start + size]
            page = okta.faults.twist([found.show(row) for row in rows])
            end = start + len(rows)
            links = self.links(path, query, end if end < len(found.rows) or found.endless else None, size)
        self.send(200, json.dumps(page).encode(), links)

    def links(self, path: str, query: dict[str, str], after: int | None, size: int) -> list[tuple[str, str]]:
        here = f"{self.server.okta.url}{path}"
        found = [("Link", f'<{here}?{urlencode(query)}>; rel="self"')]
        if after is not None:
            # What Okta's own next links lose now and then: everything but cursor and limit.
            following = urlencode({"after": _opaque(after), "limit": size})
            found.append(("Link", f'<{here}?{following}>; rel="next"'))
        return found

    def refuse(self, status: int) -> None:
        code, summary = ERRORS.get(status, ERRORS[500])
        body = {
            "errorCode": code,
            "errorSummary": summary,
            "errorLink": code,
            "errorId": "oaeSandbox",
            "errorCauses": [],
        }
        self.send(status, json.dumps(body).encode(), [])

    def cut(self, size: int) -> None:
        self.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
        )
        self.wfile.write(b"[" + b" " * size)
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def send(self, status: int, body: bytes, links: Iterable[tuple[str, str]]) -> None:
        lines = [
            f"HTTP/1.1 {status} Answer",
            f"Date: {formatdate(usegmt=True)}",
            "Content-Type: application/json",
        ]
        lines += [f"{name}: {value}" for name, value in [*self.rate, *links]]
        head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""])
        self.wfile.write(head.encode("latin-1") + body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Nothing is printed: `calls` counts."""


def _opaque(number: int) -> str:
    return base64.urlsafe_b64encode(f"at:{number}".encode()).decode().rstrip("=")


def _cursor(text: str, first: int) -> int:
    if not text:
        return first
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        return int(raw.removeprefix("at:"))
    except ValueError:
        return 0
