"""Whether the tables are those of this version: said in a sentence, before anything is asked of them."""

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor

FORBIDDEN = "The role in DATABASE_URL may not read the tables. Grant it what docs/operating.md lists."
BEHIND = "The database is not up to date. Run manage.py migrate."


class NeedsTables(BaseCommand):
    """A command that is refused where the database cannot be read, or is not up to date.

    manage.py itself says so where there is no connection.
    """

    requires_migrations_checks = True

    def check_migrations(self) -> None:
        """Raises CommandError."""
        try:
            executor = MigrationExecutor(connection)
            behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
        except ProgrammingError as error:
            raise CommandError(FORBIDDEN, returncode=1) from error
        if behind:
            raise CommandError(BEHIND, returncode=1)
