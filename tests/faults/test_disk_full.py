"""The disk of the database is full while a sync is stored: nothing is applied, and the run's row says so.

PostgreSQL treats a file that may not grow any more as a full disk, so the server process of this test's own
connection is given a limit for the size of its files; nobody else on that server is touched.
"""

import base64
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator

import psutil
import pytest
from django.db import connection

from orgmodel.facts import Fact
from orgmodel.models import Move, Run
from portal.embedded.owner import Owner
from tests.orgmodel.sync.test_faults import counting, read_model, sync
from tests.orgmodel.sync.test_merge import AFTER, BEFORE
from tests.orgmodel.sync.world import group

pytestmark = pytest.mark.django_db(transaction=True)

MOST = str(17 * 2**20)
"""Bytes a file may have: above the 16 MB of a segment of the log, for a server that cannot log stops."""
UNLIMITED = "unlimited"
Limit = Callable[[str], None]
"""Sets how large a file may grow, in bytes or UNLIMITED."""


@pytest.fixture
def limit_files() -> Iterator[Limit]:
    """The limit of this connection's server process; without one again after the test."""
    server = _server_process()
    yield lambda size: _limit(server, size)
    if server.is_running():
        _limit(server, UNLIMITED)


def _server_process() -> psutil.Process:
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    found = psutil.Process(pid) if shutil.which("prlimit") and psutil.pid_exists(pid) else None
    if found is None or found.name() != "postgres":
        pytest.skip("The database server is not a process of this machine, or prlimit is missing.")
    return found


def _limit(server: psutil.Process, size: str) -> None:
    """The soft limit only, by the server's own user: neither needs a privilege."""
    user = Owner(server.uids().real, server.gids().real)
    command = ["prlimit", "--pid", str(server.pid), f"--fsize={size}:"]
    subprocess.run(command, cwd="/", check=True, timeout=30, **user.run_arguments())


def large() -> list[Fact]:
    """24 MB that cannot be made smaller, as descriptions of 80 groups."""
    noise = random.Random(7)
    return [
        group(f"00glarge{number}", description=base64.b64encode(noise.randbytes(225_000)).decode())
        for number in range(80)
    ]


@pytest.mark.parametrize("step", ["while it is staged", "while it is merged"])
def test_nothing_is_applied_and_the_run_says_so(step: str, limit_files: Limit) -> None:
    sync(BEFORE, 0)
    before = read_model()
    facts = [*AFTER, *large()]
    if step == "while it is staged":
        limit_files(MOST)
        outcome = sync(facts, 1)
    else:
        with counting(lambda number: limit_files(MOST) if number == 1 else None):
            outcome = sync(facts, 1)
    assert outcome.outcome == "failed"
    assert outcome.reason.startswith("The database refused the run (")
    assert outcome.reason.endswith("); nothing was applied.")
    assert read_model() == before
    assert not Move.objects.exists()
    run = Run.objects.latest("pk")
    assert (run.outcome, run.reason, run.applied_at) == ("failed", outcome.reason, None)


def test_when_there_is_room_again_the_next_sync_is_applied(limit_files: Limit) -> None:
    """The limit is lifted first: PostgreSQL’s own catalogues may have outgrown it in a busy database."""
    sync(BEFORE, 0)
    limit_files(MOST)
    assert sync([*AFTER, *large()], 1).outcome == "failed"
    limit_files(UNLIMITED)
    assert sync(AFTER, 2).outcome == "applied"
