"""Every level at which something is held: as facts state it, and as edges pass it down a tree or a share."""

from collections.abc import Callable

from django.db import connection

from orgmodel.sources import registry
from orgmodel.why.level_rules import capped

from .parameters import MergeParameters

CAPPED = "capped_levels"
"""Temporary table: what remains of a level behind a cap."""


def referred(alias: str, ref: str) -> str:
    """SQL: joins the resource that a staged reference means, under the alias."""
    return (
        f"JOIN orgmodel_resource {alias} ON {alias}.source = coalesce(nullif({ref}[1], ''), %(source)s)"
        f" AND {alias}.kind = {ref}[2] AND {alias}.native_id = {ref}[3]"
    )


def merge_entitlements(parameters: MergeParameters) -> None:
    """The entitlements of all staged facts, with their ranks, and how levels of one thing combine."""
    source = parameters.source
    with connection.cursor() as cursor:
        for named in _NAMED:
            cursor.execute(named, parameters.sql())
        cursor.execute(_COMBINED, {"source": source, "combine": registry.combine(source)})
    carry_levels(parameters, lambda level: registry.rank(source, level))
    _rank_levels(source)


def _named(table: str, ref: str, level: str) -> str:
    return f"""
        INSERT INTO orgmodel_entitlement (resource_id, level)
        SELECT DISTINCT r.id, s.{level} FROM {table} s {referred("r", f"s.{ref}")}
        WHERE s.{level} <> '' AND NOT EXISTS (
            SELECT FROM orgmodel_entitlement e WHERE e.resource_id = r.id AND e.level = s.{level})"""


_NAMED = (
    """
    INSERT INTO orgmodel_entitlement (resource_id, level)
    SELECT DISTINCT r.id, x.level FROM (
        SELECT native_id, 'member' AS level FROM stage_resource WHERE kind = 'group'
        UNION SELECT app, level FROM stage_seat WHERE scope = 'USER'
    ) x JOIN orgmodel_resource r ON r.source = %(source)s AND r.native_id = x.native_id
    WHERE NOT EXISTS (
        SELECT FROM orgmodel_entitlement e WHERE e.resource_id = r.id AND e.level = x.level)""",
    _named("stage_grant", "target", "level"),
    _named("stage_edge", "source", "source_level"),
    _named("stage_edge", "target", "target_level"),
)
_COMBINED = """
    UPDATE orgmodel_resource SET combine = %(combine)s WHERE source = %(source)s AND combine <> %(combine)s"""


def carry_levels(parameters: MergeParameters, rank: Callable[[str], int | None]) -> None:
    """Every entitlement that a staged edge without a level of its own leads to. Parameters: source.

    `rank`: the scale of the source. One step at a time until nothing new is reached; there is an end, since a
    cap leaves the level or gives the cap.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {CAPPED}")
        cursor.execute(f"CREATE TEMP TABLE {CAPPED} (level text, cap text, remains text) ON COMMIT DROP")
        cursor.execute("SELECT EXISTS (SELECT FROM stage_edge WHERE source_level = '' OR target_level = '')")
        more = cursor.fetchone()[0]
        while more:
            cursor.execute(_PAIRS, parameters.sql())
            pairs = cursor.fetchall()
            cursor.executemany(
                f"INSERT INTO {CAPPED} VALUES (%s, %s, %s)",
                [(level, cap, capped(level, cap, rank)) for level, cap in pairs],
            )
            cursor.execute(_NEXT, parameters.sql())
            more = cursor.rowcount > 0


_CARRIED = f"""
    FROM stage_edge s {referred("f", "s.source")} {referred("t", "s.target")}
    JOIN orgmodel_entitlement m
      ON m.resource_id = f.id AND m.level = coalesce(nullif(s.source_level, ''), m.level)"""
_PAIRS = f"""
    SELECT DISTINCT m.level, s.cap {_CARRIED}
    WHERE s.target_level = '' AND s.cap <> ''
      AND NOT EXISTS (SELECT FROM {CAPPED} k WHERE k.level = m.level AND k.cap = s.cap)"""
_NEXT = f"""
    INSERT INTO orgmodel_entitlement (resource_id, level)
    SELECT DISTINCT t.id, coalesce(nullif(s.target_level, ''), k.remains, m.level) {_CARRIED}
    LEFT JOIN {CAPPED} k ON k.level = m.level AND k.cap = s.cap
    ON CONFLICT (resource_id, level) DO NOTHING"""


def _rank_levels(source: str) -> None:
    """Where the levels stand on the scale of the source, as far as they are on it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT e.level FROM orgmodel_entitlement e JOIN orgmodel_resource r"
            " ON r.id = e.resource_id WHERE r.source = %s AND e.rank IS NULL",
            [source],
        )
        ranks = {level: registry.rank(source, level) for (level,) in cursor.fetchall()}
        known = {level: rank for level, rank in ranks.items() if rank is not None}
        if known:
            cursor.execute(
                """
                UPDATE orgmodel_entitlement e SET rank = k.rank
                FROM orgmodel_resource r, unnest(%s::text[], %s::smallint[]) k (level, rank)
                WHERE r.id = e.resource_id AND r.source = %s AND e.level = k.level AND e.rank IS NULL""",
                [list(known), list(known.values()), source],
            )
