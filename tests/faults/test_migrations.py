"""A migrate that is killed, and two that start at once: the next one, or either, ends with all tables."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = Path(__file__).with_name("migrate_and_die.py")
SCHEMA = """
SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
WHERE table_schema = 'public'
UNION ALL SELECT tablename, indexname, indexdef, '' FROM pg_indexes WHERE schemaname = 'public'
ORDER BY 1, 2
"""
Rows = list[tuple[str, ...]]


@pytest.fixture
def empty() -> Iterator[str]:
    """The name of a database without a table."""
    name = f"{connection.settings_dict['NAME']}_migrated"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield name
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def migrate(database: str, when: str = "before", migration: str = "none") -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), database, when, migration],
        cwd=settings.BASE_DIR,
        env={**os.environ, "PYTHONPATH": str(settings.BASE_DIR)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def rows(database: str, question: bytes = SCHEMA.encode()) -> Rows:
    given = connection.get_connection_params()
    kept = {name: given[name] for name in ("host", "port", "user", "password") if given.get(name)}
    with psycopg.connect(**kept, dbname=database) as asking:
        return asking.execute(question).fetchall()


def test_a_killed_migrate_is_finished_by_the_next_ones(empty: str) -> None:
    for when, migration in (("in", "orgmodel.0001_the_graph"), ("before", "notifier.0001_outbox")):
        killed = migrate(empty, when, migration)
        _, complained = killed.communicate(timeout=120)
        assert killed.returncode == -signal.SIGKILL, complained
        applied = rows(empty, b"SELECT app || '.' || name FROM django_migrations")
        assert (migration,) not in applied
    assert ("orgmodel.0001_the_graph",) in applied

    both = [migrate(empty), migrate(empty)]
    complaints = [each.communicate(timeout=120)[1] for each in both]
    assert [each.returncode for each in both] == [0, 0], complaints
    assert set(complaints) <= {"", "Another migrate is at work on this database; waiting for it to end.\n"}
    assert rows(empty) == rows(str(connection.settings_dict["NAME"]))
