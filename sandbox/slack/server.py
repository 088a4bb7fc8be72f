"""Slack on loopback: the Web API at /api/, and every person's direct messages as pages at /dms/."""

import json
import socket
import struct
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from sandbox.loopback import Loopback, LoopbackServer

from .faults import Fault
from .methods import METHODS, Refusal
from .pages import STYLE, list_page, person_page
from .workspace import Json, Post, SlackPerson, Workspace

SCOPES = "chat:write,im:write,im:history,users:read,users:read.email,team:read"
STRUCTURED = ("blocks", "metadata", "attachments")
MOST_BODY = 1_000_000

__all__ = ["Call", "SlackPerson", "SlackServer"]


@dataclass(frozen=True, slots=True)
class Call:
    """One request the server saw, whatever came of it."""

    method: str
    arguments: Json
    error: str
    at: float


class SlackServer(Loopback):
    """A workspace that answers on 127.0.0.1 from `start` (or `with`) until `stop`."""

    def __init__(
        self,
        people: Callable[[], Iterable[SlackPerson]],
        port: int = 0,
        token: str = "xoxb-sandbox",  # noqa: S107 - a pretend token for a pretend workspace
        clock: Callable[[], float] = time.time,
    ):
        self.workspace = Workspace(people, clock)
        self.token = token
        self.calls: list[Call] = []
        self._scripts: dict[str, deque[Fault]] = defaultdict(deque)
        super().__init__(port, _Handler)

    @property
    def url(self) -> str:
        """Where the pages are, with a slash at the end."""
        return f"{self.origin}/"

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL must say."""
        return self.url + "api/"

    @property
    def posts(self) -> list[Post]:
        """Every message stored so far, oldest first."""
        return self.workspace.posts

    def script(self, method: str, *faults: Fault) -> None:
        """Let the next calls of a method end in these ways, one after the other."""
        self._scripts[method].extend(faults)

    def unscript(self, method: str) -> None:
        """Let the method work again, whatever was still to come."""
        self._scripts[method].clear()

    def next_fault(self, method: str) -> Fault | None:
        script = self._scripts[method]
        try:
            return script.popleft()
        except IndexError:
            return None

    def dump(self) -> Json:
        """The stored messages as JSON, for `load` after a restart."""
        return self.workspace.dump()

    def load(self, state: Json) -> None:
        self.workspace.load(state)

    def answer(self, method: str, arguments: Json, token: str) -> Json:
        """What the Web API answers to a call; never raises."""
        if method not in METHODS:
            return {"ok": False, "error": "unknown_method"}
        if token != self.token:
            return {"ok": False, "error": "invalid_auth" if token else "not_authed"}
        try:
            return {"ok": True, **METHODS[method](self.workspace, arguments)}
        except Refusal as refusal:
            answer: Json = {"ok": False, "error": refusal.code}
            if refusal.messages:
                answer["response_metadata"] = {"messages": refusal.messages}
            return answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    server: LoopbackServer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is inherited
        """Stay silent: request lines may hold addresses of people."""

    def do_POST(self) -> None:
        body = self._body()
        path = urlsplit(self.path).path
        if not path.startswith("/api/"):
            self._send(404, "text/plain", b"not found")
            return
        self._call(path.removeprefix("/api/"), body)

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, urlsplit(self.path).query
        if path.startswith("/api/"):
            self._call(path.removeprefix("/api/"), dict(parse_qsl(query)))
        elif path == "/dms/style.css":
            self._send(200, "text/css; charset=utf-8", STYLE.encode())
        elif path == "/":
            self._send(302, "text/plain", b"", {"Location": "/dms/"})
        else:
            self._page(path)

    def _page(self, path: str) -> None:
        slack: SlackServer = self.server.owner
        space = slack.workspace
        name = unquote(path).removeprefix("/dms/").rstrip("/") if path.startswith("/dms/") else None
        person = space.person(name.removesuffix(".json")) if name else None
        if name == "":
            self._send(200, "text/html; charset=utf-8", list_page(space).encode())
        elif name is None or person is None:
            self._send(404, "text/plain", b"not found")
        elif name.endswith(".json"):
            messages = [post.message() for post in space.dm(space.dm_of(person.user_id))]
            self._send(200, "application/json", json.dumps(messages).encode())
        else:
            self._send(200, "text/html; charset=utf-8", person_page(space, person).encode())

    def _body(self) -> Json:
        raw = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MOST_BODY)).decode()
        if self.headers.get_content_type() == "application/json":
            parsed = json.loads(raw or "{}")
            return parsed if isinstance(parsed, dict) else {}
        arguments: Json = dict(parse_qsl(raw, keep_blank_values=True))
        for name in STRUCTURED:
            if isinstance(arguments.get(name), str):
                arguments[name] = _parsed(arguments[name])
        return arguments

    def _call(self, method: str, arguments: Json) -> None:
        slack: SlackServer = self.server.owner
        token = self.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        fault = slack.next_fault(method)
        spoilt = fault is not None and fault.kind != "pass"
        if fault is not None and spoilt and not fault.record:
            answer: Json = {"ok": False, "error": fault.code or fault.kind}
        else:
            answer = slack.answer(method, arguments, token or str(arguments.get("token", "")))
        error = (fault.code or fault.kind) if fault is not None and spoilt else answer.get("error", "")
        slack.calls.append(Call(method, arguments, error, time.time()))
        if fault is not None and spoilt:
            self._spoil(fault, answer)
        else:
            self._json(200, answer)

    def _spoil(self, fault: Fault, answer: Json) -> None:
        if fault.kind == "refuse":
            self._json(200, answer)
        elif fault.kind == "rate_limit":
            self._json(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": f"{fault.seconds:.0f}"})
        elif fault.kind == "nonsense":
            self._json(200, {"warning": "try later"})
        elif fault.kind == "status":
            self._send(fault.status, "text/html", b"upstream error")
        else:
            if fault.kind == "hang":
                time.sleep(fault.seconds)
            self._drop(with_reset=fault.kind == "reset")

    def _drop(self, *, with_reset: bool) -> None:
        self.close_connection = True
        if with_reset:
            # Closing with unsent time zero makes the kernel send RST instead of FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        else:
            self.connection.shutdown(socket.SHUT_RDWR)

    def _json(self, status: int, answer: Json, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(answer).encode()
        self._send(
            status, "application/json; charset=utf-8", body, {"X-OAuth-Scopes": SCOPES, **(headers or {})}
        )

    def _send(self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'")
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
