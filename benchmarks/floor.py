"""The least that a full sync of the same answer can do: decode it, COPY it, compare the memberships once.

As plain as it goes: no Django, one connection, texts as they stand in the answer, one hash join.
"""

from collections.abc import Sequence
from typing import Any, cast

import msgspec
import psycopg
from django.db import connection as ours
from psycopg.abc import Query

from orgmodel.facts import GrantFact
from orgmodel.kinds import BY_FACT, Kind

from .company import Page

Connection = psycopg.Connection[tuple[Any, ...]]
KNOWN = "floor_known"
WHERE = ("host", "port", "user", "password", "dbname")
COMPARED = "account, target, level, origin, rules, evidence"
"""The columns of a membership."""


def remember(pages: Sequence[Page]) -> None:
    """The memberships of the answer as the table that the floor compares with."""
    with _connected() as connection:
        _say(connection, f"CREATE TABLE {KNOWN} ({_columns(BY_FACT[GrantFact])})")
        for page in pages:
            if page.kind is GrantFact:
                _copy(connection, KNOWN, page)
        _say(connection, f"ANALYZE {KNOWN}")


def forget() -> None:
    """Drop the table again."""
    with _connected() as connection:
        _say(connection, f"DROP TABLE {KNOWN}")


def run(pages: Sequence[Page]) -> int:
    """Decode, COPY and compare; how many memberships differ."""
    with _connected() as connection:
        for kind in BY_FACT.values():
            _say(connection, f"CREATE TEMP TABLE floor_{kind.stage} ({_columns(kind)}) ON COMMIT DROP")
        for page in pages:
            _copy(connection, f"floor_{BY_FACT[page.kind].stage}", page)
        given = f"floor_{BY_FACT[GrantFact].stage}"
        lines = _say(
            connection,
            f"SELECT count(*) FROM {given} g FULL JOIN {KNOWN} k USING ({COMPARED})"  # noqa: S608 (our own names)
            " WHERE g.account IS NULL OR k.account IS NULL",
        ).fetchone()
        return int(lines[0]) if lines else 0


def _columns(kind: Kind) -> str:
    return ", ".join(f'"{name}" {type_}' for name, type_ in kind.columns.items())


def _connected() -> Connection:
    """A connection to the database of this measuring, which says what a session of ours says."""
    parameters = ours.get_connection_params()
    connection = psycopg.connect(**{name: parameters[name] for name in WHERE if parameters.get(name)})
    _say(connection, "SET jit = off")
    return connection


def _say(connection: Connection, sql: str) -> "psycopg.Cursor[tuple[Any, ...]]":
    return connection.execute(cast(Query, sql))


def _copy(connection: Connection, table: str, page: Page) -> None:
    columns = [f'"{name}"' for name in page.kind._fields]
    rows: list[list[Any]] = msgspec.json.decode(page.body)
    objects = [place for place, value in enumerate(rows[0]) if isinstance(value, dict)]
    arrays = [place for place, value in enumerate(rows[0]) if isinstance(value, list)]
    sql = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(cast(Query, sql)) as copy:
        for row in rows:
            for place in objects:
                row[place] = msgspec.json.encode(row[place]).decode()
            for place in arrays:
                # No text of the made-up company needs more to stand in an array.
                row[place] = '{"' + '","'.join(row[place]) + '"}' if row[place] else "{}"
            copy.write_row(row)
