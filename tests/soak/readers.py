"""Who reads: this very process, or another one that can be killed at any moment."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

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
    """Reads in another process; where that was killed, in the next."""

    def __init__(self, okta: OktaServer) -> None:
        database = str(connection.settings_dict["NAME"])
        root = Path(settings.BASE_DIR)
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.reading", database, okta.url, okta.token],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reading = int(self._answer())
        """The process that reads."""

    def read(self, *, full: bool, seconds: float | None) -> list[str]:
        assert self._nursery.stdin
        self._nursery.stdin.write(json.dumps({"full": full, "seconds": seconds}) + "\n")
        self._nursery.stdin.flush()
        answer = self._answer()
        if isinstance(answer, list):
            return answer
        # In place of an answer the next process says who it is.
        self._reading = answer
        wait_for_its_lock()
        raise Killed

    def _answer(self) -> Any:
        assert self._nursery.stdout
        if line := self._nursery.stdout.readline():
            return json.loads(line)
        raise SystemExit(f"The reading process ended by itself, with {self._nursery.wait()}.")

    def kill(self) -> None:
        os.kill(self._reading, signal.SIGKILL)

    def close(self) -> None:
        """The closed pipe ends both; they may have been in the middle of a read."""
        assert self._nursery.stdin
        with suppress(OSError):
            self._nursery.stdin.close()
        self._nursery.wait()
