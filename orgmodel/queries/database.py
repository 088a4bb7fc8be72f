"""Whether this database can be used: its version, whether it takes writes, what the role may do, poolers."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

OLDEST = 15
"""The first major version of PostgreSQL that is tried."""
ROUNDS = 8
"""Looks at who serves two connections; where sessions are shared, one look mostly tells."""


@dataclass(frozen=True)
class Fault:
    """What keeps Sightline from working on this database, and what to do. `code` is stable."""

    code: str
    what: str
    todo: str

    @property
    def sentence(self) -> str:
        """Both, for one line."""
        return f"{self.what}: {self.todo}"


def database_faults() -> tuple[Fault, ...]:
    """What is wrong with the database itself, for every role; two connections of its own.

    Raises OperationalError when it cannot be reached.
    """
    version, *_ = connection.get_database_version()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on',"
            " current_setting('server_encoding')"
        )
        standby, read_only, encoding = cursor.fetchone()
    found = []
    if version < OLDEST:
        found.append(
            Fault(
                "version",
                f"PostgreSQL {version} is too old",
                f"let DATABASE_URL name a server of version {OLDEST} or newer.",
            )
        )
    if encoding != "UTF8":
        found.append(
            Fault(
                "encoding",
                f"The database stores {encoding}, which cannot hold every name",
                "make a new one with ENCODING 'UTF8'.",
            )
        )
    if standby:
        found.append(
            Fault(
                "standby",
                "The database is a standby, which takes no writes",
                "let DATABASE_URL name the primary.",
            )
        )
    elif read_only:
        found.append(
            Fault(
                "read-only",
                "The database takes no writes (default_transaction_read_only is on)",
                "switch it off for the database and role that DATABASE_URL names.",
            )
        )
    if shares_sessions():
        found.append(
            Fault(
                "pooler",
                (
                    "DATABASE_URL leads through a pooler that lends out its sessions by transaction or by"
                    " statement, where locks and temporary tables get lost"
                ),
                "connect to PostgreSQL directly, or set pool_mode = session for this database.",
            )
        )
    return tuple(found)


def role_faults() -> tuple[Fault, ...]:
    """What the role of the running portal and worker lacks; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH ours AS (
                SELECT t.name, to_regclass(t.name) AS relation, to_regclass(t.name || '_id_seq') AS ids
                FROM unnest(%s::text[]) t (name)
            )
            SELECT current_user, current_database(),
                   has_database_privilege(current_database(), 'TEMPORARY'),
                   count(*) FILTER (WHERE NOT (
                       has_table_privilege(relation, 'SELECT') AND has_table_privilege(relation, 'INSERT')
                       AND has_table_privilege(relation, 'UPDATE') AND has_table_privilege(relation, 'DELETE')
                       AND coalesce(has_sequence_privilege(ids, 'USAGE'), true))),
                   min(name) FILTER (WHERE NOT has_table_privilege(relation, 'DELETE'))
            FROM ours WHERE relation IS NOT NULL""",
            [sorted(model._meta.db_table for model in apps.get_models())],
        )
        role, database, temporary, closed, example = cursor.fetchone()
    found = []
    if not temporary:
        found.append(
            Fault(
                "temporary",
                f"The role {role} may not create temporary tables, which every sync needs",
                f'GRANT TEMPORARY ON DATABASE "{database}" TO "{role}".',
            )
        )
    if closed:
        among = f", {example} among them" if example else ""
        found.append(
            Fault(
                "tables",
                f"The role {role} may not read and write {closed} of Sightline's tables{among}",
                "grant it the rights that docs/operating.md lists.",
            )
        )
    return tuple(found)


def process_of(database: BaseDatabaseWrapper) -> int:
    """The server's process that answers this connection right now."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def shares_sessions(ask: Callable[[BaseDatabaseWrapper], int] = process_of) -> bool:
    """Whether several connections are served by one session in turn, as a pooler in transaction mode does.

    A session has one process of the server. Two connections that are open at the same time have two, and each
    keeps its own; a pooler gives both the one that was free last, or changes them. The first is asked
    twice as often, so that two sessions dealt out in turn are noticed as well. That none are shared is
    remembered as long as the process lives.
    """
    known = (os.getpid(), ask, *(str(connection.settings_dict[key]) for key in ("HOST", "PORT", "NAME")))
    if known in _unshared:
        return False
    first, second = connection.copy(), connection.copy()
    try:
        ours: set[int] = set()
        others: set[int] = set()
        for _ in range(ROUNDS):
            ours |= {ask(first), ask(first)}
            others.add(ask(second))
    finally:
        first.close()
        second.close()
    shared = len(ours) > 1 or len(others) > 1 or ours == others
    if not shared:
        _unshared.add(known)
    return shared


_unshared: set[tuple[object, ...]] = set()
