"""One installation: its environment, its commands, its processes, and what they wrote."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.production.databases import Database, free_port

ROOT = Path(__file__).resolve().parents[2]
STOPS_WITHIN = 15
"""Seconds after SIGTERM before a process is killed."""


class TooLate(AssertionError):
    """Something did not come within its time."""


def within(seconds: float, happened: Callable[[], bool], what: str) -> float:
    """Wait until it has happened; seconds it took. Raises TooLate."""
    began = time.monotonic()
    while not happened():
        if time.monotonic() - began > seconds:
            raise TooLate(f"{what}: not within {seconds:g} s")
        time.sleep(0.1)
    return time.monotonic() - began


@dataclass
class Installation:
    """Sightline in `folder` with exactly these settings, and nothing of the environment of the tests."""

    folder: Path
    database: Database
    settings: Mapping[str, str]
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What every process gets."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
        ours = {"HOME": str(self.folder), "SIGHTLINE_DATA": str(self.folder / "data"), **self.settings}
        return kept | ours | ({"DATABASE_URL": self.database.url} if self.database.url else {})

    def manage(self, *arguments: str, code: int = 0, **more: str) -> str:
        """One command to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment | more, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == code, (
            f"{arguments} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        )
        return done.stdout

    def start(self, name: str, *command: str) -> "subprocess.Popen[bytes]":
        """A process that stays; what it writes goes to a file."""
        with self.log(name).open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self.environment, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        return self.running[name]

    def serve(self, name: str, *options: str) -> int:
        """The web processes of one host, as docs/operating.md starts them; their port, once it answers."""
        port = free_port()
        serving = ("--config", "deploy/gunicorn.conf.py", "portal.wsgi", "--bind", f"127.0.0.1:{port}")
        started = self.start(name, "-m", "gunicorn", *serving, *options)

        def answers() -> bool:
            assert started.poll() is None, self.log(name).read_text()
            try:
                return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False, timeout=5).is_success
            except httpx.TransportError:
                return False

        within(60, answers, "the portal answers")
        return port

    def work(self, name: str, command: Sequence[str] = ("manage.py", "qcluster")) -> None:
        """A worker as docs/operating.md starts it."""
        self.start(name, *command)

    def log(self, name: str) -> Path:
        """What a process has written."""
        return self.folder / f"{name}.log"

    def stop(self, *names: str) -> None:
        """SIGTERM to these processes, or to all; every one must end by itself."""
        ending = {name: self.running.pop(name) for name in names or tuple(self.running)}
        for process in ending.values():
            process.terminate()
        hung = []
        for name, process in ending.items():
            try:
                process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                hung.append(name)
        assert not hung, f"did not end within {STOPS_WITHIN} s: {hung}"

    def abandon(self) -> None:
        """Kill whatever still runs: a test has failed before its end."""
        for process in self.running.values():
            process.kill()
            process.wait()


SETTINGS = {
    "BASE_URL": "https://sightline.nordwind.example",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "OIDC_CLIENT_ID": "sightline",
    "OIDC_CLIENT_SECRET": "between us",
    "NOTIFY": "on",
}
"""Of every installation; where Okta, Slack and the issuer are comes from the pretend company."""
CONVENTIONS = """
[[units.kinds]]
kind = "team"
attribute = "team"
group_pattern = "team-<slug>"
description_prefix = "AUTO team"
id_key = "airtableId"
active_key = "active"

[notify]
settle_minutes = 0
quiet_hours = ""
mass_change_share = 1.0
"""
"""sightline.toml; with four people any change is a large share of the company."""
