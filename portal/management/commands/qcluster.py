"""The worker: syncs, plans and delivers by its timetable, until it is asked to end.

It takes the place of the library's command of this name (see INSTALLED_APPS).
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from orgmodel.sync.configured import NotConfigured, require_usable_database
from portal.cluster import run
from portal.readiness import pending_migrations
from portal.timetable import keep_timetable, wake_now


class Command(BaseCommand):
    help = "Starts the worker, which syncs and sends by its timetable until SIGTERM or Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if pending_migrations():
                raise CommandError("The database is not up to date: run manage.py migrate.", returncode=1)
            require_usable_database()
            keep_timetable()
            wake_now()
        except DatabaseError as error:
            raise CommandError("The database cannot be reached: check DATABASE_URL.", returncode=1) from error
        except NotConfigured as error:
            raise CommandError(str(error), returncode=1) from error
        run()
