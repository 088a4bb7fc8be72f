"""As whom the server runs: PostgreSQL refuses root, so root runs it as the owner of its files."""

import fcntl
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

USER = "pgserver"
USERS_FOLDER = Path("/etc")
"""Where the system keeps its users; locked while one is added."""
SEARCH_FOR_OTHERS = 0o001
OPEN_TO_OTHERS = 0o005


@dataclass(frozen=True, slots=True)
class Owner:
    """The system user of the server's files and processes."""

    uid: int
    gid: int

    def run_arguments(self) -> dict[str, Any]:
        """Keyword arguments that make subprocess.run switch to this user; empty when we are it."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def take(self, path: Path) -> None:
        """Makes this user the owner of a file or folder that we just made."""
        if os.geteuid() != self.uid:
            os.chown(path, self.uid, self.gid)

    def open_way(self, path: Path) -> None:
        """Lets this user pass through the folders above a path (search only, not list); needed under root."""
        if os.geteuid() == self.uid:
            return
        for folder in path.resolve().parents:
            status = folder.stat()
            if status.st_uid != self.uid and not status.st_mode & SEARCH_FOR_OTHERS:
                folder.chmod(status.st_mode | SEARCH_FOR_OTHERS)

    def open_programs(self, folder: Path) -> None:
        """Lets this user read and run programs that were installed by root with a strict umask."""
        if os.geteuid() == self.uid or folder.stat().st_mode & OPEN_TO_OTHERS == OPEN_TO_OTHERS:
            return
        for path in (*folder.rglob("*"), folder):
            mode = path.stat().st_mode
            path.chmod(mode | (mode >> 6) & OPEN_TO_OTHERS)


def owner_of(folder: Path) -> Owner:
    """The user for the server of a data directory: ourselves, or for root its owner, or the user `pgserver`.

    Raises OSError when that user cannot be made.
    """
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid())
    if folder.exists() and folder.stat().st_uid != 0:
        return Owner(folder.stat().st_uid, folder.stat().st_gid)
    entry = _server_user()
    return Owner(entry.pw_uid, entry.pw_gid)


def _server_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        pass
    with _adding_users():
        try:
            return pwd.getpwnam(USER)  # Another process may have added it while this one waited.
        except KeyError:
            return _add_user()


def _add_user() -> pwd.struct_passwd:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if not program:
        raise OSError(f"root cannot run it, and the system user {USER} is missing")
    arguments = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", USER]
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)  # noqa: S603 (fixed)
    try:
        return pwd.getpwnam(USER)
    except KeyError as error:
        raise OSError(f"the system user {USER} cannot be made: {done.stderr.strip()}") from error


@contextmanager
def _adding_users() -> Iterator[None]:
    """One process at a time: of two useradd at once each gave an id, and the later one stayed."""
    folder = os.open(USERS_FOLDER, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
