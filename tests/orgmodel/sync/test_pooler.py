"""A real pgbouncer between the commands and the database: refused by transaction, good by session.

Where none is installed these are left out, with the reason; how sessions that are lent out are recognised
is then still tested without one (tests/orgmodel/queries/test_database.py).
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.postgresql import base as postgresql

from orgmodel.queries import database
from portal.embedded.owner import owner_of

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
ROOT = Path(__file__).parents[3]
PEOPLE = "id,email,name,team\n1,alma@nordwind.example,Alma,kale\n"

pytestmark = [
    pytest.mark.skipif(PGBOUNCER is None, reason="no pgbouncer is installed on this machine"),
    pytest.mark.django_db(transaction=True),
]


@contextmanager
def pooler() -> Iterator[int]:
    """A pgbouncer before the database of the tests, which it offers once by each of its modes; its port."""
    server = connection.get_connection_params()
    target = f"host={server['host']} port={server.get('port') or 5432} user={server['user']}"
    if server.get("password"):
        target += f" password={server['password']}"
    offered = "".join(
        f"{mode} = {target} dbname={server['dbname']} pool_mode={mode}\n"
        for mode in ("session", "transaction", "statement")
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        settings = Path(folder) / "pgbouncer.ini"
        settings.write_text(
            f"[databases]\n{offered}[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n"
            "unix_socket_dir =\nauth_type = any\n"
        )
        owner = owner_of(Path(connection.settings_dict.get("EMBEDDED_FOLDER", folder)))
        process = subprocess.Popen(
            [str(PGBOUNCER), str(settings)], stderr=subprocess.DEVNULL, **owner.run_arguments()
        )
        try:
            wait_for(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(10)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        assert process.poll() is None, "pgbouncer ended by itself"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("pgbouncer does not listen")


def synced(port: int, mode: str, folder: Path) -> tuple[int, str]:
    """What `manage.py sync` ends with, and what it says, in an environment of nothing but its settings."""
    (folder / "people.csv").write_text(PEOPLE)
    done = subprocess.run(
        [sys.executable, "manage.py", "sync"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DATABASE_URL": f"postgres://postgres@127.0.0.1:{port}/{mode}",
            "SECRET_KEY": "protects only pretend people " * 3,
            "SIGHTLINE_DATA": str(folder),
            "SIGHTLINE_CONFIG": os.devnull,
            "HRIS": "csv",
            "HRIS_CSV_DIR": str(folder),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_sync_by_sessions_that_are_lent_out_is_refused_and_by_own_ones_works(tmp_path: Path) -> None:
    with pooler() as port:
        code, output = synced(port, "transaction", tmp_path)
        assert code == 1
        assert output.startswith("20")
        assert output.splitlines()[-1] == (
            "CommandError: DATABASE_URL leads through a pooler that lends out its sessions by transaction or"
            " by statement, where locks and temporary tables get lost: connect to PostgreSQL directly, or set"
            " pool_mode = session for this database."
        )
        code, output = synced(port, "session", tmp_path)
        assert (code, output.split()[5:7]) == (0, ["hris", "applied"]), output


@pytest.mark.parametrize(("mode", "lent"), [("session", False), ("transaction", True), ("statement", True)])
def test_each_mode_of_a_pooler_is_recognised(mode: str, lent: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with pooler() as port:
        through = postgresql.DatabaseWrapper(
            {
                **connection.settings_dict,
                "HOST": "127.0.0.1",
                "PORT": port,
                "USER": "postgres",
                "NAME": mode,
            },
            "default",
        )
        monkeypatch.setattr(database, "connection", through)
        assert [database.shares_sessions() for _ in range(3)] == [lent] * 3
