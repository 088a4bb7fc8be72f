"""Staging: batches of facts go by COPY into tables of this session, outside any long transaction.

The tables are temporary, so a killed run leaves nothing behind. Their columns are the fields of the
facts; nothing is resolved or judged here.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import DataError, connection

from orgmodel.facts import (
    AccountFact,
    AssignmentFact,
    EdgeFact,
    EventFact,
    Fact,
    GrantFact,
    OwnerFact,
    Problem,
    ProfileFact,
    PushFact,
    ResourceFact,
    RuleFact,
    SeatFact,
    SourceFailed,
    UnitFact,
)

TABLES: dict[type[Any], tuple[str, str]] = {
    AccountFact: (
        "stage_account",
        (
            "native_id text, login text, email text, name text, status text, title text, worker_type text,"
            " manager_ref text, employee_number text, start_date date, end_date date, time_zone text,"
            " attributes jsonb, created timestamptz, updated timestamptz"
        ),
    ),
    ResourceFact: (
        "stage_resource",
        (
            "kind text, native_id text, name text, description text, type text, status text, profile jsonb,"
            " features text[], parent text, updated timestamptz, members int"
        ),
    ),
    GrantFact: ("stage_grant", "account text, resource text, origin text, rules text[], evidence text"),
    EdgeFact: ("stage_edge", '"group" text, app text, level text, priority int'),
    SeatFact: (
        "stage_seat",
        "account text, app text, scope text, status text, sync_state text, level text, created timestamptz",
    ),
    RuleFact: (
        "stage_rule",
        (
            "native_id text, name text, status text, expression text, targets text[], excluded text[],"
            " updated timestamptz"
        ),
    ),
    ProfileFact: ("stage_profile", "name text, title text, type text, kept boolean"),
    PushFact: (
        "stage_push",
        (
            "native_id text, app text, source_group text, target_group text, status text, error text,"
            " last_push timestamptz"
        ),
    ),
    OwnerFact: ("stage_owner", '"group" text, kind text, owner text, name text'),
    EventFact: (
        "stage_event",
        (
            "uuid text, published timestamptz, type text, actor_type text, actor_id text, actor_name text,"
            " transaction_type text, transaction_id text, token_id text, rule text, account text,"
            ' "group" text, app text, changed text[]'
        ),
    ),
    UnitFact: (
        "stage_unit",
        (
            "kind text, native_id text, name text, slug text, parent text, lead text, active boolean,"
            " active_from date, active_to date, merged_into text"
        ),
    ),
    AssignmentFact: (
        "stage_assignment",
        "person text, unit text, kind text, valid_from date, valid_to date",
    ),
}
AT_ONCE = 2_000
"""Rows that wait for one COPY: most answers are small, one per group, and each COPY is two round trips."""
KEPT = "stage_kept"
"""Native ids whose record could not be read: what they have now stays; '' means any of that kind."""


def open_stage() -> None:
    """Empty staging tables for one run; those of an earlier run in this session are dropped."""
    with connection.cursor() as cursor:
        for table, columns in TABLES.values():
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
            cursor.execute(f"CREATE TEMP TABLE {table} ({columns})")
        cursor.execute(f"DROP TABLE IF EXISTS {KEPT}")
        cursor.execute(f"CREATE TEMP TABLE {KEPT} (kind text, native_id text)")


def close_stage() -> None:
    """Drop the staging tables of this session."""
    with connection.cursor() as cursor:
        for table, _ in TABLES.values():
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"DROP TABLE IF EXISTS {KEPT}")


def stage(batches: Iterable[Sequence[Fact]]) -> Counter[str]:
    """COPY the facts into their tables, many small batches at once; rows per table."""
    seen: Counter[str] = Counter()
    waiting: dict[type[Fact], list[Fact]] = {}
    for batch in batches:
        if not batch:
            continue
        kind = type(batch[0])
        facts = waiting.setdefault(kind, [])
        facts.extend(batch)
        if len(facts) >= AT_ONCE:
            _copy(waiting.pop(kind))
        seen[TABLES[kind][0]] += len(batch)
    for facts in waiting.values():
        _copy(facts)
    return seen


def _copy(facts: Sequence[Fact]) -> None:
    kind = type(facts[0])
    table = TABLES[kind][0]
    columns = ",".join(f'"{name}"' for name in kind._fields)
    try:
        # Django leaves what COPY raises to psycopg, whose errors nobody above knows.
        with (
            connection.wrap_database_errors,
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
        ):
            for fact in facts:
                copy.write_row(_row(fact))
    except (DataError, TypeError, ValueError, OverflowError) as error:
        # The error quotes the value; the sentence must not.
        raise SourceFailed(
            f"The answer holds a value that cannot be stored ({type(error).__name__} among the"
            f" {table.removeprefix('stage_')} records); nothing was applied."
        ) from None


def keep_unread(problems: Iterable[Problem]) -> None:
    """Note the records that could not be read, so that the merge does not end them."""
    rows = [(problem.kind, problem.record) for problem in problems if problem.kind]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {KEPT} VALUES (%s, %s)", rows)


def analyze() -> None:
    """Give the planner the true sizes before the merge joins the tables."""
    with connection.cursor() as cursor:
        for table, _ in TABLES.values():
            cursor.execute(f"ANALYZE {table}")


def _row(fact: Fact) -> list[Any]:
    """The fact as COPY takes it: profiles as JSON text, tuples as arrays."""
    return [
        value if (made := _COLUMN.get(type(value))) is None else made(value)
        for value in fact  # By exact type: this runs for every value of every answer.
    ]


_COLUMN: dict[type, Callable[[Any], Any]] = {dict: json.dumps, tuple: list}
