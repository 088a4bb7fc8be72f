"""`migrate` says in one sentence what is wrong with a database; two at once are in tests/faults."""

from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper

from orgmodel.queries import database
from portal.management.commands import migrate

pytestmark = pytest.mark.django_db(transaction=True)

Connect = Callable[..., DatabaseWrapper]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Makes a connection to the test's server that differs in the given settings."""
    given = connection.get_connection_params()
    same = {"NAME": connection.settings_dict["NAME"], "ENGINE": "django.db.backends.postgresql"}
    same |= {name.upper(): str(given.get(name) or "") for name in ("user", "password", "host", "port")}
    made: list[DatabaseWrapper] = []

    def make(**differing: Any) -> DatabaseWrapper:
        made.append(DatabaseWrapper({**connection.settings_dict, **same, **differing}, "default"))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def latin(connect: Connect) -> Iterator[DatabaseWrapper]:
    """Another database, whose encoding has no room for most of the world's names."""
    name = f"{connection.settings_dict['NAME']}_latin"
    encoding = "ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER 'libc' TEMPLATE template0"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" {encoding}')
    yield connect(NAME=name)
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_fit_database(connect: Connect) -> None:
    assert migrate.unfit(connect()) == ""


def test_a_database_that_cannot_be_reached(connect: Connect) -> None:
    sentence = migrate.unfit(connect(HOST="127.0.0.1", PORT="1", PASSWORD="between us"))
    assert sentence.startswith("The database cannot be reached; check DATABASE_URL (connection")
    assert "between us" not in sentence


def test_a_database_that_cannot_hold_every_name(latin: DatabaseWrapper) -> None:
    with (
        patch.object(database, "connection", latin),
        patch.object(database, "shares_sessions", lambda: False),
    ):
        (fault,) = database.database_faults()
    assert fault.sentence == (
        "The database stores LATIN1, which cannot hold every name: make a new one with ENCODING 'UTF8'."
    )


def test_a_user_who_may_not_create_tables(connect: Connect) -> None:
    other = connect()
    with other.cursor() as cursor:
        # As somebody who has logged in with few rights.
        cursor.execute("SET SESSION AUTHORIZATION pg_monitor")
    assert migrate.unfit(other) == (
        "The role in DATABASE_URL may not create tables. Run migrate as the role that owns the database"
        " (docs/operating.md, Database), or make this one its owner."
    )


def test_the_command_stops_before_it_changes_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "unfit", lambda _: "Not this one.")
    with pytest.raises(CommandError, match="Not this one") as refused:
        call_command("migrate", "orgmodel", "zero", verbosity=0)
    assert refused.value.returncode == 1
