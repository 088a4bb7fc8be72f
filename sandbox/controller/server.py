"""The controller on loopback: its page with forms, and the same as a small JSON API."""

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from sandbox.box import Sandbox
from sandbox.refusals import ODD_FIELDS, Refused
from sandbox.scenario import SCENES

from .faults import SWITCHES
from .page import STYLE, page

HOME = {"127.0.0.1", "localhost", "::1"}
MOST_BODY = 100_000
REFUSED = 400
FORM = "application/x-www-form-urlencoded"
HTML = "text/html; charset=utf-8"
Json = dict[str, Any]


class Controller:
    """Serves one sandbox on 127.0.0.1 while `with` lasts."""

    def __init__(self, box: Sandbox, portal: str, port: int = 0) -> None:
        self.box, self.portal = box, portal
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.controller = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def act(self, path: str, fields: Json) -> Json:
        """Do what a POST asks. Raises Refused with the reason, or what Python raises for odd fields."""
        box = self.box
        head, _, name = path.strip("/").partition("/")
        if path == "/year/next":
            found = box.next_of_year(datetime.now(UTC))
            return {"at": found[0].isoformat(), "scene": found[1]} if found else {"done": True}
        if path == "/clock":
            box.set_clock(datetime.fromisoformat(fields["at"]) if fields.get("at") else None)
            return dict(box.state())
        if path == "/play":
            name, fields = str(fields.get("scene", "")), fields.get("args", {})
        if head == "play":
            box.play(name, **fields)
            return {"scene": name, **box.state()}
        if head == "fault" and name in SWITCHES:
            switch = SWITCHES[name]
            options = {key: str(value) for key, value in fields.items()}
            switch.turn(box.okta.faults, **{**switch.sample, **options})
            return dict(box.state())
        raise Refused("there is no such thing to do")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    controller: Controller

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no fault to report."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        controller, path = self.server.controller, urlsplit(self.path).path
        if not self.at_home():
            self.send(403, "text/plain", "Only on this machine.")
        elif path == "/state":
            self.json(200, controller.box.state())
        elif path == "/scenes":
            self.json(
                200, {name: {"title": each.title, "args": each.sample} for name, each in SCENES.items()}
            )
        elif path == "/style.css":
            self.send(200, "text/css", STYLE)
        elif path == "/":
            self.send(200, HTML, page(controller.box, controller.portal))
        else:
            self.send(404, "text/plain", "Nothing here.")

    def do_POST(self) -> None:
        controller = self.server.controller
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(min(int(length), MOST_BODY)) if length.isdecimal() else b""
        if not self.at_home():
            self.send(403, "text/plain", "Only on this machine.")
            return
        form = self.headers.get("Content-Type", "").startswith(FORM)
        try:
            answer = controller.act(urlsplit(self.path).path, _fields(body.decode(), form=form))
        except (LookupError, TypeError, ValueError, OverflowError, StopIteration) as problem:
            reason = str(problem.args[0]) if isinstance(problem, Refused) else ODD_FIELDS
            self.say(400, {"error": reason}, f"Not played: {reason}", form=form)
        else:
            sentence = "Done. Sightline sees it at its next read: run a sync, or wait."
            self.say(200, answer, sentence, form=form)

    def say(self, status: int, answer: Json, sentence: str, *, form: bool) -> None:
        controller = self.server.controller
        if form:
            shown = page(controller.box, controller.portal, sentence, refused=status >= REFUSED)
            self.send(status, HTML, shown)
        else:
            self.json(status, answer)

    def at_home(self) -> bool:
        """A page elsewhere cannot reach the controller through a name of its own, nor by a form."""
        origin = self.headers.get("Origin")
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname
        return host in HOME and (origin is None or urlsplit(origin).hostname in HOME)

    def json(self, status: int, value: object) -> None:
        self.send(status, "application/json", json.dumps(value))

    def send(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Stay silent: request lines may hold addresses of people."""


def _fields(body: str, *, form: bool) -> Json:
    if form:
        return {key: values[-1] for key, values in parse_qs(body).items()}
    fields = json.loads(body or "{}")
    if not isinstance(fields, dict) or not isinstance(fields.get("args", {}), dict):
        raise Refused("a JSON object is needed")
    return fields
