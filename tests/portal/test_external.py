"""A PostgreSQL that somebody else runs: what a session of ours is like there."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from django.db import connection
from psycopg import sql

from portal.external.base import DatabaseWrapper

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def compiling() -> Iterator[None]:
    """A database whose sessions compile, as on a PostgreSQL that was just installed."""
    name = sql.Identifier(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER DATABASE {} SET jit = on").format(name))
    yield
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER DATABASE {} RESET jit").format(name))


def session(options: dict[str, str]) -> DatabaseWrapper:
    parameters = connection.get_connection_params()
    named = {"HOST": parameters.get("host", ""), "USER": parameters.get("user", ""), "OPTIONS": options}
    return DatabaseWrapper({**connection.settings_dict, **named})


def jit(options: dict[str, str]) -> str:
    with closing(session(options)) as other, other.cursor() as cursor:
        cursor.execute("SHOW jit")
        return str(cursor.fetchone()[0])


@pytest.mark.usefixtures("compiling")
@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, "off"), ({"options": "-c work_mem=8MB"}, "off"), ({"options": "-c jit=on"}, "on")],
)
def test_statements_are_not_compiled_unless_the_address_says_so(
    options: dict[str, str], expected: str
) -> None:
    assert jit(options) == expected


def test_the_options_of_the_address_are_kept() -> None:
    with closing(session({"options": "-c work_mem=7MB"})) as other, other.cursor() as cursor:
        cursor.execute("SHOW work_mem")
        assert cursor.fetchone()[0] == "7MB"
