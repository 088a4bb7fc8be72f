"""Who reads: this very process, or another one that can be killed at any moment."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection

from sandbox.okta.server import OktaServer
from tests.orgmodel.sync.test_faults import wait_for_its_lock

from .reading import read


class Killed(Exception):
    """The reading process was killed before it had answered."""


class Reader(Protocol):
    """Reads when it is told to."""

    def read(self, *, full: bool, seconds: float | None) -> list[str]:
        """How each run ended. Raises Killed."""

    def kill(self) -> None:
        """kill -9, where that can be done."""

    def close(self) -> None:
        """Nobody asks any more."""


class Here:
    """Reads in this process; settings.SIGHTLINE must name the pretend Okta."""

    def read(self, *, full: bool, seconds: float | None) -> list[str]:
        return read(full=full, seconds=seconds)

    def kill(self) -> None:
        """This process has to live on."""

    def close(self) -> None:
        """There is nothing to close."""


class Beside:
    """Reads in another process, which is started anew once it was killed."""

    def __init__(self, okta: OktaServer) -> None:
        self._okta = okta
        self._process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        database = str(connection.settings_dict["NAME"])
        root = Path(settings.BASE_DIR)
        return subprocess.Popen(
            [sys.executable, "-m", "tests.soak.reading", database, self._okta.url, self._okta.token],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def read(self, *, full: bool, seconds: float | None) -> list[str]:
        assert self._process.stdin
        assert self._process.stdout
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps({"full": full, "seconds": seconds}) + "\n")
            self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if answer:
            found: list[str] = json.loads(answer)
            return found
        code = self._process.wait()
        wait_for_its_lock()
        self._process = self._start()
        if code != -signal.SIGKILL:
            raise SystemExit(f"The reading process ended by itself, with {code}.")
        raise Killed

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
