"""Where the socket lies: in the data directory, or in a short private folder when that path is too long."""

import hashlib
import os
import re
import stat
import tempfile
from pathlib import Path

from portal.embedded.owner import Owner

SOCKET = ".s.PGSQL.5432"
PATH_BYTES = 103
"""Of a socket's path; the shortest limit among the systems we run on."""
PLAIN = re.compile(r"[\w./-]+", re.ASCII)
"""Paths that need no quoting in PostgreSQL's list of folders."""


def socket_folder_for(folder: Path, owner: Owner) -> Path:
    """The folder for the socket, made if needed. Raises OSError when a stranger holds it."""
    if PLAIN.fullmatch(str(folder)) and len(os.fsencode(folder / SOCKET)) <= PATH_BYTES:
        return folder
    name = f"sightline-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}"
    places = (Path(tempfile.gettempdir()), Path("/tmp"))  # noqa: S108 (the folder in it is private)
    place = next(each for each in places if PLAIN.fullmatch(str(each)) and len(str(each)) < PATH_BYTES // 2)
    return _private(place / name, owner)


def _private(path: Path, owner: Owner) -> Path:
    """Makes a folder for the owner only, or trusts the one there if it is just that."""
    try:
        path.mkdir(mode=0o700)
        owner.take(path)
        owner.open_way(path)
    except FileExistsError:
        status = path.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != owner.uid or status.st_mode & 0o077:
            raise PermissionError(0, f"{path} belongs to somebody else") from None
    return path
