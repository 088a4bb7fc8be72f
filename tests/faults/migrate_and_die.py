"""`manage.py migrate` in a process of its own that kills itself before, or at the end of, one migration.

Arguments: name of the database, `before` or `in`, name of the migration (one that is not there: it lives).
"""

import os
import signal
import sys
from typing import Any
from unittest.mock import patch

import django

DATABASE, WHEN, MIGRATION = sys.argv[1:]


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = DATABASE
    django.setup()
    from django.core.management import call_command
    from django.db.migrations.migration import Migration

    apply = Migration.apply

    def mortal(migration: Migration, *arguments: Any, **more: Any) -> Any:
        named = f"{migration.app_label}.{migration.name}" == MIGRATION
        if named and WHEN == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        state = apply(migration, *arguments, **more)
        if named:
            os.kill(os.getpid(), signal.SIGKILL)
        return state

    with patch.object(Migration, "apply", mortal):
        call_command("migrate", verbosity=0)


main()
