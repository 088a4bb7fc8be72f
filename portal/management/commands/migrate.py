"""Django's migrate, one at a time: machines that are upgraded together all call it, and only one may work.

The lock goes with the connection, so a migrate that was killed holds up nobody.
"""

import time
from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

MIGRATE_LOCK = 0x5160_7118
ASK_EVERY = 0.5
"""Seconds. Waiting inside the database would hold a snapshot, and some migrations wait for all snapshots."""


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if not _locked(connection):
            self.stderr.write("Another migrate is at work on this database; waiting for it to end.")
            while not _locked(connection):
                time.sleep(ASK_EVERY)
        try:
            super().handle(*args, **options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATE_LOCK])


def _locked(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATE_LOCK])
        return bool(cursor.fetchone()[0])
