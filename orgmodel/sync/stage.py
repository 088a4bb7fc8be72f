"""Staging: batches of facts go by COPY into tables of this session, outside any long transaction.

The tables are temporary, so a killed run leaves nothing behind. Their columns are the fields of the
facts; nothing is resolved or judged here.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import DataError, connection

from orgmodel.facts import Fact, Problem, Ref, SourceFailed
from orgmodel.kinds import BY_FACT, Kind

AT_ONCE = 2_000
"""Rows that wait for one COPY: most answers are small, one per group, and each COPY is two round trips."""
KEPT = "stage_kept"
"""Native ids whose record could not be read: what they have now stays; '' means any of that kind."""


def open_stage() -> None:
    """Empty staging tables for one run; those of an earlier run in this session are dropped."""
    with connection.cursor() as cursor:
        for kind in BY_FACT.values():
            columns = ", ".join(f'"{name}" {type_}' for name, type_ in kind.columns.items())
            cursor.execute(f"DROP TABLE IF EXISTS {kind.stage}")
            cursor.execute(f"CREATE TEMP TABLE {kind.stage} ({columns})")
        cursor.execute(f"DROP TABLE IF EXISTS {KEPT}")
        cursor.execute(f"CREATE TEMP TABLE {KEPT} (kind text, native_id text)")


def close_stage() -> None:
    """Drop the staging tables of this session."""
    with connection.cursor() as cursor:
        for kind in BY_FACT.values():
            cursor.execute(f"DROP TABLE IF EXISTS {kind.stage}")
        cursor.execute(f"DROP TABLE IF EXISTS {KEPT}")


def stage(batches: Iterable[Sequence[Fact]]) -> Counter[str]:
    """COPY the facts into their tables, many small batches at once; facts per kind.

    Raises SourceFailed for a fact of a kind that is not declared.
    """
    seen: Counter[str] = Counter()
    waiting: dict[Kind, list[Fact]] = {}
    for batch in batches:
        if not batch:
            continue
        kind = _kind(batch[0])
        facts = waiting.setdefault(kind, [])
        facts.extend(batch)
        if len(facts) >= AT_ONCE:
            _copy(kind, waiting.pop(kind))
        seen[kind.name] += len(batch)
    for kind, facts in waiting.items():
        _copy(kind, facts)
    return seen


def _kind(fact: Fact) -> Kind:
    kind = BY_FACT.get(type(fact))
    if kind is None:
        raise SourceFailed(
            f"The source gave a {type(fact).__name__}, and no kind of that is declared in orgmodel/kinds;"
            " nothing was applied."
        )
    return kind


def _copy(kind: Kind, facts: Sequence[Fact]) -> None:
    columns = ",".join(f'"{name}"' for name in kind.columns)
    try:
        # Django leaves what COPY raises to psycopg, whose errors nobody above knows.
        with (
            connection.wrap_database_errors,
            connection.cursor() as cursor,
            cursor.copy(f"COPY {kind.stage} ({columns}) FROM STDIN") as copy,
        ):
            for fact in facts:
                copy.write_row(_row(fact))
    except (DataError, TypeError, ValueError, OverflowError) as error:
        # The error quotes the value; the sentence must not.
        raise SourceFailed(
            f"The answer holds a value that cannot be stored ({type(error).__name__} among the"
            f" {kind.name} records); nothing was applied."
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
        for kind in BY_FACT.values():
            cursor.execute(f"ANALYZE {kind.stage}")


def _row(fact: Fact) -> list[Any]:
    """The fact as COPY takes it: profiles as JSON text, tuples as arrays."""
    return [
        value if (made := _COLUMN.get(type(value))) is None else made(value)
        for value in fact  # By exact type: this runs for every value of every answer.
    ]


_COLUMN: dict[type, Callable[[Any], Any]] = {dict: json.dumps, tuple: list, Ref: list}
