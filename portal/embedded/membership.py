"""Who uses the embedded server: the first to join starts it, the last to leave stops it.

Every process holds a shared lock on one file as long as it uses the server. The kernel drops that lock
however the process ends, so a killed user is never counted; whoever gets it for itself alone is the last.
"""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.util import Finalize
from pathlib import Path

from portal.embedded.postmaster import START_SECONDS, EmbeddedServerError, Postmaster

logger = logging.getLogger(__name__)

WAIT_SECONDS = START_SECONDS + 60


class Membership:
    """The part of this process in the server of one data directory; safe between threads and processes."""

    def __init__(self, folder: Path) -> None:
        self._postmaster = Postmaster(folder)
        self._threads = threading.RLock()
        self._users: int | None = None
        self._socket_folder: Path | None = None

    def join(self, *, verify: bool = False) -> Path:
        """Starts the server if nobody did; the folder of its socket. Raises EmbeddedServerError.

        Joining twice is joining once; `verify` looks again whether the server still runs.
        """
        with self._threads:
            if self._socket_folder is None or verify:
                with self._alone():
                    self._socket_folder = self._postmaster.run()
                    if self._users is None:
                        self._users = self._open("users")
                        fcntl.flock(self._users, fcntl.LOCK_SH)
                        # Unlike atexit, this also runs in children of multiprocessing, and in a parent
                        # (by its negative priority) only once its own children have ended.
                        Finalize(None, self.leave, exitpriority=-1)
            return self._socket_folder

    def leave(self) -> None:
        """Lets go; stops the server when nobody else uses it."""
        with self._threads:
            if self._users is None:
                return
            try:
                with self._alone():
                    if _lock(self._users):
                        self._postmaster.stop()
            except EmbeddedServerError:
                logger.warning("embedded PostgreSQL: left without looking for other users")
            finally:
                self.forget()

    def forget(self) -> None:
        """Gives up the membership without stopping anything."""
        if self._users is not None:
            os.close(self._users)
        self._users = self._socket_folder = None

    def forget_after_fork(self) -> None:
        """In a child: the membership is the parent's; the child joins by itself when it connects."""
        self._threads = threading.RLock()
        self.forget()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Holds off every other process that wants to start or stop this server."""
        try:
            self._postmaster.folder.parent.mkdir(parents=True, exist_ok=True)
            gate = self._open("lock")
        except OSError as error:
            raise self._postmaster.error(str(error.strerror or error)) from error
        try:
            deadline = time.monotonic() + WAIT_SECONDS
            while not _lock(gate):
                if time.monotonic() > deadline:
                    raise self._postmaster.error(
                        "another process has been starting or stopping it for too long"
                    )
                time.sleep(0.05)
            yield
        finally:
            os.close(gate)

    def _open(self, suffix: str) -> int:
        path = self._postmaster.folder.with_name(f"{self._postmaster.folder.name}.{suffix}")
        made = not path.exists()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if made:
            self._postmaster.owner.take(path)
        return descriptor


def membership(folder: Path) -> Membership:
    """The membership of this process for a data directory; it leaves when the process ends."""
    folder = folder.absolute()
    with _memberships_guard:
        if folder not in _memberships:
            _memberships[folder] = Membership(folder)
        return _memberships[folder]


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _after_fork() -> None:
    global _memberships_guard  # noqa: PLW0603 (a lock held at the fork stays locked in the child)
    _memberships_guard = threading.Lock()
    for each in _memberships.values():
        each.forget_after_fork()


_memberships: dict[Path, Membership] = {}
_memberships_guard = threading.Lock()
os.register_at_fork(after_in_child=_after_fork)
