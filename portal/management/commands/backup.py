"""Backs the database up into one file, and restores such a file into an empty database."""

import os
import subprocess
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from portal.programs import connection_variables, program


class Command(BaseCommand):
    help = "Writes a backup of the database to FILE (pg_dump's custom format); --restore reads one."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--restore", action="store_true", help="restore FILE into the database, which must be empty"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            if options["restore"]:
                self._restore(path)
            else:
                self._write(path)
        except DatabaseError as error:
            raise CommandError("The database cannot be reached: check DATABASE_URL.", returncode=1) from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.", returncode=1) from error

    def _write(self, path: Path) -> None:
        # Beside its place first, for its owner only: half a backup never has the name of a whole one.
        with tempfile.NamedTemporaryFile(dir=path.absolute().parent, delete=False) as draft:
            try:
                self._run("pg_dump", "--format=custom", "--no-owner", "--no-acl", stdout=draft)
                os.fsync(draft.fileno())
                Path(draft.name).replace(path)
            except BaseException:
                Path(draft.name).unlink()
                raise
        self.stdout.write(f"{path} holds the database ({path.stat().st_size:,} bytes).")

    def _restore(self, path: Path) -> None:
        if connection.introspection.table_names():
            raise CommandError("The database is not empty: nothing was restored.", returncode=1)
        database = str(connection.get_connection_params()["dbname"])
        with path.open("rb") as backup:
            self._run(
                *("pg_restore", "--no-owner", "--no-acl", "--exit-on-error", "--single-transaction"),
                *("--dbname", database),
                stdin=backup,
            )
        self.stdout.write("Restored. Now run manage.py migrate.")

    def _run(self, name: str, *arguments: str, **files: Any) -> None:
        done = subprocess.run(  # noqa: S603 (PostgreSQL's own programs)
            [program(name), *arguments],
            env={**os.environ, **connection_variables()},
            stderr=subprocess.PIPE,
            check=False,
            **files,
        )
        if done.returncode:
            lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
            raise CommandError(f"{name} failed: {lines[0]}", returncode=1)
