"""The two kinds of database of the documents: the embedded server, and a PostgreSQL of the machine's own."""

import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psutil
import psycopg
from psycopg import sql

from portal.embedded.owner import Owner, owner_of
from portal.embedded.postmaster import read_pid_file

OLDEST = 15
"""The first version of PostgreSQL that the documents allow."""


class Database(Protocol):
    """A database that an installation may use."""

    @property
    def url(self) -> str:
        """DATABASE_URL; empty for the embedded server."""

    def connect(self) -> psycopg.Connection:
        """A connection of the test's own, in autocommit; not before `migrate` has run."""

    def restart(self) -> None:
        """Stop the server as an operator does (connections are cut), and start it."""


@dataclass(frozen=True)
class Embedded:
    """The server that Sightline starts by itself; `folder` is its data directory."""

    folder: Path
    url: str = ""

    def connect(self) -> psycopg.Connection:
        found = read_pid_file(self.folder)
        assert found, "the embedded server does not run"
        return psycopg.connect(
            host=str(found.socket_folder), user="postgres", dbname="sightline", autocommit=True
        )

    def restart(self) -> None:
        found = read_pid_file(self.folder)
        assert found, "the embedded server does not run"
        server = psutil.Process(found.pid)
        server.send_signal(signal.SIGINT)  # As `pg_ctl stop -m fast`; whoever needs it next starts it again.
        psutil.wait_procs([server], timeout=30)
        assert not server.is_running()


@dataclass(frozen=True)
class External:
    """A cluster on loopback; the role of the URL owns its database and is no superuser."""

    folder: Path
    programs: Path
    owner: Owner
    url: str

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(self.url, autocommit=True)

    def restart(self) -> None:
        self.control("restart", "-m", "fast")

    def control(self, *arguments: str) -> None:
        """pg_ctl; its output goes to a file, for the server keeps it open."""
        with (self.folder.parent / "pg_ctl.log").open("a") as log:
            subprocess.run(
                [self.programs / "pg_ctl", "-s", "-w", "-D", self.folder, *arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", check=True, timeout=60,
                **self.owner.run_arguments(),
            )  # fmt: skip


def external_programs() -> Path | None:
    """The folder of initdb and pg_ctl of the newest PostgreSQL of this machine that is new enough."""
    on_path = shutil.which("initdb")
    folders = [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *([Path(on_path).resolve().parent] if on_path else []),
    ]
    found = [(version, each) for each in folders if (version := _version(each)) >= OLDEST]
    return max(found)[1] if found else None


def _version(folder: Path) -> int:
    if not all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
        return 0
    line = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    return int(line.split()[2].partition(".")[0].partition("beta")[0])


@contextmanager
def external(programs: Path, folder: Path) -> Iterator[External]:
    """A new cluster in the folder, role and database as docs/operating.md says; stopped at the end."""
    data, owner, password = folder / "data", owner_of(folder / "data"), secrets.token_hex(16)
    port = free_port()
    data.mkdir()
    owner.take(data)
    owner.open_way(data)
    (folder / "password").write_text(password)
    owner.take(folder / "password")
    made = External(data, programs, owner, f"postgresql://sightline:{password}@127.0.0.1:{port}/sightline")
    initdb = ["initdb", "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"]
    subprocess.run(
        [programs / initdb[0], "-D", data, *initdb[1:], "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
        capture_output=True, cwd="/", check=True, timeout=120, **owner.run_arguments(),
    )  # fmt: skip
    with (data / "postgresql.conf").open("a") as conf:
        conf.write(
            f"listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\nfsync = off\n"
        )
    made.control("start", "-l", str(data / "server.log"))
    try:
        role = sql.SQL("CREATE ROLE sightline LOGIN PASSWORD {}").format(sql.Literal(password))
        admin = f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(role)
            connection.execute("CREATE DATABASE sightline OWNER sightline")
        yield made
    finally:
        made.control("stop", "-m", "immediate")


def free_port() -> int:
    """A TCP port of loopback that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
