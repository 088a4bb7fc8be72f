"""The frame of every pretend HR system on loopback: routes, sign-in, counted calls, rate limits and faults.

A kind subclasses HrServer, gives its routes and, where they differ, how callers sign in and how it refuses;
sandbox/hris/kinds.py lists the kinds that the demo can run.
"""

import base64
import json
import re
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.message import Message
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

from sandbox.loopback import Loopback, LoopbackServer

from .faults import Cut, HrFaults
from .records import Records

MOST_BODY = 10_000_000
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """One call. `path`: without the prefix of the API; `parts`: what the braces of its route stand for."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Message
    body: bytes
    parts: Mapping[str, str] = field(default_factory=dict)
    pairs: Sequence[tuple[str, str]] = ()
    """The query as it was sent, where a name may stand in it several times."""

    def json(self) -> Any:
        """The body as JSON. Raises ValueError."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `body`: bytes and texts go as they are, anything else as JSON."""

    body: Any = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = JSON

    def encoded(self) -> bytes:
        """The body as it goes over the wire."""
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, str):
            return self.body.encode()
        return json.dumps(self.body, ensure_ascii=False).encode()


Handler = Callable[[Request], Reply]


@dataclass
class _Window:
    ends: float
    used: int = 0


class HrServer(Loopback, ABC):
    """A pretend HR system that serves `records` until it is stopped.

    `calls`: how often each route was asked, such as "GET /people/{id}/work"; unknown paths as they are.
    `requests`: the latest of them, whatever was answered.
    `limits`: route → calls in a window of `window` seconds; one more is refused with 429.
    `skew`: seconds by which its clock is ahead.
    """

    kind: ClassVar[str] = ""
    """What HRIS says to read it; the name of the reader's folder."""
    prefix: ClassVar[str] = ""
    """What all paths of the API begin with."""
    reset_header: ClassVar[str] = "X-RateLimit-Reset"
    """How a refusal for rate names the moment (epoch seconds) at which calls are free again."""
    user: ClassVar[str] = "service-user"
    token: ClassVar[str] = "pretend-token"  # noqa: S105  # of a pretend system

    def __init__(self, records: Records, port: int = 0) -> None:
        self.records = records
        self.faults = HrFaults()
        self.calls: Counter[str] = Counter()
        self.requests: deque[Request] = deque(maxlen=1000)
        self.limits: dict[str, int] = {}
        self.window = 60.0
        self.skew = 0.0
        self._windows: dict[str, _Window] = {}
        self._lock = threading.Lock()
        self._routes = [(name, *_compiled(name), handler) for name, handler in self.routes().items()]
        super().__init__(port, _Handler)

    @property
    def url(self) -> str:
        """What HRIS_URL must say."""
        return self.origin + self.prefix

    # What a kind gives.

    @abstractmethod
    def routes(self) -> Mapping[str, Handler]:
        """ "METHOD /path/{part}" → who answers it; the first that fits. Called once, before it serves."""

    def settings(self) -> dict[str, str]:
        """The variables by which Sightline reads this server, HRIS among them."""
        return {"HRIS": self.kind, "HRIS_URL": self.url, "HRIS_USER": self.user, "HRIS_TOKEN": self.token}

    def conventions(self) -> str:
        """What sightline.toml must say besides, as TOML that stands before all tables; or nothing."""
        return ""

    def signed_in(self, request: Request) -> bool:
        """Whether the call may be answered; by default HTTP Basic with `user` and `token`."""
        return request.headers.get("Authorization") == basic(self.user, self.token)

    def refusal(self, status: int, request: Request) -> Reply:
        """How it says no: 401, 403, 404, 405, 429 and whatever a fault asks for."""
        return Reply({"error": f"refused with {status}"}, status)

    def rate_headers(self, limit: int, left: int, until: int) -> Mapping[str, str]:
        """What answers of a limited route say: `left` below 0 is refused, `until` is in epoch seconds."""
        return {self.reset_header: str(until)} if left < 0 else {}

    def unrouted(self, status: int, request: Request) -> Reply:
        """What a path (404) or method (405) is answered that no route is for."""
        return self.refusal(status, request)

    # What the frame does.

    def answer(self, request: Request) -> Reply:
        """What a call is answered, faults and limits included."""
        name, found, handler = self._find(request)
        with self._lock:
            self.calls[name] += 1
            self.requests.append(found)
        fault = self.faults.next(name)
        if fault is not None and fault.seconds:
            time.sleep(fault.seconds)
        if fault is not None and fault.status:
            reply = self.refusal(fault.status, found)
            if fault.reset is not None:
                until = int(time.time() + self.skew + fault.reset)
                reply = replace(reply, headers={**reply.headers, self.reset_header: str(until)})
        elif not self.signed_in(found):
            reply = self.refusal(401, found)
        else:
            left, headers = self._counted(name)
            if left < 0:
                reply = self.refusal(429, found)
            else:
                with self.records.lock:
                    reply = handler(found)
            reply = replace(reply, headers={**headers, **reply.headers})
        return reply if fault is None else fault.spoil(reply)

    def _find(self, request: Request) -> tuple[str, Request, Handler]:
        path, status = request.path.removeprefix(self.prefix), 404
        for name, method, pattern, handler in self._routes if request.path.startswith(self.prefix) else ():
            if (match := pattern.fullmatch(path)) is None:
                continue
            if method == request.method:
                parts = {key: unquote(value) for key, value in match.groupdict().items()}
                return name, replace(request, path=path, parts=parts), handler
            status = 405
        return f"{request.method} {request.path}", request, lambda found: self.unrouted(status, found)

    def _counted(self, name: str) -> tuple[int, Mapping[str, str]]:
        """Count the call against its limit: what is left (below 0: one too many), and what headers say."""
        if name not in self.limits:
            return 0, {}
        with self._lock:
            now = time.time()
            window = self._windows.get(name)
            if window is None or window.ends <= now:
                window = self._windows[name] = _Window(now + self.window)
            window.used += 1
            left = self.limits[name] - window.used
            return left, self.rate_headers(self.limits[name], left, int(window.ends + self.skew) + 1)


def basic(user: str, password: str) -> str:
    """The Authorization header of HTTP Basic."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _compiled(name: str) -> tuple[str, re.Pattern[str]]:
    method, _, path = name.partition(" ")
    parts = re.split(r"\{(\w+)\}", path)
    texts = (f"(?P<{each}>[^/]+)" if at % 2 else re.escape(each) for at, each in enumerate(parts))
    return method, re.compile("".join(texts))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    wbufsize = -1
    server: LoopbackServer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Nothing is printed: `calls` counts."""

    def respond(self) -> None:
        hris: HrServer = self.server.owner
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MOST_BODY))
        address = urlsplit(self.path)
        pairs = parse_qsl(address.query, keep_blank_values=True)
        request = Request(self.command, address.path, dict(pairs), self.headers, body, pairs=pairs)
        try:
            reply = hris.answer(request)
        except Cut as cut:
            self.send(cut.reply, hris.skew, cut.after)
        else:
            self.send(reply, hris.skew)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = respond  # noqa: N815  # names of the base class

    def send(self, reply: Reply, skew: float, cut: int | None = None) -> None:
        body = reply.encoded()
        lines = [
            f"HTTP/1.1 {reply.status} {self.responses.get(reply.status, ('Error', ''))[0]}",
            f"Date: {formatdate(time.time() + skew, usegmt=True)}",
            f"Content-Type: {reply.kind}",
            f"Content-Length: {len(body)}",
            *(f"{name}: {value}" for name, value in reply.headers.items()),
        ]
        whole = len(body) if cut is None else min(cut, len(body) - 1)
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body[:whole])
        self.wfile.flush()
        if cut is not None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
