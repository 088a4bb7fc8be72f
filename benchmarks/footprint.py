"""What a sync leaves behind in the read model: the rows it put in, changed or took out."""

from dataclasses import dataclass

from django.apps import apps
from django.db import connection

LOOKED_AT = {"Run", "Settled", "SourceCursor", "Finding", "Look"}
"""Tables that say when somebody looked, how far, and what was found: measured by themselves."""


@dataclass(frozen=True)
class Footprint:
    """The rows of every versioned table, and the newest transaction that may have written them."""

    rows: dict[str, int]
    transaction: int

    def since(self, before: "Footprint") -> int:
        """How many rows were put in, changed or taken out in between."""
        gone = put_in = 0
        for table, rows in self.rows.items():
            touched = _number(f"SELECT count(*) FROM {table} WHERE xmin::text::bigint > {before.transaction}")  # noqa: S608
            put_in += touched
            gone += max(before.rows[table] - rows, 0)
        return put_in + gone


def footprint() -> Footprint:
    """As it stands now."""
    models = apps.get_app_config("orgmodel").get_models()
    tables = [model._meta.db_table for model in models if model.__name__ not in LOOKED_AT]
    rows = {table: _number(f"SELECT count(*) FROM {table}") for table in tables}  # noqa: S608  # our own names
    return Footprint(rows, _number("SELECT pg_current_xact_id()::text::bigint"))


def findings_since(before: Footprint) -> int:
    """How many findings were put in or changed in between."""
    return _number(
        f"SELECT count(*) FROM orgmodel_finding WHERE xmin::text::bigint > {before.transaction}"  # noqa: S608
    )


def _number(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
