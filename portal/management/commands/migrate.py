"""Django's migrate, one at a time: machines that are upgraded together all call it, and only one may work.

The lock goes with the connection, so a migrate that was killed holds up nobody. As the first command of an
installation it also says in a sentence when there is no database, or none that it may change.
"""

import time
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

MIGRATE_LOCK = 0x5160_7118
ASK_EVERY = 0.5
"""Seconds. Waiting inside the database would hold a snapshot, and some migrations wait for all snapshots."""


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if wrong := unfit(connection):
            raise CommandError(wrong, returncode=1)
        if not _locked(connection):
            self.stderr.write("Another migrate is at work on this database; waiting for it to end.")
            while not _locked(connection):
                time.sleep(ASK_EVERY)
        try:
            super().handle(*args, **options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATE_LOCK])


def unfit(connection: BaseDatabaseWrapper) -> str:
    """Why nothing can be made in this database; empty when it can. System checks say what else is wrong."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)")
            (may_create,) = cursor.fetchone()
    except DatabaseError as error:
        return f"The database cannot be reached; check DATABASE_URL ({str(error).splitlines()[0]})."
    if not may_create:
        return (
            "The role in DATABASE_URL may not create tables. Run migrate as the role that owns the database"
            " (docs/operating.md, Database), or make this one its owner."
        )
    return ""


def _locked(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATE_LOCK])
        return bool(cursor.fetchone()[0])
