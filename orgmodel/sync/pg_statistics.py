"""Statistics for the query planner: within one transaction nothing else tells it that tables have grown."""

from django.db import connection

ROOM = "96MB"
"""Memory for one hash or sort of the merge: a million memberships are compared without going to disk."""


def give_room() -> None:
    """Until the end of the transaction; the server's own setting stays where it is larger."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('work_mem', greatest(setting::bigint, pg_size_bytes(%s) / 1024)::text, true)"
            " FROM pg_settings WHERE name = 'work_mem'",
            [ROOM],
        )


def measure_grown() -> None:
    """Give the planner the true sizes of tables that have doubled: during a first sync it knows of none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relname ^@ 'orgmodel_'"
            " AND relnamespace = current_schema()::regnamespace"
            " AND pg_relation_size(oid) / current_setting('block_size')::int > 2 * greatest(relpages, 4)"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"ANALYZE {table}")


def measure_again(table: str) -> None:
    """The same for one of our tables whose rows were filled in: the sample still holds the empty column."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")
