"""The one merge for every fact with a time: what ended, what changed, what began.

A `Versioned` says how one table is keyed and compared and how its wanted rows are selected; `merge`
does the rest with four set-based statements. What it did is noted in the temporary table `delta`.
"""

from dataclasses import dataclass

from django.db import connection

from orgmodel.kinds import Kind

from .coverage import DERIVED, NOTHING, Coverage, CoveredRows
from .parameters import MergeParameters


@dataclass(frozen=True)
class Versioned:
    """How one kind of fact is merged. All SQL here is written by us, none comes from a source."""

    of: Kind
    want: str
    """SELECT of key, values and true_began, at most one row per key; may use %(source)s, %(today)s."""
    snapshot: str
    """What stands in a change as before and after, as jsonb over the alias c."""
    covered: CoveredRows = DERIVED
    """Which current rows the run speaks of: only those may end."""
    differs: str = ""
    """When values differ (aliases c and w); empty: when any value is distinct."""
    corrects: str = ""
    """A statement over the wanted rows (want) that puts right what an older version of ours stored otherwise:
    nothing of that has changed."""
    replaces: bool = False
    """A new value is a new row (true), or is written into the row (false)."""
    bare: bool = False
    """Only that there is such a row is told, not what it says."""

    @property
    def kind(self) -> str:
        return self.of.name

    @property
    def table(self) -> str:
        return self.of.table

    @property
    def key(self) -> tuple[str, ...]:
        return self.of.key

    @property
    def values(self) -> tuple[str, ...]:
        return () if self.bare else self.of.values

    @property
    def same_key(self) -> str:
        return " AND ".join(f"w.{column} = c.{column}" for column in self.key)

    @property
    def different(self) -> str:
        if self.differs or not self.values:
            return self.differs or "false"
        ours = ", ".join(f"c.{column}" for column in self.values)
        theirs = ", ".join(f"w.{column}" for column in self.values)
        return f"({ours}) IS DISTINCT FROM ({theirs})"


def open_delta() -> None:
    """An empty note of what the run began, ended and changed; gone with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS delta")
        cursor.execute(
            "CREATE TEMP TABLE delta (kind text, verb text, id bigint, before jsonb, after jsonb)"
            " ON COMMIT DROP"
        )


def merge(fact: Versioned, parameters: MergeParameters, coverage: Coverage = NOTHING) -> None:
    """Make the current rows of `fact` equal to its wanted rows; what is absent ends where it was looked for.

    Parameters: run, now and what `want` uses.
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS want")
        cursor.execute(f"CREATE TEMP TABLE want ON COMMIT DROP AS {fact.want}", parameters.sql())
        cursor.execute("ANALYZE want")
        if fact.corrects:
            cursor.execute(fact.corrects, parameters.sql())
        cursor.execute(_end(fact, coverage), parameters.sql())
        cursor.execute(_replace(fact) if fact.replaces else _update(fact), parameters.sql())
        cursor.execute(_begin(fact), parameters.sql())


def _end(fact: Versioned, coverage: Coverage) -> str:
    return f"""
        WITH gone AS (
            UPDATE {fact.table} c SET ended = %(now)s, run_ended_id = %(run)s
            WHERE c.ended IS NULL AND ({fact.covered.ends(coverage)})
              AND NOT EXISTS (SELECT FROM want w WHERE {fact.same_key})
            RETURNING c.id, {fact.snapshot} AS before
        )
        INSERT INTO delta SELECT '{fact.kind}', 'ended', id, before, NULL FROM gone"""


def _update(fact: Versioned) -> str:
    if not fact.values:
        return "SELECT"
    staged = "".join(f", w.{column}" for column in fact.values)
    assignments = ", ".join(f"{column} = replaced.{column}" for column in fact.values)
    return f"""
        {_differing(fact, staged)};
        WITH new AS (
            UPDATE {fact.table} c SET {assignments} FROM replaced WHERE replaced.id = c.id
            RETURNING c.id, replaced.before, {fact.snapshot} AS after
        )
        INSERT INTO delta SELECT '{fact.kind}', 'changed', id, before, after FROM new;
        DROP TABLE replaced"""


def _replace(fact: Versioned) -> str:
    columns = ", ".join((*fact.key, *fact.values))
    staged = ", ".join(f"w.{column}" for column in (*fact.key, *fact.values))
    keys = ", ".join(f"c.{column}" for column in fact.key)
    join = " AND ".join(f"old.{column} = new.{column}" for column in fact.key)
    # The rows end in a statement of their own: the unique index sees one current row at every moment.
    return f"""
        {_differing(fact, f", {keys}")};
        UPDATE {fact.table} c SET ended = %(now)s, run_ended_id = %(run)s
            FROM replaced WHERE replaced.id = c.id;
        WITH new AS (
            INSERT INTO {fact.table} AS c ({columns}, began, true_began, run_began_id)
            SELECT {staged}, %(now)s, w.true_began, %(run)s
            FROM want w JOIN replaced c ON {fact.same_key}
            RETURNING c.id, {keys}, {fact.snapshot} AS after
        )
        INSERT INTO delta SELECT '{fact.kind}', 'changed', new.id, old.before, new.after
            FROM new JOIN replaced old ON {join};
        DROP TABLE replaced"""


def _differing(fact: Versioned, also: str) -> str:
    """The table `replaced`: id and snapshot of the rows whose value changed, mostly none."""
    return f"""
        CREATE TEMP TABLE replaced ON COMMIT DROP AS
            SELECT c.id, {fact.snapshot} AS before{also}
            FROM {fact.table} c JOIN want w ON {fact.same_key}
            WHERE c.ended IS NULL AND {fact.different}"""


def _begin(fact: Versioned) -> str:
    columns = ", ".join((*fact.key, *fact.values))
    staged = ", ".join(f"w.{column}" for column in (*fact.key, *fact.values))
    return f"""
        WITH new AS (
            INSERT INTO {fact.table} AS c ({columns}, began, true_began, run_began_id)
            SELECT {staged}, %(now)s, w.true_began, %(run)s FROM want w
            WHERE NOT EXISTS (
                SELECT FROM {fact.table} c WHERE c.ended IS NULL AND {fact.same_key}
            )
            RETURNING c.id, {fact.snapshot} AS after
        )
        INSERT INTO delta SELECT '{fact.kind}', 'began', id, NULL, after FROM new"""
