"""What this run has seen whole: only there does the absence of a fact end it.

A reader says what it has seen whole (`Covered`) and which records it could not read (`Unreadable`). All SQL
here asks for a row once in a set, and never with OR inside a join, so that it is answered by hashing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from django.db import connection

from orgmodel.kinds import BY_NAME, KINDS
from orgmodel.reports import SourceFailed

from .stage import COVERED, UNREADABLE


@dataclass(frozen=True)
class Coverage:
    """The kinds of facts that a run has seen whole, and those of which it has seen parts: single records,
    or the facts of single groups, apps or accounts. In neither: nothing of the kind may end."""

    whole: frozenset[str] = frozenset()
    partly: frozenset[str] = frozenset()
    gone: bool = False
    """Accounts, groups or apps were asked for and are no more: what hangs on them has ended, too."""

    def __contains__(self, kind: str) -> bool:
        return kind in self.whole or kind in self.partly or (self.gone and kind in _HANGING)


NOTHING = Coverage()
GONE = "gone"
"""As what the places of marks hold the records that were asked for and are no more."""
_HANGING = frozenset(kind.name for kind in KINDS if kind.owner or "account" in kind.columns)


class CoveredRows(Protocol):
    """Which current rows (alias c) of a table a run covers, as SQL."""

    def seen(self, coverage: Coverage) -> str:
        """The row lies in what was seen whole."""
        ...

    def ends(self, coverage: Coverage) -> str:
        """The row has ended if nobody gave it: it was seen whole, and nothing of it was unreadable."""
        ...


@dataclass(frozen=True)
class Derived:
    """Rows that follow from others, whatever was read."""

    which: str = "true"

    def seen(self, _: Coverage) -> str:
        return self.which

    def ends(self, _: Coverage) -> str:
        return self.which


DERIVED = Derived()


@dataclass(frozen=True)
class Recorded:
    """Rows of records with an id. `rows`: SQL with a place for what is said of the record."""

    kind: str
    source: str = "c.source"
    native_id: str = "c.native_id"
    rows: str = "{0}"

    def seen(self, coverage: Coverage) -> str:
        return self.rows.format(self._owners(coverage))

    def ends(self, coverage: Coverage) -> str:
        unread = f"SELECT native_id FROM {UNREADABLE} WHERE kind = '{self.kind}'"
        return self.rows.format(f"{self._owners(coverage)} AND {self.native_id} NOT IN ({unread})")

    def _owners(self, coverage: Coverage) -> str:
        if self.kind in coverage.whole:
            return f"{self.source} = %(source)s"
        if self.kind not in coverage.partly:
            return "false"
        covered = f"SELECT owner FROM {COVERED} WHERE kind = '{self.kind}'"
        return f"{self.source} = %(source)s AND {self.native_id} IN ({covered})"


@dataclass(frozen=True)
class Listed:
    """Rows that stand in the list of a group or app, or are held by an account.

    `resource`, `account` and `further` (another end of the row) are SQL with a place for a SELECT of ids, or
    empty. `kinds`: what covers the row; those after the first tell, too, that it could not be read.
    """

    kinds: tuple[str, ...]
    resource: str = ""
    account: str = ""
    further: str = ""
    own: str = ""
    """SQL: the source says so itself. Empty: what it hangs on is the source's."""

    def seen(self, coverage: Coverage) -> str:
        return self.covered(self.kinds[0], coverage)

    def ends(self, coverage: Coverage) -> str:
        named = ", ".join(f"'{kind}'" for kind in self.kinds)
        lists = f"SELECT id FROM unread_resource WHERE kind IN ({named}, 'resource')"
        people = f"SELECT id FROM unread_account WHERE kind IN ({named}, 'account')"
        unread = (
            self.resource.format(lists),
            self.further.format(lists),
            self.account.format(people),
        )
        return " AND NOT ".join((self.seen(coverage), *filter(None, unread)))

    def covered(self, kind: str, coverage: Coverage) -> str:
        """SQL: marks of this kind cover the row."""
        if kind in coverage.whole:
            if self.own:
                return self.own
            here = "SELECT id FROM orgmodel_{0} WHERE source = %(source)s"
            return self.resource.format(here.format("resource")) or self.account.format(
                here.format("account")
            )
        ids, gone = (f"SELECT id FROM covered_{{0}} WHERE kind = '{each}'" for each in (kind, GONE))
        ways = []
        if kind in coverage.partly:
            ways += [self.resource.format(ids.format("resource")), self.account.format(ids.format("account"))]
        if coverage.gone:
            ways += [each.format(gone.format("resource")) for each in (self.resource, self.further)]
            ways += [self.account.format(gone.format("account"))]
        ways = [way for way in ways if way]
        return f"({' OR '.join(ways)}) AND {self.own or 'true'}" if ways else "false"


def read_coverage(source: str, also: Collection[str] = ()) -> Coverage:
    """How far the staged answer of the source says that it looked. `also`: kinds that the report mentions.

    Where an unreadable record may be any, nothing of its kind was seen, nor of what hangs on such records.
    Raises SourceFailed for a kind that is declared nowhere.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT true, kind, bool_or(owner = '') FROM {COVERED} GROUP BY 2"
            f" UNION ALL SELECT false, kind, bool_or(native_id = '') FROM {UNREADABLE} GROUP BY 2"
        )
        marks = cursor.fetchall()
    if strange := {*also, *(kind for _, kind, _ in marks)} - {*BY_NAME}:
        raise SourceFailed(
            f"The source speaks of {', '.join(sorted(strange))}, and no such kind of fact is declared in"
            " orgmodel/kinds; nothing was applied."
        )
    found = {kind: whole for covered, kind, whole in marks if covered}
    any_of = {kind for covered, kind, unknown in marks if unknown and not covered}
    dark = any_of | {
        kind.name
        for kind in KINDS
        if ("account" in any_of and "account" in kind.columns) or ("resource" in any_of and kind.owner)
    }
    return Coverage(
        frozenset(kind for kind, whole in found.items() if whole and kind not in dark),
        frozenset(kind for kind, whole in found.items() if not whole and kind not in dark),
        bool({"account", "resource"} & found.keys() - dark) and _some_are_gone(source),
    )


_GONE = (
    f"""
    FROM {COVERED} m JOIN orgmodel_{{0}} x ON x.source = %(source)s AND x.native_id = m.owner
    WHERE m.owner <> '' AND m.kind = '{{0}}' AND m.owned_by = 'record'""",
    f"""
    FROM orgmodel_{{0}} x WHERE x.source = %(source)s AND x.ended IS NULL
      AND EXISTS (SELECT FROM {COVERED} m WHERE m.kind = '{{0}}' AND m.owner = '')
      AND EXISTS (SELECT FROM {COVERED} m WHERE m.kind = 'resource' AND m.owner = '')""",
)
"""Records that were asked for one by one, and all that are known where all were asked for.

Nothing that is held or opened hangs on the records of a source without groups and apps.
"""
_NOT_GIVEN = f"""
      AND NOT EXISTS (SELECT FROM stage_{{0}} s WHERE s.native_id = x.native_id)
      AND NOT EXISTS (SELECT FROM {UNREADABLE} u
                      WHERE u.kind = '{{0}}' AND u.native_id IN ('', x.native_id))"""


def _gone(kind: str, what: str) -> str:
    """SQL: of the accounts or resources that were asked for and are no more."""
    return " UNION ".join(f"SELECT {what} {each} {_NOT_GIVEN}".format(kind) for each in _GONE)


def _some_are_gone(source: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"({_gone(kind, '1')})" for kind in ("account", "resource")),
            {"source": source},
        )
        return cursor.fetchone() is not None


def place(source: str) -> None:
    """The records that the marks name, by their ids: temporary tables of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            ";".join(
                f"""
                DROP TABLE IF EXISTS {table};
                CREATE TEMP TABLE {table} ON COMMIT DROP AS
                SELECT m.kind, x.id FROM {marks} m
                JOIN orgmodel_{table.partition("_")[2]} x ON x.source = %(source)s
                 AND x.native_id = m.{native} WHERE {which}"""
                for table, marks, native, which in _PLACES
            ),
            {"source": source},
        )
        for kind in ("account", "resource"):
            cursor.execute(
                f"INSERT INTO covered_{kind} " + _gone(kind, f"'{GONE}', x.id"),
                {"source": source},
            )


_PLACES = (
    ("covered_resource", COVERED, "owner", "m.owned_by = 'record'"),
    ("covered_account", COVERED, "owner", "m.owned_by = 'account' OR m.kind = 'account'"),
    ("unread_resource", UNREADABLE, "native_id", "true"),
    ("unread_account", UNREADABLE, "native_id", "true"),
)
"""Table, marks, their column with a native id, and which of them count."""
