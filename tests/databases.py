"""The databases of test runs: quick to make, quick to empty, gone when their run has gone."""

import hashlib
from contextlib import suppress
from functools import cache
from pathlib import Path

import django
import psutil
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import TransactionTestCase

RUN, TEMPLATE = "test_sightline_", "migrated_sightline_"
MADE_BY_MIGRATE = {"django_migrations", "django_content_type", "auth_permission"}
"""Tables that are not emptied: they say what `migrate` did."""
CARELESS = ("fsync", "synchronous_commit", "full_page_writes")


def hurry() -> None:
    """Tell the embedded server of the tests that it need not survive a power cut."""
    if connection.settings_dict["ENGINE"] != "portal.embedded":
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_settings WHERE name = ANY(%s) AND setting = 'on'", [[*CARELESS]]
        )
        if cursor.fetchone()[0]:
            for name in CARELESS:
                cursor.execute(f"ALTER SYSTEM SET {name} = off")
            cursor.execute("SELECT pg_reload_conf()")


def drop_abandoned() -> None:
    """Drop the test databases whose process has gone: a killed run could not do it itself."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{RUN}%"])
        for (name,) in cursor.fetchall():
            owner = name.removeprefix(RUN).partition("_")[0]
            if owner.isdigit() and not psutil.pid_exists(int(owner)):
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def start_from_template() -> None:
    """Make the test database a copy of the one that these very migrations made, if there is one."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{TEMPLATE}%"])
        found = {name for (name,) in cursor.fetchall()}
        if _template() in found:
            connection.settings_dict["TEST"]["TEMPLATE"] = _template()
        for outdated in found - {_template()}:
            # Another run, of another branch, may be copying it.
            with suppress(DatabaseError):
                cursor.execute(f'DROP DATABASE IF EXISTS "{outdated}"')


def keep_template() -> None:
    """Keep a copy of the test database, which is still empty, unless it is a copy itself."""
    if connection.settings_dict["TEST"].get("TEMPLATE"):
        return
    name = connection.settings_dict["NAME"]
    connection.close()
    # Two runs that start together both want to keep theirs.
    with connection._nodb_cursor() as cursor, suppress(DatabaseError):
        cursor.execute(f'CREATE DATABASE "{_template()}" TEMPLATE "{name}" STRATEGY file_copy')


def flush_by_deleting() -> None:
    """After a test that commits, delete the rows there are instead of truncating every table there is."""
    TransactionTestCase._fixture_teardown = _delete_all  # type: ignore[attr-defined]  # not in the stubs


def _delete_all(_: TransactionTestCase) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        filled = [
            table for table in connection.introspection.table_names(cursor) if table not in MADE_BY_MIGRATE
        ]
        statement = " UNION ALL ".join(f"(SELECT '{table}' FROM \"{table}\" LIMIT 1)" for table in filled)
        cursor.execute(statement)
        for (table,) in cursor.fetchall():
            cursor.execute(f'DELETE FROM "{table}"')


@cache
def _template() -> str:
    seen = hashlib.sha256(django.__version__.encode())
    for config in apps.get_app_configs():
        for path in sorted(Path(config.path, "migrations").glob("*.py")):
            seen.update(path.name.encode() + path.read_bytes())
    return TEMPLATE + seen.hexdigest()[:12]


def end_other_sessions() -> None:
    """End the sessions of this run's database that are not ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
