"""The planner knows how large tables are, also where a sync that came to nothing has left pages behind."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from orgmodel.models import Person
from orgmodel.sync.pg_statistics import FEW, measure_grown

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = Person._meta.db_table
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MANY = 3 * FEW


def add(number: int) -> None:
    Person.objects.bulk_create(
        [Person(key=f"{each:016}", name=f"Person {each}", began=NOW) for each in range(number)],
        batch_size=MANY,
    )


def another_session() -> "psycopg.Connection[Any]":
    given = connection.get_connection_params()
    kept = {name: given[name] for name in ("host", "port", "user", "password", "dbname") if name in given}
    return psycopg.connect(**kept)


def pages_and_rows() -> tuple[int, float]:
    """As the planner believes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpages, reltuples FROM pg_class WHERE oid = %s::regclass", [TABLE])
        return tuple(cursor.fetchone() or ())


def test_a_table_that_has_grown_is_measured() -> None:
    with transaction.atomic():
        add(MANY)
        measure_grown()
        assert pages_and_rows()[1] == MANY


def test_a_table_full_of_what_was_undone_is_measured_too() -> None:
    with transaction.atomic():
        add(MANY)
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {TABLE}")
    pages, rows = pages_and_rows()
    assert pages > 0 == rows, "pages that hold nothing"
    with transaction.atomic():
        add(MANY)
        measure_grown()
        assert pages_and_rows()[1] == MANY


def test_until_the_end_nobody_else_measures_a_table_that_is_mostly_new() -> None:
    """Whoever does not see the new rows would say that there are none."""
    add(MANY)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {TABLE}")
    with transaction.atomic():
        Person.objects.all().delete()
        add(MANY)
        measure_grown()
        assert pages_and_rows()[1] == MANY
        with another_session() as other, pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(f"LOCK TABLE {TABLE} IN SHARE UPDATE EXCLUSIVE MODE NOWAIT")


def test_what_is_known_is_not_measured_again() -> None:
    add(MANY)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {TABLE}")
        cursor.execute("UPDATE pg_class SET reltuples = %s WHERE oid = %s::regclass", [MANY + 1, TABLE])
        # Else the session counts what it has just written as of the transaction that comes.
        cursor.execute("SELECT pg_stat_force_next_flush()")
    measure_grown()
    assert pages_and_rows()[1] == MANY + 1
