"""The controller's page and its small JSON API."""

import json
import threading
from datetime import UTC, datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from sandbox.box import Sandbox
from sandbox.scenario import SCENES

FAULTS = {
    "users": "Okta answers no users",
    "groups": "Okta answers no groups",
    "members": "Okta answers no members",
    "revoked": "Okta refuses the token",
    "slow": "Okta is slow",
    "clear": "Everything is well again",
}
CSS = """
:root { color-scheme: light dark; font: 15px/1.5 ui-sans-serif, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
body { margin: 0 auto; padding: 32px 20px 64px; max-width: 860px; background: light-dark(#fbfbf9, #131416);
  color: light-dark(#1b1c1a, #ecece8); }
h1 { font-size: 26px; margin: 0 0 4px } h2 { font-size: 16px; margin: 32px 0 10px } p { margin: 0 0 8px }
a { color: light-dark(#0b6e5d, #5cc8b1) }
form { display: flex; flex-wrap: wrap; gap: 8px; align-items: end; padding: 12px 14px; margin: 0 0 8px;
  border: 1px solid light-dark(#e6e5df, #2c2e33); border-radius: 10px; background: light-dark(#fff, #1a1b1e) }
form b { flex: 1 1 100%; font-weight: 600 } label { display: grid; gap: 2px; font-size: 13px }
input { font: inherit; padding: 5px 8px; border: 1px solid light-dark(#8b8a80, #71757f); border-radius: 7px;
  background: transparent; color: inherit; min-width: 210px }
button { font: inherit; padding: 6px 14px; border: 0; border-radius: 7px; background: light-dark(#0b6e5d, #5cc8b1);
  color: light-dark(#fff, #10201c); cursor: pointer } .said { padding: 10px 14px; border-radius: 8px;
  background: light-dark(#e3f1ed, #17302b) } :focus-visible { outline: 2px solid currentColor; outline-offset: 2px }
"""


class Controller:
    """Serves one sandbox on 127.0.0.1."""

    def __init__(self, box: Sandbox, portal: str, port: int = 0) -> None:
        self.box, self.portal = box, portal
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.controller = self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def fault(self, name: str) -> None:
        """Switch a fault on, or all off."""
        faults = self.box.okta.faults
        if name == "clear":
            faults.clear()
        elif name == "revoked":
            faults.revoke_token()
        elif name == "slow":
            faults.slow(0.2)
        else:
            faults.empty(name)

    def state(self) -> dict[str, Any]:
        """What an onlooker may want to know."""
        company = self.box.company
        return {
            "now": self.box.clock().isoformat(),
            "people": len(company.people),
            "played": company.played,
            "faults": self.box.okta.faults.on,
            "calls": sum(self.box.okta.calls.values()),
        }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    controller: Controller


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if not self.at_home():
            self.send(403, "text/plain", "Only on this machine.")
        elif path == "/state":
            self.json(200, self.server.controller.state())
        elif path == "/style.css":
            self.send(200, "text/css", CSS)
        elif path == "/":
            self.send(200, "text/html; charset=utf-8", page(self.server.controller, ""))
        else:
            self.send(404, "text/plain", "Nothing here.")

    def do_POST(self) -> None:
        size = min(int(self.headers.get("Content-Length") or 0), 100_000)
        body = self.rfile.read(size).decode()
        if not self.at_home():
            self.send(403, "text/plain", "Only on this machine.")
            return
        form = self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
        try:
            said = (
                {key: values[-1] for key, values in parse_qs(body).items()}
                if form
                else json.loads(body or "{}")
            )
            answer = self.act(urlsplit(self.path).path, said)
        except (LookupError, ValueError, TypeError, AttributeError) as error:
            self.json(400, {"error": str(error)})
            return
        if form:
            done = f"Played. Sightline sees it at its next read: run a sync, or wait. ({answer.get('scene', 'done')})"
            self.send(200, "text/html; charset=utf-8", page(self.server.controller, done))
        else:
            self.json(200, answer)

    def act(self, path: str, said: dict[str, Any]) -> dict[str, Any]:
        controller = self.server.controller
        box = controller.box
        if path == "/year/next":
            found = box.next_of_year(datetime.now(UTC))
            return {"at": found[0].isoformat(), "scene": found[1]} if found else {"done": True}
        if path == "/clock":
            box.clock.at = datetime.fromisoformat(said["at"]) if said.get("at") else None
            return controller.state()
        if path.startswith("/fault/"):
            controller.fault(path.removeprefix("/fault/"))
            return controller.state()
        if path.startswith("/play/"):
            box.play(path.removeprefix("/play/"), **said)
            return {"scene": path.removeprefix("/play/"), **controller.state()}
        raise LookupError("no such thing to do")

    def at_home(self) -> bool:
        """A page elsewhere cannot reach the controller through a name of its own."""
        host = self.headers.get("Host", "").rpartition(":")[0]
        origin = self.headers.get("Origin", "")
        return host in {"127.0.0.1", "localhost"} and urlsplit(origin).hostname in {
            None,
            "127.0.0.1",
            "localhost",
        }

    def json(self, status: int, value: Any) -> None:
        self.send(status, "application/json", json.dumps(value))

    def send(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Nothing is printed: the demo's own lines are enough."""


def page(controller: Controller, said: str) -> str:
    """The controller's page."""
    state = controller.state()
    forms = "".join(
        f'<form method="post" action="/play/{name}"><b>{escape(scene.title)}</b>'
        + "".join(
            f'<label>{escape(key)}<input name="{escape(key)}" value="{escape(value)}"></label>'
            for key, value in scene.sample.items()
        )
        + "<button>Play</button></form>"
        for name, scene in SCENES.items()
    )
    faults = "".join(
        f'<form method="post" action="/fault/{name}"><b>{escape(title)}</b><button>Switch</button></form>'
        for name, title in FAULTS.items()
    )
    links = f'<a href="{controller.portal}">the portal</a> · <a href="{controller.box.slack.url}/dms/">everybody’s Slack messages</a>'
    note = f'<p class="said" role="status">{escape(said)}</p>' if said else ""
    on = ", ".join(state["faults"]) or "none"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Nordwind · controller</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css">'
        f"</head><body><h1>What happens at Nordwind?</h1><p>{state['people']} people. See {links}.</p>{note}"
        f"<h2>Scenes</h2>{forms}<h2>Faults</h2><p>On now: {escape(on)}.</p>{faults}</body></html>"
    )
