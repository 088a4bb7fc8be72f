"""Statistics for the query planner: within one transaction nothing else tells it that tables have grown."""

from django.db import connection

ROOM = "96MB"
"""Memory for one hash or sort of the merge: a million memberships are compared without going to disk."""
FEW = 100
"""Rows for which no plan is a bad one."""


def give_room() -> None:
    """Until the end of the transaction; the server's own setting stays where it is larger."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('work_mem', greatest(setting::bigint, pg_size_bytes(%s) / 1024)::text, true)"
            " FROM pg_settings WHERE name = 'work_mem'",
            [ROOM],
        )


def measure_grown() -> None:
    """Give the planner the true sizes of tables that have doubled: during a first sync it knows of none.

    By their pages, and by the rows that this transaction has written. A table that is mostly such rows is
    measured in any case: the lock that this takes keeps autovacuum away until the end of the transaction. It
    sees none of these rows, takes the pages for empty ones, and the plans that follow would never end.
    """
    with connection.cursor() as cursor:
        cursor.execute(_GROWN, {"few": FEW})
        for (table,) in cursor.fetchall():
            cursor.execute(f"ANALYZE {table}")


def measure_again(table: str) -> None:
    """The same for one of our tables whose rows were filled in: the sample still holds the empty column."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")


_GROWN = """
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_stat_xact_user_tables s ON s.relid = c.oid
    WHERE c.relkind = 'r' AND c.relname ^@ 'orgmodel_'
      AND c.relnamespace = current_schema()::regnamespace
      AND (s.n_tup_ins > greatest(c.reltuples, %(few)s)
           OR pg_relation_size(c.oid) / current_setting('block_size')::int > 2 * greatest(c.relpages, 4)
           OR (s.n_tup_ins > greatest(c.reltuples / 3, %(few)s) AND NOT EXISTS (
               SELECT FROM pg_locks l WHERE l.relation = c.oid AND l.pid = pg_backend_pid()
                 AND l.mode = 'ShareUpdateExclusiveLock')))"""
