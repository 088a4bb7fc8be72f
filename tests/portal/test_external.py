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


def setting(name: str, options: dict[str, str]) -> str:
    with closing(session(options)) as other, other.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


@pytest.mark.usefixtures("compiling")
@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, "off"), ({"options": "-c work_mem=8MB"}, "off"), ({"options": "-c jit=on"}, "on")],
)
def test_statements_are_not_compiled_unless_the_address_says_so(
    options: dict[str, str], expected: str
) -> None:
    assert setting("jit", options) == expected


def test_what_is_prepared_is_planned_once_unless_the_address_says_otherwise() -> None:
    assert setting("plan_cache_mode", {}) == "force_generic_plan"
    assert setting("plan_cache_mode", {"options": "-c plan_cache_mode=auto"}) == "auto"


def test_the_options_of_the_address_are_kept() -> None:
    assert setting("work_mem", {"options": "-c work_mem=7MB"}) == "7MB"
