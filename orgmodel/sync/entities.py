"""Accounts, resources, entitlements and rules: how they appear, change, end and come back."""

from dataclasses import dataclass

from django.db import connection

from orgmodel.kinds import KINDS, Kind, of_facts

from .coverage import Coverage, Recorded
from .entitlements import merge_entitlements
from .parameters import MergeParameters
from .stage import COVERED, UNREADABLE


@dataclass(frozen=True)
class Entity:
    """How one kind of entity is merged from its staging table."""

    of: Kind
    once: tuple[tuple[str, str], ...] = ()
    """Columns that are given when the entity appears and never change."""
    silent: tuple[tuple[str, str], ...] = ()
    """Columns that are kept up to date but whose change is no change of the entity."""
    snapshot: str = "NULL::jsonb"
    """What stands in a change as before and after, over the alias c."""

    @property
    def covered(self) -> Recorded:
        return Recorded(self.of.name)

    @property
    def kind(self) -> str:
        return self.of.name

    @property
    def table(self) -> str:
        return self.of.table

    @property
    def stage(self) -> str:
        return self.of.stage

    @property
    def face(self) -> tuple[tuple[str, str], ...]:
        """Column of the entity and the expression over the staged row s that it is compared with."""
        lists = {name for name, type_ in self.of.columns.items() if type_ == "text[]"}
        return tuple(
            (name, f"to_jsonb(s.{name})" if name in lists else f"s.{name}") for name in self.of.values
        )


def key_sql(name: str, native_id: str) -> str:
    """SQL: the public key of what a source calls so: its first name, and a digest that makes it its own.

    The digest depends on nothing but source and native id: a model that is read anew gives the same ones.
    """
    words = f"regexp_replace(lower({name}), '[^a-z0-9]+', '-', 'g')"
    digest = f"encode(sha256(convert_to(%(source)s::text || ' ' || {native_id}, 'UTF8')), 'hex')"
    return f"concat_ws('-', nullif(trim('-' FROM left({words}, 40)), ''), left({digest}, 10))"


ACCOUNT = Entity(
    of_facts.ACCOUNT,
    silent=(("created", "s.created"), ("updated", "s.updated"), ("state", "s.state")),
    snapshot="jsonb_build_object('status', c.status)",
)
RESOURCE = Entity(
    of_facts.RESOURCE,
    once=(("key", key_sql("s.name", "s.native_id")),),
    silent=(("updated", "s.updated"),),
    snapshot="jsonb_build_object('name', c.name, 'description', c.description, 'status', c.status)",
)


RULE = Recorded("rule")
_HIDDEN = f"s.native_id IN (SELECT native_id FROM {UNREADABLE} WHERE kind = '{{0}}')"
_KEPT = f"""
    UPDATE stage_account s SET
        manager_ref = CASE WHEN {_HIDDEN.format("manager")} THEN c.manager_ref ELSE s.manager_ref END,
        title = CASE WHEN s.title = '' AND {_HIDDEN.format("attribute")} THEN c.title ELSE s.title END
    FROM orgmodel_account c
    WHERE c.source = %(source)s AND c.native_id = s.native_id
      AND s.native_id IN (SELECT native_id FROM {UNREADABLE} WHERE kind IN ('manager', 'attribute'))"""
"""Columns of an account whose value its source hides, and does not deny."""


def merge_accounts(parameters: MergeParameters, coverage: Coverage) -> None:
    """Accounts of the source, from stage_account; what of one could not be seen is as it was known."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, parameters.sql())
    _merge(ACCOUNT, parameters, coverage)


def merge_resources(parameters: MergeParameters, coverage: Coverage) -> None:
    """Groups and apps, their parents, and every level at which they are given."""
    _merge(RESOURCE, parameters, coverage)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE orgmodel_resource c SET parent_id = p.id
            FROM stage_resource s LEFT JOIN orgmodel_resource p
              ON p.source = %(source)s AND p.native_id = s.parent AND p.kind = 'app'
            WHERE c.source = %(source)s AND c.native_id = s.native_id
              AND c.parent_id IS DISTINCT FROM p.id""",
            parameters.sql(),
        )
    merge_entitlements(parameters)


def merge_rules(parameters: MergeParameters, coverage: Coverage) -> None:
    """Rules as entities; what they say is a version, merged like every fact with a time."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO orgmodel_rule (source, native_id, key, began)
            SELECT DISTINCT %(source)s, native_id, {key_sql("''", "native_id")}, %(now)s::timestamptz
            FROM stage_rule
            ON CONFLICT (source, native_id) DO UPDATE SET ended = NULL
                WHERE orgmodel_rule.ended IS NOT NULL""",
            parameters.sql(),
        )
        cursor.execute(
            f"""
            UPDATE orgmodel_rule c SET ended = %(now)s
            WHERE c.ended IS NULL AND {RULE.ends(coverage)}
              AND NOT EXISTS (SELECT FROM stage_rule s WHERE s.native_id = c.native_id)""",
            parameters.sql(),
        )


_LISTED = ", ".join(f"'{kind.name}'" for kind in KINDS if kind.listed)
_UNREAD = f"""
    UPDATE orgmodel_resource c SET unread = w.unread
    FROM (
        SELECT r.id, ARRAY(
            SELECT k FROM unnest(r.unread) k WHERE k <> ALL(%(seen)s) AND NOT EXISTS (
                SELECT FROM {COVERED} m WHERE m.kind = k AND m.owner = r.native_id AND m.owned_by = 'record')
            UNION SELECT u.kind FROM {UNREADABLE} u WHERE u.native_id = r.native_id AND u.kind IN ({_LISTED})
            ORDER BY 1) AS unread
        FROM orgmodel_resource r WHERE r.source = %(source)s AND (
            r.unread <> '{{}}'
            OR r.native_id IN (SELECT native_id FROM {UNREADABLE} WHERE kind IN ({_LISTED})))
    ) w WHERE w.id = c.id AND c.unread IS DISTINCT FROM w.unread"""


def note_unread(parameters: MergeParameters) -> None:
    """Of each group and app: the kinds of its facts that could not be seen when they were last asked for."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, parameters.sql())


def _merge(entity: Entity, parameters: MergeParameters, coverage: Coverage) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS once")
        # A listing that shifts while it is paged may give a row twice: the newest stands.
        cursor.execute(
            f"CREATE TEMP TABLE once ON COMMIT DROP AS SELECT DISTINCT ON (native_id) *"
            f" FROM {entity.stage} ORDER BY native_id, updated DESC NULLS LAST"
        )
        cursor.execute(_end(entity, coverage), parameters.sql())
        for build in (_change, _touch, _begin):
            cursor.execute(build(entity), parameters.sql())


def _end(entity: Entity, coverage: Coverage) -> str:
    return f"""
        WITH gone AS (
            UPDATE {entity.table} c SET ended = %(now)s
            WHERE c.ended IS NULL AND {entity.covered.ends(coverage)}
              AND NOT EXISTS (SELECT FROM once s WHERE s.native_id = c.native_id)
            RETURNING c.id, {entity.snapshot} AS before
        )
        INSERT INTO delta SELECT '{entity.kind}', 'ended', id, before, NULL FROM gone"""


def _change(entity: Entity) -> str:
    columns = ", ".join(f"{column} = {value}" for column, value in entity.face)
    ours = ", ".join(f"c.{column}" for column, _ in entity.face)
    theirs = ", ".join(value for _, value in entity.face)
    return f"""
        WITH old AS (
            SELECT c.id, c.ended, {entity.snapshot} AS before
            FROM {entity.table} c JOIN once s ON s.native_id = c.native_id
            WHERE c.source = %(source)s
              AND (c.ended IS NOT NULL OR ({ours}) IS DISTINCT FROM ({theirs}))
        ), new AS (
            UPDATE {entity.table} c SET {columns}, ended = NULL
            FROM once s, old WHERE c.id = old.id AND s.native_id = c.native_id
            RETURNING c.id, old.ended, old.before, {entity.snapshot} AS after
        )
        INSERT INTO delta
        SELECT '{entity.kind}', CASE WHEN ended IS NULL THEN 'changed' ELSE 'began' END,
               id, before, after FROM new"""


def _touch(entity: Entity) -> str:
    columns = ", ".join(f"{column} = {value}" for column, value in entity.silent)
    ours = ", ".join(f"c.{column}" for column, _ in entity.silent)
    theirs = ", ".join(value for _, value in entity.silent)
    return f"""
        UPDATE {entity.table} c SET {columns} FROM once s
        WHERE c.source = %(source)s AND s.native_id = c.native_id
          AND ({ours}) IS DISTINCT FROM ({theirs})"""


def _begin(entity: Entity) -> str:
    columns = [*entity.once, *entity.face, *entity.silent]
    names = ", ".join(column for column, _ in columns)
    values = ", ".join(value for _, value in columns)
    return f"""
        WITH new AS (
            INSERT INTO {entity.table} AS c (source, native_id, began, {names})
            SELECT %(source)s, s.native_id, %(now)s, {values} FROM once s
            WHERE NOT EXISTS (
                SELECT FROM {entity.table} c
                WHERE c.source = %(source)s AND c.native_id = s.native_id
            )
            RETURNING c.id, {entity.snapshot} AS after
        )
        INSERT INTO delta SELECT '{entity.kind}', 'began', id, NULL, after FROM new"""
