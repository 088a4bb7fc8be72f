"""Staging: batches of facts go by COPY into tables of this session, outside any long transaction.

The tables are temporary, so a killed run leaves nothing behind. Their columns are the fields of the
facts; nothing is resolved or judged here.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from django.db import DataError, connection

from orgmodel.facts import Fact, Ref
from orgmodel.kinds import BY_FACT, Kind
from orgmodel.marks import Covered, Unreadable
from orgmodel.reports import SourceFailed

AT_ONCE = 2_000
"""Rows that wait for one COPY: most answers are small, one per group, and each COPY is two round trips."""
COVERED, UNREADABLE = "stage_covered", "stage_unreadable"
_MARKS: dict[type[Any], str] = {Covered: COVERED, Unreadable: UNREADABLE}
"""How far the reader looked, in tables of texts."""
_DROP = "DROP TABLE IF EXISTS " + ", ".join([*(kind.stage for kind in BY_FACT.values()), *_MARKS.values()])


def open_stage() -> None:
    """Empty staging tables for one run; those of an earlier run in this session are dropped."""
    tables = {kind.stage: kind.columns for kind in BY_FACT.values()}
    tables |= {table: dict.fromkeys(mark._fields, "text") for mark, table in _MARKS.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            ";".join(
                (
                    _DROP,
                    *(
                        f"CREATE TEMP TABLE {table} ({_defined(columns)})"
                        for table, columns in tables.items()
                    ),
                )
            )
        )


def _defined(columns: Mapping[str, str]) -> str:
    return ", ".join(f'"{name}" {type_}' for name, type_ in columns.items())


def close_stage() -> None:
    """Drop the staging tables of this session."""
    with connection.cursor() as cursor:
        cursor.execute(_DROP)


def stage(batches: Iterable[Sequence[Fact]]) -> Counter[str]:
    """COPY facts and marks into their tables, many small batches at once; facts per kind, without marks.

    Raises SourceFailed for a fact of a kind that is not declared, and for a batch of several kinds.
    """
    seen: Counter[str] = Counter()
    waiting: dict[type[Fact], list[Fact]] = {}
    for batch in batches:
        if not batch:
            continue
        fact_type = type(batch[0])
        kind = _kind(fact_type)
        if {*map(type, batch)} != {fact_type}:
            raise SourceFailed("The source mixed kinds of facts in one batch; nothing was applied.")
        facts = waiting.setdefault(fact_type, [])
        facts.extend(batch)
        if len(facts) >= AT_ONCE:
            _copy(waiting.pop(fact_type))
        if kind:
            seen[kind.name] += len(batch)
    for facts in waiting.values():
        _copy(facts)
    return seen


def _kind(fact_type: type[Fact]) -> Kind | None:
    kind = BY_FACT.get(fact_type)
    if kind is None and fact_type not in _MARKS:
        raise SourceFailed(
            f"The source gave a {fact_type.__name__}, and no kind of that is declared in orgmodel/kinds;"
            " nothing was applied."
        )
    return kind


def _copy(facts: Sequence[Fact]) -> None:
    fact_type = type(facts[0])
    kind = _kind(fact_type)
    table = kind.stage if kind else _MARKS[fact_type]
    columns = ",".join(f'"{name}"' for name in fact_type._fields)
    encoded = _ENCODED.get(fact_type, ())
    try:
        # Django leaves what COPY raises to psycopg, whose errors nobody above knows.
        with (
            connection.wrap_database_errors,
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
        ):
            for fact in facts:
                copy.write_row(_row(fact, encoded) if encoded else fact)
    except (DataError, TypeError, ValueError, OverflowError) as error:
        # The error quotes the value; the sentence must not.
        raise SourceFailed(
            f"The answer holds a value that cannot be stored ({type(error).__name__} among the"
            f" {table.removeprefix('stage_')} records); nothing was applied."
        ) from None


def analyze() -> None:
    """Give the planner the true sizes before the merge joins the tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(kind.stage for kind in BY_FACT.values())}")


def _row(fact: Fact, encoded: "Encoded") -> list[Any]:
    row: list[Any] = [*fact]
    for place, encode in encoded:
        row[place] = encode(row[place])
    return row


def _object(value: Mapping[str, Any]) -> str:
    return msgspec.json.encode(value).decode() if value else "{}"


def _array(values: Sequence[str]) -> str:
    """As PostgreSQL writes an array of texts. The same few groups and rules are named again and again."""
    return _written(values) if isinstance(values, Ref) else _written(tuple(values)) if values else "{}"


@lru_cache(maxsize=4096)
def _written(values: tuple[str, ...]) -> str:
    quoted = (each.replace("\\", r"\\").replace('"', r"\"") for each in values)
    return '{"' + '","'.join(quoted) + '"}'


_ENCODERS: Mapping[str, Callable[[Any], str]] = {"jsonb": _object, "text[]": _array}
"""PostgreSQL type → the text of a value of it; psycopg would look at the items of every single one."""
Encoded = Sequence[tuple[int, Callable[[Any], str]]]
_ENCODED: Mapping[type[Any], Encoded] = {
    fact: [
        (place, _ENCODERS[type_]) for place, type_ in enumerate(kind.columns.values()) if type_ in _ENCODERS
    ]
    for fact, kind in BY_FACT.items()
}
"""Fact → the places in it that COPY does not take as they are, and what makes text of each."""
