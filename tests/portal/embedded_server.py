"""Looks at an embedded server from outside, as the tests need it."""

from pathlib import Path

import psutil
import psycopg


def server_id(folder: Path) -> int | None:
    """The id of the server's process, if it runs."""
    try:
        found = int((folder / "postmaster.pid").read_text().split()[0])
    except FileNotFoundError:
        return None
    return found if psutil.pid_exists(found) else None


def ask(socket_folder: Path, question: str) -> object:
    with psycopg.connect(host=str(socket_folder), user="postgres", dbname="sightline") as connection:
        row = connection.execute(question.encode()).fetchone() if question.startswith("SELECT") else None
        if row is None:
            connection.execute(question.encode())
        return row and row[0]
