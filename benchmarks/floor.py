"""The least that a full sync of the same answer can do: decode it, COPY it, compare the memberships once."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db import connection, transaction

from orgmodel.facts import GrantFact
from orgmodel.sync.stage import TABLES

from .company import Page


def remember(pages: Sequence[Page]) -> None:
    """The memberships of the answer as the table that the floor compares with."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE floor_known ({TABLES[GrantFact][1]})")
    for page in pages:
        if page.kind is GrantFact:
            _copy("floor_known", GrantFact, page.decode())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE floor_known")


def forget() -> None:
    """Drop the table again."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE floor_known")


def run(pages: Sequence[Page]) -> int:
    """Decode, COPY and compare; how many memberships differ."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns in TABLES.values():
            cursor.execute(f"CREATE TEMP TABLE floor_{table} ({columns}) ON COMMIT DROP")
        for page in pages:
            _copy(f"floor_{TABLES[page.kind][0]}", page.kind, page.decode())
        given, known = f"floor_{TABLES[GrantFact][0]}", "floor_known"
        cursor.execute(
            f"SELECT count(*) FROM ((TABLE {given} EXCEPT TABLE {known})"  # noqa: S608 (names of our own)
            f" UNION ALL (TABLE {known} EXCEPT TABLE {given})) differing"
        )
        return int(cursor.fetchone()[0])


def _copy(table: str, kind: type[Any], rows: Sequence[Sequence[Any]]) -> None:
    columns = ", ".join(f'"{name}"' for name in kind._fields)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([_column(value) for value in row])


def _column(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, Mapping) else value
