"""Real processes of an installation of its own, as the tests of starting and stopping need them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.portal.embedded_server import ask, server_id

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, "manage.py"]


def environment(data: Path, **more: str) -> dict[str, str]:
    """What a process of the installation in this data folder finds; nothing of the tests' own settings."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    ours = {"SIGHTLINE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    return {**kept, **ours, **more}


def manage(data: Path, *words: str) -> str:
    """Runs one command to its end; what it printed."""
    done = _run(data, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def within(seconds: float, true: Callable[[], object], what: str) -> None:
    """Waits until it is true."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"not within {seconds} s: {what}"
        time.sleep(0.1)


def lives(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run; an orphan that only waits to be reaped does not."""
    found = []
    for each in processes:
        with suppress(psutil.NoSuchProcess):
            if each.status() != psutil.STATUS_ZOMBIE:
                found.append(each)
    return found


@dataclass
class Processes:
    """A command in a session of its own, with everything it starts except the embedded server."""

    data: Path
    process: "subprocess.Popen[str]"

    @property
    def database(self) -> Path:
        return self.data / "postgres"

    def all(self) -> list[psutil.Process]:
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def sentinel(self) -> psutil.Process:
        (found,) = psutil.Process(self.process.pid).children()
        return found

    def ask(self, question: str) -> object:
        """One value of the database; None while it cannot be asked."""
        try:
            return ask(self.database, question)
        except Exception:  # noqa: BLE001 (the server is starting, stopping, or has no such table yet)
            return None

    def woken(self) -> None:
        """Waits until a task is woken from now on."""
        began = time.time()
        newer = f"SELECT count(*) FROM portal_wake WHERE at > to_timestamp({began})"
        within(90, lambda: self.ask(newer), "a worker wakes")

    def tell(self, number: signal.Signals, everybody: bool) -> list[psutil.Process]:
        """Sends a signal to the command, or to all its processes at once; all of them."""
        found = self.all()
        for each in found if everybody else found[:1]:
            each.send_signal(number)
        return found

    def gone(self, processes: list[psutil.Process], seconds: float = 10) -> None:
        """Waits until all these processes have ended and the embedded server has stopped."""
        until = time.monotonic() + seconds
        self.process.wait(seconds)
        within(until - time.monotonic(), lambda: not lives(processes), "all processes end")
        within(5, lambda: server_id(self.database) is None, "the embedded server stops")


def refused(data: Path, *words: str) -> str:
    """Runs one command that must not succeed; the last line of its complaint."""
    done = _run(data, *words)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr.strip().splitlines()[-1]


def _run(data: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*MANAGE, *words],
        env=environment(data),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def start(data: Path, *command: str, **more: str) -> Processes:
    process = subprocess.Popen(
        list(command), env=environment(data, **more), cwd=ROOT, start_new_session=True, text=True
    )
    return Processes(data, process)


def end(processes: Processes) -> None:
    """After a test that failed: leaves nothing behind."""
    if processes.process.poll() is None:
        found = processes.all()
        for each in found:
            each.kill()
        psutil.wait_procs(found, 10)
        processes.process.wait(10)
