"""Refusing the implausible: an empty or sharply smaller answer is held back, never believed.

Everything is counted on staging against what is current, before the merge begins.
"""

from dataclasses import dataclass

from django.db import connection

from orgmodel.models import Run

from .stage import KEPT


@dataclass(frozen=True)
class _Count:
    """What a source gave of one kind against what is known of it."""

    kind: str
    known: int
    given: int
    gone: int
    tolerated: int
    """So many may go whatever share of a small tenant they are."""


_QUERIES: dict[str, tuple[tuple[str, int, str], ...]] = {
    "okta": (
        ("account", 2, "SELECT {account}"),
        ("group", 2, "SELECT {group}"),
        ("app", 2, "SELECT {app}"),
        (
            "grant",
            10,
            """SELECT (SELECT count(*) FROM orgmodel_grant g
                   JOIN orgmodel_entitlement e ON e.id = g.entitlement_id
                   JOIN orgmodel_resource r ON r.id = e.resource_id
                   WHERE g.ended IS NULL AND r.kind = 'group' AND r.source = %(source)s),
                  (SELECT count(*) FROM (SELECT DISTINCT account, resource FROM stage_grant) s), NULL""",
        ),
        (
            "edge",
            10,
            """SELECT (SELECT count(*) FROM orgmodel_edge WHERE ended IS NULL),
                  (SELECT count(*) FROM stage_edge), NULL""",
        ),
        (
            "seat",
            10,
            """SELECT (SELECT count(*) FROM orgmodel_seat WHERE ended IS NULL),
                  (SELECT count(*) FROM stage_seat), NULL""",
        ),
    ),
    "hris": (("account", 2, "SELECT {account}"),),
    "control": (
        (
            "unit",
            2,
            """SELECT (SELECT count(*) FROM orgmodel_orgunit
                      WHERE ended IS NULL AND source = %(source)s),
                  (SELECT count(*) FROM stage_unit),
                  (SELECT count(*) FROM orgmodel_orgunit c
                   WHERE ended IS NULL AND source = %(source)s AND NOT EXISTS (
                     SELECT FROM stage_unit s WHERE s.kind = c.kind AND s.native_id = c.native_id))""",
        ),
    ),
}

_PARTS = {
    "account": """
        (SELECT count(*) FROM orgmodel_account WHERE source = %(source)s AND ended IS NULL),
        (SELECT count(DISTINCT native_id) FROM stage_account),
        (SELECT count(*) FROM orgmodel_account c WHERE source = %(source)s AND ended IS NULL
           AND NOT EXISTS (SELECT FROM stage_account s WHERE s.native_id = c.native_id))""",
    "group": """
        (SELECT count(*) FROM orgmodel_resource
         WHERE source = %(source)s AND kind = 'group' AND ended IS NULL),
        (SELECT count(DISTINCT native_id) FROM stage_resource WHERE kind = 'group'),
        (SELECT count(*) FROM orgmodel_resource c
         WHERE source = %(source)s AND kind = 'group' AND ended IS NULL
           AND NOT EXISTS (SELECT FROM stage_resource s WHERE s.native_id = c.native_id))""",
    "app": """
        (SELECT count(*) FROM orgmodel_resource
         WHERE source = %(source)s AND kind = 'app' AND ended IS NULL),
        (SELECT count(DISTINCT native_id) FROM stage_resource WHERE kind = 'app'),
        (SELECT count(*) FROM orgmodel_resource c
         WHERE source = %(source)s AND kind = 'app' AND ended IS NULL
           AND NOT EXISTS (SELECT FROM stage_resource s WHERE s.native_id = c.native_id))""",
}
_NEVER_EMPTY = {"account": "users", "group": "groups"}


def implausible(source: str, shrink_share: float, blind: set[str], released: Run | None) -> str:
    """Why this answer must not be applied, in one sentence; empty when it may.

    `blind`: kinds the token may not see, which are not judged. `released`: a quarantined run that an
    admin let through; an answer at least as large as that one passes.
    """
    for count in _counted(source, blind):
        reason = _judge(count, shrink_share)
        if reason and not _as_released(count, released):
            return reason
    hollow = _hollow_groups() if source == "okta" and "grant" not in blind else 0
    if hollow and not released:
        groups = "a group that has" if hollow == 1 else f"{hollow} groups that have"
        return f"Okta listed no members for {groups} members by its own statistics: the answer is partial."
    return ""


def given(source: str) -> dict[str, int]:
    """How many rows of each guarded kind were given: kept with the run, for a later release."""
    return {count.kind: count.given for count in _counted(source, set())}


def _counted(source: str, blind: set[str]) -> list[_Count]:
    found = []
    with connection.cursor() as cursor:
        for kind, tolerated, query in _QUERIES.get(source, ()):
            if kind in blind or (kind in {"group", "app"} and "resource" in blind):
                continue
            cursor.execute(query.format(**_PARTS), {"source": source})
            known, rows, gone = cursor.fetchone()
            found.append(_Count(kind, known, rows, max(known - rows, 0) if gone is None else gone, tolerated))
    return found


def _judge(count: _Count, shrink_share: float) -> str:
    if not count.given and (count.known or count.kind in _NEVER_EMPTY):
        name = _NEVER_EMPTY.get(count.kind, f"{count.kind}s")
        return (
            f"The answer holds no {name} at all, where {count.known} are known: an empty answer is not an"
            " empty company. Check the token's admin role, then run the sync again or release this run."
        )
    if count.gone > count.tolerated and count.gone > shrink_share * count.known:
        return (
            f"{count.gone} of {count.known} {count.kind}s would vanish, more than the"
            f" {shrink_share:.0%} that limits.shrink_share allows in one run."
        )
    return ""


def _as_released(count: _Count, released: Run | None) -> bool:
    if released is None:
        return False
    allowed = released.counts.get(count.kind, {}).get("seen")
    return allowed is not None and count.given >= allowed


def _hollow_groups() -> int:
    """Groups that have members by the source's statistics and for us, and were now listed as empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT count(*) FROM stage_resource s
            WHERE s.kind = 'group' AND s.members > 0
              AND NOT EXISTS (SELECT FROM stage_grant g WHERE g.resource = s.native_id)
              AND NOT EXISTS (SELECT FROM {KEPT} k WHERE k.native_id IN (s.native_id, ''))
              AND EXISTS (
                SELECT FROM orgmodel_resource r
                JOIN orgmodel_entitlement e ON e.resource_id = r.id
                JOIN orgmodel_grant g ON g.entitlement_id = e.id AND g.ended IS NULL
                WHERE r.native_id = s.native_id AND r.kind = 'group')"""
        )
        return int(cursor.fetchone()[0])
